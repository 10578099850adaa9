//! What a dispatcher who knew all calls beforehand could not have beaten by choosing better among aircraft at home.
//!
//! Absent on purpose: what is under way. Every call is ranked as if it were the only one.

use super::LaidOut;
use super::outcome::Answered;
use super::people::dispatcher::{opened, ordinary};
use super::world::RunFault;
use crate::allocator::ranking::Plan;
use crate::authority::planner::{CANDIDATES_DEFAULT, RankPlanner};
use crate::decision::Command;
use crate::decision::command::NewRequest;
use crate::decision::model::CancelReason;
use crate::id::LedgerId;
use crate::units::Seconds;

impl LaidOut {
    /// For each of `calls`, which are in the order in which they came: seconds to the soonest care by any aircraft or
    /// ground unit that the limits admit, whatever its place in the agreement, were every aircraft ready at its base
    /// when the call came and gone at once. None where nobody could have come.
    ///
    /// No way of sharing the aircraft among the calls brings care sooner from their bases, for sharing can only take
    /// aircraft away. One that happens to pass close by on its way home can.
    ///
    /// # Errors
    /// As [`run`](super::run).
    ///
    /// # Complexity
    /// One ranking a call.
    pub fn soonest_s(
        &self,
        planner: &RankPlanner,
        calls: &[Answered],
    ) -> Result<Vec<Option<Seconds>>, RunFault> {
        let mut world = self.world.fork(0);
        let mut all = Vec::with_capacity(calls.len());
        for call in calls {
            world.turn_to(call.called_at)?;
            let ledger = LedgerId::Member(call.area.member.clone());
            let ordinary = ordinary(call.area.clone(), call.position);
            let new = NewRequest { called_at: Some(call.called_at), ..ordinary };
            let outcome = world.submit(&ledger, "fire command", Command::OpenRequest(new))?;
            let Some(id) = outcome.ok().and_then(opened) else {
                all.push(None);
                continue;
            };
            let request = world.view().member_state(&id.member).and_then(|state| state.requests.get(&id));
            let plan = match request {
                Some(request) => {
                    Some(planner.rank(world.view(), world.now(), request, CANDIDATES_DEFAULT)?.plan)
                }
                None => None,
            };
            all.push(plan.as_ref().and_then(soonest));
            let cancel = Command::CancelRequest { request: id, reason: CancelReason::NotNeeded };
            let _ = world.submit(&ledger, "fire command", cancel)?;
            world.take_happened();
        }
        Ok(all)
    }
}

fn soonest(plan: &Plan) -> Option<Seconds> {
    let first = plan.candidates.iter().map(|candidate| candidate.timeline.care_s);
    let outranked = plan.outranked.iter().map(|other| other.care_s);
    first.chain(outranked).chain(plan.ground.iter().map(|unit| unit.care_s)).min()
}
