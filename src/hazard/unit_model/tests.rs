use super::*;
use crate::hazard::profile;
use proptest::prelude::*;

/// A file of the scenarios, as it stood when the tests were built.
macro_rules! scenarios {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/", $file))
    };
}

fn kansai() -> Profile {
    profile::read(scenarios!("kansai/unit_model.toml")).unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn people(stated: &[(Kind, i64)]) -> People {
    People::new(stated).unwrap()
}

/// How much of `commodity` in three days.
fn three_days(profile: &Profile, people: &People, commodity: &str) -> u64 {
    let days = (1..=3).flat_map(|day| profile.needs(people, day));
    days.filter(|need| need.commodity == slug(commodity)).map(|need| need.quantity).sum()
}

/// Quantities of one day, by commodity.
fn day(profile: &Profile, people: &People, day: u32) -> BTreeMap<String, u64> {
    let needs = profile.needs(people, day).into_iter();
    needs.map(|need| (need.commodity.to_string(), need.quantity)).collect()
}

#[test]
fn the_unions_people_need_27_million_meals_and_118_000_kilolitres_in_three_days() {
    let union = people(&[(Kind::InShelter, 2_537_037), (Kind::WaterCut, 13_111_111)]);
    assert_eq!(three_days(&kansai(), &union, "food"), 27_400_002, "27.4 million, each day rounded up");
    assert_eq!(three_days(&kansai(), &union, "water"), 117_999_999, "118,000 kL");
}

#[test]
fn the_published_shares_of_the_states_push_come_out() {
    // Its 108 million meals of four days feed 7.5 million people: 42 t of milk, 6.5 million rolls, 9 million pieces.
    let needs = day(&kansai(), &people(&[(Kind::InShelter, 7_500_000)]), 1);
    assert_eq!(4 * needs["food"], 108_000_000);
    assert_eq!(4 * needs["infant-milk"] * 800, 42_000_000, "grams");
    assert_eq!(4 * needs["toilet-paper"], 6_510_000);
    assert_eq!(4 * needs["sanitary"], 9_000_000);
}

/// The committed table holds what the model makes of the committed people, row for row.
#[test]
fn the_drills_needs_are_those_of_this_model() {
    let (profile, table) = (kansai(), scenarios!("kansai-nankai/people.csv"));
    let mut computed = Vec::new();
    let (mut sheltered, mut cut, mut meals, mut litres) = (0, 0, 0, 0);
    for row in csv::Reader::from_reader(table.as_bytes()).deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        let count = |column: &str| row[column].parse::<i64>().unwrap();
        let here = people(&[(Kind::InShelter, count("in_shelter")), (Kind::WaterCut, count("water_cut"))]);
        sheltered += count("in_shelter");
        cut += count("water_cut");
        meals += three_days(&profile, &here, "food");
        litres += three_days(&profile, &here, "water");
        let days: Vec<_> = (1..=3).map(|number| day(&profile, &here, number)).collect();
        for (commodity, &quantity) in days[0].iter().filter(|(_, quantity)| **quantity > 0) {
            let again = [days[1][commodity], days[2][commodity]];
            let (basis, count) = if again == [quantity; 2] { ("per_day", 3) } else { ("once", 1) };
            assert!(basis == "per_day" || again == [0, 0], "{commodity} {again:?}");
            computed.push(format!("{},{commodity},{basis},{quantity},{count}", row["municipality"]));
        }
    }
    let table = scenarios!("kansai-nankai/needs.csv");
    let mut committed: Vec<String> = csv::Reader::from_reader(table.as_bytes())
        .deserialize::<BTreeMap<String, String>>()
        .map(|row| {
            let row = row.unwrap();
            ["municipality", "commodity", "basis", "quantity", "days"]
                .map(|column| row[column].clone())
                .join(",")
        })
        .collect();
    committed.sort_unstable();
    computed.sort_unstable();
    assert_eq!(committed.len(), 2_664);
    assert!(committed == computed, "run scenarios/kansai/generate.py again");
    assert_eq!((sheltered, cut), (2_537_037, 13_111_111));
    assert_eq!((meals, litres), (27_400_278, 117_999_999));
}

#[test]
fn a_quantity_is_rounded_up_once_after_everything_is_multiplied() {
    // 333 people, 1 %: 3.33 infants, 175 thousandths of a can each: 0.58. Rounding infants first would also give 1, but
    // 20 % of 333 are 66.6 women, 1.5 pieces each: 99.9, where 67 women would need 100.5.
    let needs = day(&kansai(), &people(&[(Kind::InShelter, 333)]), 1);
    assert_eq!((needs["infant-milk"], needs["sanitary"]), (1, 100));
}

#[test]
fn infants_that_were_counted_replace_the_share_of_the_profile() {
    let counted = people(&[(Kind::InShelter, 1_000), (Kind::Infant, 40)]);
    assert_eq!(day(&kansai(), &counted, 1)["infant-milk"], 7);
    let none = people(&[(Kind::InShelter, 1_000), (Kind::Infant, 0)]);
    assert_eq!(day(&kansai(), &none, 1)["infant-milk"], 0);
}

#[test]
fn water_is_for_people_whose_tap_is_dry_and_food_for_people_in_shelters() {
    let needs = day(&kansai(), &people(&[(Kind::WaterCut, 10)]), 1);
    assert_eq!((needs["water"], needs["food"], needs["blanket"]), (30, 0, 0));
    assert!(day(&kansai(), &People::default(), 1).values().all(|quantity| *quantity == 0));
}

#[test]
fn blankets_are_needed_once_and_meals_every_day() {
    let here = people(&[(Kind::InShelter, 100)]);
    let days: Vec<_> = (0..=3).map(|number| day(&kansai(), &here, number)["blanket"]).collect();
    assert_eq!(days, [0, 200, 0, 0]);
    assert_eq!(day(&kansai(), &here, 1)["food"], day(&kansai(), &here, 9)["food"]);
}

#[test]
fn blankets_are_needed_for_who_was_never_there_before() {
    let days = [100, 150, 120, 160].map(|in_shelter| people(&[(Kind::InShelter, in_shelter)]));
    let found = kansai().needs_by_day(&days);
    let of = |commodity: &str| -> Vec<u64> {
        let of_day =
            |needs: &Vec<Need>| needs.iter().find(|need| need.commodity == slug(commodity)).unwrap().quantity;
        found.iter().map(of_day).collect()
    };
    assert_eq!(of("blanket"), [200, 100, 0, 20]);
    assert_eq!(of("food"), [360, 540, 432, 576]);
    // People who stay are told as by the day.
    let same = kansai().needs_by_day(&[days[0].clone(), days[0].clone(), days[0].clone()]);
    let by_day: Vec<Vec<Need>> = (1..=3).map(|day| kansai().needs(&days[0], day)).collect();
    assert_eq!(same, by_day);
}

#[test]
fn toilets_are_one_for_fifty_people_first_and_one_for_twenty_later() {
    let here = people(&[(Kind::InShelter, 1_001)]);
    let seats = |day| kansai().facilities(&here, day)[0].quantity;
    assert_eq!([0, 1, 3, 4, 10].map(seats), [0, 21, 21, 51, 51]);
    assert!(kansai().commodities().all(|commodity| *commodity != slug("toilet-seat")), "nobody ships seats");
}

#[test]
fn numbers_of_people_that_cannot_be_are_named() {
    let fault = |stated: &[(Kind, i64)]| People::new(stated).unwrap_err();
    let (kind, in_shelter) = (Kind::WaterCut, 10);
    assert_eq!(fault(&[(kind, -1)]), PeopleFault::Negative { kind, people: -1 });
    assert_eq!(fault(&[(kind, i64::MIN)]), PeopleFault::Negative { kind, people: i64::MIN });
    for people in [i64::from(PEOPLE_MAX) + 1, i64::from(u32::MAX) + 1, i64::MAX] {
        assert_eq!(fault(&[(kind, people)]), PeopleFault::TooMany { kind, people });
    }
    assert_eq!(fault(&[(kind, 1), (kind, 1)]), PeopleFault::Twice { kind });
    let kind = Kind::Infant;
    let beyond = fault(&[(kind, 11), (Kind::InShelter, 10)]);
    assert_eq!(beyond, PeopleFault::MoreThanInShelter { kind, people: 11, in_shelter });
    assert!(People::new(&[(Kind::InShelter, i64::from(PEOPLE_MAX))]).is_ok());
}

#[test]
fn the_most_people_at_the_highest_rate_do_not_overflow() {
    let mut profile = Profile::default();
    let demand = Demand::per_day(Kind::InShelter, i64::from(RATE_MILLIS_MAX)).unwrap();
    profile.add_good(slug("food"), demand).unwrap();
    let most = people(&[(Kind::InShelter, i64::from(PEOPLE_MAX))]);
    assert_eq!(profile.needs(&most, 1)[0].quantity, 200_000_000_000);
}

#[test]
fn a_profile_refuses_a_commodity_beyond_its_limit_and_one_stated_twice() {
    let mut profile = Profile::default();
    let demand = Demand::per_day(Kind::InShelter, 1).unwrap();
    for number in 0..GOODS_MAX {
        profile.add_good(slug(&format!("good-{number}")), demand.clone()).unwrap();
    }
    assert_eq!(profile.add_good(slug("one-more"), demand.clone()), Err(ProfileProblem::TooManyGoods));
    let mut profile = Profile::default();
    profile.add_facility(slug("bed"), demand.clone()).unwrap();
    assert_eq!(profile.add_facility(slug("bed"), demand), Err(ProfileProblem::Twice));
    profile.add_share(Kind::Infant, 10).unwrap();
    assert_eq!(profile.add_share(Kind::Infant, 20), Err(ProfileProblem::Twice));
}

fn some_steps() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((1i64..4, 0i64..3_000), 1..6).prop_map(|gaps| {
        let mut last = (0, 0);
        let step = |(days, millis): (i64, i64)| {
            last = (last.0 + days, last.1 + millis);
            last
        };
        gaps.into_iter().map(step).collect()
    })
}

proptest! {
    /// Against counting with fractions: the quantity covers the need, and one unit less does not.
    #[test]
    fn the_quantity_is_the_least_that_covers_everybody(
        in_shelter in 0i64..=200_000_000, permille in 0i64..=1_000, millis in 0i64..=1_000_000,
    ) {
        let mut profile = Profile::default();
        profile.add_share(Kind::Toddler, permille).unwrap();
        profile.add_good(slug("diaper"), Demand::per_day(Kind::Toddler, millis).unwrap()).unwrap();
        let quantity = i128::from(profile.needs(&people(&[(Kind::InShelter, in_shelter)]), 1)[0].quantity);
        let exact_millionths = i128::from(in_shelter) * i128::from(permille) * i128::from(millis);
        prop_assert!(quantity * 1_000_000 >= exact_millionths);
        prop_assert!((quantity - 1) * 1_000_000 < exact_millionths);
    }

    /// What came in until a day is what has to be there on it.
    #[test]
    fn what_came_in_is_what_is_there(steps in some_steps(), number in 0i64..5_000, last in 0u32..25) {
        let mut profile = Profile::default();
        let demand = Demand::standing(Kind::InShelter, &steps).unwrap();
        profile.add_good(slug("bed"), demand.clone()).unwrap();
        profile.add_facility(slug("bed"), demand).unwrap();
        let here = people(&[(Kind::InShelter, number)]);
        let came: u64 = (1..=last).map(|day| profile.needs(&here, day)[0].quantity).sum();
        let held = steps.iter().rev().find(|(from, _)| *from <= i64::from(last)).map_or(0, |step| step.1);
        prop_assert_eq!(came, u64::try_from(number * held).unwrap().div_ceil(1_000));
        prop_assert_eq!(came, profile.facilities(&here, last)[0].quantity);
    }

    /// To count two places apart never needs less than to count them together, and at most one unit more.
    #[test]
    fn two_places_need_no_less_than_one(a in 0i64..1_000_000, b in 0i64..1_000_000) {
        let profile = kansai();
        let of = |number| profile.needs(&people(&[(Kind::InShelter, number), (Kind::WaterCut, number)]), 2);
        for ((first, second), both) in of(a).iter().zip(of(b)).zip(of(a + b)) {
            let apart = first.quantity + second.quantity;
            prop_assert!((both.quantity..=both.quantity + 1).contains(&apart));
        }
    }
}

#[test]
fn what_is_eaten_up_is_one_run_of_days_and_what_is_kept_is_needed_on_the_day_it_is_more() {
    let steps = [(1, 2_000), (3, 3_000), (4, 4_000)];
    let mut profile = Profile::default();
    profile.add_good(slug("bed"), Demand::standing(Kind::InShelter, &steps).unwrap()).unwrap();
    profile.add_good(slug("food"), Demand::per_day(Kind::InShelter, 3_600).unwrap()).unwrap();
    profile.add_good(slug("water"), Demand::per_day(Kind::WaterCut, 3_000).unwrap()).unwrap();
    let here = people(&[(Kind::InShelter, 10)]);
    let of = |first_day, days| -> Vec<(String, u64, u32, u32)> {
        let spans = profile.spans(&here, first_day, days).into_iter();
        spans.map(|span| (span.commodity.to_string(), span.quantity, span.first_day, span.days)).collect()
    };
    let (bed, food) = ("bed".to_owned(), "food".to_owned());
    assert_eq!(of(1, 5), [(bed.clone(), 20, 1, 1), (bed.clone(), 10, 3, 2), (food.clone(), 36, 1, 5)]);
    assert_eq!(of(2, 1), [(food.clone(), 36, 2, 1)], "beds of the first day are there");
    assert_eq!(of(4, 2), [(bed, 10, 4, 1), (food, 36, 4, 2)]);
    assert_eq!(of(1, 0), []);
}

proptest! {
    #[test]
    fn runs_of_days_are_the_needs_of_each_day(
        sheltered in 0_i64..5_000,
        cut in 0_i64..5_000,
        first_day in 1_u32..20,
        days in 0_u32..20,
    ) {
        let (profile, here) = (kansai(), people(&[(Kind::InShelter, sheltered), (Kind::WaterCut, cut)]));
        let mut by_day: BTreeMap<(Slug, u32), u64> = BTreeMap::new();
        for span in profile.spans(&here, first_day, days) {
            for day in span.first_day..span.first_day + span.days {
                prop_assert!(by_day.insert((span.commodity.clone(), day), span.quantity).is_none());
            }
        }
        let each = (first_day..first_day + days).flat_map(|day| {
            let needs = profile.needs(&here, day).into_iter().filter(|need| need.quantity > 0);
            needs.map(move |need| ((need.commodity, day), need.quantity)).collect::<Vec<_>>()
        });
        prop_assert_eq!(by_day, each.collect::<BTreeMap<_, _>>());
    }
}
