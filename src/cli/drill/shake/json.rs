//! What an earthquake did, as one JSON value: everything, in the order of the scenario.

use super::Shown;
use super::sheet;
use crate::hazard::damage::{AssetHit, Closure, HospitalHit, TownHit};
use serde_json::{Value, json};
use std::fmt::Display;

/// The whole value.
pub(super) fn of(shown: &Shown<'_>) -> Value {
    let strike = &shown.shaken.strike;
    let totals = strike.totals();
    let relations = shown.hazard.profile.relations().iter().map(|relation| {
        json!({
            "name": relation.name,
            "source": relation.source,
            "illustrative": relation.is_illustrative,
        })
    });
    json!({
        "scenario": shown.scenario.name.to_string(),
        "earthquake": shown.args.earthquake,
        "nameJa": shown.shaken.name.ja,
        "nameEn": shown.shaken.name.en,
        "momentMagnitudeCenti": shown.shaken.earthquake.magnitude.centi(),
        "seed": shown.args.seed,
        "hour": shown.hour,
        "telegramEvent": shown.telegram.map(|telegram| telegram.event.to_string()),
        "observedTowns": shown.shaken.observed_count,
        "totals": {
            "collapsedFully": totals.full,
            "collapsedHalf": totals.half,
            "dead": totals.dead,
            "severelyInjured": totals.serious,
            "lightlyInjured": totals.light,
            "inShelterMax": totals.in_shelter_max,
            "inShelterMaxDay": totals.in_shelter_max_day,
            "withoutWater": totals.without_water,
            "withoutPower": totals.without_power,
            "hospitalsOut": totals.hospitals_out,
            "hospitalsReduced": totals.hospitals_reduced,
            "bedsLost": totals.beds_lost,
        },
        "inShelterByDay": strike.by_day(|town| &town.in_shelter),
        "withoutWaterByDay": strike.by_day(|town| &town.without_water),
        "towns": strike.towns.iter().map(|town| of_town(shown, town)).collect::<Vec<_>>(),
        "hospitals": strike.hospitals.iter().map(hospital).collect::<Vec<_>>(),
        "closures": strike.closures.iter().map(closure).collect::<Vec<_>>(),
        "sites": strike.sites.iter().map(asset).collect::<Vec<_>>(),
        "depots": strike.depots.iter().map(asset).collect::<Vec<_>>(),
        "bases": strike.bases.iter().map(asset).collect::<Vec<_>>(),
        "needsByDay": needs(shown),
        "relations": relations.collect::<Vec<_>>(),
    })
}

fn of_town(shown: &Shown<'_>, town: &TownHit) -> Value {
    let name = shown.hazard.names.get(&town.code);
    json!({
        "code": format!("{:05}", town.code),
        "municipality": format!("{:05}", town.municipality),
        "nameJa": name.map(|name| &name.ja),
        "nameEn": name.map(|name| &name.en),
        "population": town.population,
        "class": town.shaken.intensity.class().as_str(),
        "intensityCenti": town.shaken.intensity.centi(),
        "basis": sheet::basis_word(town.shaken.basis),
        "woodenFull": town.wooden_full,
        "woodenHalf": town.wooden_half,
        "otherFull": town.other_full,
        "otherHalf": town.other_half,
        "dead": town.dead,
        "severelyInjured": town.serious,
        "lightlyInjured": town.light,
        "waterCutMicro": town.water.share_micro,
        "waterBackOnDay": town.water.over_on_day(),
        "powerCutMicro": town.power.share_micro,
        "powerBackOnDay": town.power.over_on_day(),
        "inShelterByDay": town.in_shelter,
        "withoutWaterByDay": town.without_water,
        "withoutPowerByDay": town.without_power,
    })
}

fn hospital(hit: &HospitalHit) -> Value {
    json!({
        "name": hit.id.to_string(),
        "intensityCenti": hit.intensity.centi(),
        "state": sheet::state_word(hit.state),
        "beds": hit.beds,
        "bedsLost": hit.beds_lost,
        "backAfterS": hit.back_after_s,
    })
}

fn closure(closure: &Closure) -> Value {
    json!({
        "from": closure.from.to_string(),
        "to": closure.to.to_string(),
        "structure": closure.structure.as_ref().map(ToString::to_string),
        "cause": sheet::cause_word(closure.cause),
        "intensityCenti": closure.intensity.centi(),
        "openAfterS": closure.open_after_s,
    })
}

fn asset<T: Display>(hit: &AssetHit<T>) -> Value {
    json!({
        "name": hit.id.to_string(),
        "intensityCenti": hit.intensity.centi(),
        "backAfterS": hit.back_after_s,
    })
}

/// By municipality and day; what is not needed is left out.
fn needs(shown: &Shown<'_>) -> Value {
    let Some(model) = &shown.scenario.unit_model else { return Value::Null };
    let mut rows = Vec::new();
    for (municipality, days) in shown.shaken.strike.needs(model) {
        for (day, needs) in days.into_iter().enumerate() {
            for need in needs.into_iter().filter(|need| need.quantity > 0) {
                rows.push(json!({
                    "municipality": format!("{municipality:05}"),
                    "day": day + 1,
                    "commodity": need.commodity.to_string(),
                    "quantity": need.quantity,
                }));
            }
        }
    }
    Value::Array(rows)
}
