//! Assets and their planned outages.

use super::shown::Shown;
use super::{Reader, Wire, etag, read, wire};
use crate::api::v1;
use crate::decision::model::{Asset, AssetChange, AssetState, Minima, Outage, ServiceHours};
use crate::decision::state::AssetUse;
use crate::id::AssetId;
use crate::service::ServiceError;
use crate::service::error::MaskProblem;
use crate::spelling::nearest;
use std::collections::BTreeSet;

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

type ReadChange = fn(&Reader, v1::Asset) -> Result<AssetChange, ServiceError>;

/// What a mask may name of an asset, what it may not, and why.
enum Part {
    /// It stays as it was registered.
    Immutable,
    /// Verbs change it.
    OutputOnly,
    /// A person may change it to what the message says.
    Open(ReadChange),
}

/// Every field of the wire's asset; a test holds it against the descriptors.
const PARTS: [(&str, Part); 39] = [
    ("name", Part::Immutable),
    ("display_name", Part::Open(|_, a| Ok(AssetChange::Name(read::display_name(a.display_name))))),
    ("kind", Part::Immutable),
    ("custodian", Part::Immutable),
    ("owner", Part::Open(|r, a| r.name_opt("asset.owner", &a.owner).map(AssetChange::Owner))),
    ("operator", Part::Open(|r, a| r.name_opt("asset.operator", &a.operator).map(AssetChange::Operator))),
    ("model", Part::Open(|_, a| Ok(AssetChange::Model(a.model)))),
    ("base", Part::Open(|_, a| read::position("asset.base", a.base).map(AssetChange::Base))),
    ("base_site", Part::Open(|r, a| r.name_opt("asset.base_site", &a.base_site).map(AssetChange::BaseSite))),
    (
        "weather_region",
        Part::Open(|r, a| r.name("asset.weather_region", &a.weather_region).map(AssetChange::Region)),
    ),
    ("block", Part::Open(|_, a| read::slug("asset.block", &a.block).map(AssetChange::Block))),
    ("telephone", Part::Open(|_, a| Ok(AssetChange::Telephone(a.telephone)))),
    ("planning_speed_kmh", Part::Open(|_, a| Ok(AssetChange::SpeedKmh(a.planning_speed_kmh)))),
    ("range_m", Part::Open(|_, a| Ok(AssetChange::RangeM(a.range_m)))),
    ("endurance", Part::Open(|_, a| read::span("asset.endurance", a.endurance).map(AssetChange::EnduranceS))),
    ("seats", Part::Open(|_, a| read::count("asset.seats", a.seats).map(AssetChange::Seats))),
    (
        "stretchers",
        Part::Open(|_, a| read::count("asset.stretchers", a.stretchers).map(AssetChange::Stretchers)),
    ),
    (
        "capabilities",
        Part::Open(|_, a| {
            read::capabilities("asset.capabilities", &a.capabilities).map(AssetChange::Capabilities)
        }),
    ),
    ("mass_kg", Part::Open(|_, a| Ok(AssetChange::MassKg(a.mass_kg)))),
    ("size_m", Part::Open(|_, a| Ok(AssetChange::SizeM(a.size_m)))),
    ("start_up", Part::Open(|_, a| read::span("asset.start_up", a.start_up).map(AssetChange::StartS))),
    (
        "turnaround",
        Part::Open(|_, a| read::span("asset.turnaround", a.turnaround).map(AssetChange::TurnaroundS)),
    ),
    ("service_from_s", Part::Open(|_, a| Ok(AssetChange::ServiceFromS(a.service_from_s)))),
    ("service_until_s", Part::Open(|_, a| Ok(AssetChange::ServiceUntilS(a.service_until_s)))),
    (
        "sunset_margin",
        Part::Open(|_, a| read::span("asset.sunset_margin", a.sunset_margin).map(AssetChange::SunsetMarginS)),
    ),
    ("visibility_m_min", Part::Open(|_, a| Ok(AssetChange::VisibilityM(a.visibility_m_min)))),
    ("ceiling_m_min", Part::Open(|_, a| Ok(AssetChange::CeilingM(a.ceiling_m_min)))),
    ("wind_kmh_max", Part::Open(|_, a| Ok(AssetChange::WindKmhMax(a.wind_kmh_max)))),
    ("duty_max", Part::Open(|_, a| read::span("asset.duty_max", a.duty_max).map(AssetChange::DutySMax))),
    (
        "flight_max",
        Part::Open(|_, a| read::span("asset.flight_max", a.flight_max).map(AssetChange::FlightSMax)),
    ),
    ("offered_only", Part::Open(|_, a| Ok(AssetChange::OfferedOnly(a.offered_only)))),
    ("state", Part::OutputOnly),
    ("out_of_service_reason", Part::OutputOnly),
    ("out_of_service_until_time", Part::OutputOnly),
    ("recall", Part::OutputOnly),
    ("outages", Part::OutputOnly),
    ("mission", Part::OutputOnly),
    ("requisition", Part::OutputOnly),
    ("etag", Part::OutputOnly),
];

impl Reader {
    /// What a mask says to change of an asset, in the order of the mask.
    pub(crate) fn asset_changes(
        &self,
        asset: &v1::Asset,
        mask: Option<prost_types::FieldMask>,
    ) -> Result<Vec<AssetChange>, ServiceError> {
        let paths = mask.unwrap_or_default().paths;
        if paths.is_empty() {
            return Err(ServiceError::required("update_mask"));
        }
        let mut seen: BTreeSet<&'static str> = BTreeSet::new();
        let mut changes = Vec::new();
        for path in &paths {
            let (name, part) = part(path).map_err(ServiceError::Mask)?;
            if !seen.insert(name) {
                return Err(ServiceError::Mask(MaskProblem::Twice { path: name }));
            }
            changes.push(part(self, asset.clone())?);
        }
        Ok(changes)
    }
}

/// The field of a path, and how it is read.
fn part(path: &str) -> Result<(&'static str, ReadChange), MaskProblem> {
    if path == "*" {
        return Err(MaskProblem::Wildcard);
    }
    match PARTS.iter().find(|(name, _)| *name == path) {
        Some((name, Part::Open(read))) => Ok((name, *read)),
        Some((name, Part::Immutable)) => Err(MaskProblem::Immutable { path: name }),
        Some((name, Part::OutputOnly)) => Err(MaskProblem::OutputOnly { path: name }),
        None => {
            let open = PARTS.iter().filter(|(_, part)| matches!(part, Part::Open(_)));
            let nearest = nearest(path, open.map(|(name, _)| *name));
            Err(MaskProblem::Unknown { path: path.chars().take(80).collect(), nearest })
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Space;

    #[test]
    fn every_field_of_an_asset_has_its_say_in_a_mask() {
        let pool = prost_reflect::DescriptorPool::decode(crate::api::DESCRIPTORS).unwrap();
        let asset = pool.get_message_by_name("yui.v1.Asset").unwrap();
        let mut fields: Vec<(u32, String)> =
            asset.fields().map(|field| (field.number(), field.name().to_owned())).collect();
        fields.sort();
        let names: Vec<String> = fields.into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, PARTS.map(|(name, _)| name));
    }

    #[test]
    fn each_path_changes_the_field_that_it_names_and_no_other() {
        let full = v1::Asset {
            owner: "members/hyogo/organisations/a".into(),
            operator: "members/hyogo/organisations/b".into(),
            base_site: "members/hyogo/sites/c".into(),
            weather_region: "weatherRegions/d".into(),
            block: "e".into(),
            base: Some(v1::LatLng { latitude: 35.5, longitude: 134.5 }),
            custodian: "members/hyogo/organisations/f".into(),
            kind: v1::asset::Kind::DoctorHelicopter.into(),
            display_name: Some(v1::DisplayName { ja: "ja".into(), en: "en".into() }),
            model: "EC135".into(),
            telephone: "0120".into(),
            planning_speed_kmh: 201,
            range_m: 202,
            endurance: Some(wire::span(203)),
            seats: 4,
            stretchers: 5,
            capabilities: vec![1, 3],
            mass_kg: 206,
            size_m: 7,
            start_up: Some(wire::span(208)),
            turnaround: Some(wire::span(209)),
            service_from_s: 210,
            service_until_s: 211,
            sunset_margin: Some(wire::span(212)),
            visibility_m_min: 213,
            ceiling_m_min: 214,
            wind_kmh_max: 215,
            duty_max: Some(wire::span(216)),
            flight_max: Some(wire::span(217)),
            offered_only: true,
            ..Default::default()
        };
        let blank = v1::Asset {
            kind: full.kind,
            custodian: full.custodian.clone(),
            weather_region: "weatherRegions/none".into(),
            block: "none".into(),
            base: Some(v1::LatLng { latitude: 34.0, longitude: 135.0 }),
            ..Default::default()
        };
        let reader = Reader::of(Space::Live);
        let id: AssetId = "members/hyogo/assets/x".parse().unwrap();
        let read = |asset: &v1::Asset| reader.asset(id.clone(), asset.clone()).unwrap();
        let mut piecewise = read(&blank);
        for (name, part) in PARTS {
            if let Part::Open(_) = part {
                let mask = prost_types::FieldMask { paths: vec![name.to_owned()] };
                let [change] = &reader.asset_changes(&full, Some(mask)).unwrap()[..] else {
                    panic!("{name}")
                };
                let before = piecewise.clone();
                piecewise.change(change);
                assert_ne!(piecewise, before, "{name} changes something");
            }
        }
        assert_eq!(piecewise, read(&full));
    }

    #[test]
    fn a_mask_that_cannot_be_followed_says_which_path_and_why() {
        let changes = |paths: &[&str]| {
            let mask = prost_types::FieldMask { paths: paths.iter().map(ToString::to_string).collect() };
            Reader::of(Space::Live).asset_changes(&v1::Asset::default(), Some(mask)).unwrap_err()
        };
        let seats = Some("seats".to_owned());
        assert_eq!(changes(&[]), ServiceError::required("update_mask"));
        assert_eq!(changes(&["*"]), ServiceError::Mask(MaskProblem::Wildcard));
        assert_eq!(changes(&["kind"]), ServiceError::Mask(MaskProblem::Immutable { path: "kind" }));
        assert_eq!(changes(&["state"]), ServiceError::Mask(MaskProblem::OutputOnly { path: "state" }));
        assert_eq!(changes(&["seats", "seats"]), ServiceError::Mask(MaskProblem::Twice { path: "seats" }));
        let unknown = MaskProblem::Unknown { path: "seat".into(), nearest: seats };
        assert_eq!(changes(&["seat"]), ServiceError::Mask(unknown));
        let dotted = MaskProblem::Unknown { path: "base.latitude".into(), nearest: None };
        assert_eq!(changes(&["base.latitude"]), ServiceError::Mask(dotted));
        assert_eq!(changes(&["block"]), ServiceError::required("asset.block"));
    }
}
