//! Shortest ways between places by any others, and the least that sorties before a sortie take.

use super::problem::Problem;
use crate::units::{Seconds, UNREACHABLE};

/// Times that no route undercuts.
pub(super) struct Ways {
    places: usize,
    /// For each class, shape places x places.
    tables_s: Vec<Vec<Seconds>>,
    /// For each class the shortest mission, from its landing until it is free.
    mission_s: Vec<Seconds>,
    /// For each class and place the shortest way from where a mission ends.
    from_end_s: Vec<Vec<Seconds>>,
    /// For each resource the shortest way to a landing.
    to_first_s: Vec<Seconds>,
}

impl Ways {
    /// Of a valid problem.
    ///
    /// # Complexity
    /// O(classes x places^3).
    pub(super) fn of(problem: &Problem) -> Ways {
        let places = usize::from(problem.places);
        let tables_s: Vec<Vec<Seconds>> =
            (0..problem.travel_s.len()).map(|class| shortest(problem, class)).collect();
        let landings =
            || problem.missions.iter().flat_map(|of| of.landings.iter().map(move |at| (of.on_scene_s, at)));
        let way =
            |class: usize, from: u16, to: u16| tables_s[class][usize::from(from) * places + usize::from(to)];
        let mission_s = |class: usize| {
            let spans = landings().map(|(on_scene_s, at)| {
                let stop_s = at.onward.map_or(0, |onward| onward.stop_s);
                way(class, at.place, at.ends_at()).saturating_add(on_scene_s + stop_s)
            });
            spans.min().unwrap_or(0)
        };
        let from_end_s = |class: usize| {
            let to = |place: u16| {
                let ways = landings().map(|(_, at)| way(class, at.ends_at(), place));
                ways.min().unwrap_or(UNREACHABLE)
            };
            (0..problem.places).map(to).collect()
        };
        let to_first_s = (0..).zip(&problem.resources).map(|(resource, of)| {
            let open = landings().filter(|(_, at)| at.fee(resource).is_some());
            open.map(|(_, at)| way(usize::from(of.class), of.start, at.place)).min().unwrap_or(UNREACHABLE)
        });
        Ways {
            places,
            mission_s: (0..tables_s.len()).map(mission_s).collect(),
            from_end_s: (0..tables_s.len()).map(from_end_s).collect(),
            to_first_s: to_first_s.collect(),
            tables_s,
        }
    }

    /// The shortest way, if there is one.
    pub(super) fn between(&self, class: u8, from: u16, to: u16) -> Option<Seconds> {
        let seconds = self.tables_s[usize::from(class)][usize::from(from) * self.places + usize::from(to)];
        Some(seconds).filter(|seconds| *seconds != UNREACHABLE)
    }

    /// Seconds from being ready to a place, at least, with so many missions before; 0 with none.
    pub(super) fn before_s(&self, resource: u16, class: u8, missions: u8, place: u16) -> Option<Seconds> {
        if missions == 0 {
            return Some(0);
        }
        let first_s = self.to_first_s[usize::from(resource)];
        let last_s = self.from_end_s[usize::from(class)][usize::from(place)];
        let each_s = self.mission_s[usize::from(class)];
        let is_open = first_s != UNREACHABLE && last_s != UNREACHABLE;
        is_open.then(|| first_s.saturating_add(each_s.saturating_mul(missions.into())).saturating_add(last_s))
    }
}

/// Floyd, Warshall.
fn shortest(problem: &Problem, class: usize) -> Vec<Seconds> {
    let places = usize::from(problem.places);
    let mut table = problem.travel_s[class].clone();
    for place in 0..places {
        table[place * places + place] = 0;
    }
    for by in 0..places {
        let on_s = table[by * places..(by + 1) * places].to_vec();
        for row in table.chunks_mut(places) {
            let there_s = row[by];
            if there_s == UNREACHABLE {
                continue;
            }
            for (seconds, on_s) in row.iter_mut().zip(&on_s) {
                // Half of the range each, so the sum does not wrap; what is not reached stays so.
                *seconds = (*seconds).min(there_s + on_s).min(UNREACHABLE);
            }
        }
    }
    table
}
