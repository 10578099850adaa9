//! The sheet that people read: headings, pairs and tables, right without colour and with Japanese in the cells.

use super::names;
use super::text::{Lang, Term, term, term_or_blank};
use super::time;
use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle, presets};

/// A table without borders, its header underlined.
const GRID: TableStyle = presets::NOTHING.header_separator(LineStyle::none().fill('─').junction('─'));

/// Something that has a sheet.
pub trait Show {
    /// Writes it.
    fn show(&self, sheet: &mut Sheet);
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    label: &'static str,
    alignment: CellAlignment,
}

/// A column of texts.
#[must_use]
pub fn left(label: &'static str) -> Column {
    Column { label, alignment: CellAlignment::Left }
}

/// A column of figures.
#[must_use]
pub fn right(label: &'static str) -> Column {
    Column { label, alignment: CellAlignment::Right }
}

/// A sheet in one language; remembers the drill space of the names that it prints.
#[derive(Debug)]
pub struct Sheet {
    lang: Lang,
    text: String,
    drill: Option<String>,
}

impl Sheet {
    /// An empty sheet.
    #[must_use]
    pub fn new(lang: Lang) -> Sheet {
        Sheet { lang, text: String::new(), drill: None }
    }

    /// Its language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text in its language.
    #[must_use]
    pub fn pick(&self, ja: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(ja, en)
    }

    /// The drill space that was seen in a name.
    #[must_use]
    pub fn drill(&self) -> Option<&str> {
        self.drill.as_deref()
    }

    /// What was written.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The short form of a name.
    pub fn name(&mut self, name: &str) -> String {
        if self.drill.is_none() {
            self.drill = names::drill_of(name).map(str::to_owned);
        }
        names::short(name)
    }

    /// The short forms of names, side by side.
    pub fn names(&mut self, names: &[String]) -> String {
        let short: Vec<String> = names.iter().map(|name| self.name(name)).collect();
        short.join(" ")
    }

    /// A full time, or nothing.
    #[must_use]
    pub fn time(&self, at: Option<&prost_types::Timestamp>) -> String {
        at.map(time::full).unwrap_or_default()
    }

    /// A span, or nothing.
    #[must_use]
    pub fn span(&self, span: Option<&prost_types::Duration>) -> String {
        span.map(|span| time::span_text(span.seconds, self.lang)).unwrap_or_default()
    }

    /// The text of an enum's number.
    #[must_use]
    pub fn term<T: Term>(&self, number: i32) -> String {
        term::<T>(number, self.lang)
    }

    /// The text of an enum's number, nothing for the unspecified one.
    #[must_use]
    pub fn term_or_blank<T: Term>(&self, number: i32) -> String {
        term_or_blank::<T>(number, self.lang)
    }

    /// The texts of several numbers.
    #[must_use]
    pub fn terms<T: Term>(&self, numbers: &[i32]) -> String {
        let texts: Vec<String> = numbers.iter().map(|number| self.term::<T>(*number)).collect();
        texts.join(self.lang.pick("、", ", "))
    }

    /// Writes one line. Control characters of a name or note cannot move the cursor: they become spaces.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(plain(text.as_ref()).trim_end());
        self.text.push('\n');
    }

    /// Leaves a line free, unless the sheet is still empty.
    pub fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Writes a line with a free one above.
    pub fn heading(&mut self, text: impl AsRef<str>) {
        self.gap();
        self.line(text);
    }

    /// Writes labels beside values; a pair without a value is left out.
    pub fn pairs<const N: usize>(&mut self, pairs: [(&'static str, String); N]) {
        let mut table = empty_table(presets::NOTHING);
        for (label, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            table.add_row([plain(label), plain(value)]);
        }
        self.table(&table);
    }

    /// Writes a table; a column without any value is left out.
    pub fn grid<const N: usize>(&mut self, columns: [Column; N], rows: &[[String; N]]) {
        let kept: Vec<usize> =
            (0..N).filter(|index| rows.iter().any(|row| !row[*index].is_empty())).collect();
        let mut table = empty_table(GRID);
        table.set_header(kept.iter().map(|index| aligned(columns[*index], columns[*index].label)));
        for row in rows {
            table.add_row(kept.iter().map(|index| aligned(columns[*index], &row[*index])));
        }
        if rows.is_empty() {
            let nothing = self.pick("  該当なし", "  none");
            self.line(nothing);
        } else {
            self.table(&table);
        }
    }

    /// Says that there is more, and how to see it.
    pub fn more(&mut self, next_page_token: &str) {
        if !next_page_token.is_empty() {
            let more = self.lang.pick("続き", "more");
            self.line(format!("{more}: --page-token {next_page_token}"));
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.is_empty() {
            self.text.push_str(&table.trim_fmt());
            self.text.push('\n');
        }
    }
}

fn aligned(column: Column, text: &str) -> Cell {
    Cell::new(plain(text)).set_alignment(column.alignment)
}

/// A table that wraps its cells on a terminal and never elsewhere.
fn empty_table(style: TableStyle) -> Table {
    let mut table = Table::new();
    table.load_style(style).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// Replaces what a terminal would obey.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_cells_take_two_columns_each() {
        let mut sheet = Sheet::new(Lang::Ja);
        let rows = [["はりま".to_owned(), "7".to_owned()], ["KANSAI".to_owned(), "12".to_owned()]];
        sheet.grid([left("機体"), right("分")], &rows);
        let text = sheet.into_text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], " はりま    7");
        assert_eq!(lines[3], " KANSAI   12");
    }

    #[test]
    fn empty_columns_and_pairs_are_left_out() {
        let mut sheet = Sheet::new(Lang::En);
        sheet.grid([left("a"), left("b")], &[["1".to_owned(), String::new()]]);
        sheet.pairs([("x", String::new()), ("y", "2".to_owned())]);
        let text = sheet.into_text();
        assert!(!text.contains('b') && !text.contains('x'), "{text}");
        assert!(text.contains("y"));
    }

    #[test]
    fn a_hostile_note_cannot_move_the_cursor() {
        let mut sheet = Sheet::new(Lang::En);
        sheet.line("a\u{1b}[2Jb\r");
        assert_eq!(sheet.into_text(), "a [2Jb\n");
    }

    #[test]
    fn the_drill_space_is_remembered_from_any_name() {
        let mut sheet = Sheet::new(Lang::En);
        assert_eq!(sheet.name("members/hyogo"), "hyogo");
        assert_eq!(sheet.drill(), None);
        assert_eq!(sheet.name("drill/kansai/members/hyogo/assets/heli"), "hyogo/heli");
        assert_eq!(sheet.drill(), Some("kansai"));
    }
}
