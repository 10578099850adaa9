//! Names that a message refers to must stand for something: what is unknown is refused here, never passed over.
//!
//! Absent on purpose: names that a call *is about*; the ledger itself knows whether it has those.

use super::ServiceError;
use super::convert::{Reader, read, wire};
use super::desk::unknown;
use crate::api::v1;
use crate::authority::View;
use crate::decision::command::NewRequest;
use crate::decision::model::{Agreement, Asset, AssetChange, Hospital};
use crate::decision::rejection::Kind;
use crate::id::{AssetId, HospitalId, OrganisationId, SiteId, WeatherRegionId};
use crate::spelling::nearest;
use std::collections::BTreeSet;

type Checked = Result<(), ServiceError>;

/// A landing site that somebody registered.
pub(super) fn site(view: &View, id: &SiteId) -> Checked {
    view.site(id).map(|_| ()).ok_or_else(|| unknown(Kind::Site, id))
}

/// A hospital that somebody registered.
pub(super) fn hospital(view: &View, id: &HospitalId) -> Checked {
    view.hospital(id).map(|_| ()).ok_or_else(|| unknown(Kind::Hospital, id))
}

pub(super) fn asset(view: &View, id: &AssetId) -> Checked {
    view.asset(id).map(|_| ()).ok_or_else(|| unknown(Kind::Asset, id))
}

/// An asset that nobody registered, with the one whose name is nearest: of its own member first.
pub(super) fn unknown_asset(view: &View, asset: AssetId) -> ServiceError {
    let own = view.assets().filter(|(known, _)| known.id.member == asset.member);
    let (own, all): (Vec<_>, Vec<_>) = (own.collect(), view.assets().collect());
    let near = [own, all].into_iter().find_map(|known| {
        let near = nearest(asset.slug.as_str(), known.iter().map(|(known, _)| known.id.slug.as_str()))?;
        known.into_iter().find(|(known, _)| known.id.slug.as_str() == near).map(|(known, _)| known.id.clone())
    });
    ServiceError::UnknownAsset { asset, nearest: near }
}

fn organisation(view: &View, id: &OrganisationId) -> Checked {
    let known = view.state(&id.ledger()).is_some_and(|state| state.organisations.contains_key(id));
    if known { Ok(()) } else { Err(unknown(Kind::Organisation, id)) }
}

/// The pinned site, the hospitals and the origin of a call for help.
pub(super) fn request(view: &View, request: &NewRequest) -> Checked {
    request.site.iter().try_for_each(|id| site(view, id))?;
    request.origin.iter().chain(&request.hospitals).try_for_each(|id| hospital(view, id))
}

/// The bodies behind an asset, and the site that is its base.
pub(super) fn new_asset(view: &View, asset: &Asset) -> Checked {
    let bodies = [Some(&asset.custodian), asset.owner.as_ref(), asset.operator.as_ref()];
    bodies.into_iter().flatten().try_for_each(|id| organisation(view, id))?;
    asset.base_site.iter().try_for_each(|id| site(view, id))
}

/// The bodies and the site that an asset is to have from now on.
pub(super) fn asset_changes(view: &View, changes: &[AssetChange]) -> Checked {
    changes.iter().try_for_each(|change| match change {
        AssetChange::Owner(Some(id)) | AssetChange::Operator(Some(id)) => organisation(view, id),
        AssetChange::BaseSite(Some(id)) => site(view, id),
        _ => Ok(()),
    })
}

/// The body that answers for a hospital, and the site that is its pad.
pub(super) fn new_hospital(view: &View, hospital: &Hospital) -> Checked {
    hospital.organisation.iter().try_for_each(|id| organisation(view, id))?;
    let pad = hospital.pad.as_ref().and_then(|pad| pad.site.as_ref());
    pad.into_iter().try_for_each(|id| site(view, id))
}

/// The area and the aircraft of an agreement.
pub(super) fn new_agreement(view: &View, agreement: &Agreement) -> Checked {
    organisation(view, &agreement.area)?;
    agreement.order.iter().try_for_each(|row| asset(view, &row.asset))
}

/// A weather region that an asset, a landing site or a hospital names: a report of any other would reach nobody.
pub(super) fn region(view: &View, region: &WeatherRegionId) -> Checked {
    // Few hospitals, many sites: a region that is known is mostly found among the first.
    if regions(view).any(|known| known == region) {
        return Ok(());
    }
    let known: BTreeSet<&WeatherRegionId> = regions(view).collect();
    let near = nearest(region.slug(), known.iter().map(|known| known.slug()));
    let nearest = known.into_iter().find(|known| near.as_deref() == Some(known.slug())).cloned();
    Err(ServiceError::UnknownRegion { region: region.clone(), nearest })
}

/// The region of every hospital, then of every asset, then of every landing site; the same one many times.
fn regions(view: &View) -> impl Iterator<Item = &WeatherRegionId> {
    let hospitals = view.states().flat_map(|state| state.hospitals.values()).map(|hospital| &hospital.region);
    let assets = view.states().flat_map(|state| state.assets.values()).map(|asset| &asset.region);
    let sites = view.states().flat_map(|state| state.sites.values()).map(|site| &site.region);
    hospitals.chain(assets).chain(sites)
}

/// A call that says from which hospital but not where: the patient lies in that hospital.
pub(super) fn with_position(
    reader: &Reader,
    view: &View,
    mut request: v1::Request,
) -> Result<v1::Request, ServiceError> {
    read::position_opt("request.position", request.position)?;
    let origin: Option<HospitalId> = reader.name_opt("request.origin_hospital", &request.origin_hospital)?;
    if let (None, Some(origin)) = (request.position, origin) {
        let (hospital, _) = view.hospital(&origin).ok_or_else(|| unknown(Kind::Hospital, &origin))?;
        request.position = Some(wire::position(hospital.position));
    }
    Ok(request)
}
