//! All open requests at once, as the wire shows them.

use super::ranking::known_request;
use crate::allocator::assignment::PATIENTS_MAX;
use crate::allocator::missions;
use crate::api::v1;
use crate::authority::View;
use crate::authority::planner::together::{
    Change, FUEL_SITES_MAX, Flight, Left, Open, Refuelling, SORTIES_MAX, Terms, Together, open_requests,
    unserved,
};
use crate::decision::model::{Request, RequestState};
use crate::decision::rejection::FieldProblem;
use crate::id::{AssetId, RequestId, SiteId};
use crate::service::convert::{Reader, Shown, ranking as draw, wire};
use crate::service::{ServiceError, known};
use crate::units::Seconds;
use std::collections::BTreeMap;
use v1::smallest_change::Code;
use v1::unserved_number::Reason;

/// Aircraft that are told of a number that goes unserved.
const TAKEN_TOLD: usize = 5;

/// The requests that are asked for, or all open ones with a number that nobody serves.
pub(super) fn asked(reader: &Reader, view: &View, named: &[String]) -> Result<Vec<Request>, ServiceError> {
    let mut ids: Vec<RequestId> = reader.name_list("requests", named)?;
    let mut requests: Vec<Request> = Vec::new();
    if named.is_empty() {
        requests.extend(open_requests(view).into_iter().cloned());
    }
    ids.sort();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(ServiceError::field("requests", FieldProblem::Duplicate));
    }
    for id in &ids {
        let request = known_request(view, id)?;
        if request.state != RequestState::Open {
            // Nobody asks for it any more.
            return Err(ServiceError::field("requests", FieldProblem::NotAllowed));
        }
        requests.push(request.clone());
    }
    let count: usize = requests.iter().map(|request| unserved(request).count()).sum();
    if count > PATIENTS_MAX {
        let problem = FieldProblem::TooLong { got: count as u64, max: PATIENTS_MAX as u64 };
        return Err(ServiceError::field("requests", problem));
    }
    Ok(requests)
}

/// What the assignment may use.
pub(super) fn terms(
    reader: &Reader,
    view: &View,
    message: &v1::ProposeAssignmentRequest,
) -> Result<Terms, ServiceError> {
    let (got, max) = (message.sorties_max, u32::from(SORTIES_MAX));
    let sorties_max = u8::try_from(got).ok().filter(|_| got <= max).ok_or_else(|| {
        let problem = FieldProblem::OutOfRange { got: got.into(), min: 0, max: max.into() };
        ServiceError::field("sorties_max", problem)
    })?;
    let count = message.fuel.len();
    if count > FUEL_SITES_MAX {
        let problem = FieldProblem::TooLong { got: count as u64, max: FUEL_SITES_MAX as u64 };
        return Err(ServiceError::field("fuel", problem));
    }
    if count > 0 && sorties_max <= 1 {
        // Nobody refuels for one sortie: what was said would count for nothing.
        return Err(ServiceError::field("fuel", FieldProblem::NotAllowed));
    }
    let mut fuel_l = BTreeMap::new();
    for (place, left) in message.fuel.iter().enumerate() {
        let field = format!("fuel[{place}].site");
        let site: SiteId = reader.name(&field, &left.site)?;
        known::site(view, &site)?;
        if fuel_l.insert(site, left.litres).is_some() {
            return Err(ServiceError::field(field, FieldProblem::Duplicate));
        }
    }
    Ok(Terms { sorties_max: sorties_max.max(1), fuel_l })
}

/// More places than sorties can be planned between.
pub(super) fn too_many(fault: missions::ProblemError) -> ServiceError {
    match fault {
        missions::ProblemError::TooMany { count, limit, .. } => {
            let problem = FieldProblem::TooLong { got: count as u64, max: limit as u64 };
            ServiceError::field("requests", problem)
        }
        missions::ProblemError::OutOfRange { .. } | missions::ProblemError::Shape { .. } => {
            tracing::warn!(%fault, "sorties could not be stated");
            ServiceError::Unavailable { what: "ranking" }
        }
    }
}

/// An assignment as the wire shows it.
pub(super) fn shown(shown: &Shown, together: &Together) -> v1::ProposeAssignmentResponse {
    let mut goes_to: BTreeMap<usize, &Flight> = BTreeMap::new();
    for flight in &together.answer.flights {
        let first = goes_to.entry(flight.aircraft).or_insert(flight);
        if flight.sortie < first.sortie {
            *first = flight;
        }
    }
    let drawing = Drawing { shown, together, goes_to };
    let names = &shown.names;
    let stays = |aircraft: &usize| !drawing.goes_to.contains_key(aircraft);
    let spare = (0..together.aircraft.len()).filter(stays);
    v1::ProposeAssignmentResponse {
        at_time: Some(wire::instant(shown.now)),
        assigned: together.answer.flights.iter().map(|flight| drawing.assigned(flight)).collect(),
        unserved: together.answer.left.iter().map(|left| drawing.unserved(left)).collect(),
        total: together.answer.total,
        bound: together.answer.bound,
        aircraft_count: together.aircraft.len() as u32,
        spare: spare.map(|aircraft| names.print(&together.aircraft[aircraft])).collect(),
        routes: drawing.goes_to.keys().map(|aircraft| drawing.route(*aircraft)).collect(),
        seen: shown
            .view
            .seen()
            .iter()
            .map(|(ledger, sequence)| v1::SeenLedger { ledger: names.print(ledger), sequence: *sequence })
            .collect(),
    }
}

struct Drawing<'a> {
    shown: &'a Shown,
    together: &'a Together,
    /// The first sortie of each aircraft that flies.
    goes_to: BTreeMap<usize, &'a Flight>,
}

impl Drawing<'_> {
    fn open(&self, place: usize) -> &Open {
        &self.together.open[place]
    }

    fn asset(&self, aircraft: usize) -> String {
        self.shown.names.print(&self.together.aircraft[aircraft])
    }

    fn display_name(&self, aircraft: usize) -> Option<v1::DisplayName> {
        let known = self.shown.view.asset(&self.together.aircraft[aircraft]);
        known.map(|(registered, _)| wire::display_name(&registered.name))
    }

    fn time(&self, seconds: Seconds) -> Option<prost_types::Timestamp> {
        Some(wire::instant(self.shown.now.plus_millis(i64::from(seconds) * 1_000)))
    }

    /// The request that an aircraft flies to first; empty where it stays.
    fn first_request(&self, asset: &AssetId) -> String {
        let aircraft = self.together.aircraft.binary_search(asset).ok();
        let flight = aircraft.and_then(|aircraft| self.goes_to.get(&aircraft));
        flight.map(|flight| self.shown.names.print(&self.open(flight.open).request)).unwrap_or_default()
    }

    fn assigned(&self, flight: &Flight) -> v1::AssignedAircraft {
        let open = self.open(flight.open);
        let names = &self.shown.names;
        let mut shown = v1::AssignedAircraft {
            request: names.print(&open.request),
            number: open.number.into(),
            asset: self.asset(flight.aircraft),
            display_name: self.display_name(flight.aircraft),
            site: names.print_opt(flight.site.as_ref()),
            hospital: names.print(&flight.hospital),
            minutes_to_care: minutes(flight.care_s),
            care_time: self.time(flight.care_s),
            sortie: flight.sortie.into(),
            ..v1::AssignedAircraft::default()
        };
        let ranked = &self.together.rankings[open.ranking];
        if let Some(first) = ranked.plan.candidates.first() {
            let asset = &ranked.stated.names.aircraft[first.aircraft.index()];
            if *asset != self.together.aircraft[flight.aircraft] {
                shown.first_choice = names.print(asset);
                shown.first_choice_minutes_to_care = first.care_min;
                shown.first_choice_request = self.first_request(asset);
            }
        }
        shown
    }

    fn route(&self, aircraft: usize) -> v1::AircraftRoute {
        let mut flights: Vec<&Flight> =
            self.together.answer.flights.iter().filter(|flight| flight.aircraft == aircraft).collect();
        flights.sort_by_key(|flight| flight.sortie);
        v1::AircraftRoute {
            asset: self.asset(aircraft),
            display_name: self.display_name(aircraft),
            sorties: flights.into_iter().map(|flight| self.sortie(flight)).collect(),
            home_time: self.together.answer.home_s.get(aircraft).and_then(|home_s| self.time(*home_s)),
        }
    }

    fn sortie(&self, flight: &Flight) -> v1::Sortie {
        let (open, names) = (self.open(flight.open), &self.shown.names);
        let refuelling = |refuelling: &Refuelling| v1::Refuelling {
            site: names.print(&refuelling.site),
            time: self.time(refuelling.from_s),
            litres: refuelling.litres,
        };
        v1::Sortie {
            request: names.print(&open.request),
            number: open.number.into(),
            refuelling: flight.refuelling.as_ref().map(refuelling),
            site: names.print_opt(flight.site.as_ref()),
            landing_time: self.time(flight.lands_s),
            care_time: self.time(flight.care_s),
            leave_time: self.time(flight.leaves_s),
            hospital: names.print(&flight.hospital),
            hospital_by_road: flight.by_road,
            hospital_time: self.time(flight.hospital_s),
        }
    }

    fn unserved(&self, left: &Left) -> v1::UnservedNumber {
        let open = self.open(left.open);
        let able = self.together.able(open.ranking);
        let taken = able.iter().take(TAKEN_TOLD).map(|(asset, care_s)| v1::unserved_number::Taken {
            asset: self.shown.names.print(*asset),
            request: self.first_request(asset),
            minutes_to_care: minutes(*care_s),
        });
        v1::UnservedNumber {
            request: self.shown.names.print(&open.request),
            number: open.number.into(),
            reason: left.change.as_ref().map_or(Reason::NoneCanGo, reason).into(),
            taken: taken.collect(),
            ruled_out: if able.is_empty() { self.easiest(open) } else { None },
            smallest_change: left.change.as_ref().map(|change| self.change(change)),
        }
    }

    /// The aircraft that the fewest changes would admit. Those without a change cannot be admitted at all.
    fn easiest(&self, open: &Open) -> Option<v1::RuledOut> {
        let ranked = &self.together.rankings[open.ranking];
        let ranking = draw::ranking(self.shown, &ranked.stated, &ranked.plan, &ranked.seen, ranked.hash);
        let aircraft = ranking.ruled_out.into_iter().take(ranked.plan.ruled_out.len());
        let can_change = aircraft.filter(|ruled| !ruled.smallest_changes.is_empty());
        can_change.min_by_key(|ruled| (ruled.smallest_changes.len(), ruled.asset.clone()))
    }

    fn change(&self, change: &Change) -> v1::SmallestChange {
        let of = |code: Code| v1::SmallestChange { code: code.into(), ..v1::SmallestChange::default() };
        let seconds = |code: Code, by_s: &Seconds| v1::SmallestChange {
            amount: i64::from(*by_s),
            unit: v1::Unit::Seconds.into(),
            ..of(code)
        };
        let named =
            |aircraft: &usize, change| v1::SmallestChange { subject: self.asset(*aircraft), ..change };
        match change {
            Change::LaterDue { by_s } => seconds(Code::LaterDue, by_s),
            Change::LongerDuty { aircraft, by_s } => named(aircraft, seconds(Code::LongerDuty, by_s)),
            Change::MoreFlightTime { aircraft, by_s } => named(aircraft, seconds(Code::MoreFlightTime, by_s)),
            Change::MoreFuel { aircraft, by_s } => named(aircraft, seconds(Code::MoreEndurance, by_s)),
            Change::MoreFuelAt { site, by_l } => v1::SmallestChange {
                amount: i64::from(*by_l),
                unit: v1::Unit::Litres.into(),
                subject: self.shown.names.print(site),
                ..of(Code::MoreFuelAtSite)
            },
            Change::FreeSite { site } => v1::SmallestChange {
                subject: self.shown.names.print_opt(site.as_ref()),
                ..of(Code::FreeSite)
            },
            Change::OneMoreSortie { aircraft } => named(aircraft, of(Code::OneMoreSortie)),
            Change::AnotherAircraft => of(Code::AnotherAircraft),
        }
    }
}

/// What stands in the way, as the change that would lift it says.
fn reason(change: &Change) -> Reason {
    match change {
        Change::LaterDue { .. } => Reason::TooLate,
        Change::LongerDuty { .. } | Change::MoreFlightTime { .. } => Reason::DutyEnds,
        Change::MoreFuel { .. } | Change::MoreFuelAt { .. } => Reason::FuelShort,
        Change::FreeSite { .. } => Reason::SiteFull,
        Change::OneMoreSortie { .. } => Reason::NoSortieLeft,
        Change::AnotherAircraft => Reason::AllTaken,
    }
}

fn minutes(seconds: Seconds) -> u32 {
    seconds.div_ceil(60)
}
