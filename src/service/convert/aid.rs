//! Goods, depots, fleets, stocks and needs.

use super::shown::Shown;
use super::{Reader, Wire, read, wire};
use crate::api::v1;
use crate::authority::aid::{Total, TotalKey};
use crate::authority::twice::Duplicates;
use crate::decision::command::{NeedCorrection, NewNeed};
use crate::decision::limits::QUANTITY_MAX;
use crate::decision::model::{
    Commodity, CommodityKind, Depot, DepotReport, DepotState, Fleet, Need, NeedPlace, NeedUse, Stock,
};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::id::{CommodityId, DepotId, FleetId, NeedId, StockId};
use crate::service::ServiceError;
use crate::service::desk::unknown;

/// A quantity as the wire has it: with a sign, so that a negative one is told from one that is no number.
///
/// # Errors
/// [`ServiceError::Field`] below 0 or above what a ledger takes.
pub(crate) fn quantity(field: &str, got: i64) -> Result<u32, ServiceError> {
    let max = QUANTITY_MAX;
    let problem = FieldProblem::OutOfRange { got, min: 0, max: max.into() };
    let quantity = u32::try_from(got).ok().filter(|quantity| *quantity <= max);
    quantity.ok_or_else(|| ServiceError::field(field, problem))
}

/// A number of at most 255.
fn small(field: &str, got: u32) -> Result<u8, ServiceError> {
    let problem = FieldProblem::OutOfRange { got: got.into(), min: 0, max: u8::MAX.into() };
    u8::try_from(got).map_err(|_| ServiceError::field(field, problem))
}

impl Reader {
    pub(crate) fn commodity(&self, id: CommodityId, said: v1::Commodity) -> Result<Commodity, ServiceError> {
        Ok(Commodity {
            id,
            name: read::display_name(said.display_name),
            kind: match said.kind {
                0 => CommodityKind::Goods,
                kind => read::choice("commodity.kind", kind)?,
            },
            unit: said.unit,
            mass_g: said.mass_g,
            volume_cm3: said.volume_cm3,
            units_per_carton: said.units_per_carton.max(1),
            objective_tier: small("commodity.objective_tier", said.objective_tier)?,
            per_person_milli: said.per_person_milli,
        })
    }

    pub(crate) fn depot(&self, id: DepotId, said: v1::Depot) -> Result<Depot, ServiceError> {
        Ok(Depot {
            id,
            name: read::display_name(said.display_name),
            tier: read::choice("depot.tier", said.tier)?,
            position: read::position("depot.position", said.position)?,
            municipality: said.municipality,
            lorries_per_hour: read::count("depot.lorries_per_hour", said.lorries_per_hour)?,
            dock_hours: small("depot.dock_hours", said.dock_hours)?,
            telephone: said.telephone,
        })
    }

    pub(crate) fn fleet(&self, id: FleetId, said: v1::Fleet) -> Result<Fleet, ServiceError> {
        Ok(Fleet {
            id,
            name: read::display_name(said.display_name),
            depot: self.name("fleet.depot", &said.depot)?,
            class: read::choice("fleet.vehicle_class", said.vehicle_class)?,
            vehicles: read::count("fleet.vehicles", said.vehicles)?,
            drivers: read::count("fleet.drivers", said.drivers)?,
            shift_hours: small("fleet.shift_hours", said.shift_hours)?,
            loading_min: read::count("fleet.loading_min", said.loading_min)?,
            unloading_min: read::count("fleet.unloading_min", said.unloading_min)?,
            payload_kg: said.payload_kg,
            telephone: said.telephone,
        })
    }

    /// One need of a list, and the unit that it is stated in; empty: the commodity's own.
    pub(crate) fn need(&self, field: &str, said: v1::Need) -> Result<(NewNeed, String), ServiceError> {
        let of = |name: &str| format!("{field}.{name}");
        let depot: Option<DepotId> = self.name_opt(&of("depot"), &said.depot)?;
        let place = match (depot, said.municipality) {
            (Some(depot), _) => NeedPlace::Depot(depot),
            (None, 0) => return Err(ServiceError::required(of("municipality"))),
            (None, code) => NeedPlace::Municipality(code),
        };
        let need = NewNeed {
            place,
            commodity: self.name(&of("commodity"), &said.commodity)?,
            quantity: quantity(&of("quantity"), said.quantity)?,
            priority: small(&of("priority"), said.priority)?,
            wanted_by: read::instant(&of("want_time"), said.want_time)?,
            daily_until: read::instant_opt(&of("daily_until_time"), said.daily_until_time)?,
            source: read::choice(&of("source"), said.source)?,
            reporter: said.reporter,
            note: said.note,
        };
        Ok((need, said.unit))
    }

    pub(crate) fn correction(&self, said: v1::CorrectNeedRequest) -> Result<NeedCorrection, ServiceError> {
        Ok(NeedCorrection {
            need: self.name("name", &said.name)?,
            quantity: said.quantity.map(|got| quantity("quantity", got)).transpose()?,
            priority: said.priority.map(|got| small("priority", got)).transpose()?,
            wanted_by: read::instant_opt("want_time", said.want_time)?,
            daily_until: read::instant_opt("daily_until_time", said.daily_until_time)?,
            note: said.note,
        })
    }
}

impl Shown {
    /// A commodity.
    #[must_use]
    pub fn commodity(&self, id: &CommodityId) -> Option<v1::Commodity> {
        self.view.commodity(id).map(|commodity| self.commodity_of(commodity))
    }

    /// As [`Shown::commodity`].
    #[must_use]
    pub fn commodity_of(&self, commodity: &Commodity) -> v1::Commodity {
        v1::Commodity {
            name: self.names.print(&commodity.id),
            display_name: Some(wire::display_name(&commodity.name)),
            unit: commodity.unit.clone(),
            mass_g: commodity.mass_g,
            volume_cm3: commodity.volume_cm3,
            units_per_carton: commodity.units_per_carton,
            objective_tier: commodity.objective_tier.into(),
            per_person_milli: commodity.per_person_milli,
            kind: commodity.kind.number(),
        }
    }

    /// What a commodity is counted in; nothing for one that nobody registered.
    pub(super) fn unit(&self, commodity: &CommodityId) -> String {
        self.view.commodity(commodity).map(|commodity| commodity.unit.clone()).unwrap_or_default()
    }

    /// A depot.
    #[must_use]
    pub fn depot(&self, id: &DepotId) -> Option<v1::Depot> {
        self.view.depot(id).map(|(depot, report)| self.depot_of(depot, report))
    }

    /// As [`Shown::depot`].
    #[must_use]
    pub fn depot_of(&self, depot: &Depot, report: Option<&DepotReport>) -> v1::Depot {
        let state = report.map_or(DepotState::Open, |report| report.state);
        v1::Depot {
            name: self.names.print(&depot.id),
            display_name: Some(wire::display_name(&depot.name)),
            tier: depot.tier.number(),
            position: Some(wire::position(depot.position)),
            municipality: depot.municipality,
            lorries_per_hour: depot.lorries_per_hour.into(),
            dock_hours: depot.dock_hours.into(),
            telephone: depot.telephone.clone(),
            state: state.number(),
            note: report.map(|report| report.note.clone()).unwrap_or_default(),
            report_time: report.map(|report| wire::instant(report.reported_at)),
        }
    }

    /// A fleet.
    #[must_use]
    pub fn fleet(&self, id: &FleetId) -> Option<v1::Fleet> {
        let state = self.view.state(&id.ledger())?;
        state.aid.fleets.get(id).map(|fleet| self.fleet_of(fleet))
    }

    /// As [`Shown::fleet`].
    #[must_use]
    pub fn fleet_of(&self, fleet: &Fleet) -> v1::Fleet {
        v1::Fleet {
            name: self.names.print(&fleet.id),
            display_name: Some(wire::display_name(&fleet.name)),
            depot: self.names.print(&fleet.depot),
            vehicle_class: fleet.class.number(),
            vehicles: fleet.vehicles.into(),
            drivers: fleet.drivers.into(),
            shift_hours: fleet.shift_hours.into(),
            loading_min: fleet.loading_min.into(),
            unloading_min: fleet.unloading_min.into(),
            payload_kg: fleet.payload_kg,
            telephone: fleet.telephone.clone(),
        }
    }

    /// A stock.
    #[must_use]
    pub fn stock(&self, id: &StockId) -> Option<v1::Stock> {
        self.view.stock(id).map(|stock| self.stock_of(id, stock))
    }

    /// As [`Shown::stock`].
    #[must_use]
    pub fn stock_of(&self, id: &StockId, stock: &Stock) -> v1::Stock {
        let counts = stock.counts.iter().map(|count| v1::stock::Count {
            quantity: count.quantity.into(),
            reserve: count.reserve.into(),
            count_time: Some(wire::instant(count.counted_at)),
            counted_by: count.counted_by.clone(),
        });
        let consent = stock.consent.as_ref();
        v1::Stock {
            name: self.names.print(id),
            depot: self.names.print(&id.depot),
            commodity: self.names.print(&id.commodity),
            unit: self.unit(&id.commodity),
            quantity: stock.quantity.into(),
            reserve: stock.reserve().into(),
            free_quantity: stock.free().into(),
            change_time: Some(wire::instant(stock.changed_at)),
            reserve_open: consent.is_some(),
            reserve_opened_by: consent.map(|consent| consent.by.clone()).unwrap_or_default(),
            reserve_open_time: consent.map(|consent| wire::instant(consent.at)),
            counts: counts.collect(),
        }
    }

    /// A need with what may be stated twice.
    ///
    /// # Errors
    /// [`Rejection::NotFound`](crate::decision::Rejection::NotFound).
    pub fn need(&self, id: &NeedId) -> Result<v1::Need, ServiceError> {
        let said = self.view.need(id).ok_or_else(|| unknown(Kind::Need, id))?;
        Ok(self.need_of(said, &Duplicates::of(&self.view)))
    }

    /// As [`Shown::need`].
    #[must_use]
    pub fn need_of(&self, said: &NeedUse, duplicates: &Duplicates) -> v1::Need {
        let need = &said.need;
        let depot = match &need.place {
            NeedPlace::Municipality(_) => None,
            NeedPlace::Depot(depot) => Some(depot),
        };
        let aid = self.view.state(&need.id.ledger()).map(|state| &state.aid);
        let withdrawn = said.withdrawn.as_ref();
        v1::Need {
            name: self.names.print(&need.id),
            municipality: aid.map_or(0, |aid| aid.municipality(&need.place)),
            depot: self.names.print_opt(depot),
            commodity: self.names.print(&need.commodity),
            quantity: need.quantity.into(),
            unit: self.unit(&need.commodity),
            priority: need.priority.into(),
            want_time: Some(wire::instant(need.wanted_by)),
            daily_until_time: need.daily_until.map(wire::instant),
            source: need.source.number(),
            reporter: need.reporter.clone(),
            note: need.note.clone(),
            state: self.need_state(said).into(),
            state_time: Some(wire::instant(said.stated_at)),
            withdraw_time: withdrawn.map(|withdrawn| wire::instant(withdrawn.at)),
            withdraw_note: withdrawn.map(|withdrawn| withdrawn.note.clone()).unwrap_or_default(),
            history: said.history.iter().map(|before| version(&before.need, before)).collect(),
            duplicates: duplicates
                .of_need(&need.id)
                .map(|(other, why)| v1::need::Duplicate {
                    need: self.names.print(other),
                    reason: why.number(),
                })
                .collect(),
        }
    }

    /// Where a need stands now.
    #[must_use]
    pub fn need_state(&self, said: &NeedUse) -> v1::need::State {
        let ends = said.need.daily_until.unwrap_or(said.need.wanted_by);
        match said.withdrawn {
            Some(_) => v1::need::State::Withdrawn,
            None if ends <= self.now => v1::need::State::Overdue,
            None => v1::need::State::Standing,
        }
    }

    /// One row of totals.
    #[must_use]
    pub fn total_of(&self, key: &TotalKey, total: &Total) -> v1::NeedTotal {
        let commodity = self.view.commodity(&key.commodity);
        let amount = u128::from(total.quantity) + u128::from(total.daily_quantity);
        // Of a commodity that nobody registered nothing is known but how many.
        let of_one =
            |each: fn(&Commodity) -> u32| commodity.map_or(0, |commodity| u128::from(each(commodity)));
        let thousandth = |each| i64::try_from((amount * of_one(each)).div_ceil(1_000)).unwrap_or(i64::MAX);
        v1::NeedTotal {
            member: self.names.print(&key.member),
            municipality: key.municipality,
            depot: self.names.print_opt(key.depot.as_ref()),
            commodity: self.names.print(&key.commodity),
            unit: self.unit(&key.commodity),
            quantity: i64::try_from(total.quantity).unwrap_or(i64::MAX),
            daily_quantity: i64::try_from(total.daily_quantity).unwrap_or(i64::MAX),
            mass_kg: thousandth(|commodity| commodity.mass_g),
            volume_l: thousandth(|commodity| commodity.volume_cm3),
            need_count: total.needs,
            duplicate_count: total.duplicates,
            first_want_time: total.first_wanted_by.map(wire::instant),
            duplicate_counts: total
                .duplicates_by
                .iter()
                .map(|(why, count)| v1::need_total::DuplicateCount {
                    reason: why.number(),
                    need_count: *count,
                })
                .collect(),
        }
    }
}

fn version(need: &Need, before: &crate::decision::model::NeedVersion) -> v1::need::Version {
    v1::need::Version {
        quantity: need.quantity.into(),
        priority: need.priority.into(),
        want_time: Some(wire::instant(need.wanted_by)),
        daily_until_time: need.daily_until.map(wire::instant),
        correct_time: Some(wire::instant(before.corrected_at)),
        corrected_by: before.corrected_by.0.clone(),
        note: before.note.clone(),
    }
}
