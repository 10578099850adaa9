//! Cases whose answer is arithmetic or a fact.

use super::super::fixtures::*;
use super::super::*;
use crate::units::geodesy::travel_s;
use crate::units::{Seconds, UNREACHABLE};

fn ten() -> WorkBudget {
    WorkBudget::default()
}

fn plan_of(problem: &Problem) -> Plan {
    let plan = rank(problem, ten()).unwrap();
    assert_eq!(check(problem, &plan), vec![]);
    plan
}

fn order(plan: &Plan) -> Vec<u16> {
    plan.candidates.iter().map(|candidate| candidate.aircraft.0).collect()
}

fn reasons_of(problem: &Problem) -> Vec<Reason> {
    let plan = plan_of(problem);
    assert_eq!(plan.candidates, vec![]);
    plan.ruled_out[0].reasons.clone()
}

fn listed(order: u16) -> Standing {
    Standing { rank: StandingRank::Listed { order }, distance_max_m: None, flights_left: None }
}

#[test]
fn fifty_kilometres_take_twenty_minutes_and_hand_over() {
    let plan = plan_of(&world());
    let best = &plan.candidates[0];
    // 5 min start + 15 min for 50 km at 200 km/h; 5 min hand-over; 15 min on scene; 15 min back.
    assert_eq!(
        best.timeline,
        Timeline {
            ready_s: 300,
            lift_off_s: 300,
            at_site_s: 1_200,
            secured_s: 0,
            landed_s: 1_200,
            ambulance_at_site_s: 0,
            handed_over_s: 1_500,
            care_s: 1_500,
            depart_scene_s: 2_100,
            at_hospital_s: 3_000,
            home_s: 3_000,
            cover_back_s: 4_200,
        }
    );
    assert_eq!((best.care_min, best.transport), (25, Transport::ByAir { hospital: HospitalIdx(0) }));
    // 100 km there and back, 20 min of reserve at 200 km/h are 66,666 m.
    assert_eq!(best.margins.range_m, Some(600_000 - 66_666 - 100_000));
    assert_eq!(best.margins.endurance_s, Some(9_000 - 1_200 - 1_800));
    assert_eq!(best.margins.site_mass_kg, Some(3_100));
    assert_eq!(best.margins.wind_mps, Some(16));
    assert_eq!(best.margins.pad_wind_mps, Some(11));
    assert_eq!(best.margins.daylight_s, None);
    assert_eq!(best.warnings, vec![]);
}

#[test]
fn care_waits_for_the_last_of_aircraft_ambulance_and_support_crew() {
    let care = |change: fn(&mut Site)| {
        let mut problem = world();
        change(&mut problem.sites[0]);
        plan_of(&problem).candidates[0].timeline.care_s
    };
    assert_eq!(care(|_| {}), 1_500);
    assert_eq!(care(|site| site.ambulance_s = 1_800), 2_100);
    assert_eq!(care(|site| (site.support_s, site.securing_s) = (1_300, 600)), 2_200);
}

#[test]
fn a_site_that_no_support_crew_can_reach_is_ruled_out_and_not_an_error() {
    let mut problem = world();
    problem.sites[0].support_s = UNREACHABLE;
    let plan = plan_of(&problem);
    assert_eq!(plan.ruled_out[0].reasons, vec![Reason::NoRoadToSite { site: SiteIdx(0) }]);
    assert_eq!(plan.ruled_out[0].changes, vec![Change::OpenRoadToSite { site: SiteIdx(0) }]);
    // Both ways closed are one road to open.
    problem.sites[0].ambulance_s = UNREACHABLE;
    assert_eq!(plan_of(&problem).ruled_out[0].changes, vec![Change::OpenRoadToSite { site: SiteIdx(0) }]);
}

#[test]
fn circling_over_an_unsecured_site_costs_endurance() {
    let mut problem = world();
    problem.sites[0].support_s = 2_200;
    let best = plan_of(&problem).candidates[0].clone();
    assert_eq!(best.timeline.landed_s, 2_200);
    assert_eq!(best.margins.endurance_s, Some(9_000 - 1_200 - 1_800 - 1_000));
}

/// Domain facts 0.4: latest request = sunset - 20 min - 2 d / (200 km/h): 5 min start, 15 min on scene, return.
#[test]
fn the_latest_request_by_daylight_is_the_published_table() {
    for kilometres in [5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 83.0, 100.0] {
        let mut problem = world();
        problem.sites[0].position = north(kilometres * 1_000.0);
        let there_s = (kilometres * 18.0) as i32;
        let mut admitted = |sunset_s: OffsetS| {
            problem.aircraft[0].daylight =
                Daylight::DayOnly { first_take_off_s: None, last_landing_s: Some(sunset_s) };
            !plan_of(&problem).candidates.is_empty()
        };
        let before_sunset_s = 20 * 60 + 2 * there_s;
        // A flight is rounded up to whole seconds: nothing else may differ.
        assert!(admitted(before_sunset_s + 2), "{kilometres} km");
        assert!(!admitted(before_sunset_s - 2), "{kilometres} km");
    }
}

#[test]
fn lateness_says_by_how_much_the_request_came_too_late() {
    let mut problem = world();
    problem.aircraft[0].daylight = Daylight::DayOnly { first_take_off_s: None, last_landing_s: Some(2_600) };
    let plan = plan_of(&problem);
    assert_eq!(plan.outcome(), Outcome::Unfilled);
    assert_eq!(plan.ruled_out[0].reasons, vec![Reason::AfterDaylight { late_s: 400 }]);
    assert_eq!(plan.ruled_out[0].changes, vec![Change::FinishEarlierBy { seconds: 400 }]);
    assert_eq!(plan.ruled_out[0].near_miss.unwrap().margins.daylight_s, Some(-400));
}

#[test]
fn several_ends_are_cured_by_one_earlier_end() {
    let mut problem = world();
    problem.aircraft[0].crew = Crew::Present { duty_end_s: Some(2_900), flight_left_s: None };
    problem.aircraft[0].next_outage_s = Some(2_000);
    let plan = plan_of(&problem);
    assert_eq!(
        plan.ruled_out[0].reasons,
        vec![Reason::AfterDuty { late_s: 100 }, Reason::OutageBegins { late_s: 1_000 }]
    );
    assert_eq!(plan.ruled_out[0].changes, vec![Change::FinishEarlierBy { seconds: 1_000 }]);
}

#[test]
fn where_no_hospital_fits_by_air_the_patient_goes_by_road() {
    let mut problem = world();
    problem.hospitals[0].pad = None;
    assert_eq!(reasons_of(&problem), vec![Reason::NoPad { hospital: HospitalIdx(0) }]);
    problem.policy.road_transport = Permission::Allowed;
    let best = plan_of(&problem).candidates[0].clone();
    assert_eq!(best.transport, Transport::ByRoad { hospital: HospitalIdx(0) });
    assert_eq!((best.timeline.at_hospital_s, best.timeline.home_s), (2_100 + 3_600, 3_000));
    assert_eq!(best.margins.pad_mass_kg, None);
}

#[test]
fn by_air_comes_before_by_road_even_from_a_farther_site() {
    let mut problem = world();
    problem.policy.road_transport = Permission::Allowed;
    problem.sites.push(site(north(70_000.0)));
    problem.road_s = vec![60, 60];
    problem.aircraft[0].daylight = Daylight::DayOnly { first_take_off_s: None, last_landing_s: Some(3_900) };
    assert_eq!(plan_of(&problem).candidates[0].site, SiteIdx(0));
    problem.sites[0].region = RegionIdx(1);
    problem.regions.push(Weather::Reported {
        visibility_m: 900,
        ceiling_m: 900,
        wind_mps: 0,
        icing: false,
        thunderstorm: false,
    });
    let best = plan_of(&problem).candidates[0].clone();
    assert_eq!((best.site, best.transport), (SiteIdx(1), Transport::ByAir { hospital: HospitalIdx(0) }));
}

#[test]
fn a_transfer_is_judged_by_its_arrival() {
    let mut problem = world();
    problem.kind = Kind::Transfer;
    problem.hospitals.push(hospital(north(60_000.0)));
    problem.road_s = vec![3_600, 3_600];
    let best = plan_of(&problem).candidates[0].clone();
    // The nearer hospital, 10 km on: 3 min of flight after leaving at 2,100 s.
    assert_eq!(best.transport.hospital(), HospitalIdx(1));
    assert_eq!((best.timeline.care_s, best.care_min), (2_280, 38));
}

#[test]
fn the_caller_may_choose_site_and_hospital() {
    let mut problem = world();
    problem.sites.push(site(north(55_000.0)));
    problem.hospitals.push(hospital(north(60_000.0)));
    problem.road_s = vec![3_600; 4];
    let best = plan_of(&problem).candidates[0].clone();
    assert_eq!((best.site, best.transport.hospital()), (SiteIdx(0), HospitalIdx(1)));
    problem.pinned_site = Some(SiteIdx(1));
    problem.pinned_hospital = Some(HospitalIdx(0));
    let best = plan_of(&problem).candidates[0].clone();
    assert_eq!((best.site, best.transport.hospital()), (SiteIdx(1), HospitalIdx(0)));
    problem.pinned_hospital = None;
    problem.hospitals[1].preference = 1;
    assert_eq!(
        plan_of(&problem).candidates[0].transport.hospital(),
        HospitalIdx(0),
        "the wish of the caller"
    );
}

#[test]
fn own_comes_first_and_nearest_first_where_the_agreement_says_so() {
    let mut problem = world();
    problem.aircraft.push(Aircraft { standing: listed(3), ..helicopter(north(40_000.0)) });
    problem.aircraft.push(Aircraft { standing: listed(1), ..helicopter(north(90_000.0)) });
    assert_eq!(order(&plan_of(&problem)), [0, 1, 2]);
    problem.policy.call_order = CallOrder::NearestFirst;
    assert_eq!(order(&plan_of(&problem)), [1, 2, 0]);
    problem.policy.call_order = CallOrder::OrderList;
    assert_eq!(order(&plan_of(&problem)), [0, 2, 1]);
}

#[test]
fn nearest_by_time_not_by_distance() {
    let mut problem = world();
    problem.policy.call_order = CallOrder::NearestFirst;
    let near_but_slow = Aircraft { ready_in_s: 1_500, ..helicopter(north(45_000.0)) };
    problem.aircraft.push(near_but_slow);
    assert_eq!(order(&plan_of(&problem)), [0, 1]);
}

#[test]
fn an_aircraft_free_soon_may_beat_one_that_stands_far_away() {
    let mut problem = world();
    problem.aircraft[0] = helicopter(north(150_000.0));
    problem.aircraft.push(Aircraft {
        status: AircraftStatus::FreeSoon,
        ready_in_s: 1_200,
        ..helicopter(north(40_000.0))
    });
    problem.aircraft.push(Aircraft {
        status: AircraftStatus::Retaskable,
        ready_in_s: 0,
        position: north(48_000.0),
        ..helicopter(north(0.0))
    });
    let plan = plan_of(&problem);
    assert_eq!(order(&plan), [2, 1, 0]);
    assert_eq!(plan.candidates[0].warnings, vec![Warning::BreaksOffMission]);
    assert_eq!(plan.candidates[1].warnings, vec![Warning::FreeSoon]);
    problem.policy.retask = Permission::Refused;
    assert_eq!(plan_of(&problem).ruled_out[0].reasons, vec![Reason::RetaskRefused]);
}

/// One case per limit: the reason with its figures, and nothing else.
#[test]
fn each_limit_alone_is_named_with_its_figures() {
    let (site, hospital, region) = (SiteIdx(0), HospitalIdx(0), RegionIdx(0));
    let dark = |problem: &mut Problem| problem.darkness = Some(Window { from_s: 0, until_s: 9_000 });
    type Case = (Reason, fn(&mut Problem));
    let cases: [Case; 41] = [
        (Reason::AlreadyAsked, |p| p.aircraft[0].asked = Asked::Already),
        (Reason::DeclinedEarlier, |p| p.aircraft[0].asked = Asked::Declined),
        (Reason::NotHeldEarlier, |p| p.aircraft[0].asked = Asked::NotHeld),
        (Reason::NoAnswerEarlier, |p| p.aircraft[0].asked = Asked::Expired),
        (Reason::BrokeOffEarlier, |p| p.aircraft[0].asked = Asked::BrokeOff),
        (Reason::Engaged, |p| p.aircraft[0].status = AircraftStatus::Engaged),
        (Reason::Held { until_s: 500 }, |p| p.aircraft[0].status = AircraftStatus::Held { until_s: 500 }),
        (
            Reason::OutOfService { cause: OutageCause::NoMechanic, until_s: Some(700_000), planned: true },
            |p| {
                let (cause, until_s) = (OutageCause::NoMechanic, Some(700_000));
                p.aircraft[0].status = AircraftStatus::OutOfService { cause, until_s, planned: true };
            },
        ),
        (Reason::RecallRefused, |p| {
            p.aircraft[0].status = AircraftStatus::Training;
            p.policy.recall = Permission::Refused;
        }),
        (Reason::NoFix, |p| p.aircraft[0].fix = Fix::Missing),
        (Reason::StaleFix { age_s: 200, age_max_s: 120 }, |p| p.aircraft[0].fix = Fix::Known { age_s: 200 }),
        (Reason::NoCrew, |p| p.aircraft[0].crew = Crew::Absent),
        (Reason::NoAgreement, |p| p.aircraft[0].standing.rank = StandingRank::None),
        (Reason::AgreementRefuses, |p| p.aircraft[0].standing.rank = StandingRank::Refused),
        (Reason::FlightsUsedUp, |p| p.aircraft[0].standing.flights_left = Some(0)),
        (Reason::NotOffered, |p| p.aircraft[0].ownership = Ownership::NotOffered),
        (Reason::LacksCapability { missing: Capabilities::HOIST }, |p| {
            p.needs.capabilities = Capabilities::HOIST.and(Capabilities::PHYSICIAN);
        }),
        (Reason::SeatsShort { short: 1 }, |p| p.needs.seats = 5),
        (Reason::StretchersShort { short: 2 }, |p| p.needs.stretchers = 3),
        (Reason::KeptAtHome { block: BlockIdx(0), others: 0, keep: 1 }, |p| p.blocks[0].keep = 1),
        (Reason::AfterService { late_s: 100 }, |p| p.aircraft[0].service.until_s = Some(200)),
        (Reason::TooFar { site, over_m: 49_999 }, |p| p.aircraft[0].standing.distance_max_m = Some(1)),
        (Reason::SiteClosed { site }, |p| p.sites[0].state = SiteState::Closed),
        (Reason::SiteUnconfirmed { site, age_s: Some(600) }, |p| p.policy.confirmation_ttl_s = Some(500)),
        (Reason::SiteMass { site, over_kg: 400 }, |p| p.sites[0].mass_max_kg = 2_500),
        (Reason::SiteSize { site, over_m: 3 }, |p| p.sites[0].size_max_m = 10),
        (Reason::SiteFull { site, short: 1 }, |p| {
            p.sites[0].leases = vec![Window { from_s: 2_000, until_s: 2_500 }];
        }),
        (Reason::NoRoadToSite { site }, |p| p.sites[0].ambulance_s = UNREACHABLE),
        (Reason::HospitalLacks { hospital, missing: Specialties::BURNS }, |p| {
            p.needs.specialties = Specialties::BURNS;
            p.hospitals[0].specialties = Specialties::CRITICAL_CARE;
        }),
        (Reason::HospitalClosed { hospital, state: HospitalState::Inundated }, |p| {
            p.hospitals[0].state = HospitalState::Inundated;
        }),
        (Reason::BedsShort { hospital, short: 1 }, |p| p.hospitals[0].beds = Some(0)),
        (Reason::PadMass { hospital, over_kg: 900 }, |p| {
            p.hospitals[0].pad = Some(Pad { mass_max_kg: 2_000, ..pad() });
        }),
        (Reason::PadSize { hospital, over_m: 1 }, |p| {
            p.hospitals[0].pad = Some(Pad { size_max_m: 12, ..pad() });
        }),
        (Reason::PadWind { hospital, over_mps: 1 }, |p| {
            p.hospitals[0].pad = Some(Pad { wind_max_mps: 3, ..pad() });
        }),
        (Reason::RangeShort { short_m: 16_666 }, |p| p.aircraft[0].range_m = 150_000),
        (Reason::EnduranceShort { short_s: 1_000 }, |p| p.aircraft[0].endurance_s = 2_000),
        (Reason::FlightTimeShort { short_s: 800 }, |p| {
            p.aircraft[0].crew = Crew::Present { duty_end_s: None, flight_left_s: Some(1_000) };
        }),
        (Reason::AfterDue { late_s: 300 }, |p| p.due_s = Some(1_200)),
        (Reason::AfterDuty { late_s: 1 }, |p| {
            p.aircraft[0].crew = Crew::Present { duty_end_s: Some(2_999), flight_left_s: None };
        }),
        (Reason::OutageBegins { late_s: 1 }, |p| p.aircraft[0].next_outage_s = Some(2_999)),
        (Reason::OfferEnds { late_s: 1 }, |p| {
            p.aircraft[0].ownership = Ownership::Offered(Span { from_s: None, until_s: Some(2_999) });
        }),
    ];
    for (reason, spoil) in cases {
        let mut problem = world();
        spoil(&mut problem);
        assert_eq!(reasons_of(&problem), vec![reason]);
    }
    let mut problem = world();
    dark(&mut problem);
    assert_eq!(plan_of(&problem).candidates.len(), 1, "lit places serve by night");
    problem.sites[0].lit = false;
    assert_eq!(reasons_of(&problem), vec![Reason::SiteUnlit { site }]);
    problem.sites[0].lit = true;
    problem.hospitals[0].pad = Some(Pad { lit: false, ..pad() });
    assert_eq!(reasons_of(&problem), vec![Reason::PadUnlit { hospital }]);
    let mut problem = world();
    problem.regions[0] = Weather::Reported {
        visibility_m: 4_000,
        ceiling_m: 200,
        wind_mps: 25,
        icing: true,
        thunderstorm: true,
    };
    problem.hospitals[0].pad = Some(Pad { wind_max_mps: 30, ..pad() });
    assert_eq!(
        reasons_of(&problem),
        vec![
            Reason::Visibility { region, short_m: 1_000 },
            Reason::Ceiling { region, short_m: 100 },
            Reason::Wind { region, over_mps: 5 },
            Reason::Icing { region },
            Reason::Thunderstorm { region },
        ],
        "once for a region, however often the flight touches it"
    );
}

#[test]
fn weather_counts_at_each_end_of_each_leg_only() {
    let bad =
        Weather::Reported { visibility_m: 0, ceiling_m: 0, wind_mps: 0, icing: false, thunderstorm: false };
    for touched in 0..4 {
        let mut problem = world();
        problem.regions = vec![fair(), fair(), fair(), fair(), bad];
        problem.aircraft[0].origin_region = RegionIdx(0);
        problem.aircraft[0].home_region = RegionIdx(1);
        problem.sites[0].region = RegionIdx(2);
        problem.hospitals[0].region = RegionIdx(3);
        assert_eq!(plan_of(&problem).candidates.len(), 1, "bad weather elsewhere");
        problem.regions[touched] = bad;
        assert_eq!(reasons_of(&problem).len(), 2, "region {touched}");
    }
}

#[test]
fn unknown_weather_is_shown_not_silently_fair() {
    let mut problem = world();
    problem.regions[0] = Weather::Unknown;
    let region = RegionIdx(0);
    assert_eq!(plan_of(&problem).candidates[0].warnings, vec![Warning::WeatherUnknown { region }]);
    assert_eq!(plan_of(&problem).candidates[0].margins.visibility_m, None);
    problem.regions[0] = Weather::Expired { age_s: 7_200 };
    let warnings = vec![Warning::WeatherExpired { region, age_s: 7_200 }];
    assert_eq!(plan_of(&problem).candidates[0].warnings, warnings);
}

#[test]
fn service_and_daylight_are_waited_for() {
    let mut problem = world();
    problem.aircraft[0].service.from_s = Some(1_800);
    let best = plan_of(&problem).candidates[0].clone();
    assert_eq!((best.timeline.ready_s, best.timeline.lift_off_s), (300, 1_800));
    assert_eq!(best.warnings, vec![Warning::WaitsUntil { from_s: 1_800 }]);
}

#[test]
fn a_hold_of_somebody_else_is_waited_for_in_the_near_miss() {
    let mut problem = world();
    problem.aircraft[0].status = AircraftStatus::Held { until_s: 900 };
    let ruled_out = plan_of(&problem).ruled_out[0].clone();
    assert_eq!(ruled_out.changes, vec![Change::WaitUntilFree { seconds: 900 }]);
    assert_eq!(ruled_out.near_miss.unwrap().timeline.care_s, 900 + 900 + 300);
}

#[test]
fn the_nearest_miss_names_the_place_with_the_fewest_changes() {
    let mut problem = world();
    problem.sites[0].state = SiteState::Closed;
    problem.sites[0].mass_max_kg = 1;
    problem.sites.push(Site { mass_max_kg: 2_800, ..site(north(90_000.0)) });
    problem.road_s = vec![60, 60];
    let ruled_out = plan_of(&problem).ruled_out[0].clone();
    assert_eq!(ruled_out.changes, vec![Change::SiteMassMore { site: SiteIdx(1), kilograms: 100 }]);
}

#[test]
fn without_a_site_or_a_hospital_that_is_the_reason() {
    let mut problem = world();
    (problem.sites, problem.hospitals, problem.road_s) = (vec![], vec![], vec![]);
    let ruled_out = plan_of(&problem).ruled_out[0].clone();
    assert_eq!(ruled_out.reasons, vec![Reason::NoSite, Reason::NoHospital]);
    assert_eq!(ruled_out.changes, vec![Change::SiteNeeded, Change::HospitalNeeded]);
    assert_eq!(ruled_out.near_miss, None);
}

#[test]
fn a_block_keeps_those_that_must_stay() {
    let mut problem = world();
    problem.blocks = vec![Block { keep: 1 }, Block { keep: 0 }];
    problem.aircraft.push(helicopter(north(10_000.0)));
    assert_eq!(order(&plan_of(&problem)), [1, 0], "each may go while the other stays");
    problem.aircraft[0].asked = Asked::Already;
    let plan = plan_of(&problem);
    assert!(plan.candidates.is_empty());
    assert_eq!(
        plan.ruled_out[1].reasons,
        vec![Reason::KeptAtHome { block: BlockIdx(0), others: 0, keep: 1 }]
    );
}

/// The price by hand: one call an hour, 70 min until cover is back, the only other one busy half the time.
#[test]
fn the_cover_price_is_calls_times_hours_times_nobody_free() {
    let mut problem = world();
    problem.areas = vec![CoverArea { position: north(-20_000.0), calls_per_1000_h: 1_000 }];
    let price = |problem: &Problem| plan_of(problem).candidates[0].cover_price;
    assert_eq!(price(&problem), 1_167, "nobody else: 1,000/1000 x 4,200 s / 3,600 s, half up");
    let other = Aircraft { busy_permille: 500, standing: listed(0), ..helicopter(north(-60_000.0)) };
    problem.aircraft.push(other);
    assert_eq!(price(&problem), 583, "busy half the time; 583.33 rounds down");
    problem.aircraft[1].home = north(-120_000.0);
    assert_eq!(price(&problem), 1_167, "100 km are 30 min of flight: too far with 5 min of start");
    problem.aircraft[1].home = north(-60_000.0);
    problem.aircraft[1].status = AircraftStatus::Engaged;
    assert_eq!(price(&problem), 1_167, "who is on a mission covers nothing");
    problem.areas[0].position = north(-90_000.0);
    assert_eq!(price(&problem), 0, "an area that it could not reach in time is not its to cover");
}

#[test]
fn cover_is_not_lost_after_dark() {
    let mut problem = world();
    problem.areas = vec![CoverArea { position: north(0.0), calls_per_1000_h: 1_000 }];
    problem.aircraft[0].daylight = Daylight::DayOnly { first_take_off_s: None, last_landing_s: Some(3_600) };
    assert_eq!(plan_of(&problem).candidates[0].cover_price, 1_000);
}

#[test]
fn within_a_minute_the_lower_cover_price_goes_first_and_a_policy_may_trade_more() {
    let mut problem = world();
    problem.aircraft.push(helicopter(north(-1_500.0)));
    problem.aircraft[0].busy_permille = 0;
    // Only the first reaches this area in time, so only its absence costs anything.
    problem.areas = vec![CoverArea { position: north(83_000.0), calls_per_1000_h: 20 }];
    let plan = plan_of(&problem);
    assert_eq!(
        plan.candidates.iter().map(|c| (c.care_min, c.cover_price)).collect::<Vec<_>>(),
        [(25, 23), (26, 0)]
    );
    assert_eq!(order(&plan), [0, 1]);
    problem.policy.trade_s = Some(2);
    assert_eq!(
        order(&plan_of(&problem)),
        [0, 1],
        "46 s of price against 27 s: both are 26 min, fewer minutes win"
    );
    problem.policy.trade_s = Some(10);
    assert_eq!(order(&plan_of(&problem)), [1, 0], "230 s of price outweigh the minute");
    problem.policy.trade_s = None;
    problem.aircraft[1].home = north(-100.0);
    problem.aircraft[1].position = north(0.0);
    assert_eq!(order(&plan_of(&problem)), [1, 0], "same minute, lower price");
}

#[test]
fn ground_units_are_always_in_the_list() {
    let mut problem = world();
    problem.ground = vec![ambulance(), doctor_car()];
    let plan = plan_of(&problem);
    let ground: Vec<_> = plan.ground.iter().map(|unit| (unit.unit.0, unit.care_at, unit.care_s)).collect();
    // The ambulance: 60 + 600 to the patient, 900 there, 3,600 to the hospital. The doctor: 60 + 1,800 + 300.
    assert_eq!(ground, [(1, CareAt::Scene, 2_160), (0, CareAt::Hospital, 5_160)]);
    problem.aircraft[0].status = AircraftStatus::Engaged;
    assert_eq!(plan_of(&problem).outcome(), Outcome::GroundOnly);
    problem.ground[1].service.until_s = Some(0);
    problem.ground[0].to_scene_s = UNREACHABLE;
    let plan = plan_of(&problem);
    assert_eq!(plan.outcome(), Outcome::Unfilled);
    assert_eq!(plan.ground_ruled_out[0].reasons, vec![GroundReason::NoRoadToScene]);
    assert_eq!(plan.ground_ruled_out[1].reasons, vec![GroundReason::AfterService { late_s: 60 }]);
    assert_eq!(plan.ground_ruled_out[1].changes, vec![GroundChange::StartEarlierBy { seconds: 60 }]);
}

#[test]
fn a_doctor_car_that_is_quicker_stands_before_the_helicopter() {
    let mut problem = world();
    problem.ground = vec![ambulance(), GroundUnit { to_scene_s: 600, ..doctor_car() }];
    let plan = plan_of(&problem);
    let lines = plan.in_order();
    assert!(matches!(lines[0], InOrder::Ground(unit) if unit.unit == GroundIdx(1)));
    assert!(matches!(lines[1], InOrder::Aircraft(_)));
    assert!(matches!(lines[2], InOrder::Ground(unit) if unit.unit == GroundIdx(0)));
}

// What follows restates cases of Resgrid's DispatchRecommendationServiceTests (Apache-2.0) that apply here.

#[test]
fn own_area_first_then_the_cascade() {
    let mut problem = world();
    problem.policy.call_order = CallOrder::OrderList;
    problem.aircraft[0].standing = listed(1);
    problem.aircraft.push(Aircraft { standing: listed(0), ..helicopter(north(-40_000.0)) });
    problem.aircraft.push(helicopter(north(-80_000.0)));
    let plan = plan_of(&problem);
    assert_eq!(
        plan.candidates.iter().map(|c| (c.aircraft.0, c.tier)).collect::<Vec<_>>(),
        [(2, 0), (1, 1), (0, 2)]
    );
}

#[test]
fn committed_units_are_never_candidates() {
    let mut problem = world();
    for status in [AircraftStatus::Engaged, AircraftStatus::Held { until_s: 0 }] {
        problem.aircraft[0].status = status;
        assert_eq!(reasons_of(&problem).len(), 1);
    }
}

#[test]
fn without_any_position_everything_is_short_of_it() {
    let mut problem = world();
    problem.aircraft.push(helicopter(north(10.0)));
    problem.aircraft.iter_mut().for_each(|aircraft| aircraft.fix = Fix::Missing);
    let plan = plan_of(&problem);
    assert!(
        plan.ruled_out.iter().all(|r| r.reasons == [Reason::NoFix] && r.changes == [Change::FixPosition])
    );
    assert_eq!(plan.ruled_out.len(), 2);
}

#[test]
fn an_unknown_crew_passes_and_is_flagged_and_an_absent_one_does_not() {
    let mut problem = world();
    problem.aircraft[0].crew = Crew::Unknown;
    assert_eq!(plan_of(&problem).candidates[0].warnings, vec![Warning::CrewUnknown]);
    problem.aircraft[0].crew = Crew::Absent;
    assert_eq!(reasons_of(&problem), vec![Reason::NoCrew]);
}

#[test]
fn a_rested_farther_crew_is_preferred_and_a_resting_one_used_if_there_is_nobody_else() {
    let mut problem = world();
    problem.policy.rest = RestRule::PreferRested;
    problem.aircraft[0].rest_until_s = Some(3_600);
    problem.aircraft.push(helicopter(north(-50_000.0)));
    assert_eq!(order(&plan_of(&problem)), [1, 0]);
    problem.aircraft.pop();
    let best = plan_of(&problem).candidates[0].clone();
    assert_eq!(best.warnings, vec![Warning::RestOverridden { until_s: 3_600 }]);
}

#[test]
fn who_was_sent_already_is_not_asked_again_for_the_next_one() {
    let mut problem = world();
    problem.aircraft.push(helicopter(north(-10_000.0)));
    problem.aircraft.push(helicopter(north(-20_000.0)));
    problem.aircraft[0].asked = Asked::Already;
    problem.aircraft[1].asked = Asked::Declined;
    let plan = plan_of(&problem);
    assert_eq!(order(&plan), [2]);
    assert_eq!(plan.ruled_out[0].reasons, vec![Reason::AlreadyAsked]);
    assert_eq!(plan.ruled_out[1].reasons, vec![Reason::DeclinedEarlier]);
}

#[test]
fn closest_by_distance_when_all_else_is_equal() {
    let mut problem = world();
    problem.aircraft = [-30.0, 10.0, -10.0, 30.0].map(|km| helicopter(north(km * 1_000.0))).to_vec();
    assert_eq!(order(&plan_of(&problem)), [3, 1, 2, 0]);
}

#[test]
fn a_radius_of_one_metre_excludes_all() {
    let mut problem = world();
    problem.aircraft[0].standing.distance_max_m = Some(1);
    assert!(matches!(reasons_of(&problem)[0], Reason::TooFar { .. }));
}

#[test]
fn a_stale_fix_is_excluded_unless_configured_in_and_then_flagged() {
    let mut problem = world();
    problem.aircraft[0].fix = Fix::Known { age_s: 900 };
    assert_eq!(reasons_of(&problem), vec![Reason::StaleFix { age_s: 900, age_max_s: 120 }]);
    problem.policy.stale_fix = StaleRule::Flagged;
    assert_eq!(plan_of(&problem).candidates[0].warnings, vec![Warning::StaleFix { age_s: 900 }]);
}

#[test]
fn bad_problems_are_refused_with_field_and_place() {
    let mut problem = world();
    problem.aircraft[0].speed_kmh = 0;
    let error = rank(&problem, ten()).unwrap_err();
    assert_eq!(error.to_string(), "aircraft.speed_kmh of entry 0 is 0, it must lie within 20 and 1000");
    let mut problem = world();
    problem.pinned_site = Some(SiteIdx(1));
    assert!(matches!(
        problem.validate(),
        Err(ProblemError::UnknownIndex { what: "pinned_site", target: 1, .. })
    ));
    let mut problem = world();
    problem.aircraft = vec![helicopter(north(0.0)); limits::AIRCRAFT_MAX + 1];
    assert!(matches!(shortlist(&problem, ten()), Err(ProblemError::TooMany { what: "aircraft", .. })));
    let mut problem = world();
    problem.road_s.clear();
    assert_eq!(problem.validate(), Err(ProblemError::RoadShape { count: 0, expected: 1 }));
    let mut problem = world();
    problem.sites[0].position.x = 0;
    assert!(matches!(
        problem.validate(),
        Err(ProblemError::NotOnTheEarth { what: "site.position", index: 0 })
    ));
    assert_eq!(check(&problem, &Plan::default()), vec![Violation::Invalid(problem.validate().unwrap_err())]);
}

#[test]
fn every_aircraft_is_listed_once_at_the_largest_size() {
    let problem = Problem { aircraft: vec![helicopter(north(0.0)); limits::AIRCRAFT_MAX], ..world() };
    let plan = rank(&problem, ten()).unwrap();
    assert_eq!(order(&plan), (0..10).collect::<Vec<u16>>());
    assert_eq!(plan.outranked.len(), limits::AIRCRAFT_MAX - 10);
}

#[test]
fn fifty_kilometres_of_planning_speed() {
    // The planning speed of the tests, so that a change of `travel_s` shows here and not in every timeline.
    assert_eq!(travel_s(50_000, 200), 900 as Seconds);
}
