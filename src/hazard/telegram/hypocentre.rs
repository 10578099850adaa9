//! Where an earthquake was, how deep and how large, as a telegram says it.

use super::fault::{TelegramFault, TelegramProblem};
use super::xml::{Element, Space};
use super::{digits, shortened, time};
use crate::hazard::shaking::magnitude::{MagnitudeAbsurd, Mw};
use crate::hazard::shaking::rupture::{FaultProblem, Rupture};
use crate::hazard::shaking::{Earthquake, SourceKind};
use crate::units::{Metres, Position, Timestamp};

/// Where the agency writes "700 km or more".
const DEEPEST_M: Metres = 700_000;

/// What a depth that is not known counts as.
const DEPTH_UNKNOWN_M: Metres = 10_000;

/// Where it was, how deep and how large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hypocentre {
    /// When it began, if known.
    pub origin_at: Option<Timestamp>,
    /// The area of its epicentre, in Japanese.
    pub area_name: String,
    /// The agency's code of that area.
    pub area_code: u16,
    /// The epicentre, if known: to a tenth of a degree, in VXSE61 to a tenth of a minute. The datum is written as Tokyo's;
    /// taking it as WGS 84 moves it by less than 500 m.
    pub place: Option<Position>,
    /// How deep.
    pub depth: Depth,
    /// How large.
    pub magnitude: Magnitude,
}

/// How deep an earthquake was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// 不明: not known.
    Unknown,
    /// ごく浅い: very shallow, written as zero.
    VeryShallow,
    /// So many metres.
    Metres(Metres),
    /// ７００ｋｍ以上: 700 km or more.
    SevenHundredKmOrMore,
}

impl Depth {
    /// Metres to reckon with, if known.
    #[must_use]
    pub fn metres(self) -> Option<Metres> {
        match self {
            Depth::Unknown => None,
            Depth::VeryShallow => Some(0),
            Depth::Metres(metres) => Some(metres),
            Depth::SevenHundredKmOrMore => Some(DEEPEST_M),
        }
    }
}

/// On which scale a magnitude is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MagnitudeScale {
    /// The agency's own.
    Mj,
    /// The moment magnitude.
    Mw,
    /// Another one: of foreign centres.
    Other,
}

/// How large an earthquake was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Magnitude {
    /// Ｍ不明: not known.
    Unknown,
    /// Ｍ８を超える巨大地震: beyond 8, too large to be told at once.
    OverEight,
    /// Known.
    Known {
        /// On which scale.
        scale: MagnitudeScale,
        /// In hundredths.
        centi: i64,
    },
}

/// Why no shaking can be worked out from what a telegram says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEnough {
    /// Nobody knows where.
    #[error("the place of the earthquake is not known yet; wait for the next telegram or state a fault")]
    Place,
    /// Nobody knows how large.
    #[error("the magnitude is not known yet; wait for the next telegram or state one")]
    Magnitude,
    /// A magnitude that the relations do not know.
    #[error(transparent)]
    Absurd(#[from] MagnitudeAbsurd),
    /// A depth that cannot be.
    #[error(transparent)]
    Depth(#[from] FaultProblem),
}

impl Hypocentre {
    /// The earthquake as a point, which is all that a telegram knows of it; of a large one a fault says more. A depth that is
    /// not known counts as 10 km, a magnitude beyond 8 as 8.3, from where on the shaking grows no further.
    ///
    /// # Errors
    /// [`NotEnough`] where the place or the magnitude is missing.
    pub fn earthquake(&self, kind: SourceKind) -> Result<Earthquake, NotEnough> {
        let place = self.place.ok_or(NotEnough::Place)?;
        let magnitude = match self.magnitude {
            Magnitude::Unknown => return Err(NotEnough::Magnitude),
            Magnitude::OverEight => Mw::from_centi(830)?,
            Magnitude::Known { scale: MagnitudeScale::Mj, centi } => Mw::from_mj_centi(centi, kind)?,
            Magnitude::Known { scale: MagnitudeScale::Mw | MagnitudeScale::Other, centi } => {
                Mw::from_centi(centi)?
            }
        };
        let focal_depth_m = self.depth.metres().unwrap_or(DEPTH_UNKNOWN_M);
        let rupture = Rupture::point(place, focal_depth_m)?;
        Ok(Earthquake { magnitude, kind, focal_depth_m, rupture })
    }
}

/// Reads an `Earthquake`.
pub(super) fn read(earthquake: Element<'_, '_>) -> Result<Hypocentre, TelegramFault> {
    let origin = earthquake.at_most_one("OriginTime", Space::Body)?;
    let origin_at = origin.map(|origin| origin.parse(time)).transpose()?;
    let area = earthquake.one("Hypocenter", Space::Body)?.one("Area", Space::Body)?;
    let code = area.one("Code", Space::Body)?;
    let (place, depth) = finest(area)?;
    Ok(Hypocentre {
        origin_at,
        area_name: area.one("Name", Space::Body)?.text().to_owned(),
        area_code: code.parse(|text| {
            let number = digits(text, 3).and_then(|digits| digits.parse().ok());
            number.ok_or_else(|| TelegramProblem::NotACode { text: shortened(text), digits: 3 })
        })?,
        place,
        depth,
        magnitude: magnitude(earthquake)?,
    })
}

/// The coordinate with the most digits: VXSE61 gives tenths of a degree, and tenths of a minute behind them.
fn finest(area: Element<'_, '_>) -> Result<(Option<Position>, Depth), TelegramFault> {
    let mut best: Option<Coordinate> = None;
    for element in area.all("Coordinate", Space::Basis) {
        let coordinate = element.parse(coordinate)?;
        if best.is_none_or(|best| best.fineness < coordinate.fineness) {
            best = Some(coordinate);
        }
    }
    let best = best.ok_or_else(|| area.lacks("Coordinate"))?;
    Ok((best.place, best.depth))
}

/// A coordinate as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Coordinate {
    place: Option<Position>,
    depth: Depth,
    /// Digits before the point of the latitude: 2 degrees, 4 minutes, 6 seconds; 0 nothing.
    fineness: usize,
}

/// Reads `+lat+lon-depth/` of ISO 6709, depth in metres and absent where unknown; nothing at all where nothing is known.
fn coordinate(text: &str) -> Result<Coordinate, TelegramProblem> {
    if text.is_empty() {
        return Ok(Coordinate { place: None, depth: Depth::Unknown, fineness: 0 });
    }
    let parsed = || {
        let parts = text.strip_suffix('/')?;
        let mut begins: Vec<usize> = parts.match_indices(['+', '-']).map(|(index, _)| index).collect();
        if begins.first() != Some(&0) || !(2..=3).contains(&begins.len()) {
            return None;
        }
        begins.push(parts.len());
        let mut numbers = begins.windows(2).map(|ends| &parts[ends[0]..ends[1]]);
        let (lat, lon) = (numbers.next()?, numbers.next()?);
        let (lat_degrees, fineness) = degrees(lat, 2)?;
        let (lon_degrees, _) = degrees(lon, 3)?;
        let place = Position::from_degrees(lat_degrees, lon_degrees).ok()?;
        let depth = numbers.next().map_or(Some(Depth::Unknown), depth)?;
        Some(Coordinate { place: Some(place), depth, fineness })
    };
    parsed().ok_or_else(|| TelegramProblem::NotAPlace { text: shortened(text) })
}

/// Degrees out of `+DD.D`, `+DDMM.M` or `+DDMMSS.S`, and how many digits stand before the point.
fn degrees(signed: &str, degree_digits: usize) -> Option<(f64, usize)> {
    let sign = if signed.starts_with('-') { -1.0 } else { 1.0 };
    let number = &signed[1..];
    let whole = number.split('.').next()?;
    let known = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !known || whole.is_empty() || number.len() > 12 {
        return None;
    }
    let degrees = match whole.len() {
        length if length <= degree_digits => number.parse::<f64>().ok()?,
        length if length == degree_digits + 2 => {
            let minutes = minutes_or_seconds(&number[degree_digits..])?;
            whole[..degree_digits].parse::<f64>().ok()? + minutes / 60.0
        }
        length if length == degree_digits + 4 => {
            let minutes = minutes_or_seconds(&whole[degree_digits..degree_digits + 2])?;
            let seconds = minutes_or_seconds(&number[degree_digits + 2..])?;
            whole[..degree_digits].parse::<f64>().ok()? + minutes / 60.0 + seconds / 3_600.0
        }
        _ => return None,
    };
    Some((sign * degrees, whole.len()))
}

fn minutes_or_seconds(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value| (0.0..60.0).contains(value))
}

/// Depth out of a height in metres, which is negative below the sea.
fn depth(height: &str) -> Option<Depth> {
    let metres: i64 = height.parse().ok()?;
    match Metres::try_from(-metres).ok()? {
        0 => Some(Depth::VeryShallow),
        DEEPEST_M => Some(Depth::SevenHundredKmOrMore),
        below if below < DEEPEST_M => Some(Depth::Metres(below)),
        _ => None,
    }
}

/// The agency's magnitude if there are several, else the first.
fn magnitude(earthquake: Element<'_, '_>) -> Result<Magnitude, TelegramFault> {
    let mut chosen = None;
    for element in earthquake.all("Magnitude", Space::Basis) {
        let magnitude = read_magnitude(element)?;
        let is_own = matches!(magnitude, Magnitude::Known { scale: MagnitudeScale::Mj, .. });
        if chosen.is_none() || is_own {
            chosen = Some(magnitude);
        }
    }
    chosen.ok_or_else(|| earthquake.lacks("Magnitude"))
}

fn read_magnitude(element: Element<'_, '_>) -> Result<Magnitude, TelegramFault> {
    element.parse(|text| {
        let wrong = || TelegramProblem::NotAMagnitude { text: shortened(text) };
        if text == "NaN" {
            return match element.attribute("description").unwrap_or_default() {
                // Half and full width letters have both been sent.
                "Ｍ８を超える巨大地震" | "M8を超える巨大地震" => Ok(Magnitude::OverEight),
                "Ｍ不明" | "M不明" => Ok(Magnitude::Unknown),
                other => Err(TelegramProblem::UnknownWord {
                    text: shortened(other),
                    words: "Ｍ不明, Ｍ８を超える巨大地震".to_owned(),
                }),
            };
        }
        let scale = match element.attribute("type").unwrap_or_default() {
            "Mj" => MagnitudeScale::Mj,
            "Mw" => MagnitudeScale::Mw,
            _ => MagnitudeScale::Other,
        };
        Ok(Magnitude::Known { scale, centi: hundredths(text).ok_or_else(wrong)? })
    })
}

/// Hundredths out of `7`, `7.3` or `-0.1`, up to two decimals.
fn hundredths(text: &str) -> Option<i64> {
    let (sign, number) = text.strip_prefix('-').map_or((1, text), |number| (-1, number));
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let is_short = (1..=2).contains(&whole.len()) && (1..=2).contains(&part.len());
    let are_digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_short || !are_digits {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some(sign * (whole.parse::<i64>().ok()? * 100 + part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Option<Position> {
        Some(Position::from_degrees(lat, lon).unwrap())
    }

    #[test]
    fn places_are_read_in_degrees_and_in_minutes() {
        let of = |place, depth, fineness| Ok(Coordinate { place, depth, fineness });
        assert_eq!(coordinate("+35.1+137.3-40000/"), of(at(35.1, 137.3), Depth::Metres(40_000), 2));
        assert_eq!(coordinate("+34.3+135.2+0/"), of(at(34.3, 135.2), Depth::VeryShallow, 2));
        assert_eq!(coordinate("+39.0+140.9/"), of(at(39.0, 140.9), Depth::Unknown, 2));
        assert_eq!(coordinate("-15.5-175.2-700000/"), of(at(-15.5, -175.2), Depth::SevenHundredKmOrMore, 2));
        let minutes = of(at(36.0 + 11.1 / 60.0, 140.0 + 1.6 / 60.0), Depth::Metres(51_000), 4);
        assert_eq!(coordinate("+3611.1+14001.6-51000/"), minutes);
        let seconds = of(at(36.0 + 11.0 / 60.0 + 6.0 / 3_600.0, 140.0 + 1.0 / 60.0), Depth::Unknown, 6);
        assert_eq!(coordinate("+361106+1400100/"), seconds);
        assert_eq!(coordinate(""), of(None, Depth::Unknown, 0));
        for wrong in [
            "+35.1+137.3-40000",
            "35.1+137.3/",
            "+35.1/",
            "+35.1+137.3-4+0/",
            "+95.0+137.3/",
            "+35.1+137.3+10/",
            "+35.1+137.3-700001/",
            "+3561.0+13700.0/",
            "+3.5e1+137.3/",
            "+NaN+137.3/",
            "++/",
            "+１+２/",
        ] {
            assert!(coordinate(wrong).is_err(), "{wrong}: {:?}", coordinate(wrong));
        }
    }

    #[test]
    fn a_hypocentre_becomes_an_earthquake_where_enough_is_known() {
        let known = Hypocentre {
            origin_at: None,
            area_name: "兵庫県南東部".to_owned(),
            area_code: 530,
            place: at(35.1, 135.0),
            depth: Depth::Metres(12_000),
            magnitude: Magnitude::Known { scale: MagnitudeScale::Mj, centi: 680 },
        };
        let of = |magnitude, place, depth| {
            let told = Hypocentre { magnitude, place, depth, ..known.clone() };
            told.earthquake(SourceKind::Crustal)
        };
        let earthquake = known.earthquake(SourceKind::Crustal).unwrap();
        assert_eq!((earthquake.magnitude.centi(), earthquake.focal_depth_m), (638, 12_000));
        assert_eq!(of(Magnitude::Unknown, known.place, known.depth), Err(NotEnough::Magnitude));
        assert_eq!(of(known.magnitude, None, known.depth), Err(NotEnough::Place));
        let huge = of(Magnitude::OverEight, known.place, Depth::Unknown).unwrap();
        assert_eq!((huge.magnitude.centi(), huge.focal_depth_m), (830, 10_000));
        let faint = Magnitude::Known { scale: MagnitudeScale::Mj, centi: -10 };
        assert!(matches!(of(faint, known.place, known.depth), Err(NotEnough::Absurd(_))));
    }

    #[test]
    fn magnitudes_are_read_to_hundredths() {
        assert_eq!(hundredths("7.3"), Some(730));
        assert_eq!(hundredths("9"), Some(900));
        assert_eq!(hundredths("-0.1"), Some(-10));
        assert_eq!(hundredths("6.57"), Some(657));
        for wrong in ["", ".", "7.", ".3", "+7.3", "7.3.1", "123.4", "7.333", "７.３", "inf"] {
            assert_eq!(hundredths(wrong), None, "{wrong}");
        }
    }
}
