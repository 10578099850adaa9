//! Filters of lists: a small part of AIP-160.
//!
//! `field = "value" AND field != "value"`. Values may stand without quotes when they are letters, digits and `_-./`.
//! Absent on purpose: OR, parentheses, ordering, wildcards. What is not understood is refused, never ignored.

/// Longest filter, in bytes.
pub const FILTER_BYTES_MAX: usize = 1_024;
/// Most terms in one filter.
pub const FILTER_TERMS_MAX: usize = 16;

/// A field that a list can be filtered by.
#[derive(Clone, Copy, Debug)]
pub struct FilterField {
    /// Its name.
    pub name: &'static str,
    /// Whether it can ever have this value.
    pub takes: fn(&str) -> bool,
}

/// A filter that was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    field: &'static str,
    sense: Sense,
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sense {
    Equal,
    Unequal,
}

/// Why a filter cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterProblem {
    /// It is too long.
    #[error("is {got} bytes long, at most {max} are allowed")]
    TooLong {
        /// How long.
        got: usize,
        /// How long it may be.
        max: usize,
    },
    /// It has too many terms.
    #[error("has more than {max} terms")]
    TooManyTerms {
        /// How many it may have.
        max: usize,
    },
    /// A field that this list cannot be filtered by.
    #[error("\"{field}\" is not a field to filter by; use {known}")]
    UnknownField {
        /// Which.
        field: String,
        /// Those that can be used.
        known: String,
    },
    /// A value that the field never has.
    #[error("\"{field}\" is never \"{value}\"")]
    UnknownValue {
        /// Which field.
        field: &'static str,
        /// The value.
        value: String,
    },
    /// Something else was expected.
    #[error("expected {expected} at byte {at}")]
    Expected {
        /// What.
        expected: &'static str,
        /// Where, from 0.
        at: usize,
    },
}

impl Filter {
    /// Reads a filter; an empty one admits everything.
    ///
    /// # Errors
    /// [`FilterProblem`].
    pub fn parse(text: &str, fields: &[FilterField]) -> Result<Filter, FilterProblem> {
        if text.len() > FILTER_BYTES_MAX {
            return Err(FilterProblem::TooLong { got: text.len(), max: FILTER_BYTES_MAX });
        }
        let mut cursor = Cursor { text, at: 0 };
        let mut terms = Vec::new();
        cursor.skip_spaces();
        while !cursor.rest().is_empty() {
            if !terms.is_empty() {
                cursor.keyword_and()?;
            }
            if terms.len() == FILTER_TERMS_MAX {
                return Err(FilterProblem::TooManyTerms { max: FILTER_TERMS_MAX });
            }
            terms.push(cursor.term(fields)?);
            cursor.skip_spaces();
        }
        Ok(Filter { terms })
    }

    /// Whether something passes. `values` gives what it has for a field: none, one or several.
    pub fn admits(&self, values: impl Fn(&str) -> Vec<String>) -> bool {
        self.terms.iter().all(|term| {
            let has = values(term.field).contains(&term.value);
            match term.sense {
                Sense::Equal => has,
                Sense::Unequal => !has,
            }
        })
    }
}

struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn expected(&self, expected: &'static str) -> FilterProblem {
        FilterProblem::Expected { expected, at: self.at }
    }

    fn word(&mut self) -> &'t str {
        let inner = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
        let rest = self.rest();
        let end = rest.find(|c| !inner(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn keyword_and(&mut self) -> Result<(), FilterProblem> {
        let before = self.at;
        if self.word() == "AND" {
            self.skip_spaces();
            return Ok(());
        }
        self.at = before;
        Err(self.expected("AND"))
    }

    fn term(&mut self, fields: &[FilterField]) -> Result<Term, FilterProblem> {
        let name = self.word();
        if name.is_empty() {
            return Err(self.expected("a field"));
        }
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let known = if known.is_empty() { "none".to_string() } else { known.join(", ") };
            return Err(FilterProblem::UnknownField { field: name.chars().take(80).collect(), known });
        };
        self.skip_spaces();
        let sense = match self.rest() {
            rest if rest.starts_with("!=") => Sense::Unequal,
            rest if rest.starts_with('=') => Sense::Equal,
            _ => return Err(self.expected("= or !=")),
        };
        self.at += if sense == Sense::Equal { 1 } else { 2 };
        self.skip_spaces();
        let value = self.value()?;
        if (field.takes)(&value) {
            Ok(Term { field: field.name, sense, value })
        } else {
            let value = value.chars().take(80).collect();
            Err(FilterProblem::UnknownValue { field: field.name, value })
        }
    }

    fn value(&mut self) -> Result<String, FilterProblem> {
        let Some(quoted) = self.rest().strip_prefix('"') else {
            return match self.word() {
                "" => Err(self.expected("a value")),
                word => Ok(word.to_string()),
            };
        };
        let mut value = String::new();
        let mut chars = quoted.char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += i + 2;
                    return Ok(value);
                }
                '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
                c => value.push(c),
            }
        }
        Err(self.expected("a closing quote"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [FilterField; 2] = [
        FilterField { name: "kind", takes: |value| ["A", "B"].contains(&value) },
        FilterField { name: "place", takes: |_| true },
    ];

    fn admits(filter: &str, kind: &str, places: &[&str]) -> bool {
        Filter::parse(filter, &FIELDS).unwrap().admits(|field| match field {
            "kind" => vec![kind.to_string()],
            _ => places.iter().map(ToString::to_string).collect(),
        })
    }

    #[test]
    fn terms_are_joined_by_and() {
        assert!(admits("", "A", &[]));
        assert!(admits("  kind = \"A\" ", "A", &[]));
        assert!(!admits("kind=B", "A", &[]));
        assert!(admits("kind != B AND place = \"x y\"", "A", &["z", "x y"]));
        assert!(!admits("kind != B AND place != \"x\"", "A", &["x"]));
        assert!(admits(r#"place = "a\"b\\c""#, "A", &[r#"a"b\c"#]));
        assert!(admits("place=members/hyogo/assets/x", "A", &["members/hyogo/assets/x"]));
    }

    #[test]
    fn what_is_not_understood_is_refused_and_named() {
        let problem = |filter: &str| Filter::parse(filter, &FIELDS).unwrap_err();
        let field = FilterProblem::UnknownField { field: "colour".into(), known: "kind, place".into() };
        assert_eq!(problem("colour = \"A\""), field);
        assert_eq!(problem("kind = \"C\""), FilterProblem::UnknownValue { field: "kind", value: "C".into() });
        assert_eq!(problem("kind"), FilterProblem::Expected { expected: "= or !=", at: 4 });
        assert_eq!(problem("kind = A kind = B"), FilterProblem::Expected { expected: "AND", at: 9 });
        assert_eq!(problem("kind = A OR kind = B"), FilterProblem::Expected { expected: "AND", at: 9 });
        assert_eq!(problem("kind = A AND"), FilterProblem::Expected { expected: "a field", at: 12 });
        assert_eq!(problem("(kind = A)"), FilterProblem::Expected { expected: "a field", at: 0 });
        assert_eq!(problem("place = \"é"), FilterProblem::Expected { expected: "a closing quote", at: 8 });
        assert_eq!(problem(&"x".repeat(2_000)), FilterProblem::TooLong { got: 2_000, max: 1_024 });
        let many = vec!["kind=A"; 17].join(" AND ");
        assert_eq!(problem(&many), FilterProblem::TooManyTerms { max: 16 });
    }
}
