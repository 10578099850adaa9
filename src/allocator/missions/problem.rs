//! The question, as a plain value with dense indices; and what it must satisfy.

use crate::allocator::ranking::Capabilities;
use crate::units::{Seconds, UNREACHABLE};

/// Sizes and values that a problem may have.
pub mod limits {
    use crate::units::Seconds;

    /// Aircraft or teams.
    pub const RESOURCES_MAX: usize = 512;
    /// Missions.
    pub const MISSIONS_MAX: usize = 2_048;
    /// Aircraft that all missions want together.
    pub const PARTS_MAX: usize = 4_096;
    /// Places in a table of travel times.
    pub const PLACES_MAX: usize = 512;
    /// Tables of travel times.
    pub const CLASSES_MAX: usize = 8;
    /// Places to refuel.
    pub const STOPS_MAX: usize = 16;
    /// Landing sites that are shared.
    pub const PADS_MAX: usize = 256;
    /// Sorties of one resource.
    pub const SORTIES_MAX: u8 = 8;
    /// Longest span, and farthest instant from now: a week.
    pub const TIME_MAX_S: Seconds = 7 * 86_400;
    /// Shortest window in which landings are counted.
    pub const WINDOW_MIN_S: Seconds = 60;
    /// Greatest price of a minute.
    pub const MINUTE_PRICE_MAX: u32 = 1_000;
    /// Greatest price of going unserved.
    pub const UNSERVED_MAX: i64 = 1 << 40;
    /// Most litres burnt in an hour.
    pub const BURN_MAX_L_PER_H: u32 = 100_000;

    // The last possible minute at the greatest price is a cost that the assignment takes.
    const _: () = assert!(
        (TIME_MAX_S as u64 / 60 + 1) * (MINUTE_PRICE_MAX as u64)
            < crate::allocator::assignment::limits::COST_MAX as u64
    );
}

/// An aircraft or a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Where it stands, a place.
    pub start: u16,
    /// Where it must be when its duty ends, a place.
    pub home: u16,
    /// Which table of travel times it moves by.
    pub class: u8,
    /// Seconds from now until it can leave.
    pub ready_s: Seconds,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Seconds of travel that a full tank gives.
    pub endurance_s: Seconds,
    /// Seconds of travel that are in the tank now.
    pub fuel_s: Seconds,
    /// Seconds of travel that must always be left.
    pub reserve_s: Seconds,
    /// What an hour of travel burns, in litres.
    pub burn_l_per_h: u32,
    /// Seconds from now until it must be home.
    pub duty_end_s: Seconds,
    /// Missions that it may serve one after the other.
    pub sorties_max: u8,
}

/// A mission, or a group of patients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mission {
    /// Where it is, a place.
    pub place: u16,
    /// The shared landing site, if landings are limited there.
    pub pad: Option<u16>,
    /// What each resource must be able to do.
    pub needs: Capabilities,
    /// How many resources it takes, each a sortie, not necessarily at once; served by all of them or not at all.
    pub resources: u8,
    /// Seconds on scene of each.
    pub on_scene_s: Seconds,
    /// Nobody can begin before this many seconds from now.
    pub from_s: Seconds,
    /// Each must have arrived at most so many seconds from now.
    pub due_s: Seconds,
    /// What a minute until an arrival costs: its priority.
    pub minute_price: u32,
    /// What leaving it unserved costs.
    pub unserved: i64,
}

/// A place to refuel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Where.
    pub place: u16,
    /// Litres for all together.
    pub stock_l: u32,
    /// Seconds that a refuelling takes.
    pub refuel_s: Seconds,
}

/// Aircraft or teams, missions, and what they share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Who may go.
    pub resources: Vec<Resource>,
    /// What is to be done.
    pub missions: Vec<Mission>,
    /// Where tanks are filled, always to the brim.
    pub stops: Vec<Stop>,
    /// Landings that each shared site takes in one window.
    pub pads: Vec<u16>,
    /// Seconds of a window in which landings are counted; windows begin now.
    pub window_s: Seconds,
    /// How many places there are.
    pub places: u16,
    /// For each class seconds of travel, shape places x places, row-major; [`UNREACHABLE`] where there is no way.
    pub travel_s: Vec<Vec<Seconds>>,
}

/// Why a problem cannot be planned. Names the field and the place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// A list is too long.
    #[error("{what}: {count}, at most {limit} can be planned; split the problem")]
    TooMany {
        /// The list.
        what: &'static str,
        /// Its length.
        count: usize,
        /// The most it may have.
        limit: usize,
    },
    /// A value lies outside what can be.
    #[error("{what} of entry {index} is {value}, it must lie within {min} and {max}")]
    OutOfRange {
        /// The field.
        what: &'static str,
        /// The place in its list.
        index: usize,
        /// The value.
        value: i64,
        /// Least allowed.
        min: i64,
        /// Most allowed.
        max: i64,
    },
    /// A table of travel times has the wrong shape.
    #[error("travel_s of class {class} has {count} entries, places times places are {expected}")]
    Shape {
        /// Which.
        class: usize,
        /// Its length.
        count: usize,
        /// The length it must have.
        expected: usize,
    },
}

impl Problem {
    /// Seconds of travel between two places for a class.
    #[must_use]
    pub fn travel(&self, class: u8, from: u16, to: u16) -> Seconds {
        self.travel_s[usize::from(class)][usize::from(from) * usize::from(self.places) + usize::from(to)]
    }

    /// Windows in which landings are counted.
    #[must_use]
    pub fn windows(&self) -> usize {
        (limits::TIME_MAX_S / self.window_s) as usize + 1
    }

    /// Judges sizes, indices and values.
    ///
    /// # Errors
    /// [`ProblemError`] with the first thing that is wrong.
    pub fn validate(&self) -> Result<(), ProblemError> {
        let parts = self.missions.iter().map(|mission| usize::from(mission.resources)).sum();
        let counts = [
            ("resources", self.resources.len(), limits::RESOURCES_MAX),
            ("missions", self.missions.len(), limits::MISSIONS_MAX),
            ("resources wanted", parts, limits::PARTS_MAX),
            ("stops", self.stops.len(), limits::STOPS_MAX),
            ("pads", self.pads.len(), limits::PADS_MAX),
            ("places", usize::from(self.places), limits::PLACES_MAX),
            ("classes", self.travel_s.len(), limits::CLASSES_MAX),
        ];
        for (what, count, limit) in counts {
            if count > limit {
                return Err(ProblemError::TooMany { what, count, limit });
            }
        }
        let time_max = i64::from(limits::TIME_MAX_S);
        within("window_s", 0, self.window_s.into(), (limits::WINDOW_MIN_S.into(), time_max))?;
        let expected = usize::from(self.places).pow(2);
        for (class, table) in self.travel_s.iter().enumerate() {
            if table.len() != expected {
                return Err(ProblemError::Shape { class, count: table.len(), expected });
            }
            for (index, &seconds) in table.iter().enumerate().filter(|(_, seconds)| **seconds != UNREACHABLE)
            {
                within("travel_s", index, seconds.into(), (0, time_max))?;
            }
        }
        self.validate_entries()
    }

    fn validate_entries(&self) -> Result<(), ProblemError> {
        let span = (0, i64::from(limits::TIME_MAX_S));
        let place = (0, i64::from(self.places) - 1);
        for (index, resource) in self.resources.iter().enumerate() {
            let fuel = (0, i64::from(resource.endurance_s));
            let fields = [
                ("start", resource.start.into(), place),
                ("home", resource.home.into(), place),
                ("class", resource.class.into(), (0, self.travel_s.len() as i64 - 1)),
                ("ready_s", resource.ready_s.into(), span),
                ("endurance_s", resource.endurance_s.into(), span),
                ("fuel_s", resource.fuel_s.into(), fuel),
                ("reserve_s", resource.reserve_s.into(), fuel),
                ("burn_l_per_h", resource.burn_l_per_h.into(), (0, limits::BURN_MAX_L_PER_H.into())),
                ("duty_end_s", resource.duty_end_s.into(), span),
                ("sorties_max", resource.sorties_max.into(), (0, limits::SORTIES_MAX.into())),
            ];
            fields.into_iter().try_for_each(|(what, value, ends)| within(what, index, value, ends))?;
        }
        for (index, mission) in self.missions.iter().enumerate() {
            let pad = mission.pad.map_or(0, i64::from);
            let pads = (0, if mission.pad.is_some() { self.pads.len() as i64 - 1 } else { 0 });
            let fields = [
                ("place", mission.place.into(), place),
                ("pad", pad, pads),
                ("resources", mission.resources.into(), (1, 255)),
                ("on_scene_s", mission.on_scene_s.into(), span),
                ("from_s", mission.from_s.into(), span),
                ("due_s", mission.due_s.into(), span),
                ("minute_price", mission.minute_price.into(), (0, limits::MINUTE_PRICE_MAX.into())),
                ("unserved", mission.unserved, (0, limits::UNSERVED_MAX)),
            ];
            fields.into_iter().try_for_each(|(what, value, ends)| within(what, index, value, ends))?;
        }
        for (index, stop) in self.stops.iter().enumerate() {
            within("place", index, stop.place.into(), place)?;
            within("refuel_s", index, stop.refuel_s.into(), span)?;
        }
        Ok(())
    }
}

fn within(what: &'static str, index: usize, value: i64, (min, max): (i64, i64)) -> Result<(), ProblemError> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(ProblemError::OutOfRange { what, index, value, min, max })
}
