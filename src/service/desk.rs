//! Where every call passes: who calls, the command that it becomes, the view that answers it.

use super::convert::{Reader, Shown, shown::Structures};
use super::error::ArgumentProblem;
use super::{ServiceError, status};
use crate::api::v1;
use crate::authority::duplicates::Scenes;
use crate::authority::{Outcome, Submission, Union, View};
use crate::decision::model::{Actor, SealId};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::decision::{Command, Rejection};
use crate::id::{LedgerId, RequestId};
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use tonic::metadata::MetadataMap;

/// Header in which a caller says who it is. Nobody checks it until identities exist, and the record says so.
pub const ACTOR_HEADER: &str = "yui-actor";
/// Longest claim, in bytes.
pub const ACTOR_BYTES_MAX: usize = 128;
/// Longest `request_id`, in bytes.
pub const REQUEST_ID_BYTES_MAX: usize = 64;

/// What all services share: the union behind them and how its resources are read and shown.
#[derive(Debug)]
pub struct Desk<U> {
    union: Arc<U>,
    reader: Reader,
    structures: Arc<Structures>,
    /// Kept up to date by whoever shows something next; held for the time of one catch-up, never across an await.
    latest: Mutex<Latest>,
}

/// The view that was shown last, and the scenes in it.
#[derive(Debug)]
struct Latest {
    view: Arc<View>,
    scenes: Arc<Scenes>,
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// As it will be recorded.
    pub actor: Actor,
}

/// A call that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who calls.
    pub actor: Actor,
    /// The same again in a retry.
    pub request_id: Vec<u8>,
    /// Judge only.
    pub validate_only: bool,
}

/// What a command led to, and what is known after it.
#[derive(Clone, Debug)]
pub struct Done {
    /// The view after it; unchanged when it was only judged.
    pub shown: Shown,
    /// What happened, or would have.
    pub outcome: Outcome,
}

impl Caller {
    /// Reads who calls from the metadata of a call.
    ///
    /// # Errors
    /// [`ServiceError::Field`] when the claim is not text, holds control characters or is too long.
    pub fn read(metadata: &MetadataMap) -> Result<Caller, ServiceError> {
        let Some(value) = metadata.get(ACTOR_HEADER) else { return Caller::claimed("anonymous") };
        // Japanese names arrive as UTF-8, which `to_str` would refuse.
        let wrong = ArgumentProblem::Domain(FieldProblem::Pattern { pattern: "UTF-8 text" });
        match std::str::from_utf8(value.as_bytes()) {
            Ok(claim) => Caller::claimed(claim),
            Err(_) => Err(ServiceError::argument(ACTOR_HEADER, wrong)),
        }
    }

    /// Somebody who claims to be `claim`.
    ///
    /// # Errors
    /// [`ServiceError::Field`] when it is empty, too long or holds control characters.
    pub fn claimed(claim: &str) -> Result<Caller, ServiceError> {
        let claim = claim.trim();
        if claim.is_empty() {
            return Err(ServiceError::required(ACTOR_HEADER));
        }
        within(ACTOR_HEADER, claim.len(), ACTOR_BYTES_MAX)?;
        if claim.chars().any(char::is_control) {
            return Err(ServiceError::field(ACTOR_HEADER, FieldProblem::ControlCharacters));
        }
        Ok(Caller { actor: Actor(format!("unauthenticated:{claim}")) })
    }

    /// A call of theirs that changes something. An empty `request_id` gets a random one: such a call cannot be retried.
    ///
    /// # Errors
    /// [`ServiceError::Field`] when `request_id` is too long or holds control characters.
    pub fn call(self, request_id: String, validate_only: bool) -> Result<Call, ServiceError> {
        within("request_id", request_id.len(), REQUEST_ID_BYTES_MAX)?;
        if request_id.chars().any(char::is_control) {
            return Err(ServiceError::field("request_id", FieldProblem::ControlCharacters));
        }
        let request_id = if request_id.is_empty() { random_uuid()? } else { request_id };
        Ok(Call { actor: self.actor, request_id: request_id.into_bytes(), validate_only })
    }
}

impl Call {
    /// The submission of `command` in this call, resting on nothing but the ledger itself.
    #[must_use]
    pub fn submission(self, command: Command) -> Submission {
        let validate_only = self.validate_only;
        Submission { validate_only, ..Submission::new(self.request_id, self.actor, command) }
    }
}

impl<U: Union> Desk<U> {
    /// A desk before `union`. `structures` are the named ones of the road network in use.
    #[must_use]
    pub fn new(union: Arc<U>, structures: Structures) -> Desk<U> {
        let view = union.view();
        let reader = Reader::of(view.space.clone());
        let latest = Mutex::new(Latest { scenes: Arc::new(Scenes::of(&view)), view });
        Desk { union, reader, structures: Arc::new(structures), latest }
    }

    /// The union behind it.
    #[must_use]
    pub fn union(&self) -> &Arc<U> {
        &self.union
    }

    /// Reads what comes in.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What is known now, as the wire shows it.
    #[must_use]
    pub fn shown(&self) -> Shown {
        let (view, scenes) = self.latest();
        let (structures, names) = (Arc::clone(&self.structures), self.reader.names().clone());
        Shown { view, scenes, structures, now: self.union.now(), names }
    }

    /// The present view and its scenes. All calls that come between two records share both: only the first of them
    /// catches up.
    fn latest(&self) -> (Arc<View>, Arc<Scenes>) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&latest.view, &self.union.view()) {
            latest.view = Arc::make_mut(&mut latest.scenes).refresh(self.union.as_ref());
        }
        (Arc::clone(&latest.view), Arc::clone(&latest.scenes))
    }

    /// Hands `command` to `ledger` and reads the view after it.
    ///
    /// # Errors
    /// [`ServiceError::Submit`] when the ledger does not take it.
    pub async fn order(&self, call: Call, ledger: &LedgerId, command: Command) -> Result<Done, ServiceError> {
        let outcome = self.union.submit(ledger, call.submission(command)).await?;
        Ok(Done { shown: self.shown(), outcome })
    }

    /// Reads a sealed text for one who asked for its resource by name; empty when there is none or its key is gone.
    ///
    /// A fault in the store of secrets is logged and hides the text only: the rest of a request is needed all the more.
    pub async fn open(&self, ledger: &LedgerId, seal: Option<SealId>) -> String {
        let Some(seal) = seal else { return String::new() };
        match self.union.open_seal(ledger, seal).await {
            Ok(text) => text.unwrap_or_default(),
            Err(fault) => {
                tracing::warn!(%ledger, sequence = seal.sequence, %fault, "sealed text cannot be read");
                String::new()
            }
        }
    }

    /// A request with its sealed texts, as one who asks for it by name gets it.
    ///
    /// # Errors
    /// [`Rejection::NotFound`].
    pub async fn request(&self, shown: &Shown, id: &RequestId) -> Result<v1::Request, ServiceError> {
        let ledger = id.ledger();
        let state = shown.view.state(&ledger);
        let request =
            state.and_then(|state| state.requests.get(id)).ok_or_else(|| unknown(Kind::Request, id))?;
        let mut answer = shown.request_of(request);
        answer.caller = self.open(&ledger, request.caller).await;
        answer.patients = self.open(&ledger, request.patients).await;
        Ok(answer)
    }

    /// The answer of a call on the wire.
    ///
    /// # Errors
    /// The row of the error table.
    pub fn reply<T>(&self, answer: Result<T, ServiceError>) -> Result<tonic::Response<T>, tonic::Status> {
        match answer {
            Ok(answer) => Ok(tonic::Response::new(answer)),
            Err(error) => Err(status::status_of(&error, self.reader.names())),
        }
    }
}

/// What is named is not known here.
#[must_use]
pub fn unknown(kind: Kind, id: &impl Display) -> ServiceError {
    Rejection::NotFound { kind, name: id.to_string() }.into()
}

/// Refuses a resource that is not as the caller last saw it; an empty tag accepts any.
///
/// # Errors
/// [`ServiceError::EtagMismatch`].
pub fn same_tag(name: &str, given: &str, now: &str) -> Result<(), ServiceError> {
    if given.is_empty() || given == now {
        return Ok(());
    }
    let given = given.chars().take(32).collect();
    Err(ServiceError::EtagMismatch { name: name.to_string(), given, now: now.to_string() })
}

fn within(field: &str, got: usize, max: usize) -> Result<(), ServiceError> {
    if got <= max {
        return Ok(());
    }
    let (got, max) = (u64::try_from(got).unwrap_or(u64::MAX), u64::try_from(max).unwrap_or(u64::MAX));
    Err(ServiceError::field(field, FieldProblem::TooLong { got, max }))
}

/// A random UUID (RFC 9562, version 4).
fn random_uuid() -> Result<String, ServiceError> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|_| ServiceError::Unavailable { what: "randomness of the system" })?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = super::convert::etag::hex(&bytes);
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

#[cfg(test)]
mod tests {
    use super::super::fake_union::FakeUnion;
    use super::*;

    #[test]
    fn the_actor_is_recorded_as_claimed_and_unauthenticated() {
        let mut metadata = MetadataMap::new();
        assert_eq!(Caller::read(&metadata).unwrap().actor.0, "unauthenticated:anonymous");
        metadata.insert(ACTOR_HEADER, "toyooka-cs".parse().unwrap());
        assert_eq!(Caller::read(&metadata).unwrap().actor.0, "unauthenticated:toyooka-cs");
        let japanese = tonic::metadata::MetadataValue::try_from("豊岡CS".as_bytes()).unwrap();
        metadata.insert(ACTOR_HEADER, japanese);
        assert_eq!(Caller::read(&metadata).unwrap().actor.0, "unauthenticated:豊岡CS");
    }

    #[test]
    fn a_claim_that_cannot_be_recorded_is_refused() {
        for claim in ["", "  ", "a\u{7}b", "a\nb", &"x".repeat(129)] {
            assert!(Caller::claimed(claim).is_err(), "{claim:?}");
        }
        let mut metadata = MetadataMap::new();
        metadata.insert(ACTOR_HEADER, tonic::metadata::MetadataValue::try_from(&[0xff, 0xfe][..]).unwrap());
        assert!(Caller::read(&metadata).is_err());
    }

    #[test]
    fn a_missing_request_id_is_replaced_by_a_random_one() {
        let caller = Caller::claimed("a").unwrap();
        let id = || String::from_utf8(caller.clone().call(String::new(), false).unwrap().request_id).unwrap();
        let (one, two) = (id(), id());
        assert_ne!(one, two);
        assert_eq!((one.len(), &one[14..15]), (36, "4"));
        assert!(caller.clone().call("x".repeat(65), false).is_err());
        assert!(caller.clone().call("\u{1}expire/7".to_owned(), false).is_err());
        assert_eq!(caller.call("x".repeat(64), true).unwrap().request_id.len(), 64);
    }

    #[test]
    fn calls_between_two_records_share_one_view_and_the_next_record_is_seen() {
        let union = Arc::new(FakeUnion::drill());
        union.say("members/hyogo", "structures/akashi", "wind");
        let desk = Desk::new(Arc::clone(&union), Structures::new());
        let (one, two) = (desk.shown(), desk.shown());
        assert!(Arc::ptr_eq(&one.view, &two.view) && Arc::ptr_eq(&one.scenes, &two.scenes));
        for (ledger, note) in
            [("members/hyogo", "calm"), ("members/shiga", "snow"), ("members/hyogo", "wind")]
        {
            union.say(ledger, "structures/akashi", note);
            let shown = desk.shown();
            assert!(Arc::ptr_eq(&shown.view, &union.view()));
            assert_eq!(*shown.scenes, Scenes::of(&shown.view));
        }
        // Who still looks at the old view sees what belongs to it.
        assert_eq!(*one.scenes, Scenes::of(&one.view));
    }

    #[test]
    fn an_old_tag_is_a_lost_race() {
        assert_eq!(same_tag("n", "", "a"), Ok(()));
        assert_eq!(same_tag("n", "a", "a"), Ok(()));
        assert!(matches!(same_tag("n", "b", "a"), Err(ServiceError::EtagMismatch { .. })));
    }
}
