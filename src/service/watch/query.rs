//! What a watch shows: which kinds, whose, and everything of that in a view.

use crate::api::v1::WatchRequest;
use crate::authority::View;
use crate::decision::State;
use crate::decision::touches::Resource;
use crate::id::MemberId;
use crate::service::convert::Names;
use crate::service::refusal::Refusal;
use crate::service::status::status_of;
use std::collections::BTreeSet;
use std::fmt::Write;
use tonic::Status;

/// Kinds in a request: each once is enough, a few repeats are forgiven.
const KINDS_MAX: usize = 64;

/// The kinds as `Watch` names them.
const KINDS: [&str; 24] = [
    "agreement",
    "asset",
    "commodity",
    "depot",
    "fleet",
    "hospital",
    "lease",
    "member",
    "mission",
    "need",
    "no_fly_area",
    "offer",
    "organisation",
    "pair",
    "plan",
    "request",
    "requisition",
    "restriction",
    "shipment",
    "site",
    "standing_order",
    "stock",
    "structure",
    "weather",
];

/// What a watch shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// Empty: all.
    kinds: BTreeSet<&'static str>,
    /// None: all.
    member: Option<MemberId>,
}

impl Query {
    /// Reads the filters of a request.
    ///
    /// # Errors
    /// [`Refusal::UnknownKind`]; a member's name that is none, or one of another space.
    pub(super) fn read(names: &Names, request: &WatchRequest) -> Result<Query, Status> {
        let mut kinds = BTreeSet::new();
        let too_many = request.kinds.get(KINDS_MAX).into_iter();
        for kind in too_many.chain(&request.kinds) {
            match KINDS.iter().find(|known| *known == kind) {
                Some(known) if request.kinds.len() <= KINDS_MAX => kinds.insert(*known),
                _ => return Err(Refusal::UnknownKind { kind: kind.chars().take(80).collect() }.status()),
            };
        }
        let member = names.parse_opt("member", &request.member).map_err(|error| status_of(&error, names))?;
        Ok(Query { kinds, member })
    }

    /// The same query has the same text.
    pub(super) fn text(&self) -> String {
        let mut text = self.member.as_ref().map_or_else(String::new, ToString::to_string);
        for kind in &self.kinds {
            let _ = write!(text, ",{kind}");
        }
        text
    }

    /// Whether the watch shows `resource`.
    pub(super) fn shows(&self, view: &View, resource: &Resource) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.contains(kind_of(resource));
        kind && self.member.as_ref().is_none_or(|member| is_held_by(view, member, resource))
    }

    /// Everything in `view` that the watch shows, in a fixed order.
    pub(super) fn all(&self, view: &View) -> Vec<Resource> {
        let mut all = BTreeSet::new();
        for state in view.states() {
            gather(state, &mut all);
        }
        all.into_iter().filter(|resource| self.shows(view, resource)).collect()
    }
}

/// The kind of a resource as `Watch` names it.
fn kind_of(resource: &Resource) -> &'static str {
    match resource {
        Resource::Member(_) => "member",
        Resource::Organisation(_) => "organisation",
        Resource::Asset(_) => "asset",
        Resource::Site(_) => "site",
        Resource::Hospital(_) => "hospital",
        Resource::Agreement(_) => "agreement",
        Resource::Request(_) => "request",
        Resource::Requisition(_) => "requisition",
        Resource::Mission(_) => "mission",
        Resource::Lease(_) => "lease",
        Resource::Offer(_) => "offer",
        Resource::StandingOrder(_) => "standing_order",
        Resource::Weather(_) => "weather",
        Resource::Structure(_) => "structure",
        Resource::Restriction(_) => "restriction",
        Resource::NoFlyArea(_) => "no_fly_area",
        Resource::Commodity(_) => "commodity",
        Resource::Depot(_) => "depot",
        Resource::Fleet(_) => "fleet",
        Resource::Stock(_) => "stock",
        Resource::Need(_) => "need",
        Resource::Plan(_) => "plan",
        Resource::Pair(_) => "pair",
        Resource::Shipment(_) => "shipment",
    }
}

/// Whether the ledger of `member` holds `resource`, or its side of it: a requisition is held by who asks and by who is
/// asked. An agreement is held by a field's office, so by no member.
fn is_held_by(view: &View, member: &MemberId, resource: &Resource) -> bool {
    let state = || view.member_state(member);
    match resource {
        Resource::Member(id) => id == member,
        Resource::Organisation(id) => id.member == *member,
        Resource::Asset(id) => id.member == *member,
        Resource::Site(id) => id.member == *member,
        Resource::Hospital(id) => id.member == *member,
        Resource::Agreement(_) => false,
        Resource::Request(id) => id.member == *member,
        Resource::Requisition(id) => {
            id.request.member == *member || state().is_some_and(|state| state.holds.contains_key(id))
        }
        Resource::Mission(id) => id.member == *member,
        Resource::Lease(id) => state().is_some_and(|state| state.leases.contains_key(id)),
        Resource::Offer(id) => id.member == *member,
        Resource::StandingOrder(id) => id.member == *member,
        Resource::Weather(region) => state().is_some_and(|state| state.weather.contains_key(region)),
        Resource::Structure(id) => state().is_some_and(|state| state.closures.contains_key(id)),
        Resource::Restriction(id) => id.member == *member,
        Resource::NoFlyArea(id) => id.member == *member,
        Resource::Commodity(_) => false,
        Resource::Depot(id) => id.member == *member,
        Resource::Fleet(id) => id.member == *member,
        Resource::Stock(id) => id.depot.member == *member,
        Resource::Need(id) => id.member == *member,
        Resource::Plan(_) | Resource::Pair(_) => false,
        Resource::Shipment(id) => view.shipment(id).is_some_and(|tracked| {
            let shipment = tracked.shipment;
            [&shipment.sender, &shipment.receiver].into_iter().any(|depot| depot.member == *member)
        }),
    }
}

/// Adds every resource that a ledger holds.
fn gather(state: &State, all: &mut BTreeSet<Resource>) {
    if let Some(field) = &state.field {
        all.extend(field.members.keys().cloned().map(Resource::Member));
        all.extend(field.agreements.keys().cloned().map(Resource::Agreement));
        all.extend(field.commodities.keys().cloned().map(Resource::Commodity));
        all.extend(field.plans.keys().cloned().map(Resource::Plan));
        all.extend(field.pairs.keys().cloned().map(Resource::Pair));
        let shipments = field.plans.values().flat_map(|plan| &plan.shipments);
        all.extend(shipments.map(|shipment| Resource::Shipment(shipment.id.clone())));
    }
    all.extend(state.organisations.keys().cloned().map(Resource::Organisation));
    all.extend(state.assets.keys().cloned().map(Resource::Asset));
    all.extend(state.sites.keys().cloned().map(Resource::Site));
    all.extend(state.hospitals.keys().cloned().map(Resource::Hospital));
    all.extend(state.requests.keys().cloned().map(Resource::Request));
    let attempts = state.requests.values().flat_map(|request| request.attempts());
    all.extend(attempts.map(|(requisition, _)| Resource::Requisition(requisition)));
    all.extend(state.holds.keys().cloned().map(Resource::Requisition));
    all.extend(state.missions.keys().cloned().map(Resource::Mission));
    all.extend(state.leases.keys().cloned().map(Resource::Lease));
    all.extend(state.offers.keys().cloned().map(Resource::Offer));
    all.extend(state.standing_orders.keys().cloned().map(Resource::StandingOrder));
    all.extend(state.weather.keys().cloned().map(Resource::Weather));
    all.extend(state.closures.keys().cloned().map(Resource::Structure));
    all.extend(state.restrictions.keys().cloned().map(Resource::Restriction));
    all.extend(state.no_fly_areas.keys().cloned().map(Resource::NoFlyArea));
    all.extend(state.aid.depots.keys().cloned().map(Resource::Depot));
    all.extend(state.aid.fleets.keys().cloned().map(Resource::Fleet));
    all.extend(state.aid.stocks.keys().cloned().map(Resource::Stock));
    all.extend(state.aid.needs.keys().cloned().map(Resource::Need));
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::StatusExt;

    fn read(kinds: &[&str], member: &str) -> Result<Query, String> {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let request = WatchRequest { kinds, member: member.to_owned(), resume_token: Vec::new() };
        let names = Names::of("drill/kansai".parse().unwrap());
        Query::read(&names, &request).map_err(|status| status.get_details_error_info().unwrap().reason)
    }

    #[test]
    fn equal_queries_have_equal_texts_whatever_the_order() {
        let one = read(&["site", "asset"], "members/hyogo").unwrap();
        let other = read(&["asset", "site", "asset"], "drill/kansai/members/hyogo").unwrap();
        assert_eq!(one.text(), other.text());
        assert_ne!(one.text(), read(&["asset"], "members/hyogo").unwrap().text());
        assert_ne!(one.text(), read(&["asset", "site"], "").unwrap().text());
    }

    #[test]
    fn what_is_no_kind_and_no_member_is_refused() {
        for kinds in [vec!["Asset"], vec![""], vec!["asset"; KINDS_MAX + 1]] {
            assert_eq!(read(&kinds, "").unwrap_err(), "UNKNOWN_KIND", "{kinds:?}");
        }
        assert_eq!(read(&[&"x".repeat(9_999)], "").unwrap_err(), "UNKNOWN_KIND");
        for (member, expected) in [
            ("hyogo", "NAME_INVALID"),
            ("members/", "NAME_INVALID"),
            ("members/hyogo/assets/a", "NAME_INVALID"),
            ("drill/other/members/hyogo", "WRONG_SPACE"),
        ] {
            assert_eq!(read(&[], member).unwrap_err(), expected, "{member}");
        }
    }
}
