//! Commodities, depots, what lies in them, what carries it, and what people need at the start.

use super::Origin;
use super::book::{Book, Registry, duplicate, each, origin};
use super::fault::Faults;
use super::table::{Row, Tables};
use crate::decision::command::{NewNeed, NewStockCount};
use crate::decision::limits::QUANTITY_MAX;
use crate::decision::model::{
    Commodity, CommodityKind, Depot, DepotTier, Fleet, Name, NeedPlace, NeedSource, VehicleClass,
};
use crate::hazard::unit_model::SPAN_DAYS_MAX;
use crate::id::{CommodityId, DepotId, FleetId, MemberId};
use std::collections::BTreeMap;

/// Who counted the stocks, and stated the needs, that a scenario begins with.
const COUNTED_BY: &str = "scenario";

/// What a scenario says of goods.
pub(super) struct Goods {
    pub(super) commodities: Registry<(Origin, Commodity)>,
    /// Depots and receiving points; no name stands in both tables.
    pub(super) depots: BTreeMap<String, (Origin, Depot)>,
    /// By depot, in the order of the names.
    pub(super) stocks: BTreeMap<DepotId, (Origin, Vec<NewStockCount>)>,
    pub(super) fleets: Registry<(Origin, Fleet)>,
    /// By member, in the order of the table.
    pub(super) needs: BTreeMap<MemberId, (Origin, Vec<NewNeed>)>,
}

impl Goods {
    pub(super) fn read(book: &Book, tables: &Tables, nodes: &Registry<()>, faults: &mut Faults) -> Goods {
        let mut goods = Goods {
            commodities: Registry::of(&tables.commodities, faults),
            depots: BTreeMap::new(),
            stocks: BTreeMap::new(),
            fleets: Registry::of(&tables.fleets, faults),
            needs: BTreeMap::new(),
        };
        goods.read_commodities(tables, faults);
        let depots = goods.read_depots(book, tables, nodes, faults);
        let points = goods.read_receiving_points(book, tables, nodes, faults);
        goods.read_stocks(tables, (&depots, &points), faults);
        goods.read_fleets(tables, &depots, faults);
        goods.read_needs(book, tables, faults);
        goods
    }

    fn read_commodities(&mut self, tables: &Tables, faults: &mut Faults) {
        each(&tables.commodities, faults, |row| {
            let id = CommodityId(self.commodities.id(row)?);
            row.yes("basic_good")?;
            let kinds = [
                ("goods", CommodityKind::Goods),
                ("team", CommodityKind::Team),
                ("place", CommodityKind::Place),
            ];
            let kind = row.choice("kind", &kinds)?;
            // Goods weigh something; who and what does not travel on a lorry weighs nothing.
            let size = match kind {
                CommodityKind::Goods => 1..=u32::MAX,
                CommodityKind::Team | CommodityKind::Place => 0..=0,
            };
            let commodity = Commodity {
                id,
                name: row.name()?,
                kind,
                unit: row.text("unit")?.to_owned(),
                mass_g: row.whole("unit_mass_g", size.clone())?,
                volume_cm3: row.whole("unit_volume_cm3", size)?,
                units_per_carton: row.whole_if("units_per_carton", 1..=100_000)?.unwrap_or(1),
                objective_tier: if row.yes("life_saving")? { 1 } else { 2 },
                per_person_milli: row.whole("rate_millis", 0..=1_000_000_000)?,
            };
            self.commodities.file(row, (origin(row), commodity));
            Ok(())
        });
    }

    fn read_depots(
        &mut self,
        book: &Book,
        tables: &Tables,
        nodes: &Registry<()>,
        faults: &mut Faults,
    ) -> Registry<DepotId> {
        let mut names = Registry::of(&tables.depots, faults);
        each(&tables.depots, faults, |row| {
            let slug = names.id(row)?;
            let member = book.members.get(row, "member")?.member.id.clone();
            nodes.get_if(row, "road_node")?;
            let depot = Depot {
                id: DepotId::new(&member, slug),
                name: row.name()?,
                tier: tier(row)?,
                position: row.position()?,
                municipality: 0,
                lorries_per_hour: row.count("dock_lorries_per_hour", 1..=1_000)?,
                dock_hours: row.count("dock_hours_per_day", 1..=24)? as u8,
                telephone: row.text("telephone")?.to_owned(),
            };
            names.file(row, depot.id.clone());
            self.depots.insert(row.cell("id").to_owned(), (origin(row), depot));
            Ok(())
        });
        names
    }

    fn read_receiving_points(
        &mut self,
        book: &Book,
        tables: &Tables,
        nodes: &Registry<()>,
        faults: &mut Faults,
    ) -> Registry<DepotId> {
        let mut names = Registry::of(&tables.receiving_points, faults);
        each(&tables.receiving_points, faults, |row| {
            let slug = names.id(row)?;
            if let Some((first, _)) = self.depots.get(row.cell("id")) {
                return Err(row.stop("id", duplicate(row.cell("id"), first.line)));
            }
            let member = book.members.get(row, "member")?.member.id.clone();
            nodes.get_if(row, "road_node")?;
            let depot = Depot {
                id: DepotId::new(&member, slug),
                name: row.name()?,
                tier: tier(row)?,
                position: row.position()?,
                municipality: book.municipalities.get(row, "municipality")?.code,
                lorries_per_hour: row.count("intake_lorries_per_hour", 1..=1_000)?,
                dock_hours: row.count("intake_hours_per_day", 1..=24)? as u8,
                telephone: row.text("telephone")?.to_owned(),
            };
            names.file(row, depot.id.clone());
            self.depots.insert(row.cell("id").to_owned(), (origin(row), depot));
            Ok(())
        });
        names
    }

    fn read_stocks(
        &mut self,
        tables: &Tables,
        (depots, points): (&Registry<DepotId>, &Registry<DepotId>),
        faults: &mut Faults,
    ) {
        let mut lines: BTreeMap<(String, String), u32> = BTreeMap::new();
        each(&tables.stocks, faults, |row| {
            let holder = row.text("holder")?;
            let depot = match depots.entry(holder) {
                Some(depot) => depot,
                None => points.resolve(row, "holder", holder)?,
            };
            let (_, commodity) = self.commodities.get(row, "commodity")?;
            let key = (holder.to_owned(), row.cell("commodity").to_owned());
            if let Some(first_line) = lines.insert(key, row.line()) {
                return Err(row.stop("commodity", duplicate(row.cell("commodity"), first_line)));
            }
            row.whole_if("planned_intake", 0..=QUANTITY_MAX)?;
            let count = NewStockCount {
                depot: depot.clone(),
                commodity: commodity.id.clone(),
                quantity: row.whole("quantity", 0..=QUANTITY_MAX)?,
                reserve: Some(row.whole("reserve", 0..=QUANTITY_MAX)?),
                counted_at: None,
                counted_by: COUNTED_BY.to_owned(),
            };
            let (_, counts) = self.stocks.entry(depot.clone()).or_insert_with(|| (origin(row), Vec::new()));
            counts.push(count);
            Ok(())
        });
    }

    fn read_needs(&mut self, book: &Book, tables: &Tables, faults: &mut Faults) {
        each(&tables.needs, faults, |row| {
            let municipality = book.municipalities.get(row, "municipality")?;
            let (_, commodity) = self.commodities.get(row, "commodity")?;
            let wanted_by = row.instant("wanted_by")?;
            let is_daily = row.choice("basis", &[("per_day", true), ("once", false)])?;
            let days: u32 = row.whole("days", 1..=SPAN_DAYS_MAX)?;
            let last = wanted_by.plus_millis(i64::from(days - 1) * 86_400_000);
            let need = NewNeed {
                place: NeedPlace::Municipality(municipality.code),
                commodity: commodity.id.clone(),
                quantity: row.whole("quantity", 1..=QUANTITY_MAX)?,
                priority: if commodity.objective_tier == 1 { 1 } else { 3 },
                wanted_by,
                daily_until: is_daily.then_some(last),
                source: NeedSource::UnitModel,
                reporter: COUNTED_BY.to_owned(),
                note: String::new(),
            };
            let member = municipality.member.clone();
            let (_, needs) = self.needs.entry(member).or_insert_with(|| (origin(row), Vec::new()));
            needs.push(need);
            Ok(())
        });
    }

    fn read_fleets(&mut self, tables: &Tables, depots: &Registry<DepotId>, faults: &mut Faults) {
        let classes = [
            ("lorry-4t", VehicleClass::Lorry4t),
            ("lorry-10t", VehicleClass::Lorry10t),
            ("helicopter", VehicleClass::Helicopter),
            ("ship", VehicleClass::Ship),
        ];
        each(&tables.fleets, faults, |row| {
            let slug = self.fleets.id(row)?;
            let home = depots.get(row, "home")?.clone();
            let Some((_, depot)) = self.depots.get(row.cell("home")) else { return Ok(()) };
            let class = row.choice("vehicle_class", &classes)?;
            let (ja, en) = match class {
                VehicleClass::Lorry4t => ("4t車", "4 t lorries"),
                VehicleClass::Lorry10t => ("10t車", "10 t lorries"),
                VehicleClass::Helicopter => ("物資輸送ヘリ", "cargo helicopters"),
                VehicleClass::Ship => ("船舶", "ships"),
            };
            let fleet = Fleet {
                id: FleetId::new(&home.member, slug),
                name: Name { ja: format!("{} {ja}", depot.name.ja), en: format!("{}: {en}", depot.name.en) },
                depot: home.clone(),
                class,
                vehicles: row.count("vehicles", 1..=10_000)?,
                drivers: row.count("drivers", 0..=20_000)?,
                shift_hours: row.count("shift_h", 1..=24)? as u8,
                loading_min: row.count("load_min", 1..=720)?,
                unloading_min: row.count("unload_min", 1..=720)?,
                payload_kg: row.whole_if("payload_kg", 1..=u32::MAX)?.unwrap_or(0),
                telephone: depot.telephone.clone(),
            };
            self.fleets.file(row, (origin(row), fleet));
            Ok(())
        });
    }
}

fn tier(row: Row<'_>) -> super::fault::Checked<DepotTier> {
    let tiers = [
        ("0", DepotTier::Zero),
        ("1", DepotTier::One),
        ("2", DepotTier::Two),
        ("shelter", DepotTier::Shelter),
    ];
    row.choice("tier", &tiers)
}
