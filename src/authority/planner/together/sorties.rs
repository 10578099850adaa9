//! Several sorties, and what aircraft share: the open numbers as missions, planned, judged anew, and told in names.
//!
//! Who may land where is what the single rankings say of the aircraft as they stand now; weather, agreement and what is on
//! board are taken to hold for later sorties too. Between two sorties an aircraft goes on from the hospital, or fills its
//! tanks at a site with fuel on the way.

use super::choices::{self, Choice};
use super::places::{Ends, FuelPlace, Table};
use super::{Answer, Fault, Terms, Together, candidates, told, urgency};
use crate::allocator::missions::{
    self, Landing, Mission, Onward, Pad, Problem, Resource, Stay, Stop, Taker, Takers, Violation, WorkBudget,
    check, limits, solve,
};
use crate::allocator::ranking::{self, Aircraft, Candidate, Crew, Daylight, Ownership, SiteIdx, Transport};
use crate::authority::View;
use crate::authority::planner::{RankPlanner, Ranked};
use crate::decision::model::{Asset, Request, SiteState};
use crate::id::{HospitalId, SiteId};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Kilograms, Position, Seconds, Timestamp, UNREACHABLE};
use std::collections::BTreeMap;

/// How far ahead sorties are planned: from one evening to the end of the next day.
const HORIZON_S: Seconds = 2 * 86_400;
/// Routes tried: a count, so that the answer is the same on every machine.
const ROUTES_MAX: u64 = 40_000;
/// A refuelling with its queue: 20 to 30 minutes (domain facts 7.4).
const REFUEL_S: Seconds = 1_500;
/// What an aircraft burns in an hour for each tonne, in litres: 230 of an EC135 (domain facts 1.2: 200 to 230).
/// Illustrative for others.
const BURN_L_PER_H_AND_T: u32 = 77;
/// Fuel sites of which nobody stated the litres that are looked at, besides those that somebody did.
const FUEL_NEAR: usize = 6;

const _: () = assert!(HORIZON_S <= limits::TIME_MAX_S);

/// Where a request can be reached: a landing site, how the patient goes on, and who may.
pub(super) struct Reached {
    pub(super) site: SiteIdx,
    pub(super) transport: Transport,
    pub(super) takers: Vec<Choice>,
}

/// The problem and what its numbers stand for.
pub(super) struct Stated {
    problem: Problem,
    /// The place of each mission among the open numbers.
    pub(super) missions: Vec<usize>,
    /// By ranking, as the landings of its missions.
    pub(super) reached: Vec<Vec<Reached>>,
    pub(super) stops: Vec<SiteId>,
    pub(super) pads: Vec<Option<SiteId>>,
}

/// Plans the open numbers of `together` as missions.
///
/// # Errors
/// [`Fault::Sorties`] when there are more places than can be planned; [`Fault::Ranking`] as the ranking.
///
/// # Complexity
/// A short ranking for each landing site of each request, a table of flying times for each class of aircraft, and
/// [`ROUTES_MAX`] routes.
pub(super) fn plan(
    planner: &RankPlanner,
    (view, at): (&View, Timestamp),
    requests: &[Request],
    together: &Together,
    terms: &Terms,
) -> Result<Answer, Fault> {
    let stating = Stating { planner, view, at, requests, together, terms };
    let stated = stating.state()?;
    let plan = solve(&stated.problem, WorkBudget { routes_max: ROUTES_MAX, seed: 1 })?;
    let violations = check(&stated.problem, &plan);
    if !violations.is_empty() {
        return Err(Fault::Wrong(violations));
    }
    Ok(told::answer(together, requests, &stated, &plan))
}

/// What a problem is stated from.
struct Stating<'a> {
    planner: &'a RankPlanner,
    view: &'a View,
    at: Timestamp,
    requests: &'a [Request],
    together: &'a Together,
    terms: &'a Terms,
}

impl Stating<'_> {
    fn state(&self) -> Result<Stated, Fault> {
        let together = self.together;
        let mut reached: Vec<Vec<Reached>> = Vec::new();
        for ranked in &together.rankings {
            let choices = choices::of(ranked, &together.aircraft, together.rankings.len())?;
            let mut landings = by_landing(choices);
            landings.retain(|landing| self.positions(reached.len(), landing).is_some());
            reached.push(landings);
        }
        let assets: Vec<(&Asset, &Candidate, &Aircraft)> =
            (0..together.aircraft.len()).filter_map(|aircraft| self.asset(aircraft)).collect();
        if assets.len() != together.aircraft.len() {
            return Err(Fault::Wrong(vec![Violation::Shape]));
        }
        let fuel = self.fuel_sites(&reached);
        let ends = self.ends(&reached, &assets, &fuel);
        let at_base: Vec<(&Asset, bool)> = assets
            .iter()
            .map(|(asset, _, aircraft)| (*asset, aircraft.position == UnitVector::from(asset.base)))
            .collect();
        let is_onward = self.terms.sorties_max > 1;
        let span =
            (self.at, self.at + self.planner.policy().cycle_s * u32::from(self.terms.sorties_max.max(1)));
        let table = Table::new((self.planner, self.view), span, &at_base, &ends, is_onward);
        let places = u16::try_from(table.places()).map_err(|_| missions::ProblemError::TooMany {
            what: "places",
            count: table.places(),
            limit: limits::PLACES_MAX,
        })?;
        let mut pads = Pads::default();
        let mut missions = Vec::new();
        let mut numbers = Vec::new();
        let mut landings: Vec<Vec<Landing>> = Vec::new();
        for (ranking, reached) in reached.iter().enumerate() {
            landings.push(self.landings(ranking, reached, &table, &mut pads));
        }
        for (place, open) in together.open.iter().enumerate() {
            if landings[open.ranking].is_empty() {
                continue;
            }
            missions.push(self.mission(open.ranking, &reached[open.ranking], landings[open.ranking].clone()));
            numbers.push(place);
        }
        let resources = assets.iter().enumerate();
        let resources =
            resources.map(|(aircraft, row)| self.resource(aircraft, *row, &table)).collect::<Vec<_>>();
        let stop = |(id, place): &(SiteId, FuelPlace)| Stop {
            place: table.number(place.position),
            stock_l: self.terms.fuel_l.get(id).copied().unwrap_or(u32::MAX),
            refuel_s: REFUEL_S,
        };
        let stays = missions.iter().map(|mission| mission.on_scene_s).min();
        let problem = Problem {
            resources,
            missions,
            stops: fuel.iter().map(stop).collect(),
            pads: pads.pads,
            window_s: stays.unwrap_or(0).max(limits::WINDOW_MIN_S),
            places,
            travel_s: table.travel_s,
        };
        let stops = fuel.into_iter().map(|(id, _)| id).collect();
        Ok(Stated { problem, missions: numbers, reached, stops, pads: pads.names })
    }

    /// An aircraft as it is registered, as a candidate, and as a ranking sees it.
    fn asset(&self, aircraft: usize) -> Option<(&Asset, &Candidate, &Aircraft)> {
        let id = &self.together.aircraft[aircraft];
        let (asset, _) = self.view.asset(id)?;
        self.together.rankings.iter().find_map(|ranked| {
            let (_, candidate) = candidates(ranked).find(|(name, _)| *name == id)?;
            Some((asset, candidate, &ranked.stated.problem.aircraft[candidate.aircraft.index()]))
        })
    }

    /// Where aircraft may refuel: the sites whose litres are stated, then the nearest of each request, most wanted first.
    fn fuel_sites(&self, reached: &[Vec<Reached>]) -> Vec<(SiteId, FuelPlace)> {
        if self.terms.sorties_max <= 1 {
            return Vec::new();
        }
        let is_open = |id: &SiteId| {
            let report = self.view.site(id).and_then(|(_, report)| report);
            report.is_none_or(|report| report.state != SiteState::Closed)
        };
        let with_fuel = || {
            let sites = self.view.states().flat_map(|state| state.sites.values());
            sites.filter(|site| site.fuel && is_open(&site.id))
        };
        let mut wanted: BTreeMap<&SiteId, usize> = BTreeMap::new();
        for (request, _) in self.requests.iter().zip(reached).filter(|(_, reached)| !reached.is_empty()) {
            let here = UnitVector::from(request.position);
            let nearest = with_fuel().min_by_key(|site| (distance_m(here, site.position.into()), &site.id));
            if let Some(site) = nearest {
                *wanted.entry(&site.id).or_default() += 1;
            }
        }
        let mut wanted: Vec<(&SiteId, usize)> = wanted.into_iter().collect();
        wanted.sort_by_key(|(id, count)| (usize::MAX - count, *id));
        let stated = self.terms.fuel_l.keys();
        let others = wanted.into_iter().map(|(id, _)| id).filter(|id| !self.terms.fuel_l.contains_key(*id));
        let all = stated.chain(others.take(FUEL_NEAR)).take(limits::STOPS_MAX);
        let place = |id: &SiteId| {
            let (site, _) = self.view.site(id)?;
            let (mass_max_kg, size_max_m) = (site.mass_max_kg, site.size_max_m);
            Some((id.clone(), FuelPlace { position: site.position, mass_max_kg, size_max_m }))
        };
        all.filter_map(place).collect()
    }

    fn ends(
        &self,
        reached: &[Vec<Reached>],
        assets: &[(&Asset, &Candidate, &Aircraft)],
        fuel: &[(SiteId, FuelPlace)],
    ) -> Ends {
        let mut ends = Ends {
            fuel: fuel.iter().map(|(_, place)| *place).collect(),
            homes: assets.iter().map(|(asset, ..)| asset.base).collect(),
            ..Ends::default()
        };
        for (ranking, reached) in reached.iter().enumerate() {
            for landing in reached {
                let Some((site, end)) = self.positions(ranking, landing) else { continue };
                ends.missions.insert((site, end));
                for choice in &landing.takers {
                    ends.first_s.insert((choice.aircraft, site), choice.flight_s());
                }
            }
        }
        ends
    }

    /// Where a landing is, and where who was there is free again.
    fn positions(&self, ranking: usize, landing: &Reached) -> Option<(Position, Position)> {
        let names = &self.together.rankings[ranking].stated.names;
        let hospital = |id: &HospitalId| self.view.hospital(id).map(|(hospital, _)| hospital.position);
        let site = match &names.sites[landing.site.index()] {
            Some(id) => self.view.site(id)?.0.position,
            None => hospital(self.requests[ranking].origin.as_ref()?)?,
        };
        let end = match landing.transport {
            Transport::ByAir { hospital: to } => hospital(&names.hospitals[to.index()])?,
            Transport::ByRoad { .. } => site,
        };
        Some((site, end))
    }

    fn landings(&self, ranking: usize, reached: &[Reached], table: &Table, pads: &mut Pads) -> Vec<Landing> {
        let ranked = &self.together.rankings[ranking];
        let landing = |landing: &Reached| {
            let (site, end) = self.positions(ranking, landing)?;
            let onward = Onward { place: table.number(end), stop_s: self.stop_s(landing, end) };
            let taker = |choice: &Choice| Taker {
                resource: u16::try_from(choice.aircraft).unwrap_or(u16::MAX),
                fee: fee(choice.candidate.tier),
            };
            Some(Landing {
                place: table.number(site),
                pad: Some(pads.of(ranked, landing.site)),
                from_s: landing.takers.iter().map(Choice::opens_s).max().unwrap_or(0).min(HORIZON_S),
                onward: matches!(landing.transport, Transport::ByAir { .. }).then_some(onward),
                takers: Takers::Only(landing.takers.iter().map(taker).collect()),
            })
        };
        reached.iter().filter_map(landing).collect()
    }

    /// A last landing at its own base ends the mission, as in a ranking; before a further sortie there is a stop.
    fn stop_s(&self, landing: &Reached, end: Position) -> Seconds {
        let is_home = landing.takers.iter().all(|choice| {
            let asset = self.view.asset(&self.together.aircraft[choice.aircraft]);
            asset.is_some_and(|(asset, _)| asset.base == end)
        });
        if is_home && self.terms.sorties_max <= 1 { 0 } else { self.planner.policy().hospital_stop_s }
    }

    fn mission(&self, ranking: usize, reached: &[Reached], landings: Vec<Landing>) -> Mission {
        let all = || reached.iter().flat_map(|landing| &landing.takers);
        let care_after_s = all().map(Choice::care_after_s).max().unwrap_or(0);
        let due_s = self.together.rankings[ranking].stated.problem.due_s;
        let due_s = due_s.map_or(HORIZON_S, |due| due.max(0).unsigned_abs().min(HORIZON_S));
        let urgency = urgency(&self.requests[ranking]);
        Mission {
            landings,
            group: u16::try_from(ranking).ok(),
            needs: ranking::Capabilities::default(),
            resources: 1,
            on_scene_s: all().map(Choice::stay_s).max().unwrap_or(0),
            due_s: due_s.saturating_sub(care_after_s),
            minute_price: u32::try_from(urgency.cost(60, 0)).unwrap_or(0),
            unserved: urgency.unserved(),
        }
    }

    fn resource(
        &self,
        aircraft: usize,
        (asset, candidate, row): (&Asset, &Candidate, &Aircraft),
        table: &Table,
    ) -> Resource {
        let policy = self.planner.policy();
        let span = |offset: i32| offset.max(0).unsigned_abs().min(HORIZON_S);
        let way_s = |metres: u32| u64::from(metres) * 36 / (u64::from(asset.speed_kmh.max(1)) * 10);
        let full_s = asset.endurance_s.min(policy.usable_endurance_s + policy.reserve_s);
        let tank_s = |endurance_s: Seconds, range_m: u32| {
            endurance_s.min(u32::try_from(way_s(range_m)).unwrap_or(u32::MAX)).min(HORIZON_S)
        };
        let endurance_s = tank_s(full_s, asset.range_m);
        let (duty_end_s, flight_left_s) = match row.crew {
            Crew::Present { duty_end_s, flight_left_s } => (duty_end_s, flight_left_s),
            Crew::Unknown | Crew::Absent => (None, None),
        };
        let last_landing_s = match row.daylight {
            Daylight::DayOnly { last_landing_s, .. } => last_landing_s,
            Daylight::NightCapable => None,
        };
        let offer_end_s = match row.ownership {
            Ownership::Offered(span) => span.until_s,
            Ownership::Union | Ownership::NotOffered => None,
        };
        let home_by =
            [duty_end_s, last_landing_s, offer_end_s, row.next_outage_s].into_iter().flatten().min();
        Resource {
            start: table.start(aircraft),
            home: table.number(asset.base),
            class: table.class_of[aircraft],
            ready_s: candidate.timeline.lift_off_s.min(HORIZON_S),
            capabilities: ranking::Capabilities::default(),
            endurance_s,
            fuel_s: tank_s(row.endurance_s, row.range_m).min(endurance_s),
            reserve_s: policy.reserve_s.min(endurance_s),
            burn_l_per_h: burn_l_per_h(asset.mass_kg),
            duty_end_s: home_by.map_or(HORIZON_S, span),
            starts_by_s: row.service.until_s.map_or(HORIZON_S, span),
            flight_left_s: flight_left_s.unwrap_or(HORIZON_S).min(HORIZON_S),
            sorties_max: self.terms.sorties_max.clamp(1, limits::SORTIES_MAX),
        }
    }
}

/// Landing sites that are shared, by where they are.
#[derive(Default)]
struct Pads {
    at: BTreeMap<UnitVector, u16>,
    pads: Vec<Pad>,
    names: Vec<Option<SiteId>>,
}

impl Pads {
    /// The pad of a ranking's site, with the leases that it knows of.
    fn of(&mut self, ranked: &Ranked, site: SiteIdx) -> u16 {
        let place = &ranked.stated.problem.sites[site.index()];
        let next = u16::try_from(self.pads.len()).unwrap_or(u16::MAX);
        let pad = *self.at.entry(place.position).or_insert(next);
        if pad == next {
            self.pads.push(Pad { spots: place.spots, taken: Vec::new() });
            self.names.push(ranked.stated.names.sites[site.index()].clone());
        }
        let taken = &mut self.pads[usize::from(pad)].taken;
        for lease in place.leases.iter().filter(|lease| lease.until_s > 0) {
            let from_s = lease.from_s.max(0).unsigned_abs().min(HORIZON_S);
            let stay = Stay { from_s, until_s: lease.until_s.unsigned_abs().clamp(from_s, HORIZON_S) };
            // Each request leaves out its own leases, and knows those of the others.
            if !taken.contains(&stay) && taken.len() < limits::TAKEN_MAX {
                taken.push(stay);
            }
        }
        pad
    }
}

/// Choices by landing site and the way on, soonest care first where there are more than a mission may have.
fn by_landing(choices: Vec<Choice>) -> Vec<Reached> {
    let mut reached: BTreeMap<(SiteIdx, Transport), Vec<Choice>> = BTreeMap::new();
    for choice in choices {
        reached.entry(choice.landing()).or_default().push(choice);
    }
    let all = reached.into_iter();
    let mut all: Vec<Reached> =
        all.map(|((site, transport), takers)| Reached { site, transport, takers }).collect();
    let soonest_s = |landing: &Reached| {
        let care = landing.takers.iter().map(|choice| choice.candidate.timeline.care_s);
        (care.min().unwrap_or(UNREACHABLE), landing.site, landing.transport)
    };
    all.sort_by_key(soonest_s);
    all.truncate(limits::LANDINGS_MAX);
    all
}

/// What a place further back in the agreement costs.
fn fee(tier: u32) -> u32 {
    let cost = crate::allocator::assignment::Urgency::Green.cost(0, tier);
    u32::try_from(cost).unwrap_or(0).min(limits::FEE_MAX)
}

fn burn_l_per_h(mass_kg: Kilograms) -> u32 {
    (mass_kg.saturating_mul(BURN_L_PER_H_AND_T) / 1_000).clamp(1, limits::BURN_MAX_L_PER_H)
}
