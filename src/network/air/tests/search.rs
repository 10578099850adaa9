//! An area as something to be searched: what its box holds back, looked at one by one.

use proptest::prelude::*;

use super::*;
use crate::spatial::Area;

fn place() -> impl Strategy<Value = Position> {
    (330_000_000..=370_000_000_i32, 1_330_000_000..=1_370_000_000_i32)
        .prop_map(|(lat, lon)| Position::from_e7(lat, lon).unwrap())
}

proptest! {
    #[test]
    fn the_bounds_of_an_area_hold_whatever_it_holds(
        corners in prop::collection::vec(place(), 3..6),
        places in prop::collection::vec(place(), 1..60),
    ) {
        if let Ok(area) = Polygon::new(&corners) {
            let bounds = area.envelope();
            for place in places.into_iter().filter(|place| area.covers(*place)) {
                prop_assert!(bounds.hold(place.into()), "{area:?} {place}");
            }
        }
    }
}

#[test]
fn an_area_thousands_of_kilometres_wide_bulges_beyond_its_corners_and_its_box_with_it() {
    let at = |lat, lon| Position::from_degrees(lat, lon).unwrap();
    let area = Polygon::new(&[at(50.0, 120.0), at(50.0, 160.0), at(20.0, 140.0)]).unwrap();
    let north = at(50.5, 140.0);
    assert!(area.covers(north) && area.envelope().hold(north.into()));
}
