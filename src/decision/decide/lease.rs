//! Landing sites, fuel and beds for a while. A lease ends by itself and never stops a flight.

use super::fields;
use super::registry::room;
use crate::decision::limits::{BED_ANSWER_S, BEDS_OPEN_MAX, LEASE_S_MAX, OPEN_LEASES_MAX, PATIENTS_MAX};
use crate::decision::model::{
    HospitalState, Lease, LeaseEnd, LeaseId, LeaseRefusal, LeaseState, LeaseSubject, SiteState, Telephone,
    Window,
};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{HospitalId, SiteId};
use crate::units::{Seconds, Timestamp};

/// How long a bed stays promised after the hospital's yes: longer than any flight of these aircraft.
const BED_S: Seconds = 2 * 3_600;

impl State {
    pub(super) fn ask_lease(
        &self,
        at: Timestamp,
        id: &LeaseId,
        window: Window,
        patients: u16,
    ) -> Result<Vec<Event>, Rejection> {
        let (member, name) = match &id.subject {
            LeaseSubject::Site(site) | LeaseSubject::Fuel(site) => (&site.member, site.to_string()),
            LeaseSubject::Bed(hospital) => (&hospital.member, hospital.to_string()),
        };
        self.own(member, || name.clone())?;
        fields::window("window", window, at, LEASE_S_MAX)?;
        fields::range("patients", patients, 0, i64::from(PATIENTS_MAX))?;
        if self.leases.get(id).is_some_and(|known| answered(known, window, patients)) {
            return Ok(Vec::new());
        }
        room(self.leases_open_count as usize, Kind::Lease, OPEN_LEASES_MAX)?;
        if matches!(id.subject, LeaseSubject::Bed(_)) {
            room(self.standing_leases(&id.subject).count(), Kind::Lease, BEDS_OPEN_MAX)?;
        }
        let refusal = match &id.subject {
            LeaseSubject::Site(site) => self.site_refusal(site, &id.subject, window),
            LeaseSubject::Fuel(site) => self.fuel_refusal(site, &id.subject, window),
            LeaseSubject::Bed(hospital) => self.bed_refusal(hospital),
        };
        let lease = id.clone();
        let event = match (refusal, &id.subject) {
            (Some(reason), _) => Event::LeaseRefused { lease, window, reason, telephone: None },
            (None, LeaseSubject::Bed(_)) => {
                let until = window.until.min(at + BED_ANSWER_S);
                Event::BedAsked { lease, window: Window { from: window.from.min(at), until }, patients }
            }
            (None, _) => Event::LeaseGranted { lease, window, telephone: None },
        };
        Ok(vec![event])
    }

    fn site_refusal(&self, site: &SiteId, subject: &LeaseSubject, window: Window) -> Option<LeaseRefusal> {
        let Some(record) = self.sites.get(site) else { return Some(LeaseRefusal::Unknown) };
        let closed = self.site_reports.get(site).is_some_and(|report| report.state == SiteState::Closed);
        if closed {
            return Some(LeaseRefusal::Closed);
        }
        let taken = self.standing_leases(subject).filter(|lease| lease.window.overlaps(window)).count();
        (taken >= usize::from(record.spots)).then_some(LeaseRefusal::Occupied)
    }

    fn fuel_refusal(&self, site: &SiteId, subject: &LeaseSubject, window: Window) -> Option<LeaseRefusal> {
        match self.sites.get(site) {
            Some(record) if !record.fuel => Some(LeaseRefusal::NoFuel),
            _ => self.site_refusal(site, subject, window),
        }
    }

    fn bed_refusal(&self, hospital: &HospitalId) -> Option<LeaseRefusal> {
        if !self.hospitals.contains_key(hospital) {
            return Some(LeaseRefusal::Unknown);
        }
        let refusing = |state| state == HospitalState::Refusing;
        let reported = self.hospital_reports.get(hospital).map(|report| report.state);
        reported.is_some_and(refusing).then_some(LeaseRefusal::NoBed)
    }

    /// An aircraft that stands on a pad does not vanish: a renewal is granted, also of a lease that lapsed meanwhile.
    pub(super) fn renew_lease(
        &self,
        at: Timestamp,
        id: &LeaseId,
        until: Timestamp,
    ) -> Result<Vec<Event>, Rejection> {
        fields::upcoming("until", until, at, LEASE_S_MAX)?;
        let lease = self.lease_of(id)?;
        match lease.state {
            LeaseState::Granted if until > lease.window.until => {
                Ok(vec![Event::LeaseRenewed { lease: id.clone(), until }])
            }
            LeaseState::Granted => Ok(Vec::new()),
            LeaseState::Ended(LeaseEnd::Lapsed) => {
                let window = Window { from: at, until };
                Ok(vec![Event::LeaseGranted { lease: id.clone(), window, telephone: None }])
            }
            LeaseState::Asked | LeaseState::Refused(_) | LeaseState::Ended(LeaseEnd::Released) => {
                Err(Rejection::LeaseNotOpen { lease: id.clone(), state: lease.state })
            }
        }
    }

    pub(super) fn end_lease(&self, id: &LeaseId) -> Result<Vec<Event>, Rejection> {
        match self.lease_of(id)?.state {
            LeaseState::Asked | LeaseState::Granted => {}
            LeaseState::Refused(_) | LeaseState::Ended(_) => return Ok(Vec::new()),
        }
        Ok(vec![Event::LeaseEnded { lease: id.clone(), end: LeaseEnd::Released }])
    }

    pub(super) fn answer_bed(
        &self,
        at: Timestamp,
        id: &LeaseId,
        refusal: Option<LeaseRefusal>,
        telephone: Option<&Telephone>,
    ) -> Result<Vec<Event>, Rejection> {
        fields::telephone(telephone)?;
        let lease = self.lease_of(id)?;
        if lease.state != LeaseState::Asked {
            return Err(Rejection::LeaseNotOpen { lease: id.clone(), state: lease.state });
        }
        let (lease, telephone) = (id.clone(), telephone.cloned());
        let window = Window { from: at, until: at + BED_S };
        Ok(vec![match refusal {
            None => Event::LeaseGranted { lease, window, telephone },
            Some(reason @ (LeaseRefusal::NoBed | LeaseRefusal::NotEquipped)) => {
                Event::LeaseRefused { lease, window, reason, telephone }
            }
            Some(
                LeaseRefusal::Unknown | LeaseRefusal::Closed | LeaseRefusal::Occupied | LeaseRefusal::NoFuel,
            ) => {
                return Err(fields::invalid("refusal", FieldProblem::NotAllowed));
            }
        }])
    }

    fn lease_of(&self, id: &LeaseId) -> Result<&Lease, Rejection> {
        let name = || format!("{} for {}", id.subject, id.requisition);
        self.leases.get(id).ok_or_else(|| Rejection::NotFound { kind: Kind::Lease, name: name() })
    }
}

/// Whether an ask has its answer: it stands, or it comes again late. A person may ask for longer anew; a hospital that is
/// chosen again on the scene, or for other patients, is asked anew.
fn answered(known: &Lease, window: Window, patients: u16) -> bool {
    let same_question = match known.id.subject {
        LeaseSubject::Bed(_) => known.patients == patients && window.from <= known.window.from,
        LeaseSubject::Site(_) | LeaseSubject::Fuel(_) => window.until <= known.window.until,
    };
    match (known.state, &known.id.subject) {
        (LeaseState::Asked | LeaseState::Granted, LeaseSubject::Bed(_)) => known.patients == patients,
        (LeaseState::Asked | LeaseState::Granted, LeaseSubject::Site(_) | LeaseSubject::Fuel(_)) => true,
        (LeaseState::Refused(_) | LeaseState::Ended(_), _) => same_question,
    }
}
