//! The same questions on a plane, in floating point, by looking at everything.
//!
//! Seen from the centre of the Earth on a plane that touches it at 35° N 135° E great circles are straight lines, and every
//! test is a school-book one.

use proptest::prelude::*;

use super::*;

type Point = (f64, f64);

/// Degrees of plane, so that 1e-6 is some 10 cm.
fn project(at: Position) -> Point {
    let (lat, lon) = at.degrees();
    let (lat, lon, lat0) = (lat.to_radians(), (lon - 135.0).to_radians(), 35.0_f64.to_radians());
    let scale = libm::sin(lat0) * libm::sin(lat) + libm::cos(lat0) * libm::cos(lat) * libm::cos(lon);
    let x = libm::cos(lat) * libm::sin(lon) / scale;
    let y = (libm::cos(lat0) * libm::sin(lat) - libm::sin(lat0) * libm::cos(lat) * libm::cos(lon)) / scale;
    (x.to_degrees(), y.to_degrees())
}

fn cross(o: Point, a: Point, b: Point) -> f64 {
    (a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)
}

/// How deep a point lies in a polygon; negative outside.
fn depth(polygon: &[Point], at: Point) -> f64 {
    let mut inside = false;
    let mut nearest = f64::INFINITY;
    for (i, &a) in polygon.iter().enumerate() {
        let b = polygon[(i + 1) % polygon.len()];
        if (a.1 > at.1) != (b.1 > at.1) && at.0 < a.0 + (at.1 - a.1) / (b.1 - a.1) * (b.0 - a.0) {
            inside = !inside;
        }
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let t = (((at.0 - a.0) * dx + (at.1 - a.1) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
        let (ex, ey) = (at.0 - a.0 - t * dx, at.1 - a.1 - t * dy);
        nearest = nearest.min((ex * ex + ey * ey).sqrt());
    }
    if inside { nearest } else { -nearest }
}

/// Ten centimetres.
const SLACK: f64 = 1e-6;

/// Whether a leg passes through a polygon: cut at every edge, each piece judged by its middle.
fn passes(polygon: &[Point], a: Point, b: Point) -> bool {
    let at = |t: f64| (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
    let mut cuts = vec![0.0, 1.0];
    for (i, &c) in polygon.iter().enumerate() {
        let d = polygon[(i + 1) % polygon.len()];
        let (from, to) = (cross(c, d, a), cross(c, d, b));
        if (from - to).abs() > 1e-15 {
            cuts.push((from / (from - to)).clamp(0.0, 1.0));
        }
    }
    cuts.sort_by(f64::total_cmp);
    cuts.windows(2).any(|ends| depth(polygon, at((ends[0] + ends[1]) / 2.0)) > SLACK)
}

/// The shortest way by joining every pair of corners that see each other (Floyd, Warshall).
fn shortest_m(areas: &[Polygon], from: Position, to: Position) -> Option<u64> {
    let planes: Vec<Vec<Point>> =
        areas.iter().map(|area| area.corners().iter().map(|&at| project(at)).collect()).collect();
    let mut places = vec![from, to];
    places.extend(areas.iter().flat_map(|area| area.corners().iter().copied()));
    let count = places.len();
    let mut metres = vec![vec![u64::MAX / 4; count]; count];
    for a in 0..count {
        for b in 0..count {
            let is_free = planes.iter().all(|plane| !passes(plane, project(places[a]), project(places[b])));
            if is_free {
                metres[a][b] = u64::from(distance_m(places[a].into(), places[b].into()));
            }
        }
    }
    for via in 0..count {
        for a in 0..count {
            for b in 0..count {
                metres[a][b] = metres[a][b].min(metres[a][via] + metres[via][b]);
            }
        }
    }
    Some(metres[0][1]).filter(|&m| m < u64::MAX / 4)
}

/// A star around the middle of one of nine fields of a degree, which leaves room between fields.
fn star(field: usize, rays: &[(u8, u8)]) -> Polygon {
    let (lat, lon) = (34.0 + (field / 3) as f64, 134.0 + (field % 3) as f64);
    let corners: Vec<Position> = (0..rays.len())
        .map(|i| {
            let (radius, twist) = rays[i];
            let share = (i as f64 + f64::from(twist) / 512.0) / rays.len() as f64;
            let angle = share * std::f64::consts::TAU;
            let radius = 0.05 + 0.4 * f64::from(radius) / 255.0;
            place(lat + radius * libm::sin(angle), lon + radius * libm::cos(angle))
        })
        .collect();
    Polygon::new(&corners).unwrap()
}

fn stars() -> impl Strategy<Value = Vec<Polygon>> {
    let rays = || prop::collection::vec(any::<(u8, u8)>(), 4..8);
    prop::collection::vec((any::<bool>(), rays()), 9).prop_map(|fields| {
        let kept = fields.iter().enumerate().filter(|(_, (is_kept, _))| *is_kept);
        kept.map(|(field, (_, rays))| star(field, rays)).collect()
    })
}

fn spot() -> impl Strategy<Value = Position> {
    (33_000..37_000_i32, 133_000..137_000_i32)
        .prop_map(|(lat, lon)| place(f64::from(lat) / 1e3, f64::from(lon) / 1e3))
}

fn network_of(areas: &[Polygon]) -> AirNetwork {
    network(areas.iter().map(|area| named("a", area.clone())).collect(), vec![])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_way_around_is_the_one_that_looking_at_every_pair_of_corners_finds(
        areas in stars(), from in spot(), to in spot(),
    ) {
        let network = network_of(&areas);
        let found = network.leg(from, to, &flight(), &AirWeather::default());
        let is_inside = |at: Position, deep: f64| areas.iter().any(|area| {
            let plane: Vec<Point> = area.corners().iter().map(|&at| project(at)).collect();
            depth(&plane, project(at)) > deep
        });
        match found {
            Err(Infeasible::Inside { .. }) => prop_assert!(is_inside(from, -SLACK) || is_inside(to, -SLACK)),
            Err(other) => prop_assert!(false, "{}", other),
            Ok(leg) => {
                prop_assert!(!is_inside(from, SLACK) && !is_inside(to, SLACK));
                let expected = shortest_m(&areas, from, to);
                let is_near = expected.is_some_and(|metres| metres.abs_diff(u64::from(leg.distance_m)) <= 5);
                prop_assert!(is_near, "{:?} against {:?}", leg, expected);
                // Sampled: nothing of the way lies inside anything.
                for ends in leg.way.windows(2) {
                    let (a, b) = (project(ends[0]), project(ends[1]));
                    for i in 0..=200 {
                        let t = f64::from(i) / 200.0;
                        let at = (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
                        for area in &areas {
                            let plane: Vec<Point> = area.corners().iter().map(|&at| project(at)).collect();
                            prop_assert!(depth(&plane, at) <= SLACK, "{:?} enters {:?}", leg, area);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn ways_around_keep_the_triangle_and_are_the_same_back_and_again(
        areas in stars(), a in spot(), b in spot(), c in spot(),
    ) {
        let network = network_of(&areas);
        let go = |from, to| network.leg(from, to, &flight(), &AirWeather::default());
        if let (Ok(ab), Ok(bc), Ok(ac)) = (go(a, b), go(b, c), go(a, c)) {
            // Each straight piece was rounded by half a metre.
            let pieces = (ab.way.len() + bc.way.len() + ac.way.len()) as u32;
            prop_assert!(ac.distance_m <= ab.distance_m + bc.distance_m + pieces);
            let back = go(c, a).unwrap();
            prop_assert!(back.distance_m.abs_diff(ac.distance_m) <= pieces);
            prop_assert_eq!(go(a, c).unwrap(), ac.clone());
            let mut other = areas.clone();
            other.reverse();
            let same = network_of(&other).leg(a, c, &flight(), &AirWeather::default()).unwrap();
            prop_assert_eq!((same.distance_m, same.travel_s), (ac.distance_m, ac.travel_s));
        }
    }

    #[test]
    fn the_parts_of_a_leg_are_where_its_points_lie(
        areas in stars(), from in spot(), to in spot(),
    ) {
        let regions = areas.iter().map(|area| region("a", area.clone())).collect();
        let network = network(vec![], regions);
        let leg = network.leg(from, to, &flight(), &AirWeather::default()).unwrap();
        prop_assert!(leg.parts.windows(2).all(|w| w[0].from_m <= w[1].from_m));
        let (a, b) = (UnitVector::from(from), UnitVector::from(to));
        let whole = f64::from(leg.distance_m);
        let (p, q) = (project(from), project(to));
        for i in 1..400 {
            // A point of the line on the plane, and its distance from the start by its vector on the sphere.
            let t = f64::from(i) / 400.0;
            let at = (p.0 + t * (q.0 - p.0), p.1 + t * (q.1 - p.1));
            let mix = |v: i32, w: i32, s: f64| (1.0 - s) * f64::from(v) + s * f64::from(w);
            // The share of the chord that projects there: both ends are divided by their heights over the plane.
            let height = |v: UnitVector| {
                let (lat0, lon0) = (35.0_f64.to_radians(), 135.0_f64.to_radians());
                f64::from(v.x) * libm::cos(lat0) * libm::cos(lon0)
                    + f64::from(v.y) * libm::cos(lat0) * libm::sin(lon0)
                    + f64::from(v.z) * libm::sin(lat0)
            };
            let s = t * height(a) / (t * height(a) + (1.0 - t) * height(b));
            let v = [mix(a.x, b.x, s), mix(a.y, b.y, s), mix(a.z, b.z, s)];
            let norm = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt() / 1_073_741_824.0;
            let point = UnitVector { x: (v[0] / norm) as i32, y: (v[1] / norm) as i32, z: (v[2] / norm) as i32 };
            let metres = f64::from(distance_m(a, point)).min(whole);
            for (index, area) in areas.iter().enumerate() {
                let plane: Vec<Point> = area.corners().iter().map(|&at| project(at)).collect();
                let deep = depth(&plane, at);
                // Beyond 20 m from a border the rounding of marks cannot matter.
                if deep.abs() > 2e-4 {
                    let is_told = leg.parts.iter().any(|part| {
                        part.region == index && f64::from(part.from_m) <= metres && metres <= f64::from(part.until_m)
                    });
                    prop_assert_eq!(is_told, deep > 0.0, "{} of {:?} at {} m", index, leg, metres);
                }
            }
        }
    }

    /// On a lattice corners, edges and ways meet all the time.
    #[test]
    fn on_a_lattice_no_way_enters_an_area(
        boxes in prop::collection::vec((0..6_i32, 0..6_i32, 1..4_i32, 1..4_i32), 1..7),
        ends in ((0..9_i32, 0..9_i32), (0..9_i32, 0..9_i32)),
    ) {
        let at = |y: i32, x: i32| place(35.0 + f64::from(y) / 4.0, 135.0 + f64::from(x) / 4.0);
        let areas: Vec<Polygon> = boxes.iter().map(|&(y, x, h, w)| {
            Polygon::new(&[at(y, x), at(y, x + w), at(y + h, x + w), at(y + h, x)]).unwrap()
        }).collect();
        let ((y0, x0), (y1, x1)) = ends;
        let found = network_of(&areas).leg(at(y0, x0), at(y1, x1), &flight(), &AirWeather::default());
        match found {
            Ok(leg) => for pair in leg.way.windows(2) {
                for area in &areas {
                    let plane: Vec<Point> = area.corners().iter().map(|&at| project(at)).collect();
                    prop_assert!(!passes(&plane, project(pair[0]), project(pair[1])), "{:?}", leg);
                }
            },
            Err(Infeasible::Inside { end, .. }) => {
                let (y, x) = if end == LegEnd::Start { ends.0 } else { ends.1 };
                let deep = |area: &Polygon| {
                    let plane: Vec<Point> = area.corners().iter().map(|&at| project(at)).collect();
                    depth(&plane, project(at(y, x)))
                };
                prop_assert!(areas.iter().any(|area| deep(area) > -SLACK));
            }
            Err(Infeasible::Enclosed { .. }) => {}
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}
