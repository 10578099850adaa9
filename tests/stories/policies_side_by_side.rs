//! A fleet planner asks what sharing is worth before the assembly meets, and what two aircraft fewer would cost; an
//! auditor gets the report of one of the runs on paper.

use assert_cmd::Command;
use serde_json::Value;
use sha2::{Digest, Sha256};
use yui::host::kansai;

/// What a command says: stdout where it ended with `code`, else its error.
fn yui(words: &[&str], code: i32) -> (String, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("yui"));
    let output = command.env("YUI_LANG", "en").args(words).output().unwrap();
    let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(code), "{error}");
    (out, error)
}

fn folder() -> String {
    kansai().to_str().unwrap().to_owned()
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&yui(words, 0).0).unwrap()
}

fn mean(policy: &Value, measure: &str) -> f64 {
    policy["measures"][measure]["mean"]["value"].as_f64().unwrap()
}

#[test]
fn sharing_and_six_aircraft_are_held_against_the_union_as_it_stands() {
    let (folder, six) = (folder(), kansai().with_file_name("kansai-fy2026"));
    let six = format!("scenario={}", six.to_str().unwrap());
    let compare = |threads: &str| {
        let words = ["--json", "drill", "compare", &folder, "--days", "1", "--seeds", "2"];
        let more = ["--threads", threads, "--against", "alone", &six, "as-stated"];
        yui(&[&words[..], &more[..]].concat(), 0).0
    };
    let text = compare("1");
    assert_eq!(text, compare("2"), "whatever the number of threads");
    let told: Value = serde_json::from_str(&text).unwrap();
    let policies = told["policies"].as_array().unwrap();
    let names: Vec<&str> = policies.iter().map(|policy| policy["policy"].as_str().unwrap()).collect();
    assert_eq!(names, ["as-stated", "alone", six.as_str(), "as-stated"]);
    assert!(mean(&policies[0], "flightsForOthers") > 0.0);
    assert_eq!(mean(&policies[1], "flightsForOthers"), 0.0);
    assert_ne!(policies[2]["runs"], policies[0]["runs"]);
    assert_eq!(policies[3]["runs"], policies[0]["runs"]);
    // The same run by itself has the same records.
    let alone = json(&["--json", "drill", "run", &folder, "--days", "1", "--seed", "2"]);
    assert_eq!(policies[0]["runs"][1]["ledgersSha256"], alone["ledgersSha256"]);
    let (sheet, _) =
        yui(&["drill", "compare", &folder, "--days", "1", "--seeds", "1", "--against", "alone"], 0);
    assert!(sheet.contains("to care, mean (min)") && sheet.contains("illustrative"), "{sheet}");
}

#[test]
fn what_cannot_be_compared_is_said_before_anything_is_played() {
    let folder = folder();
    let error = |words: &[&str]| yui(&[&["drill", "compare", &folder], words].concat(), 2).1;
    assert!(error(&["--against", "nearest-frist"]).contains("is nearest-first meant?"));
    assert!(error(&["--lang", "ja", "--against", "allone"]).contains("alone ではありませんか"));
    assert!(error(&["--against", "without=hyogo/heli-toyoka"]).contains("is hyogo/heli-toyooka meant?"));
    assert!(error(&["--against", "scenario=nowhere"]).contains("nowhere"));
    for seeds in ["0", "10001", "-1", "many"] {
        error(&["--seeds", seeds, "--against", "alone"]);
    }
    error(&[]);
    let nine = ["alone"; 9];
    assert!(error(&[&["--against"], &nine[..]].concat()).contains("1 to 8 can be compared"));
}

#[test]
fn a_report_is_one_page_and_its_hash_is_told() {
    let (folder, out) = (folder(), tempfile::tempdir().unwrap());
    let path = out.path().join("day.html");
    let words = ["--json", "drill", "run", &folder, "--days", "1", "--report", path.to_str().unwrap()];
    let told = json(&words);
    let page = std::fs::read(&path).unwrap();
    let hash: String = Sha256::digest(&page).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(told["reportSha256"], hash);
    let figures: Value =
        serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
    assert_eq!(figures["ledgersSha256"], told["ledgersSha256"]);
    assert_eq!(json(&words), told);
    assert_eq!(std::fs::read(&path).unwrap(), page, "the same seed gives the same page");
    let (_, error) = yui(&["drill", "run", &folder, "--report", "day.pdf"], 2);
    assert!(error.contains("ends in .html"), "{error}");
}
