//! No-fly areas, planned flights and conflicts at pads as the wire shows them.

use super::shown::Shown;
use super::wire;
use crate::allocator::ranking::Weather;
use crate::api::v1;
use crate::authority::planner::air::flight::{Crossed, FlightAsk, FlightOutcome, FlightStop, FlownLeg};
use crate::authority::planner::air::pads;
use crate::decision::model::NoFlyReport;
use crate::id::NoFlyAreaId;
use crate::network::air::{Barrier, Infeasible};
use crate::units::geodesy::distance_m;
use crate::units::{Seconds, Timestamp};
use v1::flight_plan::Outcome;

/// What an area is at `now`.
#[must_use]
pub fn state(report: &NoFlyReport, now: Timestamp) -> v1::no_fly_area::State {
    match report {
        NoFlyReport { lifted: Some(_), .. } => v1::no_fly_area::State::Lifted,
        report if !report.is_in_force(now) => v1::no_fly_area::State::Ended,
        report if report.area.from > now => v1::no_fly_area::State::Upcoming,
        _ => v1::no_fly_area::State::InForce,
    }
}

fn span(seconds: Seconds) -> Option<prost_types::Duration> {
    Some(prost_types::Duration { seconds: seconds.into(), nanos: 0 })
}

impl Shown {
    /// One area that may not be flown through.
    #[must_use]
    pub fn no_fly_area(&self, id: &NoFlyAreaId) -> Option<v1::NoFlyArea> {
        self.view.no_fly_area(id).map(|report| self.no_fly_area_of(report))
    }

    /// An area and what became of it.
    #[must_use]
    pub fn no_fly_area_of(&self, report: &NoFlyReport) -> v1::NoFlyArea {
        let area = &report.area;
        v1::NoFlyArea {
            name: self.names.print(&area.id),
            corners: area.corners.iter().map(|corner| wire::position(*corner)).collect(),
            floor_m: area.floor_m,
            ceiling_m: area.ceiling_m,
            start_time: Some(wire::instant(area.from)),
            end_time: area.until.map(wire::instant),
            reason: area.reason.clone(),
            source: area.source.clone(),
            state: state(report, self.now).into(),
            report_time: Some(wire::instant(report.reported_at)),
            lift_time: report.lifted.as_ref().map(|lift| wire::instant(lift.at)),
            lift_note: report.lifted.as_ref().map(|lift| lift.note.clone()).unwrap_or_default(),
        }
    }

    fn barrier(&self, barrier: &Barrier) -> v1::AirBarrier {
        match barrier {
            Barrier::NoFly(id) => {
                v1::AirBarrier { no_fly_area: self.names.print(id), ..v1::AirBarrier::default() }
            }
            Barrier::Weather(id) => {
                v1::AirBarrier { weather_region: self.names.print(id), ..v1::AirBarrier::default() }
            }
        }
    }

    fn barriers(&self, barriers: &[Barrier]) -> Vec<v1::AirBarrier> {
        barriers.iter().map(|barrier| self.barrier(barrier)).collect()
    }
}

/// A planned flight, as it was asked for.
#[must_use]
pub fn flight_plan(
    shown: &Shown,
    message: &v1::PlanFlightRequest,
    ask: &FlightAsk,
    outcome: &FlightOutcome,
) -> v1::FlightPlan {
    let mut plan = v1::FlightPlan {
        great_circle_m: distance_m(ask.from.into(), ask.to.into()),
        start_time: Some(wire::instant(ask.at)),
        speed_kmh: ask.speed_kmh,
        altitude_m: ask.altitude_m,
        ..v1::FlightPlan::default()
    };
    let kind = match outcome {
        FlightOutcome::Flyable(legs) => {
            plan.legs = legs.iter().map(|leg| flown(shown, message, leg)).collect();
            plan.distance_m = legs.iter().map(|leg| leg.leg.distance_m).sum();
            plan.total_time = span(legs.last().map_or(0, |leg| leg.landing.seconds_since(ask.at)));
            Outcome::Flyable
        }
        FlightOutcome::OutOfRange { short_m } => {
            plan.range_short_m = *short_m;
            Outcome::OutOfRange
        }
        FlightOutcome::Barred { why, least } => {
            plan.smallest_change = shown.barriers(least);
            match why {
                Infeasible::Inside { barrier, .. } => {
                    plan.barriers = vec![shown.barrier(barrier)];
                    Outcome::InsideBarrier
                }
                Infeasible::Enclosed { barriers } => {
                    plan.barriers = shown.barriers(barriers);
                    Outcome::Enclosed
                }
                Infeasible::Intricate { .. } => Outcome::TooIntricate,
                Infeasible::TooFar => Outcome::TooFar,
                Infeasible::Stopped { .. } => Outcome::WindTooStrong,
            }
        }
    };
    plan.outcome = kind.into();
    plan
}

fn flown(shown: &Shown, message: &v1::PlanFlightRequest, flown: &FlownLeg) -> v1::FlightLeg {
    let leg = &flown.leg;
    let place = |stop: &FlightStop, given: Option<&v1::FlightPlace>| v1::FlightPlace {
        name: match (&stop.fuel, given) {
            (Some(site), _) => shown.names.print(site),
            (None, Some(given)) => given.name.clone(),
            (None, None) => message.asset.clone(),
        },
        position: Some(wire::position(stop.position)),
    };
    v1::FlightLeg {
        from: Some(place(&flown.from, message.from.as_ref())),
        to: Some(place(&flown.to, message.to.as_ref())),
        great_circle_m: flown.great_circle_m,
        distance_m: leg.distance_m,
        air_m: leg.air_m,
        flight_time: span(leg.travel_s),
        track: leg.way.iter().map(|at| wire::position(*at)).collect(),
        around: shown.barriers(&leg.around),
        regions: flown.regions.iter().map(|crossed| region(shown, crossed)).collect(),
        refuels_before: flown.refuels_before,
        take_off_time: Some(wire::instant(flown.take_off)),
        landing_time: Some(wire::instant(flown.landing)),
    }
}

fn region(shown: &Shown, crossed: &Crossed) -> v1::FlightRegion {
    v1::FlightRegion {
        weather_region: shown.names.print(&crossed.region),
        from_m: crossed.from_m,
        until_m: crossed.until_m,
        weather: shown.weather(&crossed.region),
        admits: crossed.admits,
        known: matches!(crossed.weather, Weather::Reported { .. }),
    }
}

/// More flights at a site than it has spots.
#[must_use]
pub fn pad_conflict(shown: &Shown, conflict: &pads::Conflict) -> v1::PadConflict {
    let used = |used: &pads::Use| v1::PadUse {
        requisition: shown.names.print(&used.requisition),
        asset: shown.names.print_opt(used.asset.as_ref()),
        mission: shown.names.print_opt(used.mission.as_ref()),
        start_time: Some(wire::instant(used.window.from)),
        end_time: Some(wire::instant(used.window.until)),
    };
    v1::PadConflict {
        site: shown.names.print(&conflict.site),
        display_name: shown.view.site(&conflict.site).map(|(site, _)| wire::display_name(&site.name)),
        spots: conflict.spots.into(),
        flights_max: u32::try_from(conflict.flights_max).unwrap_or(u32::MAX),
        start_time: Some(wire::instant(conflict.window.from)),
        end_time: Some(wire::instant(conflict.window.until)),
        uses: conflict.uses.iter().map(used).collect(),
    }
}
