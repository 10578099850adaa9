//! A world of one prefecture, two landing sites, two hospitals and one doctor helicopter; the road network is Kansai's.

use super::super::{Policy, RankPlanner, Ranked};
use crate::allocator::ranking::{Aircraft, Reason, check};
use crate::authority::RoadBoard;
use crate::authority::View;
use crate::authority::view::LedgerView;
use crate::decision::command::{Ask, NewRequest};
use crate::decision::model::{
    Actor, Agreement, AgreementRule, Area, AreaOrder, Asset, AssetKind, Capabilities, Capability, Choice,
    Hazards, Hospital, IfBusy, Member, MemberKind, Minima, MissionPhase, ModeLevel, Name, OperatingMode,
    Organisation, OrganisationKind, Pad, RequestKind, ServiceHours, Site, SiteKind, SiteState, Triage,
};
use crate::decision::{Command, Context, Event, Rejection, State};
use crate::id::{
    AssetId, HospitalId, LedgerId, MemberId, MissionId, OrganisationId, RequestId, SiteId, Space,
};
use crate::network::{RoadMap, RoadTables};
use crate::units::{Position, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// 2026-12-05T10:00:00+09:00.
pub(super) const TEN: Timestamp = Timestamp(1_796_432_400_000);
/// The crash of the Kansai drill.
pub(super) const SCENE: (f64, f64) = (35.170, 135.040);
/// Where the helicopter lives.
pub(super) const BASE: (f64, f64) = (34.778, 134.879);

pub(super) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(name: &str) -> T {
    name.parse().unwrap()
}

pub(super) fn place((lat, lon): (f64, f64)) -> Position {
    Position::from_degrees(lat, lon).unwrap()
}

fn named(name: &str) -> Name {
    Name { ja: name.to_owned(), en: String::new() }
}

pub(super) fn member(name: &str, kind: MemberKind) -> Member {
    Member {
        id: id(&format!("members/{name}")),
        name: named(name),
        kind,
        joined_date: if kind == MemberKind::Linked { String::new() } else { "2010-12-01".to_owned() },
        fields: vec![],
        telephone: String::new(),
    }
}

pub(super) fn org(name: &str, kind: OrganisationKind) -> Organisation {
    Organisation { id: id(name), name: named(name), kind, telephone: String::new(), municipalities: vec![] }
}

/// An EC135 of `members/<member>` with a physician, ready in five minutes.
pub(super) fn helicopter(name: &str, at: (f64, f64)) -> Asset {
    let asset: AssetId = id(name);
    let block = asset.member.slug().parse().unwrap();
    Asset {
        custodian: OrganisationId::new(&asset.member, id("fire")),
        id: asset,
        name: named(name),
        kind: AssetKind::DoctorHelicopter,
        owner: None,
        operator: None,
        model: "EC135".to_owned(),
        base: place(at),
        base_site: None,
        region: id("weatherRegions/harima"),
        block,
        telephone: "0".to_owned(),
        speed_kmh: 200,
        range_m: 620_000,
        endurance_s: 9_000,
        seats: 6,
        stretchers: 1,
        capabilities: [Capability::Physician, Capability::Stretcher].into_iter().collect(),
        mass_kg: 2_980,
        size_m: 13,
        start_s: 300,
        turnaround_s: 1_200,
        hours: ServiceHours { from_s: 8 * 3_600 + 1_800, until_s: 86_400, sunset_margin_s: 0 },
        minima: Minima { visibility_m: 5_000, ceiling_m: 300, wind_kmh_max: 72 },
        duty_s_max: 12 * 3_600,
        flight_s_max: 8 * 3_600,
        offered_only: false,
    }
}

/// A car that is there all day.
pub(super) fn car(name: &str, kind: AssetKind, at: (f64, f64)) -> Asset {
    let capability = if kind == AssetKind::DoctorCar { Capability::Physician } else { Capability::Stretcher };
    Asset {
        kind,
        capabilities: [capability].into_iter().collect(),
        hours: ServiceHours { from_s: 0, until_s: 86_400, sunset_margin_s: 0 },
        ..helicopter(name, at)
    }
}

pub(super) fn site(name: &str, at: (f64, f64)) -> Site {
    Site {
        id: id(name),
        name: named(name),
        kind: SiteKind::Rendezvous,
        position: place(at),
        municipality: 28_223,
        region: id("weatherRegions/tamba"),
        mass_max_kg: 6_000,
        size_max_m: 25,
        spots: 1,
        fuel: false,
        securing_s: 720,
        telephone: String::new(),
    }
}

pub(super) fn hospital(name: &str, at: (f64, f64)) -> Hospital {
    Hospital {
        id: id(name),
        name: named(name),
        organisation: None,
        position: place(at),
        region: id("weatherRegions/harima"),
        capabilities: Capabilities(u32::MAX >> 8),
        pad: Some(Pad { mass_max_kg: 6_000, size_max_m: 25, roof: false, site: None }),
        telephone: String::new(),
    }
}

/// A call of the fire department of Tamba from [`SCENE`].
pub(super) fn ask() -> NewRequest {
    NewRequest {
        kind: RequestKind::Scene,
        requester: id("members/hyogo/organisations/fire"),
        incident: String::new(),
        position: place(SCENE),
        place: String::new(),
        site: None,
        called_at: None,
        keyword: String::new(),
        triage: Triage::default(),
        stretchers: 0,
        needed: Capabilities::default(),
        hazards: Hazards::default(),
        ambulance: None,
        due: None,
        origin: None,
        hospitals: vec![],
        aircraft_count: 1,
        caller: None,
        patients: None,
    }
}

/// Ledgers in memory, and what time it is.
pub(super) struct World {
    ledgers: BTreeMap<LedgerId, State>,
    pub(super) at: Timestamp,
    pub(super) policy: Policy,
}

impl World {
    /// Nobody but Hyogo and its fire department.
    pub(super) fn empty() -> World {
        let field = LedgerId::Field(id("fields/medical"));
        let mut world = World { ledgers: BTreeMap::new(), at: TEN, policy: Policy::default() };
        world.ledgers.insert(field.clone(), State::new(field));
        world.field(Command::OpenField { field: id("fields/medical"), office: None, deputies: vec![] });
        world.join("hyogo", MemberKind::Prefecture);
        world
    }

    /// With two sites, two hospitals, one ambulance start and one doctor helicopter.
    pub(super) fn hyogo() -> World {
        let mut world = World::empty();
        world.add_sites();
        world.add(Command::RegisterAsset(car(
            "members/hyogo/assets/ambulance",
            AssetKind::Ambulance,
            (35.150, 135.069),
        )));
        world.add(Command::RegisterAsset(helicopter("members/hyogo/assets/heli", BASE)));
        world
    }

    pub(super) fn add_sites(&mut self) {
        self.add(Command::RegisterSite(site("members/hyogo/sites/near", (35.175, 135.045))));
        self.add(Command::RegisterSite(site("members/hyogo/sites/far", (35.140, 135.060))));
        for near in ["near", "far"] {
            self.report_site(near, SiteState::Open);
        }
        self.add(Command::RegisterHospital(hospital("members/hyogo/hospitals/kakogawa", BASE)));
        self.add(Command::RegisterHospital(hospital("members/hyogo/hospitals/tamba", (35.150, 135.069))));
    }

    pub(super) fn report_site(&mut self, name: &str, state: SiteState) {
        let site: SiteId = id(&format!("members/hyogo/sites/{name}"));
        self.add(Command::ReportSite { site, state, confirmed_at: None, note: String::new() });
    }

    /// A member with a fire department that asks for its area.
    pub(super) fn join(&mut self, name: &str, kind: MemberKind) {
        self.field(Command::RegisterMember(member(name, kind)));
        let ledger = LedgerId::Member(id(&format!("members/{name}")));
        self.ledgers.insert(ledger.clone(), State::new(ledger));
        let fire = format!("members/{name}/organisations/fire");
        self.to(
            &id(&format!("members/{name}")),
            Command::RegisterOrganisation(org(&fire, OrganisationKind::FireDepartment)),
        );
        self.field(Command::StateArea(Area {
            organisation: id(&fire),
            position: place(SCENE),
            calls_per_hour_e6: vec![100_000; 24],
            block: id(name),
        }));
    }

    /// An agreement of Tamba's fire department that lists these aircraft, the first `own` of them as its own.
    pub(super) fn agree(&mut self, rule: AgreementRule, order: &[(&str, bool)]) {
        let order = order.iter().map(|(asset, own)| AreaOrder {
            asset: id(asset),
            own: *own,
            distance_max_m: None,
            missions_month_max: None,
        });
        self.field(Command::AdoptAgreement(Agreement {
            area: id("members/hyogo/organisations/fire"),
            rule,
            order: order.collect(),
            clause: Default::default(),
        }));
    }

    pub(super) fn mode(&mut self, of: &str, level: ModeLevel) {
        let mode = OperatingMode { level, set_by: "知事".to_owned() };
        self.to(&id(&format!("members/{of}")), Command::SetOperatingMode(mode));
    }

    /// To Hyogo's ledger.
    pub(super) fn add(&mut self, command: Command) -> Vec<Event> {
        self.to(&id("members/hyogo"), command)
    }

    pub(super) fn field(&mut self, command: Command) -> Vec<Event> {
        self.play(&LedgerId::Field(id("fields/medical")), &command).unwrap()
    }

    pub(super) fn to(&mut self, member: &MemberId, command: Command) -> Vec<Event> {
        self.play(&LedgerId::Member(member.clone()), &command).unwrap()
    }

    pub(super) fn play(&mut self, ledger: &LedgerId, command: &Command) -> Result<Vec<Event>, Rejection> {
        let state = self.ledgers.get_mut(ledger).unwrap();
        let events = state.decide(self.at, command)?;
        let actor = Actor("test".to_owned());
        let context = Context { sequence: state.sequence + 1, at: self.at, actor };
        events.iter().for_each(|event| state.apply(&context, event));
        Ok(events)
    }

    pub(super) fn view(&self) -> View {
        let ledgers = self.ledgers.iter().map(|(ledger, state)| {
            (ledger.clone(), Arc::new(LedgerView { state: state.clone(), partial: false }))
        });
        View { space: Space::Live, ledgers: ledgers.collect() }
    }

    pub(super) fn open(&mut self, new: NewRequest) -> RequestId {
        let ledger = LedgerId::Member(new.requester.member.clone());
        let events = self.play(&ledger, &Command::OpenRequest(new)).unwrap();
        match &events[0] {
            Event::RequestOpened(opened) => opened.request.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// The ranking of a new request. Whatever it is, it must be right.
    pub(super) fn rank(&mut self, new: NewRequest) -> Ranked {
        let request = self.open(new);
        self.rank_request(&request)
    }

    pub(super) fn rank_request(&self, request: &RequestId) -> Ranked {
        let view = self.view();
        let request = &view.member_state(&request.member).unwrap().requests[request];
        let ranked = self.planner().rank(&view, self.at, request, 10).unwrap();
        assert_eq!(check(&ranked.stated.problem, &ranked.plan), vec![]);
        ranked
    }

    pub(super) fn planner(&self) -> RankPlanner {
        let roads = RoadMap::read(RoadTables {
            nodes: &include_bytes!("../../../../scenarios/kansai/roads/nodes.csv")[..],
            structures: &include_bytes!("../../../../scenarios/kansai/roads/structures.csv")[..],
            links: &include_bytes!("../../../../scenarios/kansai/roads/links.csv")[..],
        });
        RankPlanner::new(Arc::new(RoadBoard::new(roads.unwrap())), self.policy)
    }

    /// An aircraft of Hyogo is committed to a call of its own and goes to `site`.
    pub(super) fn commit(&mut self, asset: &str, site: Option<&str>) -> (RequestId, MissionId) {
        let request = self.open(ask());
        let asset: AssetId = id(asset);
        let sites: Vec<SiteId> = site.into_iter().map(id).collect();
        let opened = self.add(Command::OpenAttempt {
            request: request.clone(),
            number: 1,
            choice: Choice {
                asset: asset.clone(),
                sites: sites.clone(),
                hospital: Some(id::<HospitalId>("members/hyogo/hospitals/tamba")),
                if_busy: IfBusy::Decline,
                at_site: None,
            },
            answer_s: 120,
            standing_order: None,
            send_another: false,
            takes: None,
            after: None,
        });
        let Event::AttemptOpened { requisition, .. } = &opened[0] else { panic!("{opened:?}") };
        self.add(Command::Hold(Ask {
            requisition: requisition.clone(),
            asset,
            kind: RequestKind::Scene,
            position: place(SCENE),
            place: String::new(),
            site: sites.first().cloned(),
            hospital: None,
            if_busy: IfBusy::Decline,
            answer_s: 120,
        }));
        let go = Command::CommitRequisition { requisition: requisition.clone(), telephone: None, crew: None };
        let events = self.add(go);
        let mission = events.iter().find_map(|event| match event {
            Event::Committed { mission, .. } => Some(mission.clone()),
            _ => None,
        });
        (request, mission.unwrap())
    }

    pub(super) fn progress(&mut self, mission: &MissionId, phase: MissionPhase) {
        self.add(Command::ReportProgress { mission: mission.clone(), phase });
    }

    pub(super) fn wait(&mut self, minutes: u32) {
        self.at = self.at + minutes * 60;
    }
}

impl Ranked {
    /// The candidates by the last part of their names.
    pub(super) fn order(&self) -> Vec<&str> {
        let name = |idx: usize| self.stated.names.aircraft[idx].slug.as_str();
        self.plan.candidates.iter().map(|candidate| name(candidate.aircraft.index())).collect()
    }

    /// The aircraft of that name, as the problem states it.
    pub(super) fn aircraft(&self, slug: &str) -> &Aircraft {
        let idx = self.stated.names.aircraft.iter().position(|name| name.slug.as_str() == slug).unwrap();
        &self.stated.problem.aircraft[idx]
    }

    /// Why it is ruled out; nothing when it is not.
    pub(super) fn reasons(&self, slug: &str) -> &[Reason] {
        let out = self
            .plan
            .ruled_out
            .iter()
            .find(|out| self.stated.names.aircraft[out.aircraft.index()].slug.as_str() == slug);
        out.map_or(&[], |out| &out.reasons)
    }
}
