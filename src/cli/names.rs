//! Resource names as people type and read them: `hyogo/heli-toyooka` for `members/hyogo/assets/heli-toyooka`.
//!
//! The short form leaves out what the place of the word already says. What is printed can be typed back.
//! A full name is taken as well, with the drill space in front as the server prints it.

use super::args::ArgError;
use crate::id::{
    AssetId, CommodityId, DepotId, FieldId, FleetId, HospitalId, MemberId, MissionId, NeedId, NoFlyAreaId,
    OfferId, OrganisationId, PairId, PlanId, RequestId, RequisitionId, RestrictionId, ShipmentId, SiteId,
    StandingOrderId, StructureId, WeatherRegionId,
};
use std::str::FromStr;

/// Longest name that is looked at: a space, six segments of a DNS label's length, and their separators.
const NAME_BYTES_MAX: usize = 512;

/// Takes `drill/NAME/` or `live/` off a full name: the space as printed (`drill/kansai/`) or nothing, and the rest.
fn split_space(name: &str) -> (&str, &str) {
    let is_root = |rest: &str| {
        ["members/", "structures/", "weatherRegions/", "fields/", "commodities/", "plans/", "pairs/"]
            .iter()
            .any(|root| rest.starts_with(root))
    };
    let after_drill = name.strip_prefix("drill/").and_then(|rest| rest.split_once('/'));
    let after_space = after_drill.map(|(_, rest)| rest).or_else(|| name.strip_prefix("live/"));
    match after_space {
        Some(rest) if is_root(rest) => name.split_at(name.len() - rest.len()),
        _ => ("", name),
    }
}

/// The name of the drill space that a printed name carries.
#[must_use]
pub fn drill_of(name: &str) -> Option<&str> {
    let (space, _) = split_space(name);
    space.strip_prefix("drill/")?.strip_suffix('/')
}

/// The short form of a full name; anything else comes back as it is.
#[must_use]
pub fn short(name: &str) -> String {
    let (_, rest) = split_space(name);
    let segments: Vec<&str> = rest.split('/').collect();
    match segments[..] {
        ["members" | "structures" | "weatherRegions" | "commodities" | "plans" | "pairs", id] => {
            id.to_owned()
        }
        ["members", member, "requests", request, "requisitions", id] => format!("{member}/{request}/{id}"),
        ["plans", plan, "shipments", number] => format!("{plan}/{number}"),
        ["members", member, "depots", depot, "stocks", id] => format!("{member}/{depot}/{id}"),
        ["members", member, _, id] => format!("{member}/{id}"),
        _ => rest.to_owned(),
    }
}

/// The full name of `T`, from either form.
fn full<T: FromStr + ToString>(text: &str, long: &str, kind: Kind) -> Result<String, ArgError> {
    let cut: String = text.chars().take(80).collect();
    if text.len() > NAME_BYTES_MAX {
        return Err(kind.refuse(&cut));
    }
    let (space, rest) = split_space(text);
    let candidate = if rest.starts_with(kind.root) { rest.to_owned() } else { long.to_owned() };
    match candidate.parse::<T>() {
        Ok(id) => Ok(format!("{space}{}", id.to_string())),
        Err(_) => Err(kind.refuse(&cut)),
    }
}

/// What a name stands for, for its error.
#[derive(Clone, Copy)]
struct Kind {
    root: &'static str,
    ja: &'static str,
    en: &'static str,
    form: &'static str,
    example: &'static str,
}

impl Kind {
    fn refuse(self, text: &str) -> ArgError {
        let Kind { ja, en, form, example, .. } = self;
        ArgError::new(
            format!("「{text}」は{ja}の名前ではありません。{form} の形で書いてください(例 {example})"),
            format!("\"{text}\" is not the name of {en}; write {form}, such as {example}"),
        )
    }
}

/// Defines the reader of a collection at the root.
macro_rules! root_names {
    ($($(#[$doc:meta])* $name:ident: $id:ty, $collection:literal, $ja:literal, $en:literal, $example:literal;)+) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`ArgError`] when it has neither the short nor the full form.
        pub fn $name(text: &str) -> Result<String, ArgError> {
            let kind = Kind {
                root: concat!($collection, "/"), ja: $ja, en: $en, form: "NAME", example: $example,
            };
            full::<$id>(text, &format!(concat!($collection, "/{}"), text), kind)
        }
    )+};
}

/// Defines the reader of a collection under a member.
macro_rules! child_names {
    ($($(#[$doc:meta])* $name:ident: $id:ty, $collection:literal, $ja:literal, $en:literal, $example:literal;)+) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`ArgError`] when it has neither the short nor the full form.
        pub fn $name(text: &str) -> Result<String, ArgError> {
            let kind = Kind { root: "members/", ja: $ja, en: $en, form: "MEMBER/NAME", example: $example };
            let (member, slug) = text.split_once('/').unwrap_or((text, ""));
            full::<$id>(text, &format!(concat!("members/{}/", $collection, "/{}"), member, slug), kind)
        }
    )+};
}

root_names! {
    /// Reads the name of a member.
    member: MemberId, "members", "構成団体", "a member", "hyogo";
    /// Reads the name of a bridge, tunnel or other structure.
    structure: StructureId, "structures", "構造物", "a structure", "onaruto-bridge";
    /// Reads the name of a weather region.
    weather_region: WeatherRegionId, "weatherRegions", "気象区域", "a weather region", "inland-tamba";
    /// Reads the name of a commodity.
    commodity: CommodityId, "commodities", "物資", "a commodity", "water";
    /// Reads the name of a plan.
    plan: PlanId, "plans", "物資支援計画", "a plan", "p-1";
    /// Reads the name of a pair.
    pair: PairId, "pairs", "カウンターパート", "a pair", "pair-1";
    /// Reads the name of a field of the union's work.
    field: FieldId, "fields", "分野", "a field", "medical";
}

/// Reads the name of a ledger: a member's short or full name, or the full name of a field.
///
/// # Errors
/// [`ArgError`] when it is neither.
pub fn ledger(text: &str) -> Result<String, ArgError> {
    if split_space(text).1.starts_with("fields/") { field(text) } else { member(text) }
}

child_names! {
    /// Reads the name of an asset.
    asset: AssetId, "assets", "機体・車両", "an asset", "hyogo/heli-toyooka";
    /// Reads the name of a restriction of the roads.
    restriction: RestrictionId, "restrictions", "道路規制", "a restriction", "tokushima/r-1";
    /// Reads the name of a landing site.
    site: SiteId, "sites", "離着陸場", "a landing site", "hyogo/lz-tamba-01";
    /// Reads the name of an area that may not be flown through.
    no_fly_area: NoFlyAreaId, "noFlyAreas", "飛行禁止区域", "a no-fly area", "hyogo/film-crew";
    /// Reads the name of a depot.
    depot: DepotId, "depots", "物資拠点", "a depot", "hyogo/depot-miki";
    /// Reads the name of a fleet.
    fleet: FleetId, "fleets", "車両隊", "a fleet", "hyogo/lorry-4t-miki";
    /// Reads the name of a need.
    need: NeedId, "needs", "ニーズ", "a need", "wakayama/n-1";
    /// Reads the name of a hospital.
    hospital: HospitalId, "hospitals", "病院", "a hospital", "hyogo/hyogo-kakogawa";
    /// Reads the name of an organisation.
    organisation: OrganisationId, "organisations", "機関", "an organisation", "hyogo/fd-tamba";
    /// Reads the name of a request.
    request: RequestId, "requests", "要請", "a request", "hyogo/r-1";
    /// Reads the name of a mission.
    mission: MissionId, "missions", "任務", "a mission", "hyogo/m-1";
    /// Reads the name of an offer.
    offer: OfferId, "offers", "申出", "an offer", "hyogo/o-1";
    /// Reads the name of a standing order.
    standing_order: StandingOrderId, "standingOrders", "事前指示", "a standing order", "hyogo/night-watch";
}

/// Reads the name of a requisition: `hyogo/r-1/1-2` is the second ask for the first aircraft of `hyogo/r-1`.
///
/// # Errors
/// [`ArgError`] when it has neither the short nor the full form.
pub fn requisition(text: &str) -> Result<String, ArgError> {
    let kind = Kind {
        root: "members/",
        ja: "出動要請",
        en: "a requisition",
        form: "MEMBER/REQUEST/NUMBER-ATTEMPT",
        example: "hyogo/r-1/1-1",
    };
    let mut segments = text.splitn(3, '/');
    let mut next = || segments.next().unwrap_or_default();
    let long = format!("members/{}/requests/{}/requisitions/{}", next(), next(), next());
    full::<RequisitionId>(text, &long, kind)
}

/// Reads the name of a shipment: `p-1/3` is the third of `p-1`.
///
/// # Errors
/// [`ArgError`] when it has neither the short nor the full form.
pub fn shipment(text: &str) -> Result<String, ArgError> {
    let kind = Kind { root: "plans/", ja: "出荷", en: "a shipment", form: "PLAN/NUMBER", example: "p-1/3" };
    let (plan, number) = text.split_once('/').unwrap_or((text, ""));
    full::<ShipmentId>(text, &format!("plans/{plan}/shipments/{number}"), kind)
}

/// Reads a place to ask or to look at: a requisition, or the request that it belongs to.
///
/// # Errors
/// [`ArgError`] when it is neither.
pub fn request_or_requisition(text: &str) -> Result<String, ArgError> {
    requisition(text).or_else(|_| request(text))
}

/// Reads a member, or `-` for all of them.
///
/// # Errors
/// [`ArgError`] when it is neither.
pub fn parent(text: &str) -> Result<String, ArgError> {
    if text == "-" || text == ALL_MEMBERS { Ok(ALL_MEMBERS.to_owned()) } else { member(text) }
}

/// Every member, as a parent of a list.
pub const ALL_MEMBERS: &str = "members/-";

/// The member that a name stands under, and the last segment: what a create call wants of a checked name.
#[must_use]
pub fn parent_and_id(name: &str) -> (String, String) {
    let (space, rest) = split_space(name);
    let segments: Vec<&str> = rest.split('/').collect();
    match segments[..] {
        ["members", member, _, id, ..] => (format!("{space}members/{member}"), id.to_owned()),
        [.., id] => (String::new(), id.to_owned()),
        [] => (String::new(), String::new()),
    }
}

/// The request of a requisition, the number of the aircraft, and the attempt: `members/a/requests/b`, 2, 1.
#[must_use]
pub fn request_number_attempt(name: &str) -> (String, u32, Option<u32>) {
    let Some((request, rest)) = name.split_once("/requisitions/") else { return (name.to_owned(), 0, None) };
    let (number, attempt) = rest.split_once('-').unwrap_or((rest, ""));
    (request.to_owned(), number.parse().unwrap_or(0), attempt.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Reader = fn(&str) -> Result<String, ArgError>;

    #[test]
    fn a_short_name_means_the_full_one_and_prints_back() {
        let cases: [(Reader, &str, &str); 8] = [
            (member, "hyogo", "members/hyogo"),
            (asset, "hyogo/heli-toyooka", "members/hyogo/assets/heli-toyooka"),
            (site, "osaka-city/1", "members/osaka-city/sites/1"),
            (request, "hyogo/r-1", "members/hyogo/requests/r-1"),
            (requisition, "hyogo/r-1/2-13", "members/hyogo/requests/r-1/requisitions/2-13"),
            (structure, "onaruto-bridge", "structures/onaruto-bridge"),
            (weather_region, "inland-tamba", "weatherRegions/inland-tamba"),
            (asset, "drill/kansai", "members/drill/assets/kansai"),
        ];
        for (read, typed, wire) in cases {
            assert_eq!(read(typed).unwrap(), wire);
            assert_eq!(read(wire).unwrap(), wire);
            assert_eq!(short(wire), typed);
            let drill = format!("drill/kansai/{wire}");
            assert_eq!(read(&drill).unwrap(), drill);
            assert_eq!(short(&drill), typed);
            assert_eq!(drill_of(&drill), Some("kansai"));
            assert_eq!(drill_of(wire), None);
        }
    }

    #[test]
    fn a_name_of_another_kind_is_refused_with_the_form_it_should_have() {
        let long = "x".repeat(1_000_000);
        for name in
            ["", "/", "hyogo", "members/hyogo", "members/hyogo/sites/a", "a/b/c", "Hyogo/a", "🚁/a", &long]
        {
            let error = asset(name).unwrap_err();
            assert!(error.to_string().contains("hyogo/heli-toyooka"), "{error}");
            assert!(error.to_string().len() < 500);
        }
        for name in ["hyogo/r-1", "hyogo/r-1/0-1", "hyogo/r-1/1", "hyogo/r-1/1-1/x", "members/-"] {
            assert!(requisition(name).is_err(), "{name}");
        }
        assert_eq!(parent("-").unwrap(), ALL_MEMBERS);
        assert!(parent("-/x").is_err());
    }

    #[test]
    fn a_name_falls_apart_into_what_the_calls_want() {
        let apart = parent_and_id("drill/kansai/members/hyogo/assets/heli");
        assert_eq!(apart, ("drill/kansai/members/hyogo".to_owned(), "heli".to_owned()));
        assert_eq!(parent_and_id("members/hyogo"), (String::new(), "hyogo".to_owned()));
        let request = "members/hyogo/requests/r".to_owned();
        let apart = request_number_attempt("members/hyogo/requests/r/requisitions/3-9");
        assert_eq!(apart, (request.clone(), 3, Some(9)));
        assert_eq!(request_number_attempt(&request), (request.clone(), 0, None));
    }

    #[test]
    fn what_is_no_resource_name_prints_as_it_is() {
        for text in ["", "drill/kansai", "unauthenticated:desk", "members/a/b", "x/y/z/w/v"] {
            assert_eq!(short(text), text);
        }
    }
}
