//! What a field may hold by itself, whatever the state.

use crate::decision::limits::{
    CLOCK_SKEW_S_MAX, FUTURE_S_MAX, LONG_TEXT_BYTES_MAX, PAST_S_MAX, SHORT_TEXT_BYTES_MAX,
};
use crate::decision::model::{Name, Telephone, Window};
use crate::decision::rejection::{FieldProblem, Rejection};
use crate::units::{Seconds, Timestamp};

type Checked = Result<(), Rejection>;

pub(super) fn invalid(field: &'static str, problem: FieldProblem) -> Rejection {
    Rejection::InvalidField { field, problem }
}

/// Says of what is wrong with a field in which item of a list it stands.
pub(super) fn in_item(rejection: Rejection, list: &'static str, index: usize) -> Rejection {
    match rejection {
        Rejection::InvalidField { field, problem } => Rejection::InvalidItem { list, index, field, problem },
        other => other,
    }
}

/// A text of at most `bytes_max` bytes without control characters, empty or not. Lines may break in long ones.
fn text(field: &'static str, text: &str, bytes_max: usize) -> Checked {
    if text.len() > bytes_max {
        let problem = FieldProblem::TooLong { got: text.len() as u64, max: bytes_max as u64 };
        return Err(invalid(field, problem));
    }
    if text.chars().any(|c| c.is_control() && !(c == '\n' && bytes_max > SHORT_TEXT_BYTES_MAX)) {
        return Err(invalid(field, FieldProblem::ControlCharacters));
    }
    Ok(())
}

pub(super) fn short(field: &'static str, value: &str) -> Checked {
    text(field, value, SHORT_TEXT_BYTES_MAX)
}

pub(super) fn long(field: &'static str, value: &str) -> Checked {
    text(field, value, LONG_TEXT_BYTES_MAX)
}

pub(super) fn required(field: &'static str, value: &str) -> Checked {
    if value.trim().is_empty() {
        return Err(invalid(field, FieldProblem::Required));
    }
    short(field, value)
}

/// A name that people see: Japanese or English must be there.
pub(super) fn name(field: &'static str, value: &Name) -> Checked {
    if value.ja.trim().is_empty() && value.en.trim().is_empty() {
        return Err(invalid(field, FieldProblem::Required));
    }
    short(field, &value.ja)?;
    short(field, &value.en)
}

pub(super) fn telephone(value: Option<&Telephone>) -> Checked {
    let Some(telephone) = value else { return Ok(()) };
    required("telephone.said_by", &telephone.said_by)?;
    required("telephone.typed_by", &telephone.typed_by)
}

pub(super) fn range(field: &'static str, got: impl Into<i64>, min: i64, max: i64) -> Checked {
    let got = got.into();
    if (min..=max).contains(&got) {
        return Ok(());
    }
    Err(invalid(field, FieldProblem::OutOfRange { got, min, max }))
}

/// A list of at most `max` entries.
pub(super) fn count(field: &'static str, got: usize, max: usize) -> Checked {
    if got <= max {
        return Ok(());
    }
    Err(invalid(field, FieldProblem::TooLong { got: got as u64, max: max as u64 }))
}

/// A list that names nothing twice.
pub(super) fn distinct<T: Ord>(field: &'static str, values: impl IntoIterator<Item = T>) -> Checked {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort();
    if values.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(invalid(field, FieldProblem::Duplicate));
    }
    Ok(())
}

/// A time that somebody reports: not older than a month, and ahead by no more than clocks of people differ.
pub(super) fn reported(field: &'static str, time: Timestamp, at: Timestamp) -> Checked {
    let (earliest, latest) = (at - PAST_S_MAX, at + CLOCK_SKEW_S_MAX);
    within(field, time, earliest, latest)
}

/// A time to come: after now, within a year.
pub(super) fn upcoming(field: &'static str, time: Timestamp, at: Timestamp, ahead_s_max: Seconds) -> Checked {
    within(field, time, at.plus_millis(1), at + ahead_s_max)
}

/// When something begins: not older than a month, within a year.
pub(super) fn stated(field: &'static str, time: Timestamp, at: Timestamp) -> Checked {
    within(field, time, at - PAST_S_MAX, at + FUTURE_S_MAX)
}

/// A window that has not passed, is not empty and ends within `ahead_s_max`.
pub(super) fn window(field: &'static str, window: Window, at: Timestamp, ahead_s_max: Seconds) -> Checked {
    if window.from >= window.until {
        return Err(invalid(field, FieldProblem::EmptyWindow));
    }
    within(field, window.from, at - PAST_S_MAX, at + FUTURE_S_MAX)?;
    upcoming(field, window.until, at, ahead_s_max)
}

fn within(field: &'static str, time: Timestamp, earliest: Timestamp, latest: Timestamp) -> Checked {
    if time < earliest {
        return Err(invalid(field, FieldProblem::TooEarly { earliest }));
    }
    if time > latest {
        return Err(invalid(field, FieldProblem::TooLate { latest }));
    }
    Ok(())
}

/// A calendar date, `YYYY-MM-DD`, or nothing.
pub(super) fn date(field: &'static str, value: &str) -> Checked {
    let bytes = value.as_bytes();
    let digits = |range: std::ops::Range<usize>| value.get(range).and_then(|part| part.parse::<u32>().ok());
    let well_formed = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let valid = well_formed
        && bytes.iter().enumerate().all(|(i, b)| i == 4 || i == 7 || b.is_ascii_digit())
        && digits(5..7).is_some_and(|month| (1..=12).contains(&month))
        && digits(8..10).is_some_and(|day| (1..=31).contains(&day));
    if value.is_empty() || valid { Ok(()) } else { Err(invalid(field, FieldProblem::NotADate)) }
}
