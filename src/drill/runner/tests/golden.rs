//! The golden outcomes of the drills of Kansai.

use super::super::*;
use super::drills::{drills, planner};
use crate::drill::script;
use std::path::PathBuf;

/// What came of every drill in the folder, line by line: text in, text out.
#[test]
fn every_drill_of_kansai_comes_out_as_it_is_written_down() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(drills())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    let mut text = String::from(
        "# drill | seed | calls, by air, by road, nobody | asks without a go | half, nine in ten, all within (s) | \
         records | ledgers\n",
    );
    for file in files {
        let script = script::read(&file).unwrap_or_else(|fault| panic!("{fault}"));
        for seed in &script.seeds {
            let outcome = play(&script, planner(), *seed, |_| {}).unwrap();
            let count = |is: fn(&Told) -> bool| outcome.calls.iter().filter(|call| is(&call.told)).count();
            let (air, road) = (
                count(|told| matches!(told, Told::Flown(_))),
                count(|told| matches!(told, Told::Ground { .. })),
            );
            let refused: u32 = outcome.calls.iter().map(|call| call.refused).sum();
            let care_s = outcome.care_s();
            let [half, most, all] =
                [500, 900, 1_000].map(|permille| permille_of(&care_s, permille).unwrap_or(0));
            let (calls, nobody) = (outcome.calls.len(), outcome.calls.len() - air - road);
            text += &format!(
                "{} | {seed} | {calls} {air} {road} {nobody} | {refused} | {half} {most} {all} | {} | {}\n",
                script.name, outcome.records, outcome.ledgers
            );
        }
    }
    let expected = drills().join("expected.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&expected, &text).unwrap();
    }
    let written = std::fs::read_to_string(&expected).unwrap_or_default();
    assert_eq!(text, written, "BLESS=1 writes {} anew", expected.display());
}
