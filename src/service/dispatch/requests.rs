//! Requests: opened, counted, linked, merged, cancelled, closed.

use super::{Adviser, Answer, Dispatch};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Rejection;
use crate::decision::model::{Request, RequestState};
use crate::decision::rejection::Kind;
use crate::decision::{Command, Event};
use crate::id::{LedgerId, MemberId, RequestId};
use crate::service::convert::{Names, Wire, read, wire};
use crate::service::desk::{Call, Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::known;
use crate::service::paging::Query;
use crate::service::registry::{ledgers, parent_key};

const FILTER: [FilterField; 2] = [
    FilterField { name: "state", takes: |value| v1::request::State::from_str_name(value).is_some() },
    FilterField { name: "kind", takes: |value| v1::RequestKind::from_str_name(value).is_some() },
];

fn values(request: &Request, field: &str) -> Vec<String> {
    let value = match field {
        "state" => wire::request_state(&request.state).as_str_name(),
        _ => request.kind.wire().as_str_name(),
    };
    vec![value.to_string()]
}

/// A request that was only judged: as it came in, under the name that it would have got.
fn would_be(names: &Names, id: &RequestId, asked: v1::Request) -> v1::Request {
    v1::Request {
        name: names.print(id),
        state: v1::request::State::Open.into(),
        aircraft_count: asked.aircraft_count.max(1),
        cancel_reason: 0,
        merged_into: String::new(),
        filled: false,
        create_time: None,
        creator: String::new(),
        links: Vec::new(),
        possible_duplicates: Vec::new(),
        requisitions: Vec::new(),
        merged_from: Vec::new(),
        reopened_from: String::new(),
        etag: String::new(),
        ..asked
    }
}

impl<U: Union, P: Adviser<U>> Dispatch<U, P> {
    pub(super) async fn create_request(
        &self,
        caller: Caller,
        message: v1::CreateRequestRequest,
    ) -> Answer<v1::Request> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let member: MemberId = self.desk.reader().name("parent", &message.parent)?;
        let view = self.desk.shown().view;
        let asked = read::given("request", message.request)?;
        let asked = known::with_position(self.desk.reader(), &view, asked)?;
        let new = self.desk.reader().new_request(asked.clone())?;
        known::request(&view, &new)?;
        let command = Command::OpenRequest(new);
        let validate_only = call.validate_only;
        let done = self
            .desk
            .order(call, &LedgerId::Member(member.clone()), command)
            .await
            .map_err(|e| e.within("request"))?;
        let opened = done.outcome.events.iter().find_map(|event| match event {
            Event::RequestOpened(opened) => Some(&opened.request),
            _ => None,
        });
        let id = opened.ok_or_else(|| unknown(Kind::Request, &member))?;
        if validate_only {
            return Ok(would_be(self.desk.reader().names(), id, asked));
        }
        self.desk.request(&done.shown, id).await
    }

    pub(super) async fn get_request(&self, _: Caller, message: v1::GetRequestRequest) -> Answer<v1::Request> {
        let id: RequestId = self.desk.reader().name("name", &message.name)?;
        self.desk.request(&self.desk.shown(), &id).await
    }

    pub(super) async fn list_requests(
        &self,
        _: Caller,
        message: v1::ListRequestsRequest,
    ) -> Answer<v1::ListRequestsResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListRequests",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.requests.values());
        let passing = all.filter(|request| page.filter.admits(|field| values(request, field)));
        let (requests, next_page_token) = page.cut(passing, |request| request.id.clone())?;
        let requests = requests.into_iter().map(|request| shown.request_of(request)).collect();
        Ok(v1::ListRequestsResponse { requests, next_page_token })
    }

    pub(super) async fn set_aircraft_count(
        &self,
        caller: Caller,
        message: v1::SetAircraftCountRequest,
    ) -> Answer<v1::Request> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let count = read::count("aircraft_count", message.aircraft_count)?;
        self.change_request(call, &message.name, |request| Command::SetAircraftCount { request, count }).await
    }

    pub(super) async fn link_requests(
        &self,
        caller: Caller,
        message: v1::LinkRequestsRequest,
    ) -> Answer<v1::Request> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let other = self.other_request("other", &message.other)?;
        self.change_request(call, &message.name, |request| Command::LinkRequest { request, other }).await
    }

    pub(super) async fn merge_requests(
        &self,
        caller: Caller,
        message: v1::MergeRequestsRequest,
    ) -> Answer<v1::Request> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let into = self.other_request("into", &message.into)?;
        // Its ledger may be another: the one that judges cannot see that it does not go on.
        let shown = self.desk.shown();
        let other = shown.view.state(&into.ledger()).and_then(|state| state.requests.get(&into));
        if let Some(other) = other.filter(|other| other.state != RequestState::Open) {
            return Err(Rejection::RequestNotOpen { request: into, state: other.state.clone() }.into());
        }
        self.change_request(call, &message.name, |request| Command::MergeRequest { request, into }).await
    }

    pub(super) async fn cancel_request(
        &self,
        caller: Caller,
        message: v1::CancelRequestRequest,
    ) -> Answer<v1::Request> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let reason = read::choice("reason", message.reason)?;
        self.change_request(call, &message.name, |request| Command::CancelRequest { request, reason }).await
    }

    pub(super) async fn close_request(
        &self,
        caller: Caller,
        message: v1::CloseRequestRequest,
    ) -> Answer<v1::Request> {
        let call = caller.call(message.request_id, message.validate_only)?;
        self.change_request(call, &message.name, |request| Command::CloseRequest { request }).await
    }

    /// Changes one request, in the ledger of the member that made it.
    async fn change_request(
        &self,
        call: Call,
        name: &str,
        command: impl FnOnce(RequestId) -> Command + Send,
    ) -> Answer<v1::Request> {
        let id: RequestId = self.desk.reader().name("name", name)?;
        let done = self.desk.order(call, &id.ledger(), command(id.clone())).await?;
        self.desk.request(&done.shown, &id).await
    }

    /// A request that may lie in another ledger than the command: the one that judges cannot look there.
    fn other_request(&self, field: &str, name: &str) -> Answer<RequestId> {
        let id: RequestId = self.desk.reader().name(field, name)?;
        let shown = self.desk.shown();
        let there = shown.view.state(&id.ledger()).is_some_and(|state| state.requests.contains_key(&id));
        if there { Ok(id) } else { Err(unknown(Kind::Request, &id)) }
    }
}
