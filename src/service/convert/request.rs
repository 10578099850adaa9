//! Requests.

use super::shown::Shown;
use super::{Reader, Wire, etag, read, wire};
use crate::api::v1;
use crate::decision::command::{NewRequest, SealKind};
use crate::decision::model::{Ambulance, Hazards, Request, RequestState, Triage};
use crate::id::RequestId;
use crate::service::ServiceError;
use std::collections::BTreeSet;

impl Reader {
    /// A call for help as it comes in, or as somebody only wants it ranked. What is output only is not read.
    ///
    /// # Errors
    /// [`ServiceError`] naming the field that is wrong, as `request.<field>`.
    pub fn new_request(&self, request: v1::Request) -> Result<NewRequest, ServiceError> {
        let ambulance = match request.ambulance {
            None => None,
            Some(ambulance) => Some(Ambulance {
                call_sign: ambulance.call_sign,
                at_patient: read::instant_opt(
                    "request.ambulance.at_patient_time",
                    ambulance.at_patient_time,
                )?,
            }),
        };
        Ok(NewRequest {
            kind: read::choice("request.kind", request.kind)?,
            requester: self.name("request.requester", &request.requester)?,
            incident: request.incident,
            position: read::position("request.position", request.position)?,
            place: request.place,
            site: self.name_opt("request.site", &request.site)?,
            called_at: read::instant_opt("request.call_time", request.call_time)?,
            keyword: request.keyword,
            triage: triage(request.triage.unwrap_or_default())?,
            stretchers: read::count("request.stretchers", request.stretchers)?,
            needed: read::capabilities("request.capabilities", &request.capabilities)?,
            hazards: Hazards { hazards: request.hazards, access: request.access },
            ambulance,
            due: read::instant_opt("request.due_time", request.due_time)?,
            origin: self.name_opt("request.origin_hospital", &request.origin_hospital)?,
            hospitals: self.name_list("request.hospitals", &request.hospitals)?,
            // Left out means one: a call for no aircraft is no call.
            aircraft_count: read::count("request.aircraft_count", request.aircraft_count.max(1))?,
            caller: read::seal(SealKind::Caller, request.caller),
            patients: read::seal(SealKind::Patient, request.patients),
        })
    }
}

fn triage(triage: v1::request::Triage) -> Result<Triage, ServiceError> {
    Ok(Triage {
        red: read::count("request.triage.red", triage.red)?,
        yellow: read::count("request.triage.yellow", triage.yellow)?,
        green: read::count("request.triage.green", triage.green)?,
        black: read::count("request.triage.black", triage.black)?,
    })
}

impl Shown {
    /// One request, as the wire shows it. The sealed texts are empty.
    #[must_use]
    pub fn request(&self, id: &RequestId) -> Option<v1::Request> {
        self.view.state(&id.ledger())?.requests.get(id).map(|request| self.request_of(request))
    }

    /// A request with its requisitions, and with those of the requests that were merged into it.
    #[must_use]
    pub fn request_of(&self, request: &Request) -> v1::Request {
        let merged_from = self.scenes.merged_into(&request.id);
        let mut shown = self.asked_for(request);
        shown.state = wire::request_state(&request.state).into();
        match &request.state {
            RequestState::Open => {}
            RequestState::Cancelled(reason) => shown.cancel_reason = reason.number(),
            RequestState::Merged { into } => shown.merged_into = self.names.print(into),
            RequestState::Closed { filled } => shown.filled = *filled,
        }
        shown.requisitions = self.requisitions_of(request);
        for id in &merged_from {
            if let Some(merged) = self.view.state(&id.ledger()).and_then(|state| state.requests.get(id)) {
                shown.requisitions.extend(self.requisitions_of(merged));
            }
        }
        shown.links = request.links.iter().map(|link| self.names.print(link)).collect();
        shown.reopened_from = self.names.print_opt(request.reopened_from.as_ref());
        shown.merged_from = merged_from.iter().map(|id| self.names.print(id)).collect();
        // What follows is not part of the tag: it depends on requests of others, which change nothing here.
        shown.etag = etag::of(&shown);
        // One side's word is shown at both: whoever looks at the other must see it too.
        let mut links: BTreeSet<RequestId> = request.links.iter().cloned().collect();
        links.extend(self.scenes.linked_to(&request.id));
        shown.links = links.iter().map(|link| self.names.print(link)).collect();
        shown.possible_duplicates = self.scenes.near(request).iter().map(|id| self.names.print(id)).collect();
        shown
    }

    /// Every requisition of a request, by number, then attempt.
    fn requisitions_of(&self, request: &Request) -> Vec<v1::Requisition> {
        request.attempts().filter_map(|(id, _)| self.requisition(&id)).collect()
    }

    /// The part of a request that is as it came in.
    fn asked_for(&self, request: &Request) -> v1::Request {
        let names = &self.names;
        let ambulance = |ambulance: &Ambulance| v1::request::Ambulance {
            call_sign: ambulance.call_sign.clone(),
            at_patient_time: ambulance.at_patient.map(wire::instant),
        };
        let Triage { red, yellow, green, black } = request.triage;
        v1::Request {
            name: names.print(&request.id),
            kind: request.kind.number(),
            requester: names.print(&request.requester),
            incident: request.incident.clone(),
            position: Some(wire::position(request.position)),
            place: request.place.clone(),
            site: names.print_opt(request.site.as_ref()),
            call_time: Some(wire::instant(request.called_at)),
            keyword: request.keyword.clone(),
            triage: Some(v1::request::Triage {
                red: red.into(),
                yellow: yellow.into(),
                green: green.into(),
                black: black.into(),
            }),
            stretchers: request.stretchers.into(),
            capabilities: wire::capabilities(request.needed),
            hazards: request.hazards.hazards.clone(),
            access: request.hazards.access.clone(),
            ambulance: request.ambulance.as_ref().map(ambulance),
            due_time: request.due.map(wire::instant),
            origin_hospital: names.print_opt(request.origin.as_ref()),
            hospitals: request.hospitals.iter().map(|hospital| names.print(hospital)).collect(),
            aircraft_count: request.aircraft_count.into(),
            create_time: Some(wire::instant(request.opened_at)),
            creator: request.opened_by.0.clone(),
            ..v1::Request::default()
        }
    }
}
