//! Places for the tests.

use crate::units::Position;
use proptest::prelude::*;

/// Places anywhere, with the poles, the antimeridian and heaps of equal places made likely.
pub(super) fn places() -> impl Strategy<Value = Position> {
    let anywhere = (-900_000_000..=900_000_000_i32, -1_800_000_000..=1_800_000_000_i32);
    let antimeridian = (
        -900_000_000..=900_000_000_i32,
        prop_oneof![1_799_000_000..=1_800_000_000_i32, Just(-1_800_000_000)],
    );
    let pole =
        (prop_oneof![899_900_000..=900_000_000_i32, Just(-900_000_000)], -1_800_000_000..=1_800_000_000_i32);
    let heap = (0..3_i32, 0..3_i32).prop_map(|(lat, lon)| (350_000_000 + lat * 40, 1_350_000_000 + lon * 40));
    prop_oneof![anywhere, antimeridian, pole, heap]
        .prop_map(|(lat, lon)| Position::from_e7(lat, lon).unwrap())
}
