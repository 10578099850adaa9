//! What a drill may name: the words of a scenario's tables and what they stand for.

use crate::decision::Command;
use crate::drill::scenario::Scenario;
use crate::drill::scenario::fault::Problem;
use crate::id::{
    AssetId, CommodityId, DepotId, HospitalId, MemberId, OrganisationId, StructureId, WeatherRegionId,
};
use crate::spelling::nearest;
use std::collections::BTreeMap;

/// The names of one kind.
pub(super) struct Known<'s, T> {
    file: &'static str,
    entries: BTreeMap<&'s str, T>,
}

impl<'s, T: Clone> Known<'s, T> {
    fn new(file: &'static str) -> Known<'s, T> {
        Known { file, entries: BTreeMap::new() }
    }

    /// What `name` stands for, or what is wrong with it.
    pub(super) fn find(&self, name: &str) -> Result<T, Problem> {
        self.entries.get(name).cloned().ok_or_else(|| Problem::Unresolved {
            value: Problem::shown(name),
            file: self.file,
            nearest: nearest(name, self.entries.keys().copied()),
        })
    }
}

/// Everything of a scenario that injects speak of, by the `id` of its table.
pub(super) struct Names<'s> {
    pub(super) members: Known<'s, MemberId>,
    pub(super) aircraft: Known<'s, AssetId>,
    /// Fire departments, each with a place.
    pub(super) areas: Known<'s, OrganisationId>,
    pub(super) hospitals: Known<'s, HospitalId>,
    pub(super) depots: Known<'s, DepotId>,
    pub(super) commodities: Known<'s, CommodityId>,
    pub(super) structures: Known<'s, StructureId>,
    pub(super) regions: Known<'s, WeatherRegionId>,
    /// JIS codes of the municipalities.
    pub(super) municipalities: Vec<u32>,
}

impl<'s> Names<'s> {
    /// Those of a scenario.
    pub(super) fn of(scenario: &'s Scenario) -> Names<'s> {
        let mut names = Names {
            members: Known::new("members.csv"),
            aircraft: Known::new("helicopters.csv"),
            areas: Known::new("fire_departments.csv"),
            hospitals: Known::new("hospitals.csv"),
            depots: Known::new("depots.csv"),
            commodities: Known::new("commodities.csv"),
            structures: Known::new("roads/structures.csv"),
            regions: Known::new("weather_regions.csv"),
            municipalities: scenario.municipalities.iter().map(|known| known.code).collect(),
        };
        for seed in &scenario.seeds {
            names.note(&seed.command);
        }
        for structure in &scenario.structures {
            names.structures.entries.insert(structure.id.slug(), structure.id.clone());
        }
        names
    }

    fn note(&mut self, command: &'s Command) {
        match command {
            Command::RegisterMember(member) => {
                self.members.entries.insert(member.id.slug(), member.id.clone());
            }
            Command::RegisterAsset(asset) if asset.kind.is_aircraft() => {
                self.aircraft.entries.insert(asset.id.slug.as_str(), asset.id.clone());
                self.regions.entries.insert(asset.region.slug(), asset.region.clone());
            }
            Command::RegisterSite(site) => {
                self.regions.entries.insert(site.region.slug(), site.region.clone());
            }
            Command::StateArea(area) => {
                self.areas.entries.insert(area.organisation.slug.as_str(), area.organisation.clone());
            }
            Command::RegisterHospital(hospital) => {
                self.hospitals.entries.insert(hospital.id.slug.as_str(), hospital.id.clone());
            }
            Command::RegisterDepot(depot) => {
                self.depots.entries.insert(depot.id.slug.as_str(), depot.id.clone());
            }
            Command::RegisterCommodity(commodity) => {
                self.commodities.entries.insert(commodity.id.slug(), commodity.id.clone());
            }
            _ => {}
        }
    }
}
