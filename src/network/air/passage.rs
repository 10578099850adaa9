//! Whether a leg can be flown straight, around something, or not at all, and then what is the least that must be lifted.

use super::sight::barring;
use super::sphere::Arc;
use super::{AirLeg, AirNetwork, AirWeather, Barrier, Flight, Infeasible};
use crate::units::Position;
use crate::units::geodesy::{distance_m, travel_s};

/// Steps in which what bars a leg is lifted one by one; each lifts at least one thing.
const LIFTS_MAX: usize = 8;

/// How a leg can be flown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage {
    /// Along the great circle: nothing is in the way.
    Straight,
    /// Around what its `around` names.
    Around(AirLeg),
    /// Not at all.
    Barred {
        /// Why.
        why: Infeasible,
        /// What would have to be lifted: one thing if one is enough, else several together. Empty where it is not barred by
        /// anything that can be.
        least: Vec<Barrier>,
    },
}

impl AirNetwork {
    /// How a leg can be flown.
    ///
    /// Most legs are straight, and cost no more than a look at what lies near them.
    ///
    /// # Complexity
    /// O(corners of all areas) for a straight one; else that of [`AirNetwork::leg`], once more for each thing that may have
    /// to be lifted.
    #[must_use]
    pub fn passage(&self, from: Position, to: Position, flight: &Flight, weather: &AirWeather) -> Passage {
        let metres = distance_m(from.into(), to.into());
        let until = flight.departs_at + travel_s(metres, flight.airspeed_kmh.max(1));
        let space = self.airspace(flight, weather, until);
        let straight = Arc::new(from.into(), to.into());
        let is_free = |place: Position| !space.ground.iter().any(|(_, area)| area.holds(place.into()));
        if is_free(from) && is_free(to) && barring(&straight, &space.polygons).is_empty() {
            return Passage::Straight;
        }
        match self.leg(from, to, flight, weather) {
            Ok(leg) => Passage::Around(leg),
            Err(why) => {
                let least = self.least(from, to, flight, weather, &why);
                Passage::Barred { why, least }
            }
        }
    }

    /// The least that must be lifted for a leg to be flown that cannot be for `why`.
    fn least(
        &self,
        from: Position,
        to: Position,
        flight: &Flight,
        weather: &AirWeather,
        why: &Infeasible,
    ) -> Vec<Barrier> {
        let without = |lifted: &[Barrier]| self.leg_without(from, to, flight, weather, lifted);
        let mut lifted: Vec<Barrier> = Vec::new();
        let mut why = why.clone();
        for _ in 0..LIFTS_MAX {
            match why {
                Infeasible::Inside { barrier, .. } => lifted.push(barrier),
                Infeasible::Enclosed { barriers } => {
                    let with = |one: &Barrier| [lifted.as_slice(), std::slice::from_ref(one)].concat();
                    match barriers.iter().find(|one| without(&with(one)).is_ok()) {
                        Some(one) => lifted.push(one.clone()),
                        None => lifted.extend(barriers),
                    }
                }
                Infeasible::Intricate { .. } | Infeasible::TooFar | Infeasible::Stopped { .. } => break,
            }
            match without(&lifted) {
                Ok(_) => break,
                Err(next) => why = next,
            }
        }
        lifted.sort();
        lifted.dedup();
        lifted
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NoFlyArea, Polygon};
    use super::*;
    use crate::units::Timestamp;

    fn place(lat: f64, lon: f64) -> Position {
        Position::from_degrees(lat, lon).unwrap()
    }

    fn square(name: &str, south: f64, west: f64, side: f64) -> NoFlyArea {
        let corners = [(0.0, 0.0), (0.0, side), (side, side), (side, 0.0)];
        let corners: Vec<Position> = corners.map(|(n, e)| place(south + n, west + e)).to_vec();
        NoFlyArea {
            id: format!("members/hyogo/noFlyAreas/{name}").parse().unwrap(),
            polygon: Polygon::new(&corners).unwrap(),
            floor_m: 0,
            ceiling_m: 3_000,
            from: None,
            until: None,
        }
    }

    fn passage(areas: Vec<NoFlyArea>) -> Passage {
        let network = AirNetwork::new(Vec::new(), areas, Vec::new()).unwrap();
        let flight =
            Flight { departs_at: Timestamp(0), airspeed_kmh: 200, altitude_m: 600, ceiling_min_m: 0 };
        network.passage(place(35.0, 135.0), place(35.0, 136.0), &flight, &AirWeather::default())
    }

    fn no_fly(name: &str) -> Barrier {
        Barrier::NoFly(format!("members/hyogo/noFlyAreas/{name}").parse().unwrap())
    }

    #[test]
    fn a_leg_beside_an_area_is_straight_and_one_across_names_what_it_flies_around() {
        assert_eq!(passage(vec![square("aside", 36.0, 135.4, 0.2)]), Passage::Straight);
        let areas = vec![square("aside", 36.0, 135.4, 0.2), square("across", 34.9, 135.4, 0.2)];
        let Passage::Around(leg) = passage(areas) else { panic!("it leads around") };
        assert_eq!(leg.around, [no_fly("across")]);
        assert!(leg.detour_m > 0);
    }

    #[test]
    fn the_least_that_must_be_lifted_is_one_area_where_one_is_enough() {
        let Passage::Barred { why, least } = passage(vec![square("here", 34.9, 134.9, 0.2)]) else {
            panic!("its start lies inside")
        };
        assert!(matches!(why, Infeasible::Inside { .. }), "{why}");
        assert_eq!(least, [no_fly("here")]);
        // Both ends inside: both.
        let both = vec![square("here", 34.9, 134.9, 0.2), square("there", 34.9, 135.9, 0.2)];
        let Passage::Barred { least, .. } = passage(both) else { panic!("both ends lie inside") };
        assert_eq!(least, [no_fly("here"), no_fly("there")]);
    }

    #[test]
    fn a_ring_of_areas_is_opened_by_any_one_of_them() {
        // Four walls around the start that overlap at the corners.
        let bar = |name: &str, corners: [(f64, f64); 4]| NoFlyArea {
            polygon: Polygon::new(&corners.map(|(lat, lon)| place(lat, lon))).unwrap(),
            ..square(name, 0.0, 0.0, 1.0)
        };
        let ring = vec![
            bar("north", [(35.2, 134.7), (35.2, 135.3), (35.3, 135.3), (35.3, 134.7)]),
            bar("south", [(34.7, 134.7), (34.7, 135.3), (34.8, 135.3), (34.8, 134.7)]),
            bar("west", [(34.75, 134.7), (34.75, 134.8), (35.25, 134.8), (35.25, 134.7)]),
            bar("east", [(34.75, 135.2), (34.75, 135.3), (35.25, 135.3), (35.25, 135.2)]),
        ];
        let Passage::Barred { why, least } = passage(ring) else { panic!("the start is fenced in") };
        let Infeasible::Enclosed { barriers } = why else { panic!("{why}") };
        assert_eq!((barriers.len(), least.len()), (4, 1));
    }
}
