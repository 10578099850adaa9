//! What receiving points need within the plan, less what they have and what comes to them already.

use super::{Horizon, LeftOut, NeedRow};
use crate::allocator::supplies::{GoodIdx, Need, PointIdx};
use crate::authority::View;
use crate::decision::model::{self, DepotTier, NeedPlace, city_of_ward};
use crate::id::{CommodityId, NeedId};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// Needs on their way into a problem.
pub(super) struct Needs {
    pub(super) rows: Vec<(NeedRow, Need)>,
    pub(super) left_out: Vec<(NeedId, u32, LeftOut)>,
}

impl Needs {
    /// Rows by need and day, as far as they are wanted before the end of the horizon.
    pub(super) fn gather(
        view: &View,
        horizon: &Horizon,
        points: &[&model::Depot],
        good_of: &BTreeMap<&CommodityId, usize>,
        per_unit: &[u32],
    ) -> Needs {
        let mut of_town: BTreeMap<u32, usize> = BTreeMap::new();
        for (place, point) in points.iter().enumerate().rev() {
            if point.tier == DepotTier::Two && point.municipality > 0 {
                of_town.insert(point.municipality, place);
            }
        }
        // A city whose receiving points are told by its wards is served at the first of them.
        for (code, place) in of_town.clone() {
            if let Some(city) = city_of_ward(code) {
                let _ = of_town.entry(city).or_insert(place);
            }
        }
        let standing: BTreeMap<&NeedId, &model::Need> =
            view.standing_needs().map(|(_, need)| (&need.id, need)).collect();
        let mut needs = Needs { rows: Vec::new(), left_out: Vec::new() };
        for (id, need) in standing {
            let Some(&good) = good_of.get(&need.commodity) else { continue };
            let point = match &need.place {
                NeedPlace::Municipality(code) => {
                    of_town.get(code).or_else(|| of_town.get(&city_of_ward(*code)?)).copied()
                }
                NeedPlace::Depot(depot) => points.iter().position(|point| point.id == *depot),
            };
            for (day, wanted_by) in days(need, horizon) {
                let Some(point) = point else {
                    needs.left_out.push((id.clone(), need.quantity, LeftOut::NoReceivingPoint));
                    continue;
                };
                let row = Need {
                    point: PointIdx::at(point),
                    good: GoodIdx::at(good),
                    units: need.quantity.div_ceil(per_unit[good]),
                    wanted_by_s: wanted_by.0.div_euclid(1_000),
                    useful_until_s: None,
                    // 1 is the most urgent on the wire, the heaviest weight here.
                    priority: 11_u8.saturating_sub(need.priority.saturating_mul(2)).clamp(1, 9),
                };
                needs.rows.push((NeedRow { need: id.clone(), day }, row));
            }
        }
        needs
    }

    /// Takes goods that lie at receiving points, or come there, off their needs; in units of the problem by (point, good).
    pub(super) fn take_off(
        &mut self,
        mut there: BTreeMap<(usize, usize), u32>,
        per_unit: &[u32],
        why: LeftOut,
    ) {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|&row| (self.rows[row].1.wanted_by_s, row));
        for row in order {
            let (of, need) = &mut self.rows[row];
            let key = (need.point.index(), need.good.index());
            let Some(left) = there.get_mut(&key) else { continue };
            let taken = need.units.min(*left);
            need.units -= taken;
            *left -= taken;
            if taken > 0 {
                let quantity = taken.saturating_mul(per_unit[key.1]);
                self.left_out.push((of.need.clone(), quantity, why));
            }
        }
        self.rows.retain(|(_, need)| need.units > 0);
    }
}

/// The days of a need that are wanted before the end of the plan; what was wanted before it begins is wanted at once.
fn days(need: &model::Need, horizon: &Horizon) -> Vec<(u32, Timestamp)> {
    const DAY_MILLIS: i64 = 86_400_000;
    let until = horizon.until();
    let last = need.daily_until.unwrap_or(need.wanted_by).min(until);
    let mut days = Vec::new();
    for day in 0.. {
        let wanted_by = need.wanted_by.plus_millis(i64::from(day) * DAY_MILLIS);
        if wanted_by > last || (day > 0 && need.daily_until.is_none()) {
            break;
        }
        // Of a standing need only the day that runs counts as late, not every day since it was stated.
        let is_past = wanted_by < horizon.from && need.daily_until.is_some();
        if !is_past {
            days.push((day, wanted_by.max(horizon.from.plus_millis(1_000))));
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::model::NeedSource;

    const HOUR: i64 = 3_600_000;

    fn wanted(at_h: i64, until_h: Option<i64>) -> Vec<(u32, i64)> {
        let need = model::Need {
            id: "members/hyogo/needs/n-1".parse().unwrap(),
            place: NeedPlace::Municipality(28_100),
            commodity: "commodities/food".parse().unwrap(),
            quantity: 1,
            priority: 1,
            wanted_by: Timestamp(at_h * HOUR),
            daily_until: until_h.map(|until_h| Timestamp(until_h * HOUR)),
            source: NeedSource::Report,
            reporter: String::new(),
            note: String::new(),
        };
        let horizon = Horizon::three_days(Timestamp(100 * HOUR));
        days(&need, &horizon).into_iter().map(|(day, at)| (day, at.0.div_euclid(HOUR))).collect()
    }

    #[test]
    fn a_need_once_is_one_row_also_when_it_is_late_and_none_after_the_plan() {
        assert_eq!(wanted(110, None), [(0, 110)]);
        assert_eq!(wanted(40, None), [(0, 100)]);
        assert_eq!(wanted(172, None), [(0, 172)]);
        assert_eq!(wanted(173, None), []);
    }

    #[test]
    fn a_standing_need_is_a_row_for_each_day_to_come() {
        assert_eq!(wanted(124, Some(172)), [(0, 124), (1, 148), (2, 172)]);
        assert_eq!(
            wanted(60, Some(140)),
            [(2, 108), (3, 132)],
            "days that have passed are not asked for again"
        );
        assert_eq!(wanted(160, Some(900)), [(0, 160)], "what comes after the plan is for the next one");
    }
}
