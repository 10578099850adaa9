//! Reads the profile, relation by relation, in the order of its fields.

use super::section::Section;
use super::{
    Age, Break, Bridge, BridgeRepair, Collapse, Deaths, Expressway, FileFault, FileProblem, Furniture,
    Hospital, Leave, Loss, Points, Power, Profile, Relation, Stock, Water,
};
use crate::hazard::damage::relation::{Curve, Span, Steps};
use crate::hazard::profile::place_of;
use std::ops::RangeInclusive;
use toml::de::DeTable;

/// Intensities that a coefficient may be tied to, hundredths.
const CENTI: RangeInclusive<u32> = 0..=900;
/// Widths of a curve, hundredths of intensity.
const WIDTH: RangeInclusive<u32> = 1..=300;
const PERMILLE: RangeInclusive<u32> = 0..=1_000;
const MICRO: RangeInclusive<u32> = 0..=1_000_000;
/// Hours that a repair may take: ten years.
const HOURS: RangeInclusive<u32> = 0..=87_600;
const DAYS: RangeInclusive<u32> = 0..=3_653;

/// Reads a profile.
///
/// # Errors
/// [`FileFault`] at the first thing that is wrong.
pub fn read(text: &str) -> Result<Profile, FileFault> {
    let parsed = DeTable::parse(text).map_err(|error| {
        let (line, character) = place_of(text, error.span().unwrap_or(0..0).start);
        let problem = FileProblem::Form { message: error.message().to_owned() };
        FileFault { line, character, entry: "the file".to_owned(), problem }
    })?;
    let mut root = Section::root(text, &parsed);
    let mut relations = Vec::new();
    let known = &mut relations;
    let profile = Profile {
        stock: one(&mut root, "building_stock", known, stock)?,
        wooden: one(&mut root, "wooden_collapse", known, collapse)?,
        other: one(&mut root, "other_collapse", known, collapse)?,
        indoors_permille: one(&mut root, "indoors", known, |section| {
            Ok(Steps(section.steps("hours", ("from_hour", 0..=23), ("permille", PERMILLE))?))
        })?,
        deaths: one(&mut root, "deaths", known, |section| {
            let wooden_micro = section.whole("per_million_wooden", MICRO)?;
            Ok(Deaths { wooden_micro, other_micro: section.whole("per_million_other", MICRO)? })
        })?,
        injured_per_collapsed_wooden_micro: one(&mut root, "injuries", known, |section| {
            section.whole("per_million_wooden", MICRO)
        })?,
        serious_micro: one(&mut root, "serious_injuries", known, |section| {
            section.whole("per_million_people_and_collapse_rate", MICRO)
        })?,
        furniture: one(&mut root, "furniture_injuries", known, |section| {
            let injured = ("per_million_people", MICRO);
            let injured_micro = Steps(section.steps("by_intensity", ("from_centi", CENTI), injured)?);
            Ok(Furniture { injured_micro, serious_permille: section.whole("serious_permille", PERMILLE)? })
        })?,
        water: one(&mut root, "water", known, water)?,
        power: one(&mut root, "power", known, |section| {
            Ok(Power { cut: curve(section)?, time_constant_h: time_constant(section)? })
        })?,
        leave: one(&mut root, "leaving_home", known, |section| {
            let full_permille = section.whole("full_permille", PERMILLE)?;
            Ok(Leave { full_permille, half_permille: section.whole("half_permille", PERMILLE)? })
        })?,
        distress_permille: one(&mut root, "leaving_without_water", known, by_day)?,
        shelter_permille: one(&mut root, "in_shelter", known, by_day)?,
        hospital: one(&mut root, "hospital", known, hospital)?,
        points: one(&mut root, "road_points", known, points)?,
        bridge: one(&mut root, "bridge", known, bridge)?,
        bridge_old_permille: one(&mut root, "bridge_age", known, |section| {
            section.whole("before_1980_permille", PERMILLE)
        })?,
        bridge_repair: one(&mut root, "bridge_repair", known, |section| {
            let heavy_h = span(section, "heavy_hours", HOURS)?;
            Ok(BridgeRepair { heavy_h, inspection_h: span(section, "inspection_hours", HOURS)? })
        })?,
        mountain: one(&mut root, "mountain_road", known, breaks)?,
        tunnel: one(&mut root, "tunnel", known, breaks)?,
        expressway: one(&mut root, "expressway_inspection", known, |section| {
            let from_centi = section.whole("from_centi", CENTI)?;
            Ok(Expressway { from_centi, inspection_h: span(section, "hours", HOURS)? })
        })?,
        site: one(&mut root, "landing_site", known, loss)?,
        depot: one(&mut root, "depot", known, loss)?,
        base: one(&mut root, "base", known, loss)?,
        relations: Vec::new(),
    };
    root.end()?;
    Ok(Profile { relations, ..profile })
}

/// One relation, read by `read`.
fn one<'a, T>(
    root: &mut Section<'a>,
    key: &'static str,
    known: &mut Vec<Relation>,
    read: impl FnOnce(&mut Section<'a>) -> Result<T, FileFault>,
) -> Result<T, FileFault> {
    let mut section = root.relation(key, known)?;
    let found = read(&mut section)?;
    section.end()?;
    Ok(found)
}

fn stock(section: &mut Section<'_>) -> Result<Stock, FileFault> {
    Ok(Stock {
        wooden_per_1000: section.whole("wooden_per_1000_people", 1..=2_000)?,
        other_per_1000: section.whole("other_per_1000_people", 1..=2_000)?,
        people_in_wooden_permille: section.whole("people_in_wooden_permille", PERMILLE)?,
    })
}

fn collapse(section: &mut Section<'_>) -> Result<Collapse, FileFault> {
    let width_centi = section.whole("width_centi", WIDTH)?;
    let half_earlier_centi = section.whole("half_earlier_centi", CENTI)?;
    let ages = section.rows("ages", |row| {
        row.whole("until_year", 1_900..=2_200)?;
        let share_permille = row.whole("share_permille", PERMILLE)?;
        let middle_centi = row.whole("middle_centi", CENTI)?;
        Ok(Age { share_permille, full: Curve { middle_centi, width_centi } })
    })?;
    let permille = ages.iter().map(|age| age.share_permille).sum();
    if permille != 1_000 {
        return Err(section.wrong(FileProblem::NotAll { permille }));
    }
    Ok(Collapse { ages, half_earlier_centi })
}

fn water(section: &mut Section<'_>) -> Result<Water, FileFault> {
    Ok(Water {
        pipe_micro_per_km: section.whole("pipe_micro_per_km", MICRO)?,
        pipe_from_cm_s: section.whole("pipe_from_cm_s", 0..=1_000)?,
        pipe_exponent_milli: section.whole("pipe_exponent_milli", 1..=10_000)?,
        cut_factor_milli: section.whole("cut_factor_milli", 1..=1_000_000)?,
        cut_exponent_milli: section.whole("cut_exponent_milli", 1..=10_000)?,
        time_constant_h: time_constant(section)?,
    })
}

fn time_constant(section: &mut Section<'_>) -> Result<Steps, FileFault> {
    let point = ("from_centi", CENTI);
    Ok(Steps(section.steps("time_constant", point, ("hours", 1..=*HOURS.end()))?))
}

fn by_day(section: &mut Section<'_>) -> Result<Steps, FileFault> {
    Ok(Steps(section.steps("days", ("day", 1..=*DAYS.end()), ("permille", PERMILLE))?))
}

fn hospital(section: &mut Section<'_>) -> Result<Hospital, FileFault> {
    let of = ("permille", PERMILLE);
    Ok(Hospital {
        out_permille: Steps(section.steps("out", ("from_centi", CENTI), of.clone())?),
        beds_lost_permille: Steps(section.steps("beds_lost", ("from_centi", CENTI), of)?),
        beds_where_unknown: section.whole("beds_where_unknown", 0..=10_000)?,
        back_days: span(section, "back_days", DAYS)?,
    })
}

fn points(section: &mut Section<'_>) -> Result<Points, FileFault> {
    let of = ("per_1000_km", 0..=100_000);
    Ok(Points {
        main_per_1000_km: Steps(section.steps("main", ("from_centi", CENTI), of.clone())?),
        other_per_1000_km: Steps(section.steps("other", ("from_centi", CENTI), of)?),
        blocking_permille: section.whole("blocking_permille", PERMILLE)?,
        repair_h: span(section, "repair_hours", HOURS)?,
    })
}

fn bridge(section: &mut Section<'_>) -> Result<Bridge, FileFault> {
    Ok(Bridge {
        from_centi: section.whole("from_centi", CENTI)?,
        old_heavy_permille: section.whole("before_1980_heavy_permille", PERMILLE)?,
        old_medium_permille: section.whole("before_1980_medium_permille", PERMILLE)?,
        new_heavy_permille: section.whole("since_1980_heavy_permille", PERMILLE)?,
        new_medium_permille: section.whole("since_1980_medium_permille", PERMILLE)?,
    })
}

fn breaks(section: &mut Section<'_>) -> Result<Break, FileFault> {
    let closed = section.steps("closed", ("from_centi", CENTI), ("permille", PERMILLE))?;
    Ok(Break { closed_permille: Steps(closed), repair_h: span(section, "repair_hours", HOURS)? })
}

fn loss(section: &mut Section<'_>) -> Result<Loss, FileFault> {
    Ok(Loss { lost: curve(section)?, back_days: span(section, "back_days", DAYS)? })
}

fn curve(section: &mut Section<'_>) -> Result<Curve, FileFault> {
    let middle_centi = section.whole("middle_centi", CENTI)?;
    Ok(Curve { middle_centi, width_centi: section.whole("width_centi", WIDTH)? })
}

/// A table of two numbers, `from` and `to`.
fn span(section: &mut Section<'_>, key: &'static str, range: RangeInclusive<u32>) -> Result<Span, FileFault> {
    section.table(key, |table| {
        let (from, to) = (table.whole("from", range.clone())?, table.whole("to", range)?);
        match from <= to {
            true => Ok(Span { from, to }),
            false => Err(table.wrong(FileProblem::Backwards { from, to })),
        }
    })
}
