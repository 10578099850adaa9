//! Headquarters proposes who sends what to a city in need: worked out beside the calls, proposed, compared, approved.

use crate::common::{Served, at, drill, planned, printed, reason_of};

use std::collections::BTreeMap;
use v1::plan_run::State;
use v1::restriction::{Effect, Stretch};
use yui::api::v1;

const WAKAYAMA: &str = "members/wakayama";
const WAKAYAMA_CITY: u32 = 30_201;
const CITY: &str = "members/wakayama/depots/rp-wakayama";

/// More than the city has itself, less than what all depots may give.
fn food(quantity: i64) -> v1::StateNeedsRequest {
    let need = v1::Need {
        municipality: WAKAYAMA_CITY,
        commodity: "commodities/food".to_owned(),
        quantity,
        priority: 1,
        want_time: Some(at(22, 0)),
        source: v1::need::Source::Report.into(),
        reporter: "city desk".to_owned(),
        ..Default::default()
    };
    v1::StateNeedsRequest { parent: WAKAYAMA.to_owned(), needs: vec![need], ..Default::default() }
}

fn proposal(request_id: &str) -> v1::ProposePlanRequest {
    v1::ProposePlanRequest {
        proposed_by: "Tanaka".to_owned(),
        rounds: 1,
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

async fn run_to_its_end(drill: &mut Served, request_id: &str) -> v1::PlanRun {
    planned(drill, proposal(request_id)).await
}

async fn shipments(drill: &mut Served, plan: &str) -> Vec<v1::Shipment> {
    let filter = format!("plan = \"{plan}\"");
    let list = v1::ListShipmentsRequest { filter, page_size: 1_000, ..Default::default() };
    drill.aid.list_shipments(list).await.unwrap().into_inner().shipments
}

/// Meals on their way to the city, or to go there, by the plans that count.
fn meals(shipments: &[v1::Shipment]) -> i64 {
    shipments.iter().flat_map(|shipment| &shipment.goods).map(|goods| goods.quantity).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_plan_keeps_what_was_approved_and_counts_what_is_on_its_way() {
    let (mut drill, _data) = drill().await;
    // More than lies in the city's own depot: it comes from farther away too.
    drill.aid.state_needs(food(900_000)).await.unwrap();
    run_to_its_end(&mut drill, "one").await;
    let first = shipments(&mut drill, &printed("plans/p-1")).await;
    let whole = meals(&first);
    assert!(whole > 0);
    // The sender of the first shipment approves all that it is asked for, and one of them leaves.
    let sender = first[0].sender.split("/depots/").next().unwrap().to_owned();
    let yes = v1::ApprovePlanRequest {
        name: printed("plans/p-1"),
        sender: sender.clone(),
        approved_by: "Sato".to_owned(),
        ..Default::default()
    };
    let approved = drill.aid.approve_plan(yes).await.unwrap().into_inner().shipments;
    assert!(first.iter().any(|shipment| shipment.route.contains("自動車道")), "drivers are told the way");
    let (name, dispatched_by) = (approved[0].name.clone(), "Sato".to_owned());
    let leaves = v1::DispatchShipmentRequest { name, dispatched_by, ..Default::default() };
    drill.aid.dispatch_shipment(leaves).await.unwrap();

    let run = run_to_its_end(&mut drill, "two").await;
    assert_eq!(run.state(), State::Proposed);
    let second = shipments(&mut drill, &printed("plans/p-2")).await;
    assert_eq!(meals(&approved) + meals(&second), whole, "no meal is sent twice, none is forgotten");

    // The problem is kept, and is the one whose hash the plan names.
    let ask = v1::GetPlanProblemRequest { name: printed("plans/p-2") };
    let problem = drill.aid.get_plan_problem(ask).await.unwrap().into_inner();
    let document = yui::allocator::supplies::ProblemDocument::read(&problem.document).unwrap();
    let vehicles: u32 = document.problem.frozen.iter().map(|shipment| shipment.vehicles).sum();
    let waiting: u32 = approved[1..].iter().map(|shipment| shipment.vehicles).sum();
    assert_eq!(vehicles, waiting, "what was approved and has not left is frozen");
    let plan = v1::GetPlanRequest { name: printed("plans/p-2") };
    let plan = drill.aid.get_plan(plan).await.unwrap().into_inner();
    assert_eq!(plan.problem_sha256, problem.sha256);
    assert!(!plan.burdens.is_empty(), "others give");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_worked_out_proposed_and_compared_with_the_next() {
    let (mut drill, _data) = drill().await;
    let nothing = drill.aid.propose_plan(proposal("too early")).await;
    assert_eq!(reason_of(nothing), "NOTHING_TO_PLAN");
    drill.aid.state_needs(food(600_000)).await.unwrap();

    let judged = v1::ProposePlanRequest { validate_only: true, ..proposal("judged") };
    let judged = drill.aid.propose_plan(judged).await.unwrap().into_inner();
    assert_eq!((judged.name.as_str(), judged.need_count, judged.depot_count), ("", 1, 36));
    assert!(judged.lorries_needed > 0);

    let run = run_to_its_end(&mut drill, "first").await;
    assert_eq!((run.state(), run.plan.as_str()), (State::Proposed, printed("plans/p-1").as_str()));
    let sent = shipments(&mut drill, &run.plan).await;
    let at_city = sent.iter().filter(|shipment| shipment.receiver == printed(CITY));
    let meals: i64 = at_city.flat_map(|shipment| &shipment.goods).map(|goods| goods.quantity).sum();
    let plan = v1::GetPlanRequest { name: run.plan.clone() };
    let plan = drill.aid.get_plan(plan).await.unwrap().into_inner();
    let unfilled: i64 = plan.unfilled.iter().map(|unfilled| unfilled.quantity).sum();
    assert!(meals > 0 && meals + unfilled <= 600_000, "{meals} {unfilled}");
    assert!(plan.objective.iter().all(|tier| tier.bound <= tier.value), "{:?}", plan.objective);
    assert_eq!(plan.problem_sha256.len(), 64);

    // A key pressed twice is one plan; a run that has ended is not stopped any more.
    let again = drill.aid.propose_plan(proposal("first")).await.unwrap().into_inner();
    assert_eq!(again, run);
    let other = v1::ProposePlanRequest { rounds: 2, ..proposal("first") };
    assert_eq!(reason_of(drill.aid.propose_plan(other).await), "REQUEST_ID_REUSED");
    let cancel = v1::CancelPlanRunRequest { name: run.name.clone() };
    assert_eq!(drill.aid.cancel_plan_run(cancel).await.unwrap().into_inner(), run);

    // Twice the people: the next plan is told apart from the first by what it sends.
    drill.aid.state_needs(food(500_000)).await.unwrap();
    let next = run_to_its_end(&mut drill, "second").await;
    let compare = v1::ComparePlansRequest { plan: run.plan.clone(), other_plan: next.plan.clone() };
    let compared = drill.aid.compare_plans(compare).await.unwrap().into_inner();
    let food = &compared.commodities[0];
    assert_eq!((compared.commodities.len(), food.sent), (1, meals));
    assert!(food.other_sent > food.sent && compared.leg_count > 0, "{compared:?}");
    let same = v1::ComparePlansRequest { plan: run.plan.clone(), other_plan: run.plan };
    let same = drill.aid.compare_plans(same).await.unwrap().into_inner();
    assert_eq!((same.leg_count, same.vehicles), (0, same.other_vehicles));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_somebody_cancels_proposes_nothing() {
    let (mut drill, _data) = drill().await;
    drill.aid.state_needs(food(600_000)).await.unwrap();
    let long = v1::ProposePlanRequest { rounds: 10_000, ..proposal("long") };
    let run = drill.aid.propose_plan(long.clone()).await.unwrap().into_inner();
    assert_eq!(run.state(), State::Working);
    let cancel = v1::CancelPlanRunRequest { name: run.name };
    let run = drill.aid.cancel_plan_run(cancel).await.unwrap().into_inner();
    assert_eq!((run.state(), run.plan.as_str()), (State::Cancelled, ""));
    assert_eq!(
        drill.aid.propose_plan(long).await.unwrap().into_inner(),
        run,
        "a retry does not begin it again"
    );
    let plans = drill.aid.list_plans(v1::ListPlansRequest::default()).await.unwrap().into_inner().plans;
    assert_eq!(plans, vec![]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_planned_is_named() {
    let (mut drill, _data) = drill().await;
    drill.aid.state_needs(food(600_000)).await.unwrap();
    let nobody = v1::ProposePlanRequest { proposed_by: " ".to_owned(), ..proposal("a") };
    assert_eq!(reason_of(drill.aid.propose_plan(nobody).await), "FIELD_REQUIRED");
    let endless = v1::ProposePlanRequest { rounds: 10_001, ..proposal("b") };
    assert_eq!(reason_of(drill.aid.propose_plan(endless).await), "FIELD_OUT_OF_RANGE");
    for name in ["planRuns/9", "planRuns/x", "", "plans/p-1"] {
        let ask = v1::GetPlanRunRequest { name: name.to_owned() };
        assert_eq!(reason_of(drill.aid.get_plan_run(ask).await), "PLAN_RUN_UNKNOWN", "{name}");
    }
    let compare =
        v1::ComparePlansRequest { plan: "plans/p-1".to_owned(), other_plan: "plans/p-2".to_owned() };
    assert_eq!(reason_of(drill.aid.compare_plans(compare).await), "NOT_FOUND");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_runs_than_can_wait_are_turned_away_and_leave_room_when_they_are_cancelled() {
    let (mut drill, _data) = drill().await;
    drill.aid.state_needs(food(600_000)).await.unwrap();
    let long = |id: String| v1::ProposePlanRequest { rounds: 10_000, ..proposal(&id) };
    let mut names = Vec::new();
    for number in 0..8 {
        let run = drill.aid.propose_plan(long(format!("run {number}"))).await.unwrap().into_inner();
        names.push(run.name);
    }
    assert_eq!(reason_of(drill.aid.propose_plan(long("one more".to_owned())).await), "UNAVAILABLE");
    for name in names {
        drill.aid.cancel_plan_run(v1::CancelPlanRunRequest { name }).await.unwrap();
    }
    let run = run_to_its_end(&mut drill, "one more").await;
    assert_eq!(run.state(), State::Proposed);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bridge_that_lets_few_vehicles_pass_is_shared_out_and_named_where_it_is_short() {
    let (mut drill, _data) = drill().await;
    // More than lies in Tokushima and six lorries in six hours bring in three days, for places whose docks could take it.
    let towns = (36_201..36_209).chain([36_301, 36_302, 36_321, 36_341, 36_342, 36_368, 36_383, 36_387]);
    let needs = towns.map(|municipality| v1::Need { municipality, ..food(500_000).needs.remove(0) });
    let needs = v1::StateNeedsRequest {
        parent: "members/tokushima".to_owned(),
        needs: needs.collect(),
        ..Default::default()
    };
    drill.aid.state_needs(needs).await.unwrap();
    run_to_its_end(&mut drill, "open").await;
    let open = over_the_strait(&shipments(&mut drill, &printed("plans/p-1")).await);
    assert!(open.values().any(|vehicles| *vehicles > 6), "{open:?}");

    let one_lane = v1::Restriction {
        stretch: Some(Stretch::Structure("structures/onaruto-bridge".to_owned())),
        effect: Effect::Limited.into(),
        vehicles_per_hour: 1,
        reason: v1::restriction::Reason::Inspection.into(),
        source: v1::restriction::Source::RoadOperator.into(),
        reporter: "expressway company".to_owned(),
        ..Default::default()
    };
    let call = |restriction| v1::CreateRestrictionRequest {
        parent: "members/tokushima".to_owned(),
        restriction: Some(restriction),
        ..Default::default()
    };
    let none = v1::Restriction { vehicles_per_hour: 0, ..one_lane.clone() };
    assert_eq!(reason_of(drill.network.create_restriction(call(none)).await), "FIELD_OUT_OF_RANGE");
    let limit = drill.network.create_restriction(call(one_lane)).await.unwrap().into_inner();
    assert_eq!((limit.effect(), limit.vehicles_per_hour), (Effect::Limited, 1));
    planned(&mut drill, v1::ProposePlanRequest { rounds: 20, ..proposal("limited") }).await;
    let name = printed("plans/p-2");
    let limited = over_the_strait(&shipments(&mut drill, &name).await);
    assert!(limited.values().all(|vehicles| *vehicles <= 6), "six in six hours: {limited:?}");
    assert!(limited.values().sum::<u32>() > 0, "but they do pass");
    let plan = drill.aid.get_plan(v1::GetPlanRequest { name: name.clone() }).await.unwrap().into_inner();
    let one_more = plan.one_more.iter().find(|one_more| one_more.kind() == v1::one_more::Kind::Passage);
    assert_eq!(one_more.map(|one_more| &one_more.at), Some(&limit.name), "{:?}", plan.one_more);
    let problem = drill.aid.get_plan_problem(v1::GetPlanProblemRequest { name }).await.unwrap().into_inner();
    let document = yui::allocator::supplies::ProblemDocument::read(&problem.document).unwrap();
    assert_eq!(document.names.bundles.len(), 1);
    assert!(limit.name.ends_with(&document.names.bundles[0]), "{:?}", document.names.bundles);

    let lift = v1::LiftRestrictionRequest { name: limit.name, ..Default::default() };
    drill.network.lift_restriction(lift).await.unwrap();
    run_to_its_end(&mut drill, "open again").await;
    assert_eq!(over_the_strait(&shipments(&mut drill, &printed("plans/p-3")).await), open);
    drill.host.stop().await;
}

/// Vehicles that go over Onaruto bridge, by six hours from the first departure on.
fn over_the_strait(shipments: &[v1::Shipment]) -> BTreeMap<i64, u32> {
    let departs = |shipment: &v1::Shipment| shipment.depart_time.unwrap().seconds;
    let first = shipments.iter().map(departs).min().unwrap_or_default();
    let mut vehicles = BTreeMap::new();
    for shipment in shipments.iter().filter(|shipment| shipment.route.contains("大鳴門橋")) {
        *vehicles.entry((departs(shipment) - first) / (6 * 3_600)).or_default() += shipment.vehicles;
    }
    vehicles
}
const MUGI: u32 = 36_383;
/// The two roads to Mugi.
const ROADS: [&str; 2] = ["mountain-minami-mugi", "mountain-mugi-kaiyo"];

#[tokio::test(flavor = "multi_thread")]
async fn what_no_lorry_can_bring_flies_and_what_was_approved_stays_when_the_road_opens() {
    let (mut drill, _data) = drill().await;
    let town = printed("members/tokushima/depots/rp-mugi");
    let fleets = v1::ListFleetsRequest {
        parent: "members/-".to_owned(),
        filter: "vehicle_class = VEHICLE_CLASS_HELICOPTER".to_owned(),
        ..Default::default()
    };
    let fleets = drill.aid.list_fleets(fleets).await.unwrap().into_inner().fleets;
    // No doctor helicopter, and nobody's that is only offered: six units, eight aircraft.
    assert_eq!((fleets.len(), fleets.iter().map(|fleet| fleet.vehicles).sum::<u32>()), (6, 8));
    // What the town has itself feeds it for a day; this is a little more.
    let mut needs = food(7_500);
    needs.needs[0].municipality = MUGI;
    needs.parent = "members/tokushima".to_owned();
    drill.aid.state_needs(needs).await.unwrap();
    run_to_its_end(&mut drill, "open").await;
    let open = shipments(&mut drill, &printed("plans/p-1")).await;
    assert!(!open.is_empty());
    let flies = |shipment: &v1::Shipment| shipment.vehicle_class() == v1::VehicleClass::Helicopter;
    assert!(!open.iter().any(flies), "lorries bring what they can: {open:?}");

    for road in ROADS {
        drill.done(&format!("road close {road} --by tokushima"));
    }
    run_to_its_end(&mut drill, "cut").await;
    let cut = shipments(&mut drill, &printed("plans/p-2")).await;
    assert_eq!(meals(&cut), meals(&open), "all of it flies");
    for shipment in &cut {
        assert!(flies(shipment) && shipment.receiver == town, "{shipment:?}");
        assert!(shipment.route.starts_with("空路"), "{}", shipment.route);
    }
    assert!(drill.done("shipment list --plan p-2").contains("helicopter"));

    let approve = v1::ApprovePlanRequest {
        name: printed("plans/p-2"),
        sender: cut[0].sender.split("/depots/").next().unwrap().to_owned(),
        approved_by: "Sato".to_owned(),
        ..Default::default()
    };
    let approved = drill.aid.approve_plan(approve).await.unwrap().into_inner().shipments;
    for road in ROADS {
        drill.done(&format!("road open {road} --by tokushima"));
    }
    let run = run_to_its_end(&mut drill, "open again").await;
    assert_eq!(run.state(), State::Proposed);
    let next = shipments(&mut drill, &printed("plans/p-3")).await;
    assert_eq!(meals(&approved) + meals(&next), meals(&cut), "no meal is sent twice, none is forgotten");
    assert!(!next.iter().any(flies));
    let plan = v1::GetPlanRequest { name: printed("plans/p-3") };
    let plan = drill.aid.get_plan(plan).await.unwrap().into_inner();
    assert_eq!(plan.stranded_shipments, Vec::<String>::new());
    drill.host.stop().await;
}
