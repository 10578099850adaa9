//! What a problem must satisfy before anybody counts with it.
//!
//! The limits keep every sum of the ranking below 2^31: four spans of time of [`limits::TIME_MAX_S`], three
//! flights half round the Earth at [`limits::SPEED_MIN_KMH`] and the reserve make 24 million seconds, three
//! such ways 60 million metres. So `i32` holds every intermediate value and nothing can wrap.

use super::air::{Leg, Way};
use super::fleet::*;
use super::problem::*;
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Seconds, UNREACHABLE};

/// Sizes and values that a problem may have.
pub mod limits {
    use crate::units::{Kilograms, Metres, Seconds};

    /// Ten times the scale target of 500 aircraft, rounded down to a power of two.
    pub const AIRCRAFT_MAX: usize = 4_096;
    /// Landing sites near one scene.
    pub const SITES_MAX: usize = 64;
    /// Hospitals worth considering for one patient.
    pub const HOSPITALS_MAX: usize = 64;
    /// Areas of cover: 241 municipalities, and room.
    pub const AREAS_MAX: usize = 512;
    /// Ambulances and doctor cars near one scene.
    pub const GROUND_MAX: usize = 256;
    /// Weather regions.
    pub const REGIONS_MAX: usize = 64;
    /// Legs that are not straight: every leg of 1,000 aircraft among 64 sites and 64 hospitals.
    pub const WAYS_MAX: usize = 196_608;
    /// Areas and regions that one leg flies around, or that bar it.
    pub const BARRIERS_MAX: usize = 8;
    /// Different weather minima.
    pub const CLASSES_MAX: usize = 64;
    /// Blocks of members: each aircraft may have one of its own.
    pub const BLOCKS_MAX: usize = AIRCRAFT_MAX;
    /// Leases of others per site.
    pub const LEASES_MAX: usize = 64;
    /// Longest span of time, and farthest instant from now: 30 days.
    pub const TIME_MAX_S: Seconds = 30 * 86_400;
    /// Longest range.
    pub const METRES_MAX: Metres = 50_000_000;
    /// Longest way of one leg: half round the Earth.
    pub const WAY_M_MAX: Metres = 20_016_000;
    /// Heaviest aircraft or pad; the heaviest helicopter weighs 56 t.
    pub const MASS_MAX_KG: Kilograms = 1_000_000;
    /// Largest aircraft or pad.
    pub const SIZE_MAX_M: Metres = 10_000;
    /// Strongest wind.
    pub const WIND_MAX_MPS: u32 = 1_000;
    /// Slowest planning speed.
    pub const SPEED_MIN_KMH: u32 = 20;
    /// Fastest planning speed.
    pub const SPEED_MAX_KMH: u32 = 1_000;
    /// Most calls of one area in 1,000 hours.
    pub const CALLS_MAX_PER_1000_H: u32 = 1_000_000;

    // One mission: wait, stop on scene, stop at hospital, drive, turn-around (each a span), three flights half
    // round the Earth (20,016 km) at the slowest speed; twice, and it still fits.
    pub(crate) const FLIGHT_MAX_S: u64 = 20_016_000 * 36 / (SPEED_MIN_KMH as u64 * 10) + 1;
    const _: () = assert!(2 * (5 * TIME_MAX_S as u64 + 3 * FLIGHT_MAX_S) < i32::MAX as u64);
    const _: () = assert!(METRES_MAX as u64 + 3 * 20_016_000 < i32::MAX as u64);
}

/// Why a problem cannot be ranked. Names the field and the place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// A list is too long.
    #[error("{what}: {count} entries, at most {limit} can be ranked; narrow the search")]
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
        /// The place in its list; 0 for a field of the problem itself.
        index: usize,
        /// The value.
        value: i64,
        /// Least allowed.
        min: i64,
        /// Most allowed.
        max: i64,
    },
    /// An index points outside its list.
    #[error("{what} of entry {index} points to {target}, but there are only {count}")]
    UnknownIndex {
        /// The field.
        what: &'static str,
        /// The place in its list; 0 for a field of the problem itself.
        index: usize,
        /// Where it points.
        target: usize,
        /// How many there are.
        count: usize,
    },
    /// A place that is not on the unit sphere.
    #[error("{what} of entry {index} is not a place on the Earth")]
    NotOnTheEarth {
        /// The field.
        what: &'static str,
        /// The place in its list.
        index: usize,
    },
    /// A window that ends before it begins.
    #[error("{what} of entry {index} ends before it begins")]
    Backwards {
        /// The field.
        what: &'static str,
        /// The place in its list.
        index: usize,
    },
    /// A list whose entries do not stand in their order, or one stands twice.
    #[error("{what} of entry {index} does not come after the one before it")]
    OutOfOrder {
        /// The list.
        what: &'static str,
        /// The place in its list.
        index: usize,
    },
    /// The matrix of road times has the wrong shape.
    #[error("road_s has {count} entries, sites times hospitals are {expected}")]
    RoadShape {
        /// Its length.
        count: usize,
        /// The length it must have.
        expected: usize,
    },
}

type Verdict = Result<(), ProblemError>;

/// One entry of one list, for messages.
struct Entry(usize);

impl Entry {
    fn within(&self, what: &'static str, value: u32, min: u32, max: u32) -> Verdict {
        if (min..=max).contains(&value) {
            return Ok(());
        }
        let [value, min, max] = [value, min, max].map(i64::from);
        Err(ProblemError::OutOfRange { what, index: self.0, value, min, max })
    }

    fn span(&self, what: &'static str, seconds: Seconds) -> Verdict {
        self.within(what, seconds, 0, limits::TIME_MAX_S)
    }

    fn road(&self, what: &'static str, seconds: Seconds) -> Verdict {
        if seconds == UNREACHABLE { Ok(()) } else { self.span(what, seconds) }
    }

    fn instant(&self, what: &'static str, offset: OffsetS) -> Verdict {
        if offset.unsigned_abs() <= limits::TIME_MAX_S {
            return Ok(());
        }
        let max = i64::from(limits::TIME_MAX_S);
        Err(ProblemError::OutOfRange { what, index: self.0, value: i64::from(offset), min: -max, max })
    }

    fn instants<const N: usize>(&self, what: &'static str, offsets: [Option<OffsetS>; N]) -> Verdict {
        offsets.into_iter().flatten().try_for_each(|offset| self.instant(what, offset))
    }

    fn window(&self, what: &'static str, window: Window) -> Verdict {
        self.instants(what, [Some(window.from_s), Some(window.until_s)])?;
        if window.from_s <= window.until_s {
            return Ok(());
        }
        Err(ProblemError::Backwards { what, index: self.0 })
    }

    fn points(&self, what: &'static str, target: usize, count: usize) -> Verdict {
        if target < count {
            return Ok(());
        }
        Err(ProblemError::UnknownIndex { what, index: self.0, target, count })
    }

    /// The squared length of a unit vector is 2^60; rounding each coordinate moves it by less than 2^32.
    fn place(&self, what: &'static str, place: UnitVector) -> Verdict {
        let square = |v: i32| u64::from(v.unsigned_abs()) * u64::from(v.unsigned_abs());
        let length2 = square(place.x) + square(place.y) + square(place.z);
        if length2.abs_diff(1 << 60) <= 1 << 32 {
            return Ok(());
        }
        Err(ProblemError::NotOnTheEarth { what, index: self.0 })
    }
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Verdict {
    if count <= limit { Ok(()) } else { Err(ProblemError::TooMany { what, count, limit }) }
}

impl Problem {
    /// Says whether the problem can be ranked.
    ///
    /// # Errors
    /// The first [`ProblemError`] in the order: sizes, policy, aircraft, sites, hospitals, the rest.
    pub fn validate(&self) -> Result<(), ProblemError> {
        self.validate_sizes()?;
        self.validate_head()?;
        self.aircraft.iter().enumerate().try_for_each(|(i, aircraft)| self.validate_aircraft(i, aircraft))?;
        self.sites.iter().enumerate().try_for_each(|(i, site)| self.validate_site(i, site))?;
        self.hospitals
            .iter()
            .enumerate()
            .try_for_each(|(i, hospital)| self.validate_hospital(i, hospital))?;
        self.validate_rest()
    }

    fn validate_sizes(&self) -> Verdict {
        at_most("aircraft", self.aircraft.len(), limits::AIRCRAFT_MAX)?;
        at_most("sites", self.sites.len(), limits::SITES_MAX)?;
        at_most("hospitals", self.hospitals.len(), limits::HOSPITALS_MAX)?;
        at_most("areas", self.areas.len(), limits::AREAS_MAX)?;
        at_most("ground", self.ground.len(), limits::GROUND_MAX)?;
        at_most("regions", self.regions.len(), limits::REGIONS_MAX)?;
        at_most("blocks", self.blocks.len(), limits::BLOCKS_MAX)?;
        at_most("ways", self.ways.len(), limits::WAYS_MAX)?;
        at_most("classes", self.classes.len(), limits::CLASSES_MAX)?;
        let (count, expected) = (self.road_s.len(), self.sites.len() * self.hospitals.len());
        if count == expected { Ok(()) } else { Err(ProblemError::RoadShape { count, expected }) }
    }

    fn validate_head(&self) -> Verdict {
        let (head, policy) = (Entry(0), &self.policy);
        head.span("policy.hand_over_s", policy.hand_over_s)?;
        head.span("policy.on_scene_s", policy.on_scene_s)?;
        head.span("policy.start_s", policy.start_s)?;
        head.span("policy.hospital_stop_s", policy.hospital_stop_s)?;
        head.span("policy.turn_around_s", policy.turn_around_s)?;
        head.span("policy.reserve_s", policy.reserve_s)?;
        head.span("policy.confirmation_ttl_s", policy.confirmation_ttl_s.unwrap_or(0))?;
        head.span("policy.cover_wait_s", policy.cover_wait_s)?;
        head.span("policy.trade_s", policy.trade_s.unwrap_or(0))?;
        head.instants("due_s", [self.due_s])?;
        if let Some(site) = self.pinned_site {
            head.points("pinned_site", site.index(), self.sites.len())?;
        }
        if let Some(hospital) = self.pinned_hospital {
            head.points("pinned_hospital", hospital.index(), self.hospitals.len())?;
        }
        self.darkness.map_or(Ok(()), |window| head.window("darkness", window))
    }

    fn validate_aircraft(&self, index: usize, aircraft: &Aircraft) -> Verdict {
        let entry = Entry(index);
        entry.place("aircraft.position", aircraft.position)?;
        entry.place("aircraft.home", aircraft.home)?;
        entry.points("aircraft.origin_region", aircraft.origin_region.index(), self.regions.len())?;
        entry.points("aircraft.home_region", aircraft.home_region.index(), self.regions.len())?;
        entry.points("aircraft.block", aircraft.block.index(), self.blocks.len())?;
        entry.span("aircraft.ready_in_s", aircraft.ready_in_s)?;
        entry.within(
            "aircraft.speed_kmh",
            aircraft.speed_kmh,
            limits::SPEED_MIN_KMH,
            limits::SPEED_MAX_KMH,
        )?;
        entry.within("aircraft.range_m", aircraft.range_m, 0, limits::METRES_MAX)?;
        entry.span("aircraft.endurance_s", aircraft.endurance_s)?;
        entry.within("aircraft.mass_kg", aircraft.mass_kg, 0, limits::MASS_MAX_KG)?;
        entry.within("aircraft.size_m", aircraft.size_m, 0, limits::SIZE_MAX_M)?;
        entry.within("aircraft.busy_permille", u32::from(aircraft.busy_permille), 0, 1_000)?;
        entry.instants("aircraft.service", [aircraft.service.from_s, aircraft.service.until_s])?;
        entry.instants("aircraft.next_outage_s", [aircraft.next_outage_s])?;
        let distance_max_m = aircraft.standing.distance_max_m.unwrap_or(0);
        entry.within("aircraft.standing.distance_max_m", distance_max_m, 0, limits::METRES_MAX)?;
        entry.within("aircraft.minima.visibility_m", aircraft.minima.visibility_m, 0, limits::METRES_MAX)?;
        entry.within("aircraft.minima.ceiling_m", aircraft.minima.ceiling_m, 0, limits::METRES_MAX)?;
        let wind_max_mps = aircraft.minima.wind_max_mps;
        entry.within("aircraft.minima.wind_max_mps", wind_max_mps, 0, limits::WIND_MAX_MPS)?;
        if let AircraftStatus::Held { until_s } = aircraft.status {
            entry.instant("aircraft.status.until_s", until_s)?;
        }
        if let Daylight::DayOnly { first_take_off_s, last_landing_s } = aircraft.daylight {
            entry.instants("aircraft.daylight", [first_take_off_s, last_landing_s])?;
        }
        if let Crew::Present { duty_end_s, flight_left_s } = aircraft.crew {
            entry.instants("aircraft.crew.duty_end_s", [duty_end_s])?;
            entry.span("aircraft.crew.flight_left_s", flight_left_s.unwrap_or(0))?;
        }
        if let Ownership::Offered(span) = aircraft.ownership {
            entry.instants("aircraft.ownership", [span.from_s, span.until_s])?;
        }
        Ok(())
    }

    fn validate_site(&self, index: usize, site: &Site) -> Verdict {
        let entry = Entry(index);
        entry.place("site.position", site.position)?;
        entry.points("site.region", site.region.index(), self.regions.len())?;
        entry.within("site.mass_max_kg", site.mass_max_kg, 0, limits::MASS_MAX_KG)?;
        entry.within("site.size_max_m", site.size_max_m, 0, limits::SIZE_MAX_M)?;
        entry.road("site.ambulance_s", site.ambulance_s)?;
        entry.road("site.support_s", site.support_s)?;
        entry.span("site.securing_s", site.securing_s)?;
        at_most("site.leases", site.leases.len(), limits::LEASES_MAX)?;
        site.leases.iter().try_for_each(|lease| entry.window("site.leases", *lease))
    }

    fn validate_hospital(&self, index: usize, hospital: &Hospital) -> Verdict {
        let entry = Entry(index);
        entry.place("hospital.position", hospital.position)?;
        entry.points("hospital.region", hospital.region.index(), self.regions.len())?;
        entry.road("hospital.road_from_scene_s", hospital.road_from_scene_s)?;
        let Some(pad) = hospital.pad else { return Ok(()) };
        entry.within("hospital.pad.mass_max_kg", pad.mass_max_kg, 0, limits::MASS_MAX_KG)?;
        entry.within("hospital.pad.size_max_m", pad.size_max_m, 0, limits::SIZE_MAX_M)?;
        entry.within("hospital.pad.wind_max_mps", pad.wind_max_mps, 0, limits::WIND_MAX_MPS)?;
        entry.span("hospital.pad.drive_s", pad.drive_s)
    }

    fn validate_way(&self, index: usize, way: &Way) -> Verdict {
        let entry = Entry(index);
        let aircraft = |idx: AircraftIdx| {
            entry.points("way.aircraft", idx.index(), self.aircraft.len())?;
            Ok(&self.aircraft[idx.index()])
        };
        let site = |idx: SiteIdx| {
            entry.points("way.site", idx.index(), self.sites.len())?;
            Ok(self.sites[idx.index()].position)
        };
        let hospital = |idx: HospitalIdx| {
            entry.points("way.hospital", idx.index(), self.hospitals.len())?;
            Ok(self.hospitals[idx.index()].position)
        };
        let (from, to) = match way.leg {
            Leg::ToSite { aircraft: idx, site: to } => (aircraft(idx)?.position, site(to)?),
            Leg::HomeFromSite { aircraft: idx, site: from } => (site(from)?, aircraft(idx)?.home),
            Leg::HomeFromHospital { aircraft: idx, hospital: from } => (hospital(from)?, aircraft(idx)?.home),
            Leg::Onward { class, site: from, hospital: to } => {
                entry.points("way.class", usize::from(class), self.classes.len())?;
                (site(from)?, hospital(to)?)
            }
        };
        // The search rests on it that the straight way is the least.
        entry.within("way.metres", way.metres, distance_m(from, to), limits::WAY_M_MAX)?;
        at_most("way.areas", way.areas.len(), limits::BARRIERS_MAX)?;
        at_most("way.regions", way.regions.len(), limits::BARRIERS_MAX)?;
        for area in &way.areas {
            entry.points("way.areas", area.index(), usize::from(self.no_fly_count))?;
        }
        for region in &way.regions {
            entry.points("way.regions", region.index(), self.regions.len())?;
        }
        if !way.areas.is_sorted_by(|a, b| a < b) || !way.regions.is_sorted_by(|a, b| a < b) {
            return Err(ProblemError::OutOfOrder { what: "way.areas and way.regions", index });
        }
        match index.checked_sub(1).is_some_and(|before| self.ways[before].leg >= way.leg) {
            true => Err(ProblemError::OutOfOrder { what: "way.leg", index }),
            false => Ok(()),
        }
    }

    fn validate_rest(&self) -> Verdict {
        self.ways.iter().enumerate().try_for_each(|(i, way)| self.validate_way(i, way))?;
        for (i, seconds) in self.road_s.iter().enumerate() {
            Entry(i).road("road_s", *seconds)?;
        }
        for (i, region) in self.regions.iter().enumerate() {
            if let Weather::Reported { visibility_m, ceiling_m, wind_mps, .. } = *region {
                Entry(i).within("region.visibility_m", visibility_m, 0, limits::METRES_MAX)?;
                Entry(i).within("region.ceiling_m", ceiling_m, 0, limits::METRES_MAX)?;
                Entry(i).within("region.wind_mps", wind_mps, 0, limits::WIND_MAX_MPS)?;
            }
        }
        for (i, unit) in self.ground.iter().enumerate() {
            Entry(i).span("ground.ready_in_s", unit.ready_in_s)?;
            Entry(i).road("ground.to_scene_s", unit.to_scene_s)?;
            Entry(i).instants("ground.service", [unit.service.from_s, unit.service.until_s])?;
        }
        for (i, area) in self.areas.iter().enumerate() {
            Entry(i).place("area.position", area.position)?;
            let calls = area.calls_per_1000_h;
            Entry(i).within("area.calls_per_1000_h", calls, 0, limits::CALLS_MAX_PER_1000_H)?;
        }
        Ok(())
    }
}
