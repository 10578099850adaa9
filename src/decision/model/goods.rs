//! Goods, where they lie, and what carries them.

use super::Name;
use crate::id::{CommodityId, DepotId, FleetId};
use crate::units::{Position, Timestamp};

/// Something that people need and that can be counted, a fact of the union's field of disasters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Commodity {
    /// Its name in the ledgers.
    pub id: CommodityId,
    /// Its name for people.
    pub name: Name,
    /// Whether lorries carry it, people are it, or it is a place to stay.
    pub kind: CommodityKind,
    /// What one is counted in: `meal`, `L`, `sheet`. Every quantity of it, everywhere, is a number of these.
    pub unit: String,
    /// What one unit weighs as it travels, packing included, grams; 0 of a team or a place.
    pub mass_g: u32,
    /// What one unit fills as it travels, cubic centimetres; 0 of a team or a place.
    pub volume_cm3: u32,
    /// How many travel in one carton; 1 where each travels by itself.
    pub units_per_carton: u32,
    /// Which objective it belongs to: 1 is met before 2 is looked at.
    pub objective_tier: u8,
    /// Thousandths of a unit that one person needs, of a standing need on each day; 0 where it is not counted by people.
    pub per_person_milli: u32,
}

/// What kind of help a commodity is. Needs and stocks are the same of all; how it comes to people is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommodityKind {
    /// Goods, which lorries and helicopters carry. Whatever was registered before there were kinds.
    Goods,
    /// Teams of people with a training: staff of a member, a DMAT. They travel by themselves and come back.
    Team,
    /// Places where people who had to leave can stay, counted by person. People come to them.
    Place,
}

/// A place where goods are handed on: of the union, of a prefecture, of a municipality, or where people wait for them.
///
/// Source of the tiers: state's guide to the physical support of areas struck (0次, 1次, 2次物資拠点, 避難所).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Depot {
    /// Its name in the ledgers.
    pub id: DepotId,
    /// Its name for people.
    pub name: Name,
    /// Where it stands on the way to people.
    pub tier: DepotTier,
    /// Where it is.
    pub position: Position,
    /// JIS code of its municipality, or of its ward; 0 where it has none.
    pub municipality: u32,
    /// Lorries of 10 t that its docks load or unload in an hour, smaller ones by their share.
    pub lorries_per_hour: u16,
    /// Hours of a day in which they do; 0 where nobody said.
    pub dock_hours: u8,
    /// Whom to ring.
    pub telephone: String,
}

/// Where a depot stands on the way to people. Goods go from a lower number to a higher one, past tiers if need be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DepotTier {
    /// Outside of the area struck (0次物資拠点).
    Zero,
    /// Of a prefecture (1次, 広域物資輸送拠点).
    One,
    /// Of a municipality (2次, 地域内輸送拠点), a receiving point.
    Two,
    /// A shelter, a receiving point.
    Shelter,
}

impl DepotTier {
    /// Whether needs end here.
    #[must_use]
    pub fn is_receiving_point(self) -> bool {
        match self {
            DepotTier::Zero | DepotTier::One => false,
            DepotTier::Two | DepotTier::Shelter => true,
        }
    }
}

/// State of a depot, as last reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DepotState {
    /// Hands goods on.
    Open,
    /// Destroyed, flooded, cut off: counts for nothing.
    Lost,
}

/// What was last said of a depot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DepotReport {
    /// How it stands.
    pub state: DepotState,
    /// Anything to add.
    pub note: String,
    /// When this was said.
    pub reported_at: Timestamp,
}

/// Vehicles of one class that go out from one depot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fleet {
    /// Its name in the ledgers.
    pub id: FleetId,
    /// Its name for people.
    pub name: Name,
    /// Where its vehicles start and come back to.
    pub depot: DepotId,
    /// What they are.
    pub class: VehicleClass,
    /// How many.
    pub vehicles: u16,
    /// How many people may drive or fly them.
    pub drivers: u16,
    /// Hours that each of them is out in a day; 0 where nobody said.
    pub shift_hours: u8,
    /// Minutes of loading; 0 where nobody said.
    pub loading_min: u16,
    /// Minutes of unloading; 0 where nobody said.
    pub unloading_min: u16,
    /// What one vehicle carries; 0: what its class does.
    pub payload_kg: u32,
    /// Whom to ring.
    pub telephone: String,
}

/// What carries goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VehicleClass {
    /// A lorry for 4 t.
    Lorry4t,
    /// A lorry for 10 t.
    Lorry10t,
    /// A helicopter with goods inside or slung.
    Helicopter,
    /// A ship or boat.
    Ship,
}

/// What was counted of one commodity in one depot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StockCount {
    /// Where.
    pub depot: DepotId,
    /// Of what.
    pub commodity: CommodityId,
    /// How much there was, in the commodity's unit.
    pub quantity: u32,
    /// How much of it stays unless its owner consents.
    pub reserve: u32,
    /// When somebody counted.
    pub counted_at: Timestamp,
    /// Who.
    pub counted_by: String,
}

/// One commodity in one depot, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stock {
    /// What was counted, newest last; the oldest leave after
    /// [`STOCK_COUNTS_KEPT`](crate::decision::limits::STOCK_COUNTS_KEPT).
    pub counts: Vec<StockCount>,
    /// What is there: as counted, less what left and more what came since.
    pub quantity: u32,
    /// When that was last true by a count or a movement.
    pub changed_at: Timestamp,
    /// Set while its owner lets the reserve go.
    pub consent: Option<ReserveConsent>,
}

/// That an owner lets a reserve go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReserveConsent {
    /// The named person who consented.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Anything added.
    pub note: String,
}

impl Stock {
    /// What stays unless its owner consents.
    #[must_use]
    pub fn reserve(&self) -> u32 {
        self.counts.last().map_or(0, |count| count.reserve)
    }

    /// What may be sent.
    #[must_use]
    pub fn free(&self) -> u32 {
        match self.consent {
            Some(_) => self.quantity,
            None => self.quantity.saturating_sub(self.reserve()),
        }
    }
}
