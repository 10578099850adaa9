//! Demand of the fire departments' areas, and who may be asked for them in which order.

use super::Origin;
use super::book::{Book, Registry, duplicate, each, origin};
use super::fault::{Faults, Problem};
use super::table::{HOURS, Tables};
use crate::decision::model::{Agreement, AgreementRule, Area, AreaOrder, Name};
use crate::id::AssetId;
use std::collections::{BTreeMap, BTreeSet};

/// Calls of one hour from one municipality, in millionths; more is a typing error.
const CALLS_E6_MAX: u32 = 1_000_000_000;

/// Reads the demand: the area of a fire department is the sum of its municipalities, at its seat.
pub(super) fn read_demand(book: &mut Book, tables: &Tables, faults: &mut Faults) {
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    let mut calls: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    each(&tables.demand, faults, |row| {
        book.municipalities.get(row, "municipality")?;
        let municipality = row.cell("municipality");
        if let Some(first_line) = lines.insert(municipality.to_owned(), row.line()) {
            return Err(row.stop("municipality", duplicate(municipality, first_line)));
        }
        book.helicopters.get(row, "helicopter")?;
        let hours =
            HOURS.iter().map(|hour| row.whole(hour, 0..=CALLS_E6_MAX)).collect::<Result<Vec<u32>, _>>()?;
        calls.insert(municipality.to_owned(), hours);
        Ok(())
    });
    let mut areas = Vec::new();
    for row in tables.fire_departments.rows() {
        let Some(department) = book.fire_departments.entry(row.cell("id")) else { continue };
        let mut sum = vec![0u32; HOURS.len()];
        for municipality in &department.municipalities {
            match calls.get(municipality) {
                Some(hours) => {
                    for (sum, calls) in sum.iter_mut().zip(hours) {
                        *sum = sum.saturating_add(*calls);
                    }
                }
                None if lines.contains_key(municipality) => {}
                None => faults.push(tables.demand.no_row(municipality)),
            }
        }
        let area = Area {
            organisation: department.organisation.clone(),
            position: department.position,
            calls_per_hour_e6: sum,
            block: book.block(&department.organisation.member),
        };
        areas.push((origin(row), area));
    }
    book.areas = areas;
}

/// An agreement before its order list.
struct Head {
    origin: Origin,
    rule: AgreementRule,
    own: BTreeSet<String>,
    clause: Name,
    month_max: Option<u16>,
    rows: Vec<AreaOrder>,
}

/// Reads the agreements and their order lists; every fire department has one. A row without a monthly limit has that
/// of its agreement.
pub(super) fn read_agreements(book: &mut Book, tables: &Tables, faults: &mut Faults) {
    let mut clauses: Registry<Name> = Registry::of(&tables.clauses, faults);
    each(&tables.clauses, faults, |row| {
        clauses.id(row)?;
        let text = |column| row.text(column).map(str::to_owned);
        clauses.file(row, Name { ja: text("text_ja")?, en: text("text_en")? });
        Ok(())
    });
    let mut heads: BTreeMap<String, Head> = BTreeMap::new();
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    each(&tables.agreements, faults, |row| {
        book.fire_departments.get(row, "fire_department")?;
        let area = row.cell("fire_department");
        if let Some(first_line) = lines.insert(area.to_owned(), row.line()) {
            return Err(row.stop("fire_department", duplicate(area, first_line)));
        }
        for name in row.list("own") {
            book.helicopters.resolve(row, "own", name)?;
        }
        let rules = [
            ("own_first", AgreementRule::OwnFirst),
            ("nearest_first", AgreementRule::NearestFirst),
            ("order_list", AgreementRule::OrderList),
        ];
        let head = Head {
            origin: origin(row),
            rule: row.choice("rule", &rules)?,
            own: row.list("own").map(str::to_owned).collect(),
            clause: clauses.get(row, "clause")?.clone(),
            month_max: month_max(row)?,
            rows: Vec::new(),
        };
        heads.insert(area.to_owned(), head);
        Ok(())
    });
    read_orders(book, tables, &clauses, &mut heads, faults);
    for (id, department) in book.fire_departments.iter() {
        match heads.remove(id) {
            Some(head) => {
                let agreement = Agreement {
                    area: department.organisation.clone(),
                    rule: head.rule,
                    order: head.rows,
                    clause: head.clause,
                };
                book.agreements.push((head.origin, agreement));
            }
            None if lines.contains_key(id) => {}
            None => faults.push(tables.agreements.no_row(id)),
        }
    }
}

/// Reads the order lists. Ranks count from 1, row by row.
fn read_orders(
    book: &Book,
    tables: &Tables,
    clauses: &Registry<Name>,
    heads: &mut BTreeMap<String, Head>,
    faults: &mut Faults,
) {
    let mut asked: BTreeMap<(String, AssetId), u32> = BTreeMap::new();
    let mut ranks: BTreeMap<String, u32> = BTreeMap::new();
    each(&tables.agreement_orders, faults, |row| {
        // Counted whatever else the row says, so that one wrong row is one fault.
        let rank = ranks.entry(row.cell("fire_department").to_owned()).or_insert(0);
        *rank = rank.saturating_add(1);
        let rank = *rank;
        book.fire_departments.get(row, "fire_department")?;
        clauses.get(row, "clause")?;
        row.whole("distance_m", 0..=5_000_000)?;
        let area = row.cell("fire_department");
        let asset = book.helicopters.get(row, "helicopter")?.1.id.clone();
        if let Some(first_line) = asked.insert((area.to_owned(), asset.clone()), row.line()) {
            return Err(row.stop("helicopter", duplicate(row.cell("helicopter"), first_line)));
        }
        let tier = row.choice("tier", &[("own", "own"), ("neighbour", "neighbour")])?;
        let distance_max_m = row.whole_if("max_distance_m", 1..=5_000_000)?;
        let month_max = month_max(row)?;
        // No head: its own row has a fault, or it is missing and named there.
        let Some(head) = heads.get_mut(area) else { return Ok(()) };
        row.whole("rank", rank..=rank)?;
        // The fire helicopter of the own prefecture is own too, without standing in that list.
        if tier != "own" && head.own.contains(row.cell("helicopter")) {
            let (value, other) = (tier.to_owned(), "own".to_owned());
            return Err(row.stop("tier", Problem::Disagrees { value, other, file: tables.agreements.file }));
        }
        let missions_month_max = month_max.or(head.month_max);
        head.rows.push(AreaOrder { asset, own: tier == "own", distance_max_m, missions_month_max });
        Ok(())
    });
}

fn month_max(row: super::table::Row<'_>) -> super::fault::Checked<Option<u16>> {
    Ok(row.whole_if("monthly_limit", 0..=10_000)?.and_then(|limit| u16::try_from(limit).ok()))
}
