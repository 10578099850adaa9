//! What there is: organisations, assets, landing sites, hospitals, outages, offers, standing orders.

use super::fields::{self, invalid};
use crate::decision::limits::{
    AIRCRAFT_KMH_MIN, ASSETS_MAX, CEILING_M_MAX, FUTURE_S_MAX, HOSPITALS_MAX, MUNICIPALITIES_MAX,
    OFFER_S_MAX, OPEN_OFFERS_MAX, ORGANISATIONS_MAX, OUTAGES_MAX, SITES_MAX, STANDING_ORDER_S_MAX,
    STANDING_ORDERS_MAX, VISIBILITY_M_MAX, WIND_KMH_MAX,
};
use crate::decision::model::{
    Asset, AssetChange, AssetState, Hospital, ModeLevel, Offer, OfferState, OperatingMode, Organisation,
    Outage, Site, Window,
};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::state::AssetUse;
use crate::decision::{Event, State};
use crate::id::{AssetId, MemberId, OfferId, Slug, StandingOrderId};
use crate::units::Timestamp;

const DAY_S: i64 = 86_400;

impl State {
    pub(super) fn set_operating_mode(&self, mode: &OperatingMode) -> Result<Vec<Event>, Rejection> {
        fields::required("operating_mode.set_by", &mode.set_by)?;
        if mode.level == ModeLevel::Disaster(0) {
            let problem = FieldProblem::OutOfRange { got: 0, min: 1, max: i64::from(u8::MAX) };
            return Err(invalid("operating_mode.phase", problem));
        }
        Ok(vec![Event::OperatingModeSet(mode.clone())])
    }

    pub(super) fn register_organisation(&self, organisation: &Organisation) -> Result<Vec<Event>, Rejection> {
        let id = &organisation.id;
        self.own(&id.member, || id.to_string())?;
        absent(self.organisations.contains_key(id), Kind::Organisation, || id.to_string())?;
        room(self.organisations.size(), Kind::Organisation, ORGANISATIONS_MAX)?;
        fields::name("display_name", &organisation.name)?;
        fields::short("telephone", &organisation.telephone)?;
        fields::count("municipalities", organisation.municipalities.len(), MUNICIPALITIES_MAX)?;
        fields::distinct("municipalities", &organisation.municipalities)?;
        Ok(vec![Event::OrganisationRegistered(organisation.clone())])
    }

    pub(super) fn register_asset(&self, asset: &Asset) -> Result<Vec<Event>, Rejection> {
        let id = &asset.id;
        self.own(&id.member, || id.to_string())?;
        absent(self.assets.contains_key(id), Kind::Asset, || id.to_string())?;
        room(self.assets.size(), Kind::Asset, ASSETS_MAX)?;
        check_asset(asset)?;
        Ok(vec![Event::AssetRegistered(asset.clone())])
    }

    pub(super) fn update_asset(
        &self,
        id: &AssetId,
        changes: &[AssetChange],
    ) -> Result<Vec<Event>, Rejection> {
        self.own(&id.member, || id.to_string())?;
        let missing = || Rejection::NotFound { kind: Kind::Asset, name: id.to_string() };
        let before = self.assets.get(id).ok_or_else(missing)?;
        let mut asset = before.clone();
        changes.iter().for_each(|change| asset.change(change));
        check_asset(&asset)?;
        // Said again, it is as it was: nothing to record.
        if asset == *before { Ok(Vec::new()) } else { Ok(vec![Event::AssetUpdated(asset)]) }
    }

    pub(super) fn register_site(&self, site: &Site) -> Result<Vec<Event>, Rejection> {
        let id = &site.id;
        self.own(&id.member, || id.to_string())?;
        absent(self.sites.contains_key(id), Kind::Site, || id.to_string())?;
        room(self.sites.size(), Kind::Site, SITES_MAX)?;
        fields::name("display_name", &site.name)?;
        fields::short("telephone", &site.telephone)?;
        fields::range("spots", site.spots, 1, 1_000)?;
        fields::range("mass_kg_max", site.mass_max_kg, 1, 1_000_000)?;
        fields::range("size_m_max", site.size_max_m, 1, 10_000)?;
        fields::range("securing", site.securing_s, 0, 3_600)?;
        Ok(vec![Event::SiteRegistered(site.clone())])
    }

    pub(super) fn register_hospital(&self, hospital: &Hospital) -> Result<Vec<Event>, Rejection> {
        let id = &hospital.id;
        self.own(&id.member, || id.to_string())?;
        absent(self.hospitals.contains_key(id), Kind::Hospital, || id.to_string())?;
        room(self.hospitals.size(), Kind::Hospital, HOSPITALS_MAX)?;
        fields::name("display_name", &hospital.name)?;
        fields::short("telephone", &hospital.telephone)?;
        if let Some(pad) = &hospital.pad {
            fields::range("pad.mass_kg_max", pad.mass_max_kg, 1, 1_000_000)?;
            fields::range("pad.size_m_max", pad.size_max_m, 1, 10_000)?;
        }
        Ok(vec![Event::HospitalRegistered(hospital.clone())])
    }

    pub(super) fn set_asset_state(
        &self,
        at: Timestamp,
        asset: &AssetId,
        state: &AssetState,
    ) -> Result<Vec<Event>, Rejection> {
        let usage = self.asset_use(asset)?;
        match state {
            AssetState::Available => {}
            AssetState::Recallable { recall_s } => {
                fields::range("recall", *recall_s, 0, 4 * 3_600)?;
                if let Some(mission) = &usage.mission {
                    return Err(Rejection::AssetOnMission { asset: asset.clone(), mission: mission.clone() });
                }
            }
            AssetState::OutOfService { until, .. } => {
                if let Some(until) = until {
                    fields::upcoming("until_time", *until, at, FUTURE_S_MAX)?;
                }
            }
        }
        if usage.state == *state {
            return Ok(Vec::new());
        }
        Ok(vec![Event::AssetStateSet { asset: asset.clone(), state: *state }])
    }

    pub(super) fn plan_outage(
        &self,
        at: Timestamp,
        asset: &AssetId,
        outage: &Outage,
    ) -> Result<Vec<Event>, Rejection> {
        let usage = self.asset_use(asset)?;
        fields::window("outage.window", outage.window, at, FUTURE_S_MAX)?;
        absent(usage.outages.contains_key(&outage.id), Kind::Outage, || {
            format!("{asset}/outages/{}", outage.id)
        })?;
        room(usage.outages.size(), Kind::Outage, OUTAGES_MAX)?;
        if let Some(other) = usage.outages.values().find(|other| other.window.overlaps(outage.window)) {
            return Err(Rejection::OutageOverlaps { asset: asset.clone(), outage: other.id.clone() });
        }
        Ok(vec![Event::OutagePlanned { asset: asset.clone(), outage: outage.clone() }])
    }

    pub(super) fn cancel_outage(&self, asset: &AssetId, outage: &Slug) -> Result<Vec<Event>, Rejection> {
        if !self.asset_use(asset)?.outages.contains_key(outage) {
            return Err(Rejection::NotFound {
                kind: Kind::Outage,
                name: format!("{asset}/outages/{outage}"),
            });
        }
        Ok(vec![Event::OutageCancelled { asset: asset.clone(), outage: outage.clone() }])
    }

    pub(super) fn offer_asset(
        &self,
        at: Timestamp,
        asset: &AssetId,
        window: Window,
    ) -> Result<Vec<Event>, Rejection> {
        self.asset_use(asset)?;
        fields::window("window", window, at, OFFER_S_MAX)?;
        room(self.offers_open_count as usize, Kind::Offer, OPEN_OFFERS_MAX)?;
        let offer = self.next_offer(asset);
        Ok(vec![Event::Offered { offer, asset: asset.clone(), requisition: None, window }])
    }

    pub(super) fn withdraw_offer(&self, id: &OfferId) -> Result<Vec<Event>, Rejection> {
        self.open_offer(id)?;
        Ok(vec![Event::OfferEnded { offer: id.clone(), state: OfferState::Withdrawn }])
    }

    pub(super) fn give_standing_order(
        &self,
        at: Timestamp,
        id: &StandingOrderId,
        answers_for: &str,
        until: Timestamp,
    ) -> Result<Vec<Event>, Rejection> {
        self.own(&id.member, || id.to_string())?;
        let given = self.standing_orders.get(id);
        absent(given.is_some_and(|order| order.in_force(at)), Kind::StandingOrder, || id.to_string())?;
        if given.is_none() {
            room(self.standing_orders.size(), Kind::StandingOrder, STANDING_ORDERS_MAX)?;
        }
        fields::required("answers_for", answers_for)?;
        fields::upcoming("expire_time", until, at, STANDING_ORDER_S_MAX)?;
        Ok(vec![Event::StandingOrderGiven { id: id.clone(), answers_for: answers_for.to_owned(), until }])
    }

    pub(super) fn revoke_standing_order(
        &self,
        at: Timestamp,
        id: &StandingOrderId,
    ) -> Result<Vec<Event>, Rejection> {
        match self.standing_orders.get(id) {
            None => Err(Rejection::NotFound { kind: Kind::StandingOrder, name: id.to_string() }),
            Some(order) if !order.in_force(at) => Err(Rejection::StandingOrderNotInForce { id: id.clone() }),
            Some(_) => Ok(vec![Event::StandingOrderRevoked { id: id.clone() }]),
        }
    }

    /// The name of the next offer: numbered within the ledger.
    pub(super) fn next_offer(&self, asset: &AssetId) -> OfferId {
        let slug = format!("o-{}", self.offers_count + 1);
        OfferId::new(&asset.member, slug.parse().expect("a letter, a hyphen and digits are a slug"))
    }

    /// An offer that can still be taken.
    pub(super) fn open_offer(&self, id: &OfferId) -> Result<&Offer, Rejection> {
        match self.offers.get(id) {
            None => Err(Rejection::NotFound { kind: Kind::Offer, name: id.to_string() }),
            Some(offer) if offer.state != OfferState::Open => {
                Err(Rejection::OfferNotOpen { offer: id.clone(), state: offer.state })
            }
            Some(offer) => Ok(offer),
        }
    }

    /// What became of a registered asset.
    pub(super) fn asset_use(&self, asset: &AssetId) -> Result<&AssetUse, Rejection> {
        let missing = || Rejection::NotFound { kind: Kind::Asset, name: asset.to_string() };
        self.asset_uses.get(asset).ok_or_else(missing)
    }

    /// Whether something of `member` belongs here.
    pub(super) fn own(&self, member: &MemberId, name: impl Fn() -> String) -> Result<(), Rejection> {
        if self.member() == Some(member) {
            return Ok(());
        }
        Err(Rejection::WrongLedger { name: name(), ledger: self.ledger.clone() })
    }
}

/// Whether the figures of an asset can be planned with.
fn check_asset(asset: &Asset) -> Result<(), Rejection> {
    fields::name("display_name", &asset.name)?;
    fields::short("model", &asset.model)?;
    fields::required("telephone", &asset.telephone)?;
    fields::range("planning_speed_kmh", asset.speed_kmh, 1, 1_000)?;
    fields::range("start_up", asset.start_s, 0, 3_600)?;
    fields::range("turnaround", asset.turnaround_s, 0, DAY_S)?;
    fields::range("service_from_s", asset.hours.from_s, 0, DAY_S)?;
    fields::range("service_until_s", asset.hours.until_s, i64::from(asset.hours.from_s), DAY_S)?;
    fields::range("sunset_margin", asset.hours.sunset_margin_s, 0, 6 * 3_600)?;
    fields::range("duty_max", asset.duty_s_max, 0, DAY_S)?;
    fields::range("flight_max", asset.flight_s_max, 0, DAY_S)?;
    fields::range("seats", asset.seats, 0, 100)?;
    fields::range("stretchers", asset.stretchers, 0, 100)?;
    fields::range("visibility_m_min", asset.minima.visibility_m, 0, VISIBILITY_M_MAX.into())?;
    fields::range("ceiling_m_min", asset.minima.ceiling_m, 0, CEILING_M_MAX.into())?;
    fields::range("wind_kmh_max", asset.minima.wind_kmh_max, 0, WIND_KMH_MAX.into())?;
    if asset.kind.is_aircraft() {
        fields::range("planning_speed_kmh", asset.speed_kmh, AIRCRAFT_KMH_MIN.into(), 1_000)?;
        fields::range("range_m", asset.range_m, 1_000, 5_000_000)?;
        fields::range("endurance", asset.endurance_s, 600, DAY_S)?;
        fields::range("mass_kg", asset.mass_kg, 1, 100_000)?;
        fields::range("size_m", asset.size_m, 1, 100)?;
    }
    Ok(())
}

pub(super) fn absent(there: bool, kind: Kind, name: impl Fn() -> String) -> Result<(), Rejection> {
    if there { Err(Rejection::AlreadyExists { kind, name: name() }) } else { Ok(()) }
}

pub(super) fn room(size: usize, what: Kind, max: u32) -> Result<(), Rejection> {
    if size >= max as usize { Err(Rejection::LimitReached { what, max }) } else { Ok(()) }
}
