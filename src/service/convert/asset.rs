//! Assets and their planned outages.

use super::shown::Shown;
use super::{Reader, Wire, etag, read, wire};
use crate::api::v1;
use crate::decision::model::{Asset, AssetState, Minima, Outage, ServiceHours};
use crate::decision::state::AssetUse;
use crate::id::AssetId;
use crate::service::ServiceError;

impl Reader {
    /// An asset to be registered under `id`.
    pub(crate) fn asset(&self, id: AssetId, asset: v1::Asset) -> Result<Asset, ServiceError> {
        let hours = ServiceHours {
            from_s: asset.service_from_s,
            until_s: asset.service_until_s,
            sunset_margin_s: read::span("asset.sunset_margin", asset.sunset_margin)?,
        };
        let minima = Minima {
            visibility_m: asset.visibility_m_min,
            ceiling_m: asset.ceiling_m_min,
            wind_kmh_max: asset.wind_kmh_max,
        };
        Ok(Asset {
            id,
            name: read::display_name(asset.display_name),
            kind: read::choice("asset.kind", asset.kind)?,
            custodian: self.name("asset.custodian", &asset.custodian)?,
            owner: self.name_opt("asset.owner", &asset.owner)?,
            operator: self.name_opt("asset.operator", &asset.operator)?,
            model: asset.model,
            base: read::position("asset.base", asset.base)?,
            base_site: self.name_opt("asset.base_site", &asset.base_site)?,
            region: self.name("asset.weather_region", &asset.weather_region)?,
            block: read::slug("asset.block", &asset.block)?,
            telephone: asset.telephone,
            speed_kmh: asset.planning_speed_kmh,
            range_m: asset.range_m,
            endurance_s: read::span("asset.endurance", asset.endurance)?,
            seats: read::count("asset.seats", asset.seats)?,
            stretchers: read::count("asset.stretchers", asset.stretchers)?,
            capabilities: read::capabilities("asset.capabilities", &asset.capabilities)?,
            mass_kg: asset.mass_kg,
            size_m: asset.size_m,
            start_s: read::span("asset.start_up", asset.start_up)?,
            turnaround_s: read::span("asset.turnaround", asset.turnaround)?,
            hours,
            minima,
            duty_s_max: read::span("asset.duty_max", asset.duty_max)?,
            flight_s_max: read::span("asset.flight_max", asset.flight_max)?,
            offered_only: asset.offered_only,
        })
    }
}

/// An outage to be planned.
pub(crate) fn outage(outage: v1::Outage) -> Result<Outage, ServiceError> {
    Ok(Outage {
        id: read::slug("outage.outage_id", &outage.outage_id)?,
        window: read::window("outage.window", outage.window)?,
        reason: read::choice("outage.reason", outage.reason)?,
    })
}

impl Shown {
    /// One asset and what became of it.
    #[must_use]
    pub fn asset(&self, id: &AssetId) -> Option<v1::Asset> {
        self.view.asset(id).map(|(asset, used)| self.asset_of(asset, used))
    }

    /// An asset and what became of it.
    #[must_use]
    pub fn asset_of(&self, asset: &Asset, used: &AssetUse) -> v1::Asset {
        let mut shown = self.registered(asset);
        shown.state = state_of(used).into();
        shown.mission = self.names.print_opt(used.mission.as_ref());
        shown.requisition = self.names.print_opt(used.hold.as_ref());
        shown.outages = used.outages.values().map(outage_of).collect();
        match used.state {
            AssetState::Available => {}
            AssetState::Recallable { recall_s } => shown.recall = Some(wire::span(recall_s)),
            AssetState::OutOfService { reason, until } => {
                shown.out_of_service_reason = reason.number();
                shown.out_of_service_until_time = until.map(wire::instant);
            }
        }
        shown.etag = etag::of(&shown);
        shown
    }

    /// The part of an asset that is as it was registered.
    fn registered(&self, asset: &Asset) -> v1::Asset {
        let names = &self.names;
        v1::Asset {
            name: names.print(&asset.id),
            display_name: Some(wire::display_name(&asset.name)),
            kind: asset.kind.number(),
            custodian: names.print(&asset.custodian),
            owner: names.print_opt(asset.owner.as_ref()),
            operator: names.print_opt(asset.operator.as_ref()),
            model: asset.model.clone(),
            base: Some(wire::position(asset.base)),
            base_site: names.print_opt(asset.base_site.as_ref()),
            weather_region: names.print(&asset.region),
            block: asset.block.to_string(),
            telephone: asset.telephone.clone(),
            planning_speed_kmh: asset.speed_kmh,
            range_m: asset.range_m,
            endurance: Some(wire::span(asset.endurance_s)),
            seats: asset.seats.into(),
            stretchers: asset.stretchers.into(),
            capabilities: wire::capabilities(asset.capabilities),
            mass_kg: asset.mass_kg,
            size_m: asset.size_m,
            start_up: Some(wire::span(asset.start_s)),
            turnaround: Some(wire::span(asset.turnaround_s)),
            service_from_s: asset.hours.from_s,
            service_until_s: asset.hours.until_s,
            sunset_margin: Some(wire::span(asset.hours.sunset_margin_s)),
            visibility_m_min: asset.minima.visibility_m,
            ceiling_m_min: asset.minima.ceiling_m,
            wind_kmh_max: asset.minima.wind_kmh_max,
            duty_max: Some(wire::span(asset.duty_s_max)),
            flight_max: Some(wire::span(asset.flight_s_max)),
            offered_only: asset.offered_only,
            ..v1::Asset::default()
        }
    }
}

/// The state as people speak of it: out of service before assigned, assigned before the rest.
pub(crate) fn state_of(used: &AssetUse) -> v1::asset::State {
    match (used.state, used.mission.is_some() || used.hold.is_some()) {
        (AssetState::OutOfService { .. }, _) => v1::asset::State::OutOfService,
        (AssetState::Available | AssetState::Recallable { .. }, true) => v1::asset::State::Assigned,
        (AssetState::Available, false) => v1::asset::State::Available,
        (AssetState::Recallable { .. }, false) => v1::asset::State::Recallable,
    }
}

fn outage_of(outage: &Outage) -> v1::Outage {
    v1::Outage {
        outage_id: outage.id.to_string(),
        window: Some(wire::window(outage.window)),
        reason: outage.reason.number(),
    }
}
