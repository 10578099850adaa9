//! The fields of a plan.

use super::problem::ShipmentFields;
use super::shown::{Digits, Shown, shown_enum, shown_struct};
use super::{DocumentError, Names, PlanDocument};
use crate::allocator::supplies::dual::Prices;
use crate::allocator::supplies::index::{
    BundleIdx, FleetIdx, MemberIdx, NeedIdx, PeriodIdx, PointIdx, SiteIdx, StockIdx,
};
use crate::allocator::supplies::objective::Tiers;
use crate::allocator::supplies::plan::{
    Burden, Displaced, FrozenGain, Gap, Plan, Proof, Served, Unmet, Worth,
};
use crate::allocator::supplies::problem::Stop;
use crate::allocator::supplies::resources::Resource;
use crate::allocator::supplies::why::{Change, Reason};
use serde::{Deserialize, Serialize};

shown_struct! {
    Tiers as TiersFields {
        life_saving: u128, unfairness: u128, burden: u128, lateness: u128, unpaired: u128, vehicle_s: u128,
        yen: u128,
    }
    Unmet as UnmetFields { need: NeedIdx, units: u32, reasons: Vec<Reason>, changes: Vec<Change> }
    Served as ServedFields { point: PointIdx, unmet_permille: u32, life_saving_unmet_permille: u32 }
    Burden as BurdenFields { member: MemberIdx, given_permille: u32 }
    Worth as WorthFields { resource: Resource, price: i64, millipeople: u64 }
    Displaced as DisplacedFields { shipment: usize, line: usize, need: NeedIdx }
    FrozenGain as FrozenGainFields { frozen: usize, at_most: i128 }
}

shown_enum! {
    Resource as ResourceFields {
        Stock { 0 = stock: StockIdx },
        Out { 0 = site: SiteIdx, 1 = period: PeriodIdx },
        In { 0 = stop: Stop, 1 = period: PeriodIdx },
        BundleLoad { 0 = bundle: BundleIdx, 1 = period: PeriodIdx },
        BundleVehicles { 0 = bundle: BundleIdx, 1 = period: PeriodIdx },
        Vehicles { 0 = fleet: FleetIdx, 1 = period: PeriodIdx },
        Drivers { 0 = fleet: FleetIdx, 1 = day: u32 },
    }
    Reason as ReasonFields {
        NoStock {},
        BelowReserve { stock = stock: StockIdx },
        NoAgreement { giver = giver: MemberIdx },
        PairedElsewhere { giver = giver: MemberIdx },
        NoRoad { from = from: SiteIdx },
        TooLate { periods = periods: u32 },
        NoVehicle { fleet = fleet: FleetIdx, period = period: PeriodIdx },
        NoDriver { fleet = fleet: FleetIdx, day = day: u32 },
        DockOutFull { site = site: SiteIdx, period = period: PeriodIdx },
        DockInFull { stop = stop: Stop, period = period: PeriodIdx },
        BundleFull { bundle = bundle: BundleIdx, period = period: PeriodIdx },
        ServesOthersBetter {},
    }
    Change as ChangeFields {
        MoreStock { units = units: u32 },
        OpenReserve { stock = stock: StockIdx, units = units: u32 },
        Agree { giver = giver: MemberIdx },
        Pair { giver = giver: MemberIdx },
        OpenWay { from = from: SiteIdx },
        AcceptLater { periods = periods: u32 },
        MoreVehicleTime { fleet = fleet: FleetIdx, period = period: PeriodIdx, seconds = seconds: u64 },
        MoreDriverTime { fleet = fleet: FleetIdx, day = day: u32, seconds = seconds: u64 },
        MoreLoad { of = of: Reason },
        TakeFromOthers {},
    }
}

/// Value and bound, and the gap that follows from them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GapFields {
    value: Digits<i128>,
    bound: Digits<i128>,
    nothing: Digits<i128>,
    of_value_ppm: u64,
    of_movable_ppm: u64,
}

impl GapFields {
    fn show(gap: &Gap) -> GapFields {
        GapFields {
            value: gap.value.show(),
            bound: gap.bound.show(),
            nothing: gap.nothing.show(),
            of_value_ppm: gap.of_value_ppm(),
            of_movable_ppm: gap.of_movable_ppm(),
        }
    }

    fn read(self) -> Result<Gap, DocumentError> {
        let gap = Gap {
            value: Shown::read(self.value),
            bound: Shown::read(self.bound),
            nothing: Shown::read(self.nothing),
        };
        let figures = [
            ("of_value_ppm", self.of_value_ppm, gap.of_value_ppm()),
            ("of_movable_ppm", self.of_movable_ppm, gap.of_movable_ppm()),
        ];
        let wrong = figures.into_iter().find(|(_, told, follows)| told != follows);
        wrong.map_or(Ok(gap), |(field, told, follows)| {
            Err(DocumentError::DoesNotFollow { field, told, follows })
        })
    }
}

/// Prices that are not 0, by place, and how many places there are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PricesFields {
    limits_count: usize,
    limits: Vec<(usize, i64)>,
    givers_count: usize,
    givers: Vec<(usize, i64)>,
}

impl PricesFields {
    fn show(prices: &Prices) -> PricesFields {
        let priced = |list: &[i64]| {
            list.iter()
                .enumerate()
                .filter(|(_, price)| **price != 0)
                .map(|(at, price)| (at, *price))
                .collect()
        };
        PricesFields {
            limits_count: prices.limits.len(),
            limits: priced(&prices.limits),
            givers_count: prices.givers.len(),
            givers: priced(&prices.givers),
        }
    }

    fn read(self) -> Result<Prices, DocumentError> {
        Ok(Prices {
            limits: spread("limits", self.limits_count, &self.limits)?,
            givers: spread("givers", self.givers_count, &self.givers)?,
        })
    }
}

/// Most places that prices can have: what the limits of a problem allow, with room.
const PLACES_MAX: usize = 1 << 24;

fn spread(list: &'static str, count: usize, priced: &[(usize, i64)]) -> Result<Vec<i64>, DocumentError> {
    let wrong = |place| DocumentError::Price { list, place, count };
    if count > PLACES_MAX {
        return Err(wrong(count));
    }
    let mut prices = vec![0; count];
    let mut next = 0;
    for &(place, price) in priced {
        if place < next || place >= count {
            return Err(wrong(place));
        }
        prices[place] = price;
        next = place + 1;
    }
    Ok(prices)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofFields {
    whole: PricesFields,
    life_saving: PricesFields,
}

#[derive(Serialize, Deserialize)]
enum Format {
    #[serde(rename = "yui-plan-solution-1")]
    Solution1,
}

/// The whole document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    format: Format,
    #[serde(default, skip_serializing_if = "Names::is_empty")]
    names: Names,
    gap: GapFields,
    life_saving: GapFields,
    tiers: TiersFields,
    frozen: usize,
    shipments: Vec<ShipmentFields>,
    unmet: Vec<UnmetFields>,
    served: Vec<ServedFields>,
    burdens: Vec<BurdenFields>,
    worth: Vec<WorthFields>,
    displaced: Vec<DisplacedFields>,
    frozen_gains: Vec<FrozenGainFields>,
    proof: ProofFields,
}

impl File {
    pub(super) fn show(document: &PlanDocument) -> File {
        let of = &document.plan;
        File {
            format: Format::Solution1,
            names: document.names.clone(),
            gap: GapFields::show(&of.gap),
            life_saving: GapFields::show(&of.life_saving),
            tiers: of.tiers.show(),
            frozen: of.frozen,
            shipments: of.shipments.show(),
            unmet: of.unmet.show(),
            served: of.served.show(),
            burdens: of.burdens.show(),
            worth: of.worth.show(),
            displaced: of.displaced.show(),
            frozen_gains: of.frozen_gains.show(),
            proof: ProofFields {
                whole: PricesFields::show(&of.proof.whole),
                life_saving: PricesFields::show(&of.proof.life_saving),
            },
        }
    }

    pub(super) fn read(self) -> Result<PlanDocument, DocumentError> {
        let plan = Plan {
            shipments: Shown::read(self.shipments),
            frozen: self.frozen,
            unmet: Shown::read(self.unmet),
            tiers: Shown::read(self.tiers),
            gap: self.gap.read()?,
            life_saving: self.life_saving.read()?,
            served: Shown::read(self.served),
            burdens: Shown::read(self.burdens),
            worth: Shown::read(self.worth),
            displaced: Shown::read(self.displaced),
            frozen_gains: Shown::read(self.frozen_gains),
            proof: Proof { whole: self.proof.whole.read()?, life_saving: self.proof.life_saving.read()? },
        };
        Ok(PlanDocument { names: self.names, plan })
    }
}
