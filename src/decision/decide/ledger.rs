//! The ledger itself: authority, clock, everything that ends by itself.

use crate::decision::limits::EXPIRE_MAX;
use crate::decision::model::{LeaseEnd, OfferState};
use crate::decision::state::Deadline;
use crate::decision::{Event, Rejection, State};
use crate::units::{Seconds, Timestamp};

use super::fields;

impl State {
    pub(super) fn take_authority(&self, holder: &str) -> Result<Vec<Event>, Rejection> {
        fields::required("holder", holder)?;
        Ok(vec![Event::AuthorityTaken { epoch: self.epoch + 1, holder: holder.to_owned() }])
    }

    /// Ends what is due, so much of it as one record holds: the caller asks again while something is due. Nothing while
    /// the clock is suspect: nobody loses an aircraft to a wrong clock.
    pub(super) fn expire_due(&self, at: Timestamp) -> Vec<Event> {
        if self.clock_suspect_since.is_some() {
            return Vec::new();
        }
        let due = self.deadlines.iter().take_while(|(until, _)| *until <= at).take(EXPIRE_MAX);
        due.map(|(_, deadline)| match deadline {
            Deadline::Hold(requisition) => Event::Expired { requisition: requisition.clone() },
            Deadline::Lease(lease) => Event::LeaseEnded { lease: lease.clone(), end: LeaseEnd::Lapsed },
            Deadline::Offer(offer) => Event::OfferEnded { offer: offer.clone(), state: OfferState::Lapsed },
        })
        .collect()
    }

    pub(super) fn suspect_clock(&self, off_millis: i64) -> Vec<Event> {
        match self.clock_suspect_since {
            Some(_) => Vec::new(),
            None => vec![Event::ClockSuspected { off_millis }],
        }
    }

    pub(super) fn trust_clock(
        &self,
        at: Timestamp,
        by: Option<&str>,
        stepped_s: Seconds,
    ) -> Result<Vec<Event>, Rejection> {
        by.map_or(Ok(()), |by| fields::required("trusted_by", by))?;
        let Some(since) = self.clock_suspect_since else {
            return Err(Rejection::ClockTrustedAlready { ledger: self.ledger.clone() });
        };
        let paused_s = at.seconds_since(since);
        Ok(vec![Event::ClockTrusted { paused_s, stepped_s, by: by.map(str::to_owned) }])
    }
}
