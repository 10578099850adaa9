//! Who calls when and from where: a Poisson process for each area, by the hour of the day.

use super::Order;
use super::chance::Stream;
use crate::authority::View;
use crate::decision::model::Area;
use crate::id::OrganisationId;
use crate::units::{Position, Timestamp, local_second};

const HOUR_MILLIS: u64 = 3_600_000;

/// A call for a doctor helicopter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) at: Timestamp,
    pub(super) area: OrganisationId,
    /// The centre of the area's demand.
    pub(super) position: Position,
}

/// The calls of every area that a ledger of a field states, in order of time, then of area.
///
/// Each area has a stream of its own: another area more changes no other's calls.
pub(super) fn between(view: &View, span: (Timestamp, Timestamp), order: Order) -> Vec<Call> {
    let mut calls: Vec<Call> = view.areas().flat_map(|area| of_area(area, span, order)).collect();
    calls.sort_by(|a, b| (a.at, &a.area).cmp(&(b.at, &b.area)));
    calls
}

/// Each gap is exponential in expected calls: hours are walked through until they have held so many.
fn of_area(area: &Area, (from, to): (Timestamp, Timestamp), order: Order) -> Vec<Call> {
    let mut chance = Stream::new(order.seed, &format!("calls of {}", area.organisation));
    let mut calls = Vec::new();
    let mut at = from;
    let mut owed_e6 = chance.exponential_e6();
    while at < to {
        let hour = (local_second(at) / 3_600) as usize;
        let left_millis = HOUR_MILLIS - at.0.rem_euclid(HOUR_MILLIS as i64) as u64;
        let stated_e6 = u64::from(area.calls_per_hour_e6.get(hour).copied().unwrap_or(0));
        let rate_e6 = stated_e6 * u64::from(order.habits.calls_permille) / 1_000;
        let held_e6 = rate_e6 * left_millis / HOUR_MILLIS;
        if held_e6 <= owed_e6 {
            owed_e6 -= held_e6;
            at = at.plus_millis(left_millis as i64);
            continue;
        }
        at = at.plus_millis((owed_e6 * HOUR_MILLIS / rate_e6) as i64);
        if at < to {
            calls.push(Call { at, area: area.organisation.clone(), position: area.position });
        }
        owed_e6 = chance.exponential_e6();
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::runner::Habits;
    use crate::units::JST_OFFSET_S;

    fn order(seed: u64) -> Order {
        Order { days: 1, seed, habits: Habits::default() }
    }

    fn area(calls_per_hour_e6: Vec<u32>) -> Area {
        Area {
            organisation: "members/hyogo/organisations/fd-toyooka".parse().unwrap(),
            position: Position::from_degrees(35.5, 134.8).unwrap(),
            calls_per_hour_e6,
            block: "hyogo".parse().unwrap(),
        }
    }

    #[test]
    fn calls_come_as_often_as_stated_and_only_in_their_hours() {
        let mut rates = vec![0; 24];
        rates[9] = 500_000;
        rates[10] = 1_500_000;
        let days = 2_000;
        let midnight = Timestamp(-JST_OFFSET_S * 1_000);
        let end = midnight.plus_millis(days * 86_400_000);
        let calls = of_area(&area(rates), (midnight, end), order(7));
        let hour = |call: &Call| local_second(call.at) / 3_600;
        let (ninth, tenth) = calls.iter().partition::<Vec<&Call>, _>(|call| hour(call) == 9);
        assert!(tenth.iter().all(|call| hour(call) == 10));
        // Poisson: the deviation of 1,000 is 32, of 3,000 it is 55.
        assert!((ninth.len() as i64 - 1_000).abs() < 130, "{}", ninth.len());
        assert!((tenth.len() as i64 - 3_000).abs() < 220, "{}", tenth.len());
        assert!(calls.is_sorted_by_key(|call| call.at));
    }

    #[test]
    fn a_drill_may_have_more_calls_than_are_stated_or_none() {
        let span = (Timestamp(0), Timestamp(1_000 * 86_400_000));
        let count = |calls_permille| {
            let habits = Habits { calls_permille, ..Habits::default() };
            of_area(&area(vec![100_000; 24]), span, Order { habits, ..order(3) }).len() as i64
        };
        assert_eq!(count(0), 0);
        // Poisson: the deviation of 2,400 is 49, of 4,800 it is 69.
        assert!((count(1_000) - 2_400).abs() < 200, "{}", count(1_000));
        assert!((count(2_000) - 4_800).abs() < 280, "{}", count(2_000));
    }

    #[test]
    fn the_seed_decides() {
        let rates = vec![1_000_000; 24];
        let span = (Timestamp(0), Timestamp(86_400_000));
        let calls = |seed| of_area(&area(rates.clone()), span, order(seed));
        assert_eq!(calls(1), calls(1));
        assert_ne!(calls(1), calls(2));
    }
}
