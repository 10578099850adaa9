//! Documents there and back, the one of the guide, and what is refused.

use super::*;
use crate::allocator::supplies::tests::{drawn, small, solved};
use crate::allocator::supplies::{
    Bundle, BundleIdx, Change, Line, NeedIdx, Pairing, PairingRule, PeriodIdx, Reason, Shipment, SiteIdx,
    Stop, check, solve,
};
use crate::allocator::supplies::{FleetIdx, GoodIdx, MemberIdx, StockIdx, WorkBudget};
use proptest::prelude::*;

/// The first block of JSON of the guide.
fn example() -> &'static str {
    let guide = include_str!("../../../../docs/plan-problem.md");
    let (_, after) = guide.split_once("```json\n").unwrap();
    after.split_once("```").unwrap().0
}

/// A problem with something in every list.
fn full() -> ProblemDocument {
    let mut problem = small();
    problem.bundles = vec![Bundle { load_per_period: Some(7), vehicles_per_period: None }];
    problem.passages = vec![vec![], vec![BundleIdx(0)]];
    problem.ways[0].passage = vec![0, 1, 0];
    problem.consents = vec![(MemberIdx(0), GoodIdx(0))];
    problem.pairings =
        vec![Pairing { giver: MemberIdx(0), receiver: MemberIdx(1), rule: PairingRule::Preferred }];
    problem.needs[1].useful_until_s = Some(80_000);
    let line = Line { stock: StockIdx(0), need: Some(NeedIdx(1)), units: 3 };
    let to = Stop::Point(crate::allocator::supplies::PointIdx(1));
    problem.frozen = vec![Shipment {
        departs: PeriodIdx(1),
        from: SiteIdx(0),
        to,
        fleet: FleetIdx(0),
        vehicles: 1,
        lines: vec![line],
    }];
    let names = Names { sites: vec!["三木".to_owned()], ..Names::default() };
    ProblemDocument { names, problem }
}

fn refused(text: &str) -> String {
    ProblemDocument::read(text).unwrap_err().to_string()
}

#[test]
fn the_problem_of_the_guide_is_read_solved_and_its_solution_checked() {
    let document = ProblemDocument::read(example()).unwrap();
    let plan = solve(&document.problem, WorkBudget::default(), None).unwrap();
    assert_eq!(plan.unmet.iter().map(|unmet| unmet.units).sum::<u32>(), 200);
    assert_eq!(plan.unmet[0].reasons, [Reason::BelowReserve { stock: StockIdx(0) }]);
    let units = plan.unmet[0].units.min(100);
    assert_eq!(plan.unmet[0].changes, [Change::OpenReserve { stock: StockIdx(0), units }]);
    let written = PlanDocument { names: document.names.clone(), plan };
    let read = PlanDocument::read(&written.write()).unwrap();
    assert_eq!(read, written);
    assert_eq!(read.names.points[1], "tokushima/rp-anan");
    assert_eq!(check(&document.problem, &read.plan), vec![]);
}

#[test]
fn a_problem_goes_there_and_back_and_to_the_same_bytes() {
    let document = full();
    let text = document.write();
    let read = ProblemDocument::read(&text).unwrap();
    assert_eq!(read, document);
    assert_eq!(read.write(), text);
    assert!(text.contains("\n  {\"point\":1,\"good\":0,\"units\":80,"), "an entry a line: {text}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let text = full().write();
    let at = |from: &str, to: &str| refused(&text.replacen(from, to, 1));
    assert_eq!(
        at("\"mass_g\":10000", "\"mass_g\":-1"),
        "invalid value: integer `-1`, expected u32 at line 11 column 14"
    );
    assert!(
        at("\"mass_g\":10000", "\"mass_g\":4294967296").starts_with("invalid value: integer `4294967296`")
    );
    assert!(
        at("\"mass_g\":", "\"mass_kg\":").starts_with("unknown field `mass_kg`, expected one of `mass_g`")
    );
    assert!(at("\"mass_g\":10000,", "").starts_with("missing field `mass_g` at line 11"));
    assert!(at("life_saving", "vital").starts_with("unknown variant `vital`, expected `life_saving` or"));
    assert!(
        at("yui-plan-problem-1", "yui-plan-solution-1").starts_with("unknown variant `yui-plan-solution-1`")
    );
    assert!(at("[[null,3600,3600]]", "[[null,3600]]").starts_with("ways[0].travel_s has 2 rows or entries"));
    assert!(at("[[0,1,0]]", "[[0,1,0],[0,0,0]]").starts_with("ways[0].passage has 2 rows or entries"));
    assert_eq!(
        at("[\"三木\"]", "[\"三木\",\"堺\"]"),
        "names.sites has 2 entries for 1 sites; name all or none"
    );
    assert!(refused("{").starts_with("EOF while parsing an object at line 1"));
}

#[test]
fn a_forged_solution_is_read_only_if_its_figures_follow() {
    let problem = small();
    let written = PlanDocument { names: Names::default(), plan: solved(&problem) };
    let text = written.write();
    let ppm = format!("\"of_value_ppm\": {}", written.plan.gap.of_value_ppm());
    let forged = text.replacen(&ppm.replace(": ", ":"), "\"of_value_ppm\":999999", 1);
    assert!(forged != text, "{text}");
    let found = PlanDocument::read(&forged).unwrap_err();
    assert!(matches!(found, DocumentError::DoesNotFollow { told: 999_999, .. }), "{found}");
    let forged = text.replacen("\"limits_count\":", "\"limits_count\":9999999", 1);
    assert!(matches!(PlanDocument::read(&forged), Err(DocumentError::Price { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_solution_goes_there_and_back(problem in drawn()) {
        let document = ProblemDocument { names: Names::default(), problem };
        prop_assert_eq!(&ProblemDocument::read(&document.write()).unwrap(), &document);
        let plan = PlanDocument { names: Names::default(), plan: solved(&document.problem) };
        let text = plan.write();
        let read = PlanDocument::read(&text).unwrap();
        prop_assert_eq!(&read, &plan);
        prop_assert_eq!(read.write(), text);
    }
}
