//! What is left to each limit, and what a person should know before asking.
//!
//! Absent on purpose: verdicts; those are `judge`'s.

use super::fleet::*;
use super::judge::{
    Flight, Judge, duty_end_s, flight_left_s, last_landing_s, leases_during, offer_end_s, opens_s, ready_s,
    signed,
};
use super::plan::{Margins, Transport};
use super::problem::*;
use super::reason::Warning;
use crate::units::Seconds;

impl Judge<'_> {
    /// What is left to each limit of one mission.
    pub(super) fn margins(
        &self,
        idx: AircraftIdx,
        site: SiteIdx,
        transport: Transport,
        flight: &Flight,
    ) -> Margins {
        let aircraft = &self.problem.aircraft[idx.index()];
        let (problem, needs, timeline) = (self.problem, &self.problem.needs, &flight.timeline);
        let (place, hospital) =
            (&problem.sites[site.index()], &problem.hospitals[transport.hospital().index()]);
        let allowance = self.allowance(aircraft);
        let until = |limit: Option<OffsetS>, instant_s: Seconds| limit.map(|limit| limit - signed(instant_s));
        let left = |limit: u32, used: u32| Some(signed(limit) - signed(used));
        let keep = problem.blocks[aircraft.block.index()].keep;
        let regions = self.regions_judged(idx, site, transport);
        let weather = self.weather_margins(&aircraft.minima, regions);
        let pad = match transport {
            Transport::ByAir { .. } => hospital.pad,
            Transport::ByRoad { .. } => None,
        };
        Margins {
            service_s: until(aircraft.service.until_s, timeline.lift_off_s),
            due_s: until(problem.due_s, timeline.care_s),
            daylight_s: until(last_landing_s(aircraft), timeline.home_s),
            duty_s: until(duty_end_s(aircraft), timeline.home_s),
            outage_s: until(aircraft.next_outage_s, timeline.home_s),
            offer_s: until(offer_end_s(aircraft), timeline.home_s),
            flight_s: flight_left_s(aircraft).map(|left_s| signed(left_s) - signed(flight.airborne_s)),
            range_m: Some(allowance.range_m - signed(flight.distance_m)),
            endurance_s: Some(allowance.endurance_s - signed(flight.airborne_s)),
            distance_m: aircraft
                .standing
                .distance_max_m
                .map(|max_m| signed(max_m) - signed(flight.site_from_home_m)),
            flights_left: aircraft.standing.flights_left.map(i32::from),
            kept_at_home: (keep > 0 && aircraft.status != AircraftStatus::Retaskable)
                .then(|| i32::from(self.others_ready(aircraft)) - i32::from(keep)),
            seats: left(aircraft.seats.into(), needs.seats.into()),
            stretchers: left(aircraft.stretchers.into(), needs.stretchers.into()),
            fix_s: match aircraft.fix {
                Fix::Known { age_s } => Some(signed(problem.policy.fix_age_max_s) - signed(age_s)),
                Fix::Missing => None,
            },
            site_mass_kg: left(place.mass_max_kg, aircraft.mass_kg),
            site_size_m: left(place.size_max_m, aircraft.size_m),
            site_spots: Some(i32::from(place.spots) - 1 - leases_during(place, timeline)),
            site_confirmation_s: problem
                .policy
                .confirmation_ttl_s
                .and_then(|ttl_s| place.confirmed_age_s.map(|age_s| signed(ttl_s) - signed(age_s))),
            pad_mass_kg: pad.and_then(|pad| left(pad.mass_max_kg, aircraft.mass_kg)),
            pad_size_m: pad.and_then(|pad| left(pad.size_max_m, aircraft.size_m)),
            pad_wind_mps: pad.and_then(|pad| match problem.regions[hospital.region.index()] {
                Weather::Reported { wind_mps, .. } => left(pad.wind_max_mps, wind_mps),
                Weather::Expired { .. } | Weather::Unknown => None,
            }),
            beds: hospital.beds.map(|beds| i32::from(beds) - i32::from(needs.patients)),
            ..weather
        }
    }

    fn weather_margins(&self, minima: &Minima, regions: impl Iterator<Item = RegionIdx>) -> Margins {
        let mut margins = Margins::default();
        let least = |so_far: Option<i32>, next: i32| Some(so_far.map_or(next, |so_far| so_far.min(next)));
        for region in regions {
            if let Weather::Reported { visibility_m, ceiling_m, wind_mps, .. } =
                self.problem.regions[region.index()]
            {
                let visibility_m = signed(visibility_m) - signed(minima.visibility_m);
                margins.visibility_m = least(margins.visibility_m, visibility_m);
                margins.ceiling_m = least(margins.ceiling_m, signed(ceiling_m) - signed(minima.ceiling_m));
                margins.wind_mps = least(margins.wind_mps, signed(minima.wind_max_mps) - signed(wind_mps));
            }
        }
        margins
    }

    /// What a person should know, sorted.
    pub(super) fn warnings(&self, idx: AircraftIdx, site: SiteIdx, transport: Transport) -> Vec<Warning> {
        let (problem, policy) = (self.problem, &self.problem.policy);
        let aircraft = &problem.aircraft[idx.index()];
        let mut warnings = self.detours(idx, site, transport);
        for region in self.regions_touched(aircraft, site, transport) {
            match problem.regions[region.index()] {
                Weather::Reported { .. } => {}
                Weather::Expired { age_s } => {
                    warnings.push(Warning::WeatherExpired { region, age_s });
                }
                Weather::Unknown => warnings.push(Warning::WeatherUnknown { region }),
            }
        }
        match aircraft.fix {
            Fix::Known { age_s } if age_s > policy.fix_age_max_s => {
                warnings.push(Warning::StaleFix { age_s })
            }
            Fix::Known { .. } | Fix::Missing => {}
        }
        if aircraft.crew == Crew::Unknown {
            warnings.push(Warning::CrewUnknown);
        }
        if self.resting(aircraft) {
            warnings.extend(aircraft.rest_until_s.map(|until_s| Warning::RestOverridden { until_s }));
        }
        match aircraft.status {
            AircraftStatus::Training => warnings.push(Warning::RecallsTraining),
            AircraftStatus::FreeSoon => warnings.push(Warning::FreeSoon),
            AircraftStatus::Retaskable => warnings.push(Warning::BreaksOffMission),
            AircraftStatus::Ready
            | AircraftStatus::Engaged
            | AircraftStatus::Held { .. }
            | AircraftStatus::OutOfService { .. } => {}
        }
        if let Some(from_s) = opens_s(aircraft)
            && from_s > signed(ready_s(aircraft))
        {
            warnings.push(Warning::WaitsUntil { from_s });
        }
        if policy.confirmation_ttl_s.is_none() && problem.sites[site.index()].confirmed_age_s.is_none() {
            warnings.push(Warning::SiteUnconfirmed { site });
        }
        let hospital = transport.hospital();
        if problem.hospitals[hospital.index()].state == HospitalState::Unknown {
            warnings.push(Warning::HospitalUnknown { hospital });
        }
        warnings.sort_unstable();
        warnings
    }
}
