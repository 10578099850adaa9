//! Who sends what to whom: a plan as it was proposed, and what became of each of its shipments.

use super::{Burden, Move, Remedy, Served, VehicleClass, Worth};
use crate::id::{CommodityId, DepotId, NeedId, PlanId, ShipmentId};
use crate::units::Timestamp;

/// A plan as it was proposed, a fact of the union's field of disasters. What becomes of its shipments stands in the
/// ledgers of those who send and those who receive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Plan {
    /// Its name.
    pub id: PlanId,
    /// The named person who proposes it.
    pub proposed_by: String,
    /// SHA-256 of the problem that it was worked out from, in hexadecimal digits.
    pub problem: String,
    /// The work that its solver was allowed.
    pub budget: u64,
    /// What it reaches, tier by tier of the objective, the first first.
    pub objective: Vec<ObjectiveValue>,
    /// Until when senders may approve; after that what nobody approved is not sent.
    pub approve_by: Timestamp,
    /// What goes from where to where.
    pub shipments: Vec<Shipment>,
    /// What it does not meet.
    pub unfilled: Vec<Unfilled>,
    /// The places that it serves worst, the worst first.
    pub served: Vec<Served>,
    /// What members give to others.
    pub burdens: Vec<Burden>,
    /// What more of something would do for people, the most first.
    pub worth: Vec<Worth>,
    /// Approved shipments that would do better elsewhere, the most first; they stay.
    pub moves: Vec<Move>,
    /// Approved shipments that have no way any more: their senders have to decline them.
    pub stranded: Vec<ShipmentId>,
}

impl Plan {
    /// Its place in the order of proposals: the number in its name, which grows.
    #[must_use]
    pub fn number(&self) -> u64 {
        let name = self.id.0.as_str();
        name.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

/// One tier of an objective: less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectiveValue {
    /// Which tier, from 1.
    pub tier: u8,
    /// What the plan comes to.
    pub value: i64,
    /// What no plan can be below.
    pub bound: i64,
}

impl ObjectiveValue {
    /// How far the plan may be from the best, in millionths of its value, rounded up.
    #[must_use]
    pub fn gap_e6(&self) -> u64 {
        let (gap, value) = (self.value.saturating_sub(self.bound).max(0), self.value.unsigned_abs());
        if gap == 0 {
            return 0;
        }
        let gap = u128::from(gap.unsigned_abs()) * 1_000_000;
        u64::try_from(gap.div_ceil(u128::from(value.max(1)))).unwrap_or(u64::MAX)
    }
}

/// Goods that travel together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shipment {
    /// Its name.
    pub id: ShipmentId,
    /// From where.
    pub sender: DepotId,
    /// To where.
    pub receiver: DepotId,
    /// What.
    pub goods: Vec<Goods>,
    /// In what.
    pub class: VehicleClass,
    /// In how many of them.
    pub vehicles: u16,
    /// The way in words, for whoever drives.
    pub route: String,
    /// When it leaves.
    pub departs_at: Timestamp,
    /// When it is there.
    pub arrives_at: Timestamp,
    /// Needs that would have got its goods next.
    pub displaces: Vec<NeedId>,
}

/// A quantity of one commodity, in its unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Goods {
    /// Of what.
    pub commodity: CommodityId,
    /// How much.
    pub quantity: u32,
}

/// A need, or a part of it, that a plan does not meet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unfilled {
    /// Which.
    pub need: NeedId,
    /// How much of it, in the commodity's unit.
    pub quantity: u32,
    /// Why.
    pub reason: UnfilledReason,
    /// What together would let more of it come.
    pub remedies: Vec<Remedy>,
}

/// Why a plan does not meet a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnfilledReason {
    /// Nobody has it.
    NoStock,
    /// Nothing to carry it in.
    NoVehicle,
    /// No way there.
    NoRoad,
    /// It would come after its time.
    TooLate,
    /// The docks load or unload no more.
    DockFull,
    /// It would come out of a reserve that its owner keeps.
    BelowReserve,
    /// The sender does not send to this receiver.
    NoAgreement,
    /// A limited stretch of road lets no more pass.
    PassageFull,
}

/// A shipment as one ledger knows it: the sender's side, the receiver's side, or both where one member is both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShipmentUse {
    /// As planned.
    pub shipment: Shipment,
    /// What the sender said.
    pub answer: Option<ShipmentAnswer>,
    /// When it left, and with what.
    pub dispatched: Option<Handover>,
    /// When it came, and what it was said to carry.
    pub arrived: Option<Handover>,
    /// What was counted out of it.
    pub received: Option<Handover>,
    /// Why that differs from what was sent.
    pub explained: Option<Explanation>,
}

/// What a sender said of a shipment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShipmentAnswer {
    /// It goes.
    Approved {
        /// The named person who said so.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// It does not go.
    Declined {
        /// Why.
        reason: ShipmentDecline,
        /// Anything added.
        note: String,
        /// When.
        at: Timestamp,
    },
}

/// Goods that changed hands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Handover {
    /// What.
    pub goods: Vec<Goods>,
    /// The named person.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Why something else arrived than was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Explanation {
    /// In a word.
    pub reason: DifferenceReason,
    /// Anything added.
    pub note: String,
    /// When this was said.
    pub at: Timestamp,
}

/// Why a sender does not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShipmentDecline {
    /// The goods are not there, or not fit.
    NoGoods,
    /// They are needed at home.
    NeededAtHome,
    /// No vehicle or driver.
    NoVehicle,
    /// The way cannot be used.
    NoRoad,
    /// Anything else: see the note.
    Other,
}

/// Why something else arrived than was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DifferenceReason {
    /// Counted wrongly on one side.
    Miscounted,
    /// Broken, wet, spoilt.
    Damaged,
    /// Lost or taken on the way.
    Lost,
    /// Handed out on the way.
    HandedOut,
    /// Anything else: see the note.
    Other,
}

/// Where a shipment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShipmentState {
    /// Waits for its sender's word.
    Proposed,
    /// Nobody approved it in time.
    Lapsed,
    /// It goes.
    Approved,
    /// It does not go.
    Declined,
    /// On its way.
    Dispatched,
    /// At its receiver, not counted yet.
    Arrived,
    /// Counted; what was sent is there.
    Received,
    /// Counted; something else than was sent, and nobody has said why.
    Differs,
    /// Counted; something else than was sent, and it is known why.
    Explained,
}

impl ShipmentUse {
    /// Nothing yet.
    #[must_use]
    pub fn new(shipment: Shipment) -> ShipmentUse {
        let (answer, dispatched, arrived) = (None, None, None);
        ShipmentUse { shipment, answer, dispatched, arrived, received: None, explained: None }
    }

    /// How far it has come by this ledger alone.
    #[must_use]
    pub fn state(&self) -> ShipmentState {
        if self.explained.is_some() {
            return ShipmentState::Explained;
        }
        match (&self.received, &self.arrived, &self.dispatched, &self.answer) {
            (Some(_), ..) if self.differs() => ShipmentState::Differs,
            (Some(_), ..) => ShipmentState::Received,
            (None, Some(_), ..) => ShipmentState::Arrived,
            (None, None, Some(_), _) => ShipmentState::Dispatched,
            (None, None, None, Some(ShipmentAnswer::Approved { .. })) => ShipmentState::Approved,
            (None, None, None, Some(ShipmentAnswer::Declined { .. })) => ShipmentState::Declined,
            (None, None, None, None) => ShipmentState::Proposed,
        }
    }

    /// Whether something else was counted out of it than it was said to carry.
    #[must_use]
    pub fn differs(&self) -> bool {
        let (Some(sent), Some(received)) = (&self.arrived, &self.received) else { return false };
        let of = |handover: &Handover, commodity: &CommodityId| quantity_of(&handover.goods, commodity);
        let named = sent.goods.iter().chain(&received.goods).map(|goods| &goods.commodity);
        named.into_iter().any(|commodity| of(sent, commodity) != of(received, commodity))
    }
}

/// How much of a commodity there is among goods.
#[must_use]
pub fn quantity_of(goods: &[Goods], commodity: &CommodityId) -> u32 {
    goods.iter().find(|goods| goods.commodity == *commodity).map_or(0, |goods| goods.quantity)
}
