//! Problems as bytes: what is stored with a decision, so that it can be ranked again.

use super::field::{Recorded, Wrong, choice, record, words};
use super::{Names, RecordFault, Stated, fault};
use crate::allocator::ranking::{
    Aircraft, AircraftIdx, AircraftStatus, Asked, Block, BlockIdx, CallOrder, Capabilities, CoverArea, Crew,
    Daylight, Fix, GroundKind, GroundStatus, GroundUnit, Hospital, HospitalIdx, HospitalState, Kind, Leg,
    Minima, Needs, NoFlyIdx, OutageCause, Ownership, Pad, Passage, Permission, Policy, Problem, RegionIdx,
    RestRule, Site, SiteIdx, SiteState, Span, Specialties, StaleRule, Standing, StandingRank, Way, Weather,
    Window,
};
use crate::id::SiteId;
use crate::units::geodesy::UnitVector;
use prost::Message as _;

// The generated types of the problem name those of the events from here.
use super::wire as event;

#[cfg(test)]
mod tests;

/// The generated types of `yui.ledger.v1.problem`.
mod wire {
    #![allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/yui.ledger.v1.problem.rs"));
}

/// What a fault calls a problem.
const NAME: &str = "Stated";

/// The bytes of a problem, as they are stored for ever.
///
/// Equal problems give equal bytes on every machine. They hold no rule of the ranking: a problem that cannot be ranked
/// has bytes too.
///
/// # Panics
/// When [`Problem::at`] lies outside the calendar or the names do not fit the lists: that is a bug, and it must stop
/// before the bytes are durable, for nobody could read them back.
///
/// # Complexity
/// One pass over the problem, which is copied once.
#[must_use]
pub fn encode_problem(stated: &Stated) -> Vec<u8> {
    assert_eq!(misnamed(stated), None, "every entry of a list has its name");
    let message: wire::Stated = stated.write();
    message.encode_to_vec()
}

/// Reads the bytes of a problem.
///
/// Every name and instant in the answer is valid, and every entry of the problem's lists has its name; whether it can
/// be ranked is for [`Problem::validate`] to say. Bits of capabilities and specialties that this schema does not know
/// are kept.
///
/// # Errors
/// [`RecordFault::Unknown`] when a newer schema wrote it: a word of a closed list, or a field that is not known here
/// (found by its length: what is read must account for every byte).
/// [`RecordFault::Malformed`] and [`RecordFault::Undecodable`] when no schema did.
pub fn decode_problem(bytes: &[u8]) -> Result<Stated, RecordFault> {
    let message = wire::Stated::decode(bytes).map_err(|source| RecordFault::Undecodable { source })?;
    let bytes_known = message.encoded_len();
    let stated = Stated::read(message).map_err(|wrong| fault(NAME, wrong))?;
    if bytes_known != bytes.len() {
        return Err(RecordFault::Unknown { what: format!("a field of {NAME}") });
    }
    match misnamed(&stated) {
        None => Ok(stated),
        Some(list) => Err(fault(NAME, Wrong::malformed().within(list).within("names"))),
    }
}

/// The first list of names that is not as long as the list it names.
fn misnamed(stated: &Stated) -> Option<&'static str> {
    let (names, problem) = (&stated.names, &stated.problem);
    let lists = [
        ("aircraft", names.aircraft.len(), problem.aircraft.len()),
        ("sites", names.sites.len(), problem.sites.len()),
        ("hospitals", names.hospitals.len(), problem.hospitals.len()),
        ("ground", names.ground.len(), problem.ground.len()),
        ("regions", names.regions.len(), problem.regions.len()),
        ("blocks", names.blocks.len(), problem.blocks.len()),
        ("areas", names.areas.len(), problem.areas.len()),
        ("no_fly", names.no_fly.len(), usize::from(problem.no_fly_count)),
    ];
    lists.into_iter().find(|(_, named, count)| named != count).map(|(list, ..)| list)
}

record!(Stated { problem, names, request, area, rule, clause, ambulance, ambulance_leg_s });
record!(Names { aircraft, sites, hospitals, ground, regions, blocks, areas, no_fly });
record!(Problem {
    at,
    kind,
    needs,
    pinned_site,
    pinned_hospital,
    policy,
    due_s,
    darkness,
    aircraft,
    sites,
    hospitals,
    road_s,
    regions,
    blocks,
    ground,
    areas,
    ways,
    classes,
    no_fly_count,
});
words!(Kind { SceneCall, Transfer });
record!(UnitVector { x, y, z });
record!(Needs { capabilities, specialties, patients, stretchers, seats });

record!(Policy {
    call_order,
    hand_over_s,
    on_scene_s,
    start_s,
    hospital_stop_s,
    turn_around_s,
    reserve_s,
    confirmation_ttl_s,
    fix_age_max_s,
    stale_fix,
    cover_wait_s,
    trade_s,
    retask,
    recall,
    road_transport,
    rest,
});
words!(CallOrder { OwnFirst, NearestFirst, OrderList });
words!(StaleRule { Excluded, Flagged });
words!(Permission { Allowed, Refused });
words!(RestRule { Ignored, PreferRested });
record!(Window { from_s, until_s });
record!(Span { from_s, until_s });

record!(Aircraft {
    position,
    fix,
    home,
    origin_region,
    home_region,
    block,
    status,
    asked,
    ready_in_s,
    speed_kmh,
    range_m,
    endurance_s,
    seats,
    stretchers,
    capabilities,
    mass_kg,
    size_m,
    service,
    daylight,
    next_outage_s,
    crew,
    rest_until_s,
    minima,
    standing,
    ownership,
    busy_permille,
});
choice!(Fix, fix { Known { age_s }, Missing });
choice!(AircraftStatus, aircraft_status {
    Ready,
    Training,
    FreeSoon,
    Retaskable,
    Engaged,
    Held { until_s },
    OutOfService { cause, until_s, planned },
});
words!(OutageCause { Maintenance, NoMechanic, NoCrew, Defect, Base, Weather, Order });
words!(Asked { NotYet, Already, Declined, NotHeld, Expired, BrokeOff });
choice!(Daylight, daylight { DayOnly { first_take_off_s, last_landing_s }, NightCapable });
choice!(Crew, crew { Present { duty_end_s, flight_left_s }, Unknown, Absent });
record!(Minima { visibility_m, ceiling_m, wind_max_mps });
record!(Standing { rank, distance_max_m, flights_left });
choice!(StandingRank, standing_rank { Own, Listed { order }, None, Refused });
choice!(Ownership, ownership { Union, Offered(span), NotOffered });

record!(Site {
    position,
    region,
    mass_max_kg,
    size_max_m,
    state,
    confirmed_age_s,
    lit,
    ambulance_s,
    support_s,
    securing_s,
    spots,
    leases,
});
words!(SiteState { Open, Closed });
record!(Hospital { position, region, specialties, pad, state, beds, preference, road_from_scene_s });
words!(HospitalState { Accepting, Unknown, Refusing, Inundated });
record!(Pad { mass_max_kg, size_max_m, wind_max_mps, lit, drive_s });
choice!(Weather, weather {
    Reported { visibility_m, ceiling_m, wind_mps, icing, thunderstorm },
    Expired { age_s },
    Unknown,
});
record!(Block { keep });
record!(GroundUnit { kind, status, asked, ready_in_s, to_scene_s, service, capabilities });
words!(GroundKind { Ambulance, DoctorCar });
words!(GroundStatus { Available, Engaged, OutOfService, OutsideArea });
record!(Way { leg, metres, passage, areas, regions });
choice!(Leg, leg {
    ToSite { aircraft, site },
    Onward { class, site, hospital },
    HomeFromSite { aircraft, site },
    HomeFromHospital { aircraft, hospital },
});
words!(Passage { Around, Barred });
record!(CoverArea { position, calls_per_1000_h });

/// Declares what stands as the one integer that it wraps.
macro_rules! as_inner {
    ($($name:ident),* $(,)?) => {
        $(impl Recorded<u32> for $name {
            fn write(&self) -> u32 {
                self.0.write()
            }

            fn read(wire: u32) -> Result<$name, Wrong> {
                Recorded::read(wire).map($name)
            }
        }

        #[cfg(test)]
        impl super::sample::Sample for $name {
            fn sample(dice: &mut super::sample::Dice) -> $name {
                $name(dice.roll())
            }
        })*
    };
}

as_inner!(Capabilities, Specialties, AircraftIdx, SiteIdx, HospitalIdx, RegionIdx, BlockIdx, NoFlyIdx);

/// An instant that one kind of a choice always has and another may lack.
impl Recorded<Option<i32>> for i32 {
    fn write(&self) -> Option<i32> {
        Some(*self)
    }

    fn read(wire: Option<i32>) -> Result<i32, Wrong> {
        wire.ok_or_else(Wrong::malformed)
    }
}

/// A name that may be missing from a list: a list cannot say "absent", and no name is empty.
impl Recorded<String> for Option<SiteId> {
    fn write(&self) -> String {
        self.as_ref().map(Recorded::write).unwrap_or_default()
    }

    fn read(wire: String) -> Result<Option<SiteId>, Wrong> {
        if wire.is_empty() { Ok(None) } else { Recorded::read(wire).map(Some) }
    }
}

impl<T: Recorded<W>, W, const N: usize> Recorded<Vec<W>> for [T; N] {
    fn write(&self) -> Vec<W> {
        self.iter().map(Recorded::write).collect()
    }

    fn read(wire: Vec<W>) -> Result<[T; N], Wrong> {
        let items: Vec<T> = Recorded::read(wire)?;
        items.try_into().map_err(|_| Wrong::malformed())
    }
}
