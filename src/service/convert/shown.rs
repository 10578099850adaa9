//! One view as the wire shows it.

use super::names::Names;
use crate::api::v1::{self, change};
use crate::authority::View;
use crate::authority::duplicates::Scenes;
use crate::authority::twice::Duplicates;
use crate::decision::model::Name;
use crate::decision::touches::Resource;
use crate::id::StructureId;
use crate::units::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The named structures of the road network, with their names for people.
pub type Structures = BTreeMap<StructureId, Name>;

/// One view, with what is needed to show it. Cheap to make and to keep: everything is shared.
///
/// Sealed texts are never read here: those fields stay empty, and [`Desk`](crate::service::Desk) fills them in where
/// one resource is asked for by name.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is known.
    pub view: Arc<View>,
    /// Which requests may be one scene.
    pub scenes: Arc<Scenes>,
    /// The named structures of the road network.
    pub structures: Arc<Structures>,
    /// The present time.
    pub now: Timestamp,
    /// Names of the view's space.
    pub names: Names,
}

impl Shown {
    /// Any resource as `Watch` sends it; none when it is not known (any more).
    #[must_use]
    pub fn resource(&self, resource: &Resource) -> Option<v1::Change> {
        let resource = match resource {
            Resource::Member(id) => change::Resource::Member(self.member(id)?),
            Resource::Organisation(id) => change::Resource::Organisation(self.organisation(id)?),
            Resource::Asset(id) => change::Resource::Asset(self.asset(id)?),
            Resource::Site(id) => change::Resource::Site(self.site(id)?),
            Resource::Hospital(id) => change::Resource::Hospital(self.hospital(id)?),
            Resource::Agreement(area) => change::Resource::Agreement(self.agreement(area)?),
            Resource::Request(id) => change::Resource::Request(self.request(id)?),
            Resource::Requisition(id) => change::Resource::Requisition(self.requisition(id)?),
            Resource::Mission(id) => change::Resource::Mission(self.mission(id)?),
            Resource::Lease(id) => change::Resource::Lease(self.lease(id)?),
            Resource::Offer(id) => change::Resource::Offer(self.offer(id)?),
            Resource::StandingOrder(id) => change::Resource::StandingOrder(self.standing_order(id)?),
            Resource::Weather(region) => change::Resource::Weather(self.weather(region)?),
            Resource::Structure(id) => change::Resource::Structure(self.structure(id)?),
            Resource::Restriction(id) => change::Resource::Restriction(self.restriction(id)?),
            Resource::Commodity(id) => change::Resource::Commodity(self.commodity(id)?),
            Resource::Depot(id) => change::Resource::Depot(self.depot(id)?),
            Resource::Fleet(id) => change::Resource::Fleet(self.fleet(id)?),
            Resource::Stock(id) => change::Resource::Stock(self.stock(id)?),
            // Whether it is stated twice depends on all others: who wants to know that lists them.
            Resource::Need(id) => {
                change::Resource::Need(self.need_of(self.view.need(id)?, &Duplicates::default()))
            }
            Resource::Plan(id) => change::Resource::Plan(self.plan(id)?),
            Resource::Shipment(id) => change::Resource::Shipment(self.shipment(id)?),
            Resource::Pair(id) => change::Resource::Pair(self.pair(id)?),
            Resource::NoFlyArea(id) => change::Resource::NoFlyArea(self.no_fly_area(id)?),
        };
        Some(v1::Change { resource: Some(resource) })
    }
}
