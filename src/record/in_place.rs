//! Reads the events that ledgers have most of where they lie: what a start with a million records spends its time on.
//!
//! Takes only the very bytes that [`encode_event`](super::encode_event) writes: fields in ascending order, each once,
//! none with the value that is left out, no number longer than it need be. For anything else it has no opinion
//! ([`None`]), and the generated decoder says what it is; so a fault is told the same way, and a field of a newer schema
//! is never passed over.
//!
//! Why not the generated decoder alone: it builds a message of texts, then the event out of that, then measures the
//! message to know that nothing was passed over. It is the oracle in the tests.

use super::field::Recorded;
use crate::decision::Event;
use crate::decision::event::{Held, RequestOpened};
use crate::decision::model::{
    Ambulance, CancelReason, Capabilities, Choice, Hazards, IfBusy, MissionPhase, RequestKind, Telephone,
    Triage, Weather,
};
use crate::id::{
    AssetId, HospitalId, MemberId, MissionId, OfferId, OrganisationId, RequestId, RequisitionId, SiteId,
    StandingOrderId, WeatherRegionId,
};
use crate::units::{Position, Timestamp};

/// Wire types of protobuf.
const VARINT: u32 = 0;
const BYTES: u32 = 2;

/// The event, if its bytes are those that would be written for it; names under the member `near` share that one's text.
pub(super) fn read(bytes: &[u8], near: Option<&MemberId>) -> Option<Event> {
    let mut message = Message { rest: bytes, near };
    let tag = u32::try_from(message.varint()?).ok()?;
    let event = match (tag >> 3, tag & 7) {
        (number, BYTES) => event(number, &mut message)?,
        _ => return None,
    };
    message.ended(event)
}

/// A message that is being read.
struct Message<'a> {
    rest: &'a [u8],
    near: Option<&'a MemberId>,
}

impl<'a> Message<'a> {
    /// Steps over the tag of `field`, if that comes next.
    fn comes(&mut self, field: u32, kind: u32) -> bool {
        let tag = field << 3 | kind;
        let rest = match (tag < 0x80, self.rest) {
            (true, [first, rest @ ..]) if u32::from(*first) == tag => rest,
            (false, [first, second, rest @ ..])
                if u32::from(*first) == (tag & 0x7f | 0x80) && u32::from(*second) == tag >> 7 =>
            {
                rest
            }
            _ => return false,
        };
        self.rest = rest;
        true
    }

    /// A number in as few bytes as it takes.
    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for (place, byte) in self.rest.iter().enumerate().take(10) {
            if place == 9 && *byte > 1 {
                return None;
            }
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[place + 1..];
                return (place == 0 || *byte != 0).then_some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    fn inner(&mut self) -> Option<Message<'a>> {
        Some(Message { rest: self.bytes()?, near: self.near })
    }

    fn field<T: Field>(&mut self, number: u32) -> Option<T> {
        T::field(self, number)
    }

    /// `value`, if nothing stands behind it.
    fn ended<T>(&self, value: T) -> Option<T> {
        self.rest.is_empty().then_some(value)
    }
}

/// A value as a field of a message: one, perhaps one, or several.
trait Field: Sized {
    fn field(message: &mut Message<'_>, number: u32) -> Option<Self>;
}

/// One value.
trait Value: Sized {
    const KIND: u32;
    /// Whether it stands there even when it is empty.
    const IS_MESSAGE: bool = false;

    /// What it is when it does not stand there.
    fn left_out() -> Option<Self>;

    /// Reads it behind its tag.
    fn value(message: &mut Message<'_>) -> Option<Self>;
}

impl<T: Value> Field for T {
    fn field(message: &mut Message<'_>, number: u32) -> Option<T> {
        if !message.comes(number, T::KIND) {
            return T::left_out();
        }
        // A number or text that is empty is not written, unless absence means something else.
        let is_empty = message.rest.first() == Some(&0);
        if is_empty && !T::IS_MESSAGE { None } else { T::value(message) }
    }
}

impl<T: Value> Field for Option<T> {
    fn field(message: &mut Message<'_>, number: u32) -> Option<Option<T>> {
        if message.comes(number, T::KIND) { T::value(message).map(Some) } else { Some(None) }
    }
}

impl<T: Value> Field for Vec<T> {
    fn field(message: &mut Message<'_>, number: u32) -> Option<Vec<T>> {
        let mut values = Vec::new();
        while message.comes(number, T::KIND) {
            values.push(T::value(message)?);
        }
        Some(values)
    }
}

/// Declares numbers: how each is made of the number that stands there.
macro_rules! numbers {
    ($($name:ty: $made:expr;)*) => {
        $(impl Value for $name {
            const KIND: u32 = VARINT;

            fn left_out() -> Option<$name> {
                let made: fn(u64) -> Option<$name> = $made;
                made(0)
            }

            fn value(message: &mut Message<'_>) -> Option<$name> {
                let made: fn(u64) -> Option<$name> = $made;
                made(message.varint()?)
            }
        })*
    };
}

numbers! {
    u16: |number| u16::try_from(number).ok();
    u32: |number| u32::try_from(number).ok();
    bool: |number| (number <= 1).then_some(number == 1);
    Timestamp: |number| Recorded::read(number.cast_signed()).ok();
    Capabilities: |number| Recorded::read(u32::try_from(number).ok()?).ok();
    RequestKind: |number| Recorded::read(i32::try_from(number).ok()?).ok();
    CancelReason: |number| Recorded::read(i32::try_from(number).ok()?).ok();
    IfBusy: |number| Recorded::read(i32::try_from(number).ok()?).ok();
    MissionPhase: |number| Recorded::read(i32::try_from(number).ok()?).ok();
}

/// A number of either sign, as `sint32` has it: the sign in the lowest bit.
struct Signed(i32);

impl Value for Signed {
    const KIND: u32 = VARINT;

    fn left_out() -> Option<Signed> {
        Some(Signed(0))
    }

    fn value(message: &mut Message<'_>) -> Option<Signed> {
        let number = u32::try_from(message.varint()?).ok()?;
        Some(Signed((number >> 1).cast_signed() ^ -(number & 1).cast_signed()))
    }
}

impl Value for Position {
    const KIND: u32 = BYTES;
    const IS_MESSAGE: bool = true;

    fn left_out() -> Option<Position> {
        None
    }

    fn value(message: &mut Message<'_>) -> Option<Position> {
        let mut inner = message.inner()?;
        let (Signed(lat_e7), Signed(lon_e7)) = (inner.field(1)?, inner.field(2)?);
        inner.ended(Position::from_e7(lat_e7, lon_e7).ok()?)
    }
}

impl Value for String {
    const KIND: u32 = BYTES;

    fn left_out() -> Option<String> {
        Some(String::new())
    }

    fn value(message: &mut Message<'_>) -> Option<String> {
        message.text().map(str::to_owned)
    }
}

impl Value for WeatherRegionId {
    const KIND: u32 = BYTES;

    fn left_out() -> Option<WeatherRegionId> {
        None
    }

    fn value(message: &mut Message<'_>) -> Option<WeatherRegionId> {
        message.text()?.parse().ok()
    }
}

/// Declares identifiers under a member.
macro_rules! names {
    ($($name:ident),*) => {
        $(impl Value for $name {
            const KIND: u32 = BYTES;

            fn left_out() -> Option<$name> {
                None
            }

            fn value(message: &mut Message<'_>) -> Option<$name> {
                $name::parse_near(message.text()?, message.near).ok()
            }
        })*
    };
}

names!(
    AssetId,
    HospitalId,
    MissionId,
    OfferId,
    OrganisationId,
    RequestId,
    RequisitionId,
    SiteId,
    StandingOrderId
);

/// Declares messages, their fields with their numbers in ascending order: they are read in the order given here.
macro_rules! messages {
    ($($name:ident { $($field:ident = $number:literal),* $(,)? })*) => {
        $(impl Value for $name {
            const KIND: u32 = BYTES;
            const IS_MESSAGE: bool = true;

            fn left_out() -> Option<$name> {
                None
            }

            fn value(message: &mut Message<'_>) -> Option<$name> {
                let mut inner = message.inner()?;
                let value = $name { $($field: inner.field($number)?),* };
                inner.ended(value)
            }
        })*
    };
}

messages! {
    Weather {
        region = 1, visibility_m = 2, ceiling_m = 3, wind_kmh = 4, icing = 5, thunderstorm = 6, observed_at = 7,
        expires_at = 8,
    }
    RequestOpened {
        request = 1, kind = 2, requester = 3, incident = 4, position = 5, place = 6, site = 7, called_at = 8,
        keyword = 9, triage = 10, stretchers = 11, needed = 12, hazards = 13, ambulance = 14, due = 15, origin = 16,
        hospitals = 17, aircraft_count = 18, caller_seal = 19, patients_seal = 20,
    }
    Triage { red = 1, yellow = 2, green = 3, black = 4 }
    Hazards { hazards = 1, access = 2 }
    Ambulance { call_sign = 1, at_patient = 2 }
    Choice { asset = 1, sites = 2, hospital = 3, if_busy = 4, at_site = 5 }
    Held {
        requisition = 1, asset = 2, kind = 3, position = 4, place = 5, site = 6, hospital = 7, if_busy = 8,
        answer_by = 9,
    }
    Telephone { said_by = 1, typed_by = 2 }
}

/// Declares the events that are read here, with their numbers.
macro_rules! events {
    ($($event:literal => $variant:ident $({ $($field:ident = $number:literal),* })? $(( $record:ident ))?,)*) => {
        fn event(number: u32, message: &mut Message<'_>) -> Option<Event> {
            match number {
                $($event => {
                    $(let mut inner = message.inner()?;
                    let event = Event::$variant { $($field: inner.field($number)?),* };
                    inner.ended(event))?
                    $($record::value(message).map(Event::$variant))?
                })*
                _ => None,
            }
        }

        /// The names of the events that are read here.
        #[cfg(test)]
        pub(super) const READ_IN_PLACE: &[&str] = &[$(stringify!($variant)),*];
    };
}

events! {
    70 => WeatherReported(Weather),
    90 => RequestOpened(RequestOpened),
    91 => AircraftCountSet { request = 1, count = 2 },
    92 => AttemptOpened { requisition = 1, choice = 2, answer_s = 3, standing_order = 4, takes = 5 },
    97 => RequestLinked { request = 1, other = 2 },
    98 => RequestMerged { request = 1, into = 2 },
    99 => RequestCancelled { request = 1, reason = 2 },
    100 => RequestClosed { request = 1, filled = 2 },
    120 => Held(Held),
    122 => Acknowledged { requisition = 1 },
    123 => Committed { requisition = 1, mission = 2, telephone = 3, crew_seal = 4 },
    124 => CommitmentConfirmed { mission = 1 },
    127 => Expired { requisition = 1 },
    128 => Progressed { mission = 1, phase = 2 },
}
