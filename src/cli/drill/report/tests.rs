//! Pages of runs: the same every time, with nothing in them that a name could smuggle in.

use super::*;
use crate::decision::Command;
use crate::drill::Scenario;
use crate::drill::compare::measure::FEE_YEN;
use crate::drill::report::Played;
use crate::drill::runner::{Habits, LaidOut, Order};

fn kansai() -> Scenario {
    crate::drill::read(crate::host::kansai()).unwrap()
}

fn report(scenario: &Scenario, days: u32) -> Report {
    let planner = crate::host::planner(scenario).unwrap();
    let laid_out = LaidOut::of(scenario).unwrap();
    let order = Order { days, seed: 1, habits: Habits::default() };
    let outcome = laid_out.run(&planner, order, |_| {}).unwrap();
    let (laid_out, planner) = (&laid_out, &planner);
    let played = Played { scenario, laid_out, planner, order, fee_yen: FEE_YEN };
    Report::of(played, outcome).unwrap()
}

/// What a report of two days of Kansai is, to the byte. It changes with the data, the rules, the page or the version: look
/// at the page before you write down the new one.
const GOLDEN: &str = "072a222564b5475a68b0144755abfc78d55e16897ae39e82ccf11b414661be33";

#[test]
fn the_same_seed_gives_the_same_page_and_it_is_the_known_one() {
    let scenario = kansai();
    let page = page::html(&report(&scenario, 2));
    assert_eq!(page, page::html(&report(&scenario, 2)));
    assert_eq!(Digest::of(page.as_bytes()).to_string(), GOLDEN);
}

#[test]
fn a_page_needs_nothing_beside_it_and_says_what_it_is_of() {
    let scenario = kansai();
    let report = report(&scenario, 1);
    let page = page::html(&report);
    for outside in ["http:", "https:", "src=", "<script", "<link", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let hashes = [report.data.to_string(), report.outcome.ledgers.to_string()];
    for told in
        ["訓練 DRILL kansai", "kansai", report.version, &hashes[0], &hashes[1], "訓練用データ", "DRILL DATA"]
    {
        assert!(page.contains(told), "{told}");
    }
    // What is drawn is closed: a page is no XML, and a mark that is open holds all that follow.
    for mark in ["svg", "circle", "rect", "line", "path", "text", "tspan"] {
        let opened = page.matches(&format!("<{mark} ")).count() + page.matches(&format!("<{mark}>")).count();
        assert_eq!(opened, page.matches(&format!("</{mark}>")).count(), "{mark}");
    }
    // No needs, no section of needs.
    assert!(!page.contains("満たされていないニーズ"));
    assert_eq!(page.matches("class=\"ja\"").count(), page.matches("class=\"en\"").count());
}

#[test]
fn a_name_with_markup_in_it_is_shown_and_not_obeyed() {
    let mut scenario = kansai();
    let bad = "<script>alert('x')</script>\"&";
    scenario.title.en = bad.to_owned();
    scenario.notice.ja = bad.to_owned();
    for seed in &mut scenario.seeds {
        match &mut seed.command {
            Command::RegisterAsset(asset) => asset.name.ja = bad.to_owned(),
            Command::RegisterOrganisation(organisation) => organisation.name.en = bad.to_owned(),
            _ => {}
        }
    }
    let page = page::html(&report(&scenario, 1));
    assert!(!page.contains("<script") && !page.contains("alert('x')</"));
    assert!(page.contains("&lt;script&gt;alert"));
}

#[test]
fn needs_have_a_section_where_a_scenario_states_some() {
    let folder = crate::host::kansai().with_file_name("kansai-nankai");
    let scenario = crate::drill::read(&folder).unwrap();
    let page = page::html(&report(&scenario, 1));
    assert!(page.contains("満たされていないニーズ") && page.contains("Needs that are not met"));
}

#[test]
fn figures_stand_beside_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let report = report(&kansai(), 1);
    let path = folder.path().join("day.html");
    let written = write(&report, &path).unwrap();
    assert_eq!(Digest::of(&fs::read(&path).unwrap()), written.page_hash);
    let figures: Value = serde_json::from_slice(&fs::read(&written.figures).unwrap()).unwrap();
    assert_eq!(figures["calls"].as_array().unwrap().len(), report.outcome.calls.len());
    assert_eq!(figures["dataSha256"], report.data.to_string());
    assert_eq!(figures["drill"], true);
    let nowhere = write(&report, &folder.path().join("no/such/day.html")).unwrap_err();
    assert!(nowhere.to_string().contains("cannot be written"), "{nowhere}");
}

#[test]
fn a_report_is_a_page() {
    assert!(file("week.html").is_ok());
    for wrong in ["week", "week.htm", "week.json", ".html", ""] {
        assert!(file(wrong).is_err(), "{wrong}");
    }
}
