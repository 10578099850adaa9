//! What several telegrams about one earthquake leave standing.
//!
//! Telegrams come late, twice and out of order; corrections and cancellations follow. Of each kind the newest counts, and a
//! cancellation leaves nothing of its kind until a newer one says otherwise. What happened, exercises and tests never meet.

use super::{EventId, Hypocentre, InfoType, Observation, Purpose, Telegram, TelegramKind};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// Earthquakes that are kept, the newest; a day of aftershocks that are felt has a few hundred.
pub const EVENTS_MAX: usize = 1_000;

/// The telegrams that stand, by what they were sent for and by earthquake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventBook {
    events: BTreeMap<(Purpose, EventId), Event>,
}

/// What stands about one earthquake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    newest: BTreeMap<TelegramKind, Telegram>,
}

/// What became of a telegram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It stands, as the first of its earthquake.
    First,
    /// It stands, beside others or in place of an older one.
    Newer,
    /// It took back what stood.
    Cancelled,
    /// A newer one, or the same, was there already.
    Stale,
}

impl EventBook {
    /// Enters a telegram. The same telegrams in any order leave the same book, as long as there are fewer than
    /// [`EVENTS_MAX`] earthquakes; beyond, the oldest is given up.
    pub fn enter(&mut self, telegram: Telegram) -> Entry {
        let key = (telegram.purpose, telegram.event);
        let is_first = !self.events.contains_key(&key);
        let event = self.events.entry(key).or_default();
        let known = event.newest.get(&telegram.kind);
        if known.is_some_and(|known| rank(known) >= rank(&telegram)) {
            return Entry::Stale;
        }
        let is_cancelled = telegram.info_type == InfoType::Cancellation;
        event.newest.insert(telegram.kind, telegram);
        if self.events.len() > EVENTS_MAX {
            self.give_up_oldest();
        }
        match (is_cancelled, is_first) {
            (true, _) => Entry::Cancelled,
            (false, true) => Entry::First,
            (false, false) => Entry::Newer,
        }
    }

    /// What stands about an earthquake.
    #[must_use]
    pub fn event(&self, purpose: Purpose, event: EventId) -> Option<&Event> {
        self.events.get(&(purpose, event))
    }

    fn give_up_oldest(&mut self) {
        let oldest = self.events.keys().min_by_key(|(purpose, event)| (*event, *purpose)).copied();
        if let Some(oldest) = oldest {
            self.events.remove(&oldest);
        }
    }
}

/// Newer telegrams have a higher rank. Of two sent in the same second the one with the higher count is newer, and a
/// cancellation follows a correction follows an issue.
fn rank(telegram: &Telegram) -> (Timestamp, u32, InfoType) {
    (telegram.sent_at, telegram.serial.unwrap_or(0), telegram.info_type)
}

impl Event {
    /// The telegrams that stand, cancelled ones left out.
    pub fn standing(&self) -> impl Iterator<Item = &Telegram> {
        self.newest.values().filter(|telegram| telegram.info_type != InfoType::Cancellation)
    }

    /// Whether everything was taken back.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.standing().next().is_none()
    }

    /// Where it was and how large, by the newest telegram that says so; of two sent together by the kind with the higher
    /// number.
    #[must_use]
    pub fn hypocentre(&self) -> Option<&Hypocentre> {
        let telling = self.standing().filter(|telegram| !telegram.hypocentres.is_empty());
        telling.max_by_key(|telegram| telegram.sent_at)?.hypocentres.first()
    }

    /// How strongly it was felt, by the newest telegram that says so, but by municipality before by area.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        let telling = self.standing().filter(|telegram| telegram.observation.is_some());
        let has_municipalities = |telegram: &Telegram| telegram.kind == TelegramKind::HypocentreAndIntensity;
        telling.max_by_key(|telegram| (has_municipalities(telegram), telegram.sent_at))?.observation.as_ref()
    }
}
