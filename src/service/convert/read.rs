//! Reads incoming values, and names the field that is wrong.

use super::names::Names;
use super::wire::Wire;
use crate::decision::command::{SealKind, SealText};
use crate::decision::model::{Capabilities, Capability, Name, Telephone, Window};
use crate::decision::rejection::FieldProblem;
use crate::id::{IdError, Slug};
use crate::service::ServiceError;
use crate::service::error::ArgumentProblem;
use crate::units::{Position, PositionError, Seconds, Timestamp};
use crate::{api::v1, id::Space};
use std::str::FromStr;

/// Longest `Duration` that any field takes: 31 days. The rules set shorter ones.
pub const DURATION_S_MAX: Seconds = 31 * 86_400;

/// Reads values that came in, for one space.
#[derive(Clone, Debug)]
pub struct Reader {
    names: Names,
}

impl Reader {
    /// A reader for `space`.
    #[must_use]
    pub fn of(space: Space) -> Reader {
        Reader { names: Names::of(space) }
    }

    /// The names of its space.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// A name that must be given.
    ///
    /// # Errors
    /// As [`Names::parse`].
    pub fn name<T: FromStr<Err = IdError>>(&self, field: &str, name: &str) -> Result<T, ServiceError> {
        self.names.parse(field, name)
    }

    /// A name that may be empty.
    ///
    /// # Errors
    /// As [`Names::parse`].
    pub fn name_opt<T: FromStr<Err = IdError>>(
        &self,
        field: &str,
        name: &str,
    ) -> Result<Option<T>, ServiceError> {
        self.names.parse_opt(field, name)
    }

    /// A list of names.
    ///
    /// # Errors
    /// As [`Names::parse`]; the field is `field[i]`.
    pub fn name_list<T: FromStr<Err = IdError>>(
        &self,
        field: &str,
        names: &[String],
    ) -> Result<Vec<T>, ServiceError> {
        names.iter().enumerate().map(|(i, name)| self.names.parse(&format!("{field}[{i}]"), name)).collect()
    }
}

/// The last segment of a name to be created.
///
/// # Errors
/// [`ServiceError::Field`] when it is empty or no such segment.
pub fn slug(field: &str, text: &str) -> Result<Slug, ServiceError> {
    if text.is_empty() {
        return Err(ServiceError::required(field));
    }
    text.parse().map_err(|error| ServiceError::argument(field, ArgumentProblem::Name(error)))
}

/// A message that must be given.
///
/// # Errors
/// [`ServiceError::Field`] when it is not.
pub fn given<T>(field: &str, value: Option<T>) -> Result<T, ServiceError> {
    value.ok_or_else(|| ServiceError::required(field))
}

/// An enum that must be given.
///
/// # Errors
/// [`ServiceError::Field`] when it is unspecified or not a number of the enum.
pub fn choice<T: Wire>(field: &str, number: i32) -> Result<T, ServiceError> {
    let wire = T::Enum::try_from(number)
        .map_err(|_| ServiceError::argument(field, ArgumentProblem::UnknownEnum { got: number }))?;
    T::read(wire).ok_or_else(|| ServiceError::required(field))
}

/// A set of capabilities.
///
/// # Errors
/// As [`choice`]; the field is `field[i]`.
pub fn capabilities(field: &str, numbers: &[i32]) -> Result<Capabilities, ServiceError> {
    numbers
        .iter()
        .enumerate()
        .map(|(i, number)| choice::<Capability>(&format!("{field}[{i}]"), *number))
        .collect()
}

/// A position that may be left out.
///
/// # Errors
/// [`ServiceError::Field`] naming the coordinate that is not finite or not on the Earth.
pub fn position_opt(field: &str, at: Option<v1::LatLng>) -> Result<Option<Position>, ServiceError> {
    let Some(at) = at else { return Ok(None) };
    let wrong = |coordinate: &str, problem| ServiceError::argument(format!("{field}.{coordinate}"), problem);
    match Position::from_degrees(at.latitude, at.longitude) {
        Ok(position) => Ok(Some(position)),
        Err(PositionError::NotFinite) if at.latitude.is_finite() => {
            Err(wrong("longitude", ArgumentProblem::NotFinite))
        }
        Err(PositionError::NotFinite) => Err(wrong("latitude", ArgumentProblem::NotFinite)),
        Err(PositionError::LatitudeOutOfRange) => {
            Err(wrong("latitude", ArgumentProblem::OffTheEarth { max: 90 }))
        }
        Err(PositionError::LongitudeOutOfRange) => {
            Err(wrong("longitude", ArgumentProblem::OffTheEarth { max: 180 }))
        }
    }
}

/// A position that must be given.
///
/// # Errors
/// As [`position_opt`], or when it is missing.
pub fn position(field: &str, at: Option<v1::LatLng>) -> Result<Position, ServiceError> {
    position_opt(field, at)?.ok_or_else(|| ServiceError::required(field))
}

/// An instant that may be left out; parts of a millisecond are cut off.
///
/// # Errors
/// [`ServiceError::Field`] when it is not a `google.protobuf.Timestamp` by that type's own definition.
pub fn instant_opt(
    field: &str,
    at: Option<prost_types::Timestamp>,
) -> Result<Option<Timestamp>, ServiceError> {
    let Some(at) = at else { return Ok(None) };
    let wrong = || ServiceError::argument(field, ArgumentProblem::NotATimestamp);
    if !(0..=999_999_999).contains(&at.nanos) {
        return Err(wrong());
    }
    let millis = at.seconds.checked_mul(1000).and_then(|ms| ms.checked_add(i64::from(at.nanos) / 1_000_000));
    let instant = Timestamp(millis.ok_or_else(wrong)?);
    if (Timestamp::MIN..=Timestamp::MAX).contains(&instant) { Ok(Some(instant)) } else { Err(wrong()) }
}

/// An instant that must be given.
///
/// # Errors
/// As [`instant_opt`], or when it is missing.
pub fn instant(field: &str, at: Option<prost_types::Timestamp>) -> Result<Timestamp, ServiceError> {
    instant_opt(field, at)?.ok_or_else(|| ServiceError::required(field))
}

/// A length of time that may be left out; parts of a second are cut off.
///
/// # Errors
/// [`ServiceError::Field`] when it is negative, malformed or beyond [`DURATION_S_MAX`].
pub fn span_opt(field: &str, span: Option<prost_types::Duration>) -> Result<Option<Seconds>, ServiceError> {
    let Some(span) = span else { return Ok(None) };
    match Seconds::try_from(span.seconds) {
        Ok(seconds) if seconds <= DURATION_S_MAX && (0..=999_999_999).contains(&span.nanos) => {
            Ok(Some(seconds))
        }
        _ => Err(ServiceError::argument(field, ArgumentProblem::NotADuration { max_s: DURATION_S_MAX })),
    }
}

/// A length of time; zero when it is left out.
///
/// # Errors
/// As [`span_opt`].
pub fn span(field: &str, span: Option<prost_types::Duration>) -> Result<Seconds, ServiceError> {
    Ok(span_opt(field, span)?.unwrap_or(0))
}

/// A window of time.
///
/// # Errors
/// As [`instant`].
pub fn window(field: &str, window: Option<v1::TimeWindow>) -> Result<Window, ServiceError> {
    let window = given(field, window)?;
    Ok(Window {
        from: instant(&format!("{field}.start_time"), window.start_time)?,
        until: instant(&format!("{field}.end_time"), window.end_time)?,
    })
}

/// A small count.
///
/// # Errors
/// [`ServiceError::Field`] beyond 65,535.
pub fn count(field: &str, count: u32) -> Result<u16, ServiceError> {
    u16::try_from(count).map_err(|_| {
        let (got, max) = (i64::from(count), i64::from(u16::MAX));
        ServiceError::field(field, FieldProblem::OutOfRange { got, min: 0, max })
    })
}

/// A name for people; empty when it is left out.
#[must_use]
pub fn display_name(name: Option<v1::DisplayName>) -> Name {
    name.map(|name| Name { ja: name.ja, en: name.en }).unwrap_or_default()
}

/// A call on the telephone, if it was one.
#[must_use]
pub fn telephone(telephone: Option<v1::Telephone>) -> Option<Telephone> {
    telephone.map(|t| Telephone { said_by: t.said_by, typed_by: t.typed_by })
}

/// A secret text; none when it is empty.
#[must_use]
pub fn seal(kind: SealKind, text: String) -> Option<SealText> {
    (!text.is_empty()).then_some(SealText { kind, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::model::AssetKind;

    fn field_of<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> String {
        match result {
            Err(ServiceError::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_position_that_is_no_place_names_the_coordinate() {
        let at = |latitude, longitude| Some(v1::LatLng { latitude, longitude });
        assert_eq!(field_of(position("request.position", at(f64::NAN, 135.0))), "request.position.latitude");
        assert_eq!(field_of(position("p", at(35.0, f64::INFINITY))), "p.longitude");
        assert_eq!(field_of(position("p", at(90.1, 135.0))), "p.latitude");
        assert_eq!(field_of(position("p", at(35.0, -180.5))), "p.longitude");
        assert_eq!(field_of(position("p", None)), "p");
        assert!(position("p", at(-90.0, 180.0)).is_ok());
    }

    #[test]
    fn a_timestamp_outside_of_its_definition_is_refused() {
        let at = |seconds, nanos| Some(prost_types::Timestamp { seconds, nanos });
        for (seconds, nanos) in [
            (0, -1),
            (0, 1_000_000_000),
            (i64::MAX, 0),
            (i64::MIN, 0),
            (253_402_300_800, 0),
            (-62_135_596_801, 0),
        ] {
            assert_eq!(field_of(instant("t", at(seconds, nanos))), "t", "{seconds} {nanos}");
        }
        assert_eq!(instant("t", at(-1, 999_999_999)), Ok(Timestamp(-1)));
        assert_eq!(instant("t", at(1, 2_999_999)), Ok(Timestamp(1_002)));
        assert_eq!(instant("t", at(253_402_300_799, 999_999_999)), Ok(Timestamp::MAX));
    }

    #[test]
    fn a_duration_that_is_no_length_of_time_is_refused() {
        let d = |seconds, nanos| Some(prost_types::Duration { seconds, nanos });
        for (seconds, nanos) in
            [(-1, 0), (0, -1), (i64::MAX, 0), (i64::from(DURATION_S_MAX) + 1, 0), (0, i32::MAX)]
        {
            assert_eq!(field_of(span("d", d(seconds, nanos))), "d");
        }
        assert_eq!(span("d", d(90, 500_000_000)), Ok(90));
        assert_eq!(span("d", None), Ok(0));
    }

    #[test]
    fn an_enum_that_is_missing_differs_from_one_that_does_not_exist() {
        assert_eq!(choice::<AssetKind>("kind", 1), Ok(AssetKind::DoctorHelicopter));
        assert_eq!(choice::<AssetKind>("kind", 0), Err(ServiceError::required("kind")));
        let unknown = ArgumentProblem::UnknownEnum { got: 99 };
        assert_eq!(choice::<AssetKind>("kind", 99), Err(ServiceError::argument("kind", unknown)));
        assert_eq!(field_of(capabilities("capabilities", &[1, 99])), "capabilities[1]");
    }

    #[test]
    fn a_count_that_does_not_fit_says_what_fits() {
        let problem = FieldProblem::OutOfRange { got: 65_536, min: 0, max: 65_535 };
        assert_eq!(count("stretchers", 65_536), Err(ServiceError::field("stretchers", problem)));
    }
}
