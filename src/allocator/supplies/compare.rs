//! Two plans of one problem, side by side.

use super::index::NeedIdx;
use super::plan::Plan;
use super::problem::Shipment;
use std::collections::BTreeMap;

/// What changed from one plan to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Shipments of the second alone.
    pub added: Vec<Shipment>,
    /// Shipments of the first alone.
    pub removed: Vec<Shipment>,
    /// Same way and cargo in another period or by another fleet: (before, after).
    pub moved: Vec<(Shipment, Shipment)>,
    /// Needs of which more comes: (need, units unmet before, after).
    pub better: Vec<(NeedIdx, u32, u32)>,
    /// Needs of which less comes.
    pub worse: Vec<(NeedIdx, u32, u32)>,
    /// Weighed cost of the second less that of the first.
    pub cost: i128,
}

/// Compares two plans of the same problem, or of problems with the same lists.
#[must_use]
pub fn compare(before: &Plan, after: &Plan) -> Comparison {
    let only = |these: &Plan, those: &Plan| -> Vec<Shipment> {
        let mut left: BTreeMap<&Shipment, usize> = BTreeMap::new();
        those.shipments.iter().for_each(|shipment| *left.entry(shipment).or_default() += 1);
        let is_alone = |shipment: &&Shipment| match left.get_mut(*shipment) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        };
        these.shipments.iter().filter(is_alone).cloned().collect()
    };
    let (mut removed, mut added) = (only(before, after), only(after, before));
    let key = |shipment: &Shipment| (shipment.from, shipment.to, shipment.vehicles, shipment.lines.clone());
    let mut moved = Vec::new();
    removed.retain(|old| match added.iter().position(|new| key(new) == key(old)) {
        None => true,
        Some(place) => {
            moved.push((old.clone(), added.remove(place)));
            false
        }
    });
    let mut unmet: BTreeMap<NeedIdx, (u32, u32)> = BTreeMap::new();
    before.unmet.iter().for_each(|of| unmet.entry(of.need).or_default().0 = of.units);
    after.unmet.iter().for_each(|of| unmet.entry(of.need).or_default().1 = of.units);
    let rows = || unmet.iter().map(|(need, (old, new))| (*need, *old, *new));
    Comparison {
        added,
        removed,
        moved,
        better: rows().filter(|(_, old, new)| new < old).collect(),
        worse: rows().filter(|(_, old, new)| new > old).collect(),
        cost: after.gap.value - before.gap.value,
    }
}
