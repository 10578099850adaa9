//! The injects of a drill while it is played: which wait for what, and what has become of each.

use super::{Behind, Case, Deed, People};
use crate::authority::planner::Ranked;
use crate::decision::Event;
use crate::drill::runner::outcome::{Followed, Injected, Told, Verdict};
use crate::drill::runner::world::World;
use crate::drill::script::{Condition, Happening, Inject, Script, Trigger};
use crate::id::{RequestId, RequisitionId, RestrictionId};
use crate::units::{Seconds, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// The injects of a drill and what has become of them.
#[derive(Default)]
pub(super) struct Injects<'a> {
    pub(super) injects: &'a [Inject],
    /// From then on nothing new happens.
    pub(super) end: Timestamp,
    /// Those whose condition has not held yet.
    waiting: BTreeSet<usize>,
    pub(super) progress: Vec<Progress>,
}

/// What has become of one.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    pub(super) at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) verdict: Option<Verdict>,
    /// The request that it made.
    pub(super) request: Option<RequestId>,
    /// The request that it repeats.
    pub(super) repeats: Option<RequestId>,
    pub(super) restriction: Option<RestrictionId>,
    /// Rankings that left its aircraft out.
    left_out: u32,
    pub(super) followed: Vec<Followed>,
}

impl<'a> Injects<'a> {
    pub(super) fn of(script: &'a Script, end: Timestamp) -> Injects<'a> {
        let waits =
            |(idx, inject): (usize, &Inject)| matches!(inject.trigger, Trigger::When { .. }).then_some(idx);
        Injects {
            injects: &script.injects,
            end,
            waiting: script.injects.iter().enumerate().filter_map(waits).collect(),
            progress: vec![Progress::default(); script.injects.len()],
        }
    }

    /// Those that happen at a time, counted from `start`.
    pub(super) fn by_time(&self, start: Timestamp) -> Vec<(usize, Timestamp)> {
        let at = |(idx, inject): (usize, &Inject)| match inject.trigger {
            Trigger::At { after_s } => Some((idx, start + after_s)),
            Trigger::When { .. } => None,
        };
        self.injects.iter().enumerate().filter_map(at).collect()
    }

    /// Whether nobody waits for the end of what an inject began.
    pub(super) fn only_lasts(&self, idx: usize) -> bool {
        self.injects.get(idx).is_none_or(|inject| match inject.happening {
            Happening::MemberSilent { .. }
            | Happening::FalseRequest { .. }
            | Happening::DuplicateRequest { .. } => false,
            Happening::AircraftBreaksDown { .. }
            | Happening::StructureClosed { .. }
            | Happening::RoadSlowed { .. }
            | Happening::Call { .. }
            | Happening::Transfer { .. }
            | Happening::Weather { .. }
            | Happening::HospitalFull { .. }
            | Happening::DepotLost { .. }
            | Happening::Need { .. } => true,
        })
    }

    /// Those that are in force.
    fn in_force(&mut self) -> impl Iterator<Item = (&'a Happening, &mut Progress)> {
        let both = self.injects.iter().zip(&mut self.progress);
        both.filter(|(_, progress)| {
            progress.verdict == Some(Verdict::Taken) && progress.at.is_some() && progress.ended_at.is_none()
        })
        .map(|(inject, progress)| (&inject.happening, progress))
    }

    /// Counts the aircraft that a ranking leaves out because they broke down.
    pub(super) fn note_left_out(&mut self, ranked: &Ranked) {
        for (happening, progress) in self.in_force() {
            let Happening::AircraftBreaksDown { aircraft, .. } = happening else { continue };
            let names = &ranked.stated.names.aircraft;
            let is_out = |place: usize| names.get(place) == Some(aircraft);
            if ranked.plan.ruled_out.iter().any(|ruled| is_out(ruled.aircraft.index())) {
                progress.left_out += 1;
            }
        }
    }

    /// An ask found no answer while somebody was silent.
    pub(super) fn note_doubt(&mut self, requisition: &RequisitionId) {
        for (happening, progress) in self.in_force() {
            if matches!(happening, Happening::MemberSilent { .. }) {
                progress.followed.push(Followed::InDoubt { requisition: requisition.clone() });
            }
        }
    }

    /// What has become of each, in the order of the drill.
    pub(super) fn told(self, cases: &BTreeMap<RequestId, Case>) -> Vec<Injected> {
        let one = |(inject, progress): (&Inject, Progress)| {
            let mut followed = progress.followed;
            if progress.left_out > 0 {
                followed.push(Followed::LeftOut { rankings: progress.left_out });
            }
            let case = progress.request.as_ref().and_then(|request| Some((request, cases.get(request)?)));
            if let Some((request, case)) = case.filter(|(_, case)| case.behind == Behind::Patient) {
                let told = case.told.clone().unwrap_or(Told::Nobody);
                followed.push(Followed::Answered { request: request.clone(), told });
            }
            Injected {
                name: inject.name.clone(),
                at: progress.at,
                ended_at: progress.ended_at,
                verdict: progress.verdict.unwrap_or(Verdict::Never),
                followed,
            }
        };
        self.injects.iter().zip(self.progress).map(one).collect()
    }
}

impl People<'_> {
    /// Looks which injects waited for what was recorded.
    pub(super) fn notice(&mut self, world: &World, event: &Event) {
        let is_meant = |condition: &Condition| match (condition, event) {
            (Condition::Asked(aircraft), Event::AttemptOpened { choice, .. }) => choice.asset == *aircraft,
            (Condition::Committed(aircraft), Event::Committed { requisition, .. }) => {
                self.asked.get(requisition).is_some_and(|asked| asked.asset == *aircraft)
            }
            (Condition::OpenRequests(count), Event::RequestOpened(_) | Event::RequestReopened { .. }) => {
                world.states().map(|state| state.requests_open_count).sum::<u32>() >= *count
            }
            (
                Condition::Asked(_)
                | Condition::Committed(_)
                | Condition::OpenRequests(_)
                | Condition::Happened(_),
                _,
            ) => false,
        };
        let held = self.holding(is_meant);
        self.expect_injects(world.now(), held);
    }

    /// Those that wait, and whose condition is as `is_meant` says, with how long they wait from then on.
    pub(super) fn holding(&self, is_meant: impl Fn(&Condition) -> bool) -> Vec<(usize, Seconds)> {
        let waiting =
            self.injects.waiting.iter().filter_map(|idx| Some((*idx, self.injects.injects.get(*idx)?)));
        let held = waiting.filter_map(|(idx, inject)| match &inject.trigger {
            Trigger::When { condition, after_s } => is_meant(condition).then_some((idx, *after_s)),
            Trigger::At { .. } => None,
        });
        held.collect()
    }

    pub(super) fn expect_injects(&mut self, now: Timestamp, held: Vec<(usize, Seconds)>) {
        for (idx, after_s) in held {
            self.injects.waiting.remove(&idx);
            self.note(now + after_s, Deed::Inject(idx));
        }
    }
}
