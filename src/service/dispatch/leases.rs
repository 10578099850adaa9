//! Leases: a spot, fuel or a bed for a while, in the ledger of who keeps the place.

use super::{Adviser, Answer, Dispatch};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::model::{Lease, LeaseEnd, LeaseId, LeaseState, LeaseSubject};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::id::{HospitalId, LedgerId};
use crate::service::ServiceError;
use crate::service::convert::wire::{self, Purpose};
use crate::service::convert::{Shown, keeper, read};
use crate::service::desk::{Caller, Done, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;
use crate::service::registry::{ledgers, parent_key};
use std::fmt;
use std::str::FromStr;

const FILTER: [FilterField; 2] = [
    FilterField { name: "state", takes: |value| v1::lease::State::from_str_name(value).is_some() },
    FilterField { name: "purpose", takes: |value| v1::lease::Purpose::from_str_name(value).is_some() },
];

fn purpose(subject: &LeaseSubject) -> v1::lease::Purpose {
    match subject {
        LeaseSubject::Site(_) => v1::lease::Purpose::Spot,
        LeaseSubject::Fuel(_) => v1::lease::Purpose::Fuel,
        LeaseSubject::Bed(_) => v1::lease::Purpose::Bed,
    }
}

fn values(lease: &Lease, field: &str) -> Vec<String> {
    let value = match field {
        "state" => wire::lease_state(lease.state).as_str_name(),
        _ => purpose(&lease.id.subject).as_str_name(),
    };
    vec![value.to_string()]
}

/// Where a lease stands in a list: by the ledger that keeps the place, then as that ledger orders them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct LeaseKey {
    keeper: LedgerId,
    id: LeaseId,
}

impl LeaseKey {
    fn of(id: &LeaseId) -> LeaseKey {
        LeaseKey { keeper: keeper(&id.subject), id: id.clone() }
    }
}

impl fmt::Display for LeaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.id.requisition, self.id.subject)
    }
}

impl FromStr for LeaseKey {
    type Err = crate::id::IdError;
    fn from_str(text: &str) -> Result<LeaseKey, Self::Err> {
        let (requisition, subject) = text.split_once('|').unwrap_or((text, ""));
        let subject = match (subject.strip_suffix("/fuel"), subject.contains("/hospitals/")) {
            (Some(site), _) => LeaseSubject::Fuel(site.parse()?),
            (None, true) => LeaseSubject::Bed(subject.parse()?),
            (None, false) => LeaseSubject::Site(subject.parse()?),
        };
        Ok(LeaseKey::of(&LeaseId { requisition: requisition.parse()?, subject }))
    }
}

impl<U: Union, P: Adviser<U>> Dispatch<U, P> {
    pub(super) async fn list_leases(
        &self,
        _: Caller,
        message: v1::ListLeasesRequest,
    ) -> Answer<v1::ListLeasesResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListLeases",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.leases.values());
        let passing = all.filter(|lease| page.filter.admits(|field| values(lease, field)));
        let (leases, next_page_token) = page.cut(passing, |lease| LeaseKey::of(&lease.id))?;
        let leases = leases.into_iter().map(|lease| shown.lease_of(lease)).collect();
        Ok(v1::ListLeasesResponse { leases, next_page_token })
    }

    pub(super) async fn ask_lease(&self, caller: Caller, message: v1::AskLeaseRequest) -> Answer<v1::Lease> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id = self.lease_id(&message.requisition, message.purpose, &message.subject)?;
        let window = read::window("window", message.window)?;
        let patients = read::count("patients", message.patients)?;
        let command = Command::AskLease { lease: id.clone(), window, patients };
        let done = self.desk.order(call, &keeper(&id.subject), command).await?;
        let would_be =
            || Lease { id: id.clone(), window, patients, state: asked_state(&done), set_at: done.outcome.at };
        Ok(done.shown.lease(&id).unwrap_or_else(|| done.shown.lease_of(&would_be())))
    }

    pub(super) async fn end_lease(&self, caller: Caller, message: v1::EndLeaseRequest) -> Answer<v1::Lease> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id = self.lease_id(&message.requisition, message.purpose, &message.subject)?;
        let done =
            self.desk.order(call, &keeper(&id.subject), Command::EndLease { lease: id.clone() }).await?;
        known(&done.shown, &id)
    }

    pub(super) async fn answer_bed(
        &self,
        caller: Caller,
        message: v1::AnswerBedRequest,
    ) -> Answer<v1::Lease> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let hospital: HospitalId = self.desk.reader().name("hospital", &message.hospital)?;
        let id = LeaseId {
            requisition: self.desk.reader().name("requisition", &message.requisition)?,
            subject: LeaseSubject::Bed(hospital),
        };
        let refusal = match (message.accepted, message.refusal) {
            (true, 0) => None,
            (true, _) => return Err(ServiceError::field("refusal", FieldProblem::NotAllowed)),
            (false, reason) => Some(read::choice("refusal", reason)?),
        };
        let telephone = read::telephone(message.telephone);
        let command = Command::AnswerBed { lease: id.clone(), refusal, telephone };
        let done = self.desk.order(call, &keeper(&id.subject), command).await?;
        known(&done.shown, &id)
    }

    /// The lease that a message names by who needs it and what for.
    fn lease_id(&self, requisition: &str, purpose: i32, subject: &str) -> Answer<LeaseId> {
        let reader = self.desk.reader();
        let requisition = reader.name("requisition", requisition)?;
        let subject = match read::choice("purpose", purpose)? {
            Purpose::Spot => LeaseSubject::Site(reader.name("subject", subject)?),
            Purpose::Fuel => LeaseSubject::Fuel(reader.name("subject", subject)?),
            Purpose::Bed => LeaseSubject::Bed(reader.name("subject", subject)?),
        };
        Ok(LeaseId { requisition, subject })
    }
}

/// Where a lease would stand that was only judged.
fn asked_state(done: &Done) -> LeaseState {
    use crate::decision::Event;
    let stands = done.outcome.events.iter().find_map(|event| match event {
        Event::LeaseGranted { .. } => Some(LeaseState::Granted),
        Event::LeaseRefused { reason, .. } => Some(LeaseState::Refused(*reason)),
        Event::LeaseEnded { end, .. } => Some(LeaseState::Ended(*end)),
        Event::BedAsked { .. } => Some(LeaseState::Asked),
        _ => None,
    });
    stands.unwrap_or(LeaseState::Ended(LeaseEnd::Released))
}

fn known(shown: &Shown, id: &LeaseId) -> Answer<v1::Lease> {
    shown.lease(id).ok_or_else(|| unknown(Kind::Lease, &format!("{} for {}", id.subject, id.requisition)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_reads_back_from_a_page_token() {
        for subject in ["members/kyoto/sites/p", "members/kyoto/sites/p/fuel", "members/kyoto/hospitals/h"] {
            let text = format!("members/hyogo/requests/r1/requisitions/1-2|{subject}");
            assert_eq!(text.parse::<LeaseKey>().unwrap().to_string(), text);
        }
        for text in ["", "|", "members/hyogo/requests/r1/requisitions/1-2", "a|members/kyoto/sites/p"] {
            assert!(text.parse::<LeaseKey>().is_err(), "{text}");
        }
    }
}
