//! Two total orders: which (site, way on) is an aircraft's best, and which aircraft goes first.
//!
//! Both are plain tuples compared from the left, ending at the lowest index, so that equal problems give equal
//! answers. The patient chooses site and hospital; cover chooses among aircraft.

use super::fleet::Aircraft;
use super::judge::{Assessment, Judge, whole_minutes};
use super::plan::Transport;
use super::problem::{AircraftIdx, HospitalIdx, Kind, SiteIdx};
use super::reason::{Change, Reason};
use super::remedy::changes_for;
use crate::units::Seconds;

/// Shortfalls are compared up to this; it leaves room above for a count in one 32-bit word.
pub(super) const SHORTFALL_MAX: u32 = (1 << 24) - 1;
/// Metres of range that weigh as much as a second in a shortfall, as a power of two: 64 m is a second at 230 km/h.
pub(super) const METRES_PER_SECOND_LOG2: u32 = 6;

/// One (site, way on) for one aircraft; the least is its best.
///
/// An aircraft can go where `changes` is 0; then the order is: by air before by road, whole minutes to care,
/// the caller's preference, arrival at the hospital. On a transfer the minutes do not count of their own,
/// since care is the arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Choice {
    /// Changes that would be needed together.
    pub(super) changes: u32,
    /// By how much time and fuel miss, in seconds.
    pub(super) shortfall: u32,
    pub(super) by_road: bool,
    /// Whole minutes to hand-over; 0 on a transfer.
    pub(super) minutes: u32,
    pub(super) preference: u8,
    pub(super) at_hospital_s: Seconds,
    pub(super) handed_over_s: Seconds,
    pub(super) site: SiteIdx,
    pub(super) hospital: HospitalIdx,
}

impl Choice {
    /// The key of one assessment, the obvious way.
    pub(super) fn of(judge: &Judge<'_>, site: SiteIdx, transport: Transport, seen: &Assessment) -> Choice {
        let hospital = transport.hospital();
        Choice {
            changes: u32::try_from(changes_for(&seen.reasons).len()).unwrap_or(u32::MAX),
            shortfall: shortfall(&seen.reasons),
            by_road: matches!(transport, Transport::ByRoad { .. }),
            minutes: minutes(judge.problem.kind, seen.timeline.handed_over_s),
            preference: judge.problem.hospitals[hospital.index()].preference,
            at_hospital_s: seen.timeline.at_hospital_s,
            handed_over_s: seen.timeline.handed_over_s,
            site,
            hospital,
        }
    }

    /// How the patient goes on.
    pub(super) fn transport(&self) -> Transport {
        let hospital = self.hospital;
        if self.by_road { Transport::ByRoad { hospital } } else { Transport::ByAir { hospital } }
    }

    /// Care as the request means it.
    pub(super) fn care_s(&self, kind: Kind) -> Seconds {
        match kind {
            Kind::SceneCall => self.handed_over_s,
            Kind::Transfer => self.at_hospital_s,
        }
    }
}

/// Whole minutes to hand-over, as far as they order choices.
pub(super) fn minutes(kind: Kind, handed_over_s: Seconds) -> u32 {
    match kind {
        Kind::SceneCall => whole_minutes(handed_over_s),
        Kind::Transfer => 0,
    }
}

/// By how much time and fuel miss: lateness at home and against the due time, endurance and flight time in seconds, range in 64 m.
fn shortfall(reasons: &[Reason]) -> u32 {
    let late_s = changes_for(reasons).iter().fold(0, |so_far, change| match change {
        Change::FinishEarlierBy { seconds } => *seconds,
        _ => so_far,
    });
    let misses = reasons.iter().map(|reason| match reason {
        Reason::RangeShort { short_m } => short_m >> METRES_PER_SECOND_LOG2,
        Reason::EnduranceShort { short_s } | Reason::FlightTimeShort { short_s } => *short_s,
        Reason::AfterDue { late_s } => *late_s,
        _ => 0,
    });
    misses.fold(late_s, u32::saturating_add).min(SHORTFALL_MAX)
}

/// The order of candidates; the least goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RankKey {
    /// Place in the agreement.
    pub(super) tier: u32,
    /// Whether the crew should still rest, where the policy minds.
    pub(super) resting: bool,
    /// Whole minutes to care, the cover price traded in where the policy does.
    pub(super) traded_min: u64,
    /// Whole minutes to care.
    pub(super) care_min: u32,
    pub(super) cover_price: u64,
    pub(super) at_hospital_s: Seconds,
    pub(super) aircraft: AircraftIdx,
}

impl RankKey {
    /// The key of one aircraft at its best choice.
    pub(super) fn of(judge: &Judge<'_>, idx: AircraftIdx, choice: &Choice, cover_price: u64) -> RankKey {
        let aircraft: &Aircraft = &judge.problem.aircraft[idx.index()];
        let care_s = choice.care_s(judge.problem.kind);
        let trade_s = u64::from(judge.problem.policy.trade_s.unwrap_or(0));
        let traded_s = u64::from(care_s).saturating_add(cover_price.saturating_mul(trade_s));
        RankKey {
            tier: judge.tier(aircraft),
            resting: judge.resting(aircraft),
            traded_min: traded_s.div_ceil(60),
            care_min: whole_minutes(care_s),
            cover_price,
            at_hospital_s: choice.at_hospital_s,
            aircraft: idx,
        }
    }

    /// The part that is known without the cover price, where the policy does not trade.
    pub(super) fn head(&self) -> Head {
        (self.tier, self.resting, self.traded_min)
    }
}

/// The first part of a [`RankKey`]: tier, rest, whole minutes with the price traded in.
pub(super) type Head = (u32, bool, u64);
