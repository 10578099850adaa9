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
    pub const CLASSES_MAX: usize = 64;
    /// Places to refuel.
    pub const STOPS_MAX: usize = 16;
    /// Landing sites that are shared.
    pub const PADS_MAX: usize = 1_024;
    /// Places where one mission can be reached.
    pub const LANDINGS_MAX: usize = 32;
    /// Stays of others at one shared landing site.
    pub const TAKEN_MAX: usize = 64;
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
    /// Greatest fee of a pair.
    pub const FEE_MAX: u32 = 1 << 20;
    /// Most litres burnt in an hour.
    pub const BURN_MAX_L_PER_H: u32 = 100_000;

    // The last possible minute at the greatest price and fee is a cost that the assignment takes.
    const _: () = assert!(
        (TIME_MAX_S as u64 / 60 + 1) * (MINUTE_PRICE_MAX as u64) + (FEE_MAX as u64)
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
    /// Seconds from now after which it begins no sortie.
    pub starts_by_s: Seconds,
    /// Seconds of travel that its crew may still do.
    pub flight_left_s: Seconds,
    /// Missions that it may serve one after the other.
    pub sorties_max: u8,
}

/// A mission, or a group of patients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mission {
    /// Where it can be reached; each resource takes one of these.
    pub landings: Vec<Landing>,
    /// Of missions with one number a resource serves one at most.
    pub group: Option<u16>,
    /// What each resource must be able to do.
    pub needs: Capabilities,
    /// How many resources it takes, each a sortie, not necessarily at once; served by all of them or not at all.
    pub resources: u8,
    /// Seconds on scene of each.
    pub on_scene_s: Seconds,
    /// Each must have arrived at most so many seconds from now.
    pub due_s: Seconds,
    /// What a minute until an arrival costs: its priority.
    pub minute_price: u32,
    /// What leaving it unserved costs.
    pub unserved: i64,
}

/// Where a mission can be reached, by whom, and where that leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// Where, a place.
    pub place: u16,
    /// The shared landing site, if room is limited there.
    pub pad: Option<u16>,
    /// Nobody can begin before this many seconds from now.
    pub from_s: Seconds,
    /// Where who was there goes on to; none: it is free where it landed.
    pub onward: Option<Onward>,
    /// Who may land.
    pub takers: Takers,
}

/// Where a mission ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onward {
    /// Where, a place.
    pub place: u16,
    /// Seconds there.
    pub stop_s: Seconds,
}

/// Who may land.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takers {
    /// Whoever can do what the mission needs.
    Anyone,
    /// These alone, by resource.
    Only(Vec<Taker>),
}

/// Who may land, and what that costs beside its minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taker {
    /// Who.
    pub resource: u16,
    /// What it costs.
    pub fee: u32,
}

impl Landing {
    /// What it costs beside the minutes that a resource lands; none where it may not.
    #[must_use]
    pub fn fee(&self, resource: u16) -> Option<u32> {
        match &self.takers {
            Takers::Anyone => Some(0),
            Takers::Only(takers) => {
                let found = takers.binary_search_by_key(&resource, |taker| taker.resource);
                found.ok().map(|place| takers[place].fee)
            }
        }
    }

    /// Where who was there is free again.
    #[must_use]
    pub fn ends_at(&self) -> u16 {
        self.onward.map_or(self.place, |onward| onward.place)
    }
}

/// A landing site that is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pad {
    /// Resources that may stand there at once.
    pub spots: u16,
    /// When others stand there: each takes a spot.
    pub taken: Vec<Stay>,
}

/// A time on a landing site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// First second, from now.
    pub from_s: Seconds,
    /// First second after it.
    pub until_s: Seconds,
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
    /// Landing sites that are shared.
    pub pads: Vec<Pad>,
    /// Seconds of a window in which the bound counts and prices landings; windows begin now. Best not longer than a stay.
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

    /// Whether one resource cannot serve both: they are the same, or of one group.
    #[must_use]
    pub fn is_alike(&self, mission: u16, other: u16) -> bool {
        let group = |mission: u16| self.missions[usize::from(mission)].group;
        mission == other || group(mission).is_some_and(|of| Some(of) == group(other))
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
                ("starts_by_s", resource.starts_by_s.into(), span),
                ("flight_left_s", resource.flight_left_s.into(), span),
                ("sorties_max", resource.sorties_max.into(), (0, limits::SORTIES_MAX.into())),
            ];
            fields.into_iter().try_for_each(|(what, value, ends)| within(what, index, value, ends))?;
        }
        for (index, mission) in self.missions.iter().enumerate() {
            let landings = (1, limits::LANDINGS_MAX as i64);
            let fields = [
                ("landings", mission.landings.len() as i64, landings),
                ("resources", mission.resources.into(), (1, 255)),
                ("on_scene_s", mission.on_scene_s.into(), span),
                ("due_s", mission.due_s.into(), span),
                ("minute_price", mission.minute_price.into(), (0, limits::MINUTE_PRICE_MAX.into())),
                ("unserved", mission.unserved, (0, limits::UNSERVED_MAX)),
            ];
            fields.into_iter().try_for_each(|(what, value, ends)| within(what, index, value, ends))?;
            mission.landings.iter().try_for_each(|landing| self.validate_landing(index, landing))?;
        }
        for (index, pad) in self.pads.iter().enumerate() {
            within("taken", index, pad.taken.len() as i64, (0, limits::TAKEN_MAX as i64))?;
            for stay in &pad.taken {
                within("taken until_s", index, stay.until_s.into(), (stay.from_s.into(), span.1))?;
            }
        }
        for (index, stop) in self.stops.iter().enumerate() {
            within("place", index, stop.place.into(), place)?;
            within("refuel_s", index, stop.refuel_s.into(), span)?;
        }
        Ok(())
    }
}

impl Problem {
    /// `index` is that of the mission.
    fn validate_landing(&self, index: usize, landing: &Landing) -> Result<(), ProblemError> {
        let span = (0, i64::from(limits::TIME_MAX_S));
        let place = (0, i64::from(self.places) - 1);
        let pads = (0, if landing.pad.is_some() { self.pads.len() as i64 - 1 } else { 0 });
        let onward = landing.onward.unwrap_or(Onward { place: landing.place, stop_s: 0 });
        let fields = [
            ("place", landing.place.into(), place),
            ("pad", landing.pad.map_or(0, i64::from), pads),
            ("from_s", landing.from_s.into(), span),
            ("onward place", onward.place.into(), place),
            ("stop_s", onward.stop_s.into(), span),
        ];
        fields.into_iter().try_for_each(|(what, value, ends)| within(what, index, value, ends))?;
        let Takers::Only(takers) = &landing.takers else { return Ok(()) };
        let resources = self.resources.len() as i64;
        let mut least = 0;
        for taker in takers {
            // Each once and in order, so that one can be found.
            within("taker", index, taker.resource.into(), (least, resources - 1))?;
            within("fee", index, taker.fee.into(), (0, limits::FEE_MAX.into()))?;
            least = i64::from(taker.resource) + 1;
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
