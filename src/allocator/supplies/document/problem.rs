//! The fields of a problem.

use super::shown::{Shown, shown_struct, shown_word};
use super::{DocumentError, Names, ProblemDocument};
use crate::allocator::supplies::index::{
    BundleIdx, ClassIdx, FleetIdx, GoodIdx, MemberIdx, NeedIdx, PeriodIdx, PointIdx, SiteIdx, StockIdx,
};
use crate::allocator::supplies::problem::{
    Bundle, Busy, Fleet, Good, Home, Line, Need, Pairing, PairingRule, Point, Problem, Shipment, Site, Stock,
    Stop, Tier, Urgency, VehicleClass, Ways,
};
use crate::units::{Seconds, UNREACHABLE};
use serde::{Deserialize, Serialize};

shown_word! {
    Urgency as UrgencyWord { LifeSaving, Relief }
    Tier as TierWord { Depot, Union, Prefecture, Municipality }
    PairingRule as PairingRuleWord { Hard, Preferred }
}

/// Stands as `{"site": 3}`: one key, the place below it.
macro_rules! shown_choice {
    ($($name:ident as $shown:ident { $($variant:ident($type:ty)),* })*) => {
        $(
            #[derive(Serialize, Deserialize)]
            #[serde(rename_all = "snake_case")]
            pub(super) enum $shown {
                $($variant(<$type as Shown>::As),)*
            }

            impl Shown for $name {
                type As = $shown;

                fn show(&self) -> $shown {
                    match self {
                        $($name::$variant(of) => $shown::$variant(of.show()),)*
                    }
                }

                fn read(shown: $shown) -> $name {
                    match shown {
                        $($shown::$variant(of) => $name::$variant(Shown::read(of)),)*
                    }
                }
            }
        )*
    };
}

shown_choice! {
    Home as HomeChoice { Site(SiteIdx), Member(MemberIdx) }
    Stop as StopChoice { Site(SiteIdx), Point(PointIdx) }
}

shown_struct! {
    Good as GoodFields {
        mass_g: u32, volume_cm3: u32, urgency: Urgency, weight: u32, per_person_milliunits: u32,
    }
    Site as SiteFields {
        member: MemberIdx, tier: Tier, out_per_period: u64, in_per_period: u64, usable_from: PeriodIdx,
        feeds: Vec<SiteIdx>,
    }
    Point as PointFields { member: MemberIdx, in_per_period: u64, usable_from: PeriodIdx }
    VehicleClass as ClassFields {
        capacity_g: u64, capacity_cm3: u64, loading_s: Seconds, unloading_s: Seconds, yen_per_hour: u32,
        yen_per_trip: u32,
    }
    Fleet as FleetFields { home: Home, class: ClassIdx, vehicles: u32, driver_s_per_day: u64 }
    Busy as BusyFields { fleet: FleetIdx, period: PeriodIdx, vehicle_s: u64, driver_s: u64 }
    Bundle as BundleFields { load_per_period: Option<u64>, vehicles_per_period: Option<u32> }
    Stock as StockFields {
        site: SiteIdx, good: GoodIdx, units: u32, reserve: u32, available_from: PeriodIdx,
    }
    Need as NeedFields {
        point: PointIdx, good: GoodIdx, units: u32, wanted_by_s: i64, useful_until_s: Option<i64>,
        priority: u8,
    }
    Pairing as PairingFields { giver: MemberIdx, receiver: MemberIdx, rule: PairingRule }
    Line as LineFields { stock: StockIdx, need: Option<NeedIdx>, units: u32 }
    Shipment as ShipmentFields {
        departs: PeriodIdx, from: SiteIdx, to: Stop, fleet: FleetIdx, vehicles: u32, lines: Vec<Line>,
    }
}

#[derive(Serialize, Deserialize)]
enum Format {
    #[serde(rename = "yui-plan-problem-1")]
    Problem1,
}

/// Ways of one class, a row for each site; `null` where none is open.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WaysFields {
    travel_s: Vec<Vec<Option<Seconds>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    passage: Vec<Vec<u32>>,
}

/// The whole document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    format: Format,
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    names: Names,
    start_s: i64,
    period_s: Seconds,
    periods: u32,
    members: u32,
    goods: Vec<GoodFields>,
    sites: Vec<SiteFields>,
    points: Vec<PointFields>,
    classes: Vec<ClassFields>,
    fleets: Vec<FleetFields>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    busy: Vec<BusyFields>,
    #[serde(default)]
    bundles: Vec<BundleFields>,
    #[serde(default = "no_passage")]
    passages: Vec<Vec<u32>>,
    ways: Vec<WaysFields>,
    stocks: Vec<StockFields>,
    #[serde(default)]
    consents: Vec<(u32, u32)>,
    needs: Vec<NeedFields>,
    #[serde(default)]
    agreements: Vec<(u32, u32)>,
    #[serde(default)]
    pairings: Vec<PairingFields>,
    #[serde(default)]
    frozen: Vec<ShipmentFields>,
}

/// The empty set, which ways without a bundle pass.
fn no_passage() -> Vec<Vec<u32>> {
    vec![Vec::new()]
}

impl File {
    pub(super) fn show(document: &ProblemDocument) -> File {
        let of = &document.problem;
        let columns = (of.sites.len() + of.points.len()).max(1);
        let ways = |ways: &Ways| WaysFields {
            travel_s: ways.travel_s.chunks(columns).map(|row| row.iter().map(open).collect()).collect(),
            passage: ways.passage.chunks(columns).map(<[u32]>::to_vec).collect(),
        };
        File {
            format: Format::Problem1,
            names: document.names.clone(),
            start_s: of.start_s,
            period_s: of.period_s,
            periods: of.periods,
            members: of.members,
            goods: of.goods.show(),
            sites: of.sites.show(),
            points: of.points.show(),
            classes: of.classes.show(),
            fleets: of.fleets.show(),
            busy: of.busy.show(),
            bundles: of.bundles.show(),
            passages: of.passages.show(),
            ways: of.ways.iter().map(ways).collect(),
            stocks: of.stocks.show(),
            consents: of.consents.show(),
            needs: of.needs.show(),
            agreements: of.agreements.show(),
            pairings: of.pairings.show(),
            frozen: of.frozen.show(),
        }
    }

    pub(super) fn read(self) -> Result<ProblemDocument, DocumentError> {
        let shape = (self.sites.len(), self.sites.len() + self.points.len());
        let ways = self.ways.into_iter().enumerate().map(|(class, ways)| ways.read(class, shape));
        let problem = Problem {
            start_s: self.start_s,
            period_s: self.period_s,
            periods: self.periods,
            members: self.members,
            goods: Shown::read(self.goods),
            sites: Shown::read(self.sites),
            points: Shown::read(self.points),
            classes: Shown::read(self.classes),
            fleets: Shown::read(self.fleets),
            busy: Shown::read(self.busy),
            bundles: Shown::read(self.bundles),
            passages: <Vec<Vec<BundleIdx>>>::read(self.passages),
            ways: ways.collect::<Result<_, _>>()?,
            stocks: Shown::read(self.stocks),
            consents: Shown::read(self.consents),
            needs: Shown::read(self.needs),
            agreements: Shown::read(self.agreements),
            pairings: Shown::read(self.pairings),
            frozen: Shown::read(self.frozen),
        };
        Ok(ProblemDocument { names: self.names, problem })
    }
}

fn open(travel_s: &Seconds) -> Option<Seconds> {
    Some(*travel_s).filter(|&travel_s| travel_s != UNREACHABLE)
}

impl WaysFields {
    fn read(self, class: usize, shape: (usize, usize)) -> Result<Ways, DocumentError> {
        judge_rows(class, "travel_s", &self.travel_s, shape)?;
        if !self.passage.is_empty() {
            judge_rows(class, "passage", &self.passage, shape)?;
        }
        let travel_s = self.travel_s.into_iter().flatten().map(|travel_s| travel_s.unwrap_or(UNREACHABLE));
        Ok(Ways { travel_s: travel_s.collect(), passage: self.passage.into_iter().flatten().collect() })
    }
}

fn judge_rows<T>(
    class: usize,
    field: &'static str,
    rows: &[Vec<T>],
    (sites, columns): (usize, usize),
) -> Result<(), DocumentError> {
    let wrong = |count, expected| Err(DocumentError::Rows { class, field, count, expected });
    if rows.len() != sites {
        return wrong(rows.len(), sites);
    }
    rows.iter().find(|row| row.len() != columns).map_or(Ok(()), |row| wrong(row.len(), columns))
}
