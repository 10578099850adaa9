//! Why a need is not met, and the least that would change it.

use super::index::{BundleIdx, FleetIdx, MemberIdx, PeriodIdx, SiteIdx, StockIdx};
use super::layout::Layout;
use super::problem::{Permission, Stop};
use super::resources::spread;
use super::state::State;

/// What keeps a need from being met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Nobody has any left.
    NoStock,
    /// What is left is the sender's reserve.
    BelowReserve {
        /// Of which stock.
        stock: StockIdx,
    },
    /// No agreement covers the giver and the receiver.
    NoAgreement {
        /// Who has some.
        giver: MemberIdx,
    },
    /// The receiver is paired with others, and that is hard.
    PairedElsewhere {
        /// Who has some.
        giver: MemberIdx,
    },
    /// No way is open from where it is, or no fleet there.
    NoRoad {
        /// From where.
        from: SiteIdx,
    },
    /// It would come when it is of no use any more.
    TooLate {
        /// Periods too late.
        periods: u32,
    },
    /// No vehicle, or none that has time left.
    NoVehicle {
        /// Of which fleet.
        fleet: FleetIdx,
        /// When.
        period: PeriodIdx,
    },
    /// Drivers have no hours left.
    NoDriver {
        /// Of which fleet.
        fleet: FleetIdx,
        /// The day, 0 the first.
        day: u32,
    },
    /// The docks it leaves from are full.
    DockOutFull {
        /// Where.
        site: SiteIdx,
        /// When.
        period: PeriodIdx,
    },
    /// The docks it comes to are full.
    DockInFull {
        /// Where.
        stop: Stop,
        /// When.
        period: PeriodIdx,
    },
    /// A bridge or tunnel on the way is full.
    BundleFull {
        /// Which.
        bundle: BundleIdx,
        /// When.
        period: PeriodIdx,
    },
    /// A vehicle could go, but what it takes serves others better.
    ServesOthersBetter,
}

/// What would let it come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// So many units more of the good, anywhere that may give.
    MoreStock {
        /// How many.
        units: u32,
    },
    /// The sender opens so much of its reserve.
    OpenReserve {
        /// Of which stock.
        stock: StockIdx,
        /// How many units.
        units: u32,
    },
    /// An agreement between a giver and the receiver.
    Agree {
        /// Who would give.
        giver: MemberIdx,
    },
    /// The pairing admits this giver too.
    Pair {
        /// Who would give.
        giver: MemberIdx,
    },
    /// A way is opened, or a fleet is sent there.
    OpenWay {
        /// From where.
        from: SiteIdx,
    },
    /// It may come so many periods later.
    AcceptLater {
        /// How many.
        periods: u32,
    },
    /// So many seconds more of a fleet's vehicles.
    MoreVehicleTime {
        /// Of which fleet.
        fleet: FleetIdx,
        /// When.
        period: PeriodIdx,
        /// Seconds.
        seconds: u64,
    },
    /// So many seconds more of a fleet's drivers.
    MoreDriverTime {
        /// Of which fleet.
        fleet: FleetIdx,
        /// The day, 0 the first.
        day: u32,
        /// Seconds.
        seconds: u64,
    },
    /// So much more load over a dock or bridge.
    MoreLoad {
        /// Which limit.
        of: Reason,
    },
    /// Others get less: see what the shipments displaced.
    TakeFromOthers,
}

/// Something that stands between a lot and a need, and what would remove it.
type Obstacle = (Reason, Change);

/// The reasons of one row that is not met, and the changes.
///
/// Of all lots and trips the one with the fewest obstacles, ties to the earliest reason, the lowest stock and trip.
pub(super) fn explain(
    layout: &Layout<'_>,
    state: &State,
    row: usize,
    unmet: u32,
) -> (Vec<Reason>, Vec<Change>) {
    let at = &layout.rows[row];
    let receiver = layout.problem.points[at.point].member;
    let mut best: Option<Vec<Obstacle>> = None;
    for (place, lot) in layout.lots.iter().enumerate().filter(|(_, lot)| lot.good == at.good) {
        let mut obstacles = Vec::new();
        if state.lots[place].units == 0 {
            let stock = &layout.problem.stocks[lot.stock.index()];
            let closed = stock.units - layout.problem.free_units(lot.stock);
            if place >= layout.problem.stocks.len() || closed == 0 {
                continue;
            }
            let units = closed.min(unmet);
            let change = Change::OpenReserve { stock: lot.stock, units };
            obstacles.push((Reason::BelowReserve { stock: lot.stock }, change));
        }
        let giver = MemberIdx::at(lot.giver);
        match layout.problem.permission(giver, receiver) {
            Permission::NoAgreement => {
                obstacles.push((Reason::NoAgreement { giver }, Change::Agree { giver }))
            }
            Permission::PairedElsewhere => {
                obstacles.push((Reason::PairedElsewhere { giver }, Change::Pair { giver }));
            }
            Permission::Given | Permission::GivenButPairedElsewhere => {}
        }
        obstacles.extend(obstacles_on_the_way(layout, state, row, place));
        obstacles.sort_unstable();
        let is_better = best.as_ref().is_none_or(|best| (obstacles.len(), &obstacles) < (best.len(), best));
        if is_better {
            best = Some(obstacles);
        }
    }
    let obstacles = match best {
        None => vec![(Reason::NoStock, Change::MoreStock { units: unmet })],
        Some(obstacles) if obstacles.is_empty() => vec![(Reason::ServesOthersBetter, Change::TakeFromOthers)],
        Some(obstacles) => obstacles,
    };
    obstacles.into_iter().unzip()
}

/// The fewest obstacles of one trip from a lot straight to a row's point.
fn obstacles_on_the_way(layout: &Layout<'_>, state: &State, row: usize, lot: usize) -> Vec<Obstacle> {
    let (row, lot) = (&layout.rows[row], &layout.lots[lot]);
    let mut best: Option<Vec<Obstacle>> = None;
    for leg in layout.legs_between(lot.site, layout.column_of(row.point)) {
        for departs in lot.from..layout.periods {
            if departs + layout.legs[leg].delay >= layout.periods {
                break;
            }
            let mut found = full(layout, state, leg, departs, row.load);
            let late =
                (departs + layout.legs[leg].delay).saturating_sub(layout.windows[row.window].last) as u32;
            if late > 0 {
                found.push((Reason::TooLate { periods: late }, Change::AcceptLater { periods: late }));
            }
            if found.is_empty() {
                return found;
            }
            if best.as_ref().is_none_or(|best| found.len() < best.len()) {
                best = Some(found);
            }
        }
    }
    let from = SiteIdx::at(lot.site);
    best.unwrap_or_else(|| vec![(Reason::NoRoad { from }, Change::OpenWay { from })])
}

/// Limits that keep one more vehicle, or one unit on it, from a trip.
fn full(layout: &Layout<'_>, state: &State, leg: usize, departs: usize, load: u64) -> Vec<Obstacle> {
    let (at, places) = (&layout.legs[leg], &layout.places);
    let (site, fleet) = (SiteIdx::at(at.from), FleetIdx::at(at.fleet));
    let (period, day) = (PeriodIdx::at(departs), departs / layout.problem.periods_per_day());
    let mut found = Vec::new();
    let mut by_load = |place: usize, of: Reason| {
        if state.left[place] < load {
            found.push((of, Change::MoreLoad { of }));
        }
    };
    by_load(places.out(at.from, departs), Reason::DockOutFull { site, period });
    let arrives = departs + at.delay;
    let stop = layout.stop(at.column);
    by_load(places.take_in(at.column, arrives), Reason::DockInFull { stop, period: PeriodIdx::at(arrives) });
    let class = super::index::ClassIdx::at(at.class);
    for bundle in layout.problem.passed(class, site, stop) {
        let of = Reason::BundleFull { bundle: *bundle, period };
        by_load(places.bundle_load(bundle.index(), departs), of);
        if state.left[places.bundle_vehicles(bundle.index(), departs)] == 0 {
            by_load(places.bundle_vehicles(bundle.index(), departs), of);
        }
    }
    let period_s = u64::from(layout.problem.period_s);
    for (place, seconds) in spread(at.cycle_s, period_s, departs, layout.periods) {
        let left = state.left[places.vehicles(at.fleet, place)];
        if left < seconds {
            let period = PeriodIdx::at(place);
            let change = Change::MoreVehicleTime { fleet, period, seconds: seconds - left };
            found.push((Reason::NoVehicle { fleet, period }, change));
        }
    }
    let left = state.left[places.drivers(at.fleet, day)];
    if left < at.cycle_s {
        let change = Change::MoreDriverTime { fleet, day: day as u32, seconds: at.cycle_s - left };
        found.push((Reason::NoDriver { fleet, day: day as u32 }, change));
    }
    found
}
