//! What the ledgers write down of the decision core: its events and the problems that it answered as bytes for ever,
//! and digests of its values.
//!
//! The one place that knows both [`Event`] and the schema in `proto/yui/ledger/v1/event.proto`, both [`Stated`] and
//! `problem.proto` beside it. The ledgers carry the bytes and never look inside. Pure; absent on purpose: the envelope
//! of a record, sealed texts in clear, the wire of the services, any folding, any ranking.
//!
//! What this schema cannot tell in full is an [`RecordFault::Unknown`], never a guess: the record is kept and
//! verified, and its ledger shown as partial.

mod conditions;
mod custodian;
mod digest;
mod field;
mod goods;
mod in_place;
mod lease;
mod need;
mod pair;
mod plan;
mod problem;
mod registry;
mod request;
mod road;
#[cfg(test)]
mod sample;
mod stated;
#[cfg(test)]
mod tests;
mod union;

pub use digest::{STATE_FORMAT, canonical, state_hash};
pub use problem::{decode_problem, encode_problem};
pub use stated::{Names, Stated};

use crate::decision::Event;
use crate::id::MemberId;
use field::{Cause, Recorded, Wrong};
use prost::Message as _;

/// The generated types of `yui.ledger.v1.event`.
mod wire {
    #![allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/yui.ledger.v1.event.rs"));
}

/// The schema that [`encode_event`] and [`encode_problem`] write. It grows by one with every new event, field or word of
/// a closed list.
pub const SCHEMA_VERSION: u32 = 4;

/// Bytes that are not an event or a problem of this schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// Says something that this schema has no word for: written by a newer version. Keep the record, show its ledger
    /// as partial.
    #[error("{what} is not known to schema {SCHEMA_VERSION}; update this program to read it")]
    Unknown {
        /// The word, `Declined.reason 9`, or the event or problem that has more in it.
        what: String,
    },
    /// A field that no schema allows: damage, or a bug of the writer.
    #[error("{event}.{field} is missing or malformed; check the ledger")]
    Malformed {
        /// The event, as named in [`Event`]; [`Stated`] for a problem.
        event: &'static str,
        /// The field, from there down: `choice.sites.0`.
        field: String,
    },
    /// Not the bytes of any event or problem.
    #[error("not an event or a problem: {source}; check the ledger")]
    Undecodable {
        /// What protobuf says.
        source: prost::DecodeError,
    },
}

/// The bytes of an event, as they stand in a record for ever.
///
/// Equal events give equal bytes on every machine.
///
/// # Panics
/// When a time lies outside the calendar or a requisition counts from 0. Commands are judged before they become
/// events, so that is a bug, and it must stop before the record is durable: nobody could read it back.
#[must_use]
pub fn encode_event(event: &Event) -> Vec<u8> {
    wire::Event { event: Some(write(event)) }.encode_to_vec()
}

/// Reads the bytes of an event.
///
/// Every name, position and time in the answer is valid; bits of capabilities that this schema does not know are kept.
///
/// # Errors
/// [`RecordFault::Unknown`] when a newer schema wrote it: an event, a word of a closed list, or a field that is not
/// known here (found by its length: what is read must account for every byte).
/// [`RecordFault::Malformed`] and [`RecordFault::Undecodable`] when no schema did.
pub fn decode_event(bytes: &[u8]) -> Result<Event, RecordFault> {
    decode_event_near(bytes, None)
}

/// As [`decode_event`]; names under the member `near` share that one's text, which a state that keeps them by the hundred
/// thousand then holds once.
///
/// # Errors
/// As [`decode_event`].
pub fn decode_event_near(bytes: &[u8], near: Option<&MemberId>) -> Result<Event, RecordFault> {
    match in_place::read(bytes, near) {
        Some(event) => Ok(event),
        None => decode_generated(bytes),
    }
}

/// Reads an event by way of the generated types: whatever the fast way does not take.
fn decode_generated(bytes: &[u8]) -> Result<Event, RecordFault> {
    let message = wire::Event::decode(bytes).map_err(|source| RecordFault::Undecodable { source })?;
    let bytes_known = message.encoded_len();
    let Some(event) = message.event else { return Err(nameless(bytes)) };
    let (name, event) = read(event);
    let event = event.map_err(|wrong| fault(name, wrong))?;
    if bytes_known == bytes.len() {
        Ok(event)
    } else {
        Err(RecordFault::Unknown { what: format!("a field of {name}") })
    }
}

/// What to say of a message in which no event was found: a number from a newer schema, or nothing at all.
fn nameless(mut bytes: &[u8]) -> RecordFault {
    match prost::encoding::decode_key(&mut bytes) {
        Ok((number, _)) => RecordFault::Unknown { what: format!("event {number}") },
        Err(source) => RecordFault::Undecodable { source },
    }
}

/// Puts the event's name in front of what is wrong inside it.
fn fault(event: &'static str, wrong: Wrong) -> RecordFault {
    let Wrong { path, cause } = wrong;
    match cause {
        Cause::Newer(number) => RecordFault::Unknown { what: format!("{event}.{path} {number}") },
        Cause::Malformed => RecordFault::Malformed { event, field: path },
    }
}

/// Declares every event: with its fields where its message is its own, with one name where it is a record.
macro_rules! events {
    ($($variant:ident $({ $($field:ident),* })? $(( $record:ident ))?,)*) => {
        fn write(event: &Event) -> wire::event::Event {
            match event {
                $(Event::$variant $({ $($field),* })? $(( $record ))? => wire::event::Event::$variant(
                    $(wire::$variant { $($field: Recorded::write($field)),* })?
                    $(Recorded::write($record))?
                ),)*
            }
        }

        /// The event's name, and the event.
        fn read(event: wire::event::Event) -> (&'static str, Result<Event, Wrong>) {
            match event {
                $(wire::event::Event::$variant(message) => (stringify!($variant), {
                    let read = || {
                        $(let wire::$variant { $($field),* } = message;
                        Ok(Event::$variant {
                            $($field: Recorded::read($field)
                                .map_err(|wrong: Wrong| wrong.within(stringify!($field)))?),*
                        }))?
                        $(let $record = Recorded::read(message)?;
                        Ok(Event::$variant($record)))?
                    };
                    read()
                }),)*
            }
        }

        /// A way to make each event, with its name.
        #[cfg(test)]
        const SAMPLES: &[(&str, fn(&mut sample::Dice) -> Event)] = &[
            $((stringify!($variant), |dice| {
                $(Event::$variant { $($field: dice.roll()),* })?
                $({ let $record = dice.roll(); Event::$variant($record) })?
            }),)*
        ];
    };
}

events! {
    // The ledger itself.
    AuthorityTaken { epoch, holder },
    ClockSuspected { off_millis },
    ClockTrusted { paused_s, stepped_s, by },

    // A field of the union.
    FieldOpened { field, office, deputies },
    MemberRegistered(member),
    AgreementAdopted(agreement),
    AreaStated(area),

    // Registry.
    OperatingModeSet(mode),
    OrganisationRegistered(organisation),
    AssetRegistered(asset),
    AssetUpdated(asset),
    SiteRegistered(site),
    HospitalRegistered(hospital),
    AssetStateSet { asset, state },
    OutagePlanned { asset, outage },
    OutageCancelled { asset, outage },
    Offered { offer, asset, requisition, window },
    OfferEnded { offer, state },
    StandingOrderGiven { id, answers_for, until },
    StandingOrderRevoked { id },

    // Conditions.
    WeatherReported(weather),
    SiteReported { site, report },
    HospitalReported { hospital, report },
    StructureClosed { structure, note, expected_end },
    StructureOpened { structure, note },
    NoFlyAreaReported(area),
    NoFlyAreaLifted { area, note },

    // Requests.
    RequestOpened(request),
    AircraftCountSet { request, count },
    AttemptOpened { requisition, choice, answer_s, standing_order, takes },
    WithdrawalAsked { requisition, reason },
    OutcomeRecorded { requisition, state },
    CommitReported { requisition, telephone },
    CommitReportSettled { requisition, outcome },
    RequestLinked { request, other },
    RequestMerged { request, into },
    RequestCancelled { request, reason },
    RequestClosed { request, filled },
    RequestReopened { request },

    // The custodian.
    Held(held),
    NotHeld { requisition, asset, reason },
    Acknowledged { requisition },
    Committed { requisition, mission, telephone, crew_seal },
    CommitmentConfirmed { mission },
    Declined { requisition, reason, telephone },
    Withdrawn { requisition, reason },
    Expired { requisition },
    Progressed { mission, phase },
    HospitalChosen { mission, hospital, patients },
    StoodDown { mission, reason },
    Aborted { mission, reason },

    // Leases.
    BedAsked { lease, window, patients },
    LeaseGranted { lease, window, telephone },
    LeaseRefused { lease, window, reason, telephone },
    LeaseRenewed { lease, until },
    LeaseEnded { lease, end },

    // The roads.
    RoadRestricted(restriction),
    RestrictionLifted { restriction, note },

    // Goods and needs.
    CommodityRegistered(commodity),
    DepotRegistered(depot),
    DepotReported { depot, report },
    FleetRegistered(fleet),
    StocksCounted { counts },
    ReserveOpened { depot, commodity, by, note },
    ReserveClosed { depot, commodity, note },
    NeedsStated { needs },
    NeedCorrected { need, note },
    NeedWithdrawn { need, note },

    // Plans and shipments.
    PlanProposed(plan),
    ShipmentsApproved { shipments, by },
    ShipmentsDeclined { shipments, reason, note },
    ShipmentDispatched { shipment, goods, by },
    ShipmentArrived { shipment, goods, by },
    ShipmentReceived { shipment, goods, by },
    DifferenceExplained { shipment, reason, note },

    // Pairs.
    PairDecided(pair),
    PairEnded { pair, by, note },
}
