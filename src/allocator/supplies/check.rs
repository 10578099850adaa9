//! Proves a plan without the solver.

use super::bases::movements;
use super::dual::Sweep;
use super::frozen::impossible;
use super::index::NeedIdx;
use super::layout::Layout;
use super::objective::{self, Scope, weights};
use super::plan::Plan;
use super::problem::{Permission, Problem, Shipment, Stop};
use super::resources::{Places, Resource, capacities, uses};
use super::validate::ProblemError;

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The problem itself cannot be planned.
    #[error("the problem: {0}")]
    Invalid(ProblemError),
    /// A shipment that names what is not there, or could not go by itself.
    #[error("shipments[{index}]: {why}")]
    Shipment {
        /// Its place.
        index: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// A frozen shipment has been changed.
    #[error("shipments[{index}] is frozen and has been changed")]
    FrozenMoved {
        /// Its place.
        index: usize,
    },
    /// More is taken of something than there is, and not by frozen shipments alone.
    #[error("{resource:?}: {taken} is taken of {limit}")]
    Exceeded {
        /// Of what.
        resource: Resource,
        /// How much is taken.
        taken: u64,
        /// How much there is.
        limit: u64,
    },
    /// Something goes on from a base before it has come.
    #[error("sites[{site}]: stocks[{stock}] goes on before it has come")]
    NotAtBase {
        /// The base's place in the sites.
        site: usize,
        /// The stock's place.
        stock: usize,
    },
    /// More comes than is needed.
    #[error("needs[{}]: more comes than is needed", need.0)]
    Overmet {
        /// Which need.
        need: NeedIdx,
    },
    /// A giver serves a receiver that it may not serve.
    #[error("shipments[{index}]: this giver may not serve this receiver")]
    NotPermitted {
        /// The shipment.
        index: usize,
    },
    /// A base below the union's hands on to people of another member.
    #[error("shipments[{index}]: this base hands on to its own member's people only")]
    NotHandedOn {
        /// The shipment.
        index: usize,
    },
    /// What is said to be unmet does not follow from the shipments.
    #[error("unmet: what is said does not follow from the shipments")]
    WrongUnmet,
    /// The figures of the tiers do not follow from the shipments.
    #[error("tiers: the figures do not follow from the shipments")]
    WrongTiers,
    /// The prices do not prove the bound.
    #[error("gap: the prices do not prove the bound")]
    WrongBound,
    /// The list of points by what stays unmet, or of what members give, is not right.
    #[error("served, burdens: the lists do not follow from the shipments")]
    WrongLists,
}

/// Everything that is wrong with a plan; empty for a right one.
///
/// # Complexity
/// One sweep over all ways for each bound; linear in the shipments for the rest.
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Vec<Violation> {
    if let Err(error) = problem.validate() {
        return vec![Violation::Invalid(error)];
    }
    let mut violations = check_each(problem, plan);
    if !violations.is_empty() {
        return violations;
    }
    check_limits(problem, plan, &mut violations);
    check_bases(problem, &plan.shipments, &mut violations);
    let brought = objective::brought(problem, &plan.shipments);
    let pairs = problem.needs.iter().zip(&brought).enumerate();
    let over = pairs.filter(|(_, (need, brought))| **brought > u64::from(need.units));
    violations.extend(over.map(|(index, _)| Violation::Overmet { need: NeedIdx::at(index) }));
    if !violations.is_empty() {
        return violations;
    }
    let open = problem.needs.iter().zip(&brought).enumerate();
    let open = open.filter(|(_, (need, brought))| **brought < u64::from(need.units));
    let expected: Vec<(NeedIdx, u32)> =
        open.map(|(index, (need, brought))| (NeedIdx::at(index), need.units - *brought as u32)).collect();
    let told: Vec<(NeedIdx, u32)> = plan.unmet.iter().map(|unmet| (unmet.need, unmet.units)).collect();
    if told != expected || plan.unmet.iter().any(|unmet| unmet.reasons.is_empty()) {
        violations.push(Violation::WrongUnmet);
    }
    if plan.tiers != objective::tiers(problem, &plan.shipments) {
        violations.push(Violation::WrongTiers);
    }
    if plan.served != super::report::served(problem, &plan.shipments)
        || plan.burdens != super::report::burdens(problem, &plan.shipments)
    {
        violations.push(Violation::WrongLists);
    }
    if !bounds_are_proven(problem, plan) {
        violations.push(Violation::WrongBound);
    }
    violations
}

fn check_each(problem: &Problem, plan: &Plan) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (index, shipment) in plan.shipments.iter().enumerate() {
        if let Err(_unknown) = problem.validate_one(index, shipment) {
            violations.push(Violation::Shipment { index, why: "it names what is not there" });
            continue;
        }
        if let Some(why) = impossible(problem, shipment) {
            violations.push(Violation::Shipment { index, why });
        }
        let is_frozen = index < problem.frozen.len();
        if is_frozen && problem.frozen[index] != *shipment {
            violations.push(Violation::FrozenMoved { index });
        }
        let Stop::Point(point) = shipment.to else { continue };
        for line in shipment.lines.iter().filter(|_| !is_frozen) {
            let source = problem.stocks[line.stock.index()].site;
            let giver = problem.sites[source.index()].member;
            let permission = problem.permission(giver, problem.points[point.index()].member);
            if matches!(permission, Permission::NoAgreement | Permission::PairedElsewhere) {
                violations.push(Violation::NotPermitted { index });
            }
            if source != shipment.from && !problem.hands_on(shipment.from, point) {
                violations.push(Violation::NotHandedOn { index });
            }
        }
    }
    if plan.frozen != problem.frozen.len() || plan.shipments.len() < plan.frozen {
        violations.push(Violation::FrozenMoved { index: plan.shipments.len() });
    }
    violations
}

fn check_limits(problem: &Problem, plan: &Plan, violations: &mut Vec<Violation>) {
    let places = Places::new(problem);
    let capacity = capacities(problem, &places);
    let mut taken = vec![0_u64; places.count()];
    let mut is_touched = vec![false; places.count()];
    for (index, shipment) in plan.shipments.iter().enumerate() {
        uses(problem, &places, shipment, |place, amount| {
            taken[place] = taken[place].saturating_add(amount);
            is_touched[place] |= index >= plan.frozen;
        });
    }
    for (place, (&taken, limit)) in taken.iter().zip(capacity).enumerate() {
        if let Some(limit) = limit.filter(|limit| taken > *limit && is_touched[place]) {
            violations.push(Violation::Exceeded { resource: places.name(place), taken, limit });
        }
    }
}

fn check_bases(problem: &Problem, shipments: &[Shipment], violations: &mut Vec<Violation>) {
    for ((site, stock), moves) in movements(problem, shipments) {
        let mut there = 0;
        if moves.values().any(|units| {
            there += units;
            there < 0
        }) {
            violations.push(Violation::NotAtBase { site, stock });
        }
    }
}

fn bounds_are_proven(problem: &Problem, plan: &Plan) -> bool {
    let nothing = objective::tiers(problem, &problem.frozen);
    let of = |scope, prices| {
        let layout = Layout::new(problem, scope);
        let fits = super::dual::Prices::fit(prices, &layout);
        fits.then(|| Sweep::new(&layout).bound(&layout, prices))
    };
    let whole = of(Scope::Whole, &plan.proof.whole);
    let life_saving = of(Scope::LifeSaving, &plan.proof.life_saving);
    let life = |tiers: &objective::Tiers| tiers.life_saving as i128 * i128::from(weights::LIFE);
    whole == Some(plan.gap.bound)
        && life_saving == Some(plan.life_saving.bound)
        && plan.gap.value == plan.tiers.weighed()
        && plan.gap.nothing == nothing.weighed()
        && plan.life_saving.value == life(&plan.tiers)
        && plan.life_saving.nothing == life(&nothing)
}
