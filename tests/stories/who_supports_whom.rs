//! Staff for weeks: who could support whom is proposed with reasons, people decide, proposals hold to it, a pair ends.

use crate::common::{Served, at, drill, kansai, laid_out, printed, reason_of, refused};
use tonic::Code;
use v1::proposed_pair::Reason;
use yui::api::v1;

const WAKAYAMA: &str = "members/wakayama";
const WAKAYAMA_CITY: u32 = 30_201;
const TANABE: u32 = 30_206;
const TOKUSHIMA_CITY: u32 = 36_201;
const KOBE: u32 = 28_100;
const KOBE_HIGASHINADA: u32 = 28_101;
const STAFF: &str = "commodities/staff";

fn staff_for(municipality: u32, quantity: i64) -> v1::Need {
    v1::Need {
        municipality,
        commodity: STAFF.to_owned(),
        quantity,
        priority: 1,
        want_time: Some(at(22, 0)),
        daily_until_time: Some(at(24 * 30, 0)),
        source: v1::need::Source::Report.into(),
        reporter: "city desk".to_owned(),
        ..Default::default()
    }
}

async fn state(drill: &mut Served, member: &str, needs: Vec<v1::Need>) {
    let call = v1::StateNeedsRequest { parent: member.to_owned(), needs, ..Default::default() };
    drill.aid.state_needs(call).await.unwrap();
}

fn ask() -> v1::ProposePairsRequest {
    v1::ProposePairsRequest { team: STAFF.to_owned(), ..Default::default() }
}

async fn proposed(drill: &mut Served, ask: v1::ProposePairsRequest) -> v1::ProposePairsResponse {
    drill.aid.propose_pairs(ask).await.unwrap().into_inner()
}

fn supporter(member: &str, teams: u32) -> v1::pair::Supporter {
    v1::pair::Supporter { member: format!("members/{member}"), teams }
}

fn decision(municipality: u32, supporters: &[(&str, u32)]) -> v1::DecidePairRequest {
    let pair = v1::Pair {
        municipality,
        supporters: supporters.iter().map(|&(member, teams)| supporter(member, teams)).collect(),
        team: STAFF.to_owned(),
        fields: vec![v1::pair::Field::Staff.into()],
        end_time: Some(at(24 * 22, 0)),
        decided_by: "Tanaka, disaster bureau".to_owned(),
        ..Default::default()
    };
    v1::DecidePairRequest { pair: Some(pair), ..Default::default() }
}

/// Teams of each supporter in a municipality during one phase.
fn teams(answer: &v1::ProposePairsResponse, municipality: u32, phase: u32) -> Vec<(String, u32)> {
    let here = answer.pairs.iter().filter(|pair| (pair.municipality, pair.phase) == (municipality, phase));
    here.map(|pair| (pair.supporter.clone(), pair.teams)).collect()
}

fn total(answer: &v1::ProposePairsResponse, municipality: u32, phase: u32) -> u32 {
    teams(answer, municipality, phase).iter().map(|(_, teams)| teams).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_could_support_whom_is_proposed_and_nothing_is_written() {
    let (mut drill, _data) = drill().await;
    let nothing = proposed(&mut drill, ask()).await;
    assert!(nothing.pairs.is_empty() && nothing.municipality_count == 0 && nothing.supporter_count > 5);

    state(&mut drill, WAKAYAMA, vec![staff_for(WAKAYAMA_CITY, 6), staff_for(TANABE, 8)]).await;
    let before = drill.sequences();
    let answer = proposed(&mut drill, ask()).await;
    assert_eq!((answer.phases.len(), answer.municipality_count), (3, 2));
    for phase in 1..=3 {
        assert_eq!((total(&answer, WAKAYAMA_CITY, phase), total(&answer, TANABE, phase)), (6, 8));
    }
    assert!(answer.shortfalls.is_empty() && answer.obstacles.is_empty());
    let own = answer.pairs.iter().filter(|pair| pair.supporter == printed(WAKAYAMA));
    assert_eq!(own.count(), 0, "nobody is paired with itself");
    for pair in &answer.pairs {
        assert!(pair.travel.as_ref().is_some_and(|travel| travel.seconds > 0), "{pair:?}");
        assert_eq!(pair.nearest.is_empty(), pair.reason() == Reason::Nearest, "{pair:?}");
        assert_eq!(pair.affected, printed(WAKAYAMA));
        assert_eq!(pair.municipality_name.as_ref().map(|name| name.en.is_empty()), Some(false));
    }
    assert!(answer.objective.iter().all(|tier| tier.bound <= tier.value));
    assert_eq!(proposed(&mut drill, ask()).await.pairs, answer.pairs, "equal ledgers, equal proposals");
    assert_eq!(drill.sequences(), before);

    // More than there is: the rest is named, with its reason and what would give it.
    state(&mut drill, WAKAYAMA, vec![staff_for(TANABE, 5_000)]).await;
    let short = proposed(&mut drill, ask()).await;
    let tanabe = short.shortfalls.iter().find(|one| (one.municipality, one.phase) == (TANABE, 1)).unwrap();
    assert_eq!(tanabe.reason(), v1::pair_shortfall::Reason::NoTeamLeft);
    assert_eq!(tanabe.changes.len(), 1);
    assert_eq!(tanabe.changes[0].teams, tanabe.teams);
    assert!(total(&short, WAKAYAMA_CITY, 1) > 0, "nobody is left alone for it");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_is_held_over_a_restart_until_a_person_ends_it() {
    let data = laid_out().await;
    let mut drill = kansai(data.path()).await;
    state(&mut drill, WAKAYAMA, vec![staff_for(WAKAYAMA_CITY, 4)]).await;
    let free = proposed(&mut drill, ask()).await;
    assert!(teams(&free, WAKAYAMA_CITY, 1).iter().all(|(member, _)| *member != printed("members/tottori")));

    let judged = v1::DecidePairRequest { validate_only: true, ..decision(WAKAYAMA_CITY, &[("tottori", 2)]) };
    let judged = drill.aid.decide_pair(judged).await.unwrap().into_inner();
    assert_eq!(judged.name, printed("pairs/pair-1"));
    let stamped = v1::DecidePairRequest {
        request_id: "decide-1".to_owned(),
        ..decision(WAKAYAMA_CITY, &[("tottori", 2)])
    };
    let pair = drill.aid.decide_pair(stamped).await.unwrap().into_inner();
    assert_eq!((pair.name.as_str(), pair.state()), (judged.name.as_str(), v1::pair::State::Active));
    assert_eq!(pair.affected, printed(WAKAYAMA));
    drill.host.stop().await;

    let mut drill = kansai(data.path()).await;
    let held = proposed(&mut drill, ask()).await;
    let tottori = held.pairs.iter().find(|one| one.supporter == printed("members/tottori")).unwrap();
    assert_eq!((tottori.reason(), tottori.pair.as_str()), (Reason::Decided, pair.name.as_str()));
    assert_eq!((tottori.teams, tottori.decided_teams, total(&held, WAKAYAMA_CITY, 1)), (2, 2, 4));
    let list =
        v1::ListPairsRequest { filter: "supporter = \"members/tottori\"".to_owned(), ..Default::default() };
    assert_eq!(drill.aid.list_pairs(list.clone()).await.unwrap().into_inner().pairs, vec![pair.clone()]);

    let end = v1::EndPairRequest {
        name: pair.name.clone(),
        ended_by: "Tanaka".to_owned(),
        note: "needed at home".to_owned(),
        ..Default::default()
    };
    let ended = drill.aid.end_pair(end.clone()).await.unwrap().into_inner();
    assert_eq!((ended.state(), ended.ended_by.as_str()), (v1::pair::State::Ended, "Tanaka"));
    assert_eq!(drill.aid.end_pair(end).await.unwrap().into_inner(), ended, "ended once");
    let freed = proposed(&mut drill, ask()).await;
    assert!(freed.pairs.iter().all(|pair| pair.reason() != Reason::Decided));
    let active = v1::ListPairsRequest { filter: "state = ACTIVE".to_owned(), ..Default::default() };
    assert!(drill.aid.list_pairs(active).await.unwrap().into_inner().pairs.is_empty());
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_that_cannot_be_are_named_all_of_them_and_nothing_is_proposed() {
    let (mut drill, _data) = drill().await;
    state(&mut drill, WAKAYAMA, vec![staff_for(WAKAYAMA_CITY, 4)]).await;
    drill.aid.decide_pair(decision(WAKAYAMA_CITY, &[("shiga", 900)])).await.unwrap();
    drill.aid.decide_pair(decision(TANABE, &[("kyoto", 1)])).await.unwrap();
    let excluded =
        v1::propose_pairs_request::Excluded { supporter: "members/kyoto".to_owned(), municipality: TANABE };
    let answer = proposed(&mut drill, v1::ProposePairsRequest { excluded: vec![excluded], ..ask() }).await;
    assert!(answer.pairs.is_empty() && answer.objective.is_empty());
    let mut reasons: Vec<_> = answer.obstacles.iter().map(|one| (one.reason(), one.phase)).collect();
    reasons.sort();
    use v1::pair_obstacle::Reason::{IsExcluded, MoreThanItHas};
    assert_eq!(
        reasons,
        [(IsExcluded, 0), (MoreThanItHas, 1), (MoreThanItHas, 2), (MoreThanItHas, 3)],
        "{:?}",
        answer.obstacles
    );
    let over = answer.obstacles.iter().find(|one| one.reason() == MoreThanItHas).unwrap();
    assert_eq!((over.decided_teams, over.supporter.as_str()), (900, printed("members/shiga").as_str()));
    assert_eq!(over.pairs, [printed("pairs/pair-1")]);
    assert!(over.capacity < 900);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_municipality_gets_as_many_supporters_as_are_asked_for_and_no_more() {
    let (mut drill, _data) = drill().await;
    state(&mut drill, WAKAYAMA, vec![staff_for(WAKAYAMA_CITY, 20), staff_for(TANABE, 3)]).await;
    let free = proposed(&mut drill, ask()).await;
    let count = |answer: &v1::ProposePairsResponse, town: u32| {
        let here = answer.pairs.iter().filter(|pair| pair.municipality == town);
        here.map(|pair| pair.supporter.clone()).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert!(count(&free, WAKAYAMA_CITY) > 2, "{:?}", free.pairs);
    let numbered = v1::ProposePairsRequest { least_supporters: 2, most_supporters: 2, ..ask() };
    let held = proposed(&mut drill, numbered).await;
    assert_eq!((count(&held, WAKAYAMA_CITY), count(&held, TANABE)), (2, 2));
    let value = |answer: &v1::ProposePairsResponse, tier: usize| answer.objective[tier].value;
    assert_eq!(
        held.objective.iter().map(|tier| tier.bound).collect::<Vec<_>>(),
        free.objective.iter().map(|tier| tier.bound).collect::<Vec<_>>(),
        "what could be without numbers stays the bound"
    );
    assert!((0..2).all(|tier| value(&held, tier) >= value(&free, tier)));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scouts_are_told_without_a_decision_and_who_is_outside_of_the_union_is_named_so() {
    let (mut drill, _data) = drill().await;
    let scouts = drill.aid.list_scout_pairs(v1::ListScoutPairsRequest {}).await.unwrap().into_inner().pairs;
    let told: Vec<(&str, &str, bool, bool)> = scouts
        .iter()
        .map(|one| {
            let bare = |name: &'static str, text: &str| if text == printed(name) { name } else { "" };
            let supporter = ["members/fukui", "members/shiga", "members/tottori"];
            let affected = ["members/mie", "members/wakayama", "members/tokushima"];
            let find = |names: [&'static str; 3], text: &str| {
                names.into_iter().map(|name| bare(name, text)).find(|name| !name.is_empty()).unwrap()
            };
            (
                find(supporter, &one.supporter),
                find(affected, &one.affected),
                one.supporter_is_linked,
                one.affected_is_linked,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("members/fukui", "members/mie", true, true),
            ("members/shiga", "members/wakayama", false, false),
            ("members/tottori", "members/tokushima", false, false),
        ]
    );
    assert!(scouts.iter().all(|one| one.leaves_within.as_ref().unwrap().seconds == 5_400));
    assert_eq!(scouts[0].travel, None, "nobody registered a depot of Fukui");
    assert!(scouts[1].travel.as_ref().unwrap().seconds > 3_600);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_of_a_ward_is_one_of_its_city() {
    let (mut drill, _data) = drill().await;
    state(&mut drill, "members/kobe-city", vec![staff_for(KOBE_HIGASHINADA, 2)]).await;
    let answer = proposed(&mut drill, ask()).await;
    assert_eq!(total(&answer, KOBE, 1), 2);
    let pair = drill.aid.decide_pair(decision(KOBE_HIGASHINADA, &[("nara", 1)])).await.unwrap().into_inner();
    assert_eq!((pair.municipality, pair.affected.as_str()), (KOBE, printed("members/kobe-city").as_str()));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_named_and_changes_nothing() {
    let (mut drill, _data) = drill().await;
    state(&mut drill, WAKAYAMA, vec![staff_for(WAKAYAMA_CITY, 4)]).await;
    let before = drill.sequences();
    let with = |change: fn(&mut v1::Pair)| {
        let mut call = decision(WAKAYAMA_CITY, &[("tottori", 1)]);
        change(call.pair.as_mut().unwrap());
        call
    };
    type Row = (fn(&mut v1::Pair), Code, &'static str, Option<&'static str>);
    let rows: [Row; 12] = [
        (|pair| pair.supporters[0].member = "members/atlantis".to_owned(), Code::NotFound, "NOT_FOUND", None),
        (
            |pair| pair.supporters[0].member = WAKAYAMA.to_owned(),
            Code::InvalidArgument,
            "FIELD_NOT_ALLOWED",
            Some("pair.supporters[0].member"),
        ),
        (
            |pair| pair.supporters.push(supporter("tottori", 1)),
            Code::InvalidArgument,
            "FIELD_DUPLICATE",
            Some("pair.supporters"),
        ),
        (|pair| pair.supporters.clear(), Code::InvalidArgument, "FIELD_REQUIRED", Some("pair.supporters")),
        (
            |pair| pair.supporters[0].teams = 0,
            Code::InvalidArgument,
            "FIELD_OUT_OF_RANGE",
            Some("pair.supporters[0].teams"),
        ),
        (
            |pair| pair.team.clear(),
            Code::InvalidArgument,
            "FIELD_NOT_ALLOWED",
            Some("pair.supporters[0].teams"),
        ),
        (
            |pair| pair.team = "commodities/water".to_owned(),
            Code::InvalidArgument,
            "FIELD_NOT_ALLOWED",
            Some("pair.team"),
        ),
        (
            |pair| pair.municipality = 99_999,
            Code::InvalidArgument,
            "MUNICIPALITY_UNKNOWN",
            Some("pair.municipality"),
        ),
        (|pair| pair.fields.clear(), Code::InvalidArgument, "FIELD_REQUIRED", Some("pair.fields")),
        (
            |pair| pair.end_time = Some(at(1, 0)),
            Code::InvalidArgument,
            "FIELD_EMPTY_WINDOW",
            Some("pair.end_time"),
        ),
        (|pair| pair.end_time = None, Code::InvalidArgument, "FIELD_REQUIRED", Some("pair.end_time")),
        (
            |pair| pair.decided_by = " ".to_owned(),
            Code::InvalidArgument,
            "FIELD_REQUIRED",
            Some("pair.decided_by"),
        ),
    ];
    for (index, (change, code, reason, field)) in rows.into_iter().enumerate() {
        let told = refused(drill.aid.decide_pair(with(change)).await);
        assert_eq!(
            (told.code, told.reason.as_str(), told.field.as_deref()),
            (code, reason, field),
            "row {index}"
        );
    }

    type Question = (fn(&mut v1::ProposePairsRequest), &'static str);
    let questions: [Question; 8] = [
        (|ask| ask.team.clear(), "FIELD_REQUIRED"),
        (|ask| ask.team = "commodities/food".to_owned(), "FIELD_NOT_ALLOWED"),
        (|ask| ask.phase_days = vec![7, 0], "FIELD_OUT_OF_RANGE"),
        (|ask| ask.phase_days = vec![1; 17], "FIELD_TOO_LONG"),
        (|ask| ask.least_supporters = 1_000, "FIELD_OUT_OF_RANGE"),
        (|ask| (ask.least_supporters, ask.most_supporters) = (3, 2), "FIELD_OUT_OF_RANGE"),
        (|ask| ask.rounds = 1_000_000, "FIELD_OUT_OF_RANGE"),
        (
            |ask| {
                let affected = v1::propose_pairs_request::Affected { municipality: 1, ..Default::default() };
                ask.affected = vec![affected];
            },
            "MUNICIPALITY_UNKNOWN",
        ),
    ];
    for (index, (change, reason)) in questions.into_iter().enumerate() {
        let mut question = ask();
        change(&mut question);
        assert_eq!(reason_of(drill.aid.propose_pairs(question).await), reason, "question {index}");
    }

    let team_of_lead = v1::Commodity {
        display_name: Some(v1::DisplayName { en: "Engineers".to_owned(), ..Default::default() }),
        kind: v1::commodity::Kind::Team.into(),
        unit: "team".to_owned(),
        mass_g: 1_000,
        objective_tier: 1,
        ..Default::default()
    };
    let create = |commodity: v1::Commodity| v1::CreateCommodityRequest {
        commodity_id: "engineers".to_owned(),
        commodity: Some(commodity),
        ..Default::default()
    };
    let heavy = refused(drill.aid.create_commodity(create(team_of_lead.clone())).await);
    assert_eq!(
        (heavy.reason.as_str(), heavy.field.as_deref()),
        ("FIELD_NOT_ALLOWED", Some("commodity.mass_g"))
    );
    let goods = v1::Commodity { kind: v1::commodity::Kind::Goods.into(), mass_g: 0, ..team_of_lead.clone() };
    let light = refused(drill.aid.create_commodity(create(goods)).await);
    assert_eq!((light.reason.as_str(), light.field.as_deref()), ("FIELD_REQUIRED", Some("commodity.mass_g")));
    let many = vec![staff_for(TOKUSHIMA_CITY, 1); 100_001];
    let call =
        v1::StateNeedsRequest { parent: "members/tokushima".to_owned(), needs: many, ..Default::default() };
    assert!(drill.aid.state_needs(call).await.is_err());
    let unknown = v1::EndPairRequest {
        name: "pairs/pair-9".to_owned(),
        ended_by: "x".to_owned(),
        ..Default::default()
    };
    assert_eq!(reason_of(drill.aid.end_pair(unknown).await), "NOT_FOUND");
    assert_eq!(drill.sequences(), before);

    let sound = v1::Commodity { mass_g: 0, ..team_of_lead };
    let made = drill.aid.create_commodity(create(sound)).await.unwrap().into_inner();
    assert_eq!((made.kind(), made.mass_g), (v1::commodity::Kind::Team, 0));
    drill.host.stop().await;
}
