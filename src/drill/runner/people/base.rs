//! The base and its crew: the pilot's word, the flight, the way back when it is broken off.

use super::{Asked, Deed, People};
use crate::decision::Command;
use crate::decision::model::{AssetState, DeclineReason, MissionPhase};
use crate::drill::runner::outcome::{Flown, Told};
use crate::drill::runner::world::{RunFault, World};
use crate::id::{MissionId, RequisitionId};
use crate::units::{Seconds, Timestamp};

/// A base that waits for its aircraft looks again this often.
const WAIT_S: Seconds = 60;

impl People<'_> {
    /// The pilot's word.
    pub(super) fn answer(&mut self, world: &mut World, requisition: RequisitionId) -> Result<(), RunFault> {
        let Some(ledger) = self.custodian(&requisition) else { return Ok(()) };
        let Some(own) = world.state(&ledger) else { return Ok(()) };
        let Some(hold) = own.holds.get(&requisition).filter(|hold| hold.state.is_open()) else {
            return Ok(());
        };
        let usage = own.asset_uses.get(&hold.asset);
        let command = if usage.is_some_and(|usage| matches!(usage.state, AssetState::OutOfService { .. })) {
            let (requisition, reason) = (requisition.clone(), DeclineReason::OutOfService);
            Command::DeclineRequisition { requisition, reason, telephone: None }
        } else if self.refusals.permille(self.order.habits.decline_permille) {
            let (requisition, reason) = (requisition.clone(), DeclineReason::Weather);
            Command::DeclineRequisition { requisition, reason, telephone: None }
        } else {
            Command::CommitRequisition { requisition: requisition.clone(), telephone: None, crew: None }
        };
        if !self.say(world, Some(ledger), "base", command)? {
            // The aircraft is not back yet: until the ask ends by itself.
            self.note(world.now() + WAIT_S, Deed::Answer(requisition));
        }
        Ok(())
    }

    /// The crew flies as the ranking had it, counted from the pilot's word.
    pub(super) fn fly(&mut self, now: Timestamp, requisition: &RequisitionId, mission: &MissionId) {
        let Some(asked) = self.asked.get_mut(requisition) else { return };
        asked.mission = Some(mission.clone());
        let Asked { asset, timeline, is_by_air, .. } = asked.clone();
        let mut phases =
            vec![(MissionPhase::Airborne, timeline.lift_off_s), (MissionPhase::OnScene, timeline.landed_s)];
        if is_by_air {
            phases.push((MissionPhase::Transporting, timeline.depart_scene_s));
            phases.push((MissionPhase::Arrived, timeline.at_hospital_s));
        } else {
            phases.push((MissionPhase::Returning, timeline.depart_scene_s));
        }
        phases.push((MissionPhase::Ready, timeline.cover_back_s));
        for (phase, after_s) in phases {
            self.note(now + after_s, Deed::Report(mission.clone(), phase));
        }
        if let Some(case) = self.cases.get_mut(&requisition.request) {
            let care_s = now.seconds_since(case.called_at) + timeline.care_s;
            let away_s = timeline.home_s.saturating_sub(timeline.lift_off_s);
            // Where two go by a person's word, the one that is there first brings care.
            let sooner = matches!(&case.told, Some(Told::Flown(first)) if first.care_s <= care_s);
            if !sooner {
                case.told = Some(Told::Flown(Flown {
                    asset,
                    care_s,
                    lift_off_at: now + timeline.lift_off_s,
                    away_s,
                }));
            }
        }
    }

    /// A crew that was in the air flies back as long as it has flown out, and is made ready.
    pub(super) fn turn_back(&mut self, world: &World, id: &MissionId) {
        self.agenda.retain(|_, deed| !matches!(deed, Deed::Report(mission, _) if mission == id));
        let Some(own) = world.state(&id.ledger()) else { return };
        let Some(mission) = own.missions.get(id).filter(|mission| mission.is_active()) else { return };
        let reported = |phase| mission.progress.iter().find(|(told, _)| *told == phase).map(|(_, at)| *at);
        let now = world.now();
        let airborne = reported(MissionPhase::Airborne).unwrap_or(now);
        let back_s = reported(MissionPhase::OnScene).unwrap_or(now).seconds_since(airborne);
        let turnaround_s = own.assets.get(&mission.asset).map_or(0, |asset| asset.turnaround_s);
        self.note(now + back_s + turnaround_s, Deed::Report(id.clone(), MissionPhase::Ready));
    }

    /// A mission was broken off: whoever it did not reach needs another; whoever it did goes on by road.
    pub(super) fn after_break_off(
        &mut self,
        world: &mut World,
        requisition: RequisitionId,
    ) -> Result<(), RunFault> {
        let mission = self.asked.get(&requisition).and_then(|asked| asked.mission.clone());
        let mission = mission.as_ref().and_then(|id| world.state(&id.ledger())?.missions.get(id));
        let reached = mission
            .is_some_and(|mission| mission.progress.iter().any(|(phase, _)| *phase == MissionPhase::OnScene));
        let request = requisition.request;
        if reached {
            let ledger = Some(request.ledger());
            return self.say(world, ledger, "fire command", Command::CloseRequest { request }).map(|_| ());
        }
        if let Some(case) = self.cases.get_mut(&request) {
            case.told = None;
            case.refused += 1;
        }
        self.soon(world.now(), self.order.habits.ask_again_s, Deed::Ask(request));
        Ok(())
    }
}
