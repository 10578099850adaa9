use super::*;
use crate::drill::scenario::fault::FAULTS_MAX;
use proptest::prelude::*;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A drill with something of everything.
const WHOLE: &str = r#"[drill]
title_ja = "試し"
title_en = "A try"
scenario = "SCENARIO"
start_time = "2026-12-05T10:00:00+09:00"
span = "24:00"
seeds = [4, 2]
work_budget = 3

[habits]
hear_s = [1, 2]
decline_permille = 0

[fleet]
out_of_service = ["heli-osaka"]
in_service = ["heli-nara"]

[earthquake]
name = "kobe-1995"

[[inject]]
name = "engine"
at = "+02:30"
kind = "aircraft_breaks_down"
aircraft = "heli-toyooka"
for = "04:00"

[[inject]]
name = "bridge"
when = { happened = "engine" }
after = "00:10"
kind = "structure_closed"
structure = "onaruto-bridge"
by = "tokushima"

[[inject]]
name = "caller"
when = { open_requests = 2 }
kind = "false_request"
area = "fd-awaji"
found_after = "00:05"

[[inject]]
name = "again"
when = { asked = "heli-nara" }
kind = "duplicate_request"
of = "caller"
area = "fd-tokushima"
found_after = "00:05"
"#;

fn kansai_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai")
}

fn kansai(_: &Path) -> Result<Scenario, ScenarioFault> {
    static KANSAI: OnceLock<Scenario> = OnceLock::new();
    Ok(KANSAI.get_or_init(|| scenario::read(&kansai_folder()).unwrap()).clone())
}

/// Reads `text` as the drill `try` on Kansai.
fn read_text(text: &str) -> Result<Script, ScenarioFault> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("try.toml");
    std::fs::write(&path, text.replace("SCENARIO", kansai_folder().to_str().unwrap())).unwrap();
    read_with(&path, kansai)
}

/// Line and character, and what is wrong, of each fault after `from` was replaced by `to`.
fn faults_after(from: &str, to: &str) -> Vec<(Option<u32>, Option<u32>, Problem)> {
    assert!(WHOLE.contains(from), "{from:?}");
    let fault = read_text(&WHOLE.replacen(from, to, 1)).expect_err("the drill is damaged");
    assert_eq!(fault.left_off_count, 0);
    fault.faults.into_iter().map(|fault| (fault.place.line, fault.place.character, fault.problem)).collect()
}

/// The one fault after a damage: where, and what.
fn fault_after(from: &str, to: &str) -> (u32, u32, Problem) {
    let mut found = faults_after(from, to);
    assert_eq!(found.len(), 1, "{found:?}");
    let (line, character, problem) = found.remove(0);
    (line.unwrap(), character.unwrap(), problem)
}

/// The line of `text` in the drill.
fn line_of(text: &str) -> u32 {
    u32::try_from(WHOLE.lines().position(|line| line.contains(text)).unwrap() + 1).unwrap()
}

fn unresolved(value: &str, file: &'static str, nearest: Option<&str>) -> Problem {
    Problem::Unresolved { value: value.to_owned(), file, nearest: nearest.map(str::to_owned) }
}

#[test]
fn a_whole_drill_is_read_with_every_name_resolved() {
    let script = read_text(WHOLE).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!((script.name.as_str(), script.title.en.as_str()), ("try", "A try"));
    assert_eq!(script.start, script.scenario.start + 3_600);
    assert_eq!((script.span_s, script.seeds, script.work_budget), (86_400, vec![4, 2], 3));
    assert_eq!(script.habits, Habits { hear_s: (1, 2), decline_permille: 0, ..Habits::default() });
    assert_eq!(script.out_of_service, ["members/osaka/assets/heli-osaka".parse().unwrap()]);
    assert_eq!(script.in_service, ["members/nara/assets/heli-nara".parse().unwrap()]);
    assert_eq!(script.earthquake, Some("kobe-1995".parse().unwrap()));
    let [engine, bridge, caller, again] = &script.injects[..] else { panic!("four injects") };
    assert_eq!(engine.trigger, Trigger::At { after_s: 9_000 });
    assert_eq!(
        engine.happening,
        Happening::AircraftBreaksDown {
            aircraft: "members/hyogo/assets/heli-toyooka".parse().unwrap(),
            lasts_s: Some(14_400)
        }
    );
    assert_eq!(bridge.trigger, Trigger::When { condition: Condition::Happened(0), after_s: 600 });
    assert_eq!(caller.trigger, Trigger::When { condition: Condition::OpenRequests(2), after_s: 0 });
    assert!(matches!(again.happening, Happening::DuplicateRequest { of: Some(2), .. }));
    assert_eq!(bridge.line, line_of("name = \"bridge\"") - 1);
}

#[test]
fn what_a_drill_leaves_out_is_as_usual() {
    let least = "[drill]\ntitle_ja = \"試\"\ntitle_en = \"try\"\nscenario = \"SCENARIO\"\nspan = \"01:00\"\n";
    let script = read_text(least).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!((script.start, script.seeds), (script.scenario.start, vec![1]));
    assert_eq!((script.habits, script.work_budget), (Habits::default(), WORK_BUDGET));
    assert!(script.injects.is_empty() && script.out_of_service.is_empty() && script.earthquake.is_none());
}

#[test]
fn an_unknown_key_is_named_with_the_near_one() {
    let unknown = |key: &str, nearest: Option<&str>| Problem::UnknownKey {
        key: key.to_owned(),
        nearest: nearest.map(str::to_owned),
    };
    assert_eq!(
        fault_after("work_budget =", "work_bugdet ="),
        (8, 1, unknown("work_bugdet", Some("work_budget")))
    );
    let aircraft = line_of("aircraft = ");
    assert_eq!(
        fault_after("for = \"04:00\"", "form = \"04:00\""),
        (aircraft + 1, 1, unknown("form", Some("for")))
    );
    assert_eq!(fault_after("[habits]", "[habit]").2, unknown("habit", Some("habits")));
    // A key of another kind of inject is unknown here.
    assert_eq!(fault_after("for = \"04:00\"", "member = \"hyogo\"").2, unknown("member", None));
    // An inject by time waits for nothing.
    assert_eq!(fault_after("for = \"04:00\"", "after = \"00:01\"").2, unknown("after", None));
}

#[test]
fn a_missing_key_is_named_where_its_section_begins() {
    let missing = |key: &str| Problem::MissingKey { key: key.to_owned() };
    assert_eq!(fault_after("span = \"24:00\"\n", ""), (1, 1, missing("drill.span")));
    let (line, _, problem) = fault_after("structure = \"onaruto-bridge\"\n", "");
    assert_eq!((line, problem), (line_of("name = \"bridge\"") - 1, missing("inject.structure")));
}

#[test]
fn times_that_cannot_be_are_refused() {
    let at = line_of("+02:30");
    for wrong in ["02:30", "+2:3", "+24:01", "+02:60", "soon", "-01:00", "+00002:00"] {
        let (line, character, problem) = fault_after("+02:30", wrong);
        assert_eq!((line, character), (at, 6), "{wrong}");
        assert!(
            matches!(problem, Problem::Value { allowed: Allowed::Offset { max_s: 86_400 }, .. }),
            "{wrong}: {problem:?}"
        );
    }
    for wrong in ["00:00", "24:01", "+01:00", "1"] {
        let (_, _, problem) = fault_after("for = \"04:00\"", &format!("for = \"{wrong}\""));
        assert!(matches!(problem, Problem::Value { allowed: Allowed::Span { .. }, .. }), "{wrong}");
    }
    let (line, _, problem) = fault_after("2026-12-05T10:00:00+09:00", "2026-12-05T08:00:00+09:00");
    assert_eq!(line, line_of("start_time"));
    assert!(matches!(problem, Problem::Value { allowed: Allowed::InstantFrom { .. }, .. }), "{problem:?}");
    assert!(matches!(
        fault_after("span = \"24:00\"", "span = \"9000:00\"").2,
        Problem::Value { allowed: Allowed::Span { .. }, .. }
    ));
}

#[test]
fn names_that_nothing_has_are_told_with_the_near_one() {
    let cases = [
        ("\"heli-toyooka\"", "\"heli-toyoka\"", "helicopters.csv", Some("heli-toyooka")),
        ("\"onaruto-bridge\"", "\"onarut-bridge\"", "roads/structures.csv", Some("onaruto-bridge")),
        ("by = \"tokushima\"", "by = \"tokusima\"", "members.csv", Some("tokushima")),
        ("\"fd-awaji\"", "\"fd-awajii\"", "fire_departments.csv", Some("fd-awaji")),
        ("\"kobe-1995\"", "\"kobe-1996\"", "earthquakes.csv", Some("kobe-1995")),
        ("\"heli-osaka\"", "\"zzz\"", "helicopters.csv", None),
    ];
    for (from, to, file, nearest) in cases {
        let (line, _, problem) = fault_after(from, to);
        let value = to.rsplit('"').nth(1).unwrap();
        assert_eq!((line, problem), (line_of(from), unresolved(value, file, nearest)));
    }
    let (line, _, problem) = fault_after("happened = \"engine\"", "happened = \"engines\"");
    let nearest = Some("engine".to_owned());
    assert_eq!(
        (line, problem),
        (line_of("happened"), Problem::UnknownInject { value: "engines".to_owned(), nearest })
    );
}

#[test]
fn an_inject_has_one_beginning() {
    let either = Problem::OneKeyOf { keys: vec!["at", "when"] };
    let at = line_of("+02:30");
    let both = "at = \"+02:30\"\nwhen = { asked = \"heli-nara\" }";
    let (line, _, problem) = fault_after("at = \"+02:30\"", both);
    assert_eq!((line, &problem), (at + 1, &either));
    let (line, _, problem) = fault_after("at = \"+02:30\"\n", "");
    assert_eq!((line, problem), (at - 2, either));
    let (_, _, problem) =
        fault_after("{ open_requests = 2 }", "{ open_requests = 2, asked = \"heli-nara\" }");
    assert!(matches!(problem, Problem::OneKeyOf { .. }));
}

#[test]
fn injects_that_wait_for_each_other_are_refused_as_a_ring() {
    let ring =
        |names: &[&str]| Problem::Loop { names: names.iter().map(|name| (*name).to_owned()).collect() };
    let (line, _, problem) = fault_after("at = \"+02:30\"", "when = { happened = \"bridge\" }");
    assert_eq!((line, problem), (line_of("+02:30"), ring(&["engine", "bridge", "engine"])));
    let (_, _, problem) = fault_after("at = \"+02:30\"", "when = { happened = \"engine\" }");
    assert_eq!(problem, ring(&["engine", "engine"]));
}

#[test]
fn the_same_name_twice_is_told_with_the_first_line() {
    let first_line = line_of("name = \"engine\"");
    let (line, _, problem) = fault_after("name = \"bridge\"", "name = \"engine\"");
    let value = "engine".to_owned();
    assert_eq!((line, problem), (line_of("name = \"bridge\""), Problem::Duplicate { value, first_line }));
    let value = "heli-osaka".to_owned();
    let first_line = line_of("heli-osaka");
    let (line, _, problem) = fault_after("[\"heli-nara\"]", "[\"heli-osaka\"]");
    assert_eq!((line, problem), (first_line + 1, Problem::Duplicate { value, first_line }));
}

#[test]
fn a_duplicate_repeats_a_call_and_nothing_else() {
    let (line, _, problem) = fault_after("of = \"caller\"", "of = \"bridge\"");
    assert_eq!(line, line_of("of = "));
    assert!(matches!(problem, Problem::Value { allowed: Allowed::InjectOfCall, .. }), "{problem:?}");
}

#[test]
fn an_unknown_kind_is_told_with_all_that_there_are() {
    let (line, _, problem) = fault_after("\"aircraft_breaks_down\"", "\"aircraft_fails\"");
    assert_eq!(line, line_of("aircraft_breaks_down"));
    let Problem::Value { allowed: Allowed::OneOf(words), .. } = problem else { panic!("{problem:?}") };
    assert_eq!(words.len(), 12);
    let reference = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/drills.md")).unwrap();
    for word in words {
        assert!(reference.contains(&format!("| `{word}` |")), "docs/drills.md says nothing of {word}");
    }
}

#[test]
fn more_injects_than_are_played_are_refused() {
    let mut text = WHOLE.to_owned();
    for number in 0..INJECTS_MAX {
        text += &format!("[[inject]]\nname = \"n-{number}\"\nat = \"+01:00\"\nkind = \"transfer\"\n");
    }
    let fault = read_text(&text).unwrap_err();
    assert_eq!(fault.faults.len(), 1, "{fault}");
    assert_eq!(fault.faults[0].problem, Problem::TooMany { max: INJECTS_MAX });
}

#[test]
fn everything_that_is_wrong_is_told_at_once_up_to_a_limit() {
    let text = WHOLE.replace("heli-toyooka", "nobody").replace("span", "spam").replace("[1, 2]", "[2, 1]");
    let fault = read_text(&text).unwrap_err();
    let told = fault.to_string();
    for part in ["try.toml:6:1", "\"nobody\" is not in helicopters.csv", "drill.span", "two whole numbers"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let ja = fault.report(&|_| Name { ja: String::new(), en: String::new() }).ja;
    assert!(ja.contains("helicopters.csv にありません"), "{ja}");
    let mut text = WHOLE.to_owned();
    for number in 0..30 {
        text += &format!("[[inject]]\nname = \"n-{number}\"\nat = \"+01:00\"\nkind = \"nothing\"\n");
    }
    let fault = read_text(&text).unwrap_err();
    assert_eq!((fault.faults.len(), fault.left_off_count), (FAULTS_MAX, 10));
}

#[test]
fn a_file_that_is_no_drill_is_refused_with_its_place() {
    let problem_of = |text: &str| read_text(text).unwrap_err().faults.remove(0);
    let fault = problem_of("[drill]\ntitle_ja = \n");
    assert_eq!(fault.place.line, Some(2));
    assert!(matches!(fault.problem, Problem::NotToml { .. }));
    assert!(matches!(problem_of("").problem, Problem::MissingKey { .. }));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Not A Name.toml");
    std::fs::write(&path, b"\xff\xfe").unwrap();
    let fault = read(&path).unwrap_err();
    let problems: Vec<&Problem> = fault.faults.iter().map(|fault| &fault.problem).collect();
    assert!(
        matches!(problems[..], [Problem::Value { allowed: Allowed::Slug, .. }, Problem::NotUtf8]),
        "{fault}"
    );
}

#[test]
fn what_is_wrong_with_the_scenario_is_told_as_well() {
    let text = WHOLE.replace("SCENARIO", "nowhere").replace("hear_s", "her_s");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("try.toml");
    std::fs::write(&path, text).unwrap();
    let told = read(&path).unwrap_err().to_string();
    assert!(told.contains("scenario.toml: cannot be read") && told.contains("\"her_s\""), "{told}");
}

/// Whether an inject never begins: the slow and obvious way.
fn is_stuck(waits: &[Option<usize>], begin: usize) -> bool {
    let mut at = begin;
    for _ in 0..=waits.len() {
        match waits[at] {
            None => return false,
            Some(next) => at = next,
        }
    }
    true
}

proptest! {
    #[test]
    fn every_ring_is_found_once_and_nothing_else(
        waits in prop::collection::vec(prop::option::of(0usize..12), 1..12)
    ) {
        let waits: Vec<Option<usize>> =
            waits.iter().map(|wait| wait.map(|other| other % waits.len())).collect();
        let inject = |(idx, wait): (usize, &Option<usize>)| Inject {
            name: format!("i-{idx}").parse().unwrap(),
            line: 1,
            trigger: wait.map_or(Trigger::At { after_s: 0 }, |other| Trigger::When {
                condition: Condition::Happened(other),
                after_s: 0,
            }),
            happening: Happening::HospitalFull {
                hospital: "members/hyogo/hospitals/h".parse().unwrap(),
                lasts_s: None,
            },
            note: String::new(),
        };
        let injects: Vec<Inject> = waits.iter().enumerate().map(inject).collect();
        let rings = waits::rings(&injects);
        // In a ring: those from which one comes back to them.
        let comes_back = |begin: usize| {
            let mut at = waits[begin];
            for _ in 0..waits.len() {
                match at {
                    Some(idx) if idx == begin => return true,
                    Some(idx) => at = waits[idx],
                    None => return false,
                }
            }
            false
        };
        let mut found: Vec<usize> = rings.iter().flatten().copied().collect();
        found.sort_unstable();
        let expected: Vec<usize> = (0..waits.len()).filter(|idx| comes_back(*idx)).collect();
        prop_assert_eq!(found, expected);
        for ring in &rings {
            prop_assert_eq!(ring.iter().min(), ring.first());
        }
        // Whoever is stuck waits for a ring, so naming the rings names every cause.
        prop_assert_eq!((0..waits.len()).any(|idx| is_stuck(&waits, idx)), !rings.is_empty());
    }
}
