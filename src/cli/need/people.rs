//! People by place and kind out of a table.
//!
//! Absent on purpose: rules. What a cell cannot mean at all is refused here with its line and column, the rest by the
//! server with the number of the place.

use super::table::{self, Place, Said, refused, said, text_of};
use super::wrong;
use crate::api::v1;
use crate::cli::args::ArgError;
use crate::cli::names;
use crate::hazard::unit_model::Kind;
use crate::service::convert::Wire;
use std::path::Path;

/// The columns of a table: the place, then the kinds of people.
const COLUMNS: [&str; 8] = [
    "municipality",
    "depot",
    "in_shelter",
    "water_cut",
    "infant",
    "toddler",
    "adult_in_diapers",
    "woman_12_to_51",
];

/// People of one place, and where they stand in their file.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) people: v1::PeopleCount,
    pub(super) place: Place,
}

/// Reads a table; `member` is whose depots a short name means.
///
/// # Errors
/// [`ArgError`] with line and column.
pub(super) fn read(path: &Path, member: Option<&str>) -> Result<Vec<Row>, ArgError> {
    let text = text_of(path)?;
    let rows = of_table(&text, member).map_err(|(ja, en)| wrong(path, &ja, &en))?;
    if rows.is_empty() {
        return Err(wrong(path, "人数がありません", "holds no people"));
    }
    Ok(rows)
}

fn of_table(text: &str, member: Option<&str>) -> Result<Vec<Row>, Said> {
    table::rows(text, &COLUMNS, |place, cell| Ok(Row { people: people(place, cell, member)?, place }))
}

fn people(
    place: Place,
    cell: &dyn Fn(&str) -> Option<String>,
    member: Option<&str>,
) -> Result<v1::PeopleCount, Said> {
    let municipality = table::small(place, "municipality", cell("municipality"))?.unwrap_or_default();
    let depot = cell("depot").map(|depot| match member.filter(|_| !depot.contains('/')) {
        Some(member) => format!("{}/{depot}", names::short(member)),
        None => depot,
    });
    let depot = match depot.as_deref().map(names::depot) {
        None => String::new(),
        Some(Ok(name)) => name,
        Some(Err(error)) => return refused(place, "depot", &error),
    };
    if depot.is_empty() && municipality == 0 {
        let (ja, en) = ("市区町村コードか受入場所が必要です", "wants a JIS code, or a depot beside it");
        return said(place, "municipality", ja, en);
    }
    let mut groups = Vec::new();
    for kind in Kind::ALL {
        // What nobody counted is left to the usual share; 0 is a count.
        if let Some(people) = table::number(place, kind.word(), cell(kind.word()))? {
            groups.push(v1::people_count::Group { kind: kind.number(), people });
        }
    }
    Ok(v1::PeopleCount { municipality, depot, groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_gives_people_with_their_lines_and_what_nobody_counted_is_left_out() {
        let text = "\u{feff}water_cut,in_shelter,municipality,depot,infant\r\n300,100,30201,,\r\n\r\n,50,,rp-arida,0\r\n";
        let rows = of_table(text, Some("members/wakayama")).unwrap();
        let lines: Vec<Place> = rows.iter().map(|row| row.place).collect();
        assert_eq!(lines, [Place::Line(2), Place::Line(4)]);
        let of = |row: &Row| -> Vec<(v1::people_count::Kind, i64)> {
            row.people.groups.iter().map(|group| (group.kind(), group.people)).collect()
        };
        use v1::people_count::Kind::{InShelter, Infant, WaterCut};
        assert_eq!(of(&rows[0]), [(InShelter, 100), (WaterCut, 300)]);
        assert_eq!(of(&rows[1]), [(InShelter, 50), (Infant, 0)]);
        assert_eq!(rows[1].people.depot, "members/wakayama/depots/rp-arida");
        assert!(of_table("depot,in_shelter\nrp-arida,5\n", None).is_err(), "of which member?");
    }

    #[test]
    fn what_a_cell_cannot_mean_is_refused_with_its_line_and_column() {
        for (text, expected) in [
            (
                "municipality,in_shelter\n30201,many\n",
                "line 2, column in_shelter: \"many\" is no whole number",
            ),
            ("municipality,in_shelter\n30201,5\n-4,5\n", "line 3, column municipality: -4 is out of range"),
            ("municipality,in_shelter\n,5\n", "line 2, column municipality: wants a JIS code"),
            ("municipality,depot\n,No!\n", "line 2, column depot"),
            ("municipality,in_shelter\n30201\n", "line 2: has 1 cells"),
            (
                "municipality,in_shelters\n",
                "line 1, column in_shelters: is no column; did you mean in_shelter?",
            ),
        ] {
            let (ja, en) = of_table(text, Some("members/wakayama")).unwrap_err();
            assert!(en.starts_with(expected), "{text}: {en}");
            assert!(!ja.is_ascii(), "{ja}");
        }
    }
}
