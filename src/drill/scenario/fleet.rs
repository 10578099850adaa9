//! Helicopters, doctor cars, ambulance starts and planned outages.

use super::book::{Book, Registry, each, origin};
use super::fault::{Allowed, Checked, Faults};
use super::policy::Policy;
use super::table::{Row, Table};
use crate::decision::model::{
    Asset, AssetKind, Capabilities, Capability, Minima, Name, Outage, OutageReason, ServiceHours, Window,
};
use crate::id::{AssetId, MemberId, OrganisationId, Slug, WeatherRegionId};
use crate::network::ACCESS_SPEED_KMH;
use crate::units::{Position, Seconds};

const MINUTE_S: Seconds = 60;
const DAY_S: Seconds = 86_400;
const DAY_MIN: u32 = 1_440;

pub(super) fn read_helicopters(book: &mut Book, table: &Table, policy: &Policy, faults: &mut Faults) {
    each(table, faults, |row| {
        let asset = helicopter(book, row, policy)?;
        book.helicopters.file(row, (origin(row), asset));
        Ok(())
    });
}

fn helicopter(book: &mut Book, row: Row<'_>, policy: &Policy) -> Checked<Asset> {
    let kinds = [
        ("doctor", AssetKind::DoctorHelicopter),
        ("fire", AssetKind::FireHelicopter),
        ("police", AssetKind::OtherHelicopter),
        ("coast_guard", AssetKind::OtherHelicopter),
        ("defence", AssetKind::OtherHelicopter),
    ];
    let slug = book.helicopters.id(row)?;
    book.members.get(row, "member")?;
    row.whole("pilots", 1..=4)?;
    let custodian = book.organisations.get(row, "custodian")?;
    let Some(member) = custodian.member.clone() else {
        return Err(row.not("custodian", row.cell("custodian"), Allowed::OrganisationOfMember));
    };
    let (custodian, telephone) = (custodian.id(&member), custodian.telephone.clone());
    let owner = organisation_under(book, row, "owner", &member)?;
    let operator = organisation_under(book, row, "operator", &member)?;
    let site = &book.sites.get(row, "base_site")?.site;
    let stretchers = row.count("stretchers", 0..=100)?;
    let hours = ServiceHours {
        from_s: row.time_of_day("hours_from")?,
        until_s: row.end_of_service("hours_to")?,
        sunset_margin_s: row.whole("sunset_margin_min", 0..=360)? * MINUTE_S,
    };
    Ok(Asset {
        id: AssetId::new(&member, slug),
        name: row.name()?,
        kind: row.choice("kind", &kinds)?,
        custodian,
        owner,
        operator,
        model: row.text("type")?.to_owned(),
        base: site.position,
        base_site: Some(site.id.clone()),
        region: site.region.clone(),
        block: book.block(&member),
        telephone,
        speed_kmh: row.whole("planning_speed_kmh", 1..=1_000)?,
        range_m: row.whole("range_km", 1..=5_000)? * 1_000,
        endurance_s: row.whole("endurance_min", 1..=DAY_MIN)? * MINUTE_S,
        seats: row.count("seats", 0..=100)?,
        stretchers,
        capabilities: helicopter_capabilities(row, stretchers)?,
        mass_kg: row.whole("mass_max_kg", 1..=100_000)?,
        size_m: row.metres_up("overall_length_m", 1..=100)?,
        start_s: row.whole("start_min", 0..=60)? * MINUTE_S,
        turnaround_s: policy.flight.turn_round_s,
        duty_s_max: duty_of_one_crew(&hours, policy),
        hours,
        minima: Minima {
            visibility_m: policy.weather.visibility_min_m,
            ceiling_m: policy.weather.ceiling_min_m,
            wind_kmh_max: policy.weather.wind_max_kmh,
        },
        flight_s_max: row.whole("crew_flight_limit_min", 1..=DAY_MIN)? * MINUTE_S,
        offered_only: row.yes("offered_only")?,
    })
}

/// A crew's duty where one crew serves all the hours; none around the clock: there crews relieve each other, and nobody
/// has said when.
fn duty_of_one_crew(hours: &ServiceHours, policy: &Policy) -> Seconds {
    if (hours.from_s, hours.until_s) == (0, DAY_S) { 0 } else { policy.flight.crew_duty_s_max }
}

/// The organisation of a cell; an operator without a member of its own is registered under `member`.
fn organisation_under(
    book: &mut Book,
    row: Row<'_>,
    column: &'static str,
    member: &MemberId,
) -> Checked<Option<OrganisationId>> {
    let Some(entry) = book.organisations.get_if(row, column)? else { return Ok(None) };
    let id = entry.id(member);
    if entry.member.is_none() {
        book.operators.insert((entry.slug.to_string(), member.clone()));
    }
    Ok(Some(id))
}

fn helicopter_capabilities(row: Row<'_>, stretchers: u16) -> Checked<Capabilities> {
    let has = [
        (row.yes("physician")?, Capability::Physician),
        (stretchers > 0, Capability::Stretcher),
        (row.yes("hoist")?, Capability::Hoist),
        (row.yes("night")?, Capability::Night),
    ];
    Ok(has.into_iter().filter(|(has, _)| *has).map(|(_, capability)| capability).collect())
}

/// What cars have in common.
struct Car {
    id: AssetId,
    name: Name,
    kind: AssetKind,
    custodian: OrganisationId,
    model: &'static str,
    base: Position,
    region: WeatherRegionId,
    block: Slug,
    telephone: String,
    stretchers: u16,
    capability: Capability,
    start_s: Seconds,
    from_s: Seconds,
    until_s: Seconds,
}

impl Car {
    /// A car as the ledgers hold it: what only aircraft have is 0, what would bind it is out of the way.
    fn asset(self) -> Asset {
        Asset {
            id: self.id,
            name: self.name,
            kind: self.kind,
            owner: Some(self.custodian.clone()),
            operator: Some(self.custodian.clone()),
            custodian: self.custodian,
            model: self.model.to_owned(),
            base: self.base,
            base_site: None,
            region: self.region,
            block: self.block,
            telephone: self.telephone,
            speed_kmh: ACCESS_SPEED_KMH,
            range_m: 0,
            endurance_s: 0,
            seats: 0,
            stretchers: self.stretchers,
            capabilities: [self.capability].into_iter().collect(),
            mass_kg: 0,
            size_m: 0,
            start_s: self.start_s,
            turnaround_s: 0,
            hours: ServiceHours { from_s: self.from_s, until_s: self.until_s, sunset_margin_s: 0 },
            // No wind that a ledger accepts stops a car.
            minima: Minima { visibility_m: 0, ceiling_m: 0, wind_kmh_max: 500 },
            duty_s_max: DAY_S,
            flight_s_max: DAY_S,
            offered_only: false,
        }
    }
}

/// Reads the doctor cars. Their custodian is the hospital, whose organisation holds the municipalities that they serve.
pub(super) fn read_doctor_cars(book: &mut Book, table: &Table, policy: &Policy, faults: &mut Faults) {
    let names: Registry<()> = Registry::of(table, faults);
    each(table, faults, |row| {
        let slug = names.id(row)?;
        book.members.get(row, "member")?;
        let municipalities = row.list("municipalities").map(|name| {
            book.municipalities.resolve(row, "municipalities", name).map(|municipality| municipality.code)
        });
        let municipalities: Vec<u32> = municipalities.collect::<Checked<_>>()?;
        let (_, hospital) = book.hospitals.get(row, "hospital")?;
        let member = &hospital.id.member;
        let car = Car {
            id: AssetId::new(member, slug),
            name: row.name()?,
            kind: AssetKind::DoctorCar,
            custodian: OrganisationId::new(member, hospital.id.slug.clone()),
            model: "doctor car",
            base: row.position()?,
            region: hospital.region.clone(),
            block: book.block(member),
            telephone: hospital.telephone.clone(),
            stretchers: 0,
            capability: Capability::Physician,
            start_s: policy.ground.doctor_car_turnout_s,
            from_s: row.time_of_day("hours_from")?,
            until_s: row.end_of_service("hours_to")?,
        };
        let served = book.served_by_cars.entry(car.custodian.clone()).or_default();
        served.extend(municipalities);
        book.cars.push((origin(row), car.asset()));
        Ok(())
    });
}

/// Reads the ambulance starts. Their custodian is the fire department.
pub(super) fn read_ambulance_starts(
    book: &mut Book,
    table: &Table,
    nodes: &Registry<()>,
    policy: &Policy,
    faults: &mut Faults,
) {
    let names: Registry<()> = Registry::of(table, faults);
    each(table, faults, |row| {
        let slug = names.id(row)?;
        book.members.get(row, "member")?;
        nodes.get(row, "road_node")?;
        let department = &book.fire_departments.get(row, "fire_department")?.organisation;
        let Some(organisation) = book.organisations.entry(department.slug.as_str()) else { return Ok(()) };
        let member = &department.member;
        let car = Car {
            id: AssetId::new(member, slug),
            name: row.name()?,
            kind: AssetKind::Ambulance,
            custodian: department.clone(),
            model: "ambulance",
            base: row.position()?,
            region: book.municipalities.get(row, "municipality")?.region.clone(),
            block: book.block(member),
            telephone: organisation.telephone.clone(),
            stretchers: row.count("ambulances", 1..=100)?,
            capability: Capability::Stretcher,
            start_s: policy.ground.ambulance_turnout_s,
            from_s: 0,
            until_s: DAY_S,
        };
        book.cars.push((origin(row), car.asset()));
        Ok(())
    });
}

pub(super) fn read_outages(book: &mut Book, table: &Table, faults: &mut Faults) {
    let names: Registry<()> = Registry::of(table, faults);
    let reasons = [
        ("maintenance", OutageReason::Maintenance),
        ("mechanical", OutageReason::Mechanical),
        ("mechanic_shortage", OutageReason::NoMechanics),
        ("crew_shortage", OutageReason::NoCrew),
        ("recalled", OutageReason::Recalled),
    ];
    each(table, faults, |row| {
        let id = names.id(row)?;
        let (_, asset) = book.helicopters.get(row, "helicopter")?;
        let window = Window { from: row.instant("from")?, until: row.instant("until")? };
        let outage = Outage { id, window, reason: row.choice("reason", &reasons)? };
        book.outages.push((origin(row), asset.id.clone(), outage));
        Ok(())
    });
}
