//! What a committed asset does, from lift-off to ready.

use super::fields::{self, invalid};
use crate::decision::limits::{HOSPITALS_LEFT_MAX, PATIENTS_MAX};
use crate::decision::model::{AbortReason, Mission, MissionPhase};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{HospitalId, MissionId};

impl State {
    pub(super) fn report_progress(&self, id: &MissionId, to: MissionPhase) -> Result<Vec<Event>, Rejection> {
        let mission = self.mission_of(id)?;
        if mission.phase == to {
            return Ok(Vec::new());
        }
        if mission.phase == MissionPhase::Ready {
            return Err(Rejection::MissionEnded { mission: id.clone() });
        }
        if !next_phases(mission.phase).contains(&to) {
            return Err(Rejection::PhaseOutOfOrder { mission: id.clone(), from: mission.phase, to });
        }
        Ok(vec![Event::Progressed { mission: id.clone(), phase: to }])
    }

    pub(super) fn choose_hospital(
        &self,
        id: &MissionId,
        hospital: &HospitalId,
        patients: u16,
    ) -> Result<Vec<Event>, Rejection> {
        let mission = self.mission_of(id)?;
        fields::range("patients", patients, 1, i64::from(PATIENTS_MAX))?;
        if mission.end.is_some() || mission.phase >= MissionPhase::Arrived {
            return Err(Rejection::MissionEnded { mission: id.clone() });
        }
        let same = mission.hospital.as_ref().is_some_and(|choice| {
            choice.hospital == *hospital && choice.chosen_at.is_some() && choice.patients == patients
        });
        if same {
            return Ok(Vec::new());
        }
        if mission.hospitals_left.len() >= HOSPITALS_LEFT_MAX {
            let max = HOSPITALS_LEFT_MAX as u32;
            return Err(Rejection::LimitReached { what: Kind::Hospital, max });
        }
        Ok(vec![Event::HospitalChosen { mission: id.clone(), hospital: hospital.clone(), patients }])
    }

    pub(super) fn stand_down(&self, id: &MissionId) -> Result<Vec<Event>, Rejection> {
        self.check_break_off(id, MissionPhase::Transporting)?;
        Ok(vec![Event::StoodDown { mission: id.clone(), reason: None }])
    }

    pub(super) fn abort_mission(&self, id: &MissionId, reason: AbortReason) -> Result<Vec<Event>, Rejection> {
        self.mission_of(id)?;
        // Re-tasking is an abort and a commitment in one record: it comes with the new commitment.
        if reason == AbortReason::Retasked {
            return Err(invalid("reason", FieldProblem::NotAllowed));
        }
        self.check_break_off(id, MissionPhase::Arrived)?;
        Ok(vec![Event::Aborted { mission: id.clone(), reason }])
    }

    /// Whether a mission still goes on and has not come to `too_late`.
    fn check_break_off(&self, id: &MissionId, too_late: MissionPhase) -> Result<(), Rejection> {
        let mission = self.mission_of(id)?;
        if mission.end.is_some() {
            return Err(Rejection::MissionEnded { mission: id.clone() });
        }
        if mission.phase >= too_late {
            return Err(Rejection::TooLateToBreakOff { mission: id.clone(), phase: mission.phase });
        }
        Ok(())
    }

    pub(super) fn confirm_commitment(&self, id: &MissionId) -> Result<Vec<Event>, Rejection> {
        if self.mission_of(id)?.confirmed {
            return Err(Rejection::ConfirmedAlready { mission: id.clone() });
        }
        Ok(vec![Event::CommitmentConfirmed { mission: id.clone() }])
    }

    fn mission_of(&self, id: &MissionId) -> Result<&Mission, Rejection> {
        self.missions.get(id).ok_or_else(|| Rejection::NotFound { kind: Kind::Mission, name: id.to_string() })
    }
}

/// What may follow a phase. On the scene the patient may go by road: the aircraft then returns from there.
#[must_use]
pub fn next_phases(phase: MissionPhase) -> &'static [MissionPhase] {
    match phase {
        MissionPhase::Committed => &[MissionPhase::Airborne],
        MissionPhase::Airborne => &[MissionPhase::OnScene],
        MissionPhase::OnScene => &[MissionPhase::Transporting, MissionPhase::Returning],
        MissionPhase::Transporting => &[MissionPhase::Arrived],
        // The base may be the hospital.
        MissionPhase::Arrived => &[MissionPhase::Returning, MissionPhase::Ready],
        MissionPhase::Returning => &[MissionPhase::Ready],
        MissionPhase::Ready => &[],
    }
}
