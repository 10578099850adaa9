//! The places of sorties and the flying times between them.

use super::super::RankPlanner;
use super::super::air::Distances;
use super::super::aircraft::minima;
use crate::allocator::missions::limits::TIME_MAX_S;
use crate::allocator::ranking::Minima;
use crate::authority::View;
use crate::decision::model::Asset;
use crate::units::geodesy::travel_s;
use crate::units::{Kilograms, Metres, Position, Seconds, Timestamp, UNREACHABLE};
use std::collections::{BTreeMap, BTreeSet};

/// What flying times depend on, and where an aircraft may land for fuel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Class {
    speed_kmh: u32,
    minima: Minima,
    mass_kg: Kilograms,
    size_m: Metres,
}

/// A place to refuel.
#[derive(Clone, Copy, Debug)]
pub(super) struct FuelPlace {
    pub(super) position: Position,
    pub(super) mass_max_kg: Kilograms,
    pub(super) size_max_m: Metres,
}

/// Places that legs begin and end at.
#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    /// Landing sites with where missions from there end.
    pub(super) missions: BTreeSet<(Position, Position)>,
    /// Places to refuel.
    pub(super) fuel: Vec<FuelPlace>,
    /// Homes, by aircraft.
    pub(super) homes: Vec<Position>,
    /// Seconds of flight from where an aircraft is to a landing site.
    pub(super) first_s: BTreeMap<(usize, Position), Seconds>,
}

/// Places by number, and a table of flying times for each class of aircraft.
#[derive(Debug)]
pub(super) struct Table {
    numbers: BTreeMap<Position, u16>,
    /// The class of each aircraft.
    pub(super) class_of: Vec<u8>,
    /// For each class, places x places.
    pub(super) travel_s: Vec<Vec<Seconds>>,
}

impl Table {
    /// Flying times as the sky is from `at` until `until`. With `onward` there are ways from where a mission ends to the
    /// next and to fuel as well. The places where aircraft are now come after all others, in their order.
    pub(super) fn new(
        (planner, view): (&RankPlanner, &View),
        span: (Timestamp, Timestamp),
        assets: &[(&Asset, bool)],
        ends: &Ends,
        onward: bool,
    ) -> Table {
        let mut positions: BTreeSet<Position> = ends.missions.iter().flat_map(|(a, b)| [*a, *b]).collect();
        positions.extend(ends.fuel.iter().map(|fuel| fuel.position));
        positions.extend(ends.homes.iter().copied());
        let numbers: BTreeMap<Position, u16> = positions.into_iter().zip(0..).collect();
        let mut classes: Vec<Class> = Vec::new();
        let mut class_of = Vec::new();
        for (asset, _) in assets {
            let class = Class {
                speed_kmh: asset.speed_kmh,
                minima: minima(asset),
                mass_kg: asset.mass_kg,
                size_m: asset.size_m,
            };
            let known = classes.iter().position(|known| *known == class);
            let place = known.unwrap_or_else(|| {
                classes.push(class);
                classes.len() - 1
            });
            class_of.push(u8::try_from(place).unwrap_or(u8::MAX));
        }
        let all: Vec<Minima> = classes.iter().map(|class| class.minima).collect();
        let distances = Distances::new(planner, view, span, &all);
        let mut table = Table { numbers, class_of, travel_s: Vec::new() };
        for (class, of) in classes.iter().enumerate() {
            let rows = table.rows(&distances, (class, of), assets, ends, onward);
            table.travel_s.push(rows);
        }
        table
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.numbers.len() + self.class_of.len()
    }

    /// The number of a place; all that were named have one.
    pub(super) fn number(&self, position: Position) -> u16 {
        self.numbers.get(&position).copied().unwrap_or(u16::MAX)
    }

    /// The number of the place where an aircraft is now.
    pub(super) fn start(&self, aircraft: usize) -> u16 {
        u16::try_from(self.numbers.len() + aircraft).unwrap_or(u16::MAX)
    }

    fn rows(
        &self,
        distances: &Distances<'_>,
        (class, of): (usize, &Class),
        assets: &[(&Asset, bool)],
        ends: &Ends,
        onward: bool,
    ) -> Vec<Seconds> {
        let places = self.places();
        let mut table = vec![UNREACHABLE; places * places];
        let way = |from: Position, to: Position| {
            let metres = distances.metres(class, from, to);
            let seconds = metres.map_or(UNREACHABLE, |metres| travel_s(metres, of.speed_kmh));
            if seconds > TIME_MAX_S { UNREACHABLE } else { seconds }
        };
        let mut put = |from: u16, to: u16, seconds: Seconds| {
            table[usize::from(from) * places + usize::from(to)] = seconds;
        };
        let bears = |fuel: &&FuelPlace| of.mass_kg <= fuel.mass_max_kg && of.size_m <= fuel.size_max_m;
        let fuel: Vec<Position> =
            ends.fuel.iter().filter(bears).map(|fuel| fuel.position).filter(|_| onward).collect();
        let sites: BTreeSet<Position> = ends.missions.iter().map(|(site, _)| *site).collect();
        let free: BTreeSet<Position> = ends.missions.iter().map(|(_, end)| *end).collect();
        let next: BTreeSet<Position> = if onward { free.clone() } else { BTreeSet::new() };
        let mut legs: BTreeSet<(Position, Position)> = ends.missions.clone();
        legs.extend(next.iter().flat_map(|end| sites.iter().map(|site| (*end, *site))));
        legs.extend(next.iter().flat_map(|end| fuel.iter().map(|stop| (*end, *stop))));
        legs.extend(fuel.iter().flat_map(|stop| sites.iter().map(|site| (*stop, *site))));
        legs.extend(free.iter().flat_map(|end| ends.homes.iter().map(|home| (*end, *home))));
        for (from, to) in legs {
            put(self.number(from), self.number(to), way(from, to));
        }
        let own =
            assets.iter().enumerate().filter(|(aircraft, _)| usize::from(self.class_of[*aircraft]) == class);
        for (aircraft, (asset, is_at_base)) in own {
            // Who is in the air goes to its first landing as its ranking has it.
            for stop in fuel.iter().filter(|_| *is_at_base) {
                put(self.start(aircraft), self.number(*stop), way(asset.base, *stop));
            }
            for site in &sites {
                if let Some(seconds) = ends.first_s.get(&(aircraft, *site)) {
                    put(self.start(aircraft), self.number(*site), *seconds);
                }
            }
        }
        table
    }
}
