//! Which roads are closed, why, and for how long.

use super::chance::{Draw, Variable};
use super::exposure::{RoadFacts, RoadKind, RoadStructure};
use super::profile::Profile;
use super::relation::{ALL_MICRO, Span};
use crate::hazard::shaking::intensity::Intensity;
use crate::id::{Slug, StructureId};
use crate::units::Seconds;

const HOUR_S: Seconds = 3_600;
const MICRO_PER_PERMILLE: u32 = 1_000;

/// Why a road is closed, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Nobody knows yet whether it holds: an expressway.
    Inspection,
    /// A bridge that is passable once somebody looked.
    BridgeInspection,
    /// Cracks, steps, houses and poles on it.
    Surface,
    /// A slope came down.
    Landslide,
    /// A tunnel.
    Tunnel,
    /// A bridge that is impassable.
    Bridge,
}

impl Cause {
    /// All of them, the mildest first.
    pub const ALL: [Cause; 6] = [
        Cause::Inspection,
        Cause::BridgeInspection,
        Cause::Surface,
        Cause::Landslide,
        Cause::Tunnel,
        Cause::Bridge,
    ];
}

/// A road that is closed from the shock on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Where it stands in [`Exposure::roads`](super::exposure::Exposure::roads).
    pub road_index: u32,
    /// From this place.
    pub from: Slug,
    /// To this one.
    pub to: Slug,
    /// The structure on it that has a name.
    pub structure: Option<StructureId>,
    /// Why; of several causes the one that lasts longest.
    pub cause: Cause,
    /// How strongly its middle was shaken.
    pub intensity: Intensity,
    /// It is open again so many seconds after the shock.
    pub open_after_s: Seconds,
}

/// The closure of a road, if it is closed.
pub(super) fn closure(
    profile: &Profile,
    draw: Draw,
    (road_index, road): (usize, &RoadFacts),
    intensity: Intensity,
) -> Option<Closure> {
    // One road by its structure, or by its ends and what it is: two roads may have the same ends.
    let key = match &road.structure {
        Some(structure) => structure.slug().to_owned(),
        None => format!("{}..{}/{:?}/{}", road.from, road.to, road.kind, road.length_m),
    };
    let variable = |name| Variable { draw, name, of: &key };
    let hits = hits(profile, road, intensity);
    let closed = hits.into_iter().flatten().filter(|hit| variable(hit.name).happens(hit.share_micro));
    let lasting = closed.map(|hit| (variable(hit.lasts).within(hit.hours) * HOUR_S, hit.cause));
    // Of two that last equally long the graver one.
    let (open_after_s, cause) = lasting.max()?;
    Some(Closure {
        road_index: road_index as u32,
        from: road.from.clone(),
        to: road.to.clone(),
        structure: road.structure.clone(),
        cause,
        intensity,
        open_after_s,
    })
}

/// Something that may close a road.
struct Hit {
    cause: Cause,
    name: &'static str,
    lasts: &'static str,
    share_micro: u32,
    hours: Span,
}

/// What may close a road at an intensity.
fn hits(profile: &Profile, road: &RoadFacts, intensity: Intensity) -> [Option<Hit>; 4] {
    let centi = u32::from(intensity.centi());
    let expressway =
        (road.kind == RoadKind::Expressway && centi >= profile.expressway.from_centi).then_some(Hit {
            cause: Cause::Inspection,
            name: "inspected",
            lasts: "inspected_h",
            share_micro: ALL_MICRO,
            hours: profile.expressway.inspection_h,
        });
    let surface = Hit {
        cause: Cause::Surface,
        name: "blocked",
        lasts: "blocked_h",
        share_micro: blocked_micro(profile, road, intensity),
        hours: profile.points.repair_h,
    };
    let [first, second] = on_it(profile, road.on, intensity);
    [expressway, Some(surface), first, second]
}

/// What may happen to what stands on the road.
fn on_it(profile: &Profile, on: RoadStructure, intensity: Intensity) -> [Option<Hit>; 2] {
    let breaks = |cause, name, lasts, of: &super::profile::Break| Hit {
        cause,
        name,
        lasts,
        share_micro: of.closed_permille.at_intensity(intensity) * MICRO_PER_PERMILLE,
        hours: of.repair_h,
    };
    match on {
        RoadStructure::Plain => [None, None],
        RoadStructure::Mountain => {
            [Some(breaks(Cause::Landslide, "landslide", "landslide_h", &profile.mountain)), None]
        }
        RoadStructure::Tunnel => [Some(breaks(Cause::Tunnel, "tunnel", "tunnel_h", &profile.tunnel)), None],
        RoadStructure::Bridge => {
            let (heavy_micro, medium_micro) = bridge_micro(profile, intensity);
            let hit =
                |cause, name, lasts, share_micro, hours| Some(Hit { cause, name, lasts, share_micro, hours });
            let repair = profile.bridge_repair;
            let looked_at = (Cause::BridgeInspection, medium_micro, repair.inspection_h);
            [
                hit(Cause::Bridge, "bridge", "bridge_h", heavy_micro, repair.heavy_h),
                hit(looked_at.0, "bridge_inspected", "bridge_inspected_h", looked_at.1, looked_at.2),
            ]
        }
    }
}

/// Shares of bridges with heavy and with medium damage, millionths: the mean over those built before 1980 and since.
pub(super) fn bridge_micro(profile: &Profile, intensity: Intensity) -> (u32, u32) {
    let bridge = profile.bridge;
    if u32::from(intensity.centi()) < bridge.from_centi {
        return (0, 0);
    }
    let old = profile.bridge_old_permille;
    let mean = |of_old: u32, of_new: u32| of_old * old + of_new * (1_000 - old);
    (
        mean(bridge.old_heavy_permille, bridge.new_heavy_permille),
        mean(bridge.old_medium_permille, bridge.new_medium_permille),
    )
}

/// The chance that a road is blocked somewhere, millionths: 1 - exp(-part that blocks x points per km x km).
pub(super) fn blocked_micro(profile: &Profile, road: &RoadFacts, intensity: Intensity) -> u32 {
    let points = &profile.points;
    let rates = match road.kind {
        RoadKind::Expressway | RoadKind::Main => &points.main_per_1000_km,
        RoadKind::Other => &points.other_per_1000_km,
    };
    let per_1000_km = f64::from(rates.at_intensity(intensity));
    let blocking = per_1000_km / 1e3 * f64::from(points.blocking_permille) / 1e3;
    let expected = blocking * f64::from(road.length_m) / 1e3;
    libm::round(-libm::expm1(-expected) * f64::from(ALL_MICRO)) as u32
}
