//! How strongly an earthquake shakes places: from a fault to the instrumental intensity of the Japan Meteorological Agency.
//!
//! The way: shortest distance to the fault ([`rupture`]) -> peak velocity on firm ground ([`attenuation`]) -> peak velocity on
//! the ground that is there ([`ground`]) -> instrumental intensity and class ([`intensity`]). All relations are medians of
//! what instruments recorded; how far single places lie off them comes from [`scatter`](super::scatter). Absent on purpose:
//! damage, what was observed (that is [`observed`](super::observed)), which places there are. Entry points:
//! [`Earthquake::motion`] for one place with all steps, [`Earthquake::intensities`] for very many.
//!
//! Sources: each file names its own. Good for drills and first guesses: rupture direction, basins and liquefaction are not
//! in these relations.

pub mod attenuation;
pub mod ground;
pub mod intensity;
pub mod magnitude;
pub mod rupture;
#[cfg(test)]
mod tests;

use self::attenuation::Attenuation;
use self::ground::{Relations, Site, Sites};
use self::intensity::Intensity;
use self::magnitude::Mw;
use self::rupture::Rupture;
use super::scatter::Scatter;
use crate::units::Metres;
use crate::units::geodesy::UnitVector;
use std::num::NonZeroUsize;

/// Where an earthquake starts; the relations differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// In the crust of the upper plate: the active faults on land.
    Crustal,
    /// Between the plates: the Nankai Trough.
    Interface,
    /// Inside the plate that goes under.
    Intraslab,
}

/// An earthquake as the relations see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Earthquake {
    /// Its moment magnitude.
    pub magnitude: Mw,
    /// Where it starts.
    pub kind: SourceKind,
    /// How deep its middle lies, metres.
    pub focal_depth_m: Metres,
    /// What breaks.
    pub rupture: Rupture,
}

/// How one place is shaken, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Motion {
    /// Shortest distance to the fault.
    pub distance_m: Metres,
    /// Peak acceleration on firm ground (600 m/s), micrometres per second squared: 10,000 are one gal.
    pub reference_pga_um_s2: u32,
    /// Peak velocity on firm ground (600 m/s), micrometres per second: 10,000 are 1 cm/s.
    pub reference_pgv_um_s: u32,
    /// Peak velocity on the ground that is there, micrometres per second.
    pub surface_pgv_um_s: u32,
    /// Instrumental intensity.
    pub intensity: Intensity,
}

impl Earthquake {
    /// The motion at one place, with `scatter` taken for the place of index `index`.
    ///
    /// Velocities carry the scatter, the acceleration is the median.
    #[must_use]
    pub fn motion(&self, relations: Relations, site: &Site, scatter: Scatter<'_>, index: usize) -> Motion {
        let attenuation = Attenuation::of(self);
        let distance_m = self.rupture.distance_m(UnitVector::from(site.place));
        let reference = attenuation.log10_pgv(distance_m);
        let off = attenuation.log10_sigma(distance_m, reference) * scatter.deviate(index, site.place);
        let reference_with = reference + off;
        let surface = reference_with + site.ground.log10_factor(relations);
        Motion {
            distance_m,
            reference_pga_um_s2: whole(libm::exp10(attenuation.log10_pga(distance_m) + 4.0)),
            reference_pgv_um_s: whole(libm::exp10(reference_with + 4.0)),
            surface_pgv_um_s: whole(libm::exp10(surface + 4.0)),
            intensity: relations.intensity(surface),
        }
    }

    /// The intensity at every place of `sites`, in their order; as [`Earthquake::motion`] has it, without the other steps.
    ///
    /// Each place is worked out by itself, so the answer is the same for any number of threads.
    ///
    /// # Panics
    /// When `scatter` holds deviates for another number of places.
    ///
    /// # Complexity
    /// O(places x patches of the rupture); one square root and one logarithm a place.
    #[must_use]
    pub fn intensities(&self, sites: &Sites, scatter: Scatter<'_>, threads: NonZeroUsize) -> Vec<Intensity> {
        if let Scatter::Each(deviates) = scatter {
            assert_eq!(deviates.len(), sites.len(), "one deviate for each place");
        }
        let attenuation = Attenuation::of(self);
        let mut found = vec![Intensity::default(); sites.len()];
        let chunk = sites.len().div_ceil(threads.get()).max(1);
        std::thread::scope(|scope| {
            for (part, out) in found.chunks_mut(chunk).enumerate() {
                let attenuation = &attenuation;
                scope.spawn(move || {
                    for (offset, out) in out.iter_mut().enumerate() {
                        let index = part * chunk + offset;
                        *out = self.intensity_at(attenuation, sites, scatter, index);
                    }
                });
            }
        });
        found
    }

    fn intensity_at(
        &self,
        attenuation: &Attenuation,
        sites: &Sites,
        scatter: Scatter<'_>,
        index: usize,
    ) -> Intensity {
        let distance_m = self.rupture.distance_m(sites.vectors[index]);
        let reference = attenuation.log10_pgv(distance_m);
        let deviate = scatter.deviate(index, sites.places[index]);
        // Where nothing scatters, the width of the scatter is not asked for.
        let off = if deviate == 0.0 { 0.0 } else { attenuation.log10_sigma(distance_m, reference) * deviate };
        sites.relations.intensity(reference + off + sites.log10_factors[index])
    }
}

/// The nearest whole number that a `u32` holds.
fn whole(value: f64) -> u32 {
    libm::round(value) as u32
}
