//! Calls through the generated service traits, on a union of plain states: no disk, no network, no waiting.

use super::conditions::Conditions;
use super::desk::{ACTOR_HEADER, Desk};
use super::dispatch::{Dispatch, ranking::NoAdviser};
use super::registry::Registry;
use crate::api::v1::condition_service_server::ConditionService as _;
use crate::api::v1::dispatch_service_server::DispatchService as _;
use crate::api::v1::registry_service_server::RegistryService as _;
use crate::api::v1::{self, mission::Warning, requisition::State as Ask};
use crate::authority::{LedgerView, Outcome, StoredProblem, Submission, SubmitError, Union, View};
use crate::clock::VirtualClock;
use crate::decision::model::{Actor, Choice, IfBusy, Name, SealId};
use crate::decision::touches::Touched;
use crate::decision::{Command, Context, Event, Rejection, State, duties};
use crate::id::{LedgerId, Space};
use crate::ledger::Digest;
use crate::units::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tonic::{Code, Request, Response, Status};
use tonic_types::StatusExt;

/// 2026-12-05T10:00:00+09:00.
const NOW: Timestamp = Timestamp(1_796_432_400_000);

/// A union in one process: every command is decided at once, and what ledgers owe each other is done at once.
#[derive(Debug)]
struct Stage {
    inner: Mutex<Inner>,
    views: tokio::sync::watch::Sender<Arc<View>>,
}

#[derive(Debug, Default)]
struct Inner {
    states: BTreeMap<LedgerId, State>,
    touched: Vec<Touched>,
    seals: BTreeMap<(LedgerId, SealId), String>,
    answers: BTreeMap<(LedgerId, Vec<u8>), (Command, Outcome)>,
}

impl duties::Peers for Inner {
    fn state(&self, ledger: &LedgerId) -> Option<&State> {
        self.states.get(ledger)
    }
}

impl Inner {
    fn take(&mut self, ledger: &LedgerId, actor: Actor, command: &Command) -> Result<Outcome, SubmitError> {
        let state = self.states.get_mut(ledger);
        let state = state.ok_or_else(|| SubmitError::NoLedger { ledger: ledger.clone() })?;
        let events = state.decide(NOW, command)?;
        if events.is_empty() {
            return Ok(Outcome { sequence: 0, at: NOW, events });
        }
        let context = Context { sequence: state.sequence + 1, at: NOW, actor };
        events.iter().for_each(|event| state.apply(&context, event));
        self.touched.push(Touched::by(ledger, context.sequence, &events, state));
        for (index, sealed) in command.sealed().into_iter().enumerate() {
            let seal = SealId { sequence: context.sequence, index: index as u16 };
            self.seals.insert((ledger.clone(), seal), sealed.text);
        }
        for event in &events {
            if let Event::MemberRegistered(member) = event {
                let ledger = LedgerId::Member(member.id.clone());
                self.states.entry(ledger.clone()).or_insert_with(|| State::new(ledger));
            }
        }
        Ok(Outcome { sequence: context.sequence, at: NOW, events })
    }

    /// Does what the ledgers owe each other until nothing is owed.
    fn settle(&mut self) {
        for _ in 0..100 {
            let owed: Vec<duties::Duty> = self
                .states
                .values()
                .flat_map(|own| {
                    let requests = own.requests.keys();
                    let requests = requests.flat_map(|id| duties::of_request(NOW, own, self, id));
                    let missions = own.missions.keys();
                    requests.chain(missions.flat_map(|id| duties::of_mission(own, self, id)))
                })
                .collect();
            let before = self.touched.len();
            for duty in owed {
                let _ = self.take(&duty.ledger, Actor("authority".into()), &duty.command);
            }
            if self.touched.len() == before {
                return;
            }
        }
        panic!("the ledgers never come to rest");
    }
}

impl Stage {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// Takes a command without doing what ledgers owe each other.
    fn take_alone(&self, ledger: &LedgerId, command: &Command) {
        let mut inner = self.lock();
        inner.take(ledger, Actor("test".into()), command).unwrap();
        self.publish(&inner);
    }

    fn publish(&self, inner: &Inner) {
        let shown = |state: &State| Arc::new(LedgerView { state: state.clone(), partial: false });
        let ledgers = inner.states.iter().map(|(id, state)| (id.clone(), shown(state))).collect();
        let space = self.view().space.clone();
        self.views.send_replace(Arc::new(View { space, ledgers }));
    }
}

impl Union for Stage {
    fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    fn subscribe(&self) -> tokio::sync::watch::Receiver<Arc<View>> {
        self.views.subscribe()
    }

    fn touched_since(&self, seen: &BTreeMap<LedgerId, u64>) -> Option<Vec<Touched>> {
        let inner = self.lock();
        let new = inner.touched.iter().filter(|touched| touched.sequence > seen[&touched.ledger]);
        Some(new.cloned().collect())
    }

    fn now(&self) -> Timestamp {
        NOW
    }

    fn drill_clock(&self) -> Option<&VirtualClock> {
        None
    }

    async fn clock_turned(&self) {}

    async fn submit(&self, ledger: &LedgerId, submission: Submission) -> Result<Outcome, SubmitError> {
        let mut inner = self.lock();
        let key = (ledger.clone(), submission.request_id.clone());
        if let Some((command, outcome)) = inner.answers.get(&key) {
            if *command == submission.command {
                return Ok(outcome.clone());
            }
            let request_id = String::from_utf8_lossy(&submission.request_id).into_owned();
            return Err(Rejection::RequestIdReused { request_id }.into());
        }
        if submission.validate_only {
            let state = inner.states.get(ledger);
            let state = state.ok_or_else(|| SubmitError::NoLedger { ledger: ledger.clone() })?;
            let events = state.decide(NOW, &submission.command)?;
            return Ok(Outcome { sequence: 0, at: NOW, events });
        }
        let outcome = inner.take(ledger, submission.actor, &submission.command)?;
        inner.answers.insert(key, (submission.command, outcome.clone()));
        inner.settle();
        self.publish(&inner);
        Ok(outcome)
    }

    async fn recorded(
        &self,
        ledger: &LedgerId,
        request_id: &[u8],
        payload: &[u8],
    ) -> Result<Option<Outcome>, SubmitError> {
        let answers = &self.lock().answers;
        let before = answers.get(&(ledger.clone(), request_id.to_owned()));
        let same = before.filter(|(command, _)| crate::record::canonical(command) == payload);
        Ok(same.map(|(_, outcome)| outcome.clone()))
    }

    async fn open_seal(&self, ledger: &LedgerId, seal: SealId) -> Result<Option<String>, SubmitError> {
        Ok(self.lock().seals.get(&(ledger.clone(), seal)).cloned())
    }

    async fn problem_bytes(&self, _: &LedgerId, _: Digest) -> Result<Option<Vec<u8>>, SubmitError> {
        unreachable!("no plan is asked for here")
    }

    async fn problem(&self, _: &LedgerId, _: u64) -> Result<Option<StoredProblem>, SubmitError> {
        Ok(None)
    }
}

struct World {
    union: Arc<Stage>,
    registry: Registry<Stage>,
    conditions: Conditions<Stage>,
    dispatch: Dispatch<Stage, NoAdviser>,
}

fn ask<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert(ACTOR_HEADER, "tester".parse().unwrap());
    request
}

fn got<T>(answer: Result<Response<T>, Status>) -> T {
    answer.map_err(|status| format!("{status:?}")).unwrap().into_inner()
}

/// The code and the reason of a refusal.
fn refused<T: std::fmt::Debug>(answer: Result<Response<T>, Status>) -> (Code, String) {
    let status = answer.unwrap_err();
    let details = status.get_error_details();
    (status.code(), details.error_info().unwrap().reason.clone())
}

fn name(en: &str) -> Option<v1::DisplayName> {
    Some(v1::DisplayName { ja: en.into(), en: en.into() })
}

fn at(latitude: f64, longitude: f64) -> Option<v1::LatLng> {
    Some(v1::LatLng { latitude, longitude })
}

fn span(seconds: i64) -> Option<prost_types::Duration> {
    Some(prost_types::Duration { seconds, nanos: 0 })
}

fn helicopter() -> v1::Asset {
    v1::Asset {
        display_name: name("Doctor helicopter"),
        kind: v1::asset::Kind::DoctorHelicopter.into(),
        custodian: "members/hyogo/organisations/toyooka".into(),
        model: "EC135".into(),
        base: at(35.53, 134.81),
        weather_region: "weatherRegions/tajima".into(),
        block: "north".into(),
        telephone: "000-0000-1001".into(),
        planning_speed_kmh: 200,
        range_m: 600_000,
        endurance: span(9_000),
        seats: 6,
        stretchers: 1,
        capabilities: vec![v1::Capability::Physician.into()],
        mass_kg: 2_950,
        size_m: 13,
        start_up: span(240),
        turnaround: span(900),
        service_from_s: 30_600,
        service_until_s: 86_400,
        sunset_margin: span(1_800),
        visibility_m_min: 1_500,
        ceiling_m_min: 300,
        wind_kmh_max: 60,
        duty_max: span(36_000),
        flight_max: span(18_000),
        ..v1::Asset::default()
    }
}

fn call_for_help() -> v1::Request {
    v1::Request {
        kind: v1::RequestKind::Scene.into(),
        requester: "members/hyogo/organisations/tamba".into(),
        position: at(35.18, 135.04),
        place: "Kaibara, Tamba".into(),
        caller: "090-0000-0000".into(),
        patients: "man, about 60".into(),
        ..v1::Request::default()
    }
}

impl World {
    fn empty() -> World {
        let field = LedgerId::Field("fields/medical".parse().unwrap());
        let space: Space = "drill/kansai".parse().unwrap();
        let union = Arc::new(Stage {
            inner: Mutex::default(),
            views: tokio::sync::watch::channel(Arc::new(View::empty(space))).0,
        });
        union.lock().states.insert(field.clone(), State::new(field.clone()));
        let open = Command::OpenField {
            field: "fields/medical".parse().unwrap(),
            office: None,
            deputies: Vec::new(),
        };
        union.take_alone(&field, &open);
        let bridge = ("structures/onaruto-bridge".parse().unwrap(), Name::default());
        let desk = Arc::new(Desk::new(Arc::clone(&union), [bridge].into()));
        World {
            union,
            registry: Registry::new(Arc::clone(&desk)),
            conditions: Conditions::new(Arc::clone(&desk), no_roads()),
            dispatch: Dispatch::new(desk, Arc::new(NoAdviser)),
        }
    }

    /// Hyogo with a fire department, a base, a helicopter, a landing site and a hospital.
    async fn hyogo() -> World {
        let world = World::empty();
        let member = v1::Member {
            display_name: name("Hyogo"),
            kind: v1::member::Kind::Prefecture.into(),
            joined_date: "2010-12-01".into(),
            ..v1::Member::default()
        };
        let create =
            v1::CreateMemberRequest { member_id: "hyogo".into(), member: Some(member), ..Default::default() };
        got(world.registry.create_member(ask(create)).await);
        for (id, kind) in
            [("tamba", v1::organisation::Kind::FireDepartment), ("toyooka", v1::organisation::Kind::Base)]
        {
            let organisation = v1::Organisation {
                display_name: name(id),
                kind: kind.into(),
                telephone: "1".into(),
                ..v1::Organisation::default()
            };
            let create = v1::CreateOrganisationRequest {
                parent: "members/hyogo".into(),
                organisation_id: id.into(),
                organisation: Some(organisation),
                ..Default::default()
            };
            got(world.registry.create_organisation(ask(create)).await);
        }
        got(world.create_asset("heli-toyooka", helicopter()).await);
        let site = v1::Site {
            display_name: name("Kaibara park"),
            kind: v1::site::Kind::Rendezvous.into(),
            position: at(35.13, 135.08),
            municipality: 28_223,
            weather_region: "weatherRegions/tamba".into(),
            mass_kg_max: 10_000,
            size_m_max: 30,
            spots: 1,
            telephone: "0795-72-0000".into(),
            ..v1::Site::default()
        };
        let create = v1::CreateSiteRequest {
            parent: "members/hyogo".into(),
            site_id: "kaibara".into(),
            site: Some(site),
            ..Default::default()
        };
        got(world.registry.create_site(ask(create)).await);
        let hospital = v1::Hospital {
            display_name: name("Toyooka"),
            position: at(35.53, 134.81),
            weather_region: "weatherRegions/tajima".into(),
            telephone: "000-0000-1001".into(),
            ..v1::Hospital::default()
        };
        let create = v1::CreateHospitalRequest {
            parent: "members/hyogo".into(),
            hospital_id: "toyooka".into(),
            hospital: Some(hospital),
            ..Default::default()
        };
        got(world.registry.create_hospital(ask(create)).await);
        world
    }

    async fn create_asset(&self, id: &str, asset: v1::Asset) -> Result<Response<v1::Asset>, Status> {
        let create = v1::CreateAssetRequest {
            parent: "members/hyogo".into(),
            asset_id: id.into(),
            asset: Some(asset),
            ..Default::default()
        };
        self.registry.create_asset(ask(create)).await
    }

    async fn open(&self, request: v1::Request) -> Result<Response<v1::Request>, Status> {
        self.open_as("", request).await
    }

    async fn open_as(&self, id: &str, request: v1::Request) -> Result<Response<v1::Request>, Status> {
        let create = v1::CreateRequestRequest {
            parent: "members/hyogo".into(),
            request: Some(request),
            request_id: id.into(),
            validate_only: false,
        };
        self.dispatch.create_request(ask(create)).await
    }

    /// Asks the helicopter for a request, as the adviser would.
    async fn send(&self, request: &str) -> String {
        let request = request.trim_start_matches("drill/kansai/").to_string();
        let command = Command::OpenAttempt {
            request: request.parse().unwrap(),
            number: 1,
            choice: Choice {
                asset: "members/hyogo/assets/heli-toyooka".parse().unwrap(),
                sites: vec!["members/hyogo/sites/kaibara".parse().unwrap()],
                hospital: None,
                if_busy: IfBusy::Decline,
                at_site: None,
            },
            answer_s: 120,
            standing_order: None,
            send_another: false,
            takes: None,
            after: None,
        };
        let submission = Submission::new(format!("ask {request}"), Actor("test".into()), command);
        let ledger = "members/hyogo".parse().unwrap();
        self.union.submit(&ledger, submission).await.unwrap();
        format!("{request}/requisitions/1-1")
    }

    async fn requisition(&self, name: &str) -> v1::Requisition {
        let message = v1::GetRequisitionRequest { name: name.into() };
        got(self.dispatch.get_requisition(ask(message)).await)
    }

    async fn commit(&self, name: &str) -> Result<Response<v1::Mission>, Status> {
        let message = v1::CommitRequisitionRequest {
            name: name.into(),
            crew: "Tanaka, Mori".into(),
            ..Default::default()
        };
        self.dispatch.commit_requisition(ask(message)).await
    }

    async fn report(&self, mission: &str, state: v1::mission::State) -> v1::Mission {
        let message =
            v1::ReportProgressRequest { name: mission.into(), state: state.into(), ..Default::default() };
        got(self.dispatch.report_progress(ask(message)).await)
    }

    fn records(&self) -> usize {
        self.union.lock().touched.len()
    }
}

/// Roads of nowhere: what these tests close is known by its name alone.
fn no_roads() -> Arc<crate::authority::RoadBoard> {
    let nodes = &b"id,name_ja,name_en,lat,lon\n"[..];
    let structures = &b"id,name_ja,name_en\n"[..];
    let header = "from,to,road_ja,road_en,class,length_km,free_flow_kmh,structure,oneway,structure_id\n";
    let links = header.as_bytes();
    let map = crate::network::RoadMap::read(crate::network::RoadTables { nodes, structures, links });
    Arc::new(crate::authority::RoadBoard::new(map.unwrap()))
}

#[tokio::test]
async fn a_call_is_flown_to_its_end() {
    let world = World::hyogo().await;
    let request = got(world.open(call_for_help()).await);
    assert_eq!(request.name, "drill/kansai/members/hyogo/requests/r-1");
    assert_eq!((request.caller.as_str(), request.patients.as_str()), ("090-0000-0000", "man, about 60"));
    assert_eq!((request.aircraft_count, request.creator.as_str()), (1, "unauthenticated:tester"));

    let id = world.send(&request.name).await;
    let requisition = world.requisition(&format!("drill/kansai/{id}")).await;
    assert_eq!(requisition.state(), Ask::Asked);
    assert_eq!(requisition.site, "drill/kansai/members/hyogo/sites/kaibara");
    assert_eq!(requisition.telephone, "000-0000-1001");
    let acknowledge = v1::AcknowledgeRequisitionRequest { name: id.clone(), ..Default::default() };
    let requisition = got(world.dispatch.acknowledge_requisition(ask(acknowledge)).await);
    assert_eq!(requisition.state(), Ask::Acknowledged);

    let mission = got(world.commit(&id).await);
    assert_eq!((mission.state(), mission.crew.as_str()), (v1::mission::State::Committed, "Tanaka, Mori"));
    assert!(mission.notices.is_empty(), "the site is leased: {:?}", mission.notices);
    let asset = v1::GetAssetRequest { name: "members/hyogo/assets/heli-toyooka".into() };
    let asset = got(world.registry.get_asset(ask(asset)).await);
    assert_eq!((asset.state(), &asset.mission), (v1::asset::State::Assigned, &mission.name));

    world.report(&mission.name, v1::mission::State::Airborne).await;
    world.report(&mission.name, v1::mission::State::OnScene).await;
    let choose = v1::ChooseHospitalRequest {
        name: mission.name.clone(),
        hospital: "members/hyogo/hospitals/toyooka".into(),
        ..Default::default()
    };
    let chosen = got(world.dispatch.choose_hospital(ask(choose)).await);
    assert!(chosen.hospital_chosen && chosen.notices.is_empty());
    let underway = world.report(&mission.name, v1::mission::State::Transporting).await;
    assert_eq!(underway.notices[0].warning(), Warning::NoBed);
    assert_eq!(underway.notices[0].telephone, "000-0000-1001");
    let bed = v1::AnswerBedRequest {
        requisition: id.clone(),
        hospital: "members/hyogo/hospitals/toyooka".into(),
        accepted: true,
        ..Default::default()
    };
    let bed = got(world.dispatch.answer_bed(ask(bed)).await);
    assert_eq!((bed.state(), bed.purpose()), (v1::lease::State::Granted, v1::lease::Purpose::Bed));
    world.report(&mission.name, v1::mission::State::Arrived).await;
    world.report(&mission.name, v1::mission::State::Returning).await;
    let ready = world.report(&mission.name, v1::mission::State::Ready).await;
    assert_eq!((ready.end(), ready.notices.len()), (v1::mission::End::Completed, 0));
    assert_eq!(world.requisition(&id).await.state(), Ask::Completed);
    let close = v1::CloseRequestRequest { name: request.name, ..Default::default() };
    assert!(got(world.dispatch.close_request(ask(close)).await).filled);
}

#[tokio::test]
async fn a_retry_gets_the_first_answer_and_another_payload_none() {
    let world = World::hyogo().await;
    let first = got(world.open_as("call-7", call_for_help()).await);
    let records = world.records();
    assert_eq!(got(world.open_as("call-7", call_for_help()).await), first);
    let other = v1::Request { place: "elsewhere".into(), ..call_for_help() };
    let reused = (Code::InvalidArgument, "REQUEST_ID_REUSED".to_string());
    assert_eq!(refused(world.open_as("call-7", other).await), reused);
    assert_eq!(world.records(), records);
}

#[tokio::test]
async fn bad_input_is_named_and_changes_nothing() {
    let world = World::hyogo().await;
    let records = world.records();
    let cases = [
        (v1::Request { position: at(f64::NAN, 135.0), ..call_for_help() }, "request.position.latitude"),
        (v1::Request { position: at(35.0, 181.0), ..call_for_help() }, "request.position.longitude"),
        (v1::Request { position: None, ..call_for_help() }, "request.position"),
        (v1::Request { kind: 99, ..call_for_help() }, "request.kind"),
        (v1::Request { kind: 0, ..call_for_help() }, "request.kind"),
        (v1::Request { hospitals: vec!["x".repeat(9_999)], ..call_for_help() }, "request.hospitals[0]"),
        (v1::Request { stretchers: u32::MAX, ..call_for_help() }, "request.stretchers"),
        (v1::Request { place: "x".repeat(5_000), ..call_for_help() }, "request.place"),
        (v1::Request { keyword: "a\u{7}".into(), ..call_for_help() }, "request.keyword"),
        (v1::Request { site: "drill/other/members/a/sites/b".into(), ..call_for_help() }, "request.site"),
        (
            v1::Request {
                due_time: Some(prost_types::Timestamp { seconds: 0, nanos: -1 }),
                ..call_for_help()
            },
            "request.due_time",
        ),
        (
            v1::Request {
                call_time: Some(prost_types::Timestamp { seconds: 0, nanos: 0 }),
                ..call_for_help()
            },
            "request.call_time",
        ),
    ];
    for (request, field) in cases {
        let status = world.open(request).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{field}: {status:?}");
        let details = status.get_error_details();
        assert_eq!(details.bad_request().unwrap().field_violations[0].field, field);
    }
    let stranger = v1::Request { requester: "members/hyogo/organisations/nobody".into(), ..call_for_help() };
    assert_eq!(refused(world.open(stranger).await), (Code::NotFound, "NOT_FOUND".to_string()));
    let base = v1::Request { requester: "members/hyogo/organisations/toyooka".into(), ..call_for_help() };
    assert_eq!(refused(world.open(base).await), (Code::PermissionDenied, "MAY_NOT_ASK".to_string()));
    assert_eq!(world.records(), records);
}

#[tokio::test]
async fn what_is_only_judged_is_shown_but_not_done() {
    let world = World::hyogo().await;
    let request = got(world.open(call_for_help()).await);
    let id = world.send(&request.name).await;
    let records = world.records();
    let create = v1::CreateRequestRequest {
        parent: "members/hyogo".into(),
        request: Some(call_for_help()),
        validate_only: true,
        ..Default::default()
    };
    let would_be = got(world.dispatch.create_request(ask(create)).await);
    assert_eq!(would_be.name, "drill/kansai/members/hyogo/requests/r-2");
    let commit = v1::CommitRequisitionRequest { name: id.clone(), validate_only: true, ..Default::default() };
    let mission = got(world.dispatch.commit_requisition(ask(commit)).await);
    assert_eq!(mission.name, "drill/kansai/members/hyogo/missions/m-1");
    let create = v1::CreateAssetRequest {
        parent: "members/hyogo".into(),
        asset_id: "second".into(),
        asset: Some(helicopter()),
        validate_only: true,
        ..Default::default()
    };
    let asset = got(world.registry.create_asset(ask(create)).await);
    assert_eq!((asset.state(), asset.mass_kg), (v1::asset::State::Available, 2_950));
    assert_eq!(world.records(), records);
    assert_eq!(world.requisition(&id).await.state(), Ask::Asked);
}

#[tokio::test]
async fn a_go_after_the_end_is_no_commitment_until_it_is_taken() {
    let world = World::hyogo().await;
    let request = got(world.open(call_for_help()).await);
    let id = world.send(&request.name).await;
    let withdraw = v1::WithdrawRequisitionRequest { name: id.clone(), ..Default::default() };
    let withdrawn = got(world.dispatch.withdraw_requisition(ask(withdraw)).await);
    assert_eq!((withdrawn.state(), withdrawn.withdrawal_asked), (Ask::Withdrawn, true));

    let too_late = (Code::FailedPrecondition, "GO_TOO_LATE".to_string());
    assert_eq!(refused(world.commit(&id).await), too_late);
    assert_eq!(refused(world.commit(&id).await), too_late, "again: it is an offer already");
    let offer = world.requisition(&id).await.offer;
    assert_eq!(offer, "drill/kansai/members/hyogo/offers/o-1");

    let take =
        |id: &str| v1::TakeOfferRequest { offer: offer.clone(), request_id: id.into(), ..Default::default() };
    let taken = got(world.dispatch.take_offer(ask(take("take-1"))).await);
    assert_eq!((taken.attempt, taken.state()), (2, Ask::Committed));
    assert_eq!(got(world.dispatch.take_offer(ask(take("take-1"))).await), taken, "a retry");
    assert_eq!(refused(world.dispatch.take_offer(ask(take("take-2"))).await).1, "NUMBER_SERVED");
    let stand_down = v1::StandDownOfferRequest { offer, ..Default::default() };
    assert_eq!(refused(world.dispatch.stand_down_offer(ask(stand_down)).await).1, "OFFER_NOT_OPEN");
}

#[tokio::test]
async fn calls_for_one_scene_find_each_other_until_they_are_merged() {
    let world = World::hyogo().await;
    let first = got(world.open(call_for_help()).await);
    assert!(first.possible_duplicates.is_empty());
    let near = v1::Request { position: at(35.188, 135.04), ..call_for_help() };
    let second = got(world.open(near).await);
    assert_eq!(second.possible_duplicates, std::slice::from_ref(&first.name));
    let far = v1::Request { position: at(35.20, 135.04), ..call_for_help() };
    assert!(got(world.open(far).await).possible_duplicates.is_empty());
    let supplies = v1::Request { kind: v1::RequestKind::Supplies.into(), ..call_for_help() };
    assert!(got(world.open(supplies).await).possible_duplicates.is_empty());

    let id = world.send(&second.name).await;
    got(world.commit(&id).await);
    let merge = v1::MergeRequestsRequest {
        name: second.name.clone(),
        into: first.name.clone(),
        ..Default::default()
    };
    let merged = got(world.dispatch.merge_requests(ask(merge)).await);
    assert_eq!((merged.state(), &merged.merged_into), (v1::request::State::Merged, &first.name));
    let get = v1::GetRequestRequest { name: first.name.clone() };
    let shown = got(world.dispatch.get_request(ask(get)).await);
    assert_eq!(shown.merged_from, [second.name]);
    assert!(shown.possible_duplicates.is_empty());
    assert_eq!(shown.requisitions[0].state(), Ask::Committed, "its mission is shown at both");
}

#[tokio::test]
async fn lists_are_filtered_and_paged_by_name() {
    let world = World::hyogo().await;
    for id in ["a", "b", "c"] {
        got(world.create_asset(id, helicopter()).await);
    }
    let out = v1::TakeAssetOutOfServiceRequest {
        name: "members/hyogo/assets/b".into(),
        reason: v1::OutageReason::NoMechanics.into(),
        ..Default::default()
    };
    let b = got(world.registry.take_asset_out_of_service(ask(out.clone())).await);
    assert_eq!(b.state(), v1::asset::State::OutOfService);
    let list = |parent: &str, page_token: &str| v1::ListAssetsRequest {
        parent: parent.into(),
        page_size: 2,
        page_token: page_token.into(),
        filter: "state = AVAILABLE".into(),
    };
    let slugs = |answer: &v1::ListAssetsResponse| {
        let last = |asset: &v1::Asset| asset.name.rsplit('/').next().unwrap().to_string();
        answer.assets.iter().map(last).collect::<Vec<_>>()
    };
    let first = got(world.registry.list_assets(ask(list("members/-", ""))).await);
    assert_eq!(slugs(&first), ["a", "c"]);
    let again = list("drill/kansai/members/-", &first.next_page_token);
    let second = got(world.registry.list_assets(ask(again)).await);
    assert_eq!((slugs(&second), second.next_page_token.as_str()), (vec!["heli-toyooka".to_string()], ""));
    let other = list("members/hyogo", &first.next_page_token);
    let wrong = (Code::InvalidArgument, "PAGE_TOKEN_INVALID".to_string());
    assert_eq!(refused(world.registry.list_assets(ask(other)).await), wrong);
    let nobody = list("members/nobody", "");
    assert_eq!(refused(world.registry.list_assets(ask(nobody)).await).0, Code::NotFound);

    let stale = v1::TakeAssetOutOfServiceRequest { etag: "0".into(), ..out.clone() };
    let lost = (Code::Aborted, "ETAG_MISMATCH".to_string());
    assert_eq!(refused(world.registry.take_asset_out_of_service(ask(stale)).await), lost);
    let back = v1::MakeAssetAvailableRequest { name: out.name, etag: b.etag, ..Default::default() };
    let back = got(world.registry.make_asset_available(ask(back)).await);
    assert_eq!(back.state(), v1::asset::State::Available);
}

#[tokio::test]
async fn the_nearest_assets_come_with_their_distance() {
    let world = World::hyogo().await;
    got(world.create_asset("far", v1::Asset { base: at(34.0, 134.0), ..helicopter() }).await);
    let search = v1::SearchNearestAssetsRequest { position: at(35.53, 134.81), ..Default::default() };
    let results = got(world.registry.search_nearest_assets(ask(search)).await).results;
    assert_eq!(results.iter().map(|result| result.distance_m > 0).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test]
async fn only_a_structure_of_the_network_can_be_closed() {
    let world = World::hyogo().await;
    let close = |name: &str| v1::CloseStructureRequest {
        parent: "members/hyogo".into(),
        name: name.into(),
        note: "wind".into(),
        ..Default::default()
    };
    let closed = got(world.conditions.close_structure(ask(close("structures/onaruto-bridge"))).await);
    assert!(closed.closed && closed.reporter == "drill/kansai/members/hyogo");
    let unknown = world.conditions.close_structure(ask(close("structures/nowhere"))).await;
    assert_eq!(refused(unknown), (Code::NotFound, "NOT_FOUND".to_string()));
    let list = v1::ListStructuresRequest { filter: "closed = true".into(), ..Default::default() };
    assert_eq!(got(world.conditions.list_structures(ask(list)).await).structures, [closed]);
}

#[tokio::test]
async fn an_ask_whose_custodian_cannot_be_read_is_in_doubt() {
    let world = World::hyogo().await;
    let request = got(world.open(call_for_help()).await);
    let command = Command::OpenAttempt {
        request: "members/hyogo/requests/r-1".parse().unwrap(),
        number: 1,
        choice: Choice {
            asset: "members/tottori/assets/x".parse().unwrap(),
            sites: Vec::new(),
            hospital: None,
            if_busy: IfBusy::Decline,
            at_site: None,
        },
        answer_s: 120,
        standing_order: None,
        send_another: false,
        takes: None,
        after: None,
    };
    world.union.take_alone(&"members/hyogo".parse().unwrap(), &command);
    let list = v1::ListRequisitionsRequest { parent: request.name, ..Default::default() };
    let listed = got(world.dispatch.list_requisitions(ask(list)).await).requisitions;
    assert_eq!(listed.iter().map(|r| r.state()).collect::<Vec<_>>(), [Ask::InDoubt]);
    let list = v1::ListRequisitionsRequest {
        parent: "members/-".into(),
        filter: "state = IN_DOUBT AND asset = members/tottori/assets/x".into(),
        ..Default::default()
    };
    assert_eq!(got(world.dispatch.list_requisitions(ask(list)).await).requisitions, listed);
}

#[tokio::test]
async fn a_name_that_stands_for_nothing_is_not_found_and_never_passed_over() {
    let world = World::hyogo().await;
    let before = world.records();
    let nowhere = || "members/hyogo/hospitals/nowhere".to_string();
    let requests = [
        v1::Request { site: "members/hyogo/sites/nowhere".into(), ..call_for_help() },
        v1::Request {
            hospitals: vec!["members/hyogo/hospitals/toyooka".into(), nowhere()],
            ..call_for_help()
        },
        v1::Request { origin_hospital: nowhere(), ..call_for_help() },
        v1::Request { origin_hospital: nowhere(), position: None, ..call_for_help() },
    ];
    for request in requests {
        let status = world.open(request).await.unwrap_err();
        assert_eq!(status.code(), Code::NotFound, "{status}");
        assert!(status.message().contains("nowhere"), "{status}");
    }
    let assets = [
        v1::Asset { custodian: "members/hyogo/organisations/nobody".into(), ..helicopter() },
        v1::Asset { owner: "members/kyoto/organisations/nobody".into(), ..helicopter() },
        v1::Asset { base_site: "members/hyogo/sites/nowhere".into(), ..helicopter() },
    ];
    for asset in assets {
        assert_eq!(refused(world.create_asset("other", asset).await).0, Code::NotFound);
    }
    assert_eq!(world.records(), before);
}

#[tokio::test]
async fn weather_of_a_region_that_nothing_lies_in_names_the_nearest_that_something_does() {
    let world = World::hyogo().await;
    let report = |region: &str| {
        let now = world.union.now().0 / 1_000;
        v1::ReportWeatherRequest {
            parent: "members/hyogo".into(),
            weather: Some(v1::WeatherReport {
                weather_region: region.into(),
                visibility_m: 10_000,
                ceiling_m: 1_000,
                observe_time: Some(prost_types::Timestamp { seconds: now, nanos: 0 }),
                expire_time: Some(prost_types::Timestamp { seconds: now + 3_600, nanos: 0 }),
                ..v1::WeatherReport::default()
            }),
            ..Default::default()
        }
    };
    let status = world.conditions.report_weather(ask(report("weatherRegions/tambo"))).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert!(status.message().contains("did you mean") && status.message().contains("tamba"), "{status}");
    got(world.conditions.report_weather(ask(report("weatherRegions/tamba"))).await);
}

#[tokio::test]
async fn a_transfer_that_says_no_place_starts_at_its_hospital() {
    let world = World::hyogo().await;
    let transfer = v1::Request {
        kind: v1::RequestKind::Transfer.into(),
        origin_hospital: "members/hyogo/hospitals/toyooka".into(),
        hospitals: vec!["members/hyogo/hospitals/toyooka".into()],
        position: None,
        ..call_for_help()
    };
    let opened = got(world.open(transfer).await);
    assert_eq!(opened.position, at(35.53, 134.81));
}
