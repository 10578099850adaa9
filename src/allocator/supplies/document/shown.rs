//! How values stand in a document: numbers as numbers, indices as places, words in lower case.

use crate::allocator::supplies::index::{
    BundleIdx, ClassIdx, FleetIdx, GoodIdx, MemberIdx, NeedIdx, PeriodIdx, PointIdx, SiteIdx, StockIdx,
};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value and what stands for it in a document.
pub(super) trait Shown: Sized {
    /// What stands there.
    type As: Serialize + DeserializeOwned;

    fn show(&self) -> Self::As;

    fn read(shown: Self::As) -> Self;
}

/// Numbers and words stand for themselves, indices for their places.
macro_rules! plain {
    ($($name:ty),*; $($index:ident),*) => {
        $(impl Shown for $name {
            type As = $name;

            fn show(&self) -> $name {
                self.clone()
            }

            fn read(shown: $name) -> $name {
                shown
            }
        })*
        $(impl Shown for $index {
            type As = u32;

            fn show(&self) -> u32 {
                self.0
            }

            fn read(shown: u32) -> $index {
                $index(shown)
            }
        })*
    };
}

plain! {
    u8, u32, u64, i64, usize;
    BundleIdx, ClassIdx, FleetIdx, GoodIdx, MemberIdx, NeedIdx, PeriodIdx, PointIdx, SiteIdx, StockIdx
}

impl<T: Shown> Shown for Vec<T> {
    type As = Vec<T::As>;

    fn show(&self) -> Vec<T::As> {
        self.iter().map(T::show).collect()
    }

    fn read(shown: Vec<T::As>) -> Vec<T> {
        shown.into_iter().map(T::read).collect()
    }
}

impl<T: Shown> Shown for Option<T> {
    type As = Option<T::As>;

    fn show(&self) -> Option<T::As> {
        self.as_ref().map(T::show)
    }

    fn read(shown: Option<T::As>) -> Option<T> {
        shown.map(T::read)
    }
}

impl<A: Shown, B: Shown> Shown for (A, B) {
    type As = (A::As, B::As);

    fn show(&self) -> (A::As, B::As) {
        (self.0.show(), self.1.show())
    }

    fn read((a, b): (A::As, B::As)) -> (A, B) {
        (A::read(a), B::read(b))
    }
}

/// A number beyond 64 bits, as a string of digits: most readers of JSON would round it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digits<T>(T);

impl<T: ToString> Serialize for Digits<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string())
    }
}

impl<'de, T: std::str::FromStr> Deserialize<'de> for Digits<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Digits<T>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || D::Error::custom(format_args!("`{text}` is no whole number in digits that fits"));
        text.parse().map(Digits).map_err(|_| wrong())
    }
}

macro_rules! digits {
    ($($name:ty),*) => {
        $(impl Shown for $name {
            type As = Digits<$name>;

            fn show(&self) -> Digits<$name> {
                Digits(*self)
            }

            fn read(shown: Digits<$name>) -> $name {
                shown.0
            }
        })*
    };
}

digits!(i128, u128);

/// A struct that stands as an object with the same fields; a new field does not compile until it stands here.
macro_rules! shown_struct {
    ($($name:ident as $shown:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(
            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(super) struct $shown {
                $($field: <$type as Shown>::As,)*
            }

            impl Shown for $name {
                type As = $shown;

                fn show(&self) -> $shown {
                    let $name { $($field),* } = self;
                    $shown { $($field: $field.show()),* }
                }

                fn read(shown: $shown) -> $name {
                    $name { $($field: Shown::read(shown.$field)),* }
                }
            }
        )*
    };
}

/// An enum that stands as an object with the variant as its only key, below it the fields; `place` stands for a field
/// without a name.
macro_rules! shown_enum {
    ($($name:ident as $shown:ident { $($variant:ident { $($place:tt = $field:ident: $type:ty),* }),* $(,)? })*) => {
        $(
            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(deny_unknown_fields, rename_all = "snake_case")]
            pub(super) enum $shown {
                $($variant { $($field: <$type as Shown>::As),* },)*
            }

            impl Shown for $name {
                type As = $shown;

                fn show(&self) -> $shown {
                    match self {
                        $($name::$variant { $($place: $field),* } => $shown::$variant { $($field: $field.show()),* },)*
                    }
                }

                fn read(shown: $shown) -> $name {
                    match shown {
                        $($shown::$variant { $($field),* } => $name::$variant { $($place: Shown::read($field)),* },)*
                    }
                }
            }
        )*
    };
}

/// An enum without fields that stands as a word.
macro_rules! shown_word {
    ($($name:ident as $shown:ident { $($variant:ident),* $(,)? })*) => {
        $(
            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(rename_all = "snake_case")]
            pub(super) enum $shown {
                $($variant,)*
            }

            impl Shown for $name {
                type As = $shown;

                fn show(&self) -> $shown {
                    match self {
                        $($name::$variant => $shown::$variant,)*
                    }
                }

                fn read(shown: $shown) -> $name {
                    match shown {
                        $($shown::$variant => $name::$variant,)*
                    }
                }
            }
        )*
    };
}

pub(super) use {shown_enum, shown_struct, shown_word};
