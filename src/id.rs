//! Identifiers: stable, recorded, readable. Dense indices live inside each `Problem`, never here.
//!
//! Resource names follow AIP-122: `members/hyogo/assets/heli-toyooka`. In a drill space every printed name
//! carries the space in front (`drill/kansai/members/...`), which `service` adds and takes off: inside one
//! space the identifiers below are enough.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Longest slug, in bytes: the limit of a DNS label, which AIP-122 recommends.
pub const SLUG_BYTES_MAX: usize = 63;

/// One segment of a resource name: lower-case letters, digits and hyphens; begins and ends with a letter or digit.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Slug(Arc<str>);

/// A text that is not a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A segment has a wrong form.
    #[error("\"{segment}\" is not a name segment; use 1 to 63 of a-z, 0-9 and hyphen, not at either end")]
    Segment {
        /// The offending segment, shortened.
        segment: String,
    },
    /// The name does not have the segments that its kind requires.
    #[error("\"{name}\" is not of the form {pattern}")]
    Pattern {
        /// The offending name, shortened.
        name: String,
        /// The form it should have.
        pattern: &'static str,
    },
}

/// Cuts hostile input down before it goes into a message.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

impl Slug {
    /// The text of the segment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ord for Slug {
    /// By its bytes. Names of one state mostly share the text of their member, which then need not be read.
    fn cmp(&self, other: &Slug) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl PartialOrd for Slug {
    fn partial_cmp(&self, other: &Slug) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Slug {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Slug, IdError> {
        let inner = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
        let bytes = text.as_bytes();
        let ends_well = bytes.first() != Some(&b'-') && bytes.last() != Some(&b'-');
        if (1..=SLUG_BYTES_MAX).contains(&bytes.len()) && ends_well && bytes.iter().all(inner) {
            Ok(Slug(Arc::from(text)))
        } else {
            Err(IdError::Segment { segment: shortened(text) })
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Defines the identifier of a top-level collection.
macro_rules! root_id {
    ($(#[$doc:meta])* $name:ident, $collection:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Slug);

        impl $name {
            /// The form of the resource name.
            pub const PATTERN: &'static str = concat!($collection, "/*");

            /// The last segment.
            #[must_use]
            pub fn slug(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(name: &str) -> Result<$name, IdError> {
                match name.strip_prefix(concat!($collection, "/")) {
                    Some(slug) => Ok($name(slug.parse()?)),
                    None => Err(IdError::Pattern { name: shortened(name), pattern: $name::PATTERN }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($collection, "/{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

/// The member and the last segment of `members/*` + `collection` + `*`; every record names several.
fn child_of_member<'a>(name: &'a str, collection: &str) -> Option<(&'a str, &'a str)> {
    let rest = name.strip_prefix("members/")?;
    let (member, rest) = rest.split_at(rest.bytes().position(|byte| byte == b'/')?);
    let slug = rest.strip_prefix(collection)?;
    (!slug.bytes().any(|byte| byte == b'/')).then_some((member, slug))
}

/// Defines the identifier of a collection under a member.
macro_rules! member_child_id {
    ($(#[$doc:meta])* $name:ident, $collection:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            /// The member whose ledger holds it.
            pub member: MemberId,
            /// The last segment of its name.
            pub slug: Slug,
        }

        impl $name {
            /// The form of the resource name.
            pub const PATTERN: &'static str = concat!("members/*/", $collection, "/*");

            /// Puts the two segments together.
            #[must_use]
            pub fn new(member: &MemberId, slug: Slug) -> $name {
                $name { member: member.clone(), slug }
            }

            /// The ledger that holds it.
            #[must_use]
            pub fn ledger(&self) -> LedgerId {
                LedgerId::Member(self.member.clone())
            }

            /// Reads a name as [`str::parse`] does; one under the member `near` shares that one's text.
            ///
            /// # Errors
            /// [`IdError`] where it is no such name.
            pub fn parse_near(name: &str, near: Option<&MemberId>) -> Result<$name, IdError> {
                let Some((member, slug)) = child_of_member(name, concat!("/", $collection, "/")) else {
                    return Err(IdError::Pattern { name: shortened(name), pattern: $name::PATTERN });
                };
                let member = match near {
                    Some(near) if near.slug() == member => near.clone(),
                    Some(_) | None => MemberId(member.parse()?),
                };
                Ok($name { member, slug: slug.parse()? })
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(name: &str) -> Result<$name, IdError> {
                $name::parse_near(name, None)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{}/", $collection, "/{}"), self.member, self.slug)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

root_id! {
    /// A member of the union, or a linked body that keeps a ledger of its own: `members/hyogo`.
    MemberId, "members"
}
root_id! {
    /// A field of the union's work, whose office keeps a ledger: `fields/medical`.
    FieldId, "fields"
}
root_id! {
    /// A named bridge, tunnel or other structure of the road network: `structures/onaruto-bridge`.
    StructureId, "structures"
}
root_id! {
    /// A region that weather is reported for: `weatherRegions/kii-mountains`.
    WeatherRegionId, "weatherRegions"
}
root_id! {
    /// A kind of goods that the union counts in one unit: `commodities/water`.
    CommodityId, "commodities"
}
root_id! {
    /// A plan of who sends what to whom: `plans/p-1`.
    PlanId, "plans"
}
root_id! {
    /// A decided pair of supporters and a municipality: `pairs/pair-1`.
    PairId, "pairs"
}
member_child_id! {
    /// A body that owns, operates or requests: a fire department, a hospital's CS room, an operator.
    OrganisationId, "organisations"
}
member_child_id! {
    /// A helicopter, ambulance start or doctor car, under its custodian's member.
    AssetId, "assets"
}
member_child_id! {
    /// A place where a helicopter may land.
    SiteId, "sites"
}
member_child_id! {
    /// A hospital that receives patients.
    HospitalId, "hospitals"
}
member_child_id! {
    /// A call for help, under the member that makes it.
    RequestId, "requests"
}
member_child_id! {
    /// What a committed asset does, under its custodian's member.
    MissionId, "missions"
}
member_child_id! {
    /// Something that its owner volunteers, under the custodian's member.
    OfferId, "offers"
}
member_child_id! {
    /// A closure, a slow-down or an opened link of the roads, under the member that reports it.
    RestrictionId, "restrictions"
}
member_child_id! {
    /// A named person's order that lets the next candidate be asked without a key press.
    StandingOrderId, "standingOrders"
}
member_child_id! {
    /// An area that may not be flown through, under the member that reported it.
    NoFlyAreaId, "noFlyAreas"
}
member_child_id! {
    /// A place where goods are handed on, under the member that runs it.
    DepotId, "depots"
}
member_child_id! {
    /// Vehicles of one class that go out from one depot.
    FleetId, "fleets"
}
member_child_id! {
    /// What is needed at one place, under the member that states it.
    NeedId, "needs"
}

/// Whose ledger: a member's own, or that of a field of the union.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerId {
    /// The ledger of a member.
    Member(MemberId),
    /// The ledger of a field's office.
    Field(FieldId),
}

impl fmt::Display for LedgerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LedgerId::Member(member) => member.fmt(f),
            LedgerId::Field(field) => field.fmt(f),
        }
    }
}

impl fmt::Debug for LedgerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for LedgerId {
    type Err = IdError;
    fn from_str(name: &str) -> Result<LedgerId, IdError> {
        if name.starts_with("fields/") {
            name.parse().map(LedgerId::Field)
        } else {
            name.parse().map(LedgerId::Member)
        }
    }
}

/// The world a ledger belongs to; nothing ever crosses from one to another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// Real operations, on the wall clock.
    Live,
    /// An exercise; the only place for scenarios and virtual clocks.
    Drill(Slug),
}

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Space::Live => f.write_str("live"),
            Space::Drill(name) => write!(f, "drill/{name}"),
        }
    }
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Space {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Space, IdError> {
        match text.strip_prefix("drill/") {
            Some(name) => Ok(Space::Drill(name.parse()?)),
            None if text == "live" => Ok(Space::Live),
            None => Err(IdError::Pattern { name: shortened(text), pattern: "live or drill/*" }),
        }
    }
}

/// One ask of one aircraft: the `attempt`-th try for the `number`-th aircraft of a request. Both count from 1.
///
/// It is the key of everything that an ask leaves in any ledger: the attempt, the hold, the leases, the mission.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequisitionId {
    /// The request that asks.
    pub request: RequestId,
    /// Which of the aircraft that the scene was given.
    pub number: u16,
    /// Which try for it.
    pub attempt: u16,
}

impl RequisitionId {
    /// The form of the resource name.
    pub const PATTERN: &'static str = "members/*/requests/*/requisitions/NUMBER-ATTEMPT";
}

impl fmt::Display for RequisitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/requisitions/{}-{}", self.request, self.number, self.attempt)
    }
}

impl fmt::Debug for RequisitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RequisitionId {
    type Err = IdError;
    fn from_str(name: &str) -> Result<RequisitionId, IdError> {
        RequisitionId::parse_near(name, None)
    }
}

impl RequisitionId {
    /// Reads a name as [`str::parse`] does; one under the member `near` shares that one's text.
    ///
    /// # Errors
    /// [`IdError`] where it is no such name.
    pub fn parse_near(name: &str, near: Option<&MemberId>) -> Result<RequisitionId, IdError> {
        let pattern = || IdError::Pattern { name: shortened(name), pattern: RequisitionId::PATTERN };
        let (request, rest) = name.rsplit_once("/requisitions/").ok_or_else(pattern)?;
        let (number, attempt) = rest.split_once('-').ok_or_else(pattern)?;
        let count = |text: &str| match text.parse::<u16>() {
            Ok(count) if count > 0 && count.to_string() == text => Ok(count),
            _ => Err(pattern()),
        };
        let request = RequestId::parse_near(request, near)?;
        Ok(RequisitionId { request, number: count(number)?, attempt: count(attempt)? })
    }
}

/// One shipment of a plan; numbers count from 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShipmentId {
    /// The plan that proposed it.
    pub plan: PlanId,
    /// Which of its shipments.
    pub number: u32,
}

impl ShipmentId {
    /// The form of the resource name.
    pub const PATTERN: &'static str = "plans/*/shipments/NUMBER";
}

impl fmt::Display for ShipmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/shipments/{}", self.plan, self.number)
    }
}

impl fmt::Debug for ShipmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ShipmentId {
    type Err = IdError;
    fn from_str(name: &str) -> Result<ShipmentId, IdError> {
        let pattern = || IdError::Pattern { name: shortened(name), pattern: ShipmentId::PATTERN };
        let (plan, number) = name.rsplit_once("/shipments/").ok_or_else(pattern)?;
        let plan = plan.parse()?;
        match number.parse::<u32>() {
            Ok(count) if count > 0 && count.to_string() == number => Ok(ShipmentId { plan, number: count }),
            _ => Err(pattern()),
        }
    }
}

/// One commodity in one depot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StockId {
    /// Where.
    pub depot: DepotId,
    /// Of what.
    pub commodity: CommodityId,
}

impl StockId {
    /// The form of the resource name.
    pub const PATTERN: &'static str = "members/*/depots/*/stocks/*";

    /// Puts the two together.
    #[must_use]
    pub fn new(depot: &DepotId, commodity: &CommodityId) -> StockId {
        StockId { depot: depot.clone(), commodity: commodity.clone() }
    }
}

impl fmt::Display for StockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/stocks/{}", self.depot, self.commodity.slug())
    }
}

impl fmt::Debug for StockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for StockId {
    type Err = IdError;
    fn from_str(name: &str) -> Result<StockId, IdError> {
        let pattern = || IdError::Pattern { name: shortened(name), pattern: StockId::PATTERN };
        let (depot, commodity) = name.rsplit_once("/stocks/").ok_or_else(pattern)?;
        Ok(StockId { depot: depot.parse()?, commodity: CommodityId(commodity.parse()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_as_printed() {
        for name in ["members/hyogo/assets/heli-toyooka", "members/osaka-city/assets/1"] {
            assert_eq!(name.parse::<AssetId>().unwrap().to_string(), name);
        }
        let name = "members/hyogo/requests/r-1/requisitions/2-13";
        assert_eq!(name.parse::<RequisitionId>().unwrap().to_string(), name);
        let name = "plans/p-1/shipments/12";
        assert_eq!(name.parse::<ShipmentId>().unwrap().to_string(), name);
        let name = "members/hyogo/depots/miki/stocks/water";
        assert_eq!(name.parse::<StockId>().unwrap().to_string(), name);
        for name in ["members/hyogo", "fields/medical"] {
            assert_eq!(name.parse::<LedgerId>().unwrap().to_string(), name);
        }
        for space in ["live", "drill/kansai"] {
            assert_eq!(space.parse::<Space>().unwrap().to_string(), space);
        }
    }

    #[test]
    fn names_stand_in_the_order_of_their_text_whether_or_not_they_share_it() {
        let names = ["a", "a-b", "a0", "ab", "b", "r-1", "r-10", "r-2"];
        let slugs: Vec<Slug> = names.iter().map(|name| name.parse().unwrap()).collect();
        for (one, text) in slugs.iter().zip(names) {
            for (other, other_text) in slugs.iter().zip(names) {
                assert_eq!(one.cmp(other), text.cmp(other_text), "{one} and {other}");
                assert_eq!(one.cmp(&other_text.parse().unwrap()), text.cmp(other_text), "{one} and {other}");
            }
        }
    }

    #[test]
    fn a_hostile_name_is_refused_and_cut_short() {
        let long = "x".repeat(100_000);
        for name in ["", "/", "members", "members/", "members/Hyogo", "members/-a", "members/a/b", &long] {
            assert!(name.parse::<MemberId>().is_err(), "{name}");
        }
        for name in ["members/a/assets/b/c", "members//assets/b", "members/a/sites/b", "members/a/assets/.."]
        {
            assert!(name.parse::<AssetId>().is_err(), "{name}");
        }
        for rest in ["0-1", "1-0", "1", "-1", "01-1", "+1-1", "1-65536"] {
            assert!(
                format!("members/a/requests/b/requisitions/{rest}").parse::<RequisitionId>().is_err(),
                "{rest}"
            );
        }
        assert!(long.parse::<MemberId>().unwrap_err().to_string().len() < 300);
    }
}
