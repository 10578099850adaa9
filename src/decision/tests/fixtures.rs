//! Two members with everything that a test may need; what it does not name stays as it is here.

use crate::decision::command::NewRequest;
use crate::decision::duties::{self, Duty, Peers, Wanted};
use crate::decision::model::*;
use crate::decision::{Command, Context, Event, Rejection, State};
use crate::id::{
    AssetId, HospitalId, LedgerId, MemberId, MissionId, OrganisationId, RequestId, RequisitionId, SiteId,
    StandingOrderId,
};
use crate::units::{Position, Seconds, Timestamp};
use std::collections::BTreeMap;
use std::str::FromStr;

/// 2026-12-05T00:00:00Z.
pub(super) const START: Timestamp = Timestamp(1_796_428_800_000);
/// How long a base has to answer here.
pub(super) const ANSWER_S: Seconds = 60;

pub(super) fn id<T: FromStr>(name: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    name.parse().unwrap()
}

pub(super) fn ledger(member: &str) -> LedgerId {
    LedgerId::Member(id(&format!("members/{member}")))
}

/// Some ledgers and the time; what was recorded in one is read in all.
pub(super) struct Union {
    pub(super) at: Timestamp,
    states: BTreeMap<LedgerId, State>,
}

impl Peers for Union {
    fn state(&self, ledger: &LedgerId) -> Option<&State> {
        self.states.get(ledger)
    }
}

impl Union {
    /// Members `a` and `b`: each a fire department, helicopters `x`, `y`, `z`, sites `s` and `t`, hospitals `h` and `i`.
    pub(super) fn new() -> Union {
        let states = ["a", "b"].map(|member| (ledger(member), State::new(ledger(member))));
        let mut union = Union { at: START, states: states.into_iter().collect() };
        for member in ["a", "b"] {
            for command in registry(&id(&format!("members/{member}"))) {
                union.given(member, command);
            }
        }
        union
    }

    pub(super) fn of(&self, member: &str) -> &State {
        &self.states[&ledger(member)]
    }

    pub(super) fn pass(&mut self, seconds: Seconds) {
        self.at = self.at + seconds;
    }

    /// What a ledger says to a command; nothing is recorded.
    pub(super) fn when(&self, member: &str, command: Command) -> Result<Vec<Event>, Rejection> {
        self.of(member).decide(self.at, &command)
    }

    /// Records a command that must be accepted.
    pub(super) fn given(&mut self, member: &str, command: Command) -> Vec<Event> {
        let events = self.when(member, command).expect("it is given, so it is accepted");
        self.record(&ledger(member), &events);
        events
    }

    /// Records events as they are, as an older version may have.
    pub(super) fn record(&mut self, ledger: &LedgerId, events: &[Event]) {
        let state = self.states.get_mut(ledger).unwrap();
        let context = Context { sequence: state.sequence + 1, at: self.at, actor: Actor("test".to_owned()) };
        state.begin_record(&context);
        events.iter().for_each(|event| state.apply(&context, event));
    }

    /// What `member` owes for its requests and missions.
    pub(super) fn owed(&self, member: &str) -> Vec<Duty> {
        let own = self.of(member);
        let requests = own.requests_driven.iter().chain(own.requests_merged.iter());
        let requests = requests.flat_map(|request| duties::of_request(self.at, own, self, request));
        let missions = own.missions.keys().flat_map(|mission| duties::of_mission(own, self, mission));
        requests.chain(missions).collect()
    }

    /// Does what everybody owes until nobody owes anything that changes something.
    pub(super) fn settle(&mut self) {
        for _ in 0..20 {
            let owed: Vec<Duty> = ["a", "b"].into_iter().flat_map(|member| self.owed(member)).collect();
            for duty in owed {
                if let Ok(events) = self.of_ledger(&duty.ledger).decide(self.at, &duty.command) {
                    self.record(&duty.ledger.clone(), &events);
                }
            }
        }
    }

    fn of_ledger(&self, ledger: &LedgerId) -> &State {
        &self.states[ledger]
    }

    pub(super) fn wanted(&self, member: &str) -> Vec<Wanted> {
        let own = self.of(member);
        own.requests.keys().flat_map(|request| duties::wanted(self.at, own, request)).collect()
    }

    /// Opens a request of `member` and asks `asset` for it; its name and that of the ask.
    pub(super) fn asked(&mut self, member: &str, asset: &str) -> (RequestId, RequisitionId) {
        let request = self.opened(member);
        let requisition = self.ask(&request, asset, |_| {}).unwrap();
        (request, requisition)
    }

    pub(super) fn opened(&mut self, member: &str) -> RequestId {
        match &self.given(member, Command::OpenRequest(new_request(member)))[..] {
            [Event::RequestOpened(opened)] => opened.request.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Opens the next attempt for number 1; `change` says what is special about it.
    pub(super) fn ask(
        &mut self,
        request: &RequestId,
        asset: &str,
        change: impl FnOnce(&mut Ask),
    ) -> Result<RequisitionId, Rejection> {
        let mut ask = Ask::default();
        change(&mut ask);
        let command = Command::OpenAttempt {
            request: request.clone(),
            number: 1,
            choice: choice(id(asset), ask.if_busy),
            answer_s: ANSWER_S,
            standing_order: ask.standing_order,
            send_another: ask.send_another,
            takes: ask.takes.map(|offer| id(&offer)),
            after: ask.after,
        };
        let member = request.member.slug().to_owned();
        let events = self.when(&member, command)?;
        self.record(&request.ledger(), &events);
        match &events[..] {
            [Event::AttemptOpened { requisition, .. }] => Ok(requisition.clone()),
            other => panic!("{other:?}"),
        }
    }

    /// The ask reaches its custodian and is committed there; the mission.
    pub(super) fn committed(&mut self, custodian: &str, requisition: &RequisitionId) -> MissionId {
        let command =
            Command::CommitRequisition { requisition: requisition.clone(), telephone: None, crew: None };
        let events = self.given(custodian, command);
        let mission = events.iter().find_map(|event| match event {
            Event::Committed { mission, .. } => Some(mission.clone()),
            _ => None,
        });
        mission.unwrap()
    }

    /// The named order of `member`, in force for a day.
    pub(super) fn standing_order(&mut self, member: &str) -> StandingOrderId {
        let order: StandingOrderId = id(&format!("members/{member}/standingOrders/night"));
        let (answers_for, until) = ("Sato".to_owned(), self.at + 86_400);
        self.given(member, Command::GiveStandingOrder { id: order.clone(), answers_for, until });
        order
    }

    pub(super) fn progress(&mut self, mission: &MissionId, phase: MissionPhase) {
        let member = mission.member.slug().to_owned();
        self.given(&member, Command::ReportProgress { mission: mission.clone(), phase });
    }

    pub(super) fn attempt(&self, requisition: &RequisitionId) -> &Attempt {
        let state = self.of(requisition.request.member.slug());
        state.requests[&requisition.request].attempt(requisition).unwrap()
    }

    pub(super) fn mission(&self, mission: &MissionId) -> &Mission {
        &self.of(mission.member.slug()).missions[mission]
    }
}

/// What is special about an ask.
pub(super) struct Ask {
    pub(super) if_busy: IfBusy,
    pub(super) standing_order: Option<StandingOrderId>,
    pub(super) send_another: bool,
    pub(super) takes: Option<String>,
    pub(super) after: Option<u16>,
}

impl Default for Ask {
    fn default() -> Ask {
        Ask { if_busy: IfBusy::Decline, standing_order: None, send_another: false, takes: None, after: None }
    }
}

pub(super) fn choice(asset: AssetId, if_busy: IfBusy) -> Choice {
    Choice { asset, sites: Vec::new(), hospital: None, if_busy, at_site: None }
}

pub(super) fn new_request(member: &str) -> NewRequest {
    NewRequest {
        kind: RequestKind::Scene,
        requester: id(&format!("members/{member}/organisations/fd")),
        incident: String::new(),
        position: place(),
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
        aircraft_count: 1,
        caller: None,
        patients: None,
    }
}

fn place() -> Position {
    Position::from_degrees(35.0, 135.0).unwrap()
}

fn name() -> Name {
    Name { ja: "仮".to_owned(), en: "drill".to_owned() }
}

fn registry(member: &MemberId) -> Vec<Command> {
    let mut commands = vec![Command::RegisterOrganisation(Organisation {
        id: OrganisationId::new(member, id("fd")),
        name: name(),
        kind: OrganisationKind::FireDepartment,
        telephone: String::new(),
        municipalities: Vec::new(),
    })];
    commands.extend(["x", "y", "z"].map(|slug| Command::RegisterAsset(helicopter(member, slug))));
    commands.extend(["s", "t"].map(|slug| Command::RegisterSite(site(member, slug))));
    commands.extend(["h", "i"].map(|slug| {
        Command::RegisterHospital(Hospital {
            id: HospitalId::new(member, id(slug)),
            name: name(),
            organisation: None,
            position: place(),
            region: id("weatherRegions/inland"),
            capabilities: Capabilities::default(),
            pad: None,
            telephone: String::new(),
        })
    }));
    commands
}

fn site(member: &MemberId, slug: &str) -> Site {
    Site {
        id: SiteId::new(member, id(slug)),
        name: name(),
        kind: SiteKind::Rendezvous,
        position: place(),
        municipality: 28_223,
        region: id("weatherRegions/inland"),
        mass_max_kg: 6_000,
        size_max_m: 20,
        spots: 1,
        fuel: false,
        securing_s: 600,
        telephone: String::new(),
    }
}

fn helicopter(member: &MemberId, slug: &str) -> Asset {
    Asset {
        id: AssetId::new(member, id(slug)),
        name: name(),
        kind: AssetKind::DoctorHelicopter,
        custodian: OrganisationId::new(member, id("base")),
        owner: None,
        operator: None,
        model: "EC135".to_owned(),
        base: place(),
        base_site: None,
        region: id("weatherRegions/inland"),
        block: id("block"),
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
        offered_only: false,
    }
}
