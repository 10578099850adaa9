//! The roads as a view has them: what stands on them laid over the map, one metric for each kind of vehicle.
//!
//! Readers take the newest metric and keep it; whoever first sees a change works out the next one, partly, and those who
//! come meanwhile take what is there. A change is acknowledged when it is in force, so nobody is answered without one that
//! was acknowledged before.

use super::View;
use crate::decision::model::{Restriction, RoadStretch};
use crate::id::{LedgerId, RestrictionId, StructureId};
use crate::network::air::Polygon;
use crate::network::hierarchy::Snapshot;
use crate::network::map::{Stretch, StretchFault};
use crate::network::overlay::{Effect, LiveRoads, Overlay};
use crate::network::roads::Profile;
use crate::network::{Footing, Millis, RoadMap};
use crate::units::{Position, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, TryLockError};

/// What stands on the roads: the newest word on a structure, or a restriction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A named structure that is closed.
    Structure(StructureId),
    /// A restriction that was not lifted.
    Restriction(RestrictionId),
}

/// The roads at one moment, for one kind of vehicle.
#[derive(Clone, Debug)]
pub struct RoadsNow {
    /// What every edge and arc costs.
    pub times: Arc<Snapshot>,
    /// Which moment: grows with every change, one counter for each kind of vehicle.
    pub number: u64,
    /// How far the roads of each ledger had been read.
    seen: BTreeMap<LedgerId, u64>,
}

/// Why a restriction means no road here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StandingFault {
    /// Its edges are numbers of another network.
    #[error("the edges are of network {given}, this is {here}")]
    OtherNetwork {
        /// Whose they are.
        given: String,
        /// The fingerprint of the network here.
        here: String,
    },
    /// The network has nothing like it.
    #[error(transparent)]
    Stretch(#[from] StretchFault),
}

/// A stretch that only so many vehicles pass in an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Who said so.
    pub restriction: RestrictionId,
    /// Both ways together.
    pub vehicles_per_hour: u16,
    /// Its edges, at least one.
    pub edges: Arc<[u32]>,
}

/// The map, and the metrics in force.
#[derive(Debug)]
pub struct RoadBoard {
    map: Arc<RoadMap>,
    /// Per edge: what an ambulance takes with everything open.
    usual_ms: Vec<Millis>,
    fingerprint: String,
    vehicles: [Vehicle; Profile::ALL.len()],
    /// The edges of what stands, so that they are looked for once; empty where the network has none of it.
    found: Mutex<BTreeMap<RoadStretch, Arc<[u32]>>>,
}

/// One kind of vehicle. Its metric is worked out when somebody first asks for it.
#[derive(Debug, Default)]
struct Vehicle {
    now: RwLock<Option<Arc<RoadsNow>>>,
    live: OnceLock<Mutex<LiveRoads<Standing>>>,
    after: Mutex<Option<AfterRepairs>>,
}

/// The last metric after repairs: of which moment, without what.
type AfterRepairs = (u64, BTreeSet<Standing>, Arc<Snapshot>);

impl RoadBoard {
    /// A board for `map`, on which nothing stands.
    #[must_use]
    pub fn new(map: RoadMap) -> RoadBoard {
        RoadBoard {
            usual_ms: map.network().weights_ms(Profile::Ambulance),
            fingerprint: map.fingerprint(),
            vehicles: std::array::from_fn(|_| Vehicle::default()),
            found: Mutex::default(),
            map: Arc::new(map),
        }
    }

    /// A board for the same map on which nothing stands. A board follows one history: what it saw once counts until that
    /// history goes on, so that the same ledgers begun again need another.
    #[must_use]
    pub fn afresh(&self) -> RoadBoard {
        RoadBoard {
            map: Arc::clone(&self.map),
            usual_ms: self.usual_ms.clone(),
            fingerprint: self.fingerprint.clone(),
            vehicles: std::array::from_fn(|_| Vehicle::default()),
            found: Mutex::default(),
        }
    }

    /// The map.
    #[must_use]
    pub fn map(&self) -> &RoadMap {
        &self.map
    }

    /// What tells this network from every other.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Where a place meets the roads, whatever stands on them.
    #[must_use]
    pub fn footing(&self, position: Position) -> Footing {
        Footing::find(&self.map, &self.usual_ms, position)
    }

    /// The metric of a vehicle: with all that `view` knows of the roads, but while somebody else is working that out the
    /// one before. What was acknowledged is in it in any case, see [`RoadBoard::bring_in_force`].
    ///
    /// # Complexity
    /// Constant while nothing changed; else that of [`LiveRoads::set`].
    #[must_use]
    pub fn now(&self, view: &View, profile: Profile) -> Arc<RoadsNow> {
        let vehicle = self.vehicle(profile);
        let before = vehicle.read();
        match before {
            Some(now) if now.covers(view) => now,
            Some(now) => match self.live(profile).try_lock() {
                Ok(live) => self.work_out(view, profile, live),
                Err(TryLockError::Poisoned(live)) => self.work_out(view, profile, live.into_inner()),
                Err(TryLockError::WouldBlock) => now,
            },
            None => self.worked_out(view, profile),
        }
    }

    /// Returns when all that `view` knows of the roads is in force for every vehicle that somebody asked for: a change is
    /// acknowledged after this.
    pub fn bring_in_force(&self, view: &View) {
        for profile in Profile::ALL {
            if profile == Profile::Ambulance || self.vehicle(profile).read().is_some() {
                let _ = self.worked_out(view, profile);
            }
        }
    }

    /// The metric with all that `view` knows, however long that takes.
    fn worked_out(&self, view: &View, profile: Profile) -> Arc<RoadsNow> {
        let live = self.live(profile).lock().unwrap_or_else(PoisonError::into_inner);
        self.work_out(view, profile, live)
    }

    fn work_out(
        &self,
        view: &View,
        profile: Profile,
        mut live: MutexGuard<'_, LiveRoads<Standing>>,
    ) -> Arc<RoadsNow> {
        let vehicle = self.vehicle(profile);
        // Somebody else may have been quicker.
        let before = vehicle.read();
        if let Some(now) = before.as_ref().filter(|now| now.covers(view)) {
            return Arc::clone(now);
        }
        live.set(&self.map, self.standing(view));
        let number = before.map_or(1, |before| before.number + 1);
        let now = Arc::new(RoadsNow { times: live.now(), number, seen: versions(view) });
        *vehicle.now.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&now));
        now
    }

    /// Works out anew what somebody asked for before, where `view` knows more of the roads, and gets ready for the next
    /// change.
    pub fn refresh(&self, view: &View) {
        for profile in Profile::ALL {
            if self.vehicle(profile).read().is_some() {
                let _ = self.worked_out(view, profile);
                self.live(profile).lock().unwrap_or_else(PoisonError::into_inner).make_ready(&self.map);
            }
        }
    }

    /// The metric after everything is lifted that is expected to end by `by`, and what that is.
    #[must_use]
    pub fn after_repairs(
        &self,
        view: &View,
        profile: Profile,
        by: Timestamp,
    ) -> (Arc<Snapshot>, BTreeSet<Standing>) {
        let now = self.now(view, profile);
        let ends = |end: Option<Timestamp>| end.is_some_and(|end| end <= by);
        let structures = view.closures().into_iter().filter(|(_, (_, closure))| closure.closed);
        let structures = structures
            .filter(|(_, (_, closure))| ends(closure.expected_end))
            .map(|(id, _)| Standing::Structure(id.clone()));
        let restrictions = view.restrictions().filter(|restriction| ends(restriction.expected_end));
        let restrictions = restrictions.map(|restriction| Standing::Restriction(restriction.id.clone()));
        let lifted: BTreeSet<Standing> = structures.chain(restrictions).collect();
        let mut live = self.live(profile).lock().unwrap_or_else(PoisonError::into_inner);
        let mut last = self.vehicle(profile).after.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((number, last_lifted, times)) = &*last
            && (*number, last_lifted) == (now.number, &lifted)
        {
            return (Arc::clone(times), lifted);
        }
        let times = live.without(&self.map, &lifted);
        *last = Some((now.number, lifted.clone(), Arc::clone(&times)));
        (times, lifted)
    }

    /// What stands on the roads. What names no road of this network is left out: a recorded closure outlives the network
    /// that it was made for.
    #[must_use]
    pub fn standing(&self, view: &View) -> BTreeMap<Standing, Overlay> {
        let closed = view.closed_structures().into_iter();
        let closed = closed.map(|structure| {
            let stretch = RoadStretch::Structure { structure: structure.clone() };
            (Standing::Structure(structure), stretch, Effect::Closed)
        });
        let restricted = view
            .restrictions()
            .map(|said| (Standing::Restriction(said.id.clone()), said.stretch.clone(), said.effect));
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = BTreeMap::new();
        let mut standing = BTreeMap::new();
        for (name, stretch, effect) in closed.chain(restricted) {
            let edges = found
                .get(&stretch)
                .or_else(|| kept.get(&stretch))
                .cloned()
                .unwrap_or_else(|| self.edges_of(&stretch).unwrap_or_default().into());
            if !edges.is_empty() {
                standing.insert(name, Overlay { edges: Arc::clone(&edges), effect });
            }
            kept.insert(stretch, edges);
        }
        // What stands no more is not kept.
        *found = kept;
        standing
    }

    /// The limits that stand, the narrowest first.
    #[must_use]
    pub fn limits(&self, view: &View) -> Vec<Limit> {
        let limited = view.restrictions().filter_map(|said| match said.effect {
            Effect::Limited { vehicles_per_hour } => {
                Some(Limit { restriction: said.id.clone(), vehicles_per_hour, edges: self.edges(said) })
            }
            Effect::Closed | Effect::Slowed { .. } | Effect::Opened => None,
        });
        let mut limits: Vec<Limit> = limited.filter(|limit| !limit.edges.is_empty()).collect();
        limits.sort_by(|a, b| {
            (a.vehicles_per_hour, &a.restriction).cmp(&(b.vehicles_per_hour, &b.restriction))
        });
        limits
    }

    /// The metric of a vehicle that goes around `edges`.
    ///
    /// # Complexity
    /// That of [`LiveRoads::avoiding`].
    #[must_use]
    pub fn avoiding(&self, view: &View, profile: Profile, edges: &[u32]) -> Arc<Snapshot> {
        let _ = self.now(view, profile);
        let mut live = self.live(profile).lock().unwrap_or_else(PoisonError::into_inner);
        live.avoiding(&self.map, edges)
    }

    /// The edges of a restriction; none when it means no road of this network.
    #[must_use]
    pub fn edges(&self, restriction: &Restriction) -> Arc<[u32]> {
        let known =
            self.found.lock().unwrap_or_else(PoisonError::into_inner).get(&restriction.stretch).cloned();
        known.unwrap_or_else(|| self.edges_of(&restriction.stretch).unwrap_or_default().into())
    }

    /// The edges that a stretch means.
    ///
    /// # Errors
    /// [`StandingFault`] when it means none.
    pub fn edges_of(&self, stretch: &RoadStretch) -> Result<Vec<u32>, StandingFault> {
        let polygon;
        let stretch = match stretch {
            RoadStretch::Edges { network, edges } => {
                if *network != self.fingerprint {
                    let (given, here) = (network.clone(), self.fingerprint.clone());
                    return Err(StandingFault::OtherNetwork { given, here });
                }
                Stretch::Edges(edges)
            }
            RoadStretch::Structure { structure } => Stretch::Structure(structure),
            RoadStretch::Section { road, from_m, to_m } => {
                Stretch::Section { road, from_dm: u64::from(*from_m) * 10, to_dm: u64::from(*to_m) * 10 }
            }
            RoadStretch::Area { corners } => {
                // Judged when it was recorded.
                polygon = Polygon::new(corners).map_err(|_| StretchFault::Nothing)?;
                Stretch::Area(&polygon)
            }
            RoadStretch::Classes { classes } => Stretch::Classes(classes),
            RoadStretch::EmergencyRoads { order } => Stretch::EmergencyRoads(*order),
            RoadStretch::WinterClosures => Stretch::WinterClosures,
        };
        Ok(self.map.edges_of(&stretch)?)
    }

    fn vehicle(&self, profile: Profile) -> &Vehicle {
        let place = Profile::ALL.iter().position(|known| *known == profile).unwrap_or_default();
        &self.vehicles[place]
    }

    fn live(&self, profile: Profile) -> &Mutex<LiveRoads<Standing>> {
        let new = || {
            let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
            Mutex::new(LiveRoads::new(&self.map, profile, threads))
        };
        self.vehicle(profile).live.get_or_init(new)
    }
}

impl Vehicle {
    fn read(&self) -> Option<Arc<RoadsNow>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl RoadsNow {
    /// Whether everything is in it that `view` knows of the roads.
    fn covers(&self, view: &View) -> bool {
        view.states().all(|state| {
            state.roads_version == 0
                || self.seen.get(&state.ledger).is_some_and(|seen| *seen >= state.roads_version)
        })
    }
}

fn versions(view: &View) -> BTreeMap<LedgerId, u64> {
    view.states().map(|state| (state.ledger.clone(), state.roads_version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::LedgerView;
    use crate::decision::State;
    use crate::decision::model::Closure;
    use crate::id::Space;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn board() -> RoadBoard {
        RoadBoard::new(crate::host::roads(None).unwrap())
    }

    /// Hyogo's word on both bridges of Awaji, the `version`-th that it gave.
    fn view(version: u64, closed: [bool; 2]) -> View {
        let ledger: LedgerId = "members/hyogo".parse().unwrap();
        let mut state = State::new(ledger.clone());
        state.roads_version = version;
        for (name, closed) in ["onaruto-bridge", "akashi-kaikyo-bridge"].into_iter().zip(closed) {
            let structure: StructureId = format!("structures/{name}").parse().unwrap();
            let (note, said_at) = (String::new(), Timestamp(version as i64));
            let closure = Closure { structure: structure.clone(), closed, note, expected_end: None, said_at };
            state.closures.insert_mut(structure, closure);
        }
        let known = Arc::new(LedgerView { state, partial: false });
        View { ledgers: BTreeMap::from([(ledger, known)]), ..View::empty(Space::Live) }
    }

    #[test]
    fn what_was_acknowledged_is_in_every_answer_that_is_asked_for_after_it() {
        let board = board();
        let views: Vec<View> = (0..60).map(|n: u64| view(n, [n & 1 > 0, n & 2 > 0])).collect();
        let acknowledged = AtomicUsize::new(0);
        let _ = board.now(&views[0], Profile::Ambulance);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    loop {
                        let known = acknowledged.load(Ordering::SeqCst);
                        let now = board.now(&views[known], Profile::Ambulance);
                        assert!(now.covers(&views[known]), "{known}");
                        if known + 1 == views.len() {
                            return;
                        }
                    }
                });
            }
            for (version, view) in views.iter().enumerate() {
                board.bring_in_force(view);
                acknowledged.store(version, Ordering::SeqCst);
                board.refresh(view);
            }
        });
        let (kept, fresh) = (board.now(&views[59], Profile::Ambulance), self::board());
        assert_eq!(kept.times, fresh.now(&views[59], Profile::Ambulance).times);
    }

    #[test]
    fn after_repairs_the_metric_is_that_of_the_roads_without_what_ends_by_then() {
        let board = board();
        let mut closed = view(1, [true, true]);
        let ledger: LedgerId = "members/hyogo".parse().unwrap();
        let mut state = closed.state(&ledger).unwrap().clone();
        let bridge: StructureId = "structures/onaruto-bridge".parse().unwrap();
        state.closures.get_mut(&bridge).unwrap().expected_end = Some(Timestamp(100));
        closed.ledgers.insert(ledger, Arc::new(LedgerView { state, partial: false }));
        let (before, none) = board.after_repairs(&closed, Profile::Lorry10t, Timestamp(99));
        assert!(none.is_empty());
        assert_eq!(before, board.now(&closed, Profile::Lorry10t).times);
        let (after, lifted) = board.after_repairs(&closed, Profile::Lorry10t, Timestamp(100));
        assert_eq!(lifted, BTreeSet::from([Standing::Structure(bridge)]));
        let fresh = self::board();
        assert_eq!(after, fresh.now(&view(1, [false, true]), Profile::Lorry10t).times);
        assert_eq!(before, board.now(&closed, Profile::Lorry10t).times, "what is in force stays so");
    }
}
