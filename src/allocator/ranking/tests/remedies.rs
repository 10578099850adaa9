//! The smallest change, applied, really admits the aircraft.

use std::collections::BTreeSet;

use super::super::fixtures::*;
use super::super::*;
use crate::units::{Metres, Seconds, UNREACHABLE};

fn later(limit: &mut Option<OffsetS>, seconds: Seconds) {
    *limit = limit.map(|limit| limit + i32::try_from(seconds).unwrap());
}

fn weather(
    problem: &mut Problem,
    region: RegionIdx,
    change: impl FnOnce(&mut Metres, &mut Metres, &mut u32),
) {
    if let Weather::Reported { visibility_m, ceiling_m, wind_mps, .. } = &mut problem.regions[region.index()]
    {
        change(visibility_m, ceiling_m, wind_mps);
    }
}

fn pad_of(problem: &mut Problem, hospital: HospitalIdx) -> &mut Pad {
    problem.hospitals[hospital.index()].pad.as_mut().unwrap()
}

/// Makes one change come true. `None` for those that name no place of the problem.
fn apply(problem: &mut Problem, idx: AircraftIdx, near: &NearMiss, change: Change) -> Option<()> {
    let aircraft = &mut problem.aircraft[idx.index()];
    match change {
        Change::AskAgain => aircraft.asked = Asked::NotYet,
        Change::OutageEndsAt { .. } | Change::FreeAircraft => aircraft.status = AircraftStatus::Ready,
        Change::WaitUntilFree { seconds } => {
            aircraft.status = AircraftStatus::Ready;
            aircraft.ready_in_s = aircraft.ready_in_s.max(seconds);
        }
        Change::AllowRetask => problem.policy.retask = Permission::Allowed,
        Change::AllowRecall => problem.policy.recall = Permission::Allowed,
        Change::FixPosition => aircraft.fix = Fix::Known { age_s: 0 },
        Change::FindCrew => aircraft.crew = Crew::Present { duty_end_s: None, flight_left_s: None },
        Change::AgreementNeeded | Change::AgreementAllows => {
            aircraft.standing.rank = StandingRank::Listed { order: 0 };
        }
        Change::FlightsMore { count } => aircraft.standing.flights_left = Some(count),
        Change::OfferNeeded => aircraft.ownership = Ownership::Offered(Span::default()),
        Change::CapabilityMore { missing } => aircraft.capabilities = aircraft.capabilities.and(missing),
        Change::ReduceSeats { by } => problem.needs.seats -= by,
        Change::ReduceStretchers { by } => problem.needs.stretchers -= by,
        Change::KeepFewer { block, by } => problem.blocks[block.index()].keep -= by,
        Change::StartEarlierBy { seconds } => later(&mut aircraft.service.until_s, seconds),
        Change::VisibilityMore { region, metres } => {
            weather(problem, region, |visibility_m, _, _| *visibility_m += metres)
        }
        Change::CeilingMore { region, metres } => {
            weather(problem, region, |_, ceiling_m, _| *ceiling_m += metres)
        }
        Change::WindLess { region, mps } => weather(problem, region, |_, _, wind_mps| *wind_mps -= mps),
        Change::IcingEnds { region } => {
            if let Weather::Reported { icing, .. } = &mut problem.regions[region.index()] {
                *icing = false;
            }
        }
        Change::ThunderstormEnds { region } => {
            if let Weather::Reported { thunderstorm, .. } = &mut problem.regions[region.index()] {
                *thunderstorm = false;
            }
        }
        Change::LiftNoFly { area } => {
            problem.ways.iter_mut().for_each(|way| way.areas.retain(|of| *of != area));
        }
        Change::SiteNeeded | Change::HospitalNeeded => return None,
        Change::ReopenSite { site } => problem.sites[site.index()].state = SiteState::Open,
        Change::ConfirmSite { site } => problem.sites[site.index()].confirmed_age_s = Some(0),
        Change::SiteMassMore { site, kilograms } => problem.sites[site.index()].mass_max_kg += kilograms,
        Change::SiteSizeMore { site, metres } => problem.sites[site.index()].size_max_m += metres,
        Change::SpotsMore { site, count } => problem.sites[site.index()].spots += count,
        Change::LightSite { site } => problem.sites[site.index()].lit = true,
        Change::OpenRoadToSite { site } => {
            let site = &mut problem.sites[site.index()];
            if site.support_s == UNREACHABLE {
                (site.support_s, site.securing_s) = (near.timeline.secured_s, 0);
            }
            site.ambulance_s = near.timeline.ambulance_at_site_s;
        }
        Change::DistanceMore { metres } => {
            aircraft.standing.distance_max_m = aircraft.standing.distance_max_m.map(|max_m| max_m + metres);
        }
        Change::SpecialtyMore { hospital, missing } => {
            problem.hospitals[hospital.index()].specialties.0 |= missing.0
        }
        Change::HospitalAccepts { hospital } => {
            problem.hospitals[hospital.index()].state = HospitalState::Accepting;
        }
        Change::BedsMore { hospital, count } => {
            let beds = &mut problem.hospitals[hospital.index()].beds;
            *beds = beds.map(|beds| beds + count);
        }
        // A pad that would be built for this would bear this aircraft in this wind.
        Change::PadNeeded { hospital } => {
            problem.hospitals[hospital.index()].pad = Some(Pad { wind_max_mps: 100, ..pad() });
        }
        Change::PadMassMore { hospital, kilograms } => pad_of(problem, hospital).mass_max_kg += kilograms,
        Change::PadSizeMore { hospital, metres } => pad_of(problem, hospital).size_max_m += metres,
        Change::PadWindMore { hospital, mps } => pad_of(problem, hospital).wind_max_mps += mps,
        Change::LightPad { hospital } => pad_of(problem, hospital).lit = true,
        Change::OpenRoadToHospital { hospital } => {
            let place = near.site.index() * problem.hospitals.len() + hospital.index();
            problem.road_s[place] = 0;
        }
        Change::MoreFuel { metres, seconds } => {
            aircraft.range_m += metres;
            aircraft.endurance_s += seconds;
        }
        Change::FlightTimeMore { seconds } => {
            if let Crew::Present { flight_left_s, .. } = &mut aircraft.crew {
                *flight_left_s = flight_left_s.map(|left_s| left_s + seconds);
            }
        }
        Change::DueLater { seconds } => later(&mut problem.due_s, seconds),
        Change::FinishEarlierBy { seconds } => {
            later(&mut aircraft.next_outage_s, seconds);
            if let Daylight::DayOnly { last_landing_s, .. } = &mut aircraft.daylight {
                later(last_landing_s, seconds);
            }
            if let Crew::Present { duty_end_s, .. } = &mut aircraft.crew {
                later(duty_end_s, seconds);
            }
            if let Ownership::Offered(span) = &mut aircraft.ownership {
                later(&mut span.until_s, seconds);
            }
        }
    }
    Some(())
}

/// Makes all changes of one ruled-out aircraft come true and says whether it can then go.
fn admits(problem: &Problem, ruled_out: &RuledOut) -> Option<bool> {
    let near = ruled_out.near_miss?;
    let mut changed = problem.clone();
    for change in &ruled_out.changes {
        apply(&mut changed, ruled_out.aircraft, &near, *change)?;
    }
    let plan = rank(&changed, WorkBudget::default()).unwrap();
    Some(plan.ruled_out.iter().all(|still| still.aircraft != ruled_out.aircraft))
}

#[test]
fn the_smallest_change_admits_and_nothing_less_does() {
    let sizes = Sizes { aircraft: 6, sites: 3, hospitals: 3, areas: 0 };
    let (mut singles, mut combinations) = (BTreeSet::new(), 0);
    for seed in 0..6_000u64 {
        let problem = random_world(&mut Dice(seed), sizes, [2, 6, 14, 30][(seed % 4) as usize]);
        for ruled_out in rank(&problem, WorkBudget::default()).unwrap().ruled_out {
            match ruled_out.changes.as_slice() {
                [change] => {
                    assert_eq!(admits(&problem, &ruled_out), Some(true), "seed {seed}: {ruled_out:?}");
                    singles.insert(format!("{change:?}").split([' ', '{']).next().unwrap().to_owned());
                }
                _ => {
                    combinations += 1;
                    if combinations % 7 == 0 {
                        assert_eq!(admits(&problem, &ruled_out), Some(true), "seed {seed}: {ruled_out:?}");
                        let mut less = ruled_out.clone();
                        less.changes.pop();
                        assert_eq!(admits(&problem, &less), Some(false), "seed {seed}: {ruled_out:?}");
                    }
                }
            }
        }
    }
    assert!(combinations > 1_000, "{combinations}");
    // Every change that stands alone somewhere was tried; those missing need no place of the problem.
    assert!(singles.len() >= 34, "{} {singles:?}", singles.len());
}

#[test]
fn a_change_smaller_by_one_does_not_admit() {
    let sizes = Sizes { aircraft: 6, sites: 2, hospitals: 2, areas: 0 };
    let mut tried = 0;
    for seed in 0..3_000u64 {
        let problem = random_world(&mut Dice(seed), sizes, 14);
        for mut ruled_out in rank(&problem, WorkBudget::default()).unwrap().ruled_out {
            let smaller = match ruled_out.changes.as_slice() {
                [Change::FinishEarlierBy { seconds }] => Change::FinishEarlierBy { seconds: seconds - 1 },
                [Change::MoreFuel { metres, seconds: 0 }] => {
                    Change::MoreFuel { metres: metres - 1, seconds: 0 }
                }
                [Change::VisibilityMore { region, metres }] => {
                    Change::VisibilityMore { region: *region, metres: metres - 1 }
                }
                _ => continue,
            };
            ruled_out.changes = vec![smaller];
            assert_eq!(admits(&problem, &ruled_out), Some(false), "seed {seed}: {ruled_out:?}");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}
