//! Worlds on a line: the place number is its kilometre, a kilometre takes a minute.

use crate::allocator::missions::{Landing, Mission, Pad, Problem, Resource, Takers};
use crate::allocator::ranking::Capabilities;
use crate::units::Seconds;

/// Kilometres of the line.
pub(super) const PLACES: u16 = 60;

pub(super) fn minutes(count: u32) -> Seconds {
    count * 60
}

/// Stands and lives at a place, has fuel for three hours and ten hours of duty, and flies once.
pub(super) fn aircraft(place: u16) -> Resource {
    Resource {
        start: place,
        home: place,
        class: 0,
        ready_s: 0,
        capabilities: Capabilities::STRETCHER,
        endurance_s: minutes(180),
        fuel_s: minutes(180),
        reserve_s: minutes(20),
        burn_l_per_h: 240,
        duty_end_s: minutes(600),
        starts_by_s: minutes(600),
        flight_left_s: minutes(480),
        sorties_max: 1,
    }
}

/// Takes one resource with a stretcher for ten minutes, within five hours; a minute costs 1.
pub(super) fn mission(place: u16) -> Mission {
    Mission {
        landings: vec![landing(place)],
        group: None,
        needs: Capabilities::STRETCHER,
        resources: 1,
        on_scene_s: minutes(10),
        due_s: minutes(300),
        minute_price: 1,
        unserved: 10_000,
    }
}

/// Open to everybody from now on, and free again where it is.
pub(super) fn landing(place: u16) -> Landing {
    Landing { place, pad: None, from_s: 0, onward: None, takers: Takers::Anyone }
}

/// The same mission, begun after so many minutes.
pub(super) fn after(from: u32, mut mission: Mission) -> Mission {
    mission.landings.iter_mut().for_each(|landing| landing.from_s = minutes(from));
    mission
}

/// The same mission on the shared pad 0.
pub(super) fn on_pad(mut mission: Mission) -> Mission {
    mission.landings.iter_mut().for_each(|landing| landing.pad = Some(0));
    mission
}

/// A pad with so many spots, none of which is taken.
pub(super) fn pad(spots: u16) -> Pad {
    Pad { spots, taken: Vec::new() }
}

pub(super) fn problem(resources: Vec<Resource>, missions: Vec<Mission>) -> Problem {
    let row = |from: u16| (0..PLACES).map(move |to| minutes(from.abs_diff(to).into()));
    Problem {
        resources,
        missions,
        stops: Vec::new(),
        pads: Vec::new(),
        window_s: minutes(10),
        places: PLACES,
        travel_s: vec![(0..PLACES).flat_map(row).collect()],
    }
}
