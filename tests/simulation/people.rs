//! What the people of a history do: they ask, answer, change their minds, and press keys late.

use crate::node::Node;
use crate::world::{ANSWER_S, World, choice};
use std::collections::BTreeMap;
use yui::decision::command::NewRequest;
use yui::decision::model::*;
use yui::decision::{Command, State};
use yui::id::{
    AssetId, HospitalId, LedgerId, MemberId, OrganisationId, RequestId, RequisitionId, SiteId,
    StandingOrderId,
};
use yui::units::{Position, Timestamp};

/// One thing that a person does.
pub struct Act {
    pub ledger: LedgerId,
    pub command: Command,
    /// The attempt for which this person takes it on themselves that two may come.
    pub word: Option<RequisitionId>,
}

fn does(ledger: &LedgerId, command: Command) -> Option<Act> {
    Some(Act { ledger: ledger.clone(), command, word: None })
}

pub fn member_of(ledger: &LedgerId) -> MemberId {
    match ledger {
        LedgerId::Member(member) => member.clone(),
        LedgerId::Field(field) => panic!("{field} is no member"),
    }
}

/// A fire department, three helicopters, two landing sites, a hospital; a standing order in one of the three.
pub fn registrations(ledger: &LedgerId) -> Vec<Command> {
    let member = member_of(ledger);
    let position = Position::from_degrees(35.0, 135.0).unwrap();
    let name = Name { ja: "仮".to_owned(), en: "drill".to_owned() };
    let mut commands = vec![Command::RegisterOrganisation(Organisation {
        id: OrganisationId::new(&member, "fd".parse().unwrap()),
        name: name.clone(),
        kind: OrganisationKind::FireDepartment,
        telephone: "000-0000-0000".to_owned(),
        municipalities: vec![28_223],
    })];
    for n in 1..=3 {
        commands.push(Command::RegisterAsset(helicopter(&member, n, position)));
    }
    for n in 1..=2 {
        commands.push(Command::RegisterSite(Site {
            id: SiteId::new(&member, format!("s-{n}").parse().unwrap()),
            name: name.clone(),
            kind: SiteKind::Rendezvous,
            position,
            municipality: 28_223,
            region: "weatherRegions/inland".parse().unwrap(),
            mass_max_kg: 6_000,
            size_max_m: 20,
            spots: 1,
            fuel: false,
            securing_s: 600,
            telephone: String::new(),
        }));
    }
    commands.push(Command::RegisterHospital(Hospital {
        id: HospitalId::new(&member, "h-1".parse().unwrap()),
        name,
        organisation: None,
        position,
        region: "weatherRegions/inland".parse().unwrap(),
        capabilities: Capabilities::default(),
        pad: None,
        telephone: String::new(),
    }));
    if member.slug() != "c" {
        commands.push(Command::GiveStandingOrder {
            id: StandingOrderId::new(&member, "night".parse().unwrap()),
            answers_for: "Sato".to_owned(),
            until: Timestamp(1_796_428_800_000) + 7 * 86_400,
        });
    }
    commands
}

fn helicopter(member: &MemberId, n: u32, base: Position) -> Asset {
    Asset {
        id: AssetId::new(member, format!("heli-{n}").parse().unwrap()),
        name: Name { ja: "ヘリ".to_owned(), en: "helicopter".to_owned() },
        kind: AssetKind::DoctorHelicopter,
        custodian: OrganisationId::new(member, "base".parse().unwrap()),
        owner: None,
        operator: None,
        model: "EC135".to_owned(),
        base,
        base_site: None,
        region: "weatherRegions/inland".parse().unwrap(),
        block: "block".parse().unwrap(),
        telephone: "000-0000-0001".to_owned(),
        speed_kmh: 200,
        range_m: 600_000,
        endurance_s: 7_200,
        seats: 6,
        stretchers: 1,
        capabilities: Capabilities::default(),
        mass_kg: 2_980,
        size_m: 13,
        start_s: 300,
        turnaround_s: 900,
        hours: ServiceHours { from_s: 30_600, until_s: 86_400, sunset_margin_s: 0 },
        minima: Minima { visibility_m: 5_000, ceiling_m: 300, wind_kmh_max: 80 },
        duty_s_max: 43_200,
        flight_s_max: 28_800,
        offered_only: n == 3 && member.slug() == "a",
    }
}

/// The first helicopter by name that this request has not asked; `skip` leaves some out.
pub fn choose(
    nodes: &BTreeMap<LedgerId, Node>,
    own: &State,
    request: &RequestId,
    skip: Option<usize>,
) -> Option<Choice> {
    let request = own.requests.get(request)?;
    let asked: Vec<AssetId> = request.attempts().map(|(_, attempt)| attempt.choice.asset.clone()).collect();
    let members = nodes.keys().filter(|ledger| matches!(ledger, LedgerId::Member(_)));
    let all = members.flat_map(|ledger| {
        let member = member_of(ledger);
        (1..=3).map(move |n| AssetId::new(&member, format!("heli-{n}").parse().unwrap()))
    });
    let asset = all.filter(|asset| !asked.contains(asset)).nth(skip.unwrap_or(0))?;
    Some(choice(asset, IfBusy::Decline))
}

/// What somebody does now, from what stands in some machine's own ledger; none when there is nothing to do.
pub fn act_now(world: &mut World, ledger: &LedgerId) -> Option<Act> {
    let own = world.nodes[ledger].own()?.clone();
    // A person speaks of the time that the ledger shows, not of a clock that may have jumped.
    let at = own.last_at;
    if own.clock_suspect_since.is_some() && world.dice.percent(15) {
        return does(ledger, Command::TrustClock { by: Some("Sato".to_owned()), stepped_s: 0 });
    }
    match world.dice.below(100) {
        0..=9 => open_request(world, ledger),
        10..=26 => ask(world, ledger, &own),
        27..=48 => answer(world, ledger, &own),
        49..=62 => fly(world, ledger, &own),
        63..=66 => change_request(world, ledger, &own),
        67..=70 => take_back(world, ledger, &own),
        71..=74 => report_commit(world, ledger, &own),
        75..=82 => late_go(world, ledger, &own),
        83..=87 => bed(world, ledger, &own),
        _ => offer(world, ledger, at),
    }
}

/// As [`act_now`], at some machine.
pub fn act(world: &mut World) -> Option<Act> {
    let members = world.members();
    let ledger = world.dice.pick(&members).cloned()?;
    act_now(world, &ledger)
}

fn open_request(world: &mut World, ledger: &LedgerId) -> Option<Act> {
    let new = NewRequest {
        kind: RequestKind::Scene,
        requester: OrganisationId::new(&member_of(ledger), "fd".parse().unwrap()),
        incident: String::new(),
        position: Position::from_degrees(35.1, 135.1).unwrap(),
        place: "国道".to_owned(),
        site: None,
        called_at: None,
        keyword: "挟まれた".to_owned(),
        triage: Triage { red: 1, ..Triage::default() },
        stretchers: 1,
        needed: Capabilities::default(),
        hazards: Hazards::default(),
        ambulance: None,
        due: None,
        origin: None,
        hospitals: Vec::new(),
        aircraft_count: if world.dice.percent(25) { 2 } else { 1 },
        caller: None,
        patients: None,
    };
    does(ledger, Command::OpenRequest(new))
}

fn open_requests(own: &State) -> Vec<RequestId> {
    let open = own.requests.values().filter(|request| request.state == RequestState::Open);
    open.map(|request| request.id.clone()).collect()
}

/// A person asks the next aircraft, waits for a busy one, takes one off its mission, or sends another.
fn ask(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let request = world.dice.pick(&open_requests(own)).cloned()?;
    let count = usize::from(own.requests[&request].aircraft_count);
    let number = world.dice.below(count) as u16 + 1;
    let last = own.requests[&request].numbers[usize::from(number) - 1].attempts.len() as u16;
    let skip = world.dice.below(4);
    let mut choice = match late_again(world, ledger, &request) {
        Some(asset) => choice(asset, IfBusy::Decline),
        None => choose(&world.nodes, own, &request, Some(skip))?,
    };
    choice.if_busy = match world.dice.below(4) {
        0 => IfBusy::Retask,
        1 => IfBusy::Wait,
        _ => IfBusy::Decline,
    };
    let send_another = world.dice.percent(12);
    let command = Command::OpenAttempt {
        request: request.clone(),
        number,
        choice,
        answer_s: ANSWER_S,
        standing_order: None,
        send_another,
        takes: None,
        after: world.dice.percent(50).then_some(last),
    };
    let word = send_another.then_some(RequisitionId { request, number, attempt: last + 1 });
    Some(Act { ledger: ledger.clone(), command, word })
}

/// An aircraft whose late go for this request still stands: somebody asks it again all the same.
fn late_again(world: &mut World, ledger: &LedgerId, request: &RequestId) -> Option<AssetId> {
    if !world.dice.percent(30) {
        return None;
    }
    let offers = world.nodes[ledger].copies.values().flat_map(|copy| copy.offers.values());
    let late = offers.filter(|offer| offer.requisition.as_ref().is_some_and(|late| late.request == *request));
    let assets: Vec<AssetId> = late.map(|offer| offer.asset.clone()).collect();
    world.dice.pick(&assets).cloned()
}

fn holds(own: &State, wanted: impl Fn(&Hold) -> bool) -> Vec<RequisitionId> {
    own.holds.values().filter(|hold| wanted(hold)).map(|hold| hold.requisition.clone()).collect()
}

/// The base acknowledges, commits, declines.
fn answer(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let requisition = world.dice.pick(&holds(own, |hold| hold.state.is_open())).cloned()?;
    let command = match world.dice.below(10) {
        0..=2 => Command::AcknowledgeRequisition { requisition },
        3..=4 => Command::DeclineRequisition { requisition, reason: DeclineReason::Weather, telephone: None },
        5 => Command::CommitRequisition { requisition, telephone: Some(telephone()), crew: None },
        _ => Command::CommitRequisition { requisition, telephone: None, crew: None },
    };
    does(ledger, command)
}

fn telephone() -> Telephone {
    Telephone { said_by: "base".to_owned(), typed_by: "operator".to_owned() }
}

/// The pilot says go although it has ended.
fn late_go(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let ended = |hold: &Hold| matches!(hold.state, HoldState::Expired | HoldState::Withdrawn(_));
    let requisition = world.dice.pick(&holds(own, ended)).cloned()?;
    does(ledger, Command::CommitRequisition { requisition, telephone: None, crew: None })
}

fn fly(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let missions: Vec<&Mission> = own.missions.values().filter(|mission| mission.is_active()).collect();
    let mission = *world.dice.pick(&missions)?;
    let (id, hospital) = (mission.id.clone(), HospitalId::new(&id_member(world), "h-1".parse().unwrap()));
    let next = match mission.phase {
        MissionPhase::Committed => MissionPhase::Airborne,
        MissionPhase::Airborne => MissionPhase::OnScene,
        MissionPhase::OnScene if world.dice.percent(30) => MissionPhase::Returning,
        MissionPhase::OnScene => MissionPhase::Transporting,
        MissionPhase::Transporting => MissionPhase::Arrived,
        MissionPhase::Arrived | MissionPhase::Returning | MissionPhase::Ready => MissionPhase::Ready,
    };
    let command = match world.dice.below(12) {
        0 => Command::AbortMission { mission: id, reason: AbortReason::Weather },
        1 => Command::StandDown { mission: id },
        2 => Command::ConfirmCommitment { mission: id },
        3..=4 => Command::ChooseHospital { mission: id, hospital, patients: 1 },
        _ => Command::ReportProgress { mission: id, phase: next },
    };
    does(ledger, command)
}

fn id_member(world: &mut World) -> MemberId {
    let members = world.members();
    let ledger = world.dice.pick(&members).expect("there are machines");
    member_of(ledger)
}

fn change_request(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let open = open_requests(own);
    let request = world.dice.pick(&open).cloned()?;
    let other =
        if world.dice.percent(50) { theirs(world, ledger)? } else { world.dice.pick(&open).cloned()? };
    let command = match world.dice.below(5) {
        0 => Command::CancelRequest { request, reason: CancelReason::NotNeeded },
        1 => Command::MergeRequest { request, into: other },
        2 => Command::LinkRequest { request, other },
        3 => Command::CloseRequest { request },
        _ => Command::SetAircraftCount { request, count: 2 },
    };
    does(ledger, command)
}

/// A request of somebody else that is open, as far as was read here.
fn theirs(world: &mut World, ledger: &LedgerId) -> Option<RequestId> {
    let open: Vec<RequestId> = world.nodes[ledger].copies.values().flat_map(open_requests).collect();
    world.dice.pick(&open).cloned()
}

fn attempts(own: &State, wanted: impl Fn(&Attempt) -> bool) -> Vec<RequisitionId> {
    let all = own.requests.values().flat_map(Request::attempts);
    all.filter(|(_, attempt)| wanted(attempt)).map(|(requisition, _)| requisition).collect()
}

fn take_back(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let standing = |attempt: &Attempt| !matches!(attempt.state, AttemptState::Ended(_));
    let requisition = world.dice.pick(&attempts(own, standing)).cloned()?;
    does(ledger, Command::WithdrawAttempt { requisition })
}

fn report_commit(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let open = |attempt: &Attempt| attempt.state == AttemptState::Open;
    let requisition = world.dice.pick(&attempts(own, open)).cloned()?;
    does(ledger, Command::ReportCommit { requisition, telephone: telephone() })
}

/// The hospital answers.
fn bed(world: &mut World, ledger: &LedgerId, own: &State) -> Option<Act> {
    let asked: Vec<LeaseId> = own
        .leases
        .values()
        .filter(|lease| lease.state == LeaseState::Asked)
        .map(|lease| lease.id.clone())
        .collect();
    let lease = world.dice.pick(&asked).cloned()?;
    let refusal = world.dice.percent(40).then_some(LeaseRefusal::NoBed);
    does(ledger, Command::AnswerBed { lease, refusal, telephone: None })
}

/// Somebody volunteers an aircraft, or takes a late go that they see, or says no to it.
fn offer(world: &mut World, ledger: &LedgerId, at: Timestamp) -> Option<Act> {
    if world.dice.percent(10) {
        let asset = AssetId::new(&member_of(ledger), "heli-3".parse().unwrap());
        return does(ledger, Command::OfferAsset { asset, window: Window { from: at, until: at + 3_600 } });
    }
    let node = &world.nodes[ledger];
    let own = node.own()?.clone();
    let mut late: Vec<(LedgerId, Offer)> = Vec::new();
    for (custodian, copy) in &node.copies {
        let open = copy
            .offers
            .values()
            .filter(|offer| offer.state == OfferState::Open && offer.requisition.is_some());
        late.extend(open.map(|offer| (custodian.clone(), offer.clone())));
    }
    let mine: Vec<(LedgerId, Offer)> = late
        .into_iter()
        .filter(|(_, offer)| {
            offer.requisition.as_ref().is_some_and(|late| own.requests.contains_key(&late.request))
        })
        .collect();
    let (custodian, offer) = world.dice.pick(&mine).cloned()?;
    let requisition = offer.requisition.clone()?;
    if world.dice.percent(10) {
        return does(&custodian, Command::StandDownOffer { offer: offer.id });
    }
    let attempts = &own.requests[&requisition.request].numbers[usize::from(requisition.number) - 1].attempts;
    let attempt = attempts.len() as u16 + 1;
    let send_another = world.dice.percent(60);
    let word = send_another.then(|| RequisitionId { attempt, ..requisition.clone() });
    let command = Command::OpenAttempt {
        request: requisition.request,
        number: requisition.number,
        choice: choice(offer.asset.clone(), IfBusy::Decline),
        answer_s: ANSWER_S,
        standing_order: None,
        send_another,
        takes: Some(offer.id),
        after: None,
    };
    Some(Act { ledger: ledger.clone(), command, word })
}
