//! What the tags of a way say about driving on it.
//!
//! Rules as OpenStreetMap's wiki has them (pages "Key:access", "Key:oneway", "Key:maxspeed"). Where a value
//! is not understood it counts as not stated, and the report says how often.

use super::{Finding, ImportReport};
use crate::network::roads::{Access, RoadClass, Sailing, SpeedSource, Way, WayStructure};
use crate::network::{StructureKind, UNREACHABLE_MS};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Speed limits that are believed, km/h: a private track to the highest limit anywhere near, with a margin.
const SPEED_KMH: RangeInclusive<f64> = 5.0..=140.0;
/// Widths that are believed, metres.
const WIDTH_M: RangeInclusive<f64> = 0.5..=100.0;
/// Mass limits that are believed, tonnes.
const MASS_T: RangeInclusive<f64> = 0.5..=200.0;
/// Numbers of lanes that are believed.
const LANES: RangeInclusive<u8> = 1..=20;
/// Sailing times that are believed, minutes: up to four days.
const SAILING_MIN: RangeInclusive<u64> = 1..=4 * 24 * 60;
const _: () = assert!(4 * 24 * 60 * 60_000 < UNREACHABLE_MS);

/// Whether ships that carry vehicles are roads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ferries {
    /// They are.
    Include,
    /// They are left out.
    LeaveOut,
}

/// In which directions a way may be driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Both,
    Forward,
    Backward,
}

/// The tags of a way or node: few enough to look through.
#[derive(Debug, Default)]
pub(super) struct Tags<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Tags<'a> {
    pub(super) fn push(&mut self, key: &'a str, value: &'a str) {
        self.0.push((key, value));
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(found, _)| *found == key).map(|&(_, value)| value)
    }

    /// The most telling of several keys.
    fn first(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.get(key))
    }

    fn is(&self, key: &str, values: &[&str]) -> bool {
        self.get(key).is_some_and(|value| values.contains(&value))
    }
}

const YES: [&str; 3] = ["yes", "true", "1"];
const NO: [&str; 3] = ["no", "false", "0"];
/// Values of access keys that keep the public's vehicles out.
const CLOSED: [&str; 10] = [
    "no",
    "private",
    "agricultural",
    "forestry",
    "military",
    "psv",
    "bus",
    "taxi",
    "restricted",
    "emergency",
];
/// Barriers that stop a car wherever they stand; a gate does not unless it says so.
const BLOCKING: [&str; 12] = [
    "bollard",
    "block",
    "jersey_barrier",
    "chain",
    "log",
    "debris",
    "planter",
    "fence",
    "wall",
    "stile",
    "kissing_gate",
    "cycle_barrier",
];

/// Keys by which vehicles are let in or kept out, the most telling first.
const ACCESS_KEYS: [&str; 4] = ["motorcar", "motor_vehicle", "vehicle", "access"];

/// Whether a node stops a car.
pub(super) fn is_barrier(tags: &Tags<'_>) -> bool {
    let Some(kind) = tags.get("barrier") else { return false };
    match tags.first(&ACCESS_KEYS) {
        Some(value) => CLOSED.contains(&value) && !tags.is("emergency", &YES),
        None => BLOCKING.contains(&kind),
    }
}

/// The road that a way is, if it is one that can be driven on.
pub(super) fn road(
    tags: &Tags<'_>,
    osm_id: i64,
    ferries: Ferries,
    texts: &mut BTreeSet<Arc<str>>,
    refs_count: usize,
    report: &mut ImportReport,
) -> Option<(Way, Flow)> {
    let class = class(tags, ferries, report)?;
    if class != RoadClass::Ferry {
        report.road_ways += 1;
        report.road_segments += refs_count.saturating_sub(1) as u64;
        report.road_ways_with_maxspeed += u64::from(tags.get("maxspeed").is_some());
    }
    if tags.is("area", &YES) {
        report.count(Finding::Area);
        return None;
    }
    let Some(access) = access(tags) else {
        report.count(Finding::NoAccess);
        return None;
    };
    let flow = flow(tags, class, report)?;
    let speed = speed(tags, report);
    let mut intern =
        |value: Option<&str>| value.filter(|text| !text.is_empty()).map(|text| interned(texts, text));
    let way = Way {
        osm_id,
        class,
        speed_kmh: speed.unwrap_or(class.default_speed_kmh()),
        speed_source: if speed.is_some() { SpeedSource::Stated } else { SpeedSource::ClassDefault },
        access,
        lanes: lanes(tags, report),
        width_dm: width_dm(tags, report),
        mass_limit_kg: mass_limit_kg(tags, report),
        closes_in_winter: closes_in_winter(tags),
        is_reserved: false,
        emergency_order: None,
        // Its length follows when its nodes are known.
        sailing: sailing_ms(tags, class, report).map(|duration_ms| Sailing { duration_ms, length_dm: 0 }),
        structure: structure(tags, &mut intern),
        name_ja: intern(tags.first(&["name:ja", "name"])),
        name_en: intern(tags.get("name:en")),
        route_ref: intern(tags.get("ref")),
    };
    Some((way, flow))
}

fn interned(texts: &mut BTreeSet<Arc<str>>, text: &str) -> Arc<str> {
    if let Some(known) = texts.get(text) {
        return Arc::clone(known);
    }
    let new: Arc<str> = text.into();
    texts.insert(Arc::clone(&new));
    new
}

fn class(tags: &Tags<'_>, ferries: Ferries, report: &mut ImportReport) -> Option<RoadClass> {
    if let Some(highway) = tags.get("highway") {
        let class = RoadClass::of_highway(highway);
        if class.is_none() {
            report.count(Finding::NotDrivable);
        }
        return class;
    }
    if !tags.is("route", &["ferry"]) {
        return None;
    }
    // Most ferries of Japan's islands carry people alone: one that takes vehicles must say so.
    let carries =
        tags.first(&["motorcar", "motor_vehicle", "vehicle"]).is_some_and(|value| !CLOSED.contains(&value));
    match ferries {
        Ferries::LeaveOut => report.count(Finding::FerryNotAskedFor),
        Ferries::Include if carries => return Some(RoadClass::Ferry),
        Ferries::Include => report.count(Finding::FerryWithoutVehicles),
    }
    None
}

/// Whether a road is shut every winter: by a condition on access that names winter or snow, or because nobody clears it.
fn closes_in_winter(tags: &Tags<'_>) -> bool {
    let names_winter = |condition: &str| {
        let condition = condition.to_ascii_lowercase();
        condition.starts_with("no") && ["winter", "snow"].iter().any(|word| condition.contains(word))
    };
    let conditions =
        ["motorcar:conditional", "motor_vehicle:conditional", "vehicle:conditional", "access:conditional"];
    conditions.iter().filter_map(|key| tags.get(key)).any(names_winter)
        || tags.is("winter_road", &["no"])
        || tags.is("winter_service", &NO)
        || tags.is("snowplowing", &NO)
        || tags.is("seasonal", &["summer", "not_winter"])
}

fn access(tags: &Tags<'_>) -> Option<Access> {
    let value = tags.first(&ACCESS_KEYS);
    let is_emergency = tags.is("emergency", &["yes", "designated", "official"]) || value == Some("emergency");
    match value {
        Some(value) if CLOSED.contains(&value) => is_emergency.then_some(Access::EmergencyOnly),
        _ if tags.is("hgv", &CLOSED) => Some(Access::NoLargeLorry),
        _ => Some(Access::Open),
    }
}

fn flow(tags: &Tags<'_>, class: RoadClass, report: &mut ImportReport) -> Option<Flow> {
    let implied = if tags.is("junction", &["roundabout"]) || class == RoadClass::Motorway {
        Flow::Forward
    } else {
        Flow::Both
    };
    match tags.get("oneway") {
        None => Some(implied),
        Some(value) if YES.contains(&value) => Some(Flow::Forward),
        Some("-1" | "reverse") => Some(Flow::Backward),
        // One lane used in turn: slow, but open both ways.
        Some("alternating") => Some(Flow::Both),
        Some(value) if NO.contains(&value) => Some(Flow::Both),
        Some("reversible") => {
            report.count(Finding::Reversible);
            None
        }
        Some(_) => {
            report.count(Finding::OnewayNotUnderstood);
            Some(implied)
        }
    }
}

/// A speed limit, km/h, rounded to the nearest; of several the lowest.
fn speed(tags: &Tags<'_>, report: &mut ImportReport) -> Option<u8> {
    let value = tags.get("maxspeed")?;
    let mut lowest: Option<f64> = None;
    for part in value.split([';', '|']) {
        let Some(kmh) = kmh(part.trim()) else {
            report.count(Finding::SpeedNotUnderstood);
            return None;
        };
        lowest = Some(lowest.map_or(kmh, |least| least.min(kmh)));
    }
    let kmh = lowest?;
    if !SPEED_KMH.contains(&kmh) {
        report.count(Finding::SpeedAbsurd);
        return None;
    }
    Some(libm::round(kmh) as u8)
}

fn kmh(text: &str) -> Option<f64> {
    /// Kilometres in a statute mile and in a nautical mile.
    const MILE_KM: f64 = 1.609_344;
    const NAUTICAL_MILE_KM: f64 = 1.852;
    // Limits by law in Japan; those of other countries are not known here.
    match text {
        "JP:motorway" => return Some(100.0),
        "JP:urban" | "JP:rural" | "JP:national" | "JP:trunk" => return Some(60.0),
        "JP:zone30" | "JP:living_street" => return Some(30.0),
        _ => {}
    }
    let (digits, unit) = quantity(text)?;
    match unit {
        "" | "km/h" | "kmh" | "kph" => Some(digits),
        "mph" => Some(digits * MILE_KM),
        "knots" => Some(digits * NAUTICAL_MILE_KM),
        _ => None,
    }
}

/// A plain decimal number and the unit after it.
fn quantity(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text[..end].parse::<f64>().ok().filter(|number| number.is_finite())?;
    Some((number, text[end..].trim()))
}

fn lanes(tags: &Tags<'_>, report: &mut ImportReport) -> Option<u8> {
    let value = tags.get("lanes")?;
    let lanes = value.trim().parse().ok().filter(|lanes| LANES.contains(lanes));
    if lanes.is_none() {
        report.count(Finding::LanesNotUnderstood);
    }
    lanes
}

fn width_dm(tags: &Tags<'_>, report: &mut ImportReport) -> Option<u16> {
    let values = ["maxwidth:physical", "maxwidth", "width"].iter().filter_map(|key| tags.get(key));
    let mut narrowest: Option<f64> = None;
    for value in values {
        match quantity(value.trim()) {
            Some((metres, "" | "m")) if WIDTH_M.contains(&metres) => {
                narrowest = Some(narrowest.map_or(metres, |least| least.min(metres)));
            }
            _ => report.count(Finding::WidthNotUnderstood),
        }
    }
    // Down, so that no vehicle is thought to fit where it does not; a millionth keeps 2.3 from becoming 22.
    narrowest.map(|metres| libm::floor(metres * 10.0 + 1e-6) as u16)
}

fn mass_limit_kg(tags: &Tags<'_>, report: &mut ImportReport) -> Option<u32> {
    let value = tags.get("maxweight")?;
    let tonnes = match quantity(value.trim()) {
        Some((tonnes, "" | "t")) => Some(tonnes),
        Some((kilograms, "kg")) => Some(kilograms / 1_000.0),
        _ => None,
    };
    let tonnes = tonnes.filter(|tonnes| MASS_T.contains(tonnes));
    if tonnes.is_none() && !["none", "default", "unsigned"].contains(&value) {
        report.count(Finding::MassNotUnderstood);
    }
    tonnes.map(|tonnes| libm::floor(tonnes * 1_000.0 + 1e-6) as u32)
}

/// A sailing time as `HH:MM`, `HH:MM:SS`, minutes, or `PT1H30M`.
fn sailing_ms(tags: &Tags<'_>, class: RoadClass, report: &mut ImportReport) -> Option<u32> {
    let value = tags.get("duration").filter(|_| class == RoadClass::Ferry)?;
    let minutes = minutes(value.trim()).filter(|minutes| SAILING_MIN.contains(minutes));
    if minutes.is_none() {
        report.count(Finding::DurationNotUnderstood);
    }
    minutes.map(|minutes| minutes as u32 * 60_000)
}

fn minutes(text: &str) -> Option<u64> {
    let number = |part: &str| part.parse::<u64>().ok().filter(|&number| number < 100_000);
    if let Some(iso) = text.strip_prefix("PT") {
        let (hours, rest) = iso.split_once('H').map_or((Some(0), iso), |(hours, rest)| (number(hours), rest));
        let minutes = if rest.is_empty() { Some(0) } else { number(rest.strip_suffix('M')?) };
        return Some(hours? * 60 + minutes?);
    }
    let parts: Vec<&str> = text.split(':').collect();
    match parts[..] {
        [minutes] => number(minutes),
        [hours, minutes] => Some(number(hours)? * 60 + number(minutes)?),
        // Seconds round up.
        [hours, minutes, seconds] => {
            Some(number(hours)? * 60 + number(minutes)? + number(seconds)?.div_ceil(60))
        }
        _ => None,
    }
}

fn structure(
    tags: &Tags<'_>,
    intern: &mut impl FnMut(Option<&str>) -> Option<Arc<str>>,
) -> Option<WayStructure> {
    let is_there = |key: &str| tags.get(key).is_some_and(|value| !NO.contains(&value));
    // Many give a structure's name as that of the road on it; one that says so itself is believed.
    let own = |key: &str| tags.get(key).filter(|name| is_of_structure(name));
    // A passage through a house is no tunnel.
    if is_there("tunnel") && !tags.is("tunnel", &["building_passage"]) {
        return Some(WayStructure {
            kind: StructureKind::Tunnel,
            name_ja: intern(
                tags.first(&["tunnel:name:ja", "tunnel:name"])
                    .or_else(|| own("name:ja"))
                    .or_else(|| own("name")),
            ),
            name_en: intern(tags.get("tunnel:name:en").or_else(|| own("name:en"))),
        });
    }
    is_there("bridge").then(|| WayStructure {
        kind: StructureKind::Bridge,
        name_ja: intern(
            tags.first(&["bridge:name:ja", "bridge:name"]).or_else(|| own("name:ja")).or_else(|| own("name")),
        ),
        name_en: intern(tags.get("bridge:name:en").or_else(|| own("name:en"))),
    })
}

/// Words by which a name says that it is a bridge's or a tunnel's, in the languages of Japan and of the maps that the
/// tests read.
const STRUCTURE_WORDS: [&str; 14] = [
    "橋",
    "高架",
    "トンネル",
    "隧道",
    "bridge",
    "viaduct",
    "tunnel",
    "tunèl",
    "túnel",
    "pont ",
    "puente",
    "brücke",
    "silta",
    "galerie",
];

fn is_of_structure(name: &str) -> bool {
    let name = name.to_lowercase();
    STRUCTURE_WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests;
