//! What a change of the roads does to the rankings of open requests.

use super::{Answer, Network, beside};
use crate::allocator::ranking::InOrder;
use crate::api::v1;
use crate::authority::{Union, View};
use crate::decision::model::RequestState;
use crate::id::{AssetId, RequestId};
use crate::service::convert::{Names, wire};
use crate::units::{Seconds, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Open requests that are ranked again, the newest first: some milliseconds each, twice.
const REQUESTS_MAX: usize = 32;

/// Who brings care first to a request, by air or on the ground, and when it begins; none when nobody can help.
pub(super) type Best = BTreeMap<RequestId, Option<(AssetId, Seconds)>>;

impl<U: Union> Network<U> {
    /// The best candidate of each open request on `view`.
    pub(super) async fn best(&self, view: &Arc<View>, now: Timestamp) -> Answer<Best> {
        let (planner, view) = (Arc::clone(&self.planner), Arc::clone(view));
        beside(move || {
            let open = view.states().flat_map(|state| state.requests.values());
            let mut open: Vec<_> = open.filter(|request| request.state == RequestState::Open).collect();
            open.sort_by(|a, b| (b.called_at, &a.id).cmp(&(a.called_at, &b.id)));
            let best = open.into_iter().take(REQUESTS_MAX).filter_map(|request| {
                let ranked = planner.rank(&view, now, request, 1).ok()?;
                let names = &ranked.stated.names;
                let first = ranked.plan.in_order().first().map(|first| match first {
                    InOrder::Aircraft(candidate) => {
                        (names.aircraft[candidate.aircraft.index()].clone(), candidate.timeline.care_s)
                    }
                    InOrder::Ground(unit) => (names.ground[unit.unit.index()].clone(), unit.care_s),
                });
                Some((request.id.clone(), first))
            });
            Ok(best.collect())
        })
        .await
    }
}

/// What differs between two moments of the roads, by request.
pub(super) fn changed(before: &Best, now: &Best, names: &Names) -> Vec<v1::Reranked> {
    let asset = |best: &Option<(AssetId, Seconds)>| {
        best.as_ref().map(|(asset, _)| names.print(asset)).unwrap_or_default()
    };
    let care = |best: &Option<(AssetId, Seconds)>| best.as_ref().map(|(_, care_s)| wire::span(*care_s));
    let both = before.iter().filter_map(|(request, before)| Some((request, before, now.get(request)?)));
    both.filter(|(_, before, now)| before != now)
        .map(|(request, before, now)| v1::Reranked {
            request: names.print(request),
            best_before: asset(before),
            best_now: asset(now),
            care_before: care(before),
            care_now: care(now),
        })
        .collect()
}
