//! Nobody has reported yet: what people need is worked out from how many of them there are, looked at, and stated.

use crate::common::{Served, at, drill, live, printed, reason_of, refused};
use std::collections::BTreeMap;
use std::fmt::Write;
use v1::people_count::Kind;
use yui::api::v1;

const WAKAYAMA: &str = "members/wakayama";
const WAKAYAMA_CITY: u32 = 30_201;

fn people(municipality: u32, groups: &[(Kind, i64)]) -> v1::PeopleCount {
    let group = |&(kind, people): &(Kind, i64)| v1::people_count::Group { kind: kind.into(), people };
    v1::PeopleCount { municipality, depot: String::new(), groups: groups.iter().map(group).collect() }
}

fn three_days(people: Vec<v1::PeopleCount>) -> v1::EstimateNeedsRequest {
    v1::EstimateNeedsRequest { people, day: 1, day_count: 3, want_time: Some(at(33, 0)) }
}

async fn estimated(drill: &mut Served, call: v1::EstimateNeedsRequest) -> Vec<v1::Need> {
    drill.aid.estimate_needs(call).await.unwrap().into_inner().needs
}

fn of<'n>(needs: &'n [v1::Need], commodity: &str) -> &'n v1::Need {
    let name = printed(&format!("commodities/{commodity}"));
    needs.iter().find(|need| need.commodity == name).unwrap()
}

/// People of the whole union in a Nankai Trough earthquake, as the table of that scenario has them.
fn nankai() -> Vec<v1::PeopleCount> {
    let folder = yui::host::kansai();
    let rows = |path: &str| -> Vec<BTreeMap<String, String>> {
        let rows = csv::Reader::from_path(folder.join(path)).unwrap().into_deserialize();
        rows.map(Result::unwrap).collect()
    };
    let towns = rows("municipalities.csv").into_iter();
    let codes: BTreeMap<String, u32> =
        towns.map(|town| (town["id"].clone(), town["code"].parse().unwrap())).collect();
    let count = |row: &BTreeMap<String, String>, column: &str| row[column].parse().unwrap();
    let of = |row: BTreeMap<String, String>| {
        let groups =
            [(Kind::InShelter, count(&row, "in_shelter")), (Kind::WaterCut, count(&row, "water_cut"))];
        people(codes[&row["municipality"]], &groups)
    };
    rows("../kansai-nankai/people.csv").into_iter().map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citys_needs_are_worked_out_and_taken_as_they_are() {
    let (mut drill, _data) = drill().await;
    let call = three_days(vec![people(WAKAYAMA_CITY, &[(Kind::InShelter, 1_000), (Kind::WaterCut, 5_000)])]);
    let before = drill.sequences();
    let mut needs = estimated(&mut drill, call.clone()).await;
    assert_eq!(drill.sequences(), before, "an estimate states nothing");
    let food = of(&needs, "food");
    assert_eq!((food.quantity, food.unit.as_str(), food.priority), (3_600, "meal", 1));
    assert_eq!((food.want_time, food.daily_until_time), (Some(at(33, 0)), Some(at(33 + 48, 0))));
    assert_eq!((food.municipality, food.source()), (WAKAYAMA_CITY, v1::need::Source::UnitModel));
    assert_eq!(of(&needs, "water").quantity, 15_000);
    // Two for each, on the first day alone.
    let blankets = of(&needs, "blanket");
    assert_eq!(
        (blankets.quantity, blankets.want_time, blankets.daily_until_time),
        (2_000, Some(at(33, 0)), None)
    );
    assert_eq!(of(&needs, "infant-milk").quantity, 2, "1 % are infants: 10, 0.175 cans each");
    // Nobody counted takes the usual share; who counted is believed.
    let counted = people(WAKAYAMA_CITY, &[(Kind::InShelter, 1_000), (Kind::Infant, 100)]);
    assert_eq!(of(&estimated(&mut drill, three_days(vec![counted])).await, "infant-milk").quantity, 18);
    // On the second day what is kept is there.
    let second = v1::EstimateNeedsRequest { day: 2, day_count: 0, ..call };
    let second = estimated(&mut drill, second).await;
    assert!(second.iter().all(|need| need.daily_until_time.is_none()));
    assert!(!second.iter().any(|need| need.commodity == printed("commodities/blanket")));

    needs.iter_mut().for_each(|need| need.reporter = "headquarters".to_owned());
    let state =
        v1::StateNeedsRequest { parent: WAKAYAMA.to_owned(), needs: needs.clone(), ..Default::default() };
    let stated = drill.aid.state_needs(state).await.unwrap().into_inner().needs;
    assert_eq!(stated.len(), needs.len());
    assert!(stated.iter().all(|need| need.source() == v1::need::Source::UnitModel));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_unions_needs_come_in_one_call() {
    let (mut drill, _data) = drill().await;
    let needs = estimated(&mut drill, three_days(nankai())).await;
    // As many rows as the drill of that earthquake begins with, and the published sums.
    assert_eq!(needs.len(), 2_664);
    let sum = |commodity: &str| -> i64 {
        let name = printed(&format!("commodities/{commodity}"));
        needs.iter().filter(|need| need.commodity == name).map(|need| 3 * need.quantity).sum()
    };
    assert_eq!((sum("food"), sum("water")), (27_400_278, 117_999_999));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_counted_is_named() {
    let (mut drill, _data) = drill().await;
    let city = || people(WAKAYAMA_CITY, &[(Kind::InShelter, 100)]);
    let of_city = |groups: &[(Kind, i64)]| three_days(vec![city(), people(30_206, groups)]);
    let at_depot = |depot: &str| {
        three_days(vec![city(), v1::PeopleCount { municipality: 0, depot: depot.to_owned(), ..city() }])
    };
    let negative = of_city(&[(Kind::InShelter, -1)]);
    let absurd = of_city(&[(Kind::WaterCut, i64::MAX)]);
    let more_than_all = of_city(&[(Kind::Infant, 11), (Kind::InShelter, 10)]);
    let twice = of_city(&[(Kind::InShelter, 1), (Kind::InShelter, 2)]);
    let no_kind = of_city(&[(Kind::Unspecified, 1)]);
    let too_many = of_city(&[(Kind::InShelter, 200_000_000), (Kind::WaterCut, 200_000_000)]);
    let unknown = three_days(vec![city(), people(30_999, &[])]);
    let nowhere = three_days(vec![city(), people(0, &[])]);
    let same = three_days(vec![city(), city()]);
    let late = v1::EstimateNeedsRequest { day: 3_654, ..three_days(vec![city()]) };
    let long = v1::EstimateNeedsRequest { day_count: 93, ..three_days(vec![city()]) };
    let whenever = v1::EstimateNeedsRequest { want_time: None, ..three_days(vec![city()]) };
    let cases = [
        (negative, "FIELD_OUT_OF_RANGE", "people[1].groups[0].people"),
        (absurd, "FIELD_OUT_OF_RANGE", "people[1].groups[0].people"),
        (more_than_all, "FIELD_OUT_OF_RANGE", "people[1].groups[0].people"),
        (twice, "FIELD_DUPLICATE", "people[1].groups[1].kind"),
        (no_kind, "FIELD_REQUIRED", "people[1].groups[0].kind"),
        (unknown, "MUNICIPALITY_UNKNOWN", "people[1].municipality"),
        (nowhere, "FIELD_REQUIRED", "people[1].municipality"),
        (same, "FIELD_DUPLICATE", "people[1]"),
        (late, "FIELD_OUT_OF_RANGE", "day"),
        (long, "FIELD_OUT_OF_RANGE", "day_count"),
        (whenever, "FIELD_REQUIRED", "want_time"),
        (three_days(vec![]), "FIELD_REQUIRED", "people"),
        (three_days(vec![city(); 4_097]), "FIELD_TOO_LONG", "people"),
        (at_depot("members/hyogo/depots/depot-miki"), "FIELD_NOT_ALLOWED", "people[1].depot"),
    ];
    for (call, reason, field) in cases {
        let answer = refused(drill.aid.estimate_needs(call).await);
        assert_eq!((answer.reason.as_str(), answer.field.as_deref()), (reason, Some(field)));
    }
    assert_eq!(reason_of(drill.aid.estimate_needs(at_depot("members/hyogo/depots/none")).await), "NOT_FOUND");
    // 720 million meals a day: more than Japan eats, and still a quantity.
    assert_eq!(of(&estimated(&mut drill, too_many).await[11..], "food").quantity, 720_000_000);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_without_rates_says_so() {
    let (mut live, _data) = live().await;
    let answer = refused(live.aid.estimate_needs(three_days(vec![people(WAKAYAMA_CITY, &[])])).await);
    assert_eq!((answer.reason.as_str(), answer.code), ("NO_UNIT_MODEL", tonic::Code::FailedPrecondition));
    live.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_people_is_looked_at_and_stated_from_the_terminal() {
    let (mut drill, data) = drill().await;
    let path = data.path().join("people.csv");
    let command = |rest: &str| format!("need estimate --people {} {rest}", path.display());
    let mut table = "municipality,depot,in_shelter,water_cut,infant\n".to_owned();
    table.write_str("30201,,1000,5000,\n,rp-arida,40,,0\n").unwrap();
    std::fs::write(&path, &table).unwrap();
    let shown = drill.done(&command("--days 3 --by wakayama"));
    assert!(shown.contains("3600") && shown.contains("wakayama/rp-arida"), "{shown}");
    assert!(shown.contains("of all days and places") && shown.contains("11232"), "1,040 people: {shown}");
    let list = || v1::ListNeedsRequest { parent: WAKAYAMA.to_owned(), page_size: 100, ..Default::default() };
    assert!(drill.aid.list_needs(list()).await.unwrap().into_inner().needs.is_empty(), "only looked at");

    let said = drill.done(&command("--days 3 --state --by wakayama --reporter headquarters"));
    assert!(said.contains("wakayama/n-1") && said.contains("unit model"), "{said}");
    let needs = drill.aid.list_needs(list()).await.unwrap().into_inner().needs;
    assert!(needs.iter().all(|need| need.reporter == "headquarters"));
    let at_arida = needs.iter().filter(|need| !need.depot.is_empty()).count();
    assert_eq!((needs.len(), at_arida), (12 + 10, 10), "no infants there, and nobody without water");

    // What is wrong is told with its line, whether the table or the union does not know it; nothing is stated.
    for (row, expected) in [
        ("30201,,many,,", "line 4, column in_shelter"),
        ("30999,,5,,", "that is line 4 of"),
        ("30206,,5,,6", "that is line 4 of"),
    ] {
        std::fs::write(&path, format!("{table}{row}\n")).unwrap();
        let said = drill.yui(&command("--state --by wakayama"));
        assert!(said.code != 0 && said.err.contains(expected), "{row}: {}", said.err);
    }
    assert_eq!(drill.aid.list_needs(list()).await.unwrap().into_inner().needs.len(), needs.len());
    assert_eq!(drill.yui(&command("--state")).code, 2, "somebody has to say it");
    drill.host.stop().await;
}
