//! Plans and shipments.

use super::field::{record, words};
use super::wire;
use crate::decision::model::{
    DifferenceReason, Goods, ObjectiveValue, Plan, Shipment, ShipmentDecline, Unfilled, UnfilledReason,
};

record!(Plan { id, proposed_by, problem, budget, objective, approve_by, shipments, unfilled });
record!(ObjectiveValue { tier, value, bound });
record!(Shipment { id, sender, receiver, goods, class, vehicles, route, departs_at, arrives_at });
record!(Goods { commodity, quantity });
record!(Unfilled { need, quantity, reason });
words!(UnfilledReason { NoStock, NoVehicle, NoRoad, TooLate, DockFull, BelowReserve, NoAgreement });
words!(ShipmentDecline { NoGoods, NeededAtHome, NoVehicle, NoRoad, Other });
words!(DifferenceReason { Miscounted, Damaged, Lost, HandedOut, Other });
