//! Words of the command line turned into values, each with an error that says what to write instead.

use super::time;
use crate::api::v1;
use crate::decision::limits::{LONG_TEXT_BYTES_MAX, SHORT_TEXT_BYTES_MAX};
use crate::lang::Lang;
use crate::units::Position;
use std::fmt;
use std::time::Duration;

/// A word of the command line that cannot be what it should be, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgError {
    ja: String,
    en: String,
}

impl ArgError {
    /// With the text in each language.
    #[must_use]
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> ArgError {
        ArgError { ja: ja.into(), en: en.into() }
    }

    /// The text in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.ja, &self.en)
    }
}

impl fmt::Display for ArgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for ArgError {}

/// Cuts hostile input down before it goes into a message.
fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Reads `LAT,LON` in degrees.
///
/// # Errors
/// [`ArgError`] when it is not two numbers, or not on the Earth.
pub fn position(text: &str) -> Result<v1::LatLng, ArgError> {
    let form = || {
        ArgError::new(
            format!(
                "「{}」は位置ではありません。緯度,経度 を度で書いてください(例 35.1773,135.0367)",
                cut(text)
            ),
            format!(
                "\"{}\" is not a position; write LAT,LON in degrees, such as 35.1773,135.0367",
                cut(text)
            ),
        )
    };
    let (lat, lon) = text.split_once(',').ok_or_else(form)?;
    let degrees = |part: &str| part.trim().parse::<f64>().map_err(|_| form());
    let (latitude, longitude) = (degrees(lat)?, degrees(lon)?);
    match Position::from_degrees(latitude, longitude) {
        Ok(_) => Ok(v1::LatLng { latitude, longitude }),
        Err(error) => Err(ArgError::new(
            format!(
                "「{}」は地球上の位置ではありません。緯度は -90 から 90、経度は -180 から 180 です",
                cut(text)
            ),
            format!("\"{}\": {error}", cut(text)),
        )),
    }
}

/// Reads a short text: a name, a keyword.
///
/// # Errors
/// [`ArgError`] when it is empty, too long or holds control characters.
pub fn short_text(text: &str) -> Result<String, ArgError> {
    bounded_text(text, SHORT_TEXT_BYTES_MAX)
}

/// Reads a long text: hazards, a note.
///
/// # Errors
/// [`ArgError`] when it is empty, too long or holds control characters.
pub fn long_text(text: &str) -> Result<String, ArgError> {
    bounded_text(text, LONG_TEXT_BYTES_MAX)
}

fn bounded_text(text: &str, bytes_max: usize) -> Result<String, ArgError> {
    if text.trim().is_empty() {
        return Err(ArgError::new(
            "空です。内容を書いてください",
            "is empty; write something or leave it out",
        ));
    }
    if text.len() > bytes_max {
        let got = text.len();
        return Err(ArgError::new(
            format!("{got} バイトは長すぎます。{bytes_max} バイト以内にしてください"),
            format!("is {got} bytes long; at most {bytes_max} are allowed"),
        ));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(ArgError::new(
            "制御文字を含みます。取り除いてください",
            "holds control characters; remove them",
        ));
    }
    Ok(text.to_owned())
}

/// Reads what goes into a header: visible ASCII, 1 to 64 bytes.
///
/// # Errors
/// [`ArgError`] when it is anything else.
pub fn token(text: &str) -> Result<String, ArgError> {
    let visible = text.bytes().all(|b| b.is_ascii_graphic());
    if visible && (1..=64).contains(&text.len()) {
        return Ok(text.to_owned());
    }
    Err(ArgError::new(
        format!("「{}」は使えません。空白のない英数字と記号で 64 文字以内にしてください", cut(text)),
        format!(
            "\"{}\" cannot be used here; write 1 to 64 visible ASCII characters without spaces",
            cut(text)
        ),
    ))
}

/// Reads who acts: a name of at most 128 bytes, in any script.
///
/// # Errors
/// [`ArgError`] when it is empty, too long or holds control characters.
pub fn actor(text: &str) -> Result<String, ArgError> {
    const ACTOR_BYTES_MAX: usize = 128;
    let name = bounded_text(text.trim(), ACTOR_BYTES_MAX)?;
    match name.contains('\n') {
        false => Ok(name),
        true => {
            Err(ArgError::new("改行を含みます。一行にしてください", "holds a line break; write one line"))
        }
    }
}

/// Reads an opaque page token: visible ASCII, at most 4 KiB.
///
/// # Errors
/// [`ArgError`] when it cannot be one.
pub fn page_token(text: &str) -> Result<String, ArgError> {
    if (1..=4096).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err(ArgError::new(
        format!("「{}」はページの続きの印ではありません。前の出力からそのまま写してください", cut(text)),
        format!("\"{}\" is not a page token; copy it from the last output", cut(text)),
    ))
}

/// Reads a time of day or a span for the wire.
///
/// # Errors
/// [`ArgError`] when it is no span.
pub fn wire_span(text: &str) -> Result<prost_types::Duration, ArgError> {
    time::span(text).map(time::wire_span)
}

/// Reads how long to wait for an answer: 10 ms to one day.
///
/// # Errors
/// [`ArgError`] when it is no such span.
pub fn timeout(text: &str) -> Result<Duration, ArgError> {
    match u64::try_from(time::span(text)?) {
        Ok(millis) if (10..=86_400_000).contains(&millis) => Ok(Duration::from_millis(millis)),
        _ => Err(ArgError::new(
            format!("「{}」は範囲外です。10ms から 1d までで書いてください", cut(text)),
            format!("\"{}\" is out of range; write 10ms to 1d", cut(text)),
        )),
    }
}

/// Which way a figure is rounded to a whole unit, so that it never looks better than it is.
#[derive(Clone, Copy)]
enum Round {
    Up,
    Down,
}

/// Reads a length such as `5000`, `5000m`, `5km` or `1.5km` in metres, rounded down.
///
/// # Errors
/// [`ArgError`] when it is no length.
pub fn metres(text: &str) -> Result<u32, ArgError> {
    let units = [("km", (1000, 1)), ("ft", (3048, 10_000)), ("m", (1, 1)), ("", (1, 1))];
    quantity(text, &units, Round::Down).ok_or_else(|| {
        ArgError::new(
            format!("「{}」は長さではありません。5000、5km、1000ft のように書いてください", cut(text)),
            format!("\"{}\" is not a length; write 5000 (metres), 5km or 1000ft", cut(text)),
        )
    })
}

/// Reads a wind speed such as `54`, `54km/h`, `15m/s` or `30kt` in kilometres per hour, rounded up.
///
/// # Errors
/// [`ArgError`] when it is no speed.
pub fn wind_kmh(text: &str) -> Result<u32, ArgError> {
    let units = [("km/h", (1, 1)), ("m/s", (36, 10)), ("kt", (1852, 1000)), ("", (1, 1))];
    quantity(text, &units, Round::Up).ok_or_else(|| {
        ArgError::new(
            format!("「{}」は風速ではありません。54km/h、15m/s、30kt のように書いてください", cut(text)),
            format!("\"{}\" is not a wind speed; write 54 (km/h), 15m/s or 30kt", cut(text)),
        )
    })
}

/// Reads `[0-9]+(.[0-9]{1,3})?UNIT` in exact arithmetic; the factor of a unit is a fraction.
fn quantity(text: &str, units: &[(&str, (u64, u64))], round: Round) -> Option<u32> {
    if text.len() > 32 {
        return None;
    }
    let number_len = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let (number, unit) = text.split_at(number_len);
    let (_, (up, down)) = units.iter().find(|(name, _)| *name == unit.trim())?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.len() > 3 {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse::<u64>().ok()?;
    let milli = whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(thousandths)?;
    let (value, down) = (milli.checked_mul(*up)?, down * 1000);
    let rounded = match round {
        Round::Up => value.div_ceil(down),
        Round::Down => value / down,
    };
    u32::try_from(rounded).ok()
}

/// Reads the rate of a drill clock: 0 to 3,600 virtual seconds a second.
///
/// # Errors
/// [`ArgError`] when it is not a number in that range.
pub fn rate(text: &str) -> Result<f64, ArgError> {
    match text.parse::<f64>() {
        Ok(rate) if (0.0..=f64::from(crate::clock::RATE_MAX)).contains(&rate) => Ok(rate),
        _ => Err(ArgError::new(
            format!(
                "「{}」は速さではありません。0(停止)から {} までの数です",
                cut(text),
                crate::clock::RATE_MAX
            ),
            format!(
                "\"{}\" is not a rate; write a number from 0 (stop) to {}",
                cut(text),
                crate::clock::RATE_MAX
            ),
        )),
    }
}

/// Something that was heard on the telephone and is typed by somebody else.
#[derive(Clone, Debug, clap::Args)]
pub struct HeardArgs {
    /// It was heard on the telephone: who said it
    #[arg(long, value_name = "NAME", value_parser = short_text)]
    pub heard_from: Option<String>,
    /// Who types it; the actor when left out
    #[arg(long, value_name = "NAME", value_parser = short_text, requires = "heard_from")]
    pub typed_by: Option<String>,
}

impl HeardArgs {
    /// For the wire; nothing when it was not heard on the telephone.
    #[must_use]
    pub fn telephone(&self, actor: &str) -> Option<v1::Telephone> {
        let said_by = self.heard_from.clone()?;
        let typed_by = self.typed_by.clone().unwrap_or_else(|| actor.to_owned());
        Some(v1::Telephone { said_by, typed_by })
    }
}

/// Which part of a list to show.
#[derive(Clone, Debug, clap::Args)]
pub struct PageArgs {
    /// Rows per page; the server's default when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=1000))]
    pub page_size: Option<i32>,
    /// Goes on after an earlier page
    #[arg(long, value_name = "TOKEN", value_parser = page_token, conflicts_with = "all")]
    pub page_token: Option<String>,
    /// Every page
    #[arg(long)]
    pub all: bool,
    /// More conditions: FIELD = "VALUE" [AND ...]
    #[arg(long, value_name = "FILTER", value_parser = long_text)]
    pub filter: Option<String>,
}

impl PageArgs {
    /// Joins typed conditions and the free ones.
    #[must_use]
    pub fn filter(&self, typed: &[(&str, Option<String>)]) -> String {
        let typed = typed
            .iter()
            .filter_map(|(field, value)| value.as_ref().map(|value| format!("{field} = \"{value}\"")));
        typed.chain(self.filter.clone()).collect::<Vec<_>>().join(" AND ")
    }
}

/// A place to search around.
#[derive(Clone, Debug, clap::Args)]
pub struct NearestArgs {
    /// Where, in degrees
    #[arg(long, value_name = "LAT,LON", value_parser = position, allow_hyphen_values = true)]
    pub at: v1::LatLng,
    /// How many
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(i32).range(1..=1000))]
    pub count: i32,
    /// Conditions: FIELD = "VALUE" [AND ...]
    #[arg(long, value_name = "FILTER", value_parser = long_text)]
    pub filter: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_or_refused_with_the_form() {
        assert_eq!(
            position("35.1773, 135.0367").unwrap(),
            v1::LatLng { latitude: 35.1773, longitude: 135.0367 }
        );
        assert_eq!(position("-90,180").unwrap(), v1::LatLng { latitude: -90.0, longitude: 180.0 });
        let long = "9".repeat(1_000_000);
        for text in
            ["", ",", "35.1", "NaN,135", "35,inf", "90.1,0", "0,-180.1", "35;135", "1,2,3", "三五,135", &long]
        {
            let error = position(text).unwrap_err();
            assert!(error.text(Lang::Ja).len() < 700 && error.text(Lang::En).len() < 400, "{error}");
        }
    }

    #[test]
    fn lengths_are_read_in_their_units_and_rounded_down() {
        let cases = [
            ("5000", 5000),
            ("5000m", 5000),
            ("5km", 5000),
            ("1.5 km", 1500),
            ("0.0019km", 0),
            ("1000ft", 304),
        ];
        for (typed, expected) in cases {
            let read = metres(typed);
            if typed == "0.0019km" {
                assert!(read.is_err(), "four decimals are more than a metre can hold");
            } else {
                assert_eq!(read, Ok(expected), "{typed}");
            }
        }
        let long = "1".repeat(1_000_000);
        for text in [
            "",
            "km",
            "-5",
            "5miles",
            ".5km",
            "5.km",
            "1e3",
            "NaN",
            "4294967296",
            "99999999999999999999",
            &long,
        ] {
            assert!(metres(text).is_err(), "{text}");
        }
    }

    #[test]
    fn wind_is_read_in_its_units_and_rounded_up() {
        for (typed, expected) in
            [("54", 54), ("54km/h", 54), ("15m/s", 54), ("30kt", 56), ("0", 0), ("12.5m/s", 45)]
        {
            assert_eq!(wind_kmh(typed), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn a_rate_or_a_timeout_out_of_range_is_refused() {
        for text in ["NaN", "inf", "-1", "3601", "", "fast"] {
            assert!(rate(text).is_err(), "{text}");
        }
        assert_eq!(rate("0.5"), Ok(0.5));
        for text in ["0s", "1ms", "2d", "10"] {
            assert!(timeout(text).is_err(), "{text}");
        }
        assert_eq!(timeout("10s"), Ok(Duration::from_secs(10)));
    }

    #[test]
    fn huge_or_binary_texts_are_refused_before_they_travel() {
        assert!(short_text(&"あ".repeat(86)).is_err());
        assert!(short_text("a\u{7}b").is_err());
        assert!(short_text(" ").is_err());
        assert_eq!(long_text("車 2 台\n閉じ込め").unwrap(), "車 2 台\n閉じ込め");
        for text in ["", "山田", "a b", &"x".repeat(65)] {
            assert!(token(text).is_err(), "{text}");
        }
        assert_eq!(actor(" 豊岡CS ").unwrap(), "豊岡CS");
        for text in ["", "a\nb", "a\u{1b}b", &"x".repeat(129)] {
            assert!(actor(text).is_err(), "{text}");
        }
    }

    #[test]
    fn conditions_join_into_one_filter() {
        let page = PageArgs {
            page_size: None,
            page_token: None,
            all: false,
            filter: Some("kind = \"SCENE\"".into()),
        };
        let typed = [("state", Some("OPEN".to_owned())), ("asset", None)];
        assert_eq!(page.filter(&typed), "state = \"OPEN\" AND kind = \"SCENE\"");
    }
}
