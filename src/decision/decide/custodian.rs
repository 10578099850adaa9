//! What the custodian of an asset decides: hold, acknowledge, commit, decline; late goes; withdrawals.
//!
//! Every ask ends in one event here, even when nothing was held, so that the requesting side can read its end.

use super::fields;
use super::request::check_sealed;
use crate::decision::command::{Ask, SealText};
use crate::decision::event::Held;
use crate::decision::limits::{ANSWER_S_MAX, ANSWER_S_MIN, LATE_GO_OFFER_S};
use crate::decision::model::{
    AbortReason, AssetKind, AssetState, DeclineReason, Hold, HoldState, IfBusy, MissionPhase, NotHeldReason,
    OfferState, Telephone, Window, WithdrawReason,
};
use crate::decision::rejection::{Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{AssetId, MissionId, OfferId, RequisitionId};
use crate::units::Timestamp;

impl State {
    pub(super) fn hold(&self, at: Timestamp, ask: &Ask) -> Result<Vec<Event>, Rejection> {
        if self.asked_before(&ask.requisition) {
            return Ok(Vec::new());
        }
        check_ask(ask)?;
        match self.obstacle(at, ask) {
            Some(reason) => Ok(vec![not_held(ask, reason)]),
            None => Ok(vec![Event::Held(held(at, ask))]),
        }
    }

    /// Whether this ask has its answer already.
    fn asked_before(&self, requisition: &RequisitionId) -> bool {
        self.holds.contains_key(requisition) || self.not_held.contains_key(requisition)
    }

    /// Why the asset cannot be held, if it cannot.
    fn obstacle(&self, at: Timestamp, ask: &Ask) -> Option<NotHeldReason> {
        if let Some(stale) = self.later_attempt(&ask.requisition) {
            return Some(stale);
        }
        let (Some(asset), Some(usage)) = (self.assets.get(&ask.asset), self.asset_uses.get(&ask.asset))
        else {
            return Some(NotHeldReason::UnknownAsset);
        };
        if let Some(holder) = &usage.hold {
            return Some(NotHeldReason::AssetHeld { holder: holder.clone() });
        }
        if let AssetState::OutOfService { reason, until } = usage.state {
            return Some(NotHeldReason::OutOfService { reason, until });
        }
        if let Some(outage) = self.outage_at(&ask.asset, at) {
            let until = Some(outage.window.until);
            return Some(NotHeldReason::OutOfService { reason: outage.reason, until });
        }
        // An ambulance start has many cars; its own command sends them.
        let sent_by_others = asset.kind == AssetKind::Ambulance;
        if sent_by_others || (asset.offered_only && self.standing_offer_at(&ask.asset, at).is_none()) {
            return Some(NotHeldReason::NotOffered);
        }
        match (&usage.mission, ask.if_busy) {
            (Some(mission), IfBusy::Decline) => Some(NotHeldReason::OnMission { mission: mission.clone() }),
            (Some(_), IfBusy::Wait | IfBusy::Retask) | (None, _) => None,
        }
    }

    /// A later attempt for the same number was seen: this one comes from the past.
    fn later_attempt(&self, requisition: &RequisitionId) -> Option<NotHeldReason> {
        let key = (requisition.request.clone(), requisition.number);
        let highest = self.attempts_seen.get(&key).copied().unwrap_or(0);
        (requisition.attempt < highest).then_some(NotHeldReason::StaleAttempt { highest })
    }

    pub(super) fn acknowledge(&self, at: Timestamp, id: &RequisitionId) -> Result<Vec<Event>, Rejection> {
        let hold = self.hold_of(id)?;
        match &hold.state {
            HoldState::Asked if self.overdue(at, hold) => Err(ended(id, &HoldState::Expired)),
            HoldState::Asked => Ok(vec![Event::Acknowledged { requisition: id.clone() }]),
            HoldState::Acknowledged { .. } => Ok(Vec::new()),
            state => Err(ended(id, state)),
        }
    }

    /// The pilot's go. In time it commits; after the end it becomes an offer that a person takes or stands down.
    pub(super) fn commit(
        &self,
        at: Timestamp,
        id: &RequisitionId,
        telephone: Option<&Telephone>,
        crew: Option<&SealText>,
    ) -> Result<Vec<Event>, Rejection> {
        fields::telephone(telephone)?;
        check_sealed("crew", crew)?;
        let hold = self.hold_of(id)?;
        match &hold.state {
            HoldState::Asked | HoldState::Acknowledged { .. } if self.overdue(at, hold) => {
                let mut events = vec![Event::Expired { requisition: id.clone() }];
                events.extend(self.late_go(at, hold)?);
                Ok(events)
            }
            HoldState::Asked | HoldState::Acknowledged { .. } => self.commit_in_time(hold, telephone, crew),
            HoldState::Declined(_) | HoldState::Withdrawn(_) | HoldState::Expired => {
                Ok(self.late_go(at, hold)?.into_iter().collect())
            }
            HoldState::Committed { .. } => Err(ended(id, &hold.state)),
        }
    }

    fn commit_in_time(
        &self,
        hold: &Hold,
        telephone: Option<&Telephone>,
        crew: Option<&SealText>,
    ) -> Result<Vec<Event>, Rejection> {
        let mut events = Vec::new();
        if let Some(mission) = &self.asset_use(&hold.asset)?.mission {
            if hold.if_busy != IfBusy::Retask {
                return Err(Rejection::AssetOnMission {
                    asset: hold.asset.clone(),
                    mission: mission.clone(),
                });
            }
            events.push(self.taken_off(mission));
        }
        events.extend(self.late_goes_ended(&hold.asset, None));
        events.push(self.committed(&hold.requisition, &hold.asset, telephone, crew));
        Ok(events)
    }

    /// An aircraft that is promised cannot be had by an earlier go as well.
    fn late_goes_ended<'a>(
        &'a self,
        asset: &AssetId,
        taken: Option<&'a OfferId>,
    ) -> impl Iterator<Item = Event> + use<'a> {
        let others = self
            .open_offers(asset)
            .filter(move |offer| offer.requisition.is_some() && Some(&offer.id) != taken);
        others.map(|offer| Event::OfferEnded { offer: offer.id.clone(), state: OfferState::Withdrawn })
    }

    /// How an aircraft leaves its mission for another: on the way home that mission is over, before it is broken off.
    fn taken_off(&self, id: &MissionId) -> Event {
        let phase = self.missions.get(id).map(|mission| mission.phase);
        if phase.is_some_and(|phase| phase >= MissionPhase::Arrived) {
            return Event::Progressed { mission: id.clone(), phase: MissionPhase::Ready };
        }
        Event::Aborted { mission: id.clone(), reason: AbortReason::Retasked }
    }

    fn committed(
        &self,
        requisition: &RequisitionId,
        asset: &AssetId,
        telephone: Option<&Telephone>,
        crew: Option<&SealText>,
    ) -> Event {
        let slug = format!("m-{}", self.missions_count + 1);
        let slug = slug.parse().expect("a letter, a hyphen and digits are a slug");
        Event::Committed {
            requisition: requisition.clone(),
            mission: MissionId::new(&asset.member, slug),
            telephone: telephone.cloned(),
            crew_seal: crew.map(|_| 0),
        }
    }

    /// The offer that a late go becomes; nothing when it has become one already.
    fn late_go(&self, at: Timestamp, hold: &Hold) -> Result<Option<Event>, Rejection> {
        if self.late_go_offer(&hold.requisition).is_some() {
            return Ok(None);
        }
        let usage = self.asset_use(&hold.asset)?;
        let held_by_another = usage.hold.as_ref().is_some_and(|holder| *holder != hold.requisition);
        if usage.mission.is_some() || held_by_another {
            return Err(ended(&hold.requisition, &hold.state));
        }
        Ok(Some(Event::Offered {
            offer: self.next_offer(&hold.asset),
            asset: hold.asset.clone(),
            requisition: Some(hold.requisition.clone()),
            window: Window { from: at, until: at + LATE_GO_OFFER_S },
        }))
    }

    pub(super) fn decline(
        &self,
        id: &RequisitionId,
        reason: DeclineReason,
        telephone: Option<&Telephone>,
    ) -> Result<Vec<Event>, Rejection> {
        fields::telephone(telephone)?;
        let hold = self.hold_of(id)?;
        if !hold.state.is_open() {
            return Err(ended(id, &hold.state));
        }
        Ok(vec![Event::Declined { requisition: id.clone(), reason, telephone: telephone.cloned() }])
    }

    /// The requesting side wants an ask to end, whatever became of it.
    pub(super) fn withdraw(&self, id: &RequisitionId, reason: WithdrawReason) -> Vec<Event> {
        if self.not_held.contains_key(id) {
            return Vec::new();
        }
        let Some(hold) = self.holds.get(id) else {
            // It overtook its ask, which is barred from now on.
            let reason = NotHeldReason::Barred;
            return vec![Event::NotHeld { requisition: id.clone(), asset: None, reason }];
        };
        let ends_flight = match reason {
            WithdrawReason::Cancelled(_) | WithdrawReason::TakenBack => true,
            // The mission goes on: for both requests, or beside the other aircraft, until a person says otherwise.
            WithdrawReason::Merged | WithdrawReason::Superseded => false,
        };
        match &hold.state {
            HoldState::Asked | HoldState::Acknowledged { .. } => {
                vec![Event::Withdrawn { requisition: id.clone(), reason }]
            }
            HoldState::Committed { mission } if ends_flight && self.can_break_off(mission) => {
                vec![Event::StoodDown { mission: mission.clone(), reason: Some(reason) }]
            }
            HoldState::Committed { .. } => Vec::new(),
            HoldState::Declined(_) | HoldState::Withdrawn(_) | HoldState::Expired => {
                let offer = self.late_go_offer(id).filter(|_| ends_flight);
                let state = OfferState::StoodDown;
                offer.map(|offer| Event::OfferEnded { offer: offer.id.clone(), state }).into_iter().collect()
            }
        }
    }

    /// Whether a mission has not reached the hospital and was not broken off.
    pub(super) fn can_break_off(&self, mission: &MissionId) -> bool {
        let mission = self.missions.get(mission);
        mission.is_some_and(|mission| mission.end.is_none() && mission.phase < MissionPhase::Transporting)
    }

    /// The requesting side takes a late go: held and committed in one record, since the pilot has said go already.
    ///
    /// Whatever the ask says of a busy aircraft: the go was said for a free one.
    pub(super) fn take_offer(&self, at: Timestamp, id: &OfferId, ask: &Ask) -> Result<Vec<Event>, Rejection> {
        if self.asked_before(&ask.requisition) {
            return Ok(Vec::new());
        }
        check_ask(ask)?;
        let offer = self.offers.get(id);
        let offer = offer.ok_or_else(|| Rejection::NotFound { kind: Kind::Offer, name: id.to_string() })?;
        let same_scene =
            offer.requisition.as_ref().is_some_and(|late| late.request == ask.requisition.request);
        let open = offer.state == OfferState::Open && offer.window.contains(at);
        if !open || !same_scene || offer.asset != ask.asset {
            return Ok(vec![not_held(ask, NotHeldReason::NotOffered)]);
        }
        let ask = &Ask { if_busy: IfBusy::Decline, ..ask.clone() };
        if let Some(reason) = self.obstacle(at, ask) {
            return Ok(vec![not_held(ask, reason)]);
        }
        let mut events = vec![Event::OfferEnded { offer: id.clone(), state: OfferState::Taken }];
        events.extend(self.late_goes_ended(&ask.asset, Some(id)));
        events.push(Event::Held(held(at, ask)));
        events.push(self.committed(&ask.requisition, &ask.asset, None, None));
        Ok(events)
    }

    pub(super) fn stand_down_offer(&self, id: &OfferId) -> Result<Vec<Event>, Rejection> {
        let offer = self.open_offer(id)?;
        if offer.requisition.is_none() {
            return Err(Rejection::OfferToEverybody { offer: id.clone() });
        }
        Ok(vec![Event::OfferEnded { offer: id.clone(), state: OfferState::StoodDown }])
    }

    /// Past its time although the record of that is still to come; never while the clock is suspect.
    fn overdue(&self, at: Timestamp, hold: &Hold) -> bool {
        at >= hold.answer_by && self.clock_suspect_since.is_none()
    }

    fn hold_of(&self, id: &RequisitionId) -> Result<&Hold, Rejection> {
        self.holds.get(id).ok_or_else(|| Rejection::NoRequisition { requisition: id.clone() })
    }
}

fn check_ask(ask: &Ask) -> Result<(), Rejection> {
    fields::range("answer_within", ask.answer_s, i64::from(ANSWER_S_MIN), i64::from(ANSWER_S_MAX))?;
    fields::long("place", &ask.place)
}

fn ended(id: &RequisitionId, state: &HoldState) -> Rejection {
    Rejection::RequisitionEnded { requisition: id.clone(), state: state.clone() }
}

fn not_held(ask: &Ask, reason: NotHeldReason) -> Event {
    Event::NotHeld { requisition: ask.requisition.clone(), asset: Some(ask.asset.clone()), reason }
}

fn held(at: Timestamp, ask: &Ask) -> Held {
    Held {
        requisition: ask.requisition.clone(),
        asset: ask.asset.clone(),
        kind: ask.kind,
        position: ask.position,
        place: ask.place.clone(),
        site: ask.site.clone(),
        hospital: ask.hospital.clone(),
        if_busy: ask.if_busy,
        answer_by: at + ask.answer_s,
    }
}
