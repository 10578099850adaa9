//! CSV tables: one header row, every column known, every cell read as what it must be or named.
//!
//! Columns may stand in any order. A cell never holds a line break: a quote that is not closed would swallow rows
//! unnoticed.

use super::fault::{Allowed, Checked, Fault, Faults, Place, Problem, Stop};
use crate::decision::model::Name;
use crate::id::Slug;
use crate::spelling::nearest;
use crate::units::{JST_OFFSET_S, Metres, Position, Seconds, Timestamp};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// Largest file that is read: the sites of the whole country would be 20 MB.
pub(super) const FILE_BYTES_MAX: u64 = 64 << 20;

const DAY_S: Seconds = 86_400;

/// What a table must look like.
/// Where the tables stand.
pub(super) struct Folders<'a> {
    own: &'a Path,
    base: Option<PathBuf>,
}

impl<'a> Folders<'a> {
    /// Those of the scenario in `own`; tables that are not there are those of `base` beside it.
    pub(super) fn new(own: &'a Path, base: Option<&Slug>) -> Folders<'a> {
        Folders { own, base: base.map(|base| own.join("..").join(base.as_str())) }
    }

    /// The folder that a file is read from.
    pub(super) fn with(&self, file: &str) -> &Path {
        match &self.base {
            // Whatever stands here under that name counts, even if it cannot be read.
            Some(base) if std::fs::symlink_metadata(self.own.join(file)).is_err() => base,
            Some(_) | None => self.own,
        }
    }
}

struct Layout {
    file: &'static str,
    columns: &'static [&'static str],
}

macro_rules! tables {
    ($($name:ident: $file:literal [$($column:literal)*]),* $(,)?) => {
        /// Every table of a scenario.
        pub(super) struct Tables {
            $(pub(super) $name: Table),*
        }

        impl Tables {
            /// Reads all files, and gives them when none has a fault of form.
            pub(super) fn read(folders: &Folders<'_>, faults: &mut Faults) -> Option<Tables> {
                $(let $name = Table::read(folders.with($file), &Layout { file: $file, columns: &[$($column),*] }, faults);)*
                Some(Tables { $($name: $name?),* })
            }

            /// The table that was read from `file`.
            pub(super) fn by_file(&self, file: &str) -> Option<&Table> {
                [$(&self.$name),*].into_iter().find(|table| table.file == file)
            }
        }
    };
}

tables! {
    weather_regions: "weather_regions.csv" ["id" "name_ja" "name_en" "source"],
    weather_region_borders: "weather_region_borders.csv" ["weather_region" "part" "corner" "lat" "lon" "source"],
    members: "members.csv" ["id" "kind" "name_ja" "name_en" "joined" "joined_precision" "fields" "office_of" "note_ja"
        "note_en" "source"],
    organisations: "organisations.csv" ["id" "member" "kind" "name_ja" "name_en" "telephone" "source"],
    municipalities: "municipalities.csv" ["id" "code" "prefecture" "member" "name_ja" "kana" "name_en" "lat" "lon"
        "population" "fire_department" "weather_region" "road_node" "source"],
    fire_departments: "fire_departments.csv" ["id" "member" "name_ja" "name_en" "lat" "lon" "municipalities"
        "organisation" "source"],
    sites: "sites.csv" ["id" "member" "municipality" "name_ja" "name_en" "lat" "lon" "kind" "max_mass_kg" "size_m" "spots"
        "surface" "needs_watering" "surveyed" "state" "confirmed_on" "consent" "fuel" "weather_region" "source"],
    hospitals: "hospitals.csv" ["id" "member" "municipality" "name_ja" "name_en" "lat" "lon" "core"
        "critical_care_center" "capabilities" "pad" "pad_basis" "roof" "beds" "telephone" "source"],
    bases: "bases.csv" ["id" "site" "member" "hospital" "organisation" "name_ja" "name_en" "active" "source"],
    helicopters: "helicopters.csv" ["id" "member" "name_ja" "name_en" "kind" "type" "planning_speed_kmh" "range_km"
        "endurance_min" "seats" "stretchers" "hoist" "mass_max_kg" "overall_length_m" "hours_from" "hours_to"
        "sunset_margin_min" "night" "start_min" "physician" "pilots" "crew_flight_limit_min" "custodian" "owner"
        "operator" "base_site" "offered_only" "source"],
    doctor_cars: "doctor_cars.csv" ["id" "member" "hospital" "name_ja" "name_en" "lat" "lon" "hours_from" "hours_to"
        "municipalities" "source"],
    ambulance_starts: "ambulance_starts.csv" ["id" "fire_department" "member" "municipality" "name_ja" "name_en" "lat"
        "lon" "ambulances" "road_node" "source"],
    outages: "outages.csv" ["id" "helicopter" "from" "until" "reason" "note_ja" "note_en" "source"],
    commodities: "commodities.csv" ["id" "name_ja" "name_en" "kind" "unit" "unit_mass_g" "unit_volume_cm3" "units_per_carton"
        "life_saving" "basic_good" "need_of" "need_basis" "rate_millis" "source"],
    depots: "depots.csv" ["id" "member" "name_ja" "name_en" "lat" "lon" "tier" "core" "store_m2" "dock_lorries_per_hour"
        "dock_hours_per_day" "helicopter_spots" "helicopter_field_m2" "road_node" "telephone" "source"],
    receiving_points: "receiving_points.csv" ["id" "municipality" "member" "name_ja" "name_en" "lat" "lon" "tier"
        "intake_lorries_per_hour" "intake_hours_per_day" "road_node" "telephone" "source"],
    stocks: "stocks.csv" ["holder" "commodity" "quantity" "reserve" "planned_intake" "source"],
    fleets: "fleets.csv" ["id" "member" "home" "vehicle_class" "vehicles" "payload_kg" "drivers" "shift_h" "load_min"
        "unload_min" "source"],
    pairs: "pairs.csv" ["id" "event" "kind" "affected" "affected_ja" "affected_en" "supporter" "decided_on" "decided_by"
        "fields" "source"],
    needs: "needs.csv" ["municipality" "commodity" "basis" "quantity" "days" "wanted_by" "source"],
    demand: "demand.csv" ["municipality" "helicopter" "h00" "h01" "h02" "h03" "h04" "h05" "h06" "h07" "h08" "h09"
        "h10" "h11" "h12" "h13" "h14" "h15" "h16" "h17" "h18" "h19" "h20" "h21" "h22" "h23" "source"],
    clauses: "clauses.csv" ["id" "text_ja" "text_en" "source"],
    agreements: "agreements.csv" ["fire_department" "rule" "own" "clause" "monthly_limit" "source"],
    agreement_orders: "agreement_orders.csv" ["fire_department" "rank" "helicopter" "tier" "distance_m"
        "max_distance_m" "monthly_limit" "clause" "source"],
    nodes: "roads/nodes.csv" ["id" "kind" "name_ja" "name_en" "lat" "lon" "municipality_code" "neighbour" "source"],
    links: "roads/links.csv" ["from" "to" "road_ja" "road_en" "class" "length_km" "free_flow_kmh" "lanes" "structure"
        "structure_id" "emergency_route" "oneway" "closes_in_winter" "reserved" "length_basis" "factor" "source"],
    structures: "roads/structures.csv" ["id" "kind" "name_ja" "name_en" "source"],
}

/// The columns of calls, by hour of the day.
pub(super) const HOURS: [&str; 24] = [
    "h00", "h01", "h02", "h03", "h04", "h05", "h06", "h07", "h08", "h09", "h10", "h11", "h12", "h13", "h14",
    "h15", "h16", "h17", "h18", "h19", "h20", "h21", "h22", "h23",
];

/// A table whose form is right.
pub(super) struct Table {
    pub(super) file: &'static str,
    columns: &'static [&'static str],
    /// Where each of `columns` stands in the file.
    order: Vec<usize>,
    source: Arc<String>,
    records: Vec<Record>,
}

struct Record {
    line: u32,
    start: usize,
    cells: csv::StringRecord,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    table: &'t Table,
    record: &'t Record,
}

/// Reads a file as text, without the mark that some programs put in front of UTF-8.
pub(in crate::drill) fn read_text(folder: &Path, file: &str) -> Checked<Arc<String>> {
    let stop = |problem| Stop::from(Fault::of_file(file, problem));
    let unreadable = |error: &dyn ToString| stop(Problem::Unreadable { error: error.to_string() });
    let path = folder.join(file);
    // Looked at before it is opened: a pipe would wait for ever.
    let metadata = std::fs::metadata(&path).map_err(|error| unreadable(&error))?;
    if !metadata.is_file() {
        return Err(unreadable(&"not a regular file"));
    }
    let opened = File::open(&path).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    opened.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(stop(Problem::TooLarge { bytes_max: FILE_BYTES_MAX }));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        let mut fault = Fault::of_file(file, Problem::NotUtf8);
        fault.place.line = u32::try_from(line).ok();
        Stop::from(fault)
    })?;
    Ok(Arc::new(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

/// An instant with its offset, within what the ledgers can hold.
pub(super) fn parse_instant(text: &str) -> Option<Timestamp> {
    let at = Timestamp(text.parse::<jiff::Timestamp>().ok()?.as_millisecond());
    (Timestamp::MIN..=Timestamp::MAX).contains(&at).then_some(at)
}

/// Midnight in Japan at which a date begins.
fn parse_date(text: &str) -> Option<Timestamp> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = text.parse::<jiff::civil::Date>().ok().filter(|_| plain)?;
    let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond();
    Some(Timestamp(midnight).plus_millis(-JST_OFFSET_S * 1000))
}

/// Seconds of the day of `HH:MM`, `24:00` included.
fn parse_time_of_day(text: &str) -> Option<Seconds> {
    let (hour, minute) = text.split_once(':')?;
    let count = |part: &str| -> Option<u32> {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if digits { part.parse().ok() } else { None }
    };
    let (hour, minute) = (count(hour)?, count(minute)?);
    let seconds = hour * 3_600 + minute * 60;
    (minute < 60 && seconds <= DAY_S).then_some(seconds)
}

impl Table {
    fn read(folder: &Path, layout: &Layout, faults: &mut Faults) -> Option<Table> {
        let source = faults.keep(read_text(folder, layout.file))?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(source.as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                let problem = Problem::Unreadable { error: error.to_string() };
                faults.push(Fault::of_file(layout.file, problem));
                return None;
            }
        };
        let mut table = Table {
            file: layout.file,
            columns: layout.columns,
            order: Vec::new(),
            source: Arc::clone(&source),
            records: Vec::new(),
        };
        let head = Record { line: 1, start: 0, cells: header };
        table.order = table.order_of(&head, faults)?;
        let mut lines = Lines { source: &source, at: 0, line: 1 };
        let mut whole = true;
        for cells in reader.records() {
            let cells = match cells {
                Ok(cells) => cells,
                Err(error) => {
                    let problem = Problem::Unreadable { error: error.to_string() };
                    faults.push(Fault::of_file(layout.file, problem));
                    return None;
                }
            };
            let start = cells.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
            let (line, start) = lines.advance_to(start);
            let record = Record { line, start, cells };
            match table.form_of(&record, &head.cells) {
                None => table.records.push(record),
                Some(fault) => {
                    faults.push(fault);
                    whole = false;
                }
            }
        }
        whole.then_some(table)
    }

    /// Where each column stands; none when the header is not as it must be.
    fn order_of(&self, head: &Record, faults: &mut Faults) -> Option<Vec<usize>> {
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        let mut right = true;
        for (cell_idx, column) in head.cells.iter().enumerate() {
            let problem = if !self.columns.contains(&column) {
                Problem::UnknownColumn { nearest: nearest(column, self.columns.iter().copied()) }
            } else if found.insert(column, cell_idx).is_some() {
                Problem::DuplicateColumn
            } else {
                continue;
            };
            faults.push(self.fault(head, cell_idx, Some(column), problem));
            right = false;
        }
        for column in self.columns {
            if !found.contains_key(column) {
                faults.push(self.fault(head, 0, Some(column), Problem::MissingColumn));
                right = false;
            }
        }
        right.then(|| self.columns.iter().map(|column| found[column]).collect())
    }

    /// What is wrong with the form of a row.
    fn form_of(&self, record: &Record, head: &csv::StringRecord) -> Option<Fault> {
        let (got, want) = (record.cells.len(), head.len());
        if let Some(cell_idx) = record.cells.iter().position(|cell| cell.chars().any(char::is_control)) {
            let value = Problem::shown(&record.cells[cell_idx]);
            let problem = Problem::Value { value, allowed: Allowed::PlainText };
            return Some(self.fault(record, cell_idx, head.get(cell_idx), problem));
        }
        (got != want).then(|| self.fault(record, 0, None, Problem::CellCount { got, want }))
    }

    /// The file as it was read.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.source.as_bytes().to_vec()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }

    /// A fault of the table as a whole: something has no row.
    pub(super) fn no_row(&self, value: &str) -> Fault {
        Fault::of_file(self.file, Problem::NoRow { value: value.to_owned() })
    }

    /// A fault of the row in `line`.
    pub(super) fn fault_in(&self, line: u32, problem: Problem) -> Fault {
        let found = self.records.binary_search_by_key(&line, |record| record.line);
        match found.ok().and_then(|idx| self.records.get(idx)) {
            None => Fault::of_file(self.file, problem),
            Some(record) => {
                let length = self.source[record.start..].find(['\r', '\n']);
                let end = length.map_or(self.source.len(), |length| record.start + length);
                Fault::at(self.place(record, None), problem, &self.source, record.start..end)
            }
        }
    }

    fn place(&self, record: &Record, column: Option<&str>) -> Place {
        Place {
            file: self.file.to_owned(),
            line: Some(record.line),
            character: None,
            column: column.map(Problem::shown),
        }
    }

    fn fault(&self, record: &Record, cell_idx: usize, column: Option<&str>, problem: Problem) -> Fault {
        let span = cell_span(&self.source, record.start, cell_idx);
        Fault::at(self.place(record, column), problem, &self.source, span)
    }
}

/// Counts lines on the way through a text.
struct Lines<'a> {
    source: &'a str,
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the record that begins at `start` or, where lines are empty, after it; and where it truly begins.
    fn advance_to(&mut self, start: usize) -> (u32, usize) {
        let bytes = self.source.as_bytes();
        let mut at = start.min(bytes.len());
        while bytes.get(at).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            at += 1;
        }
        let newlines = bytes[self.at..at].iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
        self.at = at;
        (self.line, at)
    }
}

/// Where the `cell_idx`-th cell of the record at `start` stands.
fn cell_span(source: &str, start: usize, cell_idx: usize) -> Range<usize> {
    let (mut quoted, mut cell, mut from) = (false, 0, start);
    for (offset, byte) in source.as_bytes()[start..].iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' | b'\n' | b'\r' if !quoted => {
                if cell == cell_idx || *byte != b',' {
                    return from..start + offset;
                }
                (cell, from) = (cell + 1, start + offset + 1);
            }
            _ => {}
        }
    }
    from..source.len()
}

impl<'t> Row<'t> {
    pub(super) fn file(&self) -> &'static str {
        self.table.file
    }

    pub(super) fn line(&self) -> u32 {
        self.record.line
    }

    /// A cell as it stands.
    pub(super) fn cell(&self, column: &'static str) -> &'t str {
        let cell = self.cell_idx(column).and_then(|cell_idx| self.record.cells.get(cell_idx));
        cell.expect("the layout names the column and the row has every cell")
    }

    fn cell_idx(&self, column: &str) -> Option<usize> {
        let column_idx = self.table.columns.iter().position(|known| *known == column)?;
        self.table.order.get(column_idx).copied()
    }

    /// A fault in one cell.
    pub(super) fn stop(&self, column: &'static str, problem: Problem) -> Stop {
        let cell_idx = self.cell_idx(column).unwrap_or(0);
        self.table.fault(self.record, cell_idx, Some(column), problem).into()
    }

    /// A value that cannot be.
    pub(super) fn not(&self, column: &'static str, value: &str, allowed: Allowed) -> Stop {
        self.stop(column, Problem::Value { value: Problem::shown(value), allowed })
    }

    /// A cell that must not be empty.
    pub(super) fn text(&self, column: &'static str) -> Checked<&'t str> {
        let cell = self.cell(column);
        if cell.trim().is_empty() { Err(self.not(column, cell, Allowed::Something)) } else { Ok(cell) }
    }

    pub(super) fn name(&self) -> Checked<Name> {
        Ok(Name { ja: self.text("name_ja")?.to_owned(), en: self.text("name_en")?.to_owned() })
    }

    pub(super) fn slug(&self, column: &'static str) -> Checked<Slug> {
        let cell = self.cell(column);
        cell.parse().map_err(|_| self.not(column, cell, Allowed::Slug))
    }

    /// The names in a list, separated by semicolons.
    pub(super) fn list(&self, column: &'static str) -> impl Iterator<Item = &'t str> + use<'t> {
        self.cell(column).split(';').map(str::trim).filter(|name| !name.is_empty())
    }

    pub(super) fn choice<T: Copy>(&self, column: &'static str, words: &[(&'static str, T)]) -> Checked<T> {
        self.choice_of(column, self.cell(column), words)
    }

    /// The meaning of one word of a cell.
    pub(super) fn choice_of<T: Copy>(
        &self,
        column: &'static str,
        word: &str,
        words: &[(&'static str, T)],
    ) -> Checked<T> {
        let found = words.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning);
        found.ok_or_else(|| {
            let known = words.iter().map(|(known, _)| *known).collect();
            self.not(column, word, Allowed::OneOf(known))
        })
    }

    pub(super) fn yes(&self, column: &'static str) -> Checked<bool> {
        self.choice(column, &[("yes", true), ("no", false)])
    }

    pub(super) fn whole(&self, column: &'static str, range: RangeInclusive<u32>) -> Checked<u32> {
        let cell = self.cell(column);
        let digits = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let number = cell.parse::<u32>().ok().filter(|number| digits && range.contains(number));
        number
            .ok_or_else(|| self.not(column, cell, Allowed::Whole { min: *range.start(), max: *range.end() }))
    }

    /// A whole number, or nothing.
    pub(super) fn whole_if(&self, column: &'static str, range: RangeInclusive<u32>) -> Checked<Option<u32>> {
        if self.cell(column).is_empty() { Ok(None) } else { self.whole(column, range).map(Some) }
    }

    /// A whole number of at most 16 bits.
    pub(super) fn count(&self, column: &'static str, range: RangeInclusive<u16>) -> Checked<u16> {
        let number = self.whole(column, u32::from(*range.start())..=u32::from(*range.end()))?;
        Ok(u16::try_from(number).expect("the range ends within 16 bits"))
    }

    /// A length with decimals, rounded up to whole metres.
    pub(super) fn metres_up(&self, column: &'static str, range: RangeInclusive<Metres>) -> Checked<Metres> {
        let metres = self.number(column, &range)?;
        Ok(metres.ceil() as Metres)
    }

    fn number(&self, column: &'static str, range: &RangeInclusive<u32>) -> Checked<f64> {
        let (min, max) = (*range.start(), *range.end());
        let cell = self.cell(column);
        let number = f64::from_str(cell).ok().filter(|n| (f64::from(min)..=f64::from(max)).contains(n));
        number.ok_or_else(|| self.not(column, cell, Allowed::Number { min, max }))
    }

    pub(super) fn position(&self) -> Checked<Position> {
        let degrees = |column: &'static str, max: u32| {
            let cell = self.cell(column);
            let degrees = f64::from_str(cell).ok().filter(|degrees| degrees.abs() <= f64::from(max));
            degrees.ok_or_else(|| self.not(column, cell, Allowed::Degrees { max }))
        };
        let (lat, lon) = (degrees("lat", 90)?, degrees("lon", 180)?);
        Position::from_degrees(lat, lon)
            .map_err(|_| self.not("lat", self.cell("lat"), Allowed::Degrees { max: 90 }))
    }

    /// The midnight in Japan at which a date begins, or nothing.
    pub(super) fn date_if(&self, column: &'static str) -> Checked<Option<Timestamp>> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return Ok(None);
        }
        parse_date(cell).map(Some).ok_or_else(|| self.not(column, cell, Allowed::Date))
    }

    pub(super) fn instant(&self, column: &'static str) -> Checked<Timestamp> {
        let cell = self.cell(column);
        parse_instant(cell).ok_or_else(|| self.not(column, cell, Allowed::Instant))
    }

    pub(super) fn time_of_day(&self, column: &'static str) -> Checked<Seconds> {
        let cell = self.cell(column);
        parse_time_of_day(cell).ok_or_else(|| self.not(column, cell, Allowed::TimeOfDay))
    }

    /// The end of service: the end of the day when nothing is said, or when it is the day's last minute.
    pub(super) fn end_of_service(&self, column: &'static str) -> Checked<Seconds> {
        if matches!(self.cell(column), "" | "23:59") { Ok(DAY_S) } else { self.time_of_day(column) }
    }

    /// Every row says where it comes from.
    pub(super) fn sourced(&self) -> Checked<()> {
        self.text("source").map(|_| ())
    }
}
