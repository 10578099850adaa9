use super::*;
use crate::hazard::unit_model::{RATE_MILLIS_MAX, STEPS_MAX};

const GOOD: &str = r#"
[share_permille_of_in_shelter]
infant = 10

[goods.milk]
of = "infant"
per_day_millis = 175

[goods.blanket]
of = "in_shelter"
standing_millis = [{ from_day = 1, millis = 2000 }]
"#;

/// The fault of the profile above with `from` replaced by `to`, once.
fn after(from: &str, to: &str) -> ProfileFault {
    assert!(GOOD.contains(from), "{from}");
    read(&GOOD.replacen(from, to, 1)).unwrap_err()
}

fn rules(problem: ProfileProblem) -> TextProblem {
    TextProblem::Profile(problem)
}

#[test]
fn a_profile_is_read() {
    let profile = read(GOOD).unwrap();
    let names: Vec<String> = profile.commodities().map(ToString::to_string).collect();
    assert_eq!(names, ["blanket", "milk"]);
}

#[test]
fn a_negative_rate_is_named_with_its_place() {
    let fault = after("175", "-175");
    assert_eq!((fault.line, fault.character, fault.entry.as_deref()), (7, 18, Some("milk")));
    assert_eq!(fault.problem, rules(ProfileProblem::RateAbsurd { millis: -175 }));
    assert_eq!(
        fault.to_string(),
        "line 7, character 18: milk: a rate of -175 thousandths cannot be; allowed is 0 to 1000000"
    );
}

#[test]
fn absurd_rates_and_shares_are_named() {
    let millis = i64::from(RATE_MILLIS_MAX) + 1;
    assert_eq!(after("175", &millis.to_string()).problem, rules(ProfileProblem::RateAbsurd { millis }));
    assert_eq!(after("2000", "-1").problem, rules(ProfileProblem::RateAbsurd { millis: -1 }));
    let fault = after("infant = 10", "infant = 1001");
    assert_eq!((fault.line, fault.entry.as_deref()), (3, Some("infant")));
    assert_eq!(fault.problem, rules(ProfileProblem::ShareAbsurd { permille: 1_001 }));
    assert!(matches!(after("175", "99999999999999999999").problem, TextProblem::Form { .. }));
    assert!(matches!(after("175", "1.5").problem, TextProblem::Form { .. }));
}

#[test]
fn unknown_people_and_keys_are_named_with_what_was_meant() {
    let fault = after("\"infant\"", "\"infants\"");
    assert_eq!((fault.line, fault.character), (6, 6));
    let unknown = UnknownKind { word: "infants".to_owned(), near: Some("infant".to_owned()) };
    assert_eq!(fault.problem, rules(unknown.into()));
    let fault = after("infant = 10", "baby = 10");
    assert_eq!(fault.problem, rules(UnknownKind { word: "baby".to_owned(), near: None }.into()));
    let TextProblem::Form { message } = after("per_day_millis", "per_week_millis").problem else { panic!() };
    assert!(message.contains("per_week_millis") && message.contains("per_day_millis"), "{message}");
    assert!(matches!(after("[goods.milk]", "[stocks.milk]").problem, TextProblem::Form { .. }));
    assert!(matches!(after("[goods.milk]", "[goods.Milk]").problem, TextProblem::Name(_)));
}

#[test]
fn people_of_a_part_need_their_share_and_nobody_else_has_one() {
    let kind = Kind::Infant;
    let fault = after("[share_permille_of_in_shelter]\ninfant = 10", "");
    assert_eq!(
        (fault.entry.as_deref(), fault.problem),
        (Some("milk"), rules(ProfileProblem::NoShare { kind }))
    );
    let kind = Kind::WaterCut;
    assert_eq!(after("infant = 10", "water_cut = 10").problem, rules(ProfileProblem::NotAPart { kind }));
}

#[test]
fn an_entry_has_one_rate() {
    assert_eq!(after("per_day_millis = 175", "").problem, TextProblem::OneRate);
    let both = "per_day_millis = 175\nstanding_millis = [{ from_day = 1, millis = 1 }]";
    assert_eq!(after("per_day_millis = 175", both).problem, TextProblem::OneRate);
}

#[test]
fn steps_ascend() {
    let steps = |text: &str| after("[{ from_day = 1, millis = 2000 }]", text).problem;
    assert_eq!(steps("[]"), rules(ProfileProblem::Steps));
    assert_eq!(steps("[{ from_day = 0, millis = 1 }]"), rules(ProfileProblem::Steps));
    assert_eq!(steps("[{ from_day = 9999, millis = 1 }]"), rules(ProfileProblem::Steps));
    let same = "[{ from_day = 1, millis = 1 }, { from_day = 1, millis = 2 }]";
    assert_eq!(steps(same), rules(ProfileProblem::Steps));
    let down = "[{ from_day = 1, millis = 2 }, { from_day = 3, millis = 1 }]";
    assert_eq!(steps(down), rules(ProfileProblem::StepDown { day: 3 }));
    let many: Vec<String> =
        (1..=STEPS_MAX + 1).map(|day| format!("{{ from_day = {day}, millis = {day} }}")).collect();
    assert_eq!(steps(&format!("[{}]", many.join(", "))), rules(ProfileProblem::Steps));
}

#[test]
fn a_good_stated_twice_is_no_toml() {
    let fault = after("[goods.blanket]", "[goods.milk]");
    assert!(matches!(fault.problem, TextProblem::Form { .. }));
    assert_eq!(fault.line, 9);
}
