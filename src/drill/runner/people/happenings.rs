//! What the drill lets happen: each inject goes through the commands that a member would send.

use super::dispatcher::ordinary;
use super::{Behind, Deed, People};
use crate::decision::command::{NewNeed, NewRequest, NewRestriction};
use crate::decision::model::{
    AbortReason, AssetState, CancelReason, DepotState, HospitalState, NeedPlace, NeedSource, OutageReason,
    ReportSource, RequestKind, RequestState, RoadReason, RoadStretch, Triage, Weather,
};
use crate::decision::{Command, Event};
use crate::drill::runner::outcome::{Followed, Verdict};
use crate::drill::runner::world::{RunFault, World};
use crate::drill::script::{Condition, Happening, Inject, Scene, Sky};
use crate::id::{AssetId, HospitalId, LedgerId, MemberId, OrganisationId};
use crate::network::overlay::Effect;
use crate::units::Position;

/// Who calls a second time names a place so far to the north, 1e-7 degree: 220 m, well within one scene.
const BESIDE_E7: i32 = 20_000;
/// Need of the first rank.
const PRIORITY: u8 = 1;

impl People<'_> {
    /// An inject happens.
    pub(super) fn inject(&mut self, world: &mut World, idx: usize) -> Result<(), RunFault> {
        let now = world.now();
        let Some(inject) = self.injects.injects.get(idx).filter(|_| now < self.injects.end) else {
            return Ok(());
        };
        self.injects.progress[idx].at = Some(now);
        let verdict = self.begin(world, idx, inject)?;
        if verdict == Verdict::Taken
            && let Some(lasts_s) = inject.happening.lasts_s()
        {
            self.note(now + lasts_s, Deed::End(idx));
        }
        self.injects.progress[idx].verdict = Some(verdict);
        let held = self.holding(|condition| *condition == Condition::Happened(idx));
        self.expect_injects(now, held);
        Ok(())
    }

    fn begin(&mut self, world: &mut World, idx: usize, inject: &Inject) -> Result<Verdict, RunFault> {
        let note = || inject.note.clone();
        match &inject.happening {
            Happening::AircraftBreaksDown { aircraft, .. } => self.break_down(world, idx, aircraft),
            Happening::StructureClosed { structure, by, .. } => {
                let (structure, note) = (structure.clone(), note());
                let command = Command::CloseStructure { structure, note, expected_end: None };
                order(world, by, "road desk", command)
            }
            Happening::RoadSlowed { structure, percent, by, .. } => {
                let new = NewRestriction {
                    stretch: RoadStretch::Structure { structure: structure.clone() },
                    effect: Effect::Slowed { percent: *percent },
                    reason: RoadReason::Other,
                    source: ReportSource::RoadOperator,
                    reporter: "road desk".to_owned(),
                    note: note(),
                    observed_at: None,
                    expected_end: None,
                };
                self.slow(world, idx, by, new)
            }
            Happening::MemberSilent { member, .. } => {
                if !world.cut_off(member) {
                    return Ok(Verdict::Vain);
                }
                self.planners_apart.insert(member.clone(), self.planner.afresh());
                self.expect_doubts(world);
                Ok(Verdict::Taken)
            }
            Happening::Call { scene, triage: [red, yellow, green], stretchers } => {
                let triage = Triage { red: *red, yellow: *yellow, green: *green, black: 0 };
                let Some(new) = called(world, scene) else { return Ok(Verdict::Vain) };
                let new = NewRequest { triage, stretchers: *stretchers, ..new };
                self.call_by(world, idx, new, Behind::Patient)
            }
            Happening::FalseRequest { scene, .. } => {
                let Some(new) = called(world, scene) else { return Ok(Verdict::Vain) };
                self.call_by(world, idx, new, Behind::Nobody)
            }
            Happening::DuplicateRequest { of, area, .. } => self.repeat(world, idx, *of, area),
            Happening::Transfer { from, to } => self.transfer(world, idx, from, to),
            Happening::Weather { region, by, sky, lasts_s } => {
                let (region, observed_at) = (region.clone(), world.now());
                let Sky { visibility_m, ceiling_m, wind_m_s, icing, thunderstorm } = *sky;
                let weather = Weather {
                    region,
                    visibility_m,
                    ceiling_m,
                    // 1 m/s is 3.6 km/h.
                    wind_kmh: wind_m_s * 36 / 10,
                    icing,
                    thunderstorm,
                    observed_at,
                    expires_at: observed_at + *lasts_s,
                };
                order(world, by, "weather desk", Command::ReportWeather(weather))
            }
            Happening::HospitalFull { hospital, .. } => {
                let (state, beds_free) = (HospitalState::Refusing, Some(0));
                let command = Command::ReportHospital { hospital: hospital.clone(), state, beds_free };
                order(world, &hospital.member, "hospital", command)
            }
            Happening::DepotLost { depot, .. } => {
                let (state, note) = (DepotState::Lost, note());
                let command = Command::ReportDepot { depot: depot.clone(), state, note };
                order(world, &depot.member, "depot", command)
            }
            Happening::Need { municipality, by, commodity, quantity, wanted_after_s } => {
                let need = NewNeed {
                    place: NeedPlace::Municipality(*municipality),
                    commodity: commodity.clone(),
                    quantity: *quantity,
                    priority: PRIORITY,
                    wanted_by: world.now() + *wanted_after_s,
                    daily_until: None,
                    source: NeedSource::Report,
                    reporter: "headquarters".to_owned(),
                    note: note(),
                };
                order(world, by, "headquarters", Command::StateNeeds { needs: vec![need] })
            }
        }
    }

    /// What an inject began ends.
    pub(super) fn end_inject(&mut self, world: &mut World, idx: usize) -> Result<(), RunFault> {
        let Some(inject) = self.injects.injects.get(idx) else { return Ok(()) };
        self.injects.progress[idx].ended_at = Some(world.now());
        let note = inject.note.clone();
        match &inject.happening {
            Happening::AircraftBreaksDown { aircraft, .. } => {
                let command =
                    Command::SetAssetState { asset: aircraft.clone(), state: AssetState::Available };
                order(world, &aircraft.member, "base", command)?;
            }
            Happening::StructureClosed { structure, by, .. } => {
                order(world, by, "road desk", Command::OpenStructure { structure: structure.clone(), note })?;
            }
            Happening::RoadSlowed { by, .. } => {
                if let Some(restriction) = self.injects.progress[idx].restriction.clone() {
                    order(world, by, "road desk", Command::LiftRestriction { restriction, note })?;
                }
            }
            Happening::MemberSilent { member, .. } => {
                self.planners_apart.remove(member);
                world.join(member)?;
            }
            Happening::FalseRequest { .. } => self.find_false(world, idx)?,
            Happening::DuplicateRequest { .. } => self.find_duplicate(world, idx)?,
            Happening::HospitalFull { hospital, .. } => {
                let (state, beds_free) = (HospitalState::Accepting, None);
                let command = Command::ReportHospital { hospital: hospital.clone(), state, beds_free };
                order(world, &hospital.member, "hospital", command)?;
            }
            Happening::DepotLost { depot, .. } => {
                let command = Command::ReportDepot { depot: depot.clone(), state: DepotState::Open, note };
                order(world, &depot.member, "depot", command)?;
            }
            Happening::Call { .. }
            | Happening::Transfer { .. }
            | Happening::Weather { .. }
            | Happening::Need { .. } => {}
        }
        Ok(())
    }

    /// On the ground or in the air: out of service, and what it flew for is broken off.
    fn break_down(&mut self, world: &mut World, idx: usize, aircraft: &AssetId) -> Result<Verdict, RunFault> {
        let state = AssetState::OutOfService { reason: OutageReason::Mechanical, until: None };
        let command = Command::SetAssetState { asset: aircraft.clone(), state };
        let verdict = order(world, &aircraft.member, "base", command)?;
        let usage = world.state(&aircraft.ledger()).and_then(|own| own.asset_uses.get(aircraft));
        if let Some(mission) = usage.and_then(|usage| usage.mission.clone()) {
            let reason = AbortReason::Mechanical;
            let command = Command::AbortMission { mission: mission.clone(), reason };
            // With a patient on board, or behind it, there is nothing to break off.
            if order(world, &aircraft.member, "crew", command)? == Verdict::Taken {
                self.injects.progress[idx].followed.push(Followed::BrokenOff { mission });
            }
        }
        Ok(verdict)
    }

    fn slow(
        &mut self,
        world: &mut World,
        idx: usize,
        by: &MemberId,
        new: NewRestriction,
    ) -> Result<Verdict, RunFault> {
        let ledger = LedgerId::Member(by.clone());
        let outcome = match world.submit(&ledger, "road desk", Command::RestrictRoad(new))? {
            Ok(outcome) => outcome,
            Err(error) => return Ok(Verdict::Refused(error)),
        };
        let laid = outcome.events.into_iter().find_map(|event| match event {
            Event::RoadRestricted(restriction) => Some(restriction.id),
            _ => None,
        });
        self.injects.progress[idx].restriction = laid;
        Ok(Verdict::Taken)
    }

    fn call_by(
        &mut self,
        world: &mut World,
        idx: usize,
        new: NewRequest,
        behind: Behind,
    ) -> Result<Verdict, RunFault> {
        match self.take_call(world, new, behind)? {
            Ok(request) => {
                self.injects.progress[idx].request = Some(request);
                Ok(Verdict::Taken)
            }
            Err(error) => Ok(Verdict::Refused(error)),
        }
    }

    /// Another fire department calls for a scene that somebody called for.
    fn repeat(
        &mut self,
        world: &mut World,
        idx: usize,
        of: Option<usize>,
        area: &OrganisationId,
    ) -> Result<Verdict, RunFault> {
        let first = match of {
            Some(of) => self.injects.progress.get(of).and_then(|progress| progress.request.clone()),
            None => self.newest.clone(),
        };
        let Some(first) = first else { return Ok(Verdict::Vain) };
        let request = world.state(&first.ledger()).and_then(|state| state.requests.get(&first));
        let Some(place) = request.filter(|request| request.state == RequestState::Open) else {
            return Ok(Verdict::Vain);
        };
        let place = place.position;
        let beside = Position::from_e7(place.lat_e7().saturating_add(BESIDE_E7), place.lon_e7());
        self.injects.progress[idx].repeats = Some(first);
        self.call_by(world, idx, ordinary(area.clone(), beside.unwrap_or(place)), Behind::Nobody)
    }

    fn transfer(
        &mut self,
        world: &mut World,
        idx: usize,
        from: &HospitalId,
        to: &HospitalId,
    ) -> Result<Verdict, RunFault> {
        let Some(position) = world.view().hospital(from).map(|(hospital, _)| hospital.position) else {
            return Ok(Verdict::Vain);
        };
        let requester = OrganisationId::new(&from.member, from.slug.clone());
        let new = NewRequest {
            kind: RequestKind::Transfer,
            origin: Some(from.clone()),
            hospitals: vec![to.clone()],
            ..ordinary(requester, position)
        };
        self.call_by(world, idx, new, Behind::Patient)
    }

    /// Somebody finds out that nobody is there.
    fn find_false(&mut self, world: &mut World, idx: usize) -> Result<(), RunFault> {
        let Some(request) = self.injects.progress[idx].request.clone() else { return Ok(()) };
        let known = world.state(&request.ledger()).and_then(|state| state.requests.get(&request));
        let asset = known.and_then(|known| {
            known
                .attempts()
                .find(|(_, attempt)| attempt.stands())
                .map(|(_, attempt)| attempt.choice.asset.clone())
        });
        let command = Command::CancelRequest { request: request.clone(), reason: CancelReason::NotNeeded };
        let followed = match order(world, &request.member.clone(), "fire command", command)? {
            Verdict::Taken => Followed::CalledOff { request, asset },
            Verdict::Refused(_) | Verdict::Vain | Verdict::Never => Followed::OverAlready { request },
        };
        self.injects.progress[idx].followed.push(followed);
        Ok(())
    }

    /// Somebody finds out that two calls are of one scene: the later one is merged into the first.
    fn find_duplicate(&mut self, world: &mut World, idx: usize) -> Result<(), RunFault> {
        let progress = &self.injects.progress[idx];
        let (Some(request), Some(into)) = (progress.request.clone(), progress.repeats.clone()) else {
            return Ok(());
        };
        let command = Command::MergeRequest { request: request.clone(), into: into.clone() };
        let followed = match order(world, &request.member.clone(), "fire command", command)? {
            Verdict::Taken => Followed::Merged { request, into },
            Verdict::Refused(_) | Verdict::Vain | Verdict::Never => Followed::OverAlready { request },
        };
        self.injects.progress[idx].followed.push(followed);
        Ok(())
    }
}

/// Sends a command to the ledger of a member.
fn order(world: &mut World, member: &MemberId, who: &str, command: Command) -> Result<Verdict, RunFault> {
    let ledger = LedgerId::Member(member.clone());
    Ok(match world.submit(&ledger, who, command)? {
        Ok(_) => Verdict::Taken,
        Err(error) => Verdict::Refused(error),
    })
}

/// A call from a scene; none where the area has no place.
fn called(world: &World, scene: &Scene) -> Option<NewRequest> {
    let centre =
        || world.view().areas().find(|area| area.organisation == scene.area).map(|area| area.position);
    Some(ordinary(scene.area.clone(), scene.position.or_else(centre)?))
}
