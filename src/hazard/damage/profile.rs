//! The coefficients of damage, relation by relation, from TOML as in `scenarios/kansai/damage_profile.toml`.
//!
//! Strict: every relation says where it comes from and whether it is illustrative; a key that nothing reads, a key missing,
//! a number out of range or shares that are more than all, and there is no profile. The first fault is named with its line
//! and character. Absent on purpose: files, and what the relations are used for.

mod reading;
mod section;

pub use reading::read;

use super::relation::{Curve, Span, Steps};

/// Where one relation comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Its name in the file.
    pub name: &'static str,
    /// Where it comes from.
    pub source: String,
    /// Whether it is of the right form and size only: for drills, never for a plan.
    pub is_illustrative: bool,
}

/// Why a text is no profile of damage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, character {character}: {entry}: {problem}")]
pub struct FileFault {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub character: u32,
    /// The key with its tables.
    pub entry: String,
    /// What is wrong.
    pub problem: FileProblem,
}

/// What is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// Not TOML.
    #[error("{message}")]
    Form {
        /// What the parser said.
        message: String,
    },
    /// A key that has to be there.
    #[error("is missing; state it")]
    Missing,
    /// A key that nothing reads.
    #[error("nothing reads this{}", near.as_ref().map(|near| format!("; did you mean \"{near}\"")).unwrap_or_default())]
    UnknownKey {
        /// The key most like it.
        near: Option<String>,
    },
    /// A value that cannot be.
    #[error("{stands} cannot be; state {expected}")]
    Value {
        /// What stands there.
        stands: String,
        /// What may.
        expected: String,
    },
    /// A row that does not come after the one before it.
    #[error("has to be more than in the row before")]
    NotAscending,
    /// Shares that do not make up all.
    #[error("the shares come to {permille} thousandths; they have to be 1000 together")]
    NotAll {
        /// What they come to.
        permille: u32,
    },
    /// A span that ends before it begins.
    #[error("{from} is more than {to}; begin with the smaller one")]
    Backwards {
        /// Its first number.
        from: u32,
        /// Its last.
        to: u32,
    },
}

/// All coefficients of damage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    relations: Vec<Relation>,
    pub(super) stock: Stock,
    pub(super) wooden: Collapse,
    pub(super) other: Collapse,
    pub(super) indoors_permille: Steps,
    pub(super) deaths: Deaths,
    pub(super) injured_per_collapsed_wooden_micro: u32,
    pub(super) serious_micro: u32,
    pub(super) furniture: Furniture,
    pub(super) water: Water,
    pub(super) power: Power,
    pub(super) leave: Leave,
    pub(super) distress_permille: Steps,
    pub(super) shelter_permille: Steps,
    pub(super) hospital: Hospital,
    pub(super) points: Points,
    pub(super) bridge: Bridge,
    pub(super) bridge_old_permille: u32,
    pub(super) bridge_repair: BridgeRepair,
    pub(super) mountain: Break,
    pub(super) tunnel: Break,
    pub(super) expressway: Expressway,
    pub(super) site: Loss,
    pub(super) depot: Loss,
    pub(super) base: Loss,
}

/// How many buildings there are, and who lives in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stock {
    pub(super) wooden_per_1000: u32,
    pub(super) other_per_1000: u32,
    pub(super) people_in_wooden_permille: u32,
}

/// How buildings collapse: part by part of the stock, by the year that they were built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Collapse {
    pub(super) ages: Vec<Age>,
    pub(super) half_earlier_centi: u32,
}

/// A part of the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Age {
    pub(super) share_permille: u32,
    pub(super) full: Curve,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deaths {
    pub(super) wooden_micro: u32,
    pub(super) other_micro: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Furniture {
    pub(super) injured_micro: Steps,
    pub(super) serious_permille: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Water {
    pub(super) pipe_micro_per_km: u32,
    pub(super) pipe_from_cm_s: u32,
    pub(super) pipe_exponent_milli: u32,
    pub(super) cut_factor_milli: u32,
    pub(super) cut_exponent_milli: u32,
    pub(super) time_constant_h: Steps,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Power {
    pub(super) cut: Curve,
    pub(super) time_constant_h: Steps,
}

/// Who leaves a damaged home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leave {
    pub(super) full_permille: u32,
    pub(super) half_permille: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hospital {
    pub(super) out_permille: Steps,
    pub(super) beds_lost_permille: Steps,
    pub(super) beds_where_unknown: u32,
    pub(super) back_days: Span,
}

/// Damage of roads by length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Points {
    pub(super) main_per_1000_km: Steps,
    pub(super) other_per_1000_km: Steps,
    pub(super) blocking_permille: u32,
    pub(super) repair_h: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bridge {
    pub(super) from_centi: u32,
    pub(super) old_heavy_permille: u32,
    pub(super) old_medium_permille: u32,
    pub(super) new_heavy_permille: u32,
    pub(super) new_medium_permille: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BridgeRepair {
    pub(super) heavy_h: Span,
    pub(super) inspection_h: Span,
}

/// Something that breaks by the intensity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Break {
    pub(super) closed_permille: Steps,
    pub(super) repair_h: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expressway {
    pub(super) from_centi: u32,
    pub(super) inspection_h: Span,
}

/// Something that is lost for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) lost: Curve,
    pub(super) back_days: Span,
}

impl Profile {
    /// Every relation with its source, in the order in which they are read.
    #[must_use]
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }
}
