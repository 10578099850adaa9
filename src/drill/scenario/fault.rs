//! What is wrong with a scenario: where, what, what would be allowed, in both languages.

mod allowed;

pub use allowed::Allowed;

use crate::decision::Rejection;
use crate::decision::model::Name;
use crate::hazard::profile::ProfileFault;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Faults that one reading names; who has more mends these first.
pub const FAULTS_MAX: usize = 20;
/// Characters of a value that a message repeats.
const VALUE_CHARS_MAX: usize = 80;

/// How a rule's refusal reads: its words stand with those of the wire.
pub type RefusalTexts<'a> = &'a dyn Fn(&Rejection) -> Name;

/// Why a scenario was not read. Nothing was started.
#[derive(Clone, Debug)]
pub struct ScenarioFault {
    /// What is wrong, in the order in which it was found; at least one, at most [`FAULTS_MAX`].
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub left_off_count: usize,
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
    /// The text around it.
    excerpt: Option<Excerpt>,
}

/// The text that a fault stands in, shared by all faults of a file.
#[derive(Clone, Debug)]
struct Excerpt {
    source: Arc<String>,
    /// In bytes.
    span: Range<usize>,
}

/// Where something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the folder.
    pub file: String,
    /// The line, from 1; none: the file as a whole.
    pub line: Option<u32>,
    /// The character in the line, from 1; for `scenario.toml`.
    pub character: Option<u32>,
    /// The column of a table; none: the row as a whole.
    pub column: Option<String>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file cannot be read.
    Unreadable {
        /// What the system said.
        error: String,
    },
    /// The file is too large.
    TooLarge {
        /// How large it may be.
        bytes_max: u64,
    },
    /// The file is not UTF-8.
    NotUtf8,
    /// `scenario.toml` is not TOML.
    NotToml {
        /// What its parser said.
        message: String,
    },
    /// A key that nothing reads.
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest one that is read here.
        nearest: Option<String>,
    },
    /// A key that must be there.
    MissingKey {
        /// The key, with its section.
        key: String,
    },
    /// A column that nothing reads.
    UnknownColumn {
        /// The nearest one that is read here.
        nearest: Option<String>,
    },
    /// A column that must be there.
    MissingColumn,
    /// A column that stands there twice.
    DuplicateColumn,
    /// A row with more or fewer cells than the header.
    CellCount {
        /// How many it has.
        got: usize,
        /// How many the header has.
        want: usize,
    },
    /// A value that cannot be.
    Value {
        /// The value.
        value: String,
        /// What can be.
        allowed: Allowed,
    },
    /// A name that stands for nothing.
    Unresolved {
        /// The name.
        value: String,
        /// The table that should have it.
        file: &'static str,
        /// The nearest name in that table.
        nearest: Option<String>,
    },
    /// Something that may be there once.
    Duplicate {
        /// What.
        value: String,
        /// The line that has it already.
        first_line: u32,
    },
    /// Something that has no row and needs one.
    NoRow {
        /// What.
        value: String,
    },
    /// Two tables say different things.
    Disagrees {
        /// What this one says.
        value: String,
        /// What the other says.
        other: String,
        /// The other.
        file: &'static str,
    },
    /// `unit_model.toml` holds no rates.
    Rates {
        /// What is wrong with it.
        fault: Box<ProfileFault>,
    },
    /// A table or profile of earthquakes says something that cannot be.
    Hazard {
        /// What is wrong with it.
        what: String,
    },
    /// The rules that hold for everybody refuse it.
    Refused(Box<Rejection>),
    /// Keys of which exactly one has to be there.
    OneKeyOf {
        /// Which.
        keys: Vec<&'static str>,
    },
    /// The name of an inject that the drill does not have.
    UnknownInject {
        /// The name.
        value: String,
        /// The nearest that it has.
        nearest: Option<String>,
    },
    /// Injects that wait for each other.
    Loop {
        /// In the order in which each waits for the next; the last for the first.
        names: Vec<String>,
    },
    /// More than are played.
    TooMany {
        /// How many there may be.
        max: usize,
    },
}

/// A bound fault, or the after-effect of one that is named where it stands.
#[derive(Debug)]
pub(in crate::drill) enum Stop {
    Fault(Box<Fault>),
    Cascade,
}

/// What reading a row gives.
pub(in crate::drill) type Checked<T> = Result<T, Stop>;

/// Faults as they are found.
#[derive(Debug, Default)]
pub(in crate::drill) struct Faults {
    faults: Vec<Fault>,
    left_off_count: usize,
}

impl Faults {
    pub(in crate::drill) fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    pub(in crate::drill) fn push(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        } else {
            self.left_off_count += 1;
        }
    }

    /// Adds those of another reading.
    pub(in crate::drill) fn take_over(&mut self, other: ScenarioFault) {
        other.faults.into_iter().for_each(|fault| self.push(fault));
        self.left_off_count += other.left_off_count;
    }

    /// Keeps the fault of `checked`, or gives its value.
    pub(in crate::drill) fn keep<T>(&mut self, checked: Checked<T>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(Stop::Fault(fault)) => {
                self.push(*fault);
                None
            }
            Err(Stop::Cascade) => None,
        }
    }
}

impl From<Faults> for ScenarioFault {
    fn from(faults: Faults) -> ScenarioFault {
        ScenarioFault { faults: faults.faults, left_off_count: faults.left_off_count }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Fault(Box::new(fault))
    }
}

impl Fault {
    /// A fault of a file as a whole.
    pub(in crate::drill) fn of_file(file: &str, problem: Problem) -> Fault {
        let place = Place { file: file.to_owned(), line: None, character: None, column: None };
        Fault { place, problem, excerpt: None }
    }

    /// A fault at `span` of `source`.
    pub(in crate::drill) fn at(
        place: Place,
        problem: Problem,
        source: &Arc<String>,
        span: Range<usize>,
    ) -> Fault {
        Fault { place, problem, excerpt: Some(Excerpt { source: Arc::clone(source), span }) }
    }

    /// What to tell people: where, what, what to do.
    #[must_use]
    pub fn texts(&self, refusal: RefusalTexts<'_>) -> Name {
        let (place, problem) = (self.place.texts(), self.problem.texts(refusal));
        Name { ja: format!("{}: {}", place.ja, problem.ja), en: format!("{}: {}", place.en, problem.en) }
    }

    /// The same, with the line that it stands in and a mark under the place.
    #[must_use]
    pub fn report(&self, refusal: RefusalTexts<'_>) -> Name {
        let Name { ja, en } = self.texts(refusal);
        let Some(excerpt) = &self.excerpt else { return Name { ja, en } };
        Name { ja: excerpt.under(&ja), en: excerpt.under(&en) }
    }
}

impl Excerpt {
    /// `text`, with the place below it.
    fn under(&self, text: &str) -> String {
        let mark = AnnotationKind::Primary.span(self.span.clone());
        let snippet = Snippet::source(self.source.as_str()).annotation(mark);
        Renderer::plain().render(&[Level::ERROR.no_name().primary_title(text).element(snippet)])
    }
}

impl ScenarioFault {
    /// What to tell people: each fault with the line that it stands in.
    #[must_use]
    pub fn report(&self, refusal: RefusalTexts<'_>) -> Name {
        self.listed(|fault| fault.report(refusal))
    }

    fn listed(&self, told: impl Fn(&Fault) -> Name) -> Name {
        let lines: Vec<Name> = self.faults.iter().map(told).collect();
        let mut ja: Vec<String> = lines.iter().map(|line| line.ja.clone()).collect();
        let mut en: Vec<String> = lines.into_iter().map(|line| line.en).collect();
        if self.left_off_count > 0 {
            ja.push(format!("ほか {} 件", self.left_off_count));
            en.push(format!("and {} more", self.left_off_count));
        }
        Name { ja: ja.join("\n"), en: en.join("\n") }
    }
}

impl Place {
    fn texts(&self) -> Name {
        let mut position = self.file.clone();
        for count in [self.line, self.character].into_iter().flatten() {
            position += &format!(":{count}");
        }
        match &self.column {
            None => Name { ja: position.clone(), en: position },
            Some(column) => {
                Name { ja: format!("{position} の列 {column}"), en: format!("{position}, column {column}") }
            }
        }
    }
}

impl Problem {
    /// A value as a message repeats it: cut short, control characters made visible.
    pub(in crate::drill) fn shown(value: &str) -> String {
        value.chars().take(VALUE_CHARS_MAX).flat_map(char::escape_debug).collect()
    }

    /// What is wrong and what to do.
    fn texts(&self, refusal: RefusalTexts<'_>) -> Name {
        let (ja, en) = match self {
            Problem::Unreadable { error } => {
                (format!("読めません ({error})"), format!("cannot be read ({error})"))
            }
            Problem::TooLarge { bytes_max } => (
                format!("大きすぎます。上限は {bytes_max} バイトです"),
                format!("is too large; at most {bytes_max} bytes are read"),
            ),
            Problem::NotUtf8 => {
                ("UTF-8 ではありません".to_owned(), "is not UTF-8; save it as UTF-8".to_owned())
            }
            Problem::NotToml { message } => {
                (format!("TOML として読めません ({message})"), format!("is not TOML ({message})"))
            }
            Problem::UnknownKey { key, nearest } => (
                format!("キー \"{key}\" はありません{}", perhaps_ja(nearest.as_ref())),
                format!("there is no key \"{key}\"{}", perhaps_en(nearest.as_ref())),
            ),
            Problem::MissingKey { key } => {
                (format!("キー \"{key}\" が必要です"), format!("the key \"{key}\" is required"))
            }
            Problem::UnknownColumn { nearest } => (
                format!("この表にない列です{}", perhaps_ja(nearest.as_ref())),
                format!("is not a column of this table{}", perhaps_en(nearest.as_ref())),
            ),
            Problem::MissingColumn => ("この列が必要です".to_owned(), "is required".to_owned()),
            Problem::DuplicateColumn => {
                ("同じ列が二つあります".to_owned(), "stands there twice; remove one".to_owned())
            }
            Problem::CellCount { got, want } => (
                format!("セルが {got} 個あります。見出しは {want} 個です"),
                format!("has {got} cells where the header has {want}"),
            ),
            Problem::Value { value, allowed } => {
                let allowed = allowed.texts();
                (
                    format!("\"{value}\" は使えません。使えるのは{}です", allowed.ja),
                    format!("\"{value}\" cannot be; allowed is {}", allowed.en),
                )
            }
            Problem::Unresolved { value, file, nearest } => (
                format!("\"{value}\" は {file} にありません{}", perhaps_ja(nearest.as_ref())),
                format!("\"{value}\" is not in {file}{}", perhaps_en(nearest.as_ref())),
            ),
            Problem::Duplicate { value, first_line } => (
                format!("\"{value}\" は {first_line} 行目にもあります"),
                format!("\"{value}\" stands in line {first_line} already; remove one"),
            ),
            Problem::NoRow { value } => {
                (format!("\"{value}\" の行がありません"), format!("has no row for \"{value}\"; add one"))
            }
            Problem::Disagrees { value, other, file } => (
                format!("\"{value}\" とありますが {file} では \"{other}\" です"),
                format!("says \"{value}\" where {file} says \"{other}\"; make them agree"),
            ),
            Problem::Rates { fault } => {
                let what = match &fault.entry {
                    Some(entry) => format!("{entry}: {}", fault.problem),
                    None => fault.problem.to_string(),
                };
                (format!("原単位として読めません ({what})"), format!("holds no rates ({what})"))
            }
            Problem::Hazard { what } => (format!("地震の資料として読めません ({what})"), what.clone()),
            Problem::Refused(rejection) => {
                let Name { ja, en } = refusal(rejection);
                (ja, en)
            }
            Problem::OneKeyOf { keys } => {
                let keys = keys.join(", ");
                (format!("{keys} のうち一つだけを書いてください"), format!("give exactly one of {keys}"))
            }
            Problem::UnknownInject { value, nearest } => (
                format!("\"{value}\" という状況付与はありません{}", perhaps_ja(nearest.as_ref())),
                format!("there is no inject \"{value}\"{}", perhaps_en(nearest.as_ref())),
            ),
            Problem::Loop { names } => {
                let way = names.join(" <- ");
                (
                    format!("互いを待つので起きません ({way})。どれか一つに at を書いてください"),
                    format!("they wait for each other and never happen ({way}); give one of them an \"at\""),
                )
            }
            Problem::TooMany { max } => (
                format!("多すぎます。上限は {max} 件です"),
                format!("are too many; at most {max} are played"),
            ),
        };
        Name { ja, en }
    }
}

fn perhaps_ja(nearest: Option<&String>) -> String {
    nearest.map(|name| format!("。\"{name}\" ではありませんか")).unwrap_or_default()
}

fn perhaps_en(nearest: Option<&String>) -> String {
    nearest.map(|name| format!("; did you mean \"{name}\"")).unwrap_or_default()
}

/// A refusal in the words of the rules themselves, for a log.
pub(in crate::drill) fn in_short(rejection: &Rejection) -> Name {
    Name { ja: rejection.to_string(), en: rejection.to_string() }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.texts(&in_short).en)
    }
}

/// English, one line a fault.
impl fmt::Display for ScenarioFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.listed(|fault| fault.texts(&in_short)).en)
    }
}

impl std::error::Error for Fault {}
impl std::error::Error for ScenarioFault {}
