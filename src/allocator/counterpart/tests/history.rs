//! 2011 and 2024: what was decided beside what would be proposed. `docs/counterpart.md` holds the tables.
//!
//! Pairs come from `scenarios/kansai/pairs.csv`. People, teams and seats are round figures for the example, labelled as
//! such on the page: no source gives what was known on the day.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::*;
use super::fixtures::{decided, solved};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Position, Seconds};

/// Name, seat as degrees north and east, teams a week.
type Giver = (&'static str, f64, f64, u32);
/// Name, seat, people affected, share of the staff lost in 1/1000, teams needed a week.
type Taker = (&'static str, f64, f64, u32, u32, u32);

struct Case {
    event: &'static str,
    givers: &'static [Giver],
    takers: &'static [Taker],
    /// Places that the records name together.
    together: &'static [(&'static str, &'static [&'static str])],
}

const TOHOKU: Case = Case {
    event: "tohoku-2011",
    givers: &[
        ("shiga", 35.00, 135.87, 5),
        ("kyoto", 35.02, 135.76, 10),
        ("osaka", 34.69, 135.52, 33),
        ("hyogo", 34.69, 135.18, 21),
        ("wakayama", 34.23, 135.17, 3),
        ("tottori", 35.50, 134.24, 2),
        ("tokushima", 34.07, 134.56, 3),
    ],
    takers: &[
        ("iwate", 39.70, 141.15, 54_000, 50, 8),
        ("miyagi", 38.27, 140.87, 320_000, 50, 49),
        ("fukushima", 37.75, 140.47, 131_000, 50, 20),
    ],
    together: &[],
};

const NOTO: Case = Case {
    event: "noto-2024",
    givers: &[
        ("shiga", 35.00, 135.87, 6),
        ("kyoto", 35.02, 135.76, 4),
        ("osaka", 34.69, 135.52, 21),
        ("hyogo", 34.69, 135.18, 16),
        ("wakayama", 34.23, 135.17, 4),
        ("tottori", 35.50, 134.24, 2),
        ("tokushima", 34.07, 134.56, 3),
        ("nara", 34.69, 135.83, 5),
        ("osaka-city", 34.69, 135.50, 11),
        ("sakai-city", 34.57, 135.48, 3),
        ("kyoto-city", 35.01, 135.77, 6),
        ("kobe-city", 34.69, 135.20, 6),
        ("fukui", 36.07, 136.22, 3),
        ("mie", 34.73, 136.51, 7),
    ],
    takers: &[
        ("suzu", 37.44, 137.26, 11_000, 400, 19),
        ("wajima", 37.39, 136.90, 18_000, 400, 31),
        ("nanao", 37.04, 136.97, 15_000, 100, 25),
        ("shika", 37.01, 136.78, 6_000, 100, 10),
        ("anamizu", 37.23, 136.91, 4_500, 200, 8),
        ("noto", 37.31, 137.15, 9_500, 200, 16),
    ],
    together: &[("shika-anamizu-noto", &["shika", "anamizu", "noto"])],
};

/// Weeks that are asked about.
const WEEKS: usize = 3;

/// Three tenths more than the straight line, at 60 km/h.
fn drive_s(from: (f64, f64), to: (f64, f64)) -> Seconds {
    let place = |(lat, lon)| UnitVector::from(Position::from_degrees(lat, lon).unwrap());
    distance_m(place(from), place(to)) * 13 / 10 * 60 / 1_000
}

impl Case {
    fn problem(&self) -> Problem {
        let way = |giver: &Giver, taker: &Taker| drive_s((giver.1, giver.2), (taker.1, taker.2));
        let ways =
            self.givers.iter().flat_map(|giver| self.takers.iter().map(move |taker| way(giver, taker)));
        let supporter = |&(.., teams): &Giver| Supporter { capacity: vec![teams; WEEKS] };
        let municipality = |&(_, _, _, people_affected, staff_lost_permille, teams): &Taker| Municipality {
            people_affected,
            staff_lost_permille,
            need: vec![teams; WEEKS],
        };
        Problem {
            phases: WEEKS,
            supporters: self.givers.iter().map(supporter).collect(),
            municipalities: self.takers.iter().map(municipality).collect(),
            travel_s: ways.collect::<Vec<_>>().repeat(WEEKS),
            ties: Vec::new(),
            decided: Vec::new(),
            excluded: Vec::new(),
            standing: Vec::new(),
            scouts: Vec::new(),
            policy: Policy::default(),
        }
    }

    /// Supporters that were decided for each place, or for one of several.
    fn decided(&self) -> BTreeMap<&'static str, Vec<u32>> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/kansai/pairs.csv");
        let mut found: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for row in csv::Reader::from_path(path).unwrap().records().map(Result::unwrap) {
            if (&row[1], &row[2]) != (self.event, "decided") {
                continue;
            }
            let supporter = self.givers.iter().position(|giver| giver.0 == &row[6]).unwrap() as u32;
            let group = self.together.iter().find(|(name, _)| *name == &row[3]);
            let one = self.takers.iter().filter(|taker| taker.0 == &row[3]).map(|taker| taker.0);
            let places: Vec<&str> = group.map_or_else(|| one.collect(), |(_, places)| places.to_vec());
            assert!(!places.is_empty(), "{row:?}");
            places.into_iter().for_each(|place| found.entry(place).or_default().push(supporter));
        }
        found
    }

    /// The same, with no other pairs than the decided ones; each place known alone gets a team of each at least.
    fn held(&self) -> Problem {
        let mut problem = self.problem();
        let pairs = self.decided();
        for (m, taker) in self.takers.iter().enumerate() {
            let is_alone = self.together.iter().all(|(_, places)| !places.contains(&taker.0));
            for s in 0..self.givers.len() as u32 {
                if !pairs[taker.0].contains(&s) {
                    let (supporter, municipality) = (SupporterIdx(s), MunicipalityIdx(m as u32));
                    problem.excluded.push(Exclusion { supporter, municipality });
                } else if is_alone {
                    problem.decided.push(decided(s, m as u32, 0..WEEKS as u32, 1));
                }
            }
        }
        problem
    }

    fn table(&self) -> String {
        let (proposed, held, pairs) = (solved(&self.problem()), solved(&self.held()), self.decided());
        let name = |supporter: u32| self.givers[supporter as usize].0;
        let mut text = String::from(
            "| affected | people | teams needed | decided | of these pairs, teams | proposed, teams and why |\n\
             |---|---:|---:|---|---|---|\n",
        );
        for (m, taker) in self.takers.iter().enumerate() {
            let is_shared = self.together.iter().any(|(_, places)| places.contains(&taker.0));
            let listed = pairs[taker.0].iter().map(|&s| name(s)).collect::<Vec<_>>().join(", ");
            let listed = if is_shared { format!("one or more of {listed}") } else { listed };
            let of = |answer: &Answer, has_reason: bool| {
                let here = answer.pairs.iter().filter(|pair| pair.municipality.0 as usize == m);
                let mut weeks: BTreeMap<u32, Vec<&Pair>> = BTreeMap::new();
                here.for_each(|pair| weeks.entry(pair.supporter.0).or_default().push(pair));
                let one = |(supporter, weeks): (&u32, &Vec<&Pair>)| {
                    assert!(weeks.len() == WEEKS && weeks.iter().all(|pair| pair.teams == weeks[0].teams));
                    let why =
                        if has_reason { format!(" ({})", self.why(weeks[0].reason)) } else { String::new() };
                    format!("{} {}{why}", name(*supporter), weeks[0].teams)
                };
                weeks.iter().map(one).collect::<Vec<_>>().join(", ")
            };
            let (people, teams) = (taker.3, taker.5);
            let (before, after) = (of(&held, false), of(&proposed, true));
            writeln!(text, "| {} | {people} | {teams} | {listed} | {before} | {after} |", taker.0).unwrap();
        }
        text.push('\n');
        text.push_str("| over three weeks | decided pairs | proposed |\n|---|---:|---:|\n");
        let mut line = |what: &str, of: &dyn Fn(&Answer) -> i64| {
            writeln!(text, "| {what} | {} | {} |", of(&held), of(&proposed)).unwrap();
        };
        line("places without anybody, weeks", &|answer| answer.objective.uncovered);
        line("teams missing", &|answer| answer.shortfalls.iter().map(|short| i64::from(short.teams)).sum());
        line("weight of what is missing, people", &|answer| answer.objective.missed);
        line("travel, take-ups and burden, hours", &|answer| answer.objective.seconds / 3_600);
        line("that could be saved at most (gap), seconds", &Answer::gap_s);
        text
    }

    fn why(&self, reason: Reason) -> String {
        let name = |supporter: SupporterIdx| self.givers[supporter.0 as usize].0;
        match reason {
            Reason::Decided { .. } => "decided".to_owned(),
            Reason::Nearest => "nearest".to_owned(),
            Reason::Capacity { nearest } => format!("{} has none left", name(nearest)),
            Reason::Tie { nearest, .. } => format!("tie, before {}", name(nearest)),
            Reason::Fairness { nearest, .. } => format!("{} bears more", name(nearest)),
            Reason::Continuity { .. } => "is there".to_owned(),
        }
    }
}

#[test]
fn the_page_shows_what_was_decided_beside_what_would_be_proposed() {
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/counterpart.md"));
    for case in [&TOHOKU, &NOTO] {
        let table = case.table();
        assert!(page.contains(&table), "docs/counterpart.md has another table of {}:\n{table}", case.event);
    }
}

#[test]
fn the_decided_pairs_are_those_of_the_records() {
    let names = |case: &Case, place: &str| -> Vec<&str> {
        case.decided()[place].iter().map(|&s| case.givers[s as usize].0).collect()
    };
    assert_eq!(names(&TOHOKU, "iwate"), ["osaka", "wakayama"]);
    assert_eq!(names(&TOHOKU, "miyagi"), ["hyogo", "tottori", "tokushima"]);
    assert_eq!(names(&TOHOKU, "fukushima"), ["shiga", "kyoto"]);
    assert_eq!(names(&NOTO, "suzu"), ["hyogo", "kobe-city", "fukui"]);
    assert_eq!(names(&NOTO, "noto"), ["shiga", "wakayama", "nara", "tottori", "mie"]);
}
