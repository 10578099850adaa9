//! Needs out of a table or a map.
//!
//! Absent on purpose: rules. What a cell cannot mean at all is refused here with its line and column, the rest by the
//! server with the number of the need.

use super::table::{self, Place, Said, check_column, refused, said, text_of};
use super::wrong;
use crate::api::v1;
use crate::cli::args::ArgError;
use crate::cli::names;
use crate::cli::time::{self, When};
use crate::units::Timestamp;
use serde_json::Value;
use std::path::Path;

/// The columns of a table, and the properties of a map.
const COLUMNS: [&str; 10] = [
    "municipality",
    "depot",
    "commodity",
    "quantity",
    "unit",
    "priority",
    "wanted_by",
    "daily_until",
    "reporter",
    "note",
];

/// What is said of all needs of a file that do not say it themselves.
pub(super) struct Given<'a> {
    /// Whose depots a short name means.
    pub(super) member: &'a str,
    pub(super) priority: u32,
    pub(super) source: v1::need::Source,
    pub(super) reporter: &'a str,
    pub(super) note: &'a str,
    pub(super) now: Timestamp,
}

/// One need, and where it stands in its file.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) need: v1::Need,
    pub(super) place: Place,
}

/// Reads a file: GeoJSON when it ends in `json`, else CSV.
///
/// # Errors
/// [`ArgError`] with line and column, or the number of the feature.
pub(super) fn read(path: &Path, given: &Given<'_>) -> Result<Vec<Row>, ArgError> {
    let text = text_of(path)?;
    let is_map = path.extension().is_some_and(|end| end.to_string_lossy().ends_with("json"));
    let rows = if is_map { of_map(&text, given) } else { of_table(&text, given) };
    let rows = rows.map_err(|(ja, en)| wrong(path, &ja, &en))?;
    if rows.is_empty() {
        return Err(wrong(path, "ニーズがありません", "holds no needs"));
    }
    Ok(rows)
}

fn of_table(text: &str, given: &Given<'_>) -> Result<Vec<Row>, Said> {
    table::rows(text, &COLUMNS, |place, cell| Ok(Row { need: need(place, cell, given)?, place }))
}

fn of_map(text: &str, given: &Given<'_>) -> Result<Vec<Row>, Said> {
    let map: Value = serde_json::from_str(text)
        .map_err(|error| (format!("JSON として読めません: {error}"), format!("is not JSON: {error}")))?;
    let Some(features) = map["features"].as_array() else {
        return Err(("FeatureCollection ではありません".to_owned(), "is no FeatureCollection".to_owned()));
    };
    let mut rows = Vec::new();
    for (index, feature) in features.iter().enumerate() {
        let place = Place::Feature(index);
        let Some(properties) = feature["properties"].as_object() else {
            return said(place, "properties", "ありません", "is missing");
        };
        for property in properties.keys() {
            check_column(place, property, &COLUMNS)?;
        }
        let cell = |column: &str| match properties.get(column) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(other) => Some(other.to_string()),
        };
        rows.push(Row { need: need(place, &cell, given)?, place });
    }
    Ok(rows)
}

/// One need out of its cells.
fn need(place: Place, cell: &dyn Fn(&str) -> Option<String>, given: &Given<'_>) -> Result<v1::Need, Said> {
    let required = |column: &str| match cell(column) {
        Some(text) => Ok(text),
        None => said(place, column, "空です", "is empty"),
    };
    let number = |column: &str| table::number(place, column, cell(column));
    let small = |column: &str| table::small(place, column, cell(column));
    let instant = |column: &str| -> Result<Option<prost_types::Timestamp>, Said> {
        let Some(text) = cell(column) else { return Ok(None) };
        match text.parse::<When>() {
            Ok(when) => Ok(Some(time::wire(when.resolve(given.now)))),
            Err(error) => refused(place, column, &error),
        }
    };
    let commodity = required("commodity")?;
    let commodity = match names::commodity(&commodity) {
        Ok(name) => name,
        Err(error) => return refused(place, "commodity", &error),
    };
    let depot = match cell("depot") {
        None => String::new(),
        Some(depot) => {
            let member = names::short(given.member);
            let full = if depot.contains('/') { depot } else { format!("{member}/{depot}") };
            match names::depot(&full) {
                Ok(name) => name,
                Err(error) => return refused(place, "depot", &error),
            }
        }
    };
    let municipality = small("municipality")?.unwrap_or_default();
    if depot.is_empty() && municipality == 0 {
        return said(
            place,
            "municipality",
            "市区町村コードか受入場所が必要です",
            "wants a JIS code, or a depot beside it",
        );
    }
    let Some(quantity) = number("quantity")? else { return said(place, "quantity", "空です", "is empty") };
    let Some(want_time) = instant("wanted_by")? else {
        return said(place, "wanted_by", "空です", "is empty");
    };
    Ok(v1::Need {
        municipality,
        depot,
        commodity,
        quantity,
        unit: cell("unit").unwrap_or_default(),
        priority: small("priority")?.unwrap_or(given.priority),
        want_time: Some(want_time),
        daily_until_time: instant("daily_until")?,
        source: given.source.into(),
        reporter: cell("reporter").unwrap_or_else(|| given.reporter.to_owned()),
        note: cell("note").unwrap_or_else(|| given.note.to_owned()),
        ..v1::Need::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Given<'static> {
        Given {
            member: "members/wakayama",
            priority: 3,
            source: v1::need::Source::File,
            reporter: "desk",
            note: "",
            now: Timestamp(1_796_432_400_000),
        }
    }

    #[test]
    fn a_table_gives_needs_with_their_lines() {
        let text = "\u{feff}quantity,commodity,municipality,wanted_by,unit,depot\r\n12000,food,30201,+12h,meal,\r\n\r\n\
                    5,water,,2026-12-06T10:00,,rp-arida\r\n";
        let rows = of_table(text, &given()).unwrap();
        let lines: Vec<Place> = rows.iter().map(|row| row.place).collect();
        assert_eq!(lines, [Place::Line(2), Place::Line(4)]);
        assert_eq!((rows[0].need.quantity, rows[0].need.unit.as_str()), (12_000, "meal"));
        assert_eq!((rows[0].need.priority, rows[0].need.reporter.as_str()), (3, "desk"));
        assert_eq!(rows[0].need.want_time.unwrap().seconds, 1_796_432_400 + 12 * 3_600);
        assert_eq!(rows[1].need.depot, "members/wakayama/depots/rp-arida");
        assert_eq!(rows[1].need.commodity, "commodities/water");
    }

    #[test]
    fn what_a_cell_cannot_mean_is_refused_with_its_line_and_column() {
        let head = "municipality,commodity,quantity,wanted_by";
        for (row, expected) in [
            ("30201,food,many,+1h", "line 2, column quantity: \"many\" is no whole number"),
            ("30201,food,99999999999999999999,+1h", "line 2, column quantity"),
            ("30201,Food!,1,+1h", "line 2, column commodity"),
            ("30201,,1,+1h", "line 2, column commodity: is empty"),
            (",food,1,+1h", "line 2, column municipality"),
            ("-4,food,1,+1h", "line 2, column municipality: -4 is out of range"),
            ("30201,food,1,tomorrow", "line 2, column wanted_by"),
            ("30201,food,1", "line 2: has 3 cells"),
        ] {
            let (ja, en) = of_table(&format!("{head}\n{row}\n"), &given()).unwrap_err();
            assert!(en.starts_with(expected), "{row}: {en}");
            assert!(!ja.is_ascii(), "{ja}");
        }
        let (_, en) = of_table("municipalty,commodity\n", &given()).unwrap_err();
        assert!(en.contains("column municipalty") && en.contains("municipality"), "{en}");
    }

    #[test]
    fn a_map_gives_needs_by_its_properties() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","geometry":null,"properties":{"municipality":30201,"commodity":"food","quantity":7,"wanted_by":"+1h"}},
            {"type":"Feature","geometry":null,"properties":{"municipality":30201,"commodity":"food","quantity":1.5,"wanted_by":"+1h"}}]}"#;
        let (_, en) = of_map(text, &given()).unwrap_err();
        assert!(en.starts_with("features[1], column quantity"), "{en}");
        let rows = of_map(&text.replace("1.5", "2"), &given()).unwrap();
        assert_eq!(rows.iter().map(|row| row.need.quantity).collect::<Vec<_>>(), [7, 2]);
        assert!(of_map("[", &given()).is_err() && of_map("{}", &given()).is_err());
    }
}
