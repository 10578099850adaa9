//! The merged view: a pure function of the states of all ledgers, whatever the order of arrival.

use crate::decision::State;
use crate::decision::model::{
    Agreement, Area, Asset, AssetKind, Closure, Hospital, HospitalReport, Member, NoFlyReport, Restriction,
    RestrictionUse, Site, SiteReport, Weather,
};
use crate::decision::state::AssetUse;
use crate::id::{
    AssetId, HospitalId, LedgerId, MemberId, NoFlyAreaId, OrganisationId, RestrictionId, SiteId, Space,
    StructureId, WeatherRegionId,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One ledger as last read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerView {
    /// What it amounts to.
    pub state: State,
    /// Records of a newer schema could not be folded: shown as partial.
    pub partial: bool,
}

/// Everything this process knows, at one moment. Readers hold it as long as they like; writers never wait.
#[derive(Clone, Debug)]
pub struct View {
    /// The space that it belongs to.
    pub space: Space,
    /// One entry a ledger.
    pub ledgers: BTreeMap<LedgerId, Arc<LedgerView>>,
}

impl View {
    /// A view of nothing.
    #[must_use]
    pub fn empty(space: Space) -> View {
        View { space, ledgers: BTreeMap::new() }
    }

    /// The state of one ledger.
    #[must_use]
    pub fn state(&self, ledger: &LedgerId) -> Option<&State> {
        self.ledgers.get(ledger).map(|view| &view.state)
    }

    /// The state of a member's ledger.
    #[must_use]
    pub fn member_state(&self, member: &MemberId) -> Option<&State> {
        self.state(&LedgerId::Member(member.clone()))
    }

    /// The states of all ledgers, by name.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.ledgers.values().map(|view| &view.state)
    }

    /// How far each ledger was read: what a decision on this view has seen.
    #[must_use]
    pub fn seen(&self) -> Vec<(LedgerId, u64)> {
        self.ledgers.iter().map(|(ledger, view)| (ledger.clone(), view.state.sequence)).collect()
    }

    /// Members and linked bodies, by name.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.states().filter_map(|state| state.field.as_ref()).flat_map(|field| field.members.values())
    }

    /// One member.
    #[must_use]
    pub fn member(&self, id: &MemberId) -> Option<&Member> {
        self.states().filter_map(|state| state.field.as_ref()).find_map(|field| field.members.get(id))
    }

    /// The agreement in force for an area.
    #[must_use]
    pub fn agreement(&self, area: &OrganisationId) -> Option<&Agreement> {
        self.states().filter_map(|state| state.field.as_ref()).find_map(|field| field.agreements.get(area))
    }

    /// Areas of demand, by name.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.states().filter_map(|state| state.field.as_ref()).flat_map(|field| field.areas.values())
    }

    /// One asset and what became of it.
    #[must_use]
    pub fn asset(&self, id: &AssetId) -> Option<(&Asset, &AssetUse)> {
        let state = self.state(&id.ledger())?;
        Some((state.assets.get(id)?, state.asset_uses.get(id)?))
    }

    /// All assets, by name.
    pub fn assets(&self) -> impl Iterator<Item = (&Asset, &AssetUse)> {
        self.assets_of(|_| true)
    }

    /// The assets of some kinds, by name. What became of the others is not looked up.
    pub fn assets_of(&self, is_wanted: fn(AssetKind) -> bool) -> impl Iterator<Item = (&Asset, &AssetUse)> {
        self.states().flat_map(move |state| {
            let wanted = state.assets.values().filter(move |asset| is_wanted(asset.kind));
            wanted.filter_map(|asset| Some((asset, state.asset_uses.get(&asset.id)?)))
        })
    }

    /// One landing site and what was last said of it.
    #[must_use]
    pub fn site(&self, id: &SiteId) -> Option<(&Site, Option<&SiteReport>)> {
        let state = self.state(&id.ledger())?;
        Some((state.sites.get(id)?, state.site_reports.get(id)))
    }

    /// One hospital and what was last said of it.
    #[must_use]
    pub fn hospital(&self, id: &HospitalId) -> Option<(&Hospital, Option<&HospitalReport>)> {
        let state = self.state(&id.ledger())?;
        Some((state.hospitals.get(id)?, state.hospital_reports.get(id)))
    }

    /// The newest observation of each region, and whose it is; the first ledger by name on a tie.
    #[must_use]
    pub fn weather(&self) -> BTreeMap<&WeatherRegionId, (&LedgerId, &Weather)> {
        let mut newest: BTreeMap<&WeatherRegionId, (&LedgerId, &Weather)> = BTreeMap::new();
        for state in self.states() {
            for (region, weather) in &state.weather {
                let known = newest.get(region).map(|(_, known)| known.observed_at);
                if known.is_none_or(|known| weather.observed_at > known) {
                    newest.insert(region, (&state.ledger, weather));
                }
            }
        }
        newest
    }

    /// The newest word on each structure, and whose it is; the first ledger by name on a tie.
    #[must_use]
    pub fn closures(&self) -> BTreeMap<&StructureId, (&LedgerId, &Closure)> {
        let mut newest: BTreeMap<&StructureId, (&LedgerId, &Closure)> = BTreeMap::new();
        for state in self.states() {
            for (structure, closure) in &state.closures {
                let known = newest.get(structure).map(|(_, known)| known.said_at);
                if known.is_none_or(|known| closure.said_at > known) {
                    newest.insert(structure, (&state.ledger, closure));
                }
            }
        }
        newest
    }

    /// The restrictions that stand on the roads, by name.
    pub fn restrictions(&self) -> impl Iterator<Item = &Restriction> {
        self.states().flat_map(|state| {
            let known = state.restrictions_standing.iter().filter_map(|id| state.restrictions.get(id));
            known.map(|said| &said.restriction)
        })
    }

    /// One restriction and what became of it.
    #[must_use]
    pub fn restriction(&self, id: &RestrictionId) -> Option<&RestrictionUse> {
        self.state(&id.ledger())?.restrictions.get(id)
    }

    /// Areas that may not be flown through, by name, those that are over among them.
    pub fn no_fly_areas(&self) -> impl Iterator<Item = &NoFlyReport> {
        self.states().flat_map(|state| state.no_fly_areas.values())
    }

    /// One of them.
    #[must_use]
    pub fn no_fly_area(&self, id: &NoFlyAreaId) -> Option<&NoFlyReport> {
        self.state(&id.ledger())?.no_fly_areas.get(id)
    }

    /// The structures that are closed now.
    #[must_use]
    pub fn closed_structures(&self) -> BTreeSet<StructureId> {
        let closed = self.closures().into_iter().filter(|(_, (_, closure))| closure.closed);
        closed.map(|(structure, _)| structure.clone()).collect()
    }
}
