//! Goods counted by somebody who trusts no ledger: every record is entered here as it becomes durable, by the simplest
//! arithmetic, and the states have to say the same.

use std::collections::{BTreeMap, BTreeSet};
use yui::decision::model::*;
use yui::decision::{Event, State};
use yui::id::{
    AssetId, CommodityId, LedgerId, NeedId, NoFlyAreaId, PairId, PlanId, RestrictionId, ShipmentId, StockId,
};
use yui::ledger::StoredRecord;
use yui::units::Timestamp;

/// What lies in one place of one commodity.
#[derive(Clone, Debug, Default)]
struct Pile {
    quantity: i64,
    reserve: i64,
    is_open: bool,
    changed_at: Option<Timestamp>,
}

impl Pile {
    /// What may leave: the reserve stays unless its owner let it go.
    fn free(&self) -> i64 {
        let kept = if self.is_open { 0 } else { self.reserve };
        (self.quantity - kept).max(0)
    }
}

/// What became of a shipment.
#[derive(Clone, Debug, Default)]
struct Way {
    answer: Option<ShipmentState>,
    sent: Option<Vec<Goods>>,
    has_arrived: bool,
    received: Option<Vec<Goods>>,
    is_explained: bool,
}

/// The books of all ledgers.
#[derive(Clone, Debug, Default)]
pub struct Books {
    piles: BTreeMap<StockId, Pile>,
    /// What came into the world by a count or a receipt that said more than there was, less what went out of it.
    entered: BTreeMap<CommodityId, i64>,
    /// Plans with the record in which each was proposed.
    plans: BTreeMap<PlanId, (Plan, u64)>,
    ways: BTreeMap<ShipmentId, Way>,
    needs: BTreeMap<NeedId, Vec<Need>>,
    needs_withdrawn: BTreeSet<NeedId>,
    pairs: BTreeSet<PairId>,
    pairs_ended: BTreeSet<PairId>,
    restrictions: BTreeSet<RestrictionId>,
    restrictions_lifted: BTreeSet<RestrictionId>,
    /// Areas that nobody lifted, until when.
    areas: BTreeMap<NoFlyAreaId, Option<Timestamp>>,
    assets: BTreeMap<AssetId, Asset>,
}

/// Whether an event is one that the books look at after they were begun.
pub fn concerns(event: &Event) -> bool {
    matches!(
        event,
        Event::StocksCounted { .. }
            | Event::ReserveOpened { .. }
            | Event::ReserveClosed { .. }
            | Event::NeedsStated { .. }
            | Event::NeedCorrected { .. }
            | Event::NeedWithdrawn { .. }
            | Event::PlanProposed(_)
            | Event::ShipmentsApproved { .. }
            | Event::ShipmentsDeclined { .. }
            | Event::ShipmentDispatched { .. }
            | Event::ShipmentArrived { .. }
            | Event::ShipmentReceived { .. }
            | Event::DifferenceExplained { .. }
            | Event::PairDecided(_)
            | Event::PairEnded { .. }
            | Event::RoadRestricted(_)
            | Event::RestrictionLifted { .. }
            | Event::NoFlyAreaReported(_)
            | Event::NoFlyAreaLifted { .. }
            | Event::AssetUpdated(_)
    )
}

/// A rule that must hold, and what to say when it does not.
fn must(holds: bool, broken: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(broken()) }
}

impl Books {
    /// Enters one record; an error when something in it may not happen after what was entered before.
    pub fn enter(&mut self, record: &StoredRecord, events: &[Event]) -> Result<(), String> {
        for event in events {
            self.enter_goods(record, event)?;
            self.enter_shipment(record, event)?;
            self.enter_rest(record.at, event)?;
        }
        Ok(())
    }

    /// No stock is ever negative, and nobody counts what has changed since: a count is not older than the last movement.
    fn enter_goods(&mut self, record: &StoredRecord, event: &Event) -> Result<(), String> {
        match event {
            Event::StocksCounted { counts } => {
                for count in counts {
                    let id = StockId::new(&count.depot, &count.commodity);
                    must(id.depot.ledger() == record.ledger, || format!("{id} was counted elsewhere"))?;
                    let pile = self.piles.entry(id.clone()).or_default();
                    let is_old = pile.changed_at.is_some_and(|changed| count.counted_at < changed);
                    must(!is_old, || format!("the count of {id} is older than what left or came since"))?;
                    let quantity = i64::from(count.quantity);
                    *self.entered.entry(id.commodity).or_default() += quantity - pile.quantity;
                    (pile.quantity, pile.reserve) = (quantity, count.reserve.into());
                    pile.changed_at = Some(count.counted_at);
                }
            }
            Event::ReserveOpened { depot, commodity, .. } => {
                self.piles.entry(StockId::new(depot, commodity)).or_default().is_open = true;
            }
            Event::ReserveClosed { depot, commodity, .. } => {
                self.piles.entry(StockId::new(depot, commodity)).or_default().is_open = false;
            }
            _ => {}
        }
        Ok(())
    }

    fn enter_shipment(&mut self, record: &StoredRecord, event: &Event) -> Result<(), String> {
        match event {
            Event::PlanProposed(plan) => {
                let number = self.plans.len() + 1;
                must(plan.id.slug() == format!("p-{number}"), || format!("{} is out of order", plan.id))?;
                self.plans.insert(plan.id.clone(), (plan.clone(), record.sequence));
            }
            Event::ShipmentsApproved { shipments, .. } => {
                shipments.iter().try_for_each(|shipment| self.approve(record, shipment))?;
                self.promised_is_there(shipments)?;
            }
            Event::ShipmentsDeclined { shipments, .. } => {
                for shipment in shipments {
                    self.as_planned(shipment, &shipment.sender.ledger(), record)?;
                    let way = self.ways.entry(shipment.id.clone()).or_default();
                    let id = &shipment.id;
                    must(way.sent.is_none(), || format!("{id} was declined after it had left"))?;
                    way.answer = Some(ShipmentState::Declined);
                }
            }
            Event::ShipmentDispatched { shipment, goods, .. } => self.dispatch(record, shipment, goods)?,
            Event::ShipmentArrived { shipment, goods, .. } => {
                self.as_planned(shipment, &shipment.receiver.ledger(), record)?;
                let way = self.ways.entry(shipment.id.clone()).or_default();
                let id = &shipment.id;
                must(!way.has_arrived, || format!("{id} arrived twice"))?;
                must(way.sent.as_ref() == Some(goods), || format!("{id} arrived with what was not sent"))?;
                way.has_arrived = true;
            }
            Event::ShipmentReceived { shipment, goods, .. } => self.receive(record, shipment, goods)?,
            Event::DifferenceExplained { shipment, .. } => {
                let way = self.ways.entry(shipment.clone()).or_default();
                let differs = way.received.is_some() && !same(&way.sent, &way.received);
                must(differs && !way.is_explained, || format!("{shipment} has nothing to be explained"))?;
                way.is_explained = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// Nothing is approved that was declined, that has lapsed, or that somebody approves who has read a newer plan.
    fn approve(&mut self, record: &StoredRecord, shipment: &Shipment) -> Result<(), String> {
        self.as_planned(shipment, &shipment.sender.ledger(), record)?;
        let id = &shipment.id;
        let (plan, proposed) = &self.plans[&id.plan];
        must(record.at < plan.approve_by, || format!("{id} was approved after its time"))?;
        let read = record.seen.iter().find(|(ledger, _)| matches!(ledger, LedgerId::Field(_)));
        let read = read.map_or(0, |(_, sequence)| *sequence);
        let newer = self.plans.values().any(|(_, sequence)| proposed < sequence && *sequence <= read);
        must(!newer, || format!("{id} was approved by somebody who had read a newer plan"))?;
        let way = self.ways.entry(id.clone()).or_default();
        must(way.answer.is_none(), || format!("{id} was answered before: {:?}", way.answer))?;
        way.answer = Some(ShipmentState::Approved);
        Ok(())
    }

    /// What is promised out of a stock is there, or was planned to come to it.
    fn promised_is_there(&self, approved: &[Shipment]) -> Result<(), String> {
        let depots: BTreeSet<_> = approved.iter().map(|shipment| &shipment.sender).collect();
        let planned = || self.plans.values().flat_map(|(plan, _)| &plan.shipments);
        for goods in approved.iter().flat_map(|shipment| &shipment.goods) {
            for depot in &depots {
                let stock = StockId::new(depot, &goods.commodity);
                let sum = |shipments: &mut dyn Iterator<Item = &Shipment>| -> i64 {
                    shipments.map(|shipment| quantity(&shipment.goods, &stock.commodity)).sum()
                };
                let waits = |shipment: &&Shipment| {
                    let way = self.ways.get(&shipment.id);
                    shipment.sender == stock.depot
                        && way.is_some_and(|w| w.sent.is_none() && w.answer == Some(ShipmentState::Approved))
                };
                let promised = sum(&mut planned().filter(waits));
                let coming = sum(&mut planned().filter(|shipment| shipment.receiver == stock.depot));
                let free = self.piles.get(&stock).map_or(0, Pile::free);
                // An approval before may have become too much by a count or a reserve that was closed since: this one
                // was asked for nothing then.
                let nothing = approved
                    .iter()
                    .filter(|shipment| shipment.sender == stock.depot)
                    .all(|shipment| quantity(&shipment.goods, &stock.commodity) == 0);
                must(nothing || promised <= free + coming, || {
                    format!("{promised} of {stock} are promised, {free} may go and {coming} may come")
                })?;
            }
        }
        Ok(())
    }

    /// A shipment leaves at most once, only after its sender's yes, and never out of a reserve that its owner keeps.
    fn dispatch(&mut self, record: &StoredRecord, id: &ShipmentId, sent: &[Goods]) -> Result<(), String> {
        let shipment = self.planned(id)?.clone();
        must(shipment.sender.ledger() == record.ledger, || format!("{id} left from elsewhere"))?;
        let way = self.ways.entry(id.clone()).or_default();
        must(way.sent.is_none(), || format!("{id} left twice"))?;
        let is_approved = way.answer == Some(ShipmentState::Approved);
        must(is_approved, || format!("{id} left, and its sender said {:?}", way.answer))?;
        way.sent = Some(sent.to_vec());
        for goods in sent {
            let stock = StockId::new(&shipment.sender, &goods.commodity);
            let pile = self.piles.entry(stock.clone()).or_default();
            let (wanted, free) = (i64::from(goods.quantity), pile.free());
            must(wanted <= free, || format!("{wanted} left of {stock}, of which {free} may"))?;
            let planned = quantity(&shipment.goods, &goods.commodity);
            must(wanted <= planned, || format!("{id} left with {wanted} instead of {planned}"))?;
            pile.quantity -= wanted;
            pile.changed_at = Some(record.at);
        }
        Ok(())
    }

    /// A shipment is received at most once, after it arrived; what was counted is in the stock.
    fn receive(&mut self, record: &StoredRecord, id: &ShipmentId, counted: &[Goods]) -> Result<(), String> {
        let shipment = self.planned(id)?.clone();
        must(shipment.receiver.ledger() == record.ledger, || format!("{id} was received elsewhere"))?;
        let way = self.ways.entry(id.clone()).or_default();
        must(way.has_arrived, || format!("{id} was received before it came"))?;
        must(way.received.is_none(), || format!("{id} was received twice"))?;
        way.received = Some(counted.to_vec());
        for goods in way.sent.iter().flatten() {
            *self.entered.entry(goods.commodity.clone()).or_default() -= i64::from(goods.quantity);
        }
        for goods in counted {
            *self.entered.entry(goods.commodity.clone()).or_default() += i64::from(goods.quantity);
            let pile = self.piles.entry(StockId::new(&shipment.receiver, &goods.commodity)).or_default();
            pile.quantity += i64::from(goods.quantity);
            pile.changed_at = Some(record.at);
        }
        Ok(())
    }

    fn planned(&self, id: &ShipmentId) -> Result<&Shipment, String> {
        let plan = self.plans.get(&id.plan).map(|(plan, _)| plan);
        let shipment = plan.and_then(|plan| plan.shipments.iter().find(|shipment| shipment.id == *id));
        shipment.ok_or_else(|| format!("{id} was never planned"))
    }

    /// What a ledger says of a shipment is what was planned, and its own business.
    fn as_planned(&self, said: &Shipment, ledger: &LedgerId, record: &StoredRecord) -> Result<(), String> {
        must(self.planned(&said.id)? == said, || format!("{} is not as planned", said.id))?;
        must(*ledger == record.ledger, || format!("{} is no business of {}", said.id, record.ledger))
    }

    /// What stands ends once; an area that is barred is not barred anew; what is registered of an aircraft changes, not
    /// who answers for it.
    fn enter_rest(&mut self, at: Timestamp, event: &Event) -> Result<(), String> {
        match event {
            Event::NeedsStated { needs } => {
                for need in needs {
                    let before = self.needs.insert(need.id.clone(), vec![need.clone()]);
                    must(before.is_none(), || format!("{} was stated twice", need.id))?;
                }
            }
            Event::NeedCorrected { need, .. } => {
                let stands = !self.needs_withdrawn.contains(&need.id);
                must(stands, || format!("{} was corrected after it was withdrawn", need.id))?;
                self.needs.entry(need.id.clone()).or_default().push(need.clone());
            }
            Event::NeedWithdrawn { need, .. } => {
                must(self.needs_withdrawn.insert(need.clone()), || format!("{need} was withdrawn twice"))?;
            }
            Event::PairDecided(pair) => {
                must(self.pairs.insert(pair.id.clone()), || format!("{} was decided twice", pair.id))?;
            }
            Event::PairEnded { pair, .. } => {
                let is_first = self.pairs.contains(pair) && self.pairs_ended.insert(pair.clone());
                must(is_first, || format!("{pair} was ended twice"))?;
            }
            Event::RoadRestricted(restriction) => {
                let id = restriction.id.clone();
                must(self.restrictions.insert(id.clone()), || format!("{id} was laid twice"))?;
            }
            Event::RestrictionLifted { restriction: id, .. } => {
                let stood = self.restrictions.contains(id) && self.restrictions_lifted.insert(id.clone());
                must(stood, || format!("{id} was lifted twice"))?;
            }
            Event::NoFlyAreaReported(area) => {
                let known = self.areas.insert(area.id.clone(), area.until);
                let is_over = known.is_none_or(|until| until.is_some_and(|until| until <= at));
                must(is_over, || format!("{} was barred twice", area.id))?;
            }
            Event::NoFlyAreaLifted { area, .. } => {
                must(self.areas.remove(area).is_some(), || format!("{area} was lifted twice"))?;
            }
            Event::AssetRegistered(asset) => {
                self.assets.insert(asset.id.clone(), asset.clone());
            }
            Event::AssetUpdated(asset) => {
                let before = self.assets.insert(asset.id.clone(), asset.clone());
                let is_kept = before.is_some_and(|before| {
                    (before.custodian, before.kind) == (asset.custodian.clone(), asset.kind)
                });
                must(is_kept, || format!("{} became another aircraft", asset.id))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A ledger says of its stocks, needs, roads, areas and aircraft what the books say of them.
    pub fn agree(&self, state: &State) -> Result<(), String> {
        for (id, stock) in &state.aid.stocks {
            let pile = self.piles.get(id).cloned().unwrap_or_default();
            let (said, known) = ((stock.quantity.into(), stock.free().into()), (pile.quantity, pile.free()));
            must(said == known, || format!("{id}: the ledger says {said:?}, the books {known:?}"))?;
        }
        let of_ledger = |id: &&StockId| id.depot.ledger() == state.ledger;
        let piles = self.piles.keys().filter(of_ledger).count();
        must(piles == state.aid.stocks.size(), || format!("{} has lost a stock", state.ledger))?;
        self.needs_agree(state)?;
        let waiting = |side: &ShipmentUse| side.state() == ShipmentState::Approved;
        let waiting = state.aid.shipments.values().filter(|side| waiting(side)).count();
        must(waiting == state.aid.shipments_waiting.size(), || "shipments that wait differ".to_owned())?;
        for (id, laid) in &state.restrictions {
            let is_lifted = self.restrictions_lifted.contains(id);
            let stands = state.restrictions_standing.contains(id);
            must(stands != is_lifted && laid.lifted.is_some() == is_lifted, || format!("{id} differs"))?;
        }
        for (area, until) in self.areas.iter().filter(|(area, _)| area.ledger() == state.ledger) {
            let is_over = until.is_some_and(|until| until <= state.last_at);
            let stands = state.no_fly_areas.get(area).is_some_and(|report| report.lifted.is_none());
            must(is_over || stands, || format!("{area} is barred, and its ledger has lost it"))?;
        }
        for (pair, said) in state.field.iter().flat_map(|field| &field.pairs) {
            let is_ended = self.pairs_ended.contains(pair);
            must(said.ended.is_some() == is_ended, || format!("{pair} differs"))?;
        }
        for (id, asset) in &state.assets {
            must(self.assets.get(id) == Some(asset), || format!("{id} is not as last registered"))?;
        }
        Ok(())
    }

    /// Corrections keep what was there before, and what is withdrawn stands no more.
    fn needs_agree(&self, state: &State) -> Result<(), String> {
        let mut standing = 0;
        for (id, said) in &state.aid.needs {
            let versions = self.needs.get(id).map_or(&[][..], Vec::as_slice);
            let told = said.history.iter().map(|version| &version.need).chain([&said.need]);
            must(told.eq(versions), || format!("the history of {id} differs"))?;
            must(said.stands() != self.needs_withdrawn.contains(id), || format!("{id} stands, or not"))?;
            standing += usize::from(said.stands());
        }
        let indexed: usize = state.aid.needs_standing.values().map(|needs| needs.size()).sum();
        let counted = state.aid.needs_standing_count as usize;
        must((standing, standing) == (indexed, counted), || "needs and their indices differ".to_owned())
    }

    /// No stock out of nothing: what lies in all ledgers and what is on its way between them is what somebody counted,
    /// and not a unit more or less.
    pub fn balance<'a>(&self, states: impl Iterator<Item = &'a State> + Clone) -> Result<(), String> {
        let mut there: BTreeMap<CommodityId, i64> = BTreeMap::new();
        let received = |id: &ShipmentId| {
            let sides = states.clone().filter_map(|state| state.aid.shipments.get(id));
            sides.into_iter().any(|side| side.received.is_some())
        };
        for state in states.clone() {
            for (id, stock) in &state.aid.stocks {
                *there.entry(id.commodity.clone()).or_default() += i64::from(stock.quantity);
            }
            for side in state.aid.shipments.values() {
                let Some(sent) = &side.dispatched else { continue };
                if received(&side.shipment.id) {
                    continue;
                }
                for goods in &sent.goods {
                    *there.entry(goods.commodity.clone()).or_default() += i64::from(goods.quantity);
                }
            }
        }
        for (commodity, entered) in &self.entered {
            let there = there.get(commodity).copied().unwrap_or_default();
            must(there == *entered, || {
                format!("of {commodity} {there} lie somewhere or are on their way, and {entered} came in")
            })?;
        }
        Ok(())
    }

    /// Where a shipment stands at `now`, once everything was read.
    pub fn state_of(&self, id: &ShipmentId, now: Timestamp) -> ShipmentState {
        let nothing = Way::default();
        let way = self.ways.get(id).unwrap_or(&nothing);
        if way.received.is_some() {
            return match (same(&way.sent, &way.received), way.is_explained) {
                (true, _) => ShipmentState::Received,
                (false, true) => ShipmentState::Explained,
                (false, false) => ShipmentState::Differs,
            };
        }
        if way.has_arrived {
            return ShipmentState::Arrived;
        }
        if way.sent.is_some() {
            return ShipmentState::Dispatched;
        }
        let (plan, proposed) = &self.plans[&id.plan];
        let is_newest = self.plans.values().all(|(_, sequence)| sequence <= proposed);
        match way.answer {
            Some(answer) => answer,
            None if is_newest && now < plan.approve_by => ShipmentState::Proposed,
            None => ShipmentState::Lapsed,
        }
    }

    /// Every shipment that was ever planned.
    pub fn shipments(&self) -> impl Iterator<Item = &Shipment> {
        self.plans.values().flat_map(|(plan, _)| &plan.shipments)
    }
}

fn quantity(goods: &[Goods], commodity: &CommodityId) -> i64 {
    goods.iter().find(|goods| goods.commodity == *commodity).map_or(0, |goods| goods.quantity.into())
}

/// Whether as much was counted of everything as was sent.
fn same(sent: &Option<Vec<Goods>>, received: &Option<Vec<Goods>>) -> bool {
    let (Some(sent), Some(received)) = (sent, received) else { return false };
    sent.iter()
        .chain(received)
        .all(|goods| quantity(sent, &goods.commodity) == quantity(received, &goods.commodity))
}
