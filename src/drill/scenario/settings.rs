//! `scenario.toml`: every key but `base` is required, and nothing else may stand there.

use super::fault::Faults;
use super::policy::{
    CoverPolicy, FlightPolicy, GroundPolicy, Policy, ProtocolPolicy, ScenePolicy, WeatherPolicy,
};
use super::section::{Document, Section};
use crate::decision::model::Name;
use crate::id::Slug;
use crate::units::Timestamp;
use std::path::Path;

const FILE: &str = "scenario.toml";
/// The one time zone that the calendar of the ledgers knows.
const TIME_ZONE: &str = "Asia/Tokyo";
const MINUTE_S: u32 = 60;
const DAY_S: u32 = 86_400;
/// No span of a policy is longer than a day, counted in minutes.
const DAY_MIN: u32 = 1_440;
/// A thousandth of a call outweighs a second at least: a finer rate would come out as none.
const TRADE_RATE_MAX: u32 = MINUTE_S;

/// What `scenario.toml` says.
pub(super) struct Settings {
    pub(super) name: Slug,
    pub(super) title: Name,
    pub(super) notice: Name,
    pub(super) fleet_note: Name,
    pub(super) space: Slug,
    pub(super) start: Timestamp,
    /// The scenario beside this one whose tables stand in for those that are not here.
    pub(super) base: Option<Slug>,
    pub(super) policy: Policy,
}

/// Reads the file; nothing when it has a fault.
pub(super) fn read(folder: &Path, faults: &mut Faults) -> Option<Settings> {
    let document = faults.keep(Document::read(folder, FILE))?;
    let root = faults.keep(document.parsed())?;
    settings(document.whole(&root), faults)
}

fn settings(mut root: Section<'_>, faults: &mut Faults) -> Option<Settings> {
    let mut scenario = root.section("scenario", faults);
    let mut policies = root.section("policy", faults);
    root.end(faults);
    let name = scenario.slug("name", faults);
    let title = scenario.name("title_ja", "title_en", faults);
    let notice = scenario.name("notice_ja", "notice_en", faults);
    let fleet_note = scenario.name("fleet_note_ja", "fleet_note_en", faults);
    let space = scenario.slug("space", faults);
    scenario.word("time_zone", TIME_ZONE, faults);
    let start = scenario.instant("start_time", faults);
    let base = scenario.if_given("base", |scenario| scenario.slug("base", faults));
    scenario.end(faults);
    let policy = policy(&mut policies, faults);
    policies.end(faults);
    Some(Settings {
        name: name?,
        title: title?,
        notice: notice?,
        fleet_note: fleet_note?,
        space: space?,
        start: start?,
        base: base?,
        policy: policy?,
    })
}

fn policy(policies: &mut Section<'_>, faults: &mut Faults) -> Option<Policy> {
    let flight = flight(policies.section("flight", faults), faults);
    let scene = scene(policies.section("scene", faults), faults);
    let weather = weather(policies.section("weather", faults), faults);
    let ground = ground(policies.section("ground", faults), faults);
    let mut section = policies.section("cover", faults);
    let threshold = section.whole("threshold_min", 1..=DAY_MIN, faults);
    let rate = section.whole("trade_rate_permille_per_min", 0..=TRADE_RATE_MAX, faults);
    section.end(faults);
    let mut section = policies.section("protocol", faults);
    let answer = section.whole("answer_within_s", 10..=3_600, faults);
    section.end(faults);
    Some(Policy {
        flight: flight?,
        scene: scene?,
        weather: weather?,
        ground: ground?,
        cover: CoverPolicy { threshold_s: threshold? * MINUTE_S, trade_rate_permille_per_min: rate? },
        protocol: ProtocolPolicy { answer_within_s: answer? },
    })
}

fn flight(mut section: Section<'_>, faults: &mut Faults) -> Option<FlightPolicy> {
    let start = section.whole("start_min", 0..=60, faults);
    let on_scene = section.whole("on_scene_min", 0..=DAY_MIN, faults);
    let reserve = section.whole("fuel_reserve_min", 0..=DAY_MIN, faults);
    let endurance = section.whole("usable_endurance_min", 1..=DAY_MIN, faults);
    let turn_round = section.whole("turn_round_min", 0..=DAY_MIN, faults);
    let crew = section.whole("crew_duty_limit_min", 1..=DAY_MIN, faults);
    let cycle = section.whole("default_cycle_min", 1..=DAY_MIN, faults);
    section.end(faults);
    Some(FlightPolicy {
        start_s: start? * MINUTE_S,
        on_scene_s: on_scene? * MINUTE_S,
        fuel_reserve_s: reserve? * MINUTE_S,
        usable_endurance_s: endurance? * MINUTE_S,
        turn_round_s: turn_round? * MINUTE_S,
        crew_duty_s_max: crew? * MINUTE_S,
        default_cycle_s: cycle? * MINUTE_S,
    })
}

fn scene(mut section: Section<'_>, faults: &mut Faults) -> Option<ScenePolicy> {
    let handover = section.whole("handover_min", 0..=DAY_MIN, faults);
    let securing = section.whole("securing_min", 0..=60, faults);
    let loading = section.whole("ambulance_loading_min", 0..=DAY_MIN, faults);
    let sites = section.whole("site_candidates_max", 1..=1_024, faults);
    let radius = section.whole("site_search_radius_m", 1..=1_000_000, faults);
    let hospitals = section.whole("hospital_candidates_max", 1..=1_024, faults);
    let ttl = section.whole("site_confirmation_ttl_days", 1..=3_660, faults);
    section.end(faults);
    Some(ScenePolicy {
        handover_s: handover? * MINUTE_S,
        securing_s: securing? * MINUTE_S,
        ambulance_loading_s: loading? * MINUTE_S,
        site_candidates_max: sites?,
        site_search_radius_m: radius?,
        hospital_candidates_max: hospitals?,
        site_confirmation_ttl_s: ttl? * DAY_S,
    })
}

fn weather(mut section: Section<'_>, faults: &mut Faults) -> Option<WeatherPolicy> {
    let visibility = section.whole("visibility_min_m", 0..=100_000, faults);
    let ceiling = section.whole("ceiling_min_m", 0..=20_000, faults);
    let wind = section.whole("wind_max_m_s", 0..=100, faults);
    let roof = section.whole("wind_max_roof_m_s", 0..=100, faults);
    section.end(faults);
    // 1 m/s is 3.6 km/h.
    let kmh = |metres_a_second: u32| metres_a_second * 36 / 10;
    Some(WeatherPolicy {
        visibility_min_m: visibility?,
        ceiling_min_m: ceiling?,
        wind_max_kmh: kmh(wind?),
        wind_max_roof_kmh: kmh(roof?),
    })
}

fn ground(mut section: Section<'_>, faults: &mut Faults) -> Option<GroundPolicy> {
    let ambulance = section.whole("ambulance_turnout_s", 0..=3_600, faults);
    let doctor_car = section.whole("doctor_car_turnout_s", 0..=3_600, faults);
    section.end(faults);
    Some(GroundPolicy { ambulance_turnout_s: ambulance?, doctor_car_turnout_s: doctor_car? })
}
