//! Plans and shipments.

use super::field::{record, words};
use super::wire;
use crate::decision::model::{
    Burden, DifferenceReason, Goods, Move, ObjectiveValue, Plan, Remedy, RemedyKind, Served, Shipment,
    ShipmentDecline, Unfilled, UnfilledReason, Worth, WorthKind,
};

record!(Plan {
    id,
    proposed_by,
    problem,
    budget,
    objective,
    approve_by,
    shipments,
    unfilled,
    served,
    burdens,
    worth,
    moves,
    stranded,
});
record!(Remedy { kind, at, quantity });
words!(RemedyKind {
    MoreStock,
    OpenReserve,
    Agree,
    Pair,
    OpenWay,
    AcceptLater,
    MoreVehicleTime,
    MoreDriverTime,
    MoreDockLoad,
    MorePassage,
    TakeFromOthers,
});
record!(Served { depot, unmet_permille, first_tier_unmet_permille });
record!(Burden { member, given_permille });
record!(Worth { kind, at, from, people_milli });
words!(WorthKind { Stock, DockOut, DockIn, Passage, VehicleHour, DriverHour });
record!(Move { shipment, gain_e6 });
record!(ObjectiveValue { tier, value, bound });
record!(Shipment { id, sender, receiver, goods, class, vehicles, route, departs_at, arrives_at, displaces });
record!(Goods { commodity, quantity });
record!(Unfilled { need, quantity, reason, remedies });
words!(UnfilledReason {
    NoStock,
    NoVehicle,
    NoRoad,
    TooLate,
    DockFull,
    BelowReserve,
    NoAgreement,
    PassageFull
});
words!(ShipmentDecline { NoGoods, NeededAtHome, NoVehicle, NoRoad, Other });
words!(DifferenceReason { Miscounted, Damaged, Lost, HandedOut, Other });
