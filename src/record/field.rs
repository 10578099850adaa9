//! How one value stands in a record: the scalars, and the three macros that declare everything else.
//!
//! Each macro takes a list of names that are the same in the domain and in the schema, and destructures both sides
//! with it. So a field or a variant that one side has and the other lacks does not compile. The schema is the module
//! `wire` where the macro is called: the events' or the problems'.

use super::wire;
use crate::decision::model::Capabilities;
use crate::id::{
    AssetId, CommodityId, DepotId, FieldId, FleetId, HospitalId, MemberId, MissionId, NeedId, NoFlyAreaId,
    OfferId, OrganisationId, PairId, PlanId, RequestId, RequisitionId, RestrictionId, ShipmentId, SiteId,
    Slug, StandingOrderId, StructureId, WeatherRegionId,
};
use crate::units::{Position, Timestamp};

/// A domain value with a form `W` in the schema.
pub(super) trait Recorded<W>: Sized {
    /// Its recorded form.
    fn write(&self) -> W;

    /// Reads its recorded form.
    fn read(wire: W) -> Result<Self, Wrong>;
}

/// What is wrong, and where; the path grows from the inside out, so reading costs nothing until something is.
#[derive(Debug)]
pub(super) struct Wrong {
    /// The field, from the event down: `choice.sites.0`.
    pub(super) path: String,
    /// What.
    pub(super) cause: Cause,
}

/// What is wrong with a field.
#[derive(Debug)]
pub(super) enum Cause {
    /// A number of a closed list that this schema does not have.
    Newer(i32),
    /// Missing, out of range, or not a name.
    Malformed,
}

impl Wrong {
    /// A value that no schema allows.
    pub(super) fn malformed() -> Wrong {
        Wrong { path: String::new(), cause: Cause::Malformed }
    }

    /// A number that a newer schema may have given a meaning.
    pub(super) fn newer(number: i32) -> Wrong {
        Wrong { path: String::new(), cause: Cause::Newer(number) }
    }

    /// The same, seen from one level up.
    pub(super) fn within(mut self, field: &str) -> Wrong {
        if !self.path.is_empty() {
            self.path.insert(0, '.');
        }
        self.path.insert_str(0, field);
        self
    }
}

/// Declares a message whose fields have the names of the domain type's fields.
macro_rules! record {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::record::field::Recorded<wire::$name> for $name {
            fn write(&self) -> wire::$name {
                let $name { $($field),* } = self;
                wire::$name { $($field: $crate::record::field::Recorded::write($field)),* }
            }

            fn read(wire: wire::$name) -> Result<$name, $crate::record::field::Wrong> {
                let wire::$name { $($field),* } = wire;
                Ok($name {
                    $($field: $crate::record::field::Recorded::read($field)
                        .map_err(|wrong| wrong.within(stringify!($field)))?),*
                })
            }
        }

        $crate::record::field::required!($name);

        #[cfg(test)]
        impl $crate::record::sample::Sample for $name {
            fn sample(dice: &mut $crate::record::sample::Dice) -> $name {
                $name { $($field: dice.roll()),* }
            }
        }
    };
}

/// Lets a message stand as a field that must be there; protobuf itself can only say "may".
macro_rules! required {
    ($name:ident) => {
        impl $crate::record::field::Recorded<Option<wire::$name>> for $name {
            fn write(&self) -> Option<wire::$name> {
                Some($crate::record::field::Recorded::write(self))
            }

            fn read(wire: Option<wire::$name>) -> Result<$name, $crate::record::field::Wrong> {
                $crate::record::field::Recorded::read(
                    wire.ok_or_else($crate::record::field::Wrong::malformed)?,
                )
            }
        }
    };
}

/// Declares a closed list without parameters.
macro_rules! words {
    ($name:ident { $($word:ident),* $(,)? }) => {
        impl $crate::record::field::Recorded<i32> for $name {
            fn write(&self) -> i32 {
                let word = match self {
                    $($name::$word => wire::$name::$word),*
                };
                word as i32
            }

            fn read(wire: i32) -> Result<$name, $crate::record::field::Wrong> {
                match wire::$name::try_from(wire) {
                    Ok(wire::$name::Unspecified) => {
                        Err($crate::record::field::Wrong::malformed())
                    }
                    $(Ok(wire::$name::$word) => Ok($name::$word),)*
                    Err(_) => Err($crate::record::field::Wrong::newer(wire)),
                }
            }
        }

        #[cfg(test)]
        impl $crate::record::sample::Sample for $name {
            fn sample(dice: &mut $crate::record::sample::Dice) -> $name {
                dice.pick(&[$($name::$word),*])
            }
        }
    };
}

/// Declares a closed list with parameters: a message with a `kind` and the parameters of all kinds beside it.
macro_rules! choice {
    ($name:ident, $module:ident {
        $($kind:ident $({ $($field:ident),* $(,)? })? $(( $inner:ident ))?),* $(,)?
    }) => {
        impl $crate::record::field::Recorded<wire::$name> for $name {
            fn write(&self) -> wire::$name {
                let mut wire = wire::$name::default();
                let kind = match self {
                    $($name::$kind $({ $($field),* })? $(( $inner ))? => {
                        $($(wire.$field = $crate::record::field::Recorded::write($field);)*)?
                        $(wire.$inner = $crate::record::field::Recorded::write($inner);)?
                        wire::$module::Kind::$kind
                    })*
                };
                wire.kind = kind as i32;
                wire
            }

            fn read(wire: wire::$name) -> Result<$name, $crate::record::field::Wrong> {
                match wire::$module::Kind::try_from(wire.kind) {
                    Ok(wire::$module::Kind::Unspecified) => {
                        Err($crate::record::field::Wrong::malformed().within("kind"))
                    }
                    $(Ok(wire::$module::Kind::$kind) => Ok($name::$kind $({
                        $($field: $crate::record::field::Recorded::read(wire.$field)
                            .map_err(|wrong| wrong.within(stringify!($field)))?),*
                    })? $((
                        $crate::record::field::Recorded::read(wire.$inner)
                            .map_err(|wrong| wrong.within(stringify!($inner)))?
                    ))?),)*
                    Err(_) => Err($crate::record::field::Wrong::newer(wire.kind).within("kind")),
                }
            }
        }

        $crate::record::field::required!($name);

        #[cfg(test)]
        impl $crate::record::sample::Sample for $name {
            fn sample(dice: &mut $crate::record::sample::Dice) -> $name {
                let makers: &[fn(&mut $crate::record::sample::Dice) -> $name] = &[
                    $(|_dice| $name::$kind
                        $({ $($field: _dice.roll()),* })?
                        $(({ let $inner = _dice.roll(); $inner }))?),*
                ];
                dice.pick(makers)(dice)
            }
        }
    };
}

pub(super) use {choice, record, required, words};

impl<T: Recorded<W>, W> Recorded<Option<W>> for Option<T> {
    fn write(&self) -> Option<W> {
        self.as_ref().map(Recorded::write)
    }

    fn read(wire: Option<W>) -> Result<Option<T>, Wrong> {
        wire.map(Recorded::read).transpose()
    }
}

impl<T: Recorded<W>, W> Recorded<Vec<W>> for Vec<T> {
    fn write(&self) -> Vec<W> {
        self.iter().map(Recorded::write).collect()
    }

    fn read(wire: Vec<W>) -> Result<Vec<T>, Wrong> {
        let item =
            |(index, item): (usize, W)| T::read(item).map_err(|wrong| wrong.within(&index.to_string()));
        wire.into_iter().enumerate().map(item).collect()
    }
}

impl Recorded<String> for String {
    fn write(&self) -> String {
        self.clone()
    }

    fn read(wire: String) -> Result<String, Wrong> {
        Ok(wire)
    }
}

/// Declares scalars that stand as they are.
macro_rules! as_they_are {
    ($($scalar:ty),*) => {
        $(impl Recorded<$scalar> for $scalar {
            fn write(&self) -> $scalar {
                *self
            }

            fn read(wire: $scalar) -> Result<$scalar, Wrong> {
                Ok(wire)
            }
        })*
    };
}

as_they_are!(bool, i32, u32, i64, u64);

/// Declares integers that protobuf has no type for.
macro_rules! as_u32 {
    ($($narrow:ty),*) => {
        $(impl Recorded<u32> for $narrow {
            fn write(&self) -> u32 {
                u32::from(*self)
            }

            fn read(wire: u32) -> Result<$narrow, Wrong> {
                <$narrow>::try_from(wire).map_err(|_| Wrong::malformed())
            }
        })*
    };
}

as_u32!(u8, u16);

/// Declares identifiers that stand as their names.
macro_rules! as_names {
    ($($id:ty),* $(,)?) => {
        $(impl Recorded<String> for $id {
            fn write(&self) -> String {
                self.to_string()
            }

            fn read(wire: String) -> Result<$id, Wrong> {
                wire.parse().map_err(|_| Wrong::malformed())
            }
        })*
    };
}

as_names!(
    AssetId,
    PlanId,
    PairId,
    CommodityId,
    DepotId,
    FleetId,
    NeedId,
    FieldId,
    HospitalId,
    MemberId,
    MissionId,
    NoFlyAreaId,
    OfferId,
    OrganisationId,
    RequestId,
    SiteId,
    Slug,
    RestrictionId,
    StandingOrderId,
    StructureId,
    WeatherRegionId,
);

impl Recorded<String> for RequisitionId {
    /// # Panics
    /// When it counts from 0: what could not be read back must not become durable.
    fn write(&self) -> String {
        assert!(self.number > 0 && self.attempt > 0, "{self} counts from 0");
        self.to_string()
    }

    fn read(wire: String) -> Result<RequisitionId, Wrong> {
        wire.parse().map_err(|_| Wrong::malformed())
    }
}

impl Recorded<String> for ShipmentId {
    /// # Panics
    /// When it counts from 0: what could not be read back must not become durable.
    fn write(&self) -> String {
        assert!(self.number > 0, "{self} counts from 0");
        self.to_string()
    }

    fn read(wire: String) -> Result<ShipmentId, Wrong> {
        wire.parse().map_err(|_| Wrong::malformed())
    }
}

impl Recorded<i64> for Timestamp {
    /// # Panics
    /// When it lies outside the calendar: what could not be read back must not become durable.
    fn write(&self) -> i64 {
        assert!((Timestamp::MIN..=Timestamp::MAX).contains(self), "{} ms is no time", self.0);
        self.0
    }

    fn read(wire: i64) -> Result<Timestamp, Wrong> {
        let at = Timestamp(wire);
        if (Timestamp::MIN..=Timestamp::MAX).contains(&at) { Ok(at) } else { Err(Wrong::malformed()) }
    }
}

impl Recorded<u32> for Capabilities {
    fn write(&self) -> u32 {
        self.0
    }

    /// Bits that this schema does not know are kept: they only add to what can be done or is needed.
    fn read(wire: u32) -> Result<Capabilities, Wrong> {
        Ok(Capabilities(wire))
    }
}

impl Recorded<wire::Position> for Position {
    fn write(&self) -> wire::Position {
        wire::Position { lat_e7: self.lat_e7(), lon_e7: self.lon_e7() }
    }

    fn read(wire: wire::Position) -> Result<Position, Wrong> {
        Position::from_e7(wire.lat_e7, wire.lon_e7).map_err(|_| Wrong::malformed())
    }
}

required!(Position);
