//! `scenario.toml`: every key but `base` is required, and nothing else may stand there.

use super::fault::{Allowed, Fault, Faults, Place, Problem};
use super::policy::{
    CoverPolicy, FlightPolicy, GroundPolicy, Policy, ProtocolPolicy, ScenePolicy, WeatherPolicy,
};
use super::table::{parse_instant, read_text};
use crate::decision::model::Name;
use crate::id::Slug;
use crate::spelling::nearest;
use crate::units::Timestamp;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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
    let source = faults.keep(read_text(folder, FILE))?;
    let parsed = DeTable::parse(&source).map_err(|error| {
        let problem = Problem::NotToml { message: Problem::shown(error.message()) };
        fault(&source, error.span().unwrap_or(0..0), problem).into()
    });
    let root = faults.keep(parsed)?;
    let whole = Section::new(&source, "", root.span(), Some(root.get_ref()));
    settings(whole, faults)
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
    let base = scenario.slug_if_given("base", faults);
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

/// A section of the file that remembers what was read of it. One that is missing was named already: it stays silent.
struct Section<'a> {
    source: &'a Arc<String>,
    path: String,
    span: Range<usize>,
    table: Option<&'a DeTable<'a>>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    fn new(
        source: &'a Arc<String>,
        path: &str,
        span: Range<usize>,
        table: Option<&'a DeTable<'a>>,
    ) -> Section<'a> {
        Section { source, path: path.to_owned(), span, table, known: Vec::new() }
    }

    fn full_key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of `key`; a fault when it is missing.
    fn value(&mut self, key: &'static str, faults: &mut Faults) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key);
        let value = self.table?.get(key);
        if value.is_none() {
            let problem = Problem::MissingKey { key: self.full_key(key) };
            faults.push(fault(self.source, self.span.clone(), problem));
        }
        value
    }

    /// The value of `key`, read by `read`.
    fn read<T>(
        &mut self,
        key: &'static str,
        allowed: Allowed,
        faults: &mut Faults,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key, faults)?;
        let read = read(value.get_ref());
        if read.is_none() {
            let written = self.source.get(value.span()).unwrap_or_default();
            let problem = Problem::Value { value: Problem::shown(written), allowed };
            faults.push(fault(self.source, value.span(), problem));
        }
        read
    }

    fn section(&mut self, key: &'static str, faults: &mut Faults) -> Section<'a> {
        let span = self.table.and_then(|table| table.get(key)).map_or(self.span.clone(), Spanned::span);
        let table = self.read(key, Allowed::Section, faults, DeValue::as_table);
        Section::new(self.source, &self.full_key(key), span, table)
    }

    fn whole(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
        faults: &mut Faults,
    ) -> Option<u32> {
        let allowed = Allowed::Whole { min: *range.start(), max: *range.end() };
        self.read(key, allowed, faults, |value| {
            let integer = value.as_integer()?;
            let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok()?;
            range.contains(&number).then_some(number)
        })
    }

    fn text(&mut self, key: &'static str, faults: &mut Faults) -> Option<&'a str> {
        self.read(key, Allowed::Text, faults, |value| value.as_str().filter(|text| !text.trim().is_empty()))
    }

    fn name(&mut self, ja: &'static str, en: &'static str, faults: &mut Faults) -> Option<Name> {
        let (ja, en) = (self.text(ja, faults), self.text(en, faults));
        Some(Name { ja: ja?.to_owned(), en: en?.to_owned() })
    }

    fn slug(&mut self, key: &'static str, faults: &mut Faults) -> Option<Slug> {
        self.read(key, Allowed::Slug, faults, |value| value.as_str()?.parse().ok())
    }

    /// None of it is no fault.
    fn slug_if_given(&mut self, key: &'static str, faults: &mut Faults) -> Option<Option<Slug>> {
        if self.table.is_some_and(|table| table.get(key).is_none()) {
            self.known.push(key);
            return Some(None);
        }
        self.slug(key, faults).map(Some)
    }

    fn instant(&mut self, key: &'static str, faults: &mut Faults) -> Option<Timestamp> {
        self.read(key, Allowed::Instant, faults, |value| parse_instant(value.as_str()?))
    }

    fn word(&mut self, key: &'static str, word: &'static str, faults: &mut Faults) {
        self.read(key, Allowed::OneOf(vec![word]), faults, |value| {
            value.as_str().filter(|text| *text == word)
        });
    }

    /// Names what was not read.
    fn end(self, faults: &mut Faults) {
        for (key, _) in self.table.into_iter().flat_map(|table| table.iter()) {
            let text: &str = key.get_ref();
            if !self.known.contains(&text) {
                let nearest = nearest(text, self.known.iter().copied());
                let problem = Problem::UnknownKey { key: Problem::shown(text), nearest };
                faults.push(fault(self.source, key.span(), problem));
            }
        }
    }
}

/// A fault of this file, with line and character worked out from `span`.
fn fault(source: &Arc<String>, span: Range<usize>, problem: Problem) -> Fault {
    let before = source.get(..span.start).unwrap_or(source);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let count = |text: &str, what: fn(&char) -> bool| {
        u32::try_from(text.chars().filter(what).count()).unwrap_or(u32::MAX)
    };
    let place = Place {
        file: FILE.to_owned(),
        line: Some(count(before, |c| *c == '\n').saturating_add(1)),
        character: Some(count(&before[line_start..], |_| true).saturating_add(1)),
        column: None,
    };
    Fault::at(place, problem, source, span)
}
