//! Helicopters, doctor cars and ambulance starts.

use super::{Name, OutageReason, Window};
use crate::id::{AssetId, OrganisationId, SiteId, Slug, WeatherRegionId};
use crate::units::{Kilograms, Metres, Position, Seconds, Timestamp};

/// Something that moves towards a patient.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asset {
    /// Its name in the ledgers, under its custodian's member.
    pub id: AssetId,
    /// Its name for people.
    pub name: Name,
    /// What it is.
    pub kind: AssetKind,
    /// The body that answers the hot line and alone may promise it.
    pub custodian: OrganisationId,
    /// Who owns it.
    pub owner: Option<OrganisationId>,
    /// Who flies or drives it.
    pub operator: Option<OrganisationId>,
    /// The type, as people say it: `EC135`.
    pub model: String,
    /// Where it stands when nothing is asked of it.
    pub base: Position,
    /// The landing site that is its base.
    pub base_site: Option<SiteId>,
    /// The region whose weather its base has.
    pub region: WeatherRegionId,
    /// The block whose cover it is counted in.
    pub block: Slug,
    /// The telephone that always stands beside the key.
    pub telephone: String,
    /// Block speed for planning, km/h: start to stop over the great circle, not cruise.
    pub speed_kmh: u32,
    /// How far it flies on full tanks.
    pub range_m: Metres,
    /// How long it flies on full tanks.
    pub endurance_s: Seconds,
    /// Seats.
    pub seats: u16,
    /// Lying patients.
    pub stretchers: u16,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Mass that a landing site must bear.
    pub mass_kg: Kilograms,
    /// Overall length with rotors turning, which a landing site must hold.
    pub size_m: Metres,
    /// From the ask to lift-off.
    pub start_s: Seconds,
    /// From landing at the base to ready again.
    pub turnaround_s: Seconds,
    /// When it may fly.
    pub hours: ServiceHours,
    /// The weather it needs.
    pub minima: Minima,
    /// How long its crew may be on duty in a day; 0: no limit is known.
    pub duty_s_max: Seconds,
    /// How long its crew may fly in a day.
    pub flight_s_max: Seconds,
    /// Tasked by its own chain: a candidate only while its owner offers it.
    pub offered_only: bool,
}

/// One thing about an asset that a person may change; what it is, who answers for it, and what verbs change is not here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AssetChange {
    /// See [`Asset::name`].
    Name(Name),
    /// See [`Asset::owner`].
    Owner(Option<OrganisationId>),
    /// See [`Asset::operator`].
    Operator(Option<OrganisationId>),
    /// See [`Asset::model`].
    Model(String),
    /// See [`Asset::base`].
    Base(Position),
    /// See [`Asset::base_site`].
    BaseSite(Option<SiteId>),
    /// See [`Asset::region`].
    Region(WeatherRegionId),
    /// See [`Asset::block`].
    Block(Slug),
    /// See [`Asset::telephone`].
    Telephone(String),
    /// See [`Asset::speed_kmh`].
    SpeedKmh(u32),
    /// See [`Asset::range_m`].
    RangeM(Metres),
    /// See [`Asset::endurance_s`].
    EnduranceS(Seconds),
    /// See [`Asset::seats`].
    Seats(u16),
    /// See [`Asset::stretchers`].
    Stretchers(u16),
    /// See [`Asset::capabilities`].
    Capabilities(Capabilities),
    /// See [`Asset::mass_kg`].
    MassKg(Kilograms),
    /// See [`Asset::size_m`].
    SizeM(Metres),
    /// See [`Asset::start_s`].
    StartS(Seconds),
    /// See [`Asset::turnaround_s`].
    TurnaroundS(Seconds),
    /// See [`ServiceHours::from_s`].
    ServiceFromS(Seconds),
    /// See [`ServiceHours::until_s`].
    ServiceUntilS(Seconds),
    /// See [`ServiceHours::sunset_margin_s`].
    SunsetMarginS(Seconds),
    /// See [`Minima::visibility_m`].
    VisibilityM(Metres),
    /// See [`Minima::ceiling_m`].
    CeilingM(Metres),
    /// See [`Minima::wind_kmh_max`].
    WindKmhMax(u32),
    /// See [`Asset::duty_s_max`].
    DutySMax(Seconds),
    /// See [`Asset::flight_s_max`].
    FlightSMax(Seconds),
    /// See [`Asset::offered_only`].
    OfferedOnly(bool),
}

impl Asset {
    /// The same asset with one thing changed.
    pub fn change(&mut self, change: &AssetChange) {
        match change {
            AssetChange::Name(name) => self.name = name.clone(),
            AssetChange::Owner(owner) => self.owner = owner.clone(),
            AssetChange::Operator(operator) => self.operator = operator.clone(),
            AssetChange::Model(model) => self.model = model.clone(),
            AssetChange::Base(base) => self.base = *base,
            AssetChange::BaseSite(site) => self.base_site = site.clone(),
            AssetChange::Region(region) => self.region = region.clone(),
            AssetChange::Block(block) => self.block = block.clone(),
            AssetChange::Telephone(telephone) => self.telephone = telephone.clone(),
            AssetChange::SpeedKmh(speed_kmh) => self.speed_kmh = *speed_kmh,
            AssetChange::RangeM(range_m) => self.range_m = *range_m,
            AssetChange::EnduranceS(endurance_s) => self.endurance_s = *endurance_s,
            AssetChange::Seats(seats) => self.seats = *seats,
            AssetChange::Stretchers(stretchers) => self.stretchers = *stretchers,
            AssetChange::Capabilities(capabilities) => self.capabilities = *capabilities,
            AssetChange::MassKg(mass_kg) => self.mass_kg = *mass_kg,
            AssetChange::SizeM(size_m) => self.size_m = *size_m,
            AssetChange::StartS(start_s) => self.start_s = *start_s,
            AssetChange::TurnaroundS(turnaround_s) => self.turnaround_s = *turnaround_s,
            AssetChange::ServiceFromS(from_s) => self.hours.from_s = *from_s,
            AssetChange::ServiceUntilS(until_s) => self.hours.until_s = *until_s,
            AssetChange::SunsetMarginS(margin_s) => self.hours.sunset_margin_s = *margin_s,
            AssetChange::VisibilityM(visibility_m) => self.minima.visibility_m = *visibility_m,
            AssetChange::CeilingM(ceiling_m) => self.minima.ceiling_m = *ceiling_m,
            AssetChange::WindKmhMax(wind_kmh_max) => self.minima.wind_kmh_max = *wind_kmh_max,
            AssetChange::DutySMax(duty_s_max) => self.duty_s_max = *duty_s_max,
            AssetChange::FlightSMax(flight_s_max) => self.flight_s_max = *flight_s_max,
            AssetChange::OfferedOnly(offered_only) => self.offered_only = *offered_only,
        }
    }
}

/// What an asset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssetKind {
    /// A helicopter with physician and nurse (ドクターヘリ).
    DoctorHelicopter,
    /// A fire and disaster prevention helicopter (消防防災ヘリ).
    FireHelicopter,
    /// Any other helicopter.
    OtherHelicopter,
    /// A car that brings a physician to the scene.
    DoctorCar,
    /// A place from which ambulances start.
    Ambulance,
}

impl AssetKind {
    /// Whether it flies.
    #[must_use]
    pub fn is_aircraft(self) -> bool {
        match self {
            AssetKind::DoctorHelicopter | AssetKind::FireHelicopter | AssetKind::OtherHelicopter => true,
            AssetKind::DoctorCar | AssetKind::Ambulance => false,
        }
    }
}

/// One thing that an asset or a hospital can do. The discriminant is its bit in [`Capabilities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Capability {
    /// A physician on board, or at the hospital.
    Physician = 0,
    /// A lying patient can be carried.
    Stretcher = 1,
    /// A rescue hoist.
    Hoist = 2,
    /// A neonatal incubator, or a neonatal intensive care unit.
    Neonatal = 3,
    /// Trauma care (at a hospital: a critical care centre).
    Trauma = 4,
    /// Cardiac catheterisation.
    Cardiac = 5,
    /// Stroke care.
    Stroke = 6,
    /// Burns.
    Burns = 7,
    /// Two-pilot crew that may fly at night between lit pads.
    Night = 8,
    /// External load.
    Sling = 9,
}

impl Capability {
    /// All of them, in the order of their bits.
    pub const ALL: [Capability; 10] = [
        Capability::Physician,
        Capability::Stretcher,
        Capability::Hoist,
        Capability::Neonatal,
        Capability::Trauma,
        Capability::Cardiac,
        Capability::Stroke,
        Capability::Burns,
        Capability::Night,
        Capability::Sling,
    ];
}

/// A set of [`Capability`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capabilities(pub u32);

impl Capabilities {
    /// Whether it holds every one of `needed`.
    #[must_use]
    pub fn covers(self, needed: Capabilities) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// The members of the set, in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |c| self.0 & (1 << (*c as u8)) != 0)
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Capabilities {
        Capabilities(capabilities.into_iter().fold(0, |bits, c| bits | 1 << (c as u8)))
    }
}

/// Hours in which an aircraft may fly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ServiceHours {
    /// Opens at this second of the local day.
    pub from_s: Seconds,
    /// Closes at this second of the local day; the day's end when only the sun closes it.
    pub until_s: Seconds,
    /// Last landing at home this long before sunset; ignored with [`Capability::Night`].
    pub sunset_margin_s: Seconds,
}

/// The least weather an aircraft flies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Minima {
    /// Visibility.
    pub visibility_m: Metres,
    /// Cloud base above ground.
    pub ceiling_m: Metres,
    /// Wind on the ground, km/h, that it may not exceed.
    pub wind_kmh_max: u32,
}

/// State of an asset, changed by verbs only. A mission or a hold is not a state: see [`State`](crate::decision::State).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssetState {
    /// Can be asked.
    Available,
    /// Flies a training flight and can be called back within this time.
    Recallable {
        /// From the call to ready.
        recall_s: Seconds,
    },
    /// Cannot be asked.
    OutOfService {
        /// Why.
        reason: OutageReason,
        /// Until when, if known.
        until: Option<Timestamp>,
    },
}

/// A planned time without the asset.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Outage {
    /// Its name under the asset.
    pub id: Slug,
    /// When.
    pub window: Window,
    /// Why.
    pub reason: OutageReason,
}
