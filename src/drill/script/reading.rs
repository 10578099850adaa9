//! Reads `[[inject]]`: each kind has keys of its own, each name stands for something of the scenario.

use super::INJECTS_MAX;
use super::inject::{Condition, Happening, Inject, Scene, Sky, Trigger};
use super::names::{Known, Names};
use super::waits;
use crate::drill::scenario::fault::{Allowed, Faults, Problem};
use crate::drill::scenario::section::Section;
use crate::id::{MemberId, Slug};
use crate::spelling::nearest;
use crate::units::{Position, Seconds};
use std::collections::BTreeMap;
use std::ops::Range;

/// Requests that may be open at once before an inject of its own.
const OPEN_REQUESTS_MAX: u32 = 10_000;
/// Patients of one call.
const PATIENTS_MAX: u32 = 100;
/// More of a commodity than any prefecture needs in a week.
const QUANTITY_MAX: u32 = 100_000_000;

/// A kind of inject, by its word in the file.
#[derive(Clone, Copy)]
enum Kind {
    AircraftBreaksDown,
    StructureClosed,
    RoadSlowed,
    MemberSilent,
    Call,
    FalseRequest,
    DuplicateRequest,
    Transfer,
    Weather,
    HospitalFull,
    DepotLost,
    Need,
}

const KINDS: [(&str, Kind); 12] = [
    ("aircraft_breaks_down", Kind::AircraftBreaksDown),
    ("structure_closed", Kind::StructureClosed),
    ("road_slowed", Kind::RoadSlowed),
    ("member_silent", Kind::MemberSilent),
    ("call", Kind::Call),
    ("false_request", Kind::FalseRequest),
    ("duplicate_request", Kind::DuplicateRequest),
    ("transfer", Kind::Transfer),
    ("weather", Kind::Weather),
    ("hospital_full", Kind::HospitalFull),
    ("depot_lost", Kind::DepotLost),
    ("need", Kind::Need),
];

/// Reads `[[inject]]`, one after the other.
pub(super) fn injects(
    root: &mut Section<'_>,
    names: &Names<'_>,
    span_s: Seconds,
    faults: &mut Faults,
) -> Option<Vec<Inject>> {
    let mut sections = root.sections("inject", faults);
    if let Some(beyond) = sections.get(INJECTS_MAX) {
        faults.push(beyond.fault("", Problem::TooMany { max: INJECTS_MAX }));
        return None;
    }
    let mut places: BTreeMap<String, (usize, u32)> = BTreeMap::new();
    let mut own = Vec::new();
    for (idx, section) in sections.iter_mut().enumerate() {
        let name = section.slug("name", faults);
        if let Some(name) = &name {
            let line = section.line_at(&section.span_of("name"));
            if let Some((_, first_line)) = places.get(name.as_str()) {
                let problem = Problem::Duplicate { value: name.to_string(), first_line: *first_line };
                faults.push(section.fault("name", problem));
            } else {
                places.insert(name.to_string(), (idx, line));
            }
        }
        own.push(name);
    }
    let mut injects = Vec::new();
    let mut spans: Vec<[Range<usize>; 2]> = Vec::new();
    for (section, name) in sections.into_iter().zip(own) {
        spans.push([section.span_of("when"), section.span_of("of")]);
        let reader = Reader { section, names, places: &places, span_s, faults };
        let inject = reader.inject(name);
        injects.push(inject);
    }
    let injects = injects.into_iter().collect::<Option<Vec<Inject>>>()?;
    judge(&injects, &spans, root, faults);
    Some(injects)
}

/// What only all injects together show.
fn judge(injects: &[Inject], spans: &[[Range<usize>; 2]], root: &Section<'_>, faults: &mut Faults) {
    for ring in waits::rings(injects) {
        let name = |idx: &usize| injects[*idx].name.to_string();
        let names: Vec<String> = ring.iter().chain(ring.first()).map(name).collect();
        let span = ring.first().map_or(0..0, |first| spans[*first][0].clone());
        faults.push(root.fault_at(span, Problem::Loop { names }));
    }
    for (inject, [_, span]) in injects.iter().zip(spans) {
        if let Happening::DuplicateRequest { of: Some(of), .. } = inject.happening
            && !injects[of].happening.is_call()
        {
            let value = injects[of].name.to_string();
            let problem = Problem::Value { value, allowed: Allowed::InjectOfCall };
            faults.push(root.fault_at(span.clone(), problem));
        }
    }
}

/// Reads one inject.
struct Reader<'a, 'n, 'f> {
    section: Section<'a>,
    names: &'n Names<'n>,
    /// Every inject's place and line, by its name.
    places: &'n BTreeMap<String, (usize, u32)>,
    span_s: Seconds,
    faults: &'f mut Faults,
}

impl Reader<'_, '_, '_> {
    fn inject(mut self, name: Option<Slug>) -> Option<Inject> {
        let line = self.section.line();
        let trigger = self.trigger();
        let note = self.section.if_given("note", |section| section.text("note", self.faults));
        let kind = self.section.one_word("kind", &KINDS, self.faults);
        let happening = kind.and_then(|kind| self.happening(kind));
        // Which keys there may be, only the kind says.
        if kind.is_some() {
            self.section.end(self.faults);
        }
        Some(Inject {
            name: name?,
            line,
            trigger: trigger?,
            happening: happening?,
            note: note?.unwrap_or("訓練 DRILL").to_owned(),
        })
    }

    fn happening(&mut self, kind: Kind) -> Option<Happening> {
        match kind {
            Kind::AircraftBreaksDown => self.aircraft_breaks_down(),
            Kind::StructureClosed => self.structure_closed(),
            Kind::RoadSlowed => self.road_slowed(),
            Kind::MemberSilent => self.member_silent(),
            Kind::Call => self.call(),
            Kind::FalseRequest => self.false_request(),
            Kind::DuplicateRequest => self.duplicate_request(),
            Kind::Transfer => self.transfer(),
            Kind::Weather => self.weather(),
            Kind::HospitalFull => self.hospital_full(),
            Kind::DepotLost => self.depot_lost(),
            Kind::Need => self.need(),
        }
    }

    fn trigger(&mut self) -> Option<Trigger> {
        match self.section.one_of(&["at", "when"], self.faults)? {
            "at" => {
                let after_s = self.section.offset("at", self.span_s, self.faults)?;
                Some(Trigger::At { after_s })
            }
            _ => {
                let after = self.span_if("after");
                let condition = self.condition();
                Some(Trigger::When { condition: condition?, after_s: after?.unwrap_or(0) })
            }
        }
    }

    fn condition(&mut self) -> Option<Condition> {
        let mut when = self.section.section("when", self.faults);
        let key = when.one_of(&["asked", "committed", "open_requests", "happened"], self.faults);
        let condition = match key? {
            "open_requests" => {
                when.whole("open_requests", 1..=OPEN_REQUESTS_MAX, self.faults).map(Condition::OpenRequests)
            }
            "happened" => place(&mut when, "happened", self.places, self.faults).map(Condition::Happened),
            "asked" => find(&mut when, "asked", &self.names.aircraft, self.faults).map(Condition::Asked),
            _ => find(&mut when, "committed", &self.names.aircraft, self.faults).map(Condition::Committed),
        };
        when.end(self.faults);
        condition
    }

    fn span_if(&mut self, key: &'static str) -> Option<Option<Seconds>> {
        self.section.if_given(key, |section| section.span(key, self.span_s, self.faults))
    }

    fn span(&mut self, key: &'static str) -> Option<Seconds> {
        self.section.span(key, self.span_s, self.faults)
    }

    fn whole(&mut self, key: &'static str, least: u32, most: u32) -> Option<u32> {
        self.section.whole(key, least..=most, self.faults)
    }

    /// A number of people; none of it is `usual`.
    fn count_if(&mut self, key: &'static str, usual: u16) -> Option<u16> {
        let given =
            self.section.if_given(key, |section| section.whole(key, 0..=PATIENTS_MAX, self.faults))?;
        Some(given.and_then(|count| u16::try_from(count).ok()).unwrap_or(usual))
    }

    fn yes_if(&mut self, key: &'static str) -> Option<bool> {
        let given = self.section.if_given(key, |section| section.yes(key, self.faults))?;
        Some(given.unwrap_or(false))
    }

    fn named<T: Clone>(&mut self, key: &'static str, known: &Known<'_, T>) -> Option<T> {
        find(&mut self.section, key, known, self.faults)
    }

    fn by(&mut self) -> Option<MemberId> {
        self.named("by", &self.names.members)
    }

    fn scene(&mut self) -> Option<Scene> {
        let area = self.named("area", &self.names.areas);
        let position = if self.section.has("lat") || self.section.has("lon") {
            let (lat, lon) =
                (self.section.degrees("lat", 90, self.faults), self.section.degrees("lon", 180, self.faults));
            Some(Position::from_degrees(lat?, lon?).ok()?)
        } else {
            None
        };
        Some(Scene { area: area?, position })
    }

    fn aircraft_breaks_down(&mut self) -> Option<Happening> {
        let (aircraft, lasts) = (self.named("aircraft", &self.names.aircraft), self.span_if("for"));
        Some(Happening::AircraftBreaksDown { aircraft: aircraft?, lasts_s: lasts? })
    }

    fn structure_closed(&mut self) -> Option<Happening> {
        let structure = self.named("structure", &self.names.structures);
        let (by, lasts) = (self.by(), self.span_if("for"));
        Some(Happening::StructureClosed { structure: structure?, by: by?, lasts_s: lasts? })
    }

    fn road_slowed(&mut self) -> Option<Happening> {
        let structure = self.named("structure", &self.names.structures);
        let percent = self.whole("percent", 1, 99);
        let (by, lasts) = (self.by(), self.span_if("for"));
        let percent = percent.and_then(|percent| u8::try_from(percent).ok());
        Some(Happening::RoadSlowed { structure: structure?, percent: percent?, by: by?, lasts_s: lasts? })
    }

    fn member_silent(&mut self) -> Option<Happening> {
        let (member, lasts) = (self.named("member", &self.names.members), self.span("for"));
        Some(Happening::MemberSilent { member: member?, lasts_s: lasts? })
    }

    fn call(&mut self) -> Option<Happening> {
        let scene = self.scene();
        let (red, yellow) = (self.count_if("red", 1), self.count_if("yellow", 0));
        let (green, stretchers) = (self.count_if("green", 0), self.count_if("stretchers", 1));
        let triage = [red?, yellow?, green?];
        Some(Happening::Call { scene: scene?, triage, stretchers: stretchers? })
    }

    fn false_request(&mut self) -> Option<Happening> {
        let (scene, found) = (self.scene(), self.span("found_after"));
        Some(Happening::FalseRequest { scene: scene?, found_after_s: found? })
    }

    fn duplicate_request(&mut self) -> Option<Happening> {
        let of = self.section.if_given("of", |section| place(section, "of", self.places, self.faults));
        let (area, found) = (self.named("area", &self.names.areas), self.span("found_after"));
        Some(Happening::DuplicateRequest { of: of?, area: area?, found_after_s: found? })
    }

    fn transfer(&mut self) -> Option<Happening> {
        let from = self.named("from", &self.names.hospitals);
        let to = self.named("to", &self.names.hospitals);
        Some(Happening::Transfer { from: from?, to: to? })
    }

    fn weather(&mut self) -> Option<Happening> {
        let (region, by) = (self.named("region", &self.names.regions), self.by());
        let visibility_m = self.whole("visibility_m", 0, 100_000);
        let ceiling_m = self.whole("ceiling_m", 0, 20_000);
        let wind_m_s = self.whole("wind_m_s", 0, 100);
        let (icing, thunderstorm) = (self.yes_if("icing"), self.yes_if("thunderstorm"));
        let lasts = self.span("for");
        let sky = Sky {
            visibility_m: visibility_m?,
            ceiling_m: ceiling_m?,
            wind_m_s: wind_m_s?,
            icing: icing?,
            thunderstorm: thunderstorm?,
        };
        Some(Happening::Weather { region: region?, by: by?, sky, lasts_s: lasts? })
    }

    fn hospital_full(&mut self) -> Option<Happening> {
        let (hospital, lasts) = (self.named("hospital", &self.names.hospitals), self.span_if("for"));
        Some(Happening::HospitalFull { hospital: hospital?, lasts_s: lasts? })
    }

    fn depot_lost(&mut self) -> Option<Happening> {
        let (depot, lasts) = (self.named("depot", &self.names.depots), self.span_if("for"));
        Some(Happening::DepotLost { depot: depot?, lasts_s: lasts? })
    }

    fn need(&mut self) -> Option<Happening> {
        let municipality = self.whole("municipality", 1_000, 99_999);
        if let Some(code) = municipality
            && !self.names.municipalities.contains(&code)
        {
            let (value, file) = (code.to_string(), "municipalities.csv");
            let codes: Vec<String> = self.names.municipalities.iter().map(u32::to_string).collect();
            let nearest = nearest(&value, codes.iter().map(String::as_str));
            self.faults
                .push(self.section.fault("municipality", Problem::Unresolved { value, file, nearest }));
        }
        let by = self.by();
        let commodity = self.named("commodity", &self.names.commodities);
        let quantity = self.whole("quantity", 1, QUANTITY_MAX);
        let wanted = self.span("wanted_after");
        Some(Happening::Need {
            municipality: municipality?,
            by: by?,
            commodity: commodity?,
            quantity: quantity?,
            wanted_after_s: wanted?,
        })
    }
}

/// What the text of `key` stands for.
fn find<T: Clone>(
    section: &mut Section<'_>,
    key: &'static str,
    known: &Known<'_, T>,
    faults: &mut Faults,
) -> Option<T> {
    let text = section.text(key, faults)?;
    known.find(text).map_err(|problem| faults.push(section.fault(key, problem))).ok()
}

/// The place of the inject that `key` names.
fn place(
    section: &mut Section<'_>,
    key: &'static str,
    places: &BTreeMap<String, (usize, u32)>,
    faults: &mut Faults,
) -> Option<usize> {
    let text = section.text(key, faults)?;
    let found = places.get(text).map(|(idx, _)| *idx);
    if found.is_none() {
        let nearest = nearest(text, places.keys().map(String::as_str));
        let problem = Problem::UnknownInject { value: Problem::shown(text), nearest };
        faults.push(section.fault(key, problem));
    }
    found
}
