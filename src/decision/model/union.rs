//! Members, organisations, operating modes, agreements, standing orders.

use super::Name;
use crate::id::{AssetId, FieldId, MemberId, OrganisationId, StandingOrderId};
use crate::units::{Metres, Timestamp};

/// A member of the union, or a linked body beside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Member {
    /// Its name in the ledgers.
    pub id: MemberId,
    /// Its name for people.
    pub name: Name,
    /// What it is.
    pub kind: MemberKind,
    /// Date of joining, `YYYY-MM-DD`; empty for a linked body.
    pub joined_date: String,
    /// Fields of the union's work that it takes part in.
    pub fields: Vec<FieldId>,
    /// The telephone of its centre.
    pub telephone: String,
}

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberKind {
    /// A prefecture.
    Prefecture,
    /// One of the designated cities.
    City,
    /// Not a member: a neighbour or an agency that keeps a ledger here so that its offers can be seen.
    Linked,
}

/// A body under a member: a fire department, a hospital's CS room, an operator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Organisation {
    /// Its name in the ledgers.
    pub id: OrganisationId,
    /// Its name for people.
    pub name: Name,
    /// What it is, which decides what it may ask for.
    pub kind: OrganisationKind,
    /// Its telephone.
    pub telephone: String,
    /// JIS codes of the municipalities it serves: a fire department with its ambulances, a hospital with its doctor cars.
    pub municipalities: Vec<u32>,
}

/// What an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrganisationKind {
    /// A fire command: makes scene calls.
    FireDepartment,
    /// A hospital: asks for transfers, receives patients.
    Hospital,
    /// A base's communication specialist room: answers the hot line.
    Base,
    /// Flies and maintains aircraft.
    Operator,
    /// A headquarters: coordinates in a disaster.
    Headquarters,
    /// Another agency (police, coast guard, self-defence forces): volunteers capacity.
    Agency,
}

/// Which rules are in force for a member, and who set them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OperatingMode {
    /// The level.
    pub level: ModeLevel,
    /// The named person who set it.
    pub set_by: String,
}

/// Level of a member's operating mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModeLevel {
    /// Everyday rules: the agreements hold as written.
    Normal,
    /// A disaster is likely: as normal, and one doctor helicopter of each block stays.
    Alert,
    /// A disaster, in the given phase from 1.
    Disaster(u8),
}

/// Which aircraft is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ordering {
    /// As the agreement of the area says.
    AsAgreed,
    /// The fastest, whoever's it is.
    NearestFirst,
}

/// What a mode means for decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModeRules {
    /// Which aircraft is asked first.
    pub ordering: Ordering,
    /// Doctor helicopters that stay in each block.
    pub home_count_min: u16,
    /// Whether a headquarters may ask for patients beside fire departments and hospitals.
    pub headquarters_asks: bool,
}

impl ModeLevel {
    /// The rules of this level.
    ///
    /// Source: MHLW guideline of 31 March 2025 (the prefectural headquarters coordinates in a disaster; one doctor
    /// helicopter stays in each block). That it settles landing sites and fuel comes with identities: docs/adr/0004.
    #[must_use]
    pub fn rules(self) -> ModeRules {
        match self {
            ModeLevel::Normal => {
                ModeRules { ordering: Ordering::AsAgreed, home_count_min: 0, headquarters_asks: false }
            }
            ModeLevel::Alert => {
                ModeRules { ordering: Ordering::AsAgreed, home_count_min: 1, headquarters_asks: false }
            }
            ModeLevel::Disaster(_) => {
                ModeRules { ordering: Ordering::NearestFirst, home_count_min: 1, headquarters_asks: true }
            }
        }
    }
}

/// Who may be asked for the people of an area, in which order; a fact of the union's field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Agreement {
    /// The area that it is keyed by: one fire department.
    pub area: OrganisationId,
    /// Own first, nearest first, or as listed.
    pub rule: AgreementRule,
    /// The aircraft that may be asked, in order.
    pub order: Vec<AreaOrder>,
    /// Which text it comes from; shown with every decision that used it. One language is enough, none is too.
    pub clause: Name,
}

/// The two patterns of the agreements between prefectures (MHLW, 28 agreements in 40 prefectures), and the order tables
/// of the operating manuals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgreementRule {
    /// A neighbour is asked only when the own aircraft cannot go.
    OwnFirst,
    /// The nearest is asked, whoever's it is.
    NearestFirst,
    /// The own aircraft, then the others row by row of the list, however near they are.
    OrderList,
}

/// One row of an order list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AreaOrder {
    /// The aircraft.
    pub asset: AssetId,
    /// The area's own; the others are asked as back-up, or when they are nearest.
    pub own: bool,
    /// The farthest scene from its base that it may be asked for; none: its range decides.
    pub distance_max_m: Option<Metres>,
    /// How often it may be asked for this area in a calendar month; none: as often as needed.
    pub missions_month_max: Option<u16>,
}

/// A fire department's area as demand sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Area {
    /// The fire department.
    pub organisation: OrganisationId,
    /// Where its calls come from, on average.
    pub position: crate::units::Position,
    /// Calls for a doctor helicopter, in 1e-6 calls per hour, by local hour of the day (24 entries).
    pub calls_per_hour_e6: Vec<u32>,
    /// The block whose cover must not run empty.
    pub block: crate::id::Slug,
}

/// A named person's order that lets the next candidate be asked without a key press.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StandingOrder {
    /// Its name.
    pub id: StandingOrderId,
    /// Who answers for what is asked under it.
    pub answers_for: String,
    /// When it ends by itself.
    pub until: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl StandingOrder {
    /// Whether something may be asked under it at `at`.
    #[must_use]
    pub fn in_force(&self, at: Timestamp) -> bool {
        at < self.until && self.revoked_at.is_none()
    }
}
