//! A plan is proposed; two senders answer for themselves, one in time and one in part; a shipment is followed to what was
//! counted out of it, and why that is less.

use crate::common::{Served, at, kansai, laid_out, planned, printed, reason_of, refused};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use v1::shipment::{DeclineReason, Difference, State};
use yui::allocator::supplies::{ProblemDocument, Stop};
use yui::api::v1;
use yui::authority::{Submission, Union};
use yui::decision::Command;
use yui::decision::command::{NewPlan, NewShipment};
use yui::decision::model::{
    Actor, Goods, ObjectiveValue, Remedy, RemedyKind, Unfilled, UnfilledReason, VehicleClass,
};
use yui::units::Timestamp;

const MIKI: &str = "members/hyogo/depots/depot-miki";
const OSAKA: &str = "members/osaka/depots/depot-osaka-north";
const CITY: &str = "members/wakayama/depots/rp-wakayama";
const FOOD: &str = "commodities/food";

/// A time of 5 December 2026 in Japan, as the ledgers have it.
fn on(hour: i64) -> Timestamp {
    Timestamp(at(hour, 0).seconds * 1_000)
}

fn shipment(sender: &str, food: u32) -> NewShipment {
    NewShipment {
        sender: sender.parse().unwrap(),
        receiver: CITY.parse().unwrap(),
        goods: vec![Goods { commodity: FOOD.parse().unwrap(), quantity: food }],
        class: VehicleClass::Lorry10t,
        vehicles: 1,
        route: "阪和自動車道".to_owned(),
        departs_at: on(14),
        arrives_at: on(18),
        displaces: vec!["members/wakayama/needs/n-2".parse().unwrap()],
    }
}

/// Two shipments of Hyogo, one of Osaka; one need that nobody meets.
fn plan() -> NewPlan {
    NewPlan {
        proposed_by: "union headquarters".to_owned(),
        problem: "5d".repeat(32),
        budget: 1_000_000,
        objective: vec![ObjectiveValue { tier: 1, value: 200, bound: 190 }],
        approve_by: on(13),
        shipments: vec![shipment(MIKI, 9_000), shipment(MIKI, 6_000), shipment(OSAKA, 20_000)],
        unfilled: vec![Unfilled {
            need: "members/wakayama/needs/n-1".parse().unwrap(),
            quantity: 500,
            reason: UnfilledReason::DockFull,
            remedies: vec![Remedy { kind: RemedyKind::MoreDockLoad, at: CITY.to_owned(), quantity: 0 }],
        }],
        served: Vec::new(),
        burdens: Vec::new(),
        worth: Vec::new(),
        moves: Vec::new(),
        stranded: Vec::new(),
    }
}

async fn propose(drill: &Served, plan: NewPlan) -> Result<(), String> {
    propose_as(drill, "story", plan).await
}

async fn propose_as(drill: &Served, request_id: &str, plan: NewPlan) -> Result<(), String> {
    let actor = Actor("unauthenticated:story".to_owned());
    let submission = Submission::new(request_id.as_bytes().to_vec(), actor, Command::ProposePlan(plan));
    let field = "fields/disaster".parse().unwrap();
    drill.host.hub().submit(&field, submission).await.map(|_| ()).map_err(|error| error.to_string())
}

fn approve(sender: &str) -> v1::ApprovePlanRequest {
    v1::ApprovePlanRequest {
        name: "plans/p-1".to_owned(),
        sender: sender.to_owned(),
        approved_by: "Sato".to_owned(),
        ..Default::default()
    }
}

fn food(quantity: i64) -> Vec<v1::Goods> {
    vec![v1::Goods { commodity: FOOD.to_owned(), quantity, unit: "meal".to_owned() }]
}

fn name(number: u32) -> String {
    format!("plans/p-1/shipments/{number}")
}

fn dispatch(number: u32) -> v1::DispatchShipmentRequest {
    let (name, dispatched_by) = (name(number), "Sato".to_owned());
    v1::DispatchShipmentRequest { name, dispatched_by, ..Default::default() }
}

fn arrive(number: u32) -> v1::RecordArrivalRequest {
    let (name, reported_by) = (name(number), "Kii".to_owned());
    v1::RecordArrivalRequest { name, reported_by, ..Default::default() }
}

fn receive(number: u32, meals: i64) -> v1::ReceiveShipmentRequest {
    let (name, goods, received_by) = (name(number), food(meals), "Kii".to_owned());
    v1::ReceiveShipmentRequest { name, goods, received_by, ..Default::default() }
}

fn explain(number: u32) -> v1::ExplainDifferenceRequest {
    let (name, difference) = (name(number), Difference::Damaged.into());
    v1::ExplainDifferenceRequest { name, difference, note: "wet".to_owned(), ..Default::default() }
}

async fn stock(drill: &mut Served, depot: &str) -> (i64, i64) {
    let filter = format!("depot = \"{depot}\" AND commodity = \"{FOOD}\"");
    let list = v1::ListStocksRequest { parent: "members/-".to_owned(), filter, ..Default::default() };
    let stocks = drill.aid.list_stocks(list).await.unwrap().into_inner().stocks;
    (stocks[0].quantity, stocks[0].free_quantity)
}

async fn pending(drill: &mut Served) -> Vec<String> {
    let filter = "state = PROPOSED".to_owned();
    let list = v1::ListShipmentsRequest { filter, ..Default::default() };
    let waiting = drill.aid.list_shipments(list).await.unwrap().into_inner().shipments;
    waiting.into_iter().map(|shipment| shipment.name).collect()
}

/// The body of a page.
async fn page(drill: &Served, path: &str) -> String {
    let address = drill.host.local_addr();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipment_is_followed_from_the_plan_to_what_was_counted() {
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    propose(&drill, plan()).await.unwrap();
    let get = || v1::GetPlanRequest { name: "plans/p-1".to_owned() };
    let shown = drill.aid.get_plan(get()).await.unwrap().into_inner();
    assert_eq!((shown.shipment_count, shown.objective[0].gap_e6), (3, 50_000));
    assert_eq!(shown.unfilled[0].reason(), v1::unfilled::Reason::DockFull);
    assert_eq!(shown.unfilled[0].remedies[0].kind(), v1::unfilled::remedy::Kind::MoreDockLoad);
    assert_eq!(shown.unfilled[0].remedies[0].at, printed(CITY));
    assert_eq!(pending(&mut drill).await, [1, 2, 3].map(|number| printed(&name(number))));

    // Hyogo says yes to all of it; Osaka says no, and why.
    let (miki, free) = stock(&mut drill, MIKI).await;
    let approved = drill.aid.approve_plan(approve("members/hyogo")).await.unwrap().into_inner().shipments;
    assert_eq!(approved.iter().map(v1::Shipment::state).collect::<Vec<_>>(), [State::Approved; 2]);
    assert_eq!(approved[0].approved_by, "Sato");
    let decline = v1::DeclinePlanRequest {
        name: "plans/p-1".to_owned(),
        sender: "members/osaka".to_owned(),
        reason: DeclineReason::NeededAtHome.into(),
        ..Default::default()
    };
    let declined = drill.aid.decline_plan(decline).await.unwrap().into_inner().shipments;
    assert_eq!(declined[0].decline_reason(), DeclineReason::NeededAtHome);
    assert!(pending(&mut drill).await.is_empty());
    assert_eq!(stock(&mut drill, MIKI).await, (miki, free), "nothing has left yet");

    // One lorry leaves with a little less than planned.
    let less = v1::DispatchShipmentRequest { goods: food(8_900), ..dispatch(1) };
    let left = drill.aid.dispatch_shipment(less).await.unwrap().into_inner();
    assert_eq!((left.state(), left.dispatched[0].quantity), (State::Dispatched, 8_900));
    assert_eq!(stock(&mut drill, MIKI).await, (miki - 8_900, free - 8_900));
    drill.aid.record_arrival(arrive(1)).await.unwrap();
    let (city, _) = stock(&mut drill, CITY).await;
    let counted = drill.aid.receive_shipment(receive(1, 8_750)).await.unwrap().into_inner();
    assert_eq!(counted.state(), State::Differs);
    assert_eq!(stock(&mut drill, CITY).await.0, city + 8_750);
    let explained = drill.aid.explain_difference(explain(1)).await.unwrap().into_inner();
    assert_eq!((explained.state(), explained.difference()), (State::Explained, Difference::Damaged));

    // The other arrives whole.
    drill.aid.dispatch_shipment(dispatch(2)).await.unwrap();
    drill.aid.record_arrival(arrive(2)).await.unwrap();
    let whole = drill.aid.receive_shipment(receive(2, 6_000)).await.unwrap().into_inner();
    assert_eq!(whole.state(), State::Received);

    // What was said is there after a restart, on both sides.
    drill.host.stop().await;
    let mut drill = kansai(data.path()).await;
    let get_one = v1::GetShipmentRequest { name: name(1) };
    assert_eq!(drill.aid.get_shipment(get_one).await.unwrap().into_inner(), explained);
    let senders = drill.aid.get_plan(get()).await.unwrap().into_inner().senders;
    let shares: Vec<_> = senders.iter().map(|s| (s.approved_count, s.declined_count)).collect();
    assert_eq!(shares, [(2, 0), (0, 1)]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_happens_out_of_order() {
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    propose(&drill, plan()).await.unwrap();
    let out_of_order = "SHIPMENT_OUT_OF_ORDER";
    for number in [1, 3] {
        assert_eq!(reason_of(drill.aid.dispatch_shipment(dispatch(number)).await), out_of_order);
        assert_eq!(reason_of(drill.aid.record_arrival(arrive(number)).await), out_of_order);
        assert_eq!(reason_of(drill.aid.receive_shipment(receive(number, 1)).await), out_of_order);
        assert_eq!(reason_of(drill.aid.explain_difference(explain(number)).await), out_of_order);
    }
    let named = v1::ApprovePlanRequest { shipments: vec![name(1)], ..approve("members/hyogo") };
    let stamped = v1::ApprovePlanRequest { request_id: "yes-1".to_owned(), ..named.clone() };
    let first = drill.aid.approve_plan(stamped.clone()).await.unwrap().into_inner();
    assert_eq!(drill.aid.approve_plan(stamped).await.unwrap().into_inner(), first, "a retry");
    let no = v1::DeclinePlanRequest {
        name: "plans/p-1".to_owned(),
        sender: "members/hyogo".to_owned(),
        shipments: vec![name(1)],
        reason: DeclineReason::NoGoods.into(),
        ..Default::default()
    };
    let vague = v1::DeclinePlanRequest {
        shipments: vec![name(2)],
        reason: DeclineReason::OtherDecline.into(),
        ..no.clone()
    };
    assert_eq!(reason_of(drill.aid.decline_plan(vague).await), "FIELD_REQUIRED");
    // Nobody approves for another, nobody sends more than was planned or something else.
    let others = v1::ApprovePlanRequest { sender: "members/osaka".to_owned(), ..named };
    assert_eq!(reason_of(drill.aid.approve_plan(others).await), "WRONG_LEDGER");
    let more = v1::DispatchShipmentRequest { goods: food(9_001), ..dispatch(1) };
    assert_eq!(reason_of(drill.aid.dispatch_shipment(more).await), "FIELD_OUT_OF_RANGE");
    let water =
        vec![v1::Goods { commodity: "commodities/water".to_owned(), quantity: 1, ..Default::default() }];
    let else_ = v1::DispatchShipmentRequest { goods: water, ..dispatch(1) };
    assert_eq!(reason_of(drill.aid.dispatch_shipment(else_).await), "FIELD_NOT_ALLOWED");
    drill.aid.dispatch_shipment(dispatch(1)).await.unwrap();
    assert_eq!(reason_of(drill.aid.dispatch_shipment(dispatch(1)).await), out_of_order);
    assert_eq!(reason_of(drill.aid.decline_plan(no).await), out_of_order, "it has left");
    assert_eq!(reason_of(drill.aid.receive_shipment(receive(1, 1)).await), out_of_order);
    drill.aid.record_arrival(arrive(1)).await.unwrap();
    assert_eq!(reason_of(drill.aid.record_arrival(arrive(1)).await), out_of_order);
    assert_eq!(reason_of(drill.aid.explain_difference(explain(1)).await), out_of_order);
    let negative = drill.aid.receive_shipment(receive(1, -1)).await;
    assert_eq!(refused(negative).field.as_deref(), Some("goods[0].quantity"));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_approved_may_be_declined_until_it_leaves_and_the_newest_plan_counts() {
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    propose(&drill, plan()).await.unwrap();
    let one = v1::ApprovePlanRequest { shipments: vec![name(1)], ..approve("members/hyogo") };
    drill.aid.approve_plan(one.clone()).await.unwrap();
    let no = v1::DeclinePlanRequest {
        name: "plans/p-1".to_owned(),
        sender: "members/hyogo".to_owned(),
        shipments: vec![name(1)],
        reason: DeclineReason::RoadClosed.into(),
        ..Default::default()
    };
    let declined = drill.aid.decline_plan(no).await.unwrap().into_inner().shipments;
    assert_eq!(declined[0].state(), State::Declined);
    assert_eq!(reason_of(drill.aid.dispatch_shipment(dispatch(1)).await), "SHIPMENT_OUT_OF_ORDER");
    assert_eq!(reason_of(drill.aid.approve_plan(one).await), "SHIPMENT_OUT_OF_ORDER");
    // What was promised may be promised again: all 40,017 meals that may go from Miki.
    // Without names that is all that was not declined.
    let rest = drill.aid.approve_plan(approve("members/hyogo")).await.unwrap().into_inner().shipments;
    assert_eq!(rest.iter().map(|shipment| &shipment.name[..]).collect::<Vec<_>>(), [printed(&name(2))]);
    let shipments = vec![shipment(MIKI, 34_017), shipment(OSAKA, 1)];
    propose_as(&drill, "again", NewPlan { shipments, ..plan() }).await.unwrap();

    // What nobody answered of the first plan has lapsed; what was approved stays.
    assert_eq!(reason_of(drill.aid.approve_plan(approve("members/osaka")).await), "PLAN_SUPERSEDED");
    let first = v1::GetPlanRequest { name: "plans/p-1".to_owned() };
    let first = drill.aid.get_plan(first).await.unwrap().into_inner();
    assert_eq!(first.newer_plan, printed("plans/p-2"));
    let shares: Vec<_> =
        first.senders.iter().map(|s| (s.approved_count, s.declined_count, s.lapsed_count)).collect();
    assert_eq!(shares, [(1, 1, 0), (0, 0, 1)]);
    let second = v1::ApprovePlanRequest { name: "plans/p-2".to_owned(), ..approve("members/hyogo") };
    let approved = drill.aid.approve_plan(second).await.unwrap().into_inner().shipments;
    assert_eq!(approved[0].displaced_needs, [printed("members/wakayama/needs/n-2")]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_promises_what_others_bring_it_and_sends_it_on_when_it_has_come() {
    const BASE: &str = "members/wakayama/depots/depot-big-whale";
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    let (_, free) = stock(&mut drill, BASE).await;
    let there = u32::try_from(free).unwrap();
    let to_base = NewShipment { receiver: BASE.parse().unwrap(), ..shipment(MIKI, 9_000) };
    let onward = NewShipment { departs_at: on(20), arrives_at: on(21), ..shipment(BASE, there + 9_000) };
    propose(&drill, NewPlan { shipments: vec![to_base, onward], ..plan() }).await.unwrap();
    drill.aid.approve_plan(approve("members/wakayama")).await.unwrap();
    let early = refused(drill.aid.dispatch_shipment(dispatch(2)).await);
    assert_eq!(early.reason, "STOCK_SHORT", "promised, and not there yet");
    drill.aid.approve_plan(approve("members/hyogo")).await.unwrap();
    drill.aid.dispatch_shipment(dispatch(1)).await.unwrap();
    drill.aid.record_arrival(arrive(1)).await.unwrap();
    drill.aid.receive_shipment(receive(1, 9_000)).await.unwrap();
    let left = drill.aid.dispatch_shipment(dispatch(2)).await.unwrap().into_inner();
    assert_eq!(left.state(), State::Dispatched);
    drill.host.stop().await;
}

/// More than the city has itself.
fn hungry_city() -> v1::StateNeedsRequest {
    let need = v1::Need {
        municipality: 30_201,
        commodity: FOOD.to_owned(),
        quantity: 900_000,
        priority: 1,
        want_time: Some(at(22, 0)),
        source: v1::need::Source::Report.into(),
        reporter: "city desk".to_owned(),
        ..Default::default()
    };
    v1::StateNeedsRequest { parent: "members/wakayama".to_owned(), needs: vec![need], ..Default::default() }
}

fn again(request_id: &str) -> v1::ProposePlanRequest {
    v1::ProposePlanRequest {
        proposed_by: "Tanaka".to_owned(),
        rounds: 1,
        request_id: request_id.to_owned(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_loads_on_their_way_to_one_base_are_planned_with_together() {
    const BASE: &str = "members/wakayama/depots/depot-big-whale";
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    let to_base = || NewShipment { receiver: BASE.parse().unwrap(), ..shipment(MIKI, 9_000) };
    propose(&drill, NewPlan { shipments: vec![to_base(), to_base()], ..plan() }).await.unwrap();
    drill.aid.approve_plan(approve("members/hyogo")).await.unwrap();
    drill.aid.dispatch_shipment(dispatch(1)).await.unwrap();
    drill.aid.dispatch_shipment(dispatch(2)).await.unwrap();
    drill.aid.state_needs(hungry_city()).await.unwrap();
    let run = planned(&mut drill, again("second")).await;
    assert_eq!(run.state(), v1::plan_run::State::Proposed);
    let ask = v1::GetPlanProblemRequest { name: "plans/p-2".to_owned() };
    let stored = drill.aid.get_plan_problem(ask).await.unwrap().into_inner().document;
    let problem = ProblemDocument::read(&stored).unwrap().problem;
    let coming = problem.stocks.iter().filter(|stock| stock.available_from.0 > 0);
    assert_eq!(coming.map(|stock| stock.units * 50).collect::<Vec<_>>(), [18_000]);
    // Out from 14 to 18 o'clock, 40 minutes of unloading, and four hours back: two vehicles in the periods from noon on.
    let out: Vec<u64> = problem.busy.iter().map(|busy| busy.vehicle_s).collect();
    assert_eq!(out.iter().sum::<u64>(), 2 * (8 * 3_600 + 40 * 60));
    assert!(problem.busy.iter().all(|busy| busy.driver_s == busy.vehicle_s), "{:?}", problem.busy);

    let late = v1::ProposePlanRequest { approve_by_time: Some(at(8, 0)), ..again("late") };
    assert_eq!(reason_of(drill.aid.propose_plan(late).await), "FIELD_TOO_EARLY");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_plan_keeps_what_goes_through_a_base_and_names_what_lost_its_way() {
    const BASE: &str = "members/wakayama/depots/depot-big-whale";
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    let (_, free) = stock(&mut drill, BASE).await;
    // In whole cartons of 50.
    let there = u32::try_from(free).unwrap() / 50 * 50;
    let to_base = NewShipment { receiver: BASE.parse().unwrap(), ..shipment(MIKI, 9_000) };
    let lorries = (there + 9_000).div_ceil(30_000);
    let onward = NewShipment {
        departs_at: on(20),
        arrives_at: on(21),
        vehicles: u16::try_from(lorries).unwrap(),
        ..shipment(BASE, there + 9_000)
    };
    propose(&drill, NewPlan { shipments: vec![to_base, onward], ..plan() }).await.unwrap();
    drill.aid.approve_plan(approve("members/wakayama")).await.unwrap();
    drill.aid.approve_plan(approve("members/hyogo")).await.unwrap();
    drill.aid.state_needs(hungry_city()).await.unwrap();

    planned(&mut drill, again("second")).await;
    let ask = v1::GetPlanProblemRequest { name: "plans/p-2".to_owned() };
    let stored = drill.aid.get_plan_problem(ask).await.unwrap().into_inner().document;
    let problem = ProblemDocument::read(&stored).unwrap().problem;
    let carried = |to_base: bool| -> u32 {
        let of = problem.frozen.iter().filter(|shipment| matches!(shipment.to, Stop::Site(_)) == to_base);
        of.map(|shipment| shipment.vehicles * shipment.lines.iter().map(|line| line.units).sum::<u32>()).sum()
    };
    assert_eq!(carried(true) * 50, 9_000);
    assert_eq!(carried(false) * 50, there + 9_000, "what lies there, and what is brought there");
    let plan_2 = v1::GetPlanRequest { name: "plans/p-2".to_owned() };
    let plan_2 = drill.aid.get_plan(plan_2).await.unwrap().into_inner();
    assert_eq!(plan_2.stranded_shipments, Vec::<String>::new());

    // Miki is lost: what it had promised cannot come.
    let lost = v1::ReportDepotRequest {
        name: MIKI.to_owned(),
        state: v1::depot::State::Lost.into(),
        ..Default::default()
    };
    drill.aid.report_depot(lost).await.unwrap();
    planned(&mut drill, again("third")).await;
    let plan_3 = v1::GetPlanRequest { name: "plans/p-3".to_owned() };
    let plan_3 = drill.aid.get_plan(plan_3).await.unwrap().into_inner();
    assert_eq!(plan_3.stranded_shipments, [printed(&name(1))]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_approves_more_than_may_go_or_too_late() {
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    // 40,017 meals may go from Miki; the rest is its reserve.
    let shipments = vec![shipment(MIKI, 30_000), shipment(MIKI, 10_018), shipment(OSAKA, 1)];
    propose(&drill, NewPlan { shipments, ..plan() }).await.unwrap();
    let short = refused(drill.aid.approve_plan(approve("members/hyogo")).await);
    assert_eq!(short.reason, "STOCK_SHORT");
    assert_eq!((short.metadata["wanted"].as_str(), short.metadata["free"].as_str()), ("40018", "40017"));
    let one = |number| v1::ApprovePlanRequest { shipments: vec![name(number)], ..approve("members/hyogo") };
    drill.aid.approve_plan(one(1)).await.unwrap();
    // What was promised is not promised twice, until the owner opens its reserve.
    let short = refused(drill.aid.approve_plan(one(2)).await);
    assert_eq!((short.reason.as_str(), short.metadata["free"].as_str()), ("STOCK_SHORT", "10017"));
    let open = v1::OpenReserveRequest {
        depot: MIKI.to_owned(),
        commodity: FOOD.to_owned(),
        opened_by: "governor".to_owned(),
        ..Default::default()
    };
    drill.aid.open_reserve(open).await.unwrap();
    drill.aid.approve_plan(one(2)).await.unwrap();
    // From nine to one o'clock nobody said anything for Osaka.
    drill.advance(5 * 3_600).await;
    assert_eq!(reason_of(drill.aid.approve_plan(approve("members/osaka")).await), "APPROVAL_TOO_LATE");
    let get = v1::GetShipmentRequest { name: name(3) };
    assert_eq!(drill.aid.get_shipment(get).await.unwrap().into_inner().state(), State::Lapsed);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_cannot_be_is_refused() {
    let data = laid_out().await;
    let drill = kansai(data.path()).await;
    let one = |change: fn(&mut NewShipment)| {
        let mut shipment = shipment(MIKI, 1);
        change(&mut shipment);
        NewPlan { shipments: vec![shipment], ..plan() }
    };
    let cases = [
        (NewPlan { problem: "x".to_owned(), ..plan() }, "problem"),
        (NewPlan { approve_by: on(1), ..plan() }, "approve_by_time"),
        (NewPlan { proposed_by: String::new(), ..plan() }, "proposed_by"),
        (one(|shipment| shipment.receiver = shipment.sender.clone()), "shipments[0].receiver"),
        (one(|shipment| shipment.goods.clear()), "shipments[0].goods"),
        (one(|shipment| shipment.goods[0].quantity = 0), "shipments[0].goods.quantity"),
        (one(|shipment| shipment.vehicles = 0), "shipments[0].vehicles"),
        (one(|shipment| shipment.arrives_at = shipment.departs_at), "shipments[0].arrive_time"),
        (one(|shipment| shipment.goods[0].commodity = "commodities/gold".parse().unwrap()), "commodity"),
    ];
    for (wrong, named) in cases {
        let said = propose(&drill, wrong).await.unwrap_err();
        assert!(said.starts_with(named), "{said}");
    }
    assert!(drill.host.hub().view().plans().next().is_none(), "nothing was taken");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sheets_travel_with_the_goods_in_both_languages() {
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    propose(&drill, plan()).await.unwrap();
    let packing = page(&drill, "/shipments/p-1/1/packing?lang=en").await;
    // 9,000 meals of 300 g, 50 in a carton.
    for text in
        ["Packing sheet p-1/1", "Food", "9000", ">180<", "2700", "Miki Disaster Management Park", "DRILL"]
    {
        assert!(packing.contains(text), "{text}: {packing}");
    }
    assert!(!packing.contains("<script"), "made for paper");
    drill.aid.approve_plan(approve("members/hyogo")).await.unwrap();
    drill.aid.dispatch_shipment(dispatch(1)).await.unwrap();
    let handover = page(&drill, "/shipments/p-1/1/handover?lang=ja").await;
    for text in ["物資受渡書", "食料", "輸送中", "受け手 署名", "2026-12-05 18:00 JST", "訓練"]
    {
        assert!(handover.contains(text), "{text}: {handover}");
    }
    for path in ["/shipments/p-1/9/packing", "/shipments/p-2/1/handover", "/shipments/P/x/packing"] {
        assert!(page(&drill, path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    assert!(page(&drill, "/sheet.css").await.contains("@media print"));
    drill.host.stop().await;
}
