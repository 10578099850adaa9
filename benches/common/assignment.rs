//! Missions and resources to be paired: costs at random, and crowds after an earthquake.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use yui::allocator::assignment::Problem;

/// Metres of the region's side.
const REGION_M: u64 = 300_000;
/// Valleys that the missions lie in, and metres that they reach from the middle of theirs.
const VALLEYS: u64 = 12;
const VALLEY_M: u64 = 8_000;
/// Towns that the resources come from, and metres around each.
const TOWNS: u64 = 60;
const TOWN_M: u64 = 15_000;
/// Greatest cost at random.
const COST_MAX: u64 = 1_000_000;
/// What going unserved costs: more than any pair.
const UNSERVED: i64 = 4_000_000;

/// Costs at random between 1 and a million; as many resources as missions.
pub(crate) fn uniform(side: usize) -> Problem {
    let mut dice = ChaCha8Rng::seed_from_u64(side as u64);
    let costs = (0..side * side).map(|_| 1 + below(&mut dice, COST_MAX) as i32).collect();
    Problem { resources: side, costs, unserved: vec![UNSERVED; side] }
}

/// Metres as the crow flies from towns all over the region to missions in a few valleys.
pub(crate) fn clustered(side: usize) -> Problem {
    let mut dice = ChaCha8Rng::seed_from_u64(side as u64 + 1);
    let missions = around(&mut dice, (VALLEYS, VALLEY_M), side);
    let resources = around(&mut dice, (TOWNS, TOWN_M), side);
    let pairs = missions.iter().flat_map(|mission| resources.iter().map(|place| metres(*mission, *place)));
    Problem { resources: side, costs: pairs.collect(), unserved: vec![UNSERVED; side] }
}

/// Places around some centres; the sum of two throws, so that most lie near the middle.
fn around(dice: &mut ChaCha8Rng, (centres, reach_m): (u64, u64), count: usize) -> Vec<(i64, i64)> {
    let middles: Vec<(i64, i64)> =
        (0..centres).map(|_| (below(dice, REGION_M), below(dice, REGION_M))).collect();
    let near = |dice: &mut ChaCha8Rng| below(dice, reach_m) + below(dice, reach_m) - reach_m as i64;
    let places = (0..count).map(|_| {
        let middle = middles[below(dice, centres) as usize];
        (middle.0 + near(dice), middle.1 + near(dice))
    });
    places.collect()
}

fn metres(a: (i64, i64), b: (i64, i64)) -> i32 {
    let (x, y) = (a.0 - b.0, a.1 - b.1);
    (x * x + y * y).isqrt() as i32
}

fn below(dice: &mut ChaCha8Rng, bound: u64) -> i64 {
    (dice.next_u64() % bound) as i64
}
