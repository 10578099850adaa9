//! What came of a drill as one page that needs nothing beside it, and the same figures as JSON.
//!
//! Both languages stand in the page; a switch without script shows one of them, on paper too. Absent on purpose: any
//! figure that [`crate::drill::report`] does not have.

mod charts;
mod grounds;
mod page;
mod tables;
#[cfg(test)]
mod tests;
mod words;

pub(super) use words::grouped;

use crate::cli::args::ArgError;
use crate::drill::report::Report;
use crate::drill::runner::{Chosen, Told};
use crate::ledger::Digest;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// What was written where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The page.
    pub(super) page: PathBuf,
    /// SHA-256 of its bytes.
    pub(super) page_hash: Digest,
    /// The figures.
    pub(super) figures: PathBuf,
}

/// A file that a report can be written to: the figures go beside it as `.json`.
///
/// # Errors
/// [`ArgError`] when it does not end in `.html`.
pub(super) fn file(text: &str) -> Result<PathBuf, ArgError> {
    let path = PathBuf::from(text);
    if path.extension().is_some_and(|extension| extension == "html") && path.file_stem().is_some() {
        return Ok(path);
    }
    Err(ArgError::new(
        "報告書の名前は .html で終わります(例 report.html)。数値は同じ名前の .json に書きます",
        "the name of a report ends in .html, such as report.html; its figures go beside it as .json",
    ))
}

/// Writes the page, and the figures beside it.
///
/// # Errors
/// [`ArgError`] with the file that cannot be written.
pub(super) fn write(report: &Report, path: &Path) -> Result<Written, ArgError> {
    let page = page::html(report);
    let figures = path.with_extension("json");
    put(path, &page)?;
    put(&figures, &format!("{:#}\n", as_json(report)))?;
    Ok(Written { page: path.to_owned(), page_hash: Digest::of(page.as_bytes()), figures })
}

fn put(path: &Path, text: &str) -> Result<(), ArgError> {
    fs::write(path, text).map_err(|error| {
        let path = path.display();
        ArgError::new(format!("{path} に書けません({error})"), format!("{path} cannot be written: {error}"))
    })
}

fn as_json(report: &Report) -> Value {
    let scene = &report.scenario;
    let calls = report.outcome.calls.iter().zip(&report.soonest_s).map(|(call, soonest_s)| {
        let (told, asset, lift_off, away_s) = match &call.told {
            Told::Flown(flown) => {
                ("air", Some(flown.asset.to_string()), Some(flown.lift_off_at.0), Some(flown.away_s))
            }
            Told::Ground { .. } => ("road", None, None, None),
            Told::Nobody => ("nobody", None, None, None),
        };
        let decisions = call.decisions.iter().map(|decision| {
            let (chosen, who) = match &decision.chosen {
                Chosen::Aircraft(asset) => ("aircraft", Some(asset.to_string())),
                Chosen::Ground(unit) => ("ground", Some(unit.to_string())),
                Chosen::Nobody => ("nobody", None),
            };
            json!({
                "atMillis": decision.at.0,
                "chosen": chosen,
                "who": who,
                "problemSha256": Digest::of(&decision.problem).to_string(),
            })
        });
        json!({
            "request": call.request.to_string(),
            "area": call.area.to_string(),
            "calledAtMillis": call.called_at.0,
            "answeredBy": told,
            "asset": asset,
            "liftOffAtMillis": lift_off,
            "awayS": away_s,
            "careS": call.care_s(),
            "soonestS": soonest_s,
            "refused": call.refused,
            "decisions": decisions.collect::<Vec<Value>>(),
        })
    });
    let targets =
        report.spread.targets.map(|target| json!({ "withinS": target.within_s, "met": target.met }));
    let bins = report.spread.bins.iter().map(|bin| json!({ "air": bin.air, "road": bin.road }));
    let usage = report.usage.iter().map(|used| {
        json!({
            "asset": used.asset.to_string(),
            "missions": used.missions,
            "forOthers": used.for_others,
            "awayS": used.away_s,
        })
    });
    let costs = report.costs.iter().map(|cost| {
        json!({
            "prefecture": cost.prefecture.to_string(),
            "calls": cost.calls,
            "byOwn": cost.by_own,
            "byOthers": cost.by_others,
            "byRoad": cost.by_road,
            "nobody": cost.nobody,
            "forOthers": cost.for_others,
            "paysYen": cost.pays_yen,
            "getsYen": cost.gets_yen,
        })
    });
    let areas = report.areas.iter().map(|row| {
        json!({
            "area": row.area.to_string(),
            "cared": row.cared,
            "nobody": row.nobody,
            "meanS": row.mean_s(),
        })
    });
    json!({
        "drill": true,
        "scenario": scene.name,
        "space": scene.space.to_string(),
        "startMillis": scene.start.0,
        "days": report.order.days,
        "seed": report.order.seed,
        "declinePermille": report.order.habits.decline_permille,
        "version": report.version,
        "dataSha256": report.data.to_string(),
        "ledgersSha256": report.outcome.ledgers.to_string(),
        "records": report.outcome.records,
        "targets": targets,
        "binS": crate::drill::report::BIN_S,
        "bins": bins.collect::<Vec<Value>>(),
        "nobody": report.spread.nobody,
        "usage": usage.collect::<Vec<Value>>(),
        "feeYen": report.fee_yen,
        "feeIsIllustrative": true,
        "costs": costs.collect::<Vec<Value>>(),
        "areas": areas.collect::<Vec<Value>>(),
        "giniE4": report.gini_e4,
        "calls": calls.collect::<Vec<Value>>(),
    })
}
