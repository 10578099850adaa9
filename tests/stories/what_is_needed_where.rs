//! Needs are stated by those who have them, found when stated twice, corrected, summed up; stocks are counted and opened.

use crate::common::{Served, at, drill, kansai, laid_out, place, printed, reason_of, refused, seconds};
use tonic::Code;
use yui::api::v1;

const WAKAYAMA: &str = "members/wakayama";
const WAKAYAMA_CITY: u32 = 30_201;
const KOBE: u32 = 28_100;
const KOBE_HIGASHINADA: u32 = 28_101;
const MIKI: &str = "members/hyogo/depots/depot-miki";

fn need(municipality: u32, commodity: &str, quantity: i64) -> v1::Need {
    v1::Need {
        municipality,
        commodity: format!("commodities/{commodity}"),
        quantity,
        priority: 1,
        want_time: Some(at(22, 0)),
        source: v1::need::Source::Report.into(),
        reporter: "city desk".to_owned(),
        ..Default::default()
    }
}

fn state(member: &str, needs: Vec<v1::Need>) -> v1::StateNeedsRequest {
    v1::StateNeedsRequest { parent: member.to_owned(), needs, ..Default::default() }
}

fn list(filter: &str) -> v1::ListNeedsRequest {
    v1::ListNeedsRequest {
        parent: "members/-".to_owned(),
        filter: filter.to_owned(),
        page_size: 1_000,
        ..Default::default()
    }
}

async fn stated(drill: &mut Served, member: &str, needs: Vec<v1::Need>) -> Vec<v1::Need> {
    drill.aid.state_needs(state(member, needs)).await.unwrap().into_inner().needs
}

async fn listed(drill: &mut Served, filter: &str) -> Vec<v1::Need> {
    drill.aid.list_needs(list(filter)).await.unwrap().into_inner().needs
}

/// What a need may be stated twice with, and why.
fn twins(need: &v1::Need) -> Vec<(&str, v1::need::duplicate::Reason)> {
    need.duplicates.iter().map(|other| (other.need.as_str(), other.reason())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drill_has_goods_in_depots_and_lorries_beside_them() {
    let (mut drill, _data) = drill().await;
    let all = v1::ListCommoditiesRequest::default();
    let goods = drill.aid.list_commodities(all).await.unwrap().into_inner().commodities;
    let kinds = |kind| goods.iter().filter(|goods| goods.kind() == kind).count();
    use v1::commodity::Kind::{Goods, Place, Team};
    assert_eq!((kinds(Goods), kinds(Team), kinds(Place)), (12, 2, 1));
    let water = goods.iter().find(|goods| goods.name == printed("commodities/water")).unwrap();
    assert_eq!((water.unit.as_str(), water.mass_g, water.objective_tier), ("litre", 1_060, 1));
    let miki = v1::GetDepotRequest { name: MIKI.to_owned() };
    let miki = drill.aid.get_depot(miki).await.unwrap().into_inner();
    assert_eq!((miki.tier(), miki.state()), (v1::depot::Tier::Tier0, v1::depot::State::Open));
    let of_miki = |filter: &str| format!("depot = \"{MIKI}\"{filter}");
    let stocks = v1::ListStocksRequest {
        parent: "members/hyogo".to_owned(),
        filter: of_miki(" AND commodity = \"commodities/food\""),
        ..Default::default()
    };
    let stocks = drill.aid.list_stocks(stocks).await.unwrap().into_inner().stocks;
    assert_eq!(stocks.len(), 1);
    assert_eq!((stocks[0].quantity, stocks[0].reserve, stocks[0].free_quantity), (57_166, 17_149, 40_017));
    let fleets = v1::ListFleetsRequest {
        parent: "members/-".to_owned(),
        filter: of_miki(" AND vehicle_class = VEHICLE_CLASS_LORRY_10T"),
        ..Default::default()
    };
    assert_eq!(drill.aid.list_fleets(fleets).await.unwrap().into_inner().fleets.len(), 1);
    let shelters = v1::ListDepotsRequest {
        parent: "members/-".to_owned(),
        filter: "tier = TIER_2".to_owned(),
        page_size: 1_000,
        ..Default::default()
    };
    assert!(drill.aid.list_depots(shelters).await.unwrap().into_inner().depots.len() >= 241);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn needs_are_stated_corrected_and_withdrawn_and_survive_a_restart() {
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    let needs = vec![
        need(WAKAYAMA_CITY, "food", 12_000),
        v1::Need { daily_until_time: Some(at(24 * 3, 0)), ..need(WAKAYAMA_CITY, "water", 30_000) },
    ];
    let needs = stated(&mut drill, WAKAYAMA, needs).await;
    let names: Vec<&str> = needs.iter().map(|need| need.name.as_str()).collect();
    assert_eq!(names, [printed("members/wakayama/needs/n-1"), printed("members/wakayama/needs/n-2")]);
    assert_eq!((needs[0].unit.as_str(), needs[0].state()), ("meal", v1::need::State::Standing));

    let correct = v1::CorrectNeedRequest {
        name: names[0].to_owned(),
        quantity: Some(15_000),
        note: "two more shelters".to_owned(),
        ..Default::default()
    };
    let corrected = drill.aid.correct_need(correct).await.unwrap().into_inner();
    assert_eq!(corrected.quantity, 15_000);
    assert_eq!((corrected.history.len(), corrected.history[0].quantity), (1, 12_000));
    assert_eq!(corrected.history[0].note, "two more shelters");

    let withdraw = v1::WithdrawNeedRequest { name: names[1].to_owned(), ..Default::default() };
    let withdrawn = drill.aid.withdraw_need(withdraw).await.unwrap().into_inner();
    assert_eq!(withdrawn.state(), v1::need::State::Withdrawn);
    let again = v1::CorrectNeedRequest { name: names[1].to_owned(), quantity: Some(1), ..Default::default() };
    assert_eq!(reason_of(drill.aid.correct_need(again).await), "NEED_WITHDRAWN");

    let before = listed(&mut drill, "").await;
    drill.host.stop().await;
    let mut drill = kansai(data.path()).await;
    assert_eq!(listed(&mut drill, "").await, before);
    assert_eq!(listed(&mut drill, "state = STANDING").await.len(), 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_reporters_state_is_shown_at_both_and_nothing_is_dropped() {
    let (mut drill, _data) = drill().await;
    let one = stated(&mut drill, WAKAYAMA, vec![need(WAKAYAMA_CITY, "food", 12_000)]).await;
    let prefecture = v1::Need {
        reporter: "prefectural headquarters".to_owned(),
        want_time: Some(at(20, 0)),
        ..need(WAKAYAMA_CITY, "food", 9_000)
    };
    let other = stated(&mut drill, WAKAYAMA, vec![prefecture.clone()]).await;
    use v1::need::duplicate::Reason::OtherReporter;
    assert_eq!(twins(&other[0]), [(one[0].name.as_str(), OtherReporter)]);
    // Another commodity, another day, the same reporter: nothing is stated twice.
    let later = v1::Need { want_time: Some(at(24 + 22, 0)), ..prefecture };
    stated(&mut drill, WAKAYAMA, vec![later, need(WAKAYAMA_CITY, "water", 9)]).await;
    let twice = listed(&mut drill, "duplicate = true").await;
    let names: Vec<&str> = twice.iter().map(|need| need.name.as_str()).collect();
    assert_eq!(names, [&one[0].name, &other[0].name]);
    assert_eq!(twins(&twice[0]), [(other[0].name.as_str(), OtherReporter)]);
    let withdraw = v1::WithdrawNeedRequest { name: one[0].name.clone(), ..Default::default() };
    drill.aid.withdraw_need(withdraw).await.unwrap();
    assert!(listed(&mut drill, "duplicate = true").await.is_empty());
    // A list that is sent again under another name of the request.
    let again = stated(&mut drill, WAKAYAMA, vec![need(WAKAYAMA_CITY, "water", 9)]).await;
    use v1::need::duplicate::Reason::SameReporter;
    assert_eq!(twins(&again[0]).iter().map(|(_, why)| *why).collect::<Vec<_>>(), [SameReporter]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_drill_down_from_the_union_to_the_receiving_point() {
    let (mut drill, _data) = drill().await;
    let point = v1::Need {
        municipality: 0,
        depot: "members/wakayama/depots/rp-wakayama".to_owned(),
        ..need(0, "food", 500)
    };
    let needs = vec![need(WAKAYAMA_CITY, "food", 12_000), need(30_206, "food", 3_000), point];
    stated(&mut drill, WAKAYAMA, needs).await;
    let daily = v1::Need { daily_until_time: Some(at(72, 0)), ..need(KOBE, "food", 700) };
    stated(&mut drill, "members/hyogo", vec![daily]).await;
    let sum = |member: &str, municipality: u32| v1::SumNeedsRequest {
        member: member.to_owned(),
        municipality,
        commodity: "commodities/food".to_owned(),
    };
    let union = drill.aid.sum_needs(sum("", 0)).await.unwrap().into_inner().totals;
    let rows: Vec<_> =
        union.iter().map(|row| (row.member.as_str(), row.quantity, row.daily_quantity)).collect();
    assert_eq!(rows, [(printed("members/hyogo").as_str(), 0, 700), (printed(WAKAYAMA).as_str(), 15_500, 0)]);
    // A meal weighs 300 g.
    assert_eq!((union[1].mass_kg, union[1].need_count), (4_650, 3));
    let member = drill.aid.sum_needs(sum(WAKAYAMA, 0)).await.unwrap().into_inner().totals;
    let rows: Vec<_> = member.iter().map(|row| (row.municipality, row.quantity)).collect();
    assert_eq!(rows, [(WAKAYAMA_CITY, 12_500), (30_206, 3_000)]);
    let city = drill.aid.sum_needs(sum(WAKAYAMA, WAKAYAMA_CITY)).await.unwrap().into_inner().totals;
    let rows: Vec<_> = city.iter().map(|row| (row.depot.as_str(), row.quantity)).collect();
    assert_eq!(rows, [("", 12_000), (printed("members/wakayama/depots/rp-wakayama").as_str(), 500)]);
    assert_eq!(reason_of(drill.aid.sum_needs(sum("", KOBE)).await), "FIELD_REQUIRED");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_one_wrong_need_changes_nothing_and_says_which() {
    let (mut drill, _data) = drill().await;
    let good = || need(WAKAYAMA_CITY, "food", 10);
    let of_miki = v1::Need { municipality: 0, depot: MIKI.to_owned(), ..good() };
    let elsewhere = v1::Need { depot: "members/wakayama/depots/depot-nowhere".to_owned(), ..good() };
    let cases = [
        (v1::Need { quantity: -5, ..good() }, "FIELD_OUT_OF_RANGE", "needs[1].quantity"),
        (v1::Need { quantity: 0, ..good() }, "FIELD_OUT_OF_RANGE", "needs[1].quantity"),
        (v1::Need { quantity: i64::MAX, ..good() }, "FIELD_OUT_OF_RANGE", "needs[1].quantity"),
        (v1::Need { unit: "kg".to_owned(), ..good() }, "UNIT_UNKNOWN", "needs[1].unit"),
        (v1::Need { priority: 6, ..good() }, "FIELD_OUT_OF_RANGE", "needs[1].priority"),
        (v1::Need { want_time: Some(at(1, 0)), ..good() }, "FIELD_TOO_EARLY", "needs[1].want_time"),
        (v1::Need { want_time: None, ..good() }, "FIELD_REQUIRED", "needs[1].want_time"),
        (v1::Need { want_time: Some(at(24 * 400, 0)), ..good() }, "FIELD_TOO_LATE", "needs[1].want_time"),
        (
            v1::Need { daily_until_time: Some(at(21, 0)), ..good() },
            "FIELD_EMPTY_WINDOW",
            "needs[1].daily_until_time",
        ),
        (v1::Need { municipality: 30_999, ..good() }, "MUNICIPALITY_UNKNOWN", "needs[1].municipality"),
        (v1::Need { municipality: 0, ..good() }, "FIELD_REQUIRED", "needs[1].municipality"),
        (v1::Need { reporter: " ".to_owned(), ..good() }, "FIELD_REQUIRED", "needs[1].reporter"),
        (v1::Need { source: 99, ..good() }, "ENUM_UNKNOWN", "needs[1].source"),
    ];
    for (wrong, reason, field) in cases {
        let answer = refused(drill.aid.state_needs(state(WAKAYAMA, vec![good(), wrong])).await);
        assert_eq!((answer.reason.as_str(), answer.field.as_deref()), (reason, Some(field)));
        assert_eq!(answer.code, Code::InvalidArgument);
    }
    let unknown = v1::Need { commodity: "commodities/gold".to_owned(), ..good() };
    for (wrong, reason) in [(unknown, "NOT_FOUND"), (of_miki, "WRONG_LEDGER"), (elsewhere, "NOT_FOUND")] {
        assert_eq!(reason_of(drill.aid.state_needs(state(WAKAYAMA, vec![good(), wrong])).await), reason);
    }
    let many = state(WAKAYAMA, vec![good(); 4_097]);
    assert_eq!(reason_of(drill.aid.state_needs(many).await), "FIELD_TOO_LONG");
    assert_eq!(reason_of(drill.aid.state_needs(state(WAKAYAMA, vec![])).await), "FIELD_REQUIRED");
    assert!(listed(&mut drill, "").await.is_empty(), "nothing was taken");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_needed_every_day_is_prolonged_after_its_first_day() {
    let (mut drill, _data) = drill().await;
    let daily = v1::Need { daily_until_time: Some(at(3 * 24, 0)), ..need(WAKAYAMA_CITY, "food", 12_000) };
    let name = stated(&mut drill, WAKAYAMA, vec![daily]).await.remove(0).name;
    let next_day = v1::SetClockRequest { now_time: Some(at(24 + 23, 0)) };
    drill.clock.set_clock(next_day).await.unwrap();
    let until = |hour| v1::CorrectNeedRequest {
        name: name.clone(),
        daily_until_time: Some(at(hour, 0)),
        ..Default::default()
    };
    let longer = drill.aid.correct_need(until(7 * 24)).await.unwrap().into_inner();
    assert_eq!(longer.daily_until_time, Some(at(7 * 24, 0)));
    assert_eq!(reason_of(drill.aid.correct_need(until(24)).await), "FIELD_TOO_EARLY");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ward_and_its_city_are_not_both_counted() {
    let (mut drill, _data) = drill().await;
    let hyogo = "members/hyogo";
    let both = vec![need(KOBE_HIGASHINADA, "water", 5), need(KOBE, "water", 9)];
    let answer = refused(drill.aid.state_needs(state(hyogo, both)).await);
    assert_eq!(answer.reason, "WARD_AND_CITY");
    assert_eq!((answer.metadata["ward"].as_str(), answer.metadata["city"].as_str()), ("28101", "28100"));
    assert_eq!(answer.field.as_deref(), Some("needs[1].municipality"));
    let city = stated(&mut drill, hyogo, vec![need(KOBE, "water", 9)]).await;
    let ward = || state(hyogo, vec![need(KOBE_HIGASHINADA, "water", 5)]);
    assert_eq!(reason_of(drill.aid.state_needs(ward()).await), "WARD_AND_CITY");
    // Of another commodity the ward may speak for itself, and of this one when the city's is withdrawn.
    stated(&mut drill, hyogo, vec![need(KOBE_HIGASHINADA, "food", 5)]).await;
    let withdraw = v1::WithdrawNeedRequest { name: city[0].name.clone(), ..Default::default() };
    drill.aid.withdraw_need(withdraw).await.unwrap();
    drill.aid.state_needs(ward()).await.unwrap();
    // The city keeps a ledger of its own: there both stand, and both are shown.
    let other = stated(&mut drill, "members/kobe-city", vec![need(KOBE, "water", 9)]).await;
    assert_eq!(other[0].duplicates.len(), 1);
    assert_eq!(twins(&other[0])[0].1, v1::need::duplicate::Reason::WardAndCity);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shelter_and_its_municipality_are_both_counted_and_shown_to_be() {
    use v1::need::duplicate::Reason::{OtherReporter, PlaceAndMunicipality};
    let (mut drill, _data) = drill().await;
    let open = |id: &str, municipality: u32| v1::CreateDepotRequest {
        parent: "members/hyogo".to_owned(),
        depot_id: id.to_owned(),
        depot: Some(v1::Depot {
            display_name: Some(v1::DisplayName { ja: "小学校".to_owned(), en: "A school".to_owned() }),
            tier: v1::depot::Tier::Shelter.into(),
            position: place((34.72, 135.27)),
            municipality,
            lorries_per_hour: 1,
            ..Default::default()
        }),
        ..Default::default()
    };
    for (id, municipality) in [("school", KOBE_HIGASHINADA), ("hall", KOBE_HIGASHINADA)] {
        drill.aid.create_depot(open(id, municipality)).await.unwrap();
    }
    let at_depot = |id: &str, quantity: i64| v1::Need {
        depot: format!("members/hyogo/depots/{id}"),
        ..need(0, "food", quantity)
    };
    let hyogo = "members/hyogo";
    let city = stated(&mut drill, hyogo, vec![need(KOBE, "food", 9_000)]).await;
    // Two shelters are two places; each may be among the city's people, though one desk says both.
    let shelters = stated(&mut drill, hyogo, vec![at_depot("school", 300), at_depot("hall", 200)]).await;
    for shelter in &shelters {
        assert_eq!(twins(shelter), [(city[0].name.as_str(), PlaceAndMunicipality)]);
    }
    // Another day, another commodity: nothing is counted twice.
    let later = v1::Need { want_time: Some(at(24 + 22, 0)), ..at_depot("school", 300) };
    let water = v1::Need { commodity: "commodities/water".to_owned(), ..at_depot("school", 300) };
    for other in stated(&mut drill, hyogo, vec![later, water]).await {
        assert_eq!(twins(&other), [], "{other:?}");
    }
    // A second reporter at the school: two reasons, each counted.
    let teacher = v1::Need { reporter: "teacher".to_owned(), ..at_depot("school", 310) };
    let teacher = stated(&mut drill, hyogo, vec![teacher]).await;
    let mut both =
        [(city[0].name.as_str(), PlaceAndMunicipality), (shelters[0].name.as_str(), OtherReporter)];
    both.sort_unstable();
    assert_eq!(twins(&teacher[0]), both);
    let food = v1::SumNeedsRequest { commodity: "commodities/food".to_owned(), ..Default::default() };
    let total = drill.aid.sum_needs(food).await.unwrap().into_inner().totals.remove(0);
    assert_eq!((total.quantity, total.duplicate_count), (9_000 + 300 + 200 + 310 + 300, 4));
    let counts: Vec<_> = total.duplicate_counts.iter().map(|of| (of.reason(), of.need_count)).collect();
    assert_eq!(counts, [(OtherReporter, 2), (PlaceAndMunicipality, 4)]);
    let shown = drill.done("need totals --commodity food");
    assert!(shown.contains("4 (another reporter 2, place and municipality 4)"), "{shown}");
    let shown = drill.done("need list --member hyogo --duplicates");
    assert!(shown.contains("hyogo/n-1 (place and municipality)"), "{shown}");
    // The city takes its figure back: the shelters stand alone.
    let withdraw = v1::WithdrawNeedRequest { name: city[0].name.clone(), ..Default::default() };
    drill.aid.withdraw_need(withdraw).await.unwrap();
    assert_eq!(listed(&mut drill, "duplicate = true").await.len(), 2);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stocks_are_counted_anew_and_a_reserve_opens_by_its_owners_word_alone() {
    let (mut drill, _data) = drill().await;
    let count = |quantity: i64| v1::CountStockRequest {
        depot: MIKI.to_owned(),
        commodity: "commodities/food".to_owned(),
        quantity,
        unit: "meal".to_owned(),
        counted_by: "Sato".to_owned(),
        ..Default::default()
    };
    let counted = drill.aid.count_stock(count(50_000)).await.unwrap().into_inner();
    assert_eq!((counted.quantity, counted.reserve, counted.free_quantity), (50_000, 17_149, 32_851));
    assert_eq!(counted.counts.len(), 2, "what was counted before is kept");
    let open = v1::OpenReserveRequest {
        depot: MIKI.to_owned(),
        commodity: "commodities/food".to_owned(),
        opened_by: "governor".to_owned(),
        ..Default::default()
    };
    let nobody = v1::OpenReserveRequest { opened_by: String::new(), ..open.clone() };
    assert_eq!(reason_of(drill.aid.open_reserve(nobody).await), "FIELD_REQUIRED");
    let opened = drill.aid.open_reserve(open).await.unwrap().into_inner();
    assert!(opened.reserve_open && opened.free_quantity == 50_000 && opened.reserve_opened_by == "governor");
    let close = v1::CloseReserveRequest {
        depot: MIKI.to_owned(),
        commodity: "commodities/food".to_owned(),
        ..Default::default()
    };
    let closed = drill.aid.close_reserve(close).await.unwrap().into_inner();
    assert!(!closed.reserve_open && closed.free_quantity == 32_851);

    let kilograms = v1::CountStockRequest { unit: "kg".to_owned(), ..count(1) };
    assert_eq!(reason_of(drill.aid.count_stock(kilograms).await), "UNIT_UNKNOWN");
    let early = v1::CountStockRequest { count_time: Some(at(1, 0)), ..count(1) };
    let early = refused(drill.aid.count_stock(early).await);
    assert_eq!((early.reason.as_str(), early.field.as_deref()), ("FIELD_TOO_EARLY", Some("count_time")));
    let nowhere = v1::CountStockRequest { depot: "members/hyogo/depots/x".to_owned(), ..count(1) };
    assert_eq!(reason_of(drill.aid.count_stock(nowhere).await), "NOT_FOUND");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commodity_without_mass_is_refused() {
    let (mut drill, _data) = drill().await;
    let tents = v1::Commodity {
        display_name: Some(v1::DisplayName { ja: "テント".to_owned(), en: "Tent".to_owned() }),
        unit: "piece".to_owned(),
        mass_g: 20_000,
        volume_cm3: 80_000,
        objective_tier: 2,
        ..Default::default()
    };
    let create = |commodity: v1::Commodity| v1::CreateCommodityRequest {
        commodity_id: "tent".to_owned(),
        commodity: Some(commodity),
        ..Default::default()
    };
    let light = v1::Commodity { mass_g: 0, ..tents.clone() };
    let answer = refused(drill.aid.create_commodity(create(light)).await);
    assert_eq!(
        (answer.reason.as_str(), answer.field.as_deref()),
        ("FIELD_REQUIRED", Some("commodity.mass_g"))
    );
    drill.aid.create_commodity(create(tents.clone())).await.unwrap();
    assert_eq!(reason_of(drill.aid.create_commodity(create(tents)).await), "ALREADY_EXISTS");
    stated(&mut drill, WAKAYAMA, vec![need(WAKAYAMA_CITY, "tent", 40)]).await;
    let advance = v1::AdvanceClockRequest { step: Some(seconds(24 * 3_600)) };
    drill.clock.advance_clock(advance).await.unwrap();
    assert_eq!(listed(&mut drill, "state = OVERDUE").await.len(), 1, "nobody forgets what was not met");
    drill.host.stop().await;
}
