//! Enums of the wire, number by number. Both directions are exhaustive: a new value does not compile until it is here.

use crate::api::v1;
use crate::authority::notices::Notice;
use crate::authority::twice::Why;
use crate::decision::model::*;
use crate::hazard::unit_model::Kind as PeopleKind;
use crate::network::roads::{Profile, RoadClass};
use crate::spatial::FixSource;
use crate::units::Timestamp;

/// A closed list of the domain that has a twin on the wire.
pub trait Wire: Sized + Copy {
    /// The twin.
    type Enum: TryFrom<i32> + Into<i32> + Copy;

    /// What the wire calls it.
    fn wire(self) -> Self::Enum;

    /// What the domain calls it; none when it is unspecified.
    fn read(wire: Self::Enum) -> Option<Self>;

    /// Its number on the wire.
    fn number(self) -> i32 {
        self.wire().into()
    }
}

/// Writes both directions of one enum.
macro_rules! twins {
    ($domain:ty = $wire:ty; $unspecified:ident; $($here:ident = $there:ident),+ $(,)?) => {
        impl Wire for $domain {
            type Enum = $wire;
            fn wire(self) -> $wire {
                match self { $(<$domain>::$here => <$wire>::$there),+ }
            }
            fn read(wire: $wire) -> Option<$domain> {
                match wire {
                    <$wire>::$unspecified => None,
                    $(<$wire>::$there => Some(<$domain>::$here)),+
                }
            }
        }
    };
}

twins! { Capability = v1::Capability; Unspecified;
Physician = Physician, Stretcher = Stretcher, Hoist = Hoist, Neonatal = Neonatal, Trauma = Trauma,
Cardiac = Cardiac, Stroke = Stroke, Burns = Burns, Night = Night, Sling = Sling }
twins! { MemberKind = v1::member::Kind; Unspecified; Prefecture = Prefecture, City = City, Linked = Linked }
twins! { OrganisationKind = v1::organisation::Kind; Unspecified;
FireDepartment = FireDepartment, Hospital = Hospital, Base = Base, Operator = Operator,
Headquarters = Headquarters, Agency = Agency }
twins! { OutageReason = v1::OutageReason; Unspecified;
Maintenance = Maintenance, Mechanical = MechanicalFault, NoMechanics = NoMechanics,
NoCrew = NoCrewAvailable, Recalled = RecalledByOwner }
twins! { AssetKind = v1::asset::Kind; Unspecified;
DoctorHelicopter = DoctorHelicopter, FireHelicopter = FireHelicopter, OtherHelicopter = OtherHelicopter,
DoctorCar = DoctorCar, Ambulance = Ambulance }
twins! { FixSource = v1::position_report::Source; Unspecified;
Tracker = Tracker, Transponder = Transponder, Spoken = Spoken }
twins! { SiteKind = v1::site::Kind; Unspecified;
Rendezvous = Rendezvous, HospitalPad = HospitalPad, Airport = Airport, Base = Base }
twins! { SiteState = v1::site::State; Unspecified; Open = Open, Closed = Closed, Unknown = Unknown }
twins! { HospitalState = v1::hospital::State; Unspecified;
Accepting = Accepting, Refusing = Refusing, Unknown = Unknown }
twins! { AgreementRule = v1::agreement::Rule; Unspecified; OwnFirst = OwnFirst, NearestFirst = NearestFirst, OrderList = OrderList }
twins! { OfferState = v1::offer::State; Unspecified;
Open = Open, Taken = Taken, StoodDown = StoodDown, Withdrawn = Withdrawn, Lapsed = Lapsed }
twins! { RequestKind = v1::RequestKind; Unspecified;
Scene = Scene, Transfer = Transfer, Hoist = Hoist, Supplies = Supplies,
Reconnaissance = Reconnaissance, Staff = Staff }
twins! { CancelReason = v1::CancelReason; Unspecified;
NotNeeded = NotNeeded, ByRoad = ByRoad, Duplicate = Duplicate, PatientDied = PatientDied }
twins! { DeclineReason = v1::DeclineReason; Unspecified;
OnMission = DeclineOnMission, Weather = DeclineWeather, Darkness = DeclineDarkness,
OutOfService = DeclineOutOfService, NoCrew = DeclineNoCrew, NoSite = DeclineNoSite,
OutOfRange = DeclineOutOfRange, OutsideAgreement = DeclineOutsideAgreement }
twins! { AbortReason = v1::AbortReason; Unspecified;
Weather = AbortWeather, Mechanical = AbortMechanical, NoSite = AbortNoSite, Darkness = AbortDarkness,
Retasked = AbortRetasked }
twins! { ReportOutcome = v1::requisition::commit_report::Outcome; Unspecified;
Unsettled = Unsettled, Confirmed = Confirmed, Conflict = Conflict }
twins! { IfBusy = v1::requisition::IfBusy; Unspecified; Decline = Decline, Wait = Wait, Retask = Retask }
twins! { MissionPhase = v1::mission::State; Unspecified;
Committed = Committed, Airborne = Airborne, OnScene = OnScene, Transporting = Transporting,
Arrived = Arrived, Returning = Returning, Ready = Ready }
twins! { LeaseRefusal = v1::lease::Refusal; Unspecified;
Unknown = Unknown, Closed = Closed, Occupied = Occupied, NoFuel = NoFuel, NoBed = NoBed,
NotEquipped = NotEquipped }

twins! { RoadReason = v1::restriction::Reason; Unspecified;
Earthquake = Earthquake, Tsunami = Tsunami, Flood = Flood, Landslide = Landslide, Snow = Snow, Wind = Wind,
Fire = Fire, Accident = Accident, Inspection = Inspection, Works = Works, Congestion = Congestion,
Relief = Relief, Other = Other }
twins! { ReportSource = v1::restriction::Source; Unspecified;
RoadOperator = RoadOperator, Police = Police, FireDepartment = FireDepartment, Municipality = Municipality,
Sensor = Sensor, Citizen = Citizen, Other = OtherSource }
twins! { Profile = v1::Profile; Unspecified;
Ambulance = Ambulance, DoctorCar = DoctorCar, Lorry4t = Lorry4t, Lorry10t = Lorry10t }
twins! { RoadClass = v1::RoadClass; Unspecified;
Motorway = Motorway, MotorwayLink = MotorwayLink, Trunk = Trunk, TrunkLink = TrunkLink, Primary = Primary,
PrimaryLink = PrimaryLink, Secondary = Secondary, SecondaryLink = SecondaryLink, Tertiary = Tertiary,
TertiaryLink = TertiaryLink, Unclassified = Unclassified, Residential = Residential,
LivingStreet = LivingStreet, Service = ServiceRoad, Road = Road, Ferry = Ferry }

/// What a lease is for, without the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A spot on a landing site.
    Spot,
    /// A place at a site's fuel.
    Fuel,
    /// A hospital's yes.
    Bed,
}
twins! { Purpose = v1::lease::Purpose; Unspecified; Spot = Spot, Fuel = Fuel, Bed = Bed }

twins! { DepotTier = v1::depot::Tier; Unspecified;
Zero = Tier0, One = Tier1, Two = Tier2, Shelter = Shelter }
twins! { CommodityKind = v1::commodity::Kind; Unspecified; Goods = Goods, Team = Team, Place = Place }
twins! { PairState = v1::pair::State; Unspecified;
Decided = Decided, Active = Active, Over = Over, Ended = Ended }
twins! { AidField = v1::pair::Field; Unspecified;
Goods = Goods, Staff = Staff, Medical = Medical, Evacuees = Evacuees }
twins! { DepotState = v1::depot::State; Unspecified; Open = Open, Lost = Lost }
twins! { VehicleClass = v1::VehicleClass; Unspecified;
Lorry4t = Lorry4t, Lorry10t = Lorry10t, Helicopter = Helicopter, Ship = Ship }
twins! { ShipmentState = v1::shipment::State; Unspecified;
Proposed = Proposed, Lapsed = Lapsed, Approved = Approved, Declined = Declined, Dispatched = Dispatched,
Arrived = Arrived, Received = Received, Differs = Differs, Explained = Explained }
twins! { ShipmentDecline = v1::shipment::DeclineReason; Unspecified;
NoGoods = NoGoods, NeededAtHome = NeededAtHome, NoVehicle = NoVehicleFree, NoRoad = RoadClosed, Other = OtherDecline }
twins! { DifferenceReason = v1::shipment::Difference; Unspecified;
Miscounted = Miscounted, Damaged = Damaged, Lost = LostOnTheWay, HandedOut = HandedOut, Other = OtherDifference }
twins! { UnfilledReason = v1::unfilled::Reason; Unspecified;
NoStock = NoStock, NoVehicle = NoVehicle, NoRoad = NoRoad, TooLate = TooLate, DockFull = DockFull, PassageFull = PassageFull,
BelowReserve = BelowReserve, NoAgreement = NoAgreement }
twins! { RemedyKind = v1::unfilled::remedy::Kind; Unspecified;
MoreStock = MoreStock, OpenReserve = OpenReserve, Agree = Agree, Pair = Pair, OpenWay = OpenWay,
AcceptLater = AcceptLater, MoreVehicleTime = MoreVehicleTime, MoreDriverTime = MoreDriverTime,
MoreDockLoad = MoreDockLoad, MorePassage = MorePassage, TakeFromOthers = TakeFromOthers }
twins! { WorthKind = v1::one_more::Kind; Unspecified;
Stock = Stock, DockOut = DockOut, DockIn = DockIn, Passage = Passage, VehicleHour = VehicleHour,
DriverHour = DriverHour }
twins! { PeopleKind = v1::people_count::Kind; Unspecified;
InShelter = InShelter, WaterCut = WaterCut, Infant = Infant, Toddler = Toddler,
AdultInDiapers = AdultInDiapers, Woman12To51 = Woman12To51 }
twins! { Why = v1::need::duplicate::Reason; Unspecified;
OtherReporter = OtherReporter, SameReporter = SameReporter, WardAndCity = WardAndCity, PlaceAndMunicipality = PlaceAndMunicipality }
twins! { NeedSource = v1::need::Source; Unspecified; Report = Report, UnitModel = UnitModel, File = File }

/// The state of a request.
#[must_use]
pub fn request_state(state: &RequestState) -> v1::request::State {
    match state {
        RequestState::Open => v1::request::State::Open,
        RequestState::Cancelled(_) => v1::request::State::Cancelled,
        RequestState::Merged { .. } => v1::request::State::Merged,
        RequestState::Closed { .. } => v1::request::State::Closed,
    }
}

/// The state of a hold, as far as the hold alone tells.
#[must_use]
pub fn hold_state(state: &HoldState) -> v1::requisition::State {
    use v1::requisition::State as Wire;
    match state {
        HoldState::Asked => Wire::Asked,
        HoldState::Acknowledged { .. } => Wire::Acknowledged,
        HoldState::Committed { .. } => Wire::Committed,
        HoldState::Declined(_) => Wire::Declined,
        HoldState::Withdrawn(_) => Wire::Withdrawn,
        HoldState::Expired => Wire::Expired,
    }
}

/// The state of an attempt, as far as the requesting side alone tells.
#[must_use]
pub fn attempt_state(state: &AttemptState) -> v1::requisition::State {
    use v1::requisition::State as Wire;
    match state {
        AttemptState::Open => Wire::Asking,
        AttemptState::Committed { .. } => Wire::Committed,
        AttemptState::Ended(end) => match end {
            AttemptEnd::NotHeld(_) => Wire::NotHeld,
            AttemptEnd::Declined(_) => Wire::Declined,
            AttemptEnd::Withdrawn => Wire::Withdrawn,
            AttemptEnd::Expired => Wire::Expired,
            AttemptEnd::StoodDown => Wire::StoodDown,
            AttemptEnd::Aborted(_) => Wire::Aborted,
            AttemptEnd::Completed => Wire::Completed,
            AttemptEnd::Superseded => Wire::Superseded,
        },
    }
}

/// The state of a lease.
#[must_use]
pub fn lease_state(state: LeaseState) -> v1::lease::State {
    match state {
        LeaseState::Asked => v1::lease::State::Asked,
        LeaseState::Granted => v1::lease::State::Granted,
        LeaseState::Refused(_) => v1::lease::State::Refused,
        LeaseState::Ended(LeaseEnd::Lapsed) => v1::lease::State::Lapsed,
        LeaseState::Ended(LeaseEnd::Released) => v1::lease::State::Released,
    }
}

/// What a mission's warning is called.
#[must_use]
pub fn warning(notice: &Notice) -> v1::mission::Warning {
    use v1::mission::Warning;
    match notice {
        Notice::NoSiteLease(_) => Warning::NoSiteLease,
        Notice::NoBed(_) => Warning::NoBed,
        Notice::UnconfirmedCommitment(_) => Warning::UnconfirmedCommitment,
        Notice::TwoAircraft(_) => Warning::TwoAircraft,
        Notice::RequestCancelled(_) => Warning::RequestCancelled,
        Notice::CommitConflict(_) => Warning::CommitConflict,
    }
}

/// An instant on the wire.
#[must_use]
pub fn instant(at: Timestamp) -> prost_types::Timestamp {
    let nanos = i32::try_from(at.0.rem_euclid(1000) * 1_000_000).expect("below a second");
    prost_types::Timestamp { seconds: at.0.div_euclid(1000), nanos }
}

/// A length of time on the wire.
#[must_use]
pub fn span(seconds: u32) -> prost_types::Duration {
    prost_types::Duration { seconds: i64::from(seconds), nanos: 0 }
}

/// A position on the wire.
#[must_use]
pub fn position(at: crate::units::Position) -> v1::LatLng {
    let (latitude, longitude) = at.degrees();
    v1::LatLng { latitude, longitude }
}

/// A name for people on the wire.
#[must_use]
pub fn display_name(name: &Name) -> v1::DisplayName {
    v1::DisplayName { ja: name.ja.clone(), en: name.en.clone() }
}

/// A telephone call on the wire.
#[must_use]
pub fn telephone(telephone: &Telephone) -> v1::Telephone {
    v1::Telephone { said_by: telephone.said_by.clone(), typed_by: telephone.typed_by.clone() }
}

/// A window of time on the wire.
#[must_use]
pub fn window(window: Window) -> v1::TimeWindow {
    v1::TimeWindow { start_time: Some(instant(window.from)), end_time: Some(instant(window.until)) }
}

/// A set of capabilities on the wire.
#[must_use]
pub fn capabilities(set: Capabilities) -> Vec<i32> {
    set.iter().map(Wire::number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_wire_reads_back() {
        fn check<T: Wire + PartialEq + std::fmt::Debug>(highest: i32) {
            for number in 1..=highest {
                let wire = T::Enum::try_from(number).unwrap_or_else(|_| panic!("{number}"));
                let value = T::read(wire).unwrap();
                assert_eq!(value.number(), number, "{value:?}");
            }
            assert!(T::Enum::try_from(highest + 1).is_err());
        }
        check::<Capability>(10);
        check::<AssetKind>(5);
        check::<FixSource>(3);
        check::<DeclineReason>(8);
        check::<MissionPhase>(7);
        check::<LeaseRefusal>(6);
        check::<OfferState>(5);
    }

    #[test]
    fn instants_before_1970_keep_positive_nanos() {
        assert_eq!(instant(Timestamp(-1)), prost_types::Timestamp { seconds: -1, nanos: 999_000_000 });
        assert_eq!(instant(Timestamp::MAX).seconds, 253_402_300_799);
    }
}
