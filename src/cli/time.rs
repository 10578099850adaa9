//! Times as people read and type them: Japan Standard Time, in 24 hours.
//!
//! Absent on purpose: asking what time it is. A time that needs the present gets it as an argument.

use super::args::ArgError;
use crate::lang::Lang;
use crate::units::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use std::str::FromStr;

/// The zone of everything that is shown; the table is inside the binary.
const ZONE: &str = "Asia/Tokyo";

fn zone() -> TimeZone {
    TimeZone::get(ZONE).expect("the time zone table is built in")
}

fn local(at: &prost_types::Timestamp) -> Option<civil::DateTime> {
    let instant = jiff::Timestamp::new(at.seconds, at.nanos).ok()?;
    Some(zone().to_datetime(instant))
}

/// `2026-12-05 10:00:00 JST`; what cannot be a time prints as its number.
#[must_use]
pub fn full(at: &prost_types::Timestamp) -> String {
    match local(at) {
        Some(local) => format!("{} JST", local.strftime("%Y-%m-%d %H:%M:%S")),
        None => format!("?{}", at.seconds),
    }
}

/// `12-05 10:00`, for a line that stands under a full time.
#[must_use]
pub fn day_and_minute(at: &prost_types::Timestamp) -> String {
    local(at).map_or_else(|| format!("?{}", at.seconds), |local| local.strftime("%m-%d %H:%M").to_string())
}

/// `10:00`, with the day in front when it is not the day of `beside`.
#[must_use]
pub fn minute(at: &prost_types::Timestamp, beside: Option<&prost_types::Timestamp>) -> String {
    let Some(shown) = local(at) else { return format!("?{}", at.seconds) };
    match beside.and_then(local) {
        Some(beside) if beside.date() == shown.date() => shown.strftime("%H:%M").to_string(),
        _ => day_and_minute(at),
    }
}

/// A span in whole minutes, rounded up; below one minute in seconds.
#[must_use]
pub fn span_text(seconds: i64, lang: Lang) -> String {
    if (-59..60).contains(&seconds) {
        return lang.pick(format!("{seconds}秒"), format!("{seconds} s"));
    }
    let minutes = seconds.div_euclid(60) + i64::from(seconds.rem_euclid(60) > 0);
    lang.pick(format!("{minutes}分"), format!("{minutes} min"))
}

/// A time as typed, which may need the present to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// An instant.
    At(Timestamp),
    /// A time of the present day in Japan.
    Today(civil::Time),
    /// So many milliseconds from now.
    FromNow(i64),
}

impl When {
    /// The instant, `now` being the present of the server.
    #[must_use]
    pub fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            When::At(at) => at,
            When::FromNow(millis) => now.plus_millis(millis),
            When::Today(time) => {
                let instant = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
                let day = zone().to_datetime(instant).date();
                zone().to_timestamp(day.to_datetime(time)).map_or(now, |at| Timestamp(at.as_millisecond()))
            }
        }
    }
}

impl FromStr for When {
    type Err = ArgError;

    /// Reads `2026-12-05T10:00` (Japan), `2026-12-05T01:00Z`, `10:00` (today), `now`, `+30m` or `-5m`.
    fn from_str(text: &str) -> Result<When, ArgError> {
        let parsed = (text.len() <= 64).then(|| read_when(text)).flatten();
        parsed.ok_or_else(|| {
            let cut: String = text.chars().take(40).collect();
            ArgError::new(
                format!(
                    "「{cut}」は時刻ではありません。2026-12-05T10:00、10:00、now、+30m のように書いてください"
                ),
                format!(
                    "\"{cut}\" is not a time; write 2026-12-05T10:00 (Japan), 10:00 (today), now or +30m"
                ),
            )
        })
    }
}

fn read_when(text: &str) -> Option<When> {
    if text == "now" {
        return Some(When::FromNow(0));
    }
    if let Some(span) = text.strip_prefix('+') {
        return Some(When::FromNow(span_millis(span)?));
    }
    if let Some(span) = text.strip_prefix('-') {
        return Some(When::FromNow(-span_millis(span)?));
    }
    let in_range = |at: jiff::Timestamp| {
        let at = Timestamp(at.as_millisecond());
        (Timestamp::MIN..=Timestamp::MAX).contains(&at).then_some(When::At(at))
    };
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return in_range(instant);
    }
    if !text.contains('-') {
        return text.parse::<civil::Time>().ok().map(When::Today);
    }
    let local = text.parse::<civil::DateTime>().ok()?;
    in_range(zone().to_timestamp(local).ok()?)
}

/// Reads an instant that needs no present, as a virtual clock's start does.
///
/// # Errors
/// [`ArgError`] when it is no time, or only one of the present day.
pub fn instant(text: &str) -> Result<Timestamp, ArgError> {
    match text.parse()? {
        When::At(at) => Ok(at),
        When::Today(_) | When::FromNow(_) => Err(ArgError::new(
            format!("「{text}」には日付が必要です。2026-12-05T10:00 のように書いてください"),
            format!("\"{text}\" needs its day; write 2026-12-05T10:00"),
        )),
    }
}

/// Reads a span such as `90s`, `15m`, `1h30m` or `2d`, in milliseconds; at least zero, at most ten years.
///
/// # Errors
/// [`ArgError`] when it is none.
pub fn span(text: &str) -> Result<i64, ArgError> {
    let parsed = (text.len() <= 64).then(|| span_millis(text)).flatten();
    parsed.ok_or_else(|| {
        let cut: String = text.chars().take(40).collect();
        ArgError::new(
            format!("「{cut}」は時間の長さではありません。90s、15m、1h30m のように書いてください"),
            format!("\"{cut}\" is not a span of time; write 90s, 15m or 1h30m"),
        )
    })
}

fn span_millis(text: &str) -> Option<i64> {
    const TEN_YEARS_MS: i64 = 3_653 * 86_400_000;
    let span = text.parse::<jiff::Span>().ok()?;
    let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
    let millis = i64::try_from(duration.as_millis()).ok()?;
    (0..=TEN_YEARS_MS).contains(&millis).then_some(millis)
}

/// An instant for the wire.
#[must_use]
pub fn wire(at: Timestamp) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.0.rem_euclid(1000)).expect("below a thousand") * 1_000_000;
    prost_types::Timestamp { seconds: at.0.div_euclid(1000), nanos }
}

/// A span for the wire.
#[must_use]
pub fn wire_span(millis: i64) -> prost_types::Duration {
    let nanos = i32::try_from(millis % 1000).expect("below a thousand") * 1_000_000;
    prost_types::Duration { seconds: millis / 1000, nanos }
}

/// An instant from the wire, to the millisecond.
#[must_use]
pub fn from_wire(at: &prost_types::Timestamp) -> Timestamp {
    Timestamp(at.seconds.saturating_mul(1000).saturating_add(i64::from(at.nanos) / 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-12-05 10:00 in Japan.
    const TEN: Timestamp = Timestamp(1_796_432_400_000);

    #[test]
    fn a_time_is_read_in_japan_unless_it_says_otherwise() {
        let cases = [
            ("2026-12-05T10:00", 0),
            ("2026-12-05 10:00:30", 30_000),
            ("2026-12-05T01:00Z", 0),
            ("2026-12-05T10:00:00.250+09:00", 250),
            ("10:00", 0),
            ("15:56", 356 * 60_000),
            ("now", 3_600_000),
            ("+30m", 90 * 60_000),
            ("-1h", 0),
        ];
        for (typed, after_ten_ms) in cases {
            let when: When = typed.parse().unwrap();
            assert_eq!(when.resolve(TEN + 3600), TEN.plus_millis(after_ten_ms), "{typed}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let long = "1".repeat(1_000_000);
        for text in ["", "soon", "25:00", "2026-13-01T00:00", "+", "+x", "NaN", "+-5m", "２０２６", &long]
        {
            assert!(text.parse::<When>().is_err(), "{text}");
        }
        assert!(instant("10:00").is_err());
        assert_eq!(instant("2026-12-05T10:00"), Ok(TEN));
    }

    #[test]
    fn spans_are_read_in_the_usual_units() {
        let cases =
            [("90s", 90_000), ("15m", 900_000), ("1h30m", 5_400_000), ("2d", 172_800_000), ("PT5M", 300_000)];
        for (typed, millis) in cases {
            assert_eq!(span(typed), Ok(millis), "{typed}");
        }
        for text in ["", "15", "-5m", "1y2", "99999d", "inf", "1e9s"] {
            assert!(span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_print_in_japan_with_the_zone() {
        let at = wire(TEN);
        assert_eq!(full(&at), "2026-12-05 10:00:00 JST");
        assert_eq!(minute(&at, Some(&at)), "10:00");
        assert_eq!(minute(&at, Some(&wire(TEN - 86_400))), "12-05 10:00");
        let absurd = prost_types::Timestamp { seconds: i64::MAX, nanos: -1 };
        assert_eq!(full(&absurd), "?9223372036854775807");
        assert_eq!(from_wire(&wire(Timestamp(-1))), Timestamp(-1));
    }

    #[test]
    fn spans_print_in_minutes_rounded_up() {
        assert_eq!(span_text(59, Lang::En), "59 s");
        assert_eq!(span_text(61, Lang::En), "2 min");
        assert_eq!(span_text(-61, Lang::Ja), "-1分");
    }
}
