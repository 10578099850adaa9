//! Requisitions as both sides record them, missions, leases.
//!
//! A requisition is one resource made of two facts: the attempt in the ledger of who asks, and the hold in the ledger
//! of the custodian. Where they differ the custodian's counts, because it alone decides; where it cannot be read, the
//! ask is in doubt and the telephone number stands beside it.

use super::shown::Shown;
use super::{Wire, etag, wire};
use crate::api::v1;
use crate::authority::notices::{self, Notice};
use crate::decision::model::{
    Attempt, AttemptEnd, AttemptState, Choice, CommitReport, DeclineReason, Hold, HoldState, Lease, LeaseEnd,
    LeaseId, LeaseState, LeaseSubject, Mission, MissionEnd, NotHeldReason, Request,
};
use crate::id::{AssetId, MissionId, RequisitionId};
use v1::requisition::{NotHeldReason as WireNotHeld, State};

/// Both sides of an ask, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sides<'v> {
    /// The request, in the ledger of who asks.
    pub(crate) request: Option<&'v Request>,
    /// The attempt, in the same ledger.
    pub(crate) attempt: Option<&'v Attempt>,
    /// The hold, in the custodian's ledger.
    pub(crate) hold: Option<&'v Hold>,
    /// Why nothing was held, in the custodian's ledger.
    pub(crate) not_held: Option<&'v NotHeldReason>,
    /// The mission that it became, in the custodian's ledger.
    pub(crate) mission: Option<&'v Mission>,
    /// Whether the custodian's ledger is read here in full.
    custodian_read: bool,
}

impl<'v> Sides<'v> {
    /// The aircraft that was asked for.
    pub(crate) fn asset(&self) -> Option<&'v AssetId> {
        let hold = self.hold.map(|hold| &hold.asset);
        self.attempt.map(|attempt| &attempt.choice.asset).or(hold)
    }

    /// Where the ask stands.
    pub(crate) fn state(&self) -> State {
        let superseded = AttemptState::Ended(AttemptEnd::Superseded);
        let passed_over = self.attempt.is_some_and(|attempt| attempt.state == superseded);
        match (self.hold, self.attempt) {
            (Some(Hold { state: HoldState::Committed { .. }, .. }), _) => self.mission_state(),
            _ if passed_over => State::Superseded,
            (Some(hold), _) => wire::hold_state(&hold.state),
            (None, _) if self.not_held.is_some() => State::NotHeld,
            (None, Some(Attempt { state: AttemptState::Open, .. })) if !self.custodian_read => State::InDoubt,
            (None, Some(attempt)) => wire::attempt_state(&attempt.state),
            (None, None) => State::Unspecified,
        }
    }

    /// Where an ask stands that became a mission.
    fn mission_state(&self) -> State {
        match self.mission.and_then(|mission| mission.end) {
            None => State::Committed,
            Some(MissionEnd::Completed) => State::Completed,
            Some(MissionEnd::StoodDown) => State::StoodDown,
            Some(MissionEnd::Aborted(_)) => State::Aborted,
        }
    }

    /// The name of the mission, read on either side.
    fn mission_id(&self) -> Option<&'v MissionId> {
        match (self.hold.map(|hold| &hold.state), self.attempt.map(|attempt| &attempt.state)) {
            (Some(HoldState::Committed { mission }), _) | (_, Some(AttemptState::Committed { mission })) => {
                Some(mission)
            }
            _ => None,
        }
    }

    /// Why nothing was held, read on either side.
    fn why_not_held(&self) -> Option<&'v NotHeldReason> {
        match (self.not_held, self.attempt.map(|attempt| &attempt.state)) {
            (Some(reason), _) => Some(reason),
            (None, Some(AttemptState::Ended(AttemptEnd::NotHeld(reason)))) => Some(reason),
            (None, _) => None,
        }
    }

    /// Why the base said no, read on either side.
    fn declined(&self) -> Option<DeclineReason> {
        match (self.hold.map(|hold| &hold.state), self.attempt.map(|attempt| &attempt.state)) {
            (Some(HoldState::Declined(reason)), _) => Some(*reason),
            (None, Some(AttemptState::Ended(AttemptEnd::Declined(reason)))) => Some(*reason),
            _ => None,
        }
    }

    /// Why the mission was broken off, read on either side.
    fn aborted(&self) -> i32 {
        match (self.mission.and_then(|mission| mission.end), self.attempt.map(|attempt| &attempt.state)) {
            (Some(MissionEnd::Aborted(reason)), _) => reason.number(),
            (None, Some(AttemptState::Ended(AttemptEnd::Aborted(reason)))) => reason.number(),
            _ => 0,
        }
    }
}

impl Shown {
    /// Both sides of an ask.
    pub(crate) fn sides(&self, id: &RequisitionId) -> Sides<'_> {
        let request = self.view.state(&id.request.ledger()).and_then(|state| state.requests.get(&id.request));
        let attempt = request.and_then(|request| request.attempt(id));
        let custodian = attempt.map(|attempt| attempt.choice.asset.ledger());
        let kept = match &custodian {
            Some(ledger) => self.view.state(ledger),
            // Who asks cannot be read: whoever holds something for it is the custodian.
            None => self.view.states().find(|state| state.holds.contains_key(id)),
        };
        let hold = kept.and_then(|state| state.holds.get(id));
        let not_held = kept.and_then(|state| state.not_held.get(id));
        let mission = hold.and_then(|hold| match &hold.state {
            HoldState::Committed { mission } => self.view.state(&mission.ledger())?.missions.get(mission),
            _ => None,
        });
        let read = |ledger| self.view.ledgers.get(ledger).is_some_and(|view| !view.partial);
        let custodian_read = custodian.as_ref().is_some_and(read);
        Sides { request, attempt, hold, not_held, mission, custodian_read }
    }

    /// One ask, as both sides record it.
    #[must_use]
    pub fn requisition(&self, id: &RequisitionId) -> Option<v1::Requisition> {
        let sides = self.sides(id);
        let asset = sides.asset()?;
        let mut shown = v1::Requisition {
            name: self.names.print(id),
            request: self.names.print(&id.request),
            number: id.number.into(),
            attempt: id.attempt.into(),
            asset: self.names.print(asset),
            state: sides.state().into(),
            mission: self.names.print_opt(sides.mission_id()),
            telephone: self.view.asset(asset).map(|(asset, _)| asset.telephone.clone()).unwrap_or_default(),
            decline_reason: sides.declined().map(Wire::number).unwrap_or_default(),
            abort_reason: sides.aborted(),
            ..v1::Requisition::default()
        };
        if let Some(reason) = sides.why_not_held() {
            (shown.not_held_reason, shown.blocker) = self.not_held(reason);
        }
        if let Some(request) = sides.request {
            shown.kind = request.kind.number();
            shown.position = Some(wire::position(request.position));
            shown.place = request.place.clone();
        }
        if let Some(attempt) = sides.attempt {
            self.show_attempt(attempt, &mut shown);
        }
        if let Some(hold) = sides.hold {
            self.show_hold(hold, &mut shown);
        }
        let late_go = self.view.state(&asset.ledger()).and_then(|state| state.late_go_offer(id));
        shown.offer = self.names.print_opt(late_go.map(|offer| &offer.id));
        shown.etag = etag::of(&shown);
        Some(shown)
    }

    /// An ask that was only judged: what would be asked, under the name that it would have got.
    #[must_use]
    pub fn would_ask(&self, id: &RequisitionId, choice: &Choice) -> v1::Requisition {
        v1::Requisition {
            name: self.names.print(id),
            request: self.names.print(&id.request),
            number: id.number.into(),
            attempt: id.attempt.into(),
            asset: self.names.print(&choice.asset),
            site: self.names.print_opt(choice.sites.first()),
            hospital: self.names.print_opt(choice.hospital.as_ref()),
            if_busy: choice.if_busy.number(),
            state: State::Asking.into(),
            expect_at_site_time: choice.at_site.map(wire::instant),
            ..v1::Requisition::default()
        }
    }

    /// What only the asking side knows.
    fn show_attempt(&self, attempt: &Attempt, shown: &mut v1::Requisition) {
        shown.site = self.names.print_opt(attempt.choice.sites.first());
        shown.hospital = self.names.print_opt(attempt.choice.hospital.as_ref());
        shown.if_busy = attempt.choice.if_busy.number();
        shown.open_time = Some(wire::instant(attempt.opened_at));
        shown.expect_at_site_time = attempt.choice.at_site.map(wire::instant);
        shown.withdrawal_asked = attempt.withdrawal.is_some();
        shown.commit_report = attempt.commit_report.as_ref().map(commit_report);
        shown.standing_order = self.names.print_opt(attempt.standing_order.as_ref());
    }

    /// What the custodian recorded, which goes before what was asked.
    fn show_hold(&self, hold: &Hold, shown: &mut v1::Requisition) {
        shown.kind = hold.kind.number();
        shown.position = Some(wire::position(hold.position));
        shown.place = hold.place.clone();
        shown.site = self.names.print_opt(hold.site.as_ref());
        shown.hospital = self.names.print_opt(hold.hospital.as_ref());
        shown.if_busy = hold.if_busy.number();
        shown.answer_by_time = Some(wire::instant(hold.answer_by));
        shown.open_time.get_or_insert(wire::instant(hold.held_at));
    }

    /// Why nothing was held, and what is in the way.
    fn not_held(&self, reason: &NotHeldReason) -> (i32, String) {
        let (reason, blocker) = match reason {
            NotHeldReason::UnknownAsset => (WireNotHeld::UnknownAsset, String::new()),
            NotHeldReason::AssetHeld { holder } => (WireNotHeld::AssetHeld, self.names.print(holder)),
            NotHeldReason::OnMission { mission } => (WireNotHeld::OnMission, self.names.print(mission)),
            NotHeldReason::OutOfService { .. } => (WireNotHeld::NotInService, String::new()),
            NotHeldReason::NotOffered => (WireNotHeld::NotOffered, String::new()),
            NotHeldReason::StaleAttempt { .. } => (WireNotHeld::StaleAttempt, String::new()),
            NotHeldReason::Barred => (WireNotHeld::Barred, String::new()),
        };
        (reason.into(), blocker)
    }

    /// One mission with its warnings. The crew, sealed, is empty.
    #[must_use]
    pub fn mission(&self, id: &MissionId) -> Option<v1::Mission> {
        self.view.state(&id.ledger())?.missions.get(id).map(|mission| self.mission_of(mission))
    }

    /// A mission with its warnings.
    #[must_use]
    pub fn mission_of(&self, mission: &Mission) -> v1::Mission {
        let (end, abort_reason) = match mission.end {
            None => (v1::mission::End::Unspecified, 0),
            Some(MissionEnd::Completed) => (v1::mission::End::Completed, 0),
            Some(MissionEnd::StoodDown) => (v1::mission::End::StoodDown, 0),
            Some(MissionEnd::Aborted(reason)) => (v1::mission::End::Aborted, reason.number()),
        };
        let step = |(phase, at): &(crate::decision::model::MissionPhase, _)| v1::mission::Step {
            state: phase.number(),
            time: Some(wire::instant(*at)),
        };
        let hold =
            self.view.state(&mission.id.ledger()).and_then(|state| state.holds.get(&mission.requisition));
        let hospital = mission.hospital.as_ref();
        let asset = self.view.asset(&mission.asset);
        let mut shown = v1::Mission {
            name: self.names.print(&mission.id),
            requisition: self.names.print(&mission.requisition),
            request: self.names.print(&mission.requisition.request),
            asset: self.names.print(&mission.asset),
            site: self.names.print_opt(mission.site.as_ref()),
            hospital: self.names.print_opt(hospital.map(|choice| &choice.hospital)),
            hospital_chosen: hospital.is_some_and(|choice| choice.chosen_at.is_some()),
            state: mission.phase.number(),
            end: end.into(),
            abort_reason,
            progress: mission.progress.iter().map(step).collect(),
            heard_by_telephone: mission.telephone.as_ref().map(wire::telephone),
            confirmed: mission.confirmed,
            committer: mission.committed_by.0.clone(),
            place: hold.map(|hold| hold.place.clone()).unwrap_or_default(),
            position: hold.map(|hold| wire::position(hold.position)),
            telephone: asset.map(|(asset, _)| asset.telephone.clone()).unwrap_or_default(),
            ..v1::Mission::default()
        };
        // Before the warnings: they depend on other ledgers, which change nothing here.
        shown.etag = etag::of(&shown);
        let notices = notices::notices(&self.view, mission);
        shown.notices = notices.iter().map(|notice| self.notice(notice, mission)).collect();
        shown
    }

    /// A warning with whom to ring.
    fn notice(&self, notice: &Notice, mission: &Mission) -> v1::mission::Notice {
        let subject = match notice {
            Notice::NoSiteLease(site) => self.names.print(site),
            Notice::NoBed(hospital) => self.names.print(hospital),
            Notice::UnconfirmedCommitment(asset) => self.names.print(asset),
            Notice::TwoAircraft(other) => self.names.print(other),
            Notice::RequestCancelled(request) => self.names.print(request),
            Notice::CommitConflict(requisition) => self.names.print(requisition),
        };
        let telephone = notices::telephone(&self.view, notice, mission).to_string();
        v1::mission::Notice { warning: wire::warning(notice).into(), subject, telephone }
    }

    /// One lease.
    #[must_use]
    pub fn lease(&self, id: &LeaseId) -> Option<v1::Lease> {
        self.view.state(&keeper(&id.subject))?.leases.get(id).map(|lease| self.lease_of(lease))
    }

    /// A lease.
    #[must_use]
    pub fn lease_of(&self, lease: &Lease) -> v1::Lease {
        let refusal = match lease.state {
            LeaseState::Refused(reason) => reason.number(),
            LeaseState::Asked
            | LeaseState::Granted
            | LeaseState::Ended(LeaseEnd::Lapsed | LeaseEnd::Released) => 0,
        };
        let (purpose, subject) = match &lease.id.subject {
            LeaseSubject::Site(site) => (wire::Purpose::Spot, self.names.print(site)),
            LeaseSubject::Fuel(site) => (wire::Purpose::Fuel, self.names.print(site)),
            LeaseSubject::Bed(hospital) => (wire::Purpose::Bed, self.names.print(hospital)),
        };
        v1::Lease {
            requisition: self.names.print(&lease.id.requisition),
            purpose: purpose.number(),
            subject,
            window: Some(wire::window(lease.window)),
            patients: lease.patients.into(),
            state: wire::lease_state(lease.state).into(),
            refusal,
        }
    }
}

/// The ledger of who keeps the place that a lease is for.
pub(crate) fn keeper(subject: &LeaseSubject) -> crate::id::LedgerId {
    match subject {
        LeaseSubject::Site(site) | LeaseSubject::Fuel(site) => site.ledger(),
        LeaseSubject::Bed(hospital) => hospital.ledger(),
    }
}

fn commit_report(report: &CommitReport) -> v1::requisition::CommitReport {
    v1::requisition::CommitReport {
        telephone: Some(wire::telephone(&report.telephone)),
        report_time: Some(wire::instant(report.reported_at)),
        outcome: report.outcome.number(),
    }
}
