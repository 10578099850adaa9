//! The rules: every limit of a ranking, each judged here and nowhere else.
//!
//! Absent on purpose: any choice. [`Judge::assess`] looks at one aircraft, one site and one way on; who is
//! looked at is the business of `solver` (fast) and `plain` (obvious).
//!
//! Each `*_reasons` function tells every limit that is broken to its listener; counting and listing are two
//! listeners of the same rules.

use super::air::{Barred, Leg, Passage};
use super::fleet::*;
use super::plan::*;
use super::problem::*;
use super::reason::{Reason, Warning};
use super::validate::limits::TIME_MAX_S;
use crate::units::geodesy::{UnitVector, distance_m, travel_s};
use crate::units::{Metres, Seconds, UNREACHABLE};

/// Signed seconds or metres; the limits of `validate` keep every sum inside.
pub(super) fn signed(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// The positive part.
pub(super) fn positive(value: i32) -> u32 {
    value.max(0).unsigned_abs()
}

/// A road time to a hospital to count with: where there is no road, the longest span, so that sums stay small.
pub(super) fn countable(road_s: Seconds) -> Seconds {
    road_s.min(TIME_MAX_S)
}

/// Whole minutes, rounded up: a shown time to care is never understated.
pub(super) fn whole_minutes(seconds: Seconds) -> u32 {
    seconds.div_ceil(60)
}

/// From now to the air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Aircraft and crew are ready.
    pub(super) ready_s: Seconds,
    /// Lift-off.
    pub(super) lift_off_s: Seconds,
}

impl Start {
    /// When an aircraft could start.
    pub(super) fn of(aircraft: &Aircraft) -> Start {
        Start { ready_s: ready_s(aircraft), lift_off_s: lift_off_s(aircraft) }
    }
}

/// The way to a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SiteWay {
    /// From where the aircraft is.
    pub(super) to_site_m: Metres,
    /// The flight.
    pub(super) to_site_s: Seconds,
    /// From its home base.
    pub(super) from_home_m: Metres,
}

impl SiteWay {
    fn of(problem: &Problem, idx: AircraftIdx, site: SiteIdx) -> SiteWay {
        let (aircraft, place) = (&problem.aircraft[idx.index()], &problem.sites[site.index()]);
        let straight_m = distance_m(aircraft.position, place.position);
        let to_site_m = problem.flown_m(Some(Leg::ToSite { aircraft: idx, site }), straight_m);
        let to_site_s = travel_s(to_site_m, aircraft.speed_kmh);
        SiteWay { to_site_m, to_site_s, from_home_m: distance_m(aircraft.home, place.position) }
    }
}

/// One mission, flown in the mind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flight {
    /// What happens when.
    pub(super) timeline: Timeline,
    /// Way flown.
    pub(super) distance_m: Metres,
    /// From the home base to the site.
    pub(super) site_from_home_m: Metres,
    /// Time in the air, waiting over an unsecured site included.
    pub(super) airborne_s: Seconds,
    /// Landing at the hospital's pad.
    pub(super) at_pad_s: Option<Seconds>,
}

/// What is left of each aircraft-bound limit that a flight uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Allowance {
    /// Range beyond the reserve.
    pub(super) range_m: i32,
    /// Endurance beyond the reserve.
    pub(super) endurance_s: i32,
    /// Flight time left to the pilot; [`i32::MAX`]: no limit.
    pub(super) flight_s: i32,
    /// The first of the instants by which it must be home; [`i32::MAX`]: none.
    pub(super) home_by_s: i32,
}

/// Verdict on one aircraft at one site with one way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assessment {
    pub(super) timeline: Timeline,
    pub(super) margins: Margins,
    /// Sorted.
    pub(super) reasons: Vec<Reason>,
}

/// Judges one problem. Holds what several aircraft share.
pub(super) struct Judge<'a> {
    pub(super) problem: &'a Problem,
    /// Aircraft that stand ready, by block.
    ready_in_block: Vec<u16>,
}

/// Whether an aircraft stands ready at home, so that it covers its area and counts for its block.
pub(super) fn stands_by(aircraft: &Aircraft) -> bool {
    let ready = match aircraft.status {
        AircraftStatus::Ready | AircraftStatus::Training => true,
        AircraftStatus::FreeSoon
        | AircraftStatus::Retaskable
        | AircraftStatus::Engaged
        | AircraftStatus::Held { .. }
        | AircraftStatus::OutOfService { .. } => false,
    };
    let crewed = match aircraft.crew {
        Crew::Present { .. } | Crew::Unknown => true,
        Crew::Absent => false,
    };
    ready && crewed && aircraft.ownership != Ownership::NotOffered && aircraft.asked != Asked::Already
}

/// When the aircraft may lift off at the earliest; `None`: it may at once.
pub(super) fn opens_s(aircraft: &Aircraft) -> Option<OffsetS> {
    let daylight = match aircraft.daylight {
        Daylight::DayOnly { first_take_off_s, .. } => first_take_off_s,
        Daylight::NightCapable => None,
    };
    let offer = match aircraft.ownership {
        Ownership::Offered(span) => span.from_s,
        Ownership::Union | Ownership::NotOffered => None,
    };
    aircraft.service.from_s.max(daylight).max(offer)
}

/// When aircraft and crew are ready: a hold of somebody else is waited for.
pub(super) fn ready_s(aircraft: &Aircraft) -> Seconds {
    match aircraft.status {
        AircraftStatus::Held { until_s } => aircraft.ready_in_s.max(positive(until_s)),
        _ => aircraft.ready_in_s,
    }
}

/// Lift-off.
pub(super) fn lift_off_s(aircraft: &Aircraft) -> Seconds {
    ready_s(aircraft).max(positive(opens_s(aircraft).unwrap_or(0)))
}

/// The last landing by daylight.
pub(super) fn last_landing_s(aircraft: &Aircraft) -> Option<OffsetS> {
    match aircraft.daylight {
        Daylight::DayOnly { last_landing_s, .. } => last_landing_s,
        Daylight::NightCapable => None,
    }
}

pub(super) fn duty_end_s(aircraft: &Aircraft) -> Option<OffsetS> {
    match aircraft.crew {
        Crew::Present { duty_end_s, .. } => duty_end_s,
        Crew::Unknown | Crew::Absent => None,
    }
}

pub(super) fn flight_left_s(aircraft: &Aircraft) -> Option<Seconds> {
    match aircraft.crew {
        Crew::Present { flight_left_s, .. } => flight_left_s,
        Crew::Unknown | Crew::Absent => None,
    }
}

pub(super) fn offer_end_s(aircraft: &Aircraft) -> Option<OffsetS> {
    match aircraft.ownership {
        Ownership::Offered(span) => span.until_s,
        Ownership::Union | Ownership::NotOffered => None,
    }
}

/// Seconds for which the choice takes cover away: from when the aircraft would stand by until it does again,
/// but not beyond its hours and its daylight, when it would not cover anyway.
pub(super) fn away_s(aircraft: &Aircraft, cover_back_s: Seconds) -> Seconds {
    let from = if stands_by(aircraft) { 0 } else { signed(lift_off_s(aircraft)) };
    let ends = [aircraft.service.until_s, last_landing_s(aircraft)];
    let until = ends.into_iter().flatten().fold(signed(cover_back_s), i32::min);
    positive(until - from)
}

/// When a site is secured; `None`: the support crew has no open road to it.
pub(super) fn secured_s(site: &Site) -> Option<Seconds> {
    (site.support_s != UNREACHABLE).then(|| site.support_s + site.securing_s)
}

/// How many leases overlap the stay.
pub(super) fn leases_during(site: &Site, timeline: &Timeline) -> i32 {
    let (landed_s, depart_s) = (signed(timeline.landed_s), signed(timeline.depart_scene_s));
    let overlaps = |lease: &&Window| lease.from_s < depart_s && lease.until_s > landed_s;
    i32::try_from(site.leases.iter().filter(overlaps).count()).unwrap_or(i32::MAX)
}

/// The limits of `minima` that the weather of a region breaks. Unknown weather breaks none; it is flagged.
fn weather_broken(weather: &Weather, minima: &Minima, region: RegionIdx, tell: &mut impl FnMut(Reason)) {
    let Weather::Reported { visibility_m, ceiling_m, wind_mps, icing, thunderstorm } = *weather else {
        return;
    };
    if visibility_m < minima.visibility_m {
        tell(Reason::Visibility { region, short_m: minima.visibility_m - visibility_m });
    }
    if ceiling_m < minima.ceiling_m {
        tell(Reason::Ceiling { region, short_m: minima.ceiling_m - ceiling_m });
    }
    if wind_mps > minima.wind_max_mps {
        tell(Reason::Wind { region, over_mps: wind_mps - minima.wind_max_mps });
    }
    if icing {
        tell(Reason::Icing { region });
    }
    if thunderstorm {
        tell(Reason::Thunderstorm { region });
    }
}

impl Weather {
    /// Whether an aircraft with these minima may fly in it, as far as it is known.
    #[must_use]
    pub fn admits(&self, minima: &Minima) -> bool {
        let mut is_broken = false;
        weather_broken(self, minima, RegionIdx(0), &mut |_| is_broken = true);
        !is_broken
    }
}

impl<'a> Judge<'a> {
    /// The problem must be valid.
    pub(super) fn new(problem: &'a Problem) -> Judge<'a> {
        let mut ready_in_block = vec![0u16; problem.blocks.len()];
        for aircraft in problem.aircraft.iter().filter(|aircraft| stands_by(aircraft)) {
            ready_in_block[aircraft.block.index()] += 1;
        }
        Judge { problem, ready_in_block }
    }

    /// Place in the agreement, 0 first.
    pub(super) fn tier(&self, aircraft: &Aircraft) -> u32 {
        let listed = match aircraft.standing.rank {
            StandingRank::Own => None,
            StandingRank::Listed { order } => Some(order),
            StandingRank::None | StandingRank::Refused => Some(u16::MAX),
        };
        match (self.problem.policy.call_order, listed) {
            (CallOrder::NearestFirst, _) | (_, None) => 0,
            (CallOrder::OwnFirst, Some(_)) => 1,
            (CallOrder::OrderList, Some(order)) => 1 + u32::from(order),
        }
    }

    /// Whether the crew's rest puts the aircraft behind the others of its tier.
    pub(super) fn resting(&self, aircraft: &Aircraft) -> bool {
        self.problem.policy.rest == RestRule::PreferRested
            && aircraft.rest_until_s.is_some_and(|until_s| until_s > signed(lift_off_s(aircraft)))
    }

    pub(super) fn others_ready(&self, aircraft: &Aircraft) -> u16 {
        self.ready_in_block[aircraft.block.index()] - u16::from(stands_by(aircraft))
    }

    /// What keeps the aircraft in, wherever it would fly.
    pub(super) fn aircraft_reasons(&self, aircraft: &Aircraft, tell: &mut impl FnMut(Reason)) {
        let policy = &self.problem.policy;
        match aircraft.asked {
            Asked::NotYet => {}
            Asked::Already => tell(Reason::AlreadyAsked),
            Asked::Declined => tell(Reason::DeclinedEarlier),
            Asked::NotHeld => tell(Reason::NotHeldEarlier),
            Asked::Expired => tell(Reason::NoAnswerEarlier),
            Asked::BrokeOff => tell(Reason::BrokeOffEarlier),
        }
        match aircraft.status {
            AircraftStatus::Ready | AircraftStatus::FreeSoon => {}
            AircraftStatus::Training if policy.recall == Permission::Allowed => {}
            AircraftStatus::Training => tell(Reason::RecallRefused),
            AircraftStatus::Retaskable if policy.retask == Permission::Allowed => {}
            AircraftStatus::Retaskable => tell(Reason::RetaskRefused),
            AircraftStatus::Engaged => tell(Reason::Engaged),
            AircraftStatus::Held { until_s } => tell(Reason::Held { until_s }),
            AircraftStatus::OutOfService { cause, until_s, planned } => {
                tell(Reason::OutOfService { cause, until_s, planned });
            }
        }
        match aircraft.fix {
            Fix::Missing => tell(Reason::NoFix),
            Fix::Known { age_s }
                if age_s > policy.fix_age_max_s && policy.stale_fix == StaleRule::Excluded =>
            {
                tell(Reason::StaleFix { age_s, age_max_s: policy.fix_age_max_s });
            }
            Fix::Known { .. } => {}
        }
        if aircraft.crew == Crew::Absent {
            tell(Reason::NoCrew);
        }
        self.agreement_reasons(aircraft, tell);
        self.load_reasons(aircraft, tell);
        if let Some(until_s) = aircraft.service.until_s {
            let late_s = positive(signed(lift_off_s(aircraft)) - until_s);
            if late_s > 0 {
                tell(Reason::AfterService { late_s });
            }
        }
    }

    fn agreement_reasons(&self, aircraft: &Aircraft, tell: &mut impl FnMut(Reason)) {
        match aircraft.standing.rank {
            StandingRank::Own | StandingRank::Listed { .. } => {}
            StandingRank::None => tell(Reason::NoAgreement),
            StandingRank::Refused => tell(Reason::AgreementRefuses),
        }
        if aircraft.standing.flights_left == Some(0) {
            tell(Reason::FlightsUsedUp);
        }
        if aircraft.ownership == Ownership::NotOffered {
            tell(Reason::NotOffered);
        }
        // An aircraft that is in the air already leaves nobody behind by flying elsewhere.
        let (others, keep) = (self.others_ready(aircraft), self.problem.blocks[aircraft.block.index()].keep);
        if others < keep && aircraft.status != AircraftStatus::Retaskable {
            tell(Reason::KeptAtHome { block: aircraft.block, others, keep });
        }
    }

    fn load_reasons(&self, aircraft: &Aircraft, tell: &mut impl FnMut(Reason)) {
        let needs = &self.problem.needs;
        let missing = aircraft.capabilities.missing(needs.capabilities);
        if !missing.is_empty() {
            tell(Reason::LacksCapability { missing });
        }
        if aircraft.seats < needs.seats {
            tell(Reason::SeatsShort { short: needs.seats - aircraft.seats });
        }
        if aircraft.stretchers < needs.stretchers {
            tell(Reason::StretchersShort { short: needs.stretchers - aircraft.stretchers });
        }
    }

    /// Weather of one region against one aircraft's minima. Unknown weather passes; it is flagged.
    pub(super) fn weather_reasons(&self, minima: &Minima, region: RegionIdx, tell: &mut impl FnMut(Reason)) {
        weather_broken(&self.problem.regions[region.index()], minima, region, tell);
    }

    /// What speaks against a site, its weather apart.
    pub(super) fn site_reasons(
        &self,
        aircraft: &Aircraft,
        idx: SiteIdx,
        flight: &Flight,
        tell: &mut impl FnMut(Reason),
    ) {
        let (site, timeline) = (&self.problem.sites[idx.index()], &flight.timeline);
        if site.state == SiteState::Closed {
            tell(Reason::SiteClosed { site: idx });
        }
        if let Some(ttl_s) = self.problem.policy.confirmation_ttl_s
            && site.confirmed_age_s.is_none_or(|age_s| age_s > ttl_s)
        {
            tell(Reason::SiteUnconfirmed { site: idx, age_s: site.confirmed_age_s });
        }
        if aircraft.mass_kg > site.mass_max_kg {
            tell(Reason::SiteMass { site: idx, over_kg: aircraft.mass_kg - site.mass_max_kg });
        }
        if aircraft.size_m > site.size_max_m {
            tell(Reason::SiteSize { site: idx, over_m: aircraft.size_m - site.size_max_m });
        }
        if site.ambulance_s == UNREACHABLE || site.support_s == UNREACHABLE {
            tell(Reason::NoRoadToSite { site: idx });
        }
        let spots = i32::from(site.spots) - 1 - leases_during(site, timeline);
        if spots < 0 {
            let short = u16::try_from(positive(-spots)).unwrap_or(u16::MAX);
            tell(Reason::SiteFull { site: idx, short });
        }
        if !site.lit && self.is_dark(timeline.landed_s) {
            tell(Reason::SiteUnlit { site: idx });
        }
        if let Some(distance_max_m) = aircraft.standing.distance_max_m {
            let over_m = flight.site_from_home_m.saturating_sub(distance_max_m);
            if over_m > 0 {
                tell(Reason::TooFar { site: idx, over_m });
            }
        }
    }

    /// Whether it is dark at the scene.
    pub(super) fn is_dark(&self, instant_s: Seconds) -> bool {
        let inside = |dark: Window| (dark.from_s..dark.until_s).contains(&signed(instant_s));
        self.problem.darkness.is_some_and(inside)
    }

    /// What speaks against a hospital, however the patient comes.
    pub(super) fn hospital_reasons(&self, idx: HospitalIdx, tell: &mut impl FnMut(Reason)) {
        let (hospital, needs) = (&self.problem.hospitals[idx.index()], &self.problem.needs);
        let missing = hospital.specialties.missing(needs.specialties);
        if !missing.is_empty() {
            tell(Reason::HospitalLacks { hospital: idx, missing });
        }
        match hospital.state {
            HospitalState::Accepting | HospitalState::Unknown => {}
            HospitalState::Refusing | HospitalState::Inundated => {
                tell(Reason::HospitalClosed { hospital: idx, state: hospital.state });
            }
        }
        if let Some(beds) = hospital.beds
            && beds < needs.patients
        {
            tell(Reason::BedsShort { hospital: idx, short: needs.patients - beds });
        }
    }

    /// What speaks against a hospital's pad, whoever comes; its light and the region's weather apart.
    pub(super) fn pad_reasons(&self, idx: HospitalIdx, tell: &mut impl FnMut(Reason)) {
        let hospital = &self.problem.hospitals[idx.index()];
        let Some(pad) = hospital.pad else {
            tell(Reason::NoPad { hospital: idx });
            return;
        };
        if let Weather::Reported { wind_mps, .. } = self.problem.regions[hospital.region.index()]
            && wind_mps > pad.wind_max_mps
        {
            tell(Reason::PadWind { hospital: idx, over_mps: wind_mps - pad.wind_max_mps });
        }
    }

    /// Whether the aircraft fits on a pad.
    fn fit_reasons(aircraft: &Aircraft, idx: HospitalIdx, pad: &Pad, tell: &mut impl FnMut(Reason)) {
        if aircraft.mass_kg > pad.mass_max_kg {
            tell(Reason::PadMass { hospital: idx, over_kg: aircraft.mass_kg - pad.mass_max_kg });
        }
        if aircraft.size_m > pad.size_max_m {
            tell(Reason::PadSize { hospital: idx, over_m: aircraft.size_m - pad.size_max_m });
        }
    }

    /// What is left to the aircraft for one mission.
    pub(super) fn allowance(&self, aircraft: &Aircraft) -> Allowance {
        let reserve_s = self.problem.policy.reserve_s;
        let reserve_m = u64::from(aircraft.speed_kmh) * u64::from(reserve_s) * 10 / 36;
        // A reserve beyond any range rules out; that it is not counted farther keeps the sums small.
        let reserve_m = u32::try_from(reserve_m).unwrap_or(u32::MAX).min(super::validate::limits::METRES_MAX);
        let home_by =
            [last_landing_s(aircraft), duty_end_s(aircraft), aircraft.next_outage_s, offer_end_s(aircraft)];
        Allowance {
            range_m: signed(aircraft.range_m) - signed(reserve_m),
            endurance_s: signed(aircraft.endurance_s) - signed(reserve_s),
            flight_s: flight_left_s(aircraft).map_or(i32::MAX, signed),
            home_by_s: home_by.into_iter().flatten().fold(i32::MAX, i32::min),
        }
    }

    /// The flight up to leaving the scene.
    ///
    /// Time to care = max(aircraft ready + flight, ambulance at the site, support crew at the site + securing)
    /// + hand-over. The stop on the scene runs from the meeting; hand-over is part of it.
    pub(super) fn outbound(&self, start: Start, site: &Site, way: SiteWay) -> Flight {
        let (policy, lift_off_s) = (&self.problem.policy, start.lift_off_s);
        let at_site_s = lift_off_s + way.to_site_s;
        // Where no road is open the aircraft is judged as if crew and ambulance met it: the road is the one change.
        let secured_s = secured_s(site).unwrap_or(at_site_s);
        let landed_s = at_site_s.max(secured_s);
        let no_road = site.ambulance_s == UNREACHABLE;
        let ambulance_at_site_s = if no_road { landed_s } else { site.ambulance_s };
        let met_s = landed_s.max(ambulance_at_site_s);
        let handed_over_s = met_s + policy.hand_over_s;
        let timeline = Timeline {
            ready_s: start.ready_s,
            lift_off_s,
            at_site_s,
            secured_s,
            landed_s,
            ambulance_at_site_s,
            handed_over_s,
            care_s: handed_over_s,
            depart_scene_s: met_s + policy.on_scene_s.max(policy.hand_over_s),
            ..Timeline::default()
        };
        Flight {
            timeline,
            distance_m: way.to_site_m,
            site_from_home_m: way.from_home_m,
            airborne_s: landed_s - lift_off_s,
            at_pad_s: None,
        }
    }

    /// The whole mission.
    pub(super) fn fly(&self, idx: AircraftIdx, site: SiteIdx, transport: Transport) -> Flight {
        let (problem, policy) = (self.problem, &self.problem.policy);
        let (aircraft, place) = (&problem.aircraft[idx.index()], &problem.sites[site.index()]);
        let mut flight = self.outbound(Start::of(aircraft), place, SiteWay::of(problem, idx, site));
        let mut timeline = flight.timeline;
        let leg = |way: Option<Leg>, a: UnitVector, b: UnitVector| {
            let metres = problem.flown_m(way, distance_m(a, b));
            (metres, travel_s(metres, aircraft.speed_kmh))
        };
        match transport {
            Transport::ByAir { hospital: end } => {
                let hospital = &problem.hospitals[end.index()];
                let onward = problem.onward(&aircraft.minima, site, end);
                let (out_m, out_s) = leg(onward, place.position, hospital.position);
                let homeward = Leg::HomeFromHospital { aircraft: idx, hospital: end };
                let (home_m, home_s) = leg(Some(homeward), hospital.position, aircraft.home);
                let at_pad_s = timeline.depart_scene_s + out_s;
                // At its own base the mission ends with the landing: there is no second flight to wait for.
                let stop_s = if home_m == 0 { 0 } else { policy.hospital_stop_s };
                timeline.at_hospital_s = at_pad_s + hospital.pad.map_or(0, |pad| pad.drive_s);
                timeline.home_s = at_pad_s + stop_s + home_s;
                flight.distance_m += out_m + home_m;
                flight.airborne_s += out_s + home_s;
                flight.at_pad_s = Some(at_pad_s);
            }
            Transport::ByRoad { hospital } => {
                let homeward = Leg::HomeFromSite { aircraft: idx, site };
                let home_m = problem.flown_m(Some(homeward), flight.site_from_home_m);
                let home_s = travel_s(home_m, aircraft.speed_kmh);
                let road_s = countable(problem.road_from_site_s(site, hospital));
                timeline.at_hospital_s = timeline.depart_scene_s + road_s;
                timeline.home_s = timeline.depart_scene_s + home_s;
                flight.distance_m += home_m;
                flight.airborne_s += home_s;
            }
        }
        if problem.kind == Kind::Transfer {
            timeline.care_s = timeline.at_hospital_s;
        }
        timeline.cover_back_s = timeline.home_s + policy.turn_around_s;
        flight.timeline = timeline;
        flight
    }

    fn flight_reasons(&self, aircraft: &Aircraft, flight: &Flight, tell: &mut impl FnMut(Reason)) {
        let allowance = self.allowance(aircraft);
        let short_m = positive(signed(flight.distance_m) - allowance.range_m);
        if short_m > 0 {
            tell(Reason::RangeShort { short_m });
        }
        let short_s = positive(signed(flight.airborne_s) - allowance.endurance_s);
        if short_s > 0 {
            tell(Reason::EnduranceShort { short_s });
        }
        let short_s = positive(signed(flight.airborne_s) - allowance.flight_s);
        if short_s > 0 {
            tell(Reason::FlightTimeShort { short_s });
        }
        let care_s = signed(flight.timeline.care_s);
        let late_s = self.problem.due_s.map_or(0, |due_s| positive(care_s - due_s));
        if late_s > 0 {
            tell(Reason::AfterDue { late_s });
        }
        let mut home_by = |limit_s: Option<OffsetS>, reason: fn(Seconds) -> Reason| {
            let late_s = limit_s.map_or(0, |limit_s| positive(signed(flight.timeline.home_s) - limit_s));
            if late_s > 0 {
                tell(reason(late_s));
            }
        };
        home_by(last_landing_s(aircraft), |late_s| Reason::AfterDaylight { late_s });
        home_by(duty_end_s(aircraft), |late_s| Reason::AfterDuty { late_s });
        home_by(aircraft.next_outage_s, |late_s| Reason::OutageBegins { late_s });
        home_by(offer_end_s(aircraft), |late_s| Reason::OfferEnds { late_s });
    }

    /// The regions that a mission touches, each once.
    pub(super) fn regions_touched(
        &self,
        aircraft: &Aircraft,
        site: SiteIdx,
        transport: Transport,
    ) -> impl Iterator<Item = RegionIdx> + Clone {
        let problem = self.problem;
        let site = problem.sites[site.index()].region;
        let last = match transport {
            Transport::ByAir { hospital } => problem.hospitals[hospital.index()].region,
            Transport::ByRoad { .. } => site,
        };
        let all = [aircraft.origin_region, aircraft.home_region, site, last];
        (0..all.len()).filter(move |i| !all[..*i].contains(&all[*i])).map(move |i| all[i])
    }

    /// The regions whose weather counts, each once: those that a mission touches, and those that bar a leg of it.
    pub(super) fn regions_judged(
        &self,
        idx: AircraftIdx,
        site: SiteIdx,
        transport: Transport,
    ) -> impl Iterator<Item = RegionIdx> {
        let touched = self.regions_touched(&self.problem.aircraft[idx.index()], site, transport);
        let mut beyond = Barred::of(&self.problem.ways_of(idx, site, transport)).regions;
        beyond.retain(|region| touched.clone().all(|touched| touched != *region));
        touched.chain(beyond)
    }

    /// What a mission flies around, for people.
    pub(super) fn detours(&self, idx: AircraftIdx, site: SiteIdx, transport: Transport) -> Vec<Warning> {
        let ways = self.problem.ways_of(idx, site, transport);
        let around = || ways.iter().filter(|way| way.passage == Passage::Around);
        let areas = around().flat_map(|way| &way.areas).map(|area| Warning::AroundNoFly { area: *area });
        let regions = around().flat_map(|way| &way.regions);
        let mut warnings: Vec<Warning> =
            areas.chain(regions.map(|region| Warning::AroundWeather { region: *region })).collect();
        warnings.sort_unstable();
        warnings.dedup();
        warnings
    }

    /// Judges one aircraft at one site with one way on.
    pub(super) fn assess(&self, idx: AircraftIdx, site: SiteIdx, transport: Transport) -> Assessment {
        let aircraft = &self.problem.aircraft[idx.index()];
        let flight = self.fly(idx, site, transport);
        // Most that are ruled out break fewer limits than this: one allocation.
        let mut reasons = Vec::with_capacity(8);
        let mut tell = |reason| reasons.push(reason);
        self.aircraft_reasons(aircraft, &mut tell);
        for region in self.regions_judged(idx, site, transport) {
            self.weather_reasons(&aircraft.minima, region, &mut tell);
        }
        for area in Barred::of(&self.problem.ways_of(idx, site, transport)).areas {
            tell(Reason::NoFly { area });
        }
        self.site_reasons(aircraft, site, &flight, &mut tell);
        self.hospital_reasons(transport.hospital(), &mut tell);
        match transport {
            Transport::ByAir { hospital } => {
                self.pad_reasons(hospital, &mut tell);
                if let Some(pad) = &self.problem.hospitals[hospital.index()].pad {
                    Judge::fit_reasons(aircraft, hospital, pad, &mut tell);
                    if !pad.lit && flight.at_pad_s.is_some_and(|at_pad_s| self.is_dark(at_pad_s)) {
                        tell(Reason::PadUnlit { hospital });
                    }
                }
            }
            Transport::ByRoad { hospital } => {
                if self.problem.road_from_site_s(site, hospital) == UNREACHABLE {
                    tell(Reason::NoRoadToHospital { hospital });
                }
            }
        }
        self.flight_reasons(aircraft, &flight, &mut tell);
        reasons.sort_unstable();
        Assessment {
            timeline: flight.timeline,
            margins: self.margins(idx, site, transport, &flight),
            reasons,
        }
    }

    /// What keeps the aircraft in where there is no site or no hospital to choose from.
    pub(super) fn reasons_without_choice(&self, idx: AircraftIdx) -> Vec<Reason> {
        let aircraft = &self.problem.aircraft[idx.index()];
        let mut reasons = Vec::new();
        let mut tell = |reason| reasons.push(reason);
        self.aircraft_reasons(aircraft, &mut tell);
        if self.problem.sites.is_empty() {
            tell(Reason::NoSite);
        }
        if self.problem.hospitals.is_empty() {
            tell(Reason::NoHospital);
        }
        reasons.sort_unstable();
        reasons
    }
}
