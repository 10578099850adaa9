//! Which open requests may be one scene, and which were merged into which: an index over the merged view.
//!
//! Two fire commands often hear of the same accident. Nothing here joins requests; it only says which ones a person
//! should look at. Pure: equal views give equal answers, whatever the order in which they were read.

use super::{Union, View};
use crate::decision::model::{Request, RequestKind, RequestState};
use crate::decision::state::{Map, Set};
use crate::decision::touches::{Resource, Touched};
use crate::id::{LedgerId, RequestId};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Position, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Places farther apart than this are two scenes.
pub const SCENE_RADIUS_M: Metres = 1_000;
/// Calls farther apart in time than this are two incidents.
pub const SCENE_MILLIS: i64 = 30 * 60 * 1000;
/// How many a person is shown; an area full of calls is a disaster, where the list would help nobody.
pub const DUPLICATES_MAX: usize = 16;

/// Height of a band of latitude, 1e-7 degree: 0.01 degree is 1,112 m, so two places of one scene lie in the same
/// band or in neighbouring ones. Bands, not cells: they work at every longitude and at the poles.
const BAND_E7: i32 = 100_000;
const _: () = assert!(BAND_E7 as u32 as f64 * 0.011_119 > SCENE_RADIUS_M as f64);

/// Open scenes by place and time, and merged requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenes {
    /// How far each ledger was read.
    seen: BTreeMap<LedgerId, u64>,
    /// Open scenes, by band of latitude and time of the call.
    open: Map<(i32, Timestamp), Map<RequestId, UnitVector>>,
    /// Where each of them stands in `open`.
    places: Map<RequestId, (i32, Timestamp)>,
    /// (the one that goes on, the one that was merged into it).
    merged: Set<(RequestId, RequestId)>,
    /// (the one that was linked to, the one in whose ledger that stands).
    links: Set<(RequestId, RequestId)>,
}

impl Scenes {
    /// Nothing read yet.
    #[must_use]
    pub fn new() -> Scenes {
        Scenes {
            seen: BTreeMap::new(),
            open: Map::new_sync(),
            places: Map::new_sync(),
            merged: Set::new_sync(),
            links: Set::new_sync(),
        }
    }

    /// Reads a whole view.
    ///
    /// # Complexity
    /// O(n log n) over all requests of the view.
    #[must_use]
    pub fn of(view: &View) -> Scenes {
        let mut scenes = Scenes::new();
        for request in view.states().flat_map(|state| state.requests.values()) {
            scenes.note(request);
        }
        scenes.seen = view.seen().into_iter().collect();
        scenes
    }

    /// Catches up with what `union` knows now, and returns the view it caught up with.
    ///
    /// # Complexity
    /// O(log n) for each request touched since; all requests when that lies too far back to tell.
    pub fn refresh(&mut self, union: &impl Union) -> Arc<View> {
        let view = union.view();
        if view.ledgers.keys().any(|ledger| !self.seen.contains_key(ledger)) {
            *self = Scenes::of(&view);
            return view;
        }
        let behind =
            |(ledger, seen): (&LedgerId, &u64)| view.state(ledger).is_some_and(|s| s.sequence > *seen);
        if self.seen.iter().any(behind) {
            match union.touched_since(&self.seen) {
                Some(touched) => self.follow(&touched, &view),
                None => *self = Scenes::of(&view),
            }
        }
        view
    }

    /// Takes in what was touched. It was asked for after `view` was taken, so all that `view` shows is among it; what
    /// is newer waits for the next time.
    fn follow(&mut self, touched: &[Touched], view: &View) {
        for resource in touched.iter().flat_map(|touched| &touched.resources) {
            if let Resource::Request(id) = resource
                && let Some(request) = view.state(&id.ledger()).and_then(|state| state.requests.get(id))
            {
                self.note(request);
            }
        }
        self.seen = view.seen().into_iter().collect();
    }

    /// Puts a request where it belongs now.
    fn note(&mut self, request: &Request) {
        let place = (band(request.position), request.called_at);
        for other in &request.links {
            self.links.insert_mut((other.clone(), request.id.clone()));
        }
        if let Some(from) = &request.reopened_from {
            self.merged.remove_mut(&(from.clone(), request.id.clone()));
        }
        match (&request.state, scene_like(request.kind)) {
            (RequestState::Open, true) if !self.places.contains_key(&request.id) => {
                let mut here = self.open.get(&place).cloned().unwrap_or_else(Map::new_sync);
                here.insert_mut(request.id.clone(), request.position.into());
                self.open.insert_mut(place, here);
                self.places.insert_mut(request.id.clone(), place);
            }
            (RequestState::Open, _) => {}
            (RequestState::Merged { into }, _) => {
                self.merged.insert_mut((into.clone(), request.id.clone()));
                self.drop_place(&request.id);
            }
            (RequestState::Cancelled(_) | RequestState::Closed { .. }, _) => self.drop_place(&request.id),
        }
    }

    fn drop_place(&mut self, id: &RequestId) {
        let Some(place) = self.places.get(id).copied() else { return };
        self.places.remove_mut(id);
        if let Some(here) = self.open.get(&place) {
            let here = here.remove(id);
            if here.is_empty() {
                self.open.remove_mut(&place);
            } else {
                self.open.insert_mut(place, here);
            }
        }
    }

    /// Open requests that may be the scene of `request`, by name: within 1,000 m, called within 30 minutes, of a kind
    /// that has a scene, not linked by a person yet. At most [`DUPLICATES_MAX`]. Nothing for one that is not open.
    ///
    /// # Complexity
    /// O(log n + m) for m open requests in the same 3 km of latitude and the same hour; it stops at the limit.
    #[must_use]
    pub fn near(&self, request: &Request) -> Vec<RequestId> {
        if request.state != RequestState::Open || !scene_like(request.kind) {
            return Vec::new();
        }
        let linked = self.linked_to(&request.id);
        let at = UnitVector::from(request.position);
        let (band, called_at) = (band(request.position), request.called_at);
        let (first, last) = (called_at.plus_millis(-SCENE_MILLIS), called_at.plus_millis(SCENE_MILLIS));
        let mut near: Vec<RequestId> = (band - 1..=band + 1)
            .flat_map(|band| self.open.range((band, first)..=(band, last)))
            .flat_map(|(_, here)| here.iter())
            // Places first: numbers are compared sooner than names, and most are far away.
            .filter(|(_, place)| distance_m(at, **place) <= SCENE_RADIUS_M)
            .filter(|(id, _)| **id != request.id && !request.links.contains(id) && !linked.contains(id))
            .map(|(id, _)| id.clone())
            .take(DUPLICATES_MAX)
            .collect();
        near.sort();
        near
    }

    /// The requests that were merged into `request`, by name.
    #[must_use]
    pub fn merged_into(&self, request: &RequestId) -> Vec<RequestId> {
        of(&self.merged, request)
    }

    /// The requests in whose ledgers somebody linked them to `request`, by name.
    #[must_use]
    pub fn linked_to(&self, request: &RequestId) -> Vec<RequestId> {
        of(&self.links, request)
    }
}

/// The second halves of the pairs that begin with `request`.
fn of(pairs: &Set<(RequestId, RequestId)>, request: &RequestId) -> Vec<RequestId> {
    let least = RequestId {
        member: crate::id::MemberId("0".parse().expect("a slug")),
        slug: "0".parse().expect("a slug"),
    };
    let of = pairs.range((request.clone(), least)..).take_while(|(first, _)| first == request);
    of.map(|(_, second)| second.clone()).collect()
}

impl Default for Scenes {
    fn default() -> Scenes {
        Scenes::new()
    }
}

/// Open requests of `view` that may be the scene of `request`, worked out anew: the oracle of a [`Scenes`] that is kept.
#[cfg(test)]
fn possible_duplicates(view: &View, request: &Request) -> Vec<RequestId> {
    Scenes::of(view).near(request)
}

/// Whether the kind has one place where it happened.
fn scene_like(kind: RequestKind) -> bool {
    match kind {
        RequestKind::Scene | RequestKind::Hoist => true,
        RequestKind::Transfer | RequestKind::Supplies | RequestKind::Reconnaissance | RequestKind::Staff => {
            false
        }
    }
}

/// The band of latitude.
fn band(position: Position) -> i32 {
    position.lat_e7().div_euclid(BAND_E7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::LedgerView;
    use crate::decision::State;
    use crate::decision::model::{Actor, Capabilities, Extra, Extras, Number, Triage};
    use crate::id::Space;

    const MINUTE: i64 = 60_000;

    fn request(name: &str, lat: f64, lon: f64, called_at: i64) -> Request {
        let id: RequestId = name.parse().unwrap();
        Request {
            requester: format!("{}/organisations/f", id.member).parse().unwrap(),
            id,
            kind: RequestKind::Scene,
            position: Position::from_degrees(lat, lon).unwrap(),
            place: String::new(),
            called_at: Timestamp(called_at),
            triage: Triage::default(),
            stretchers: 1,
            needed: Capabilities::default(),
            aircraft_count: 1,
            state: RequestState::Open,
            ended_at: None,
            opened_at: Timestamp(called_at),
            opened_by: Actor("a".into()),
            numbers: vec![Number::default()],
            extras: Extras::from(Extra::default()),
        }
    }

    fn view(requests: &[Request]) -> View {
        let mut view = View::empty(Space::Live);
        for request in requests {
            let ledger = view.ledgers.entry(request.id.ledger());
            let ledger = ledger.or_insert_with(|| {
                Arc::new(LedgerView { state: State::new(request.id.ledger()), partial: false })
            });
            Arc::make_mut(ledger).state.requests.insert_mut(request.id.clone(), request.clone());
        }
        view
    }

    fn near(request: &Request, others: &[Request]) -> Vec<String> {
        possible_duplicates(&view(others), request).iter().map(|id| id.slug.to_string()).collect()
    }

    #[test]
    fn one_scene_is_a_kilometre_and_half_an_hour() {
        let here = request("members/hyogo/requests/me", 35.0, 135.0, 0);
        // 0.0089932 degree of latitude is 1,000 m on the mean sphere.
        let others = [
            here.clone(),
            request("members/kyoto/requests/near", 35.0, 135.0, 30 * MINUTE),
            request("members/hyogo/requests/edge", 35.008_993, 135.0, -30 * MINUTE),
            request("members/hyogo/requests/far", 35.009_01, 135.0, 0),
            request("members/hyogo/requests/late", 35.0, 135.0, 30 * MINUTE + 1),
            Request {
                kind: RequestKind::Transfer,
                ..request("members/hyogo/requests/transfer", 35.0, 135.0, 0)
            },
            Request {
                state: RequestState::Closed { filled: true },
                ..request("members/hyogo/requests/closed", 35.0, 135.0, 0)
            },
        ];
        assert_eq!(near(&here, &others), ["edge", "near"]);
        let mut linked = here.clone();
        linked.links.insert_mut("members/hyogo/requests/edge".parse().unwrap());
        assert_eq!(near(&linked, &others), ["near"]);
        let closed = Request { state: RequestState::Closed { filled: false }, ..here };
        assert!(near(&closed, &others).is_empty());
    }

    #[test]
    fn the_bands_of_latitude_and_the_antimeridian_hide_nothing() {
        let scan = |me: &Request, others: &[Request]| {
            let at = |r: &Request| UnitVector::from(r.position);
            let near = |r: &&Request| r.id != me.id && distance_m(at(me), at(r)) <= SCENE_RADIUS_M;
            others.iter().filter(near).map(|r| r.id.slug.to_string()).collect::<Vec<_>>()
        };
        for (lat, lon) in [(0.0, 0.0), (-0.004, 180.0), (89.999, 10.0), (-89.999, -170.0), (35.009_9, 135.0)]
        {
            let mut others = Vec::new();
            for (n, (dlat, dlon)) in
                [(0.0, 0.0), (0.008, 0.0), (-0.008, 0.0), (0.0, 0.008), (0.0, -0.008), (0.02, 0.0)]
                    .into_iter()
                    .enumerate()
            {
                let wrapped = if lon + dlon > 180.0 { lon + dlon - 360.0 } else { lon + dlon };
                let lat = f64::clamp(lat + dlat, -90.0, 90.0);
                others.push(request(&format!("members/a/requests/r{n}"), lat, wrapped, 0));
            }
            let me = request("members/b/requests/me", lat, lon, 0);
            assert_eq!(near(&me, &others), scan(&me, &others), "{lat} {lon}");
        }
    }

    #[test]
    fn an_index_that_was_kept_up_equals_one_built_afresh() {
        let open = request("members/a/requests/x", 35.0, 135.0, 0);
        let into: RequestId = "members/a/requests/y".parse().unwrap();
        let merged = Request { state: RequestState::Merged { into: into.clone() }, ..open.clone() };
        let mut scenes = Scenes::of(&view(std::slice::from_ref(&open)));
        scenes.note(&open);
        assert_eq!(scenes, Scenes::of(&view(std::slice::from_ref(&open))));
        scenes.note(&merged);
        assert_eq!(scenes, Scenes::of(&view(std::slice::from_ref(&merged))));
        assert_eq!(scenes.merged_into(&into), [open.id]);
    }

    #[test]
    fn a_link_is_known_at_both_ends_though_one_ledger_holds_it() {
        let theirs = request("members/b/requests/y", 35.0, 135.0, 0);
        let mut ours = request("members/a/requests/x", 35.0, 135.0, 0);
        ours.links.insert_mut(theirs.id.clone());
        let scenes = Scenes::of(&view(&[ours.clone(), theirs.clone()]));
        assert_eq!(scenes.linked_to(&theirs.id), [ours.id]);
        assert_eq!(scenes.near(&theirs), [], "somebody has looked at the two already");
    }

    #[test]
    fn a_request_that_was_opened_again_is_merged_into_nothing() {
        let open = request("members/a/requests/x", 35.0, 135.0, 0);
        let into: RequestId = "members/b/requests/y".parse().unwrap();
        let merged = Request { state: RequestState::Merged { into: into.clone() }, ..open.clone() };
        let mut reopened = open;
        reopened.reopened_from = Some(into.clone());
        let mut scenes = Scenes::of(&view(std::slice::from_ref(&merged)));
        scenes.note(&reopened);
        assert_eq!(scenes, Scenes::of(&view(std::slice::from_ref(&reopened))));
        assert_eq!(scenes.merged_into(&into), []);
    }
}
