//! Goods, the places that they lie in and what carries them.

use super::fields::{self, in_item, invalid};
use super::registry::{absent, room};
use crate::decision::command::NewStockCount;
use crate::decision::limits::{
    COMMODITIES_MAX, COUNTS_CALL_MAX, DEPOTS_MAX, FLEETS_MAX, HANDLING_MIN_MAX, OBJECTIVE_TIERS_MAX,
    PAYLOAD_KG_MAX, QUANTITY_MAX, STOCKS_MAX, UNIT_MASS_G_MAX, UNIT_VOLUME_CM3_MAX,
};
use crate::decision::model::{
    Commodity, CommodityKind, Depot, DepotReport, DepotState, Fleet, Stock, StockCount,
};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{CommodityId, DepotId, StockId};
use crate::units::Timestamp;

impl State {
    pub(super) fn register_commodity(&self, commodity: &Commodity) -> Result<Vec<Event>, Rejection> {
        let id = &commodity.id;
        let field = self.field_facts(&id.to_string())?;
        absent(field.commodities.contains_key(id), Kind::Commodity, || id.to_string())?;
        room(field.commodities.size(), Kind::Commodity, COMMODITIES_MAX)?;
        fields::name("display_name", &commodity.name)?;
        fields::required("unit", &commodity.unit)?;
        match commodity.kind {
            CommodityKind::Goods => check_packing(commodity)?,
            CommodityKind::Team | CommodityKind::Place => check_no_packing(commodity)?,
        }
        fields::range("objective_tier", commodity.objective_tier, 1, OBJECTIVE_TIERS_MAX.into())?;
        fields::range("per_person_milli", commodity.per_person_milli, 0, QUANTITY_MAX.into())?;
        Ok(vec![Event::CommodityRegistered(commodity.clone())])
    }

    pub(super) fn register_depot(&self, depot: &Depot) -> Result<Vec<Event>, Rejection> {
        let id = &depot.id;
        self.own(&id.member, || id.to_string())?;
        absent(self.aid.depots.contains_key(id), Kind::Depot, || id.to_string())?;
        room(self.aid.depots.size(), Kind::Depot, DEPOTS_MAX)?;
        fields::name("display_name", &depot.name)?;
        fields::range("lorries_per_hour", depot.lorries_per_hour, 1, 1_000)?;
        fields::range("dock_hours", depot.dock_hours, 0, 24)?;
        fields::range("municipality", depot.municipality, 0, 99_999)?;
        fields::short("telephone", &depot.telephone)?;
        Ok(vec![Event::DepotRegistered(depot.clone())])
    }

    pub(super) fn report_depot(
        &self,
        at: Timestamp,
        depot: &DepotId,
        state: DepotState,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        self.depot(depot)?;
        fields::long("note", note)?;
        let before = self.aid.depot_reports.get(depot);
        if before.is_some_and(|before| before.state == state && before.note == note) {
            // Said twice: nothing has to be done.
            return Ok(Vec::new());
        }
        let report = DepotReport { state, note: note.to_owned(), reported_at: at };
        Ok(vec![Event::DepotReported { depot: depot.clone(), report }])
    }

    pub(super) fn register_fleet(&self, fleet: &Fleet) -> Result<Vec<Event>, Rejection> {
        let id = &fleet.id;
        self.own(&id.member, || id.to_string())?;
        absent(self.aid.fleets.contains_key(id), Kind::Fleet, || id.to_string())?;
        room(self.aid.fleets.size(), Kind::Fleet, FLEETS_MAX)?;
        self.depot(&fleet.depot)?;
        fields::name("display_name", &fleet.name)?;
        fields::range("vehicles", fleet.vehicles, 1, 10_000)?;
        fields::range("drivers", fleet.drivers, 0, 20_000)?;
        fields::range("shift_hours", fleet.shift_hours, 0, 24)?;
        fields::range("loading_min", fleet.loading_min, 0, HANDLING_MIN_MAX)?;
        fields::range("unloading_min", fleet.unloading_min, 0, HANDLING_MIN_MAX)?;
        fields::range("payload_kg", fleet.payload_kg, 0, PAYLOAD_KG_MAX)?;
        fields::short("telephone", &fleet.telephone)?;
        Ok(vec![Event::FleetRegistered(fleet.clone())])
    }

    pub(super) fn count_stocks(&self, at: Timestamp, new: &[NewStockCount]) -> Result<Vec<Event>, Rejection> {
        if new.is_empty() {
            return Err(invalid("counts", FieldProblem::Required));
        }
        fields::count("counts", new.len(), COUNTS_CALL_MAX)?;
        fields::distinct("counts", new.iter().map(|count| (&count.depot, &count.commodity)))?;
        let added = new
            .iter()
            .filter(|count| !self.aid.stocks.contains_key(&StockId::new(&count.depot, &count.commodity)));
        let size = self.aid.stocks.size() + added.count();
        if size > STOCKS_MAX as usize {
            return Err(Rejection::LimitReached { what: Kind::Stock, max: STOCKS_MAX });
        }
        let counts = new.iter().enumerate().map(|(index, count)| {
            let counted = self.count_stock(at, count);
            // Of one alone everybody knows which.
            if new.len() == 1 { counted } else { counted.map_err(|e| in_item(e, "counts", index)) }
        });
        Ok(vec![Event::StocksCounted { counts: counts.collect::<Result<_, _>>()? }])
    }

    fn count_stock(&self, at: Timestamp, new: &NewStockCount) -> Result<StockCount, Rejection> {
        self.depot(&new.depot)?;
        let known = self.aid.stocks.get(&StockId::new(&new.depot, &new.commodity));
        let reserve = new.reserve.unwrap_or_else(|| known.map_or(0, Stock::reserve));
        fields::range("quantity", new.quantity, 0, QUANTITY_MAX.into())?;
        fields::range("reserve", reserve, 0, QUANTITY_MAX.into())?;
        fields::required("counted_by", &new.counted_by)?;
        let counted_at = new.counted_at.unwrap_or(at);
        fields::reported("count_time", counted_at, at)?;
        // Whoever counted before the last lorry left did not see what it took.
        if let Some(earliest) = known.map(|known| known.changed_at).filter(|changed| counted_at < *changed) {
            return Err(invalid("count_time", FieldProblem::TooEarly { earliest }));
        }
        Ok(StockCount {
            depot: new.depot.clone(),
            commodity: new.commodity.clone(),
            quantity: new.quantity,
            reserve,
            counted_at,
            counted_by: new.counted_by.clone(),
        })
    }

    pub(super) fn open_reserve(
        &self,
        depot: &DepotId,
        commodity: &CommodityId,
        by: &str,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        let stock = self.stock(depot, commodity)?;
        fields::required("by", by)?;
        fields::long("note", note)?;
        if stock.consent.is_some() {
            return Ok(Vec::new());
        }
        let (depot, commodity) = (depot.clone(), commodity.clone());
        Ok(vec![Event::ReserveOpened { depot, commodity, by: by.to_owned(), note: note.to_owned() }])
    }

    pub(super) fn close_reserve(
        &self,
        depot: &DepotId,
        commodity: &CommodityId,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        let stock = self.stock(depot, commodity)?;
        fields::long("note", note)?;
        if stock.consent.is_none() {
            return Ok(Vec::new());
        }
        let (depot, commodity) = (depot.clone(), commodity.clone());
        Ok(vec![Event::ReserveClosed { depot, commodity, note: note.to_owned() }])
    }

    /// A depot of this ledger.
    pub(super) fn depot(&self, id: &DepotId) -> Result<&Depot, Rejection> {
        self.own(&id.member, || id.to_string())?;
        let missing = || Rejection::NotFound { kind: Kind::Depot, name: id.to_string() };
        self.aid.depots.get(id).ok_or_else(missing)
    }

    /// A stock that was counted.
    pub(super) fn stock(&self, depot: &DepotId, commodity: &CommodityId) -> Result<&Stock, Rejection> {
        self.depot(depot)?;
        let id = StockId::new(depot, commodity);
        let missing = || Rejection::NotFound { kind: Kind::Stock, name: id.to_string() };
        self.aid.stocks.get(&id).ok_or_else(missing)
    }
}

/// Without mass and volume nobody can say how many fit on a lorry.
fn check_packing(commodity: &Commodity) -> Result<(), Rejection> {
    if commodity.mass_g == 0 {
        return Err(invalid("mass_g", FieldProblem::Required));
    }
    if commodity.volume_cm3 == 0 {
        return Err(invalid("volume_cm3", FieldProblem::Required));
    }
    fields::range("mass_g", commodity.mass_g, 1, UNIT_MASS_G_MAX.into())?;
    fields::range("volume_cm3", commodity.volume_cm3, 1, UNIT_VOLUME_CM3_MAX.into())?;
    fields::range("units_per_carton", commodity.units_per_carton, 1, 100_000)
}

/// A team is no load, and a place does not travel: whoever states a mass meant goods.
fn check_no_packing(commodity: &Commodity) -> Result<(), Rejection> {
    let is_packed = [
        ("mass_g", commodity.mass_g != 0),
        ("volume_cm3", commodity.volume_cm3 != 0),
        ("units_per_carton", commodity.units_per_carton != 1),
    ];
    match is_packed.into_iter().find(|(_, is_said)| *is_said) {
        Some((field, _)) => Err(invalid(field, FieldProblem::NotAllowed)),
        None => Ok(()),
    }
}
