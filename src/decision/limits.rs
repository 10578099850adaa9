//! How much of everything there may be. A limit here is a refusal there, never an exhausted machine.

use crate::units::Seconds;

/// Bytes of a short text: a name, a telephone number, a keyword.
pub const SHORT_TEXT_BYTES_MAX: usize = 256;
/// Bytes of a long text: a place in words, hazards, a note, a sealed text.
pub const LONG_TEXT_BYTES_MAX: usize = 4_096;
/// Members and linked bodies of a union: 12 and its neighbours, with room.
pub const MEMBERS_MAX: u32 = 64;
/// Organisations of one member.
pub const ORGANISATIONS_MAX: u32 = 2_048;
/// Assets of one member: 500 aircraft were planned for the largest case; ambulance starts come on top.
pub const ASSETS_MAX: u32 = 4_096;
/// Landing sites of one member: Nagano has about 1,000.
pub const SITES_MAX: u32 = 16_384;
/// Hospitals of one member.
pub const HOSPITALS_MAX: u32 = 2_048;
/// Planned outages of one asset.
pub const OUTAGES_MAX: u32 = 256;
/// Rows of one order list.
pub const ORDER_ROWS_MAX: usize = 128;
/// Longest way that an agreement may allow, metres: farther than any helicopter flies.
pub const AGREED_M_MAX: u32 = 5_000_000;
/// Areas of demand of one field: every one is weighed in the price of cover, and a ranking weighs no more.
pub const AREAS_MAX: u32 = 512;
/// Slowest planning speed of an aircraft, km/h: below it no ranking can be worked out.
pub const AIRCRAFT_KMH_MIN: u32 = 20;
/// Highest wind, visibility and ceiling that anybody may state, as reported or as minima: km/h, metres, metres.
pub const WIND_KMH_MAX: u32 = 500;
/// See [`WIND_KMH_MAX`].
pub const VISIBILITY_M_MAX: u32 = 100_000;
/// See [`WIND_KMH_MAX`].
pub const CEILING_M_MAX: u32 = 20_000;
/// Municipalities of one fire department.
pub const MUNICIPALITIES_MAX: usize = 256;
/// Aircraft for one scene: mass casualties of hundreds, one or two in each.
pub const AIRCRAFT_MAX: u16 = 64;
/// Attempts for one number: every aircraft of the largest case once would be 500; nobody telephones so often.
pub const ATTEMPTS_MAX: u16 = 128;
/// Landing sites that one attempt may try for a lease.
pub const CHOICE_SITES_MAX: usize = 16;
/// Preferred hospitals of one request.
pub const PREFERRED_HOSPITALS_MAX: usize = 16;
/// Open requests of one member at once: 10^4 open missions over the union.
pub const OPEN_REQUESTS_MAX: u32 = 20_000;
/// Links of one request.
pub const LINKS_MAX: u32 = 64;
/// Patients of one colour.
pub const PATIENTS_MAX: u16 = 9_999;
/// Leases that may stand at once in one ledger.
pub const OPEN_LEASES_MAX: u32 = 50_000;
/// Changes that together let one need be met: an obstacle of each kind.
pub const REMEDIES_MAX: usize = 16;
/// Minutes that loading or unloading one vehicle may take: half a day.
pub const HANDLING_MIN_MAX: i64 = 720;
/// What one vehicle may carry: a ship.
pub const PAYLOAD_KG_MAX: i64 = 10_000_000;
/// Beds of one hospital that may be asked for or promised at once: mass casualties of hundreds.
pub const BEDS_OPEN_MAX: u32 = 512;
/// Hospitals that one mission may choose one after the other.
pub const HOSPITALS_LEFT_MAX: usize = 16;
/// What ends by itself in one record: the rest follows in the next. Within what a ledger's record holds.
pub const EXPIRE_MAX: usize = 1_024;
/// Standing orders of one member, ended ones included: their names are not used again while they stand.
pub const STANDING_ORDERS_MAX: u32 = 1_024;
/// Weather regions that one member reports.
pub const WEATHER_REGIONS_MAX: u32 = 1_024;
/// Named structures that one member speaks of.
pub const STRUCTURES_MAX: u32 = 8_192;
/// Restrictions that one member may have standing on the roads at once: a great earthquake closes hundreds of sections.
pub const RESTRICTIONS_MAX: u32 = 4_096;
/// Edges that one restriction names by number; more are meant by an area, a class or a section.
pub const RESTRICTION_EDGES_MAX: usize = 4_096;
/// Vehicles that a limited stretch may be said to let pass in an hour: more than six lanes carry.
pub const VEHICLES_PER_HOUR_MAX: i64 = 10_000;
/// Commodities of the union: eight basic goods, water, fuel, medicine and their kinds, with room.
pub const COMMODITIES_MAX: u32 = 512;
/// Depots of one member, shelters among them: Osaka has about 2,000.
pub const DEPOTS_MAX: u32 = 16_384;
/// Fleets of one member.
pub const FLEETS_MAX: u32 = 4_096;
/// Stocks of one member: every commodity in every depot of the tiers, and what lies at shelters.
pub const STOCKS_MAX: u32 = 131_072;
/// Counts in one command: within one message and one record.
pub const COUNTS_CALL_MAX: usize = 4_096;
/// Counts of one stock that its state keeps; its ledger keeps all.
pub const STOCK_COUNTS_KEPT: usize = 16;
/// Most of a commodity in one need, stock or shipment, in its unit: ten times the litres that all people of the union
/// need in three days.
pub const QUANTITY_MAX: u32 = 1_000_000_000;
/// Mass of one unit of a commodity, grams: 20 t, a generator for a hospital.
pub const UNIT_MASS_G_MAX: u32 = 20_000_000;
/// Volume of one unit of a commodity, cubic centimetres: what a 10 t lorry holds.
pub const UNIT_VOLUME_CM3_MAX: u32 = 50_000_000;
/// Tiers of the objective.
pub const OBJECTIVE_TIERS_MAX: u8 = 8;
/// Lowest of the priorities of needs.
pub const PRIORITY_MAX: u8 = 5;
/// Needs in one command: within one message and one record.
pub const NEEDS_CALL_MAX: usize = 4_096;
/// Needs of one member that may stand at once: 2,000 shelters with 30 commodities each.
pub const NEEDS_MAX: u32 = 65_536;
/// How often one need may be corrected.
pub const NEED_CORRECTIONS_MAX: usize = 64;
/// How far ahead a need may be wanted, or go on.
pub const NEED_AHEAD_S_MAX: Seconds = 92 * 86_400;
/// Plans ever proposed: one every quarter of an hour for six weeks.
pub const PLANS_MAX: u32 = 4_096;
/// Shipments of one plan: with some hundred bytes each they fit one record.
pub const PLAN_SHIPMENTS_MAX: usize = 16_384;
/// Needs that one plan does not meet, in whole or in part: within one record beside the shipments.
pub const PLAN_UNFILLED_MAX: usize = 16_384;
/// Pairs ever decided: each municipality of the union paired anew every week for four months.
pub const PAIRS_MAX: u32 = 4_096;
/// Supporters of one pair: every member and linked prefecture there can be in one problem.
pub const PAIR_SUPPORTERS_MAX: usize = crate::allocator::counterpart::limits::SUPPORTERS_MAX;
/// Teams of one supporter in one pair.
pub const PAIR_TEAMS_MAX: u32 = crate::allocator::counterpart::limits::TEAMS_MAX;
/// Commodities in one shipment.
pub const GOODS_MAX: usize = 64;
/// Areas not to be flown through that one member may have reported at once: some dozen stand after a great earthquake.
pub const NO_FLY_AREAS_MAX: u32 = 32;
/// Corners of one of them: a circle of 64 and 10 km radius is off by 12 m.
pub const NO_FLY_CORNERS_MAX: usize = 64;
/// Agreements of a field: one for each fire department (720 in Japan).
pub const AGREEMENTS_MAX: u32 = 4_096;
/// Offers that may stand at once in one ledger.
pub const OPEN_OFFERS_MAX: u32 = 4_096;

/// Time to answer of an attempt that takes a late go: the base has said yes already, so that nothing waits for it.
pub const ANSWER_S_OF_TAKEN_OFFER: Seconds = 120;
/// Shortest time to answer that makes sense for a person.
pub const ANSWER_S_MIN: Seconds = 10;
/// Longest time that an ask may hold an aircraft: one hour, for one that is free soon.
pub const ANSWER_S_MAX: Seconds = 3_600;
/// How long a late go stands as an offer.
pub const LATE_GO_OFFER_S: Seconds = 600;
/// How long an offer may stand.
pub const OFFER_S_MAX: Seconds = 31 * 86_400;
/// How long a lease may stand ahead: a landing site is not a parking lot.
pub const LEASE_S_MAX: Seconds = 6 * 3_600;
/// How long a hospital has to answer before the lease ends by itself.
pub const BED_ANSWER_S: Seconds = 600;
/// How long a standing order may stand without a person saying so again.
pub const STANDING_ORDER_S_MAX: Seconds = 31 * 86_400;
/// How far ahead a weather report may claim to hold.
pub const WEATHER_S_MAX: Seconds = 24 * 3_600;
/// How far ahead a time in a command may lie.
pub const FUTURE_S_MAX: Seconds = 366 * 86_400;
/// How far a reported time may lie ahead of the ledger's clock: clocks of people differ a little.
pub const CLOCK_SKEW_S_MAX: Seconds = 60;
/// How old a reported time may be.
pub const PAST_S_MAX: Seconds = 31 * 86_400;

const _: () = assert!(ANSWER_S_MIN < ANSWER_S_MAX && ANSWER_S_MAX < LEASE_S_MAX);
const _: () = assert!(LATE_GO_OFFER_S < OFFER_S_MAX);
const _: () = assert!((MEMBERS_MAX * NO_FLY_AREAS_MAX) as usize <= crate::network::air::AREAS_MAX);
const _: () = assert!(NO_FLY_CORNERS_MAX <= crate::network::air::POLYGON_CORNERS_MAX);
// A total of masses or volumes over every need of every member fits 64 bits with a sign.
const _: () = assert!((QUANTITY_MAX as u64).checked_mul(UNIT_MASS_G_MAX as u64).is_some());
const _: () = assert!((QUANTITY_MAX as u64).checked_mul(UNIT_VOLUME_CM3_MAX as u64).is_some());
const _: () = assert!(SHORT_TEXT_BYTES_MAX < LONG_TEXT_BYTES_MAX);
