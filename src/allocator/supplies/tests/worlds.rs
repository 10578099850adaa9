//! Tiny worlds: two depots, two towns, one or two goods, two periods, one lorry at each depot.

use super::super::*;
use super::small;
use crate::units::UNREACHABLE;
use proptest::prelude::*;

/// How many drawn worlds a property looks at: `CASES`, or so many.
pub(super) fn cases(default: u32) -> ProptestConfig {
    let cases = std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default);
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

/// Seconds of travel for which a lorry makes one trip in a period, or one that reaches into the next, or none.
fn travel_s() -> impl Strategy<Value = u32> {
    prop_oneof![1 => Just(UNREACHABLE), 6 => 3_700_u32..9_000, 1 => 9_000_u32..14_000]
}

/// Loads of which a dock takes none, some or all that is needed.
fn dock() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(10 * LORRY), 2 => 300_000_u64..1_500_000, 1 => Just(0)]
}

prop_compose! {
    pub(in crate::allocator::supplies) fn tiny()(
        goods in 1_usize..3,
        masses in prop::collection::vec(prop_oneof![Just(3_000_000_u32), Just(5_000_000), Just(2_500_000)], 2),
        is_relief in any::<bool>(),
        stocks in prop::collection::vec((0_u32..4, 0_u32..2, 0_u32..2), 4),
        needs in prop::collection::vec((0_u32..2, 0_usize..2, 1_u32..4, 1_i64..3, any::<bool>(), 1_u8..3), 1..4),
        travel in prop::collection::vec(travel_s(), 8),
        docks in prop::collection::vec(dock(), 4),
        has_base in any::<bool>(),
        drivers in prop_oneof![3 => Just(100_000_u64), 1 => 5_000_u64..40_000],
        bridge in prop_oneof![2 => Just(None), 1 => (0_u32..3).prop_map(Some)],
        agreements in prop::collection::vec(any::<bool>(), 2),
    ) -> Problem {
        let mut problem = small();
        problem.periods = 2;
        problem.members = 3;
        problem.goods = masses[..goods].iter().map(|&mass_g| Good { mass_g, volume_cm3: 1, ..problem.goods[0].clone() }).collect();
        if let (true, Some(second)) = (is_relief, problem.goods.get_mut(1)) {
            second.urgency = Urgency::Relief;
        }
        let site = |member, out_per_period| Site { member, out_per_period, ..problem.sites[0].clone() };
        problem.sites = vec![site(MemberIdx(0), docks[0]), site(MemberIdx(1), docks[1])];
        if has_base {
            problem.sites[1] = Site { tier: Tier::Union, in_per_period: 10 * LORRY, ..problem.sites[1].clone() };
            problem.sites[0].feeds = vec![SiteIdx(1)];
        }
        for (point, dock) in problem.points.iter_mut().zip(&docks[2..]) {
            point.member = MemberIdx(2);
            point.in_per_period = *dock;
        }
        problem.points[1].member = MemberIdx(1);
        let fleet = |site| Fleet {
            home: Home::Site(SiteIdx(site)), class: ClassIdx(0), vehicles: 1, driver_s_per_day: drivers,
        };
        problem.fleets = vec![fleet(0), fleet(1)];
        problem.ways[0].travel_s = travel;
        problem.ways[0].travel_s[0] = UNREACHABLE;
        problem.ways[0].travel_s[5] = UNREACHABLE;
        if let Some(vehicles) = bridge {
            problem.bundles = vec![Bundle { load_per_period: None, vehicles_per_period: Some(vehicles) }];
            problem.passages = vec![vec![], vec![BundleIdx(0)]];
            problem.ways[0].passage = vec![0, 0, 1, 0, 0, 0, 1, 0];
        }
        let stock = |(index, &(units, reserve, from)): (usize, &(u32, u32, u32))| Stock {
            site: SiteIdx::at(index % 2), good: GoodIdx::at(index / 2), units, reserve, available_from: PeriodIdx(from),
        };
        problem.stocks = stocks.iter().enumerate().filter(|(index, _)| index / 2 < goods).map(stock).collect();
        problem.needs = needs.into_iter().map(|(point, good, units, period, is_strict, priority)| Need {
            point: PointIdx(point), good: GoodIdx::at(good % goods), units, wanted_by_s: period * 21_600,
            useful_until_s: is_strict.then_some(period * 21_600), priority,
        }).collect();
        let pair = |index: usize| (MemberIdx::at(index), MemberIdx(2));
        problem.agreements = (0..2).filter(|&index| agreements[index]).map(pair).collect();
        problem.agreements.push((MemberIdx(0), MemberIdx(1)));
        problem.agreements.sort_unstable();
        problem
    }
}
