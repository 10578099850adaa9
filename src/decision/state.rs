//! What one ledger amounts to: the fold of its events.
//!
//! Persistent maps (`rpds`): a clone costs one pointer a map, so a published view shares everything unchanged, and a
//! writer may try a batch on a clone and throw it away. Every map is ordered by its key: iteration is the same everywhere.

mod aid;

pub use aid::Aid;

use super::model::*;
use crate::id::{
    AssetId, CommodityId, FieldId, HospitalId, LedgerId, MemberId, MissionId, NoFlyAreaId, OfferId,
    OrganisationId, PairId, PlanId, RequestId, RequisitionId, RestrictionId, SiteId, Slug, StandingOrderId,
    StructureId, WeatherRegionId,
};
use crate::units::{Seconds, Timestamp};
use rpds::{RedBlackTreeMapSync, RedBlackTreeSetSync};

/// An ordered persistent map.
pub type Map<K, V> = RedBlackTreeMapSync<K, V>;
/// An ordered persistent set.
pub type Set<K> = RedBlackTreeSetSync<K>;

/// The state of one ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// Whose ledger it is.
    pub ledger: LedgerId,
    /// Records folded in.
    pub sequence: u64,
    /// Decision time of the last record.
    pub last_at: Timestamp,
    /// The term of the present authority; 0 before the first.
    pub epoch: u32,
    /// Set while the wall clock is not trusted: since when. Expiry pauses.
    pub clock_suspect_since: Option<Timestamp>,

    /// Set in the ledger of a field.
    pub field: Option<Field>,

    /// The operating mode, in the ledger of a member.
    pub mode: OperatingMode,
    /// Organisations.
    pub organisations: Map<OrganisationId, Organisation>,
    /// Assets, as registered.
    pub assets: Map<AssetId, Asset>,
    /// What became of the assets since.
    pub asset_uses: Map<AssetId, AssetUse>,
    /// Landing sites, as registered.
    pub sites: Map<SiteId, Site>,
    /// What was last said of them.
    pub site_reports: Map<SiteId, SiteReport>,
    /// Hospitals, as registered.
    pub hospitals: Map<HospitalId, Hospital>,
    /// What was last said of them.
    pub hospital_reports: Map<HospitalId, HospitalReport>,
    /// Weather that this member reported, newest of each region.
    pub weather: Map<WeatherRegionId, Weather>,
    /// Structures that this member spoke of.
    pub closures: Map<StructureId, Closure>,
    /// Restrictions of the roads that this member ever laid.
    pub restrictions: Map<RestrictionId, RestrictionUse>,
    /// Those among them that stand.
    pub restrictions_standing: Set<RestrictionId>,
    /// How many were ever laid.
    pub restrictions_count: u64,
    /// Grows whenever a closure or a restriction changes here: who keeps a metric of the roads looks at it.
    pub roads_version: u64,
    /// Areas that this member reported as not to be flown through; those that are over leave with the next report.
    pub no_fly_areas: Map<NoFlyAreaId, NoFlyReport>,
    /// Standing orders.
    pub standing_orders: Map<StandingOrderId, StandingOrder>,
    /// Grows whenever something is registered here: who caches an index looks at it.
    pub registry_version: u64,

    /// Requests that this member made.
    pub requests: Map<RequestId, Request>,
    /// Those among them that still owe something to another ledger, or wait for it.
    pub requests_driven: Set<RequestId>,
    /// Those that were merged into another: it may turn out not to go on.
    pub requests_merged: Set<RequestId>,
    /// Open requests.
    pub requests_open_count: u32,
    /// Requests ever made.
    pub requests_count: u64,

    /// Asks that held nothing, and why.
    pub not_held: Map<RequisitionId, NotHeldReason>,
    /// Asks that held an asset.
    pub holds: Map<RequisitionId, Hold>,
    /// The highest attempt seen of each number of each request.
    pub attempts_seen: Map<(RequestId, u16), u16>,
    /// Missions.
    pub missions: Map<MissionId, Mission>,
    /// Those that occupy an aircraft.
    pub missions_active: Set<MissionId>,
    /// Missions ever begun.
    pub missions_count: u64,
    /// Commitments read for a requester in a calendar month, for monthly limits: (asset, requester, months since 1970).
    pub missions_month: Map<(AssetId, OrganisationId, u32), u16>,
    /// Offers.
    pub offers: Map<OfferId, Offer>,
    /// Those that can be taken, by asset.
    pub offers_open: Map<AssetId, Set<OfferId>>,
    /// How many can be taken.
    pub offers_open_count: u32,
    /// Offers ever made.
    pub offers_count: u64,
    /// Leases.
    pub leases: Map<LeaseId, Lease>,
    /// Leases that stand or wait for an answer, by subject.
    pub leases_open: Map<LeaseSubject, Set<LeaseId>>,
    /// How many stand or wait for an answer.
    pub leases_open_count: u32,

    /// Goods and needs.
    pub aid: Aid,

    /// Everything that ends by itself, by when.
    pub deadlines: Set<(Timestamp, Deadline)>,
}

/// What the ledger of a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Which field.
    pub id: FieldId,
    /// Its office.
    pub office: Option<MemberId>,
    /// Who takes over, in order.
    pub deputies: Vec<MemberId>,
    /// Members and linked bodies.
    pub members: Map<MemberId, Member>,
    /// Agreements by area.
    pub agreements: Map<OrganisationId, Agreement>,
    /// Demand by area.
    pub areas: Map<OrganisationId, Area>,
    /// Commodities.
    pub commodities: Map<CommodityId, Commodity>,
    /// Plans ever proposed.
    pub plans: Map<PlanId, Plan>,
    /// Pairs ever decided.
    pub pairs: Map<PairId, PairUse>,
}

/// What became of an asset since it was registered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AssetUse {
    /// Its state.
    pub state: AssetState,
    /// Planned outages, by name.
    pub outages: Map<Slug, Outage>,
    /// The mission that occupies it.
    pub mission: Option<MissionId>,
    /// The one hold on it, behind the mission if there is one.
    pub hold: Option<RequisitionId>,
    /// When its last mission ended, for crew rest and turn-around.
    pub ready_since: Option<Timestamp>,
    /// What its crew flew on the latest day it flew.
    pub flown: Option<Flown>,
}

/// Flight time of one local day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flown {
    /// The day, as [`local_day`](crate::units::local_day) counts.
    pub day: i64,
    /// Seconds in the air.
    pub seconds: Seconds,
}

/// Something that ends by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deadline {
    /// A hold.
    Hold(RequisitionId),
    /// A lease.
    Lease(LeaseId),
    /// An offer.
    Offer(OfferId),
}

impl State {
    /// An empty ledger.
    #[must_use]
    pub fn new(ledger: LedgerId) -> State {
        State {
            ledger,
            sequence: 0,
            last_at: Timestamp::MIN,
            epoch: 0,
            clock_suspect_since: None,
            field: None,
            mode: OperatingMode { level: ModeLevel::Normal, set_by: String::new() },
            organisations: Map::new_sync(),
            assets: Map::new_sync(),
            asset_uses: Map::new_sync(),
            sites: Map::new_sync(),
            site_reports: Map::new_sync(),
            hospitals: Map::new_sync(),
            hospital_reports: Map::new_sync(),
            weather: Map::new_sync(),
            closures: Map::new_sync(),
            restrictions: Map::new_sync(),
            restrictions_standing: Set::new_sync(),
            restrictions_count: 0,
            roads_version: 0,
            no_fly_areas: Map::new_sync(),
            standing_orders: Map::new_sync(),
            registry_version: 0,
            requests: Map::new_sync(),
            requests_driven: Set::new_sync(),
            requests_merged: Set::new_sync(),
            requests_open_count: 0,
            requests_count: 0,
            not_held: Map::new_sync(),
            holds: Map::new_sync(),
            attempts_seen: Map::new_sync(),
            missions: Map::new_sync(),
            missions_active: Set::new_sync(),
            missions_count: 0,
            missions_month: Map::new_sync(),
            offers: Map::new_sync(),
            offers_open: Map::new_sync(),
            offers_open_count: 0,
            offers_count: 0,
            leases: Map::new_sync(),
            leases_open: Map::new_sync(),
            leases_open_count: 0,
            aid: Aid::default(),
            deadlines: Set::new_sync(),
        }
    }

    /// The member whose ledger it is; none for the ledger of a field.
    #[must_use]
    pub fn member(&self) -> Option<&MemberId> {
        match &self.ledger {
            LedgerId::Member(member) => Some(member),
            LedgerId::Field(_) => None,
        }
    }

    /// The next instant at which the shell must send [`Command::ExpireDue`](super::Command::ExpireDue); none while the
    /// clock is suspect. Read it after each apply.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        match self.clock_suspect_since {
            Some(_) => None,
            None => self.deadlines.first().map(|(at, _)| *at),
        }
    }

    /// The planned outage of `asset` that covers `at`.
    #[must_use]
    pub fn outage_at(&self, asset: &AssetId, at: Timestamp) -> Option<&Outage> {
        self.asset_uses.get(asset)?.outages.values().find(|outage| outage.window.contains(at))
    }

    /// The offers of `asset` that can be taken.
    pub fn open_offers<'a>(&'a self, asset: &AssetId) -> impl Iterator<Item = &'a Offer> + use<'a> {
        let ids = self.offers_open.get(asset).into_iter().flat_map(|ids| ids.iter());
        ids.filter_map(|id| self.offers.get(id))
    }

    /// The open offer of `asset` to everybody that covers `at`.
    #[must_use]
    pub fn standing_offer_at(&self, asset: &AssetId, at: Timestamp) -> Option<&Offer> {
        self.open_offers(asset).find(|offer| offer.requisition.is_none() && offer.window.contains(at))
    }

    /// The open offer that a late go for `requisition` became.
    #[must_use]
    pub fn late_go_offer(&self, requisition: &RequisitionId) -> Option<&Offer> {
        let hold = self.holds.get(requisition)?;
        self.open_offers(&hold.asset).find(|offer| offer.requisition.as_ref() == Some(requisition))
    }

    /// The leases of one subject that stand or wait for an answer.
    pub fn standing_leases<'a>(
        &'a self,
        subject: &LeaseSubject,
    ) -> impl Iterator<Item = &'a Lease> + use<'a> {
        let ids = self.leases_open.get(subject).into_iter().flat_map(|ids| ids.iter());
        ids.filter_map(|id| self.leases.get(id))
    }
}

impl AssetUse {
    /// A newly registered asset: available, nothing planned.
    #[must_use]
    pub fn new() -> AssetUse {
        AssetUse {
            state: AssetState::Available,
            outages: Map::new_sync(),
            mission: None,
            hold: None,
            ready_since: None,
            flown: None,
        }
    }
}

impl Default for AssetUse {
    fn default() -> AssetUse {
        AssetUse::new()
    }
}
