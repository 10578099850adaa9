//! How strongly everything of an exposure is shaken, in one scatter or one blend for all of it.

use super::exposure::Exposure;
use super::{Draw, Order, StrikeFault};
use crate::hazard::observed::{Basis, Blend, Compared, SPREAD_CENTI, Shaken, Value};
use crate::hazard::scatter::{FieldPlan, Scatter};
use crate::hazard::shaking::Earthquake;
use crate::hazard::shaking::ground::{Site, Sites};
use crate::hazard::shaking::intensity::Intensity;
use crate::hazard::telegram::Reading;
use crate::units::Position;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// Intensities in the orders of the exposure.
pub(super) struct Shaking {
    pub(super) towns: Vec<Shaken>,
    pub(super) hospitals: Vec<Intensity>,
    pub(super) roads: Vec<Intensity>,
    pub(super) sites: Vec<Intensity>,
    pub(super) depots: Vec<Intensity>,
    pub(super) bases: Vec<Intensity>,
}

impl Shaking {
    pub(super) fn of(
        earthquake: &Earthquake,
        exposure: &Exposure,
        order: Order<'_>,
    ) -> Result<Shaking, StrikeFault> {
        let sites = sites_of(exposure);
        let places: Vec<Position> = sites.iter().map(|site| site.place).collect();
        let ready = Sites::new(order.relations, &sites);
        let shaken_with = |scatter: Scatter<'_>| earthquake.intensities(&ready, scatter, NonZeroUsize::MIN);
        let (intensities, towns) = match (order.observed, order.draw) {
            (Some(readings), _) => {
                let predicted = shaken_with(Scatter::Median);
                let town_count = exposure.towns.len();
                let (towns, blend) = observed_towns(exposure, &predicted, readings, order)?;
                // Places without an observation of their own, the towns left out.
                let rest = (&places[town_count..], &predicted[town_count..]);
                let mut all: Vec<Intensity> = towns.iter().map(|shaken| shaken.intensity).collect();
                all.extend(rest.0.iter().zip(rest.1).map(|(place, at)| blend.intensity_at(*place, *at)));
                (all, towns)
            }
            (None, Draw::Expected) => told_alone(exposure, shaken_with(Scatter::Median)),
            (None, Draw::Seed(seed)) => {
                let field = FieldPlan::over(order.scatter, &places)?.draw(seed, "shaking");
                told_alone(exposure, shaken_with(Scatter::Field(&field)))
            }
        };
        let mut rest = intensities.into_iter().skip(exposure.towns.len());
        let mut next = |count: usize| rest.by_ref().take(count).collect::<Vec<Intensity>>();
        Ok(Shaking {
            towns,
            hospitals: next(exposure.hospitals.len()),
            roads: next(exposure.roads.len()),
            sites: next(exposure.sites.len()),
            depots: next(exposure.depots.len()),
            bases: next(exposure.bases.len()),
        })
    }
}

/// Everything, one behind the other.
fn sites_of(exposure: &Exposure) -> Vec<Site> {
    let towns = exposure.towns.iter().map(|town| town.site);
    let hospitals = exposure.hospitals.iter().map(|hospital| hospital.site);
    let roads = exposure.roads.iter().map(|road| road.site);
    let sites = exposure.sites.iter().map(|asset| asset.site);
    let depots = exposure.depots.iter().map(|asset| asset.site);
    let bases = exposure.bases.iter().map(|asset| asset.site);
    towns.chain(hospitals).chain(roads).chain(sites).chain(depots).chain(bases).collect()
}

/// Towns that nothing was observed of.
fn told_alone(exposure: &Exposure, intensities: Vec<Intensity>) -> (Vec<Intensity>, Vec<Shaken>) {
    let towns = intensities.iter().take(exposure.towns.len());
    let basis = Basis::Predicted;
    let towns = towns.map(|&intensity| Shaken { intensity, basis, spread_centi: SPREAD_CENTI }).collect();
    (intensities, towns)
}

/// Towns with what was observed of them, and the blend for all other places.
fn observed_towns(
    exposure: &Exposure,
    predicted: &[Intensity],
    readings: &BTreeMap<u32, Reading>,
    order: Order<'_>,
) -> Result<(Vec<Shaken>, Blend), StrikeFault> {
    let told = |code: u32| readings.get(&code).map(|reading| Value::from(*reading));
    let towns = || exposure.towns.iter().zip(predicted);
    let compared = towns().filter_map(|(town, &predicted)| {
        told(town.code).map(|value| Compared { place: town.site.place, predicted, value })
    });
    let blend = Blend::new(order.scatter, &compared.collect::<Vec<_>>())?;
    let shaken = towns().map(|(town, at)| blend.at(town.site.place, *at, told(town.code))).collect();
    Ok((shaken, blend))
}
