//! What the people of a history do with plans: they propose, answer, send, see, count and explain, as the service does
//! it for them: by the merged view of their machine.

use crate::goods::{DEPOTS, GOODS, commodity, depot, field};
use crate::people::member_of;
use crate::world::World;
use yui::authority::View;
use yui::authority::shipments::Tracked;
use yui::decision::Command;
use yui::decision::command::{NewPlan, NewShipment};
use yui::decision::model::*;
use yui::id::{DepotId, LedgerId};
use yui::units::Timestamp;

/// A word on a plan and the ledger that it goes to.
pub struct Sender {
    pub ledger: LedgerId,
    pub command: Command,
    pub payload: Option<Vec<u8>>,
}

fn sends(ledger: LedgerId, command: Command) -> Option<Sender> {
    Some(Sender { ledger, command, payload: None })
}

/// What somebody says of plans; none when there is nothing to say.
pub fn word(world: &mut World, view: &View, now: Timestamp) -> Option<Sender> {
    match world.dice.below(100) {
        0..=14 => propose(world, view),
        15..=44 => answer(world, view, now),
        _ => move_on(world, view, now),
    }
}

/// A plan as somebody made it up: much of it is wrong.
fn propose(world: &mut World, view: &View) -> Option<Sender> {
    let at = view.state(&field())?.last_at;
    let count = world.dice.below(5) + 1;
    let shipments = (0..count).map(|_| shipment(world, at)).collect::<Option<Vec<_>>>()?;
    let approve_in_s = *world.dice.pick(&[60, 900, 90_000])?;
    let plan = NewPlan {
        proposed_by: "Ogawa".to_owned(),
        problem: "a".repeat(64),
        budget: 1,
        objective: vec![ObjectiveValue { tier: 1, value: 1, bound: 1 }],
        approve_by: at + approve_in_s,
        shipments,
        unfilled: Vec::new(),
        served: Vec::new(),
        burdens: Vec::new(),
        worth: Vec::new(),
        moves: Vec::new(),
        stranded: Vec::new(),
    };
    sends(field(), Command::ProposePlan(plan))
}

fn shipment(world: &mut World, at: Timestamp) -> Option<NewShipment> {
    let (sender, receiver) = (any_depot(world, "base")?, any_depot(world, "town")?);
    let mut goods: Vec<Goods> = GOODS
        .map(|slug| Goods { commodity: commodity(slug), quantity: world.dice.below(150) as u32 + 1 })
        .to_vec();
    match world.dice.below(12) {
        // More than anybody has.
        0 => goods[0].quantity = 5_000,
        1 => goods[0].commodity = commodity("gold"),
        2..=6 => goods.truncate(1),
        _ => {}
    }
    Some(NewShipment {
        sender,
        receiver,
        goods,
        class: VehicleClass::Lorry4t,
        vehicles: 1,
        route: String::new(),
        departs_at: at + 600,
        arrives_at: at + 3_600,
        displaces: Vec::new(),
    })
}

/// Mostly the one that is meant; now and then one that nobody registered.
fn any_depot(world: &mut World, meant: &str) -> Option<DepotId> {
    let members = world.members();
    let member = member_of(world.dice.pick(&members)?);
    let slug = match world.dice.below(30) {
        0 => "nowhere",
        1..=6 => world.dice.pick(&DEPOTS)?,
        _ => meant,
    };
    Some(depot(&member, slug))
}

/// A sender's yes or no, to all or to one: mostly of the newest plan, sometimes of one before it.
fn answer(world: &mut World, view: &View, now: Timestamp) -> Option<Sender> {
    let plans: Vec<&Plan> = view.plans().collect();
    let newest = view.newest_plan()?;
    let plan = if world.dice.percent(75) { newest } else { *world.dice.pick(&plans)? };
    let sender = world.dice.pick(&plan.shipments)?.sender.member.clone();
    let mut shipments: Vec<Shipment> =
        plan.shipments.iter().filter(|shipment| shipment.sender.member == sender).cloned().collect();
    if world.dice.percent(60) {
        shipments = vec![world.dice.pick(&shipments)?.clone()];
    }
    let ledger = LedgerId::Member(sender.clone());
    if world.dice.percent(18) {
        let (reason, note) = (ShipmentDecline::NeededAtHome, String::new());
        return sends(ledger, Command::DeclineShipments { shipments, reason, note });
    }
    // What the caller sent: not what is coming, which changes with every word of others.
    let payload = format!("{:?}", shipments.iter().map(|shipment| &shipment.id).collect::<Vec<_>>());
    let command = Command::ApproveShipments {
        shipments,
        approve_by: plan.approve_by,
        newer: view.newer_than(plan).map(|newer| newer.id.clone()),
        incoming: view.incoming(&sender, now),
        by: "Hara".to_owned(),
    };
    Some(Sender { ledger, command, payload: Some(payload.into_bytes()) })
}

/// A shipment goes on, or somebody tries what is not its turn.
fn move_on(world: &mut World, view: &View, now: Timestamp) -> Option<Sender> {
    let all: Vec<Tracked<'_>> = view.plans().flat_map(|plan| view.shipments_of(plan)).collect();
    let under_way = |tracked: &&Tracked<'_>| next(tracked, now).is_some();
    let live: Vec<&Tracked<'_>> = all.iter().filter(under_way).collect();
    let tracked = **world.dice.pick(&live)?;
    let mut next = next(&tracked, now)?;
    match &mut next.command {
        Command::DispatchShipment { goods, .. } => match world.dice.below(12) {
            0..=2 => *goods = changed(&tracked.shipment.goods, |quantity| quantity / 2),
            3 => *goods = changed(&tracked.shipment.goods, |quantity| quantity + 1),
            4..=5 => {
                let shipments = vec![tracked.shipment.clone()];
                let (reason, note) = (ShipmentDecline::NoRoad, String::new());
                next.command = Command::DeclineShipments { shipments, reason, note };
            }
            _ => {}
        },
        Command::ReceiveShipment { goods, .. } => match world.dice.below(8) {
            0..=1 => *goods = changed(goods, |quantity| quantity.saturating_sub(3)),
            2 => *goods = changed(goods, |quantity| quantity + 2),
            3 => *goods = changed(goods, |_| 0),
            _ => {}
        },
        _ => {}
    }
    Some(next)
}

fn changed(goods: &[Goods], change: impl Fn(u32) -> u32) -> Vec<Goods> {
    let changed = |goods: &Goods| Goods { quantity: change(goods.quantity), ..goods.clone() };
    goods.iter().map(changed).collect()
}

/// What has to be done next for a shipment; none when it has ended or waits for its sender's word.
pub fn next(tracked: &Tracked<'_>, now: Timestamp) -> Option<Sender> {
    let (shipment, by) = (tracked.shipment.clone(), "Ono".to_owned());
    let (sender, receiver) = (shipment.sender.ledger(), shipment.receiver.ledger());
    match tracked.state(now) {
        ShipmentState::Approved => {
            sends(sender, Command::DispatchShipment { shipment: shipment.id, goods: Vec::new(), by })
        }
        ShipmentState::Dispatched => {
            let sent = tracked.sender?.dispatched.as_ref()?.goods.clone();
            sends(receiver, Command::RecordArrival { shipment, sent, by })
        }
        ShipmentState::Arrived => {
            let goods = tracked.receiver?.arrived.as_ref()?.goods.clone();
            sends(receiver, Command::ReceiveShipment { shipment: shipment.id, goods, by })
        }
        ShipmentState::Differs => {
            let (reason, note) = (DifferenceReason::Damaged, String::new());
            sends(receiver, Command::ExplainDifference { shipment: shipment.id, reason, note })
        }
        ShipmentState::Proposed
        | ShipmentState::Lapsed
        | ShipmentState::Declined
        | ShipmentState::Received
        | ShipmentState::Explained => None,
    }
}
