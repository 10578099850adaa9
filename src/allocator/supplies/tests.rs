//! Small worlds whose plan is arithmetic, and drawn ones that `check` judges.

use super::*;
use crate::units::UNREACHABLE;
use proptest::prelude::*;

/// One depot with 100 cartons, one base with a 10 t lorry, two towns an hour away that want 80 each.
pub(super) fn small() -> Problem {
    let good = Good {
        mass_g: 10_000,
        volume_cm3: 45_000,
        urgency: Urgency::LifeSaving,
        weight: 1,
        per_person_milliunits: 100,
    };
    let site = Site {
        member: MemberIdx(0),
        tier: Tier::Depot,
        out_per_period: 10 * LORRY,
        in_per_period: 0,
        usable_from: PeriodIdx(0),
        feeds: vec![],
    };
    let point = Point { member: MemberIdx(1), in_per_period: 10 * LORRY, usable_from: PeriodIdx(0) };
    let class = VehicleClass {
        capacity_g: 10_000_000,
        capacity_cm3: 49_000_000,
        loading_s: 1_800,
        unloading_s: 1_800,
        yen_per_hour: 9_000,
        yen_per_trip: 0,
    };
    let need = |point| Need {
        point: PointIdx(point),
        good: GoodIdx(0),
        units: 80,
        wanted_by_s: 43_200,
        useful_until_s: None,
        priority: 1,
    };
    Problem {
        start_s: 0,
        period_s: 21_600,
        periods: 4,
        members: 2,
        goods: vec![good],
        sites: vec![site],
        points: vec![point.clone(), point],
        classes: vec![class],
        fleets: vec![Fleet {
            home: Home::Site(SiteIdx(0)),
            class: ClassIdx(0),
            vehicles: 2,
            driver_s_per_day: 100_000,
        }],
        busy: vec![],
        bundles: vec![],
        passages: vec![vec![]],
        ways: vec![Ways { travel_s: vec![UNREACHABLE, 3_600, 3_600], passage: vec![] }],
        stocks: vec![Stock {
            site: SiteIdx(0),
            good: GoodIdx(0),
            units: 100,
            reserve: 20,
            available_from: PeriodIdx(0),
        }],
        consents: vec![],
        needs: vec![need(0), need(1)],
        agreements: vec![(MemberIdx(0), MemberIdx(1))],
        pairings: vec![],
        frozen: vec![],
    }
}

pub(super) fn solved(problem: &Problem) -> Plan {
    let plan = solve(problem, WorkBudget { rounds: 12, life_saving_rounds: 4 }, None).unwrap();
    assert_eq!(check(problem, &plan), vec![], "{problem:?} {plan:?}");
    plan
}

fn unmet(plan: &Plan) -> u32 {
    plan.unmet.iter().map(|of| of.units).sum()
}

#[test]
fn what_there_is_goes_half_to_each_of_two_equal_towns() {
    let plan = solved(&small());
    // 80 of 100 may leave; fairness halves them.
    let of: Vec<u32> = plan.unmet.iter().map(|of| of.units).collect();
    assert_eq!(of, [40, 40]);
    // Prices are whole numbers: the bound may miss by less than a millionth, which is told as one.
    assert!(plan.life_saving.of_value_ppm() <= 1);
}

#[test]
fn the_reserve_opens_by_consent_alone_and_is_named() {
    let mut problem = small();
    let plan = solved(&problem);
    assert_eq!(plan.unmet[0].reasons, [Reason::BelowReserve { stock: StockIdx(0) }]);
    assert_eq!(plan.unmet[0].changes, [Change::OpenReserve { stock: StockIdx(0), units: 20 }]);
    problem.consents = vec![(MemberIdx(0), GoodIdx(0))];
    assert_eq!(unmet(&solved(&problem)), 60);
}

#[test]
fn what_cannot_come_has_its_reason() {
    let mut problem = small();
    problem.agreements.clear();
    assert_eq!(solved(&problem).unmet[0].reasons, [Reason::NoAgreement { giver: MemberIdx(0) }]);
    let mut problem = small();
    problem.ways[0].travel_s = vec![UNREACHABLE; 3];
    assert_eq!(solved(&problem).unmet[0].reasons, [Reason::NoRoad { from: SiteIdx(0) }]);
    let mut problem = small();
    problem.stocks.clear();
    assert_eq!(solved(&problem).unmet[0].reasons, [Reason::NoStock]);
    let mut problem = small();
    problem.pairings = vec![Pairing { giver: MemberIdx(1), receiver: MemberIdx(1), rule: PairingRule::Hard }];
    assert_eq!(solved(&problem).unmet[0].reasons, [Reason::PairedElsewhere { giver: MemberIdx(0) }]);
    let mut problem = small();
    problem.points[1].in_per_period = 0;
    let full = Reason::DockInFull { stop: Stop::Point(PointIdx(1)), period: PeriodIdx(0) };
    let plan = solved(&problem);
    let last = plan.unmet.last().unwrap();
    assert_eq!(last.need, NeedIdx(1));
    assert!(last.reasons.contains(&full), "{last:?}");
}

#[test]
fn who_is_out_when_the_plan_begins_leaves_again_when_home() {
    let mut problem = small();
    let out = |period, vehicle_s, driver_s| Busy {
        fleet: FleetIdx(0),
        period: PeriodIdx(period),
        vehicle_s,
        driver_s,
    };
    problem.busy = vec![out(0, 2 * 21_600, 0)];
    let plan = solved(&problem);
    assert_eq!(unmet(&plan), 80, "as much comes, later");
    assert!(plan.shipments.iter().all(|shipment| shipment.departs > PeriodIdx(0)), "{plan:?}");
    // The whole day of all drivers.
    problem.busy = vec![out(0, 0, 100_000)];
    let plan = solved(&problem);
    assert_eq!(unmet(&plan), 160);
    assert_eq!(plan.unmet[0].reasons, [Reason::NoDriver { fleet: FleetIdx(0), day: 0 }]);
    problem.busy = vec![out(1, 1, 1), out(0, 1, 1)];
    assert!(matches!(problem.validate(), Err(ProblemError::OutOfOrder { list: "busy", index: 1 })));
    problem.busy = vec![out(4, 1, 1)];
    assert!(problem.validate().is_err());
}

#[test]
fn a_lost_straight_way_is_replaced_by_the_way_through_the_base() {
    let mut problem = small();
    problem.sites.push(Site { tier: Tier::Union, in_per_period: 5 * LORRY, ..problem.sites[0].clone() });
    problem.sites[0].feeds = vec![SiteIdx(1)];
    problem.fleets[0].home = Home::Member(MemberIdx(0));
    let no = UNREACHABLE;
    problem.ways[0].travel_s = vec![no, 3_600, no, no, no, no, 3_600, 3_600];
    let plan = solved(&problem);
    assert_eq!(unmet(&plan), 80, "{plan:?}");
    assert!(plan.shipments.iter().any(|shipment| shipment.to == Stop::Site(SiteIdx(1))));
}

#[test]
fn bad_problems_are_named() {
    let mut problem = small();
    problem.goods[0].mass_g = 0;
    let found = problem.validate().unwrap_err().to_string();
    assert_eq!(found, "goods[0].mass_g is 0, it must lie within 1 and 160000000");
    let mut problem = small();
    problem.needs[1].wanted_by_s = -5;
    assert_eq!(problem.validate(), Err(ProblemError::DeadlineBeforeStart { index: 1, field: "wanted_by_s" }));
    let mut problem = small();
    problem.sites[0].tier = Tier::Municipality;
    problem.sites.push(Site { tier: Tier::Prefecture, ..problem.sites[0].clone() });
    problem.sites[0].feeds = vec![SiteIdx(1)];
    assert_eq!(problem.validate(), Err(ProblemError::TierCycle { from: 0, to: 1 }));
    let mut problem = small();
    problem.needs = vec![problem.needs[0].clone(); 1_000_000];
    assert!(matches!(problem.validate(), Err(ProblemError::TooMany { what: "needs", .. })));
    let mut problem = small();
    problem.stocks[0].good = GoodIdx(7);
    assert!(matches!(problem.validate(), Err(ProblemError::UnknownIndex { .. })));
}

#[test]
fn a_frozen_shipment_stays_and_is_counted() {
    let mut problem = small();
    let line = Line { stock: StockIdx(0), need: Some(NeedIdx(0)), units: 70 };
    let to = Stop::Point(PointIdx(0));
    problem.frozen = vec![Shipment {
        departs: PeriodIdx(1),
        from: SiteIdx(0),
        to,
        fleet: FleetIdx(0),
        vehicles: 1,
        lines: vec![line],
    }];
    let plan = solved(&problem);
    assert_eq!(plan.shipments[0], problem.frozen[0]);
    assert_eq!(unmet(&plan), 80);
    let mut forged = plan.clone();
    forged.shipments[0].departs = PeriodIdx(0);
    assert!(check(&problem, &forged).contains(&Violation::FrozenMoved { index: 0 }));
}

#[test]
fn after_a_closure_what_is_not_concerned_stays_and_the_rest_is_filled_up() {
    let problem = small();
    let plan = solved(&problem);
    let to = |plan: &Plan, point: u32| -> Vec<Shipment> {
        let is_there = |shipment: &&Shipment| shipment.to == Stop::Point(PointIdx(point));
        plan.shipments.iter().filter(is_there).cloned().collect()
    };
    let mut closed = problem.clone();
    closed.ways[0].travel_s[2] = UNREACHABLE;
    let budget = WorkBudget { rounds: 4, life_saving_rounds: 2 };
    let again = solve_again(&closed, budget, &plan).unwrap();
    assert_eq!(check(&closed, &again), vec![]);
    assert_eq!(to(&again, 1), vec![]);
    assert!(to(&plan, 0).iter().all(|shipment| again.shipments.contains(shipment)), "{again:?}");
    // The 80 that may leave are just what the first town wants.
    let open: Vec<(NeedIdx, u32)> = again.unmet.iter().map(|unmet| (unmet.need, unmet.units)).collect();
    assert_eq!(open, [(NeedIdx(1), 80)]);
    // What has been approved meanwhile is not sent twice.
    closed.frozen = to(&plan, 0);
    let frozen = solve_again(&closed, budget, &plan).unwrap();
    assert_eq!(check(&closed, &frozen), vec![]);
    assert_eq!(frozen.tiers.life_saving, again.tiers.life_saving);
}

#[test]
fn a_forged_plan_is_found_out() {
    let problem = small();
    let plan = solved(&problem);
    let mut forged = plan.clone();
    forged.gap.bound += 1;
    assert_eq!(check(&problem, &forged), [Violation::WrongBound]);
    let mut forged = plan.clone();
    forged.shipments[0].lines[0].units += 60;
    assert!(!check(&problem, &forged).is_empty());
    let mut forged = plan;
    forged.unmet.pop();
    assert_eq!(check(&problem, &forged), [Violation::WrongUnmet]);
}

prop_compose! {
    pub(super) fn drawn()(
        units in prop::collection::vec(0_u32..120, 2),
        needs in prop::collection::vec((0_u32..2, 1_u32..150, 1_i64..4), 1..5),
        vehicles in 0_u32..3,
        out in 0_u64..2_000_000,
        travel_s in prop::collection::vec(prop_oneof![Just(UNREACHABLE), 600_u32..30_000], 3),
    ) -> Problem {
        let mut problem = small();
        let more = Stock { available_from: PeriodIdx(2), units: units[1], ..problem.stocks[0].clone() };
        problem.stocks[0].units = units[0];
        problem.stocks.push(more);
        problem.needs = needs.into_iter().map(|(point, units, period)| Need {
            point: PointIdx(point), units, wanted_by_s: period * 21_600, ..problem.needs[0].clone()
        }).collect();
        problem.fleets[0].vehicles = vehicles;
        problem.sites[0].out_per_period = out;
        problem.ways[0].travel_s = travel_s;
        problem
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_plan_is_right_proven_and_the_same_again(problem in drawn()) {
        let plan = solved(&problem);
        prop_assert!(plan.gap.bound <= plan.gap.value);
        prop_assert!(plan.life_saving.bound <= plan.life_saving.value);
        prop_assert_eq!(&solved(&problem), &plan);
    }

    #[test]
    fn more_stock_is_never_worse_beyond_the_gap(problem in drawn()) {
        let plan = solved(&problem);
        let mut richer = problem.clone();
        richer.stocks[0].units += 40;
        prop_assert!(solved(&richer).gap.bound <= plan.gap.value);
    }
}

mod exhaustive;
mod linear;
mod monotone;
mod worlds;
