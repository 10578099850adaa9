//! What there is: members, organisations, assets, landing sites, hospitals, agreements, offers, standing orders.
//!
//! Holds no policy: each call reads its message, hands one command to one ledger and shows what the view then holds.
//! With `validate_only` a creation answers with what would be created, any other verb with the resource as it stands.

mod agreements;
mod assets;
mod hospitals;
mod members;
mod offers;
mod organisations;
mod sites;

pub(super) use assets::{FILTER as ASSET_FILTER, values as asset_values};

use super::ServiceError;
use super::convert::Parent;
use super::desk::{Desk, unknown};
use super::rpc::serve;
use crate::api::v1;
use crate::authority::{MEDICAL, Union, View};
use crate::decision::State;
use crate::decision::rejection::{FieldProblem, Kind};
use crate::id::{LedgerId, MemberId, Slug};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Position};
use std::sync::Arc;

/// `yui.v1.RegistryService`.
#[derive(Debug)]
pub struct Registry<U> {
    desk: Arc<Desk<U>>,
}

impl<U> Registry<U> {
    /// The service at `desk`.
    #[must_use]
    pub fn new(desk: Arc<Desk<U>>) -> Registry<U> {
        Registry { desk }
    }
}

/// What a call answers.
type Answer<T> = Result<T, ServiceError>;

serve! {
    impl[U: Union] v1::registry_service_server::RegistryService, for Registry<U> {
        get_member(GetMemberRequest) -> Member;
        list_members(ListMembersRequest) -> ListMembersResponse;
        create_member(CreateMemberRequest) -> Member;
        set_operating_mode(SetOperatingModeRequest) -> Member;
        trust_clock(TrustClockRequest) -> TrustClockResponse;
        get_organisation(GetOrganisationRequest) -> Organisation;
        list_organisations(ListOrganisationsRequest) -> ListOrganisationsResponse;
        create_organisation(CreateOrganisationRequest) -> Organisation;
        get_asset(GetAssetRequest) -> Asset;
        list_assets(ListAssetsRequest) -> ListAssetsResponse;
        create_asset(CreateAssetRequest) -> Asset;
        update_asset(UpdateAssetRequest) -> Asset;
        search_nearest_assets(SearchNearestAssetsRequest) -> SearchNearestAssetsResponse;
        make_asset_available(MakeAssetAvailableRequest) -> Asset;
        take_asset_out_of_service(TakeAssetOutOfServiceRequest) -> Asset;
        start_asset_training(StartAssetTrainingRequest) -> Asset;
        plan_outage(PlanOutageRequest) -> Asset;
        cancel_outage(CancelOutageRequest) -> Asset;
        get_site(GetSiteRequest) -> Site;
        list_sites(ListSitesRequest) -> ListSitesResponse;
        create_site(CreateSiteRequest) -> Site;
        search_nearest_sites(SearchNearestSitesRequest) -> SearchNearestSitesResponse;
        get_hospital(GetHospitalRequest) -> Hospital;
        list_hospitals(ListHospitalsRequest) -> ListHospitalsResponse;
        create_hospital(CreateHospitalRequest) -> Hospital;
        search_nearest_hospitals(SearchNearestHospitalsRequest) -> SearchNearestHospitalsResponse;
        get_agreement(GetAgreementRequest) -> Agreement;
        list_agreements(ListAgreementsRequest) -> ListAgreementsResponse;
        adopt_agreement(AdoptAgreementRequest) -> Agreement;
        offer_asset(OfferAssetRequest) -> Offer;
        withdraw_offer(WithdrawOfferRequest) -> Offer;
        list_offers(ListOffersRequest) -> ListOffersResponse;
        give_standing_order(GiveStandingOrderRequest) -> StandingOrder;
        revoke_standing_order(RevokeStandingOrderRequest) -> StandingOrder;
        list_standing_orders(ListStandingOrdersRequest) -> ListStandingOrdersResponse;
    }
}

/// Most answers of a nearest search.
const NEAREST_MAX: i32 = 100;
/// Answers of a nearest search when the caller does not say.
const NEAREST_DEFAULT: i32 = 10;

/// The ledgers of members that a list looks into, by name.
pub(super) fn ledgers<'v>(view: &'v View, parent: &Parent) -> Answer<Vec<&'v State>> {
    if let Parent::Member(member) = parent
        && view.member_state(member).is_none()
    {
        return Err(unknown(Kind::Member, member));
    }
    let covered = |state: &&State| state.member().is_some_and(|member| parent.covers(member));
    Ok(view.states().filter(covered).collect())
}

/// How a parent is bound into a page token: without the space, so that both spellings are one query.
pub(super) fn parent_key(parent: &Parent) -> String {
    match parent {
        Parent::Any => "members/-".to_string(),
        Parent::Member(member) => member.to_string(),
    }
}

/// The ledger of the union's field that keeps members and agreements.
fn field_ledger(view: &View) -> Answer<LedgerId> {
    let medical = LedgerId::Field(MEDICAL.parse().expect("the name of the field is well formed"));
    match view.state(&medical).is_some_and(|state| state.field.is_some()) {
        true => Ok(medical),
        false => Err(unknown(Kind::Field, &medical)),
    }
}

impl<U: Union> Registry<U> {
    /// The member and the last segment under which something is to be created.
    fn new_child(&self, parent: &str, field: &str, id: &str) -> Answer<(MemberId, Slug)> {
        Ok((self.desk.reader().name("parent", parent)?, super::convert::read::slug(field, id)?))
    }
}

/// How many answers a nearest search gives.
fn nearest_count(count: i32) -> Answer<usize> {
    let got = i64::from(count);
    let problem = FieldProblem::OutOfRange { got, min: 0, max: i64::from(NEAREST_MAX) };
    let count = if count == 0 { NEAREST_DEFAULT } else { count };
    match usize::try_from(count) {
        Ok(wanted) if count <= NEAREST_MAX => Ok(wanted),
        _ => Err(ServiceError::field("count", problem)),
    }
}

/// The `count` nearest of `places` with their distances; the lower key on a tie.
///
/// A scan of the view: whatever was registered a moment ago is found, and the filter applies before the count.
///
/// # Complexity
/// O(n log n) for n places.
fn nearest<T, K: Ord>(
    at: Position,
    count: usize,
    places: impl Iterator<Item = (Position, T)>,
    key: impl Fn(&T) -> K,
) -> Vec<(Metres, T)> {
    let at = UnitVector::from(at);
    let mut found: Vec<(Metres, T)> =
        places.map(|(place, item)| (distance_m(at, place.into()), item)).collect();
    found.sort_by_cached_key(|(metres, item)| (*metres, key(item)));
    found.truncate(count);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_ties_go_by_name() {
        let at = |lon| Position::from_degrees(35.0, lon).unwrap();
        let places = [(at(135.3), "c"), (at(135.1), "b"), (at(135.1), "a"), (at(135.2), "d")];
        let found = nearest(at(135.0), 3, places.into_iter(), |name| *name);
        assert_eq!(found.iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["a", "b", "d"]);
        assert_eq!(found[0].0, found[1].0);
    }

    #[test]
    fn a_nearest_search_gives_ten_unless_told() {
        assert_eq!(nearest_count(0), Ok(10));
        assert_eq!(nearest_count(100), Ok(100));
        assert!(nearest_count(101).is_err() && nearest_count(-1).is_err());
    }
}
