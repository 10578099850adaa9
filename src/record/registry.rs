//! Assets, landing sites, hospitals, outages and offers: what a member has.

use super::field::{choice, record, words};
use super::wire;
use crate::decision::model::{
    Asset, AssetKind, AssetState, Hospital, Minima, OfferState, Outage, OutageReason, Pad, ServiceHours,
    Site, SiteKind, Window,
};

record!(Asset {
    id,
    name,
    kind,
    custodian,
    owner,
    operator,
    model,
    base,
    base_site,
    region,
    block,
    telephone,
    speed_kmh,
    range_m,
    endurance_s,
    seats,
    stretchers,
    capabilities,
    mass_kg,
    size_m,
    start_s,
    turnaround_s,
    hours,
    minima,
    duty_s_max,
    flight_s_max,
    offered_only,
});
words!(AssetKind { DoctorHelicopter, FireHelicopter, OtherHelicopter, DoctorCar, Ambulance });
record!(ServiceHours { from_s, until_s, sunset_margin_s });
record!(Minima { visibility_m, ceiling_m, wind_kmh_max });
choice!(AssetState, asset_state { Available, Recallable { recall_s }, OutOfService { reason, until } });
words!(OutageReason { Maintenance, Mechanical, NoMechanics, NoCrew, Recalled });
record!(Outage { id, window, reason });
record!(Window { from, until });
words!(OfferState { Open, Taken, StoodDown, Withdrawn, Lapsed });
record!(Site {
    id,
    name,
    kind,
    position,
    municipality,
    region,
    mass_max_kg,
    size_max_m,
    spots,
    fuel,
    securing_s,
    telephone,
});
words!(SiteKind { Rendezvous, HospitalPad, Airport, Base });
record!(Hospital { id, name, organisation, position, region, capabilities, pad, telephone });
record!(Pad { mass_max_kg, size_max_m, roof, site });
