//! What the people of a history do with goods, needs, plans, pairs, roads and the air: they read what their machine
//! shows, which may be old, and send their word to the ledger that it concerns.

use crate::node::Node;
use crate::people::member_of;
use crate::plans::{self, Sender};
use crate::world::{FIELD, World};
use std::sync::Arc;
use yui::authority::{LedgerView, View};
use yui::decision::command::{NeedCorrection, NewNeed, NewPair, NewRestriction, NewStockCount};
use yui::decision::model::*;
use yui::decision::{Command, State};
use yui::id::{CommodityId, DepotId, FleetId, LedgerId, MemberId, NoFlyAreaId, PairId, StockId};
use yui::network::overlay::Effect;
use yui::units::{Position, Timestamp};

/// One word of a person, who sits at the machine `from`.
pub struct Word {
    pub from: LedgerId,
    pub ledger: LedgerId,
    pub command: Command,
    /// What a retry repeats, where the command holds what was read beside it.
    pub payload: Option<Vec<u8>>,
    /// How far the other ledgers were read.
    pub seen: Vec<(LedgerId, u64)>,
}

/// Goods that lorries carry here.
pub const GOODS: [&str; 2] = ["water", "meal"];
/// A team, which pairs speak of.
const TEAM: &str = "staff";
/// A base, from which most is sent, and a receiving point.
pub const DEPOTS: [&str; 2] = ["base", "town"];

pub fn field() -> LedgerId {
    FIELD.parse().unwrap()
}

pub fn commodity(slug: &str) -> CommodityId {
    CommodityId(slug.parse().unwrap())
}

pub fn depot(member: &MemberId, slug: &str) -> DepotId {
    DepotId::new(member, slug.parse().unwrap())
}

/// What the machine of a ledger shows: its own ledger as it is, the others as far as they were read.
pub fn view_of(node: &Node) -> View {
    let mut view = View::empty("drill/simulation".parse().unwrap());
    for state in node.own().into_iter().chain(node.copies.values()) {
        let read = LedgerView { state: state.clone(), partial: false };
        view.ledgers.insert(state.ledger.clone(), Arc::new(read));
    }
    view
}

/// The field with its commodities.
pub fn registrations_of_field(field: &LedgerId) -> Vec<Command> {
    let LedgerId::Field(field) = field else { return Vec::new() };
    let mut commands = vec![Command::OpenField { field: field.clone(), office: None, deputies: Vec::new() }];
    for slug in GOODS.into_iter().chain([TEAM]) {
        let is_goods = slug != TEAM;
        commands.push(Command::RegisterCommodity(Commodity {
            id: commodity(slug),
            name: name(slug),
            kind: if is_goods { CommodityKind::Goods } else { CommodityKind::Team },
            unit: "unit".to_owned(),
            mass_g: if is_goods { 1_000 } else { 0 },
            volume_cm3: if is_goods { 1_000 } else { 0 },
            units_per_carton: 1,
            objective_tier: 1,
            per_person_milli: 0,
        }));
    }
    commands
}

/// Two depots of a member, what lies in them, and lorries.
pub fn registrations(member: &MemberId) -> Vec<Command> {
    let tiers = [DepotTier::One, DepotTier::Two];
    let mut commands: Vec<Command> = Vec::new();
    for (slug, tier) in DEPOTS.into_iter().zip(tiers) {
        commands.push(Command::RegisterDepot(Depot {
            id: depot(member, slug),
            name: name(slug),
            tier,
            position: Position::from_degrees(35.0, 135.0).unwrap(),
            municipality: 28_223,
            lorries_per_hour: 6,
            dock_hours: 12,
            telephone: String::new(),
        }));
    }
    commands.push(Command::RegisterFleet(Fleet {
        id: FleetId::new(member, "lorries".parse().unwrap()),
        name: name("lorries"),
        depot: depot(member, "base"),
        class: VehicleClass::Lorry4t,
        vehicles: 10,
        drivers: 20,
        shift_hours: 12,
        loading_min: 30,
        unloading_min: 30,
        payload_kg: 0,
        telephone: String::new(),
    }));
    let counts = GOODS.map(|slug| count(depot(member, "base"), commodity(slug), 600, Some(100)));
    commands.push(Command::CountStocks { counts: counts.to_vec() });
    commands
}

fn name(en: &str) -> Name {
    Name { ja: "仮".to_owned(), en: en.to_owned() }
}

fn count(depot: DepotId, commodity: CommodityId, quantity: u32, reserve: Option<u32>) -> NewStockCount {
    let counted_by = "Mori".to_owned();
    NewStockCount { depot, commodity, quantity, reserve, counted_at: None, counted_by }
}

/// What somebody does now; none when there is nothing to do.
pub fn word(world: &mut World) -> Option<Word> {
    let members = world.members();
    let from = world.dice.pick(&members).cloned()?;
    let own = world.nodes[&from].own()?.clone();
    let member = member_of(&from);
    let (ledger, command) = match world.dice.below(100) {
        0..=15 => (from.clone(), of_stocks(world, &own, &member)?),
        16..=27 => (from.clone(), of_needs(world, &own)?),
        28..=82 => {
            let view = view_of(&world.nodes[&from]);
            let Sender { ledger, command, payload } = plans::word(world, &view, own.last_at)?;
            return Some(Word { from, ledger, command, payload, seen: view.seen() });
        }
        83..=86 => (field(), of_pairs(world, &from)?),
        87..=91 => (from.clone(), of_roads(world, &own)?),
        92..=95 => (from.clone(), of_air(world, &own, &member)),
        _ => (from.clone(), of_assets(world, &own)?),
    };
    Some(Word { from, ledger, command, payload: None, seen: Vec::new() })
}

/// Somebody counts, opens a reserve or closes it, or says how a depot stands.
fn of_stocks(world: &mut World, own: &State, member: &MemberId) -> Option<Command> {
    let depot = depot(member, world.dice.pick(&DEPOTS)?);
    let known: Vec<StockId> = own.aid.stocks.keys().cloned().collect();
    let StockId { depot: at, commodity: of } = world.dice.pick(&known).cloned()?;
    let note = String::new();
    Some(match world.dice.below(10) {
        0..=2 => {
            let reserve = world.dice.percent(50).then(|| world.dice.below(150) as u32);
            let mut new =
                count(depot, commodity(world.dice.pick(&GOODS)?), world.dice.below(900) as u32, reserve);
            // Somebody who counted a while ago, perhaps before the last lorry left.
            new.counted_at = world.dice.percent(30).then(|| own.last_at - world.dice.below(600) as u32);
            Command::CountStocks { counts: vec![new] }
        }
        3..=5 => Command::OpenReserve { depot: at, commodity: of, by: "Mayor".to_owned(), note },
        6..=7 => Command::CloseReserve { depot: at, commodity: of, note },
        8 => Command::ReportDepot { depot, state: DepotState::Lost, note },
        _ => Command::ReportDepot { depot, state: DepotState::Open, note },
    })
}

/// Somebody states a need, or two, or corrects one, or takes it back, or speaks of one that is withdrawn.
fn of_needs(world: &mut World, own: &State) -> Option<Command> {
    let stated: Vec<_> = own.aid.needs.keys().cloned().collect();
    let roll = world.dice.below(10);
    let (Some(need), true) = (world.dice.pick(&stated).cloned(), roll > 3) else {
        let place = if world.dice.percent(50) {
            NeedPlace::Municipality(28_223)
        } else {
            // Sometimes of a base, where nobody waits for anything.
            NeedPlace::Depot(depot(own.member()?, world.dice.pick(&DEPOTS)?))
        };
        let need = NewNeed {
            place,
            commodity: commodity(world.dice.pick(&GOODS)?),
            quantity: world.dice.below(500) as u32 + 1,
            priority: 1,
            wanted_by: own.last_at + 86_400,
            daily_until: None,
            source: NeedSource::Report,
            reporter: "Kato".to_owned(),
            note: String::new(),
        };
        return Some(Command::StateNeeds { needs: vec![need; world.dice.below(2) + 1] });
    };
    Some(match roll {
        4..=7 => Command::CorrectNeed(NeedCorrection {
            need,
            quantity: Some(world.dice.below(500) as u32 + 1),
            priority: None,
            wanted_by: None,
            daily_until: None,
            note: String::new(),
        }),
        _ => Command::WithdrawNeed { need, note: String::new() },
    })
}

/// Somebody decides who supports whom, sometimes itself, or ends a pair.
fn of_pairs(world: &mut World, from: &LedgerId) -> Option<Command> {
    let copy = world.nodes[from].copies.get(&field());
    let at = copy.map(|state| state.last_at)?;
    let decided: Vec<PairId> = copy?.field.iter().flat_map(|field| field.pairs.keys().cloned()).collect();
    if let Some(pair) = world.dice.pick(&decided).cloned()
        && world.dice.percent(50)
    {
        return Some(Command::EndPair { pair, by: "Governor".to_owned(), note: String::new() });
    }
    let members = world.members();
    let supporter = member_of(world.dice.pick(&members)?);
    Some(Command::DecidePair(NewPair {
        municipality: 28_223,
        affected: member_of(world.dice.pick(&members)?),
        supporters: vec![PairSupporter { member: supporter, teams: 2 }],
        team: Some(commodity(TEAM)),
        fields: vec![AidField::Staff],
        from: at,
        until: at + 7 * 86_400,
        decided_by: "Governor".to_owned(),
        note: String::new(),
    }))
}

/// Somebody closes a road or opens it.
fn of_roads(world: &mut World, own: &State) -> Option<Command> {
    let known: Vec<_> = own.restrictions.keys().cloned().collect();
    if let Some(restriction) = world.dice.pick(&known).cloned()
        && world.dice.percent(50)
    {
        return Some(Command::LiftRestriction { restriction, note: String::new() });
    }
    let effects = [Effect::Closed, Effect::Slowed { percent: 40 }, Effect::Limited { vehicles_per_hour: 30 }];
    Some(Command::RestrictRoad(NewRestriction {
        stretch: RoadStretch::Section { road: "R42".to_owned(), from_m: 0, to_m: 5_000 },
        effect: *world.dice.pick(&effects)?,
        reason: RoadReason::Landslide,
        source: ReportSource::Police,
        reporter: "Ueda".to_owned(),
        note: String::new(),
        observed_at: None,
        expected_end: None,
    }))
}

/// Somebody bars an area to aircraft, by one of two names, or lifts it.
fn of_air(world: &mut World, own: &State, member: &MemberId) -> Command {
    let slug = if world.dice.percent(50) { "fire" } else { "shells" };
    let id = NoFlyAreaId::new(member, slug.parse().unwrap());
    if own.no_fly_areas.contains_key(&id) && world.dice.percent(60) {
        return Command::LiftNoFlyArea { area: id, note: String::new() };
    }
    let corner = |lat, lon| Position::from_degrees(lat, lon).unwrap();
    Command::ReportNoFlyArea(NoFlyArea {
        id,
        corners: vec![corner(35.0, 135.0), corner(35.0, 135.1), corner(35.1, 135.0)],
        floor_m: 0,
        ceiling_m: 1_000,
        from: Timestamp::MIN,
        until: world.dice.percent(50).then(|| own.last_at + 300),
        reason: "fire".to_owned(),
        source: "fire department".to_owned(),
    })
}

/// Somebody corrects what is registered of a helicopter, sometimes to what cannot be.
fn of_assets(world: &mut World, own: &State) -> Option<Command> {
    let assets: Vec<_> = own.assets.keys().cloned().collect();
    let asset = world.dice.pick(&assets).cloned()?;
    let speeds = [0, 180, 200, 220];
    let telephones = ["000-0000-0001", "000-0000-0002"];
    let changes = vec![
        AssetChange::SpeedKmh(*world.dice.pick(&speeds)?),
        AssetChange::Telephone((*world.dice.pick(&telephones)?).to_owned()),
    ];
    Some(Command::UpdateAsset { asset, changes })
}
