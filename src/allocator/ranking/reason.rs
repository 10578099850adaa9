//! Why not, what would have to be different, and what to know before asking: closed enums with parameters.
//!
//! Absent on purpose: prose; both languages render from these. All times are seconds from
//! [`Problem::at`](super::Problem::at).

use super::fleet::OutageCause;
use super::problem::*;
use crate::units::{Kilograms, Metres, Seconds};

/// What a person should know before asking; none of it rules out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Warning {
    /// No weather report for a place touched: the pilot judges.
    WeatherUnknown {
        /// Where.
        region: RegionIdx,
    },
    /// The weather report of a place touched is too old: the pilot judges.
    WeatherExpired {
        /// Where.
        region: RegionIdx,
        /// How old.
        age_s: Seconds,
    },
    /// The position is older than the policy likes.
    StaleFix {
        /// How old.
        age_s: Seconds,
    },
    /// Nobody reported the crew.
    CrewUnknown,
    /// The crew should still rest.
    RestOverridden {
        /// Until when.
        until_s: OffsetS,
    },
    /// A training flight would be recalled.
    RecallsTraining,
    /// A mission would be broken off.
    BreaksOffMission,
    /// It is still on a mission; the times count from its foreseen end.
    FreeSoon,
    /// It waits for service, daylight or its offer to begin.
    WaitsUntil {
        /// When.
        from_s: OffsetS,
    },
    /// The site is surveyed, but nobody confirmed it.
    SiteUnconfirmed {
        /// Which.
        site: SiteIdx,
    },
    /// The hospital has not said whether it accepts.
    HospitalUnknown {
        /// Which.
        hospital: HospitalIdx,
    },
    /// It flies around an area that may not be flown through.
    AroundNoFly {
        /// Which.
        area: NoFlyIdx,
    },
    /// It flies around weather below its minima.
    AroundWeather {
        /// Where.
        region: RegionIdx,
    },
}

/// A limit that an aircraft breaks, or a state that keeps it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It is asked, or goes, for this scene already.
    AlreadyAsked,
    /// It declined for this scene.
    DeclinedEarlier,
    /// Its custodian held nothing when it was asked for this scene.
    NotHeldEarlier,
    /// Nobody answered in time when it was asked for this scene.
    NoAnswerEarlier,
    /// It went for this scene and broke off.
    BrokeOffEarlier,
    /// Out of service.
    OutOfService {
        /// Why.
        cause: OutageCause,
        /// Planned end; `None`: nobody knows.
        until_s: Option<OffsetS>,
        /// Whether the calendar said so beforehand.
        planned: bool,
    },
    /// Promised to somebody else.
    Held {
        /// When the hold ends by itself.
        until_s: OffsetS,
    },
    /// On a mission whose end nobody can foresee.
    Engaged,
    /// The policy forbids to break off a mission.
    RetaskRefused,
    /// The policy forbids to recall a training flight.
    RecallRefused,
    /// Nobody knows where it is.
    NoFix,
    /// Nobody knows where it is now.
    StaleFix {
        /// Age of the last fix.
        age_s: Seconds,
        /// The most that the policy allows.
        age_max_s: Seconds,
    },
    /// No crew.
    NoCrew,
    /// No agreement covers it here.
    NoAgreement,
    /// The agreement, or its custodian's standing word, excludes this use.
    AgreementRefuses,
    /// The agreement's flights of this month are used up.
    FlightsUsedUp,
    /// Another agency's aircraft that it did not offer.
    NotOffered,
    /// It lacks what is needed.
    LacksCapability {
        /// What.
        missing: Capabilities,
    },
    /// Too few seats.
    SeatsShort {
        /// How many are missing.
        short: u16,
    },
    /// Too few lying places.
    StretchersShort {
        /// How many are missing.
        short: u16,
    },
    /// Its block would be emptied.
    KeptAtHome {
        /// Which.
        block: BlockIdx,
        /// How many others stand ready in it.
        others: u16,
        /// How many must.
        keep: u16,
    },
    /// It would lift off after its hours of service.
    AfterService {
        /// By how much.
        late_s: Seconds,
    },
    /// Visibility below its minimum at a place it touches.
    Visibility {
        /// Where.
        region: RegionIdx,
        /// By how much.
        short_m: Metres,
    },
    /// Ceiling below its minimum at a place it touches.
    Ceiling {
        /// Where.
        region: RegionIdx,
        /// By how much.
        short_m: Metres,
    },
    /// Wind above its maximum at a place it touches.
    Wind {
        /// Where.
        region: RegionIdx,
        /// By how much.
        over_mps: u32,
    },
    /// Icing at a place it touches.
    Icing {
        /// Where.
        region: RegionIdx,
    },
    /// A thunderstorm at a place it touches.
    Thunderstorm {
        /// Where.
        region: RegionIdx,
    },
    /// No way leads around an area that may not be flown through.
    NoFly {
        /// Which.
        area: NoFlyIdx,
    },
    /// There is no landing site to choose from.
    NoSite,
    /// The site is closed.
    SiteClosed {
        /// Which.
        site: SiteIdx,
    },
    /// The policy asks for a confirmation, and there is none young enough.
    SiteUnconfirmed {
        /// Which.
        site: SiteIdx,
        /// Age of the last one.
        age_s: Option<Seconds>,
    },
    /// Too heavy for the site.
    SiteMass {
        /// Which.
        site: SiteIdx,
        /// By how much.
        over_kg: Kilograms,
    },
    /// Too large for the site.
    SiteSize {
        /// Which.
        site: SiteIdx,
        /// By how much.
        over_m: Metres,
    },
    /// All spots are leased when it would stand there.
    SiteFull {
        /// Which.
        site: SiteIdx,
        /// How many spots are missing.
        short: u16,
    },
    /// It would land in the dark on an unlit site.
    SiteUnlit {
        /// Which.
        site: SiteIdx,
    },
    /// The ambulance or the support crew has no open road to the site.
    NoRoadToSite {
        /// Which.
        site: SiteIdx,
    },
    /// Farther from its base than the agreement allows.
    TooFar {
        /// To which site.
        site: SiteIdx,
        /// By how much.
        over_m: Metres,
    },
    /// There is no hospital to choose from.
    NoHospital,
    /// The hospital lacks what is needed.
    HospitalLacks {
        /// Which.
        hospital: HospitalIdx,
        /// What.
        missing: Specialties,
    },
    /// The hospital does not take patients.
    HospitalClosed {
        /// Which.
        hospital: HospitalIdx,
        /// Refusing or inundated.
        state: HospitalState,
    },
    /// Too few beds.
    BedsShort {
        /// Where.
        hospital: HospitalIdx,
        /// How many are missing.
        short: u16,
    },
    /// The hospital has no landing place.
    NoPad {
        /// Which.
        hospital: HospitalIdx,
    },
    /// Too heavy for the hospital's pad.
    PadMass {
        /// Which.
        hospital: HospitalIdx,
        /// By how much.
        over_kg: Kilograms,
    },
    /// Too large for the hospital's pad.
    PadSize {
        /// Which.
        hospital: HospitalIdx,
        /// By how much.
        over_m: Metres,
    },
    /// Too much wind for the hospital's pad.
    PadWind {
        /// Which.
        hospital: HospitalIdx,
        /// By how much.
        over_mps: u32,
    },
    /// It would land in the dark on an unlit pad.
    PadUnlit {
        /// Which.
        hospital: HospitalIdx,
    },
    /// The ambulance has no open road from the site to the hospital.
    NoRoadToHospital {
        /// Which.
        hospital: HospitalIdx,
    },
    /// The way, with reserve, is longer than its range.
    RangeShort {
        /// By how much.
        short_m: Metres,
    },
    /// The flight, with reserve, is longer than its endurance.
    EnduranceShort {
        /// By how much.
        short_s: Seconds,
    },
    /// The flight is longer than what is left to the pilot.
    FlightTimeShort {
        /// By how much.
        short_s: Seconds,
    },
    /// Care after it is due.
    AfterDue {
        /// By how much.
        late_s: Seconds,
    },
    /// Home after the last landing by daylight.
    AfterDaylight {
        /// By how much.
        late_s: Seconds,
    },
    /// Home after the end of duty.
    AfterDuty {
        /// By how much.
        late_s: Seconds,
    },
    /// Home after the next outage begins.
    OutageBegins {
        /// By how much.
        late_s: Seconds,
    },
    /// Home after the offer ends.
    OfferEnds {
        /// By how much.
        late_s: Seconds,
    },
}

/// One thing that would have to be different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It is asked anew for this scene.
    AskAgain,
    /// The outage ends.
    OutageEndsAt {
        /// Planned end; `None`: nobody knows.
        until_s: Option<OffsetS>,
    },
    /// Somebody else's hold ends. The times of the near miss count from then.
    WaitUntilFree {
        /// From now.
        seconds: Seconds,
    },
    /// Its mission ends.
    FreeAircraft,
    /// The policy lets it be taken off its mission.
    AllowRetask,
    /// The policy lets it be recalled from training.
    AllowRecall,
    /// Somebody says where it is.
    FixPosition,
    /// A crew is found.
    FindCrew,
    /// An agreement is made for it.
    AgreementNeeded,
    /// Its custodian lifts the exclusion.
    AgreementAllows,
    /// The agreement allows more flights this month.
    FlightsMore {
        /// How many.
        count: u16,
    },
    /// Its agency offers it.
    OfferNeeded,
    /// It gets what it lacks on board.
    CapabilityMore {
        /// What.
        missing: Capabilities,
    },
    /// Fewer people go.
    ReduceSeats {
        /// How many fewer.
        by: u16,
    },
    /// Fewer patients lie.
    ReduceStretchers {
        /// How many fewer.
        by: u16,
    },
    /// The mode lets the block keep fewer.
    KeepFewer {
        /// Which.
        block: BlockIdx,
        /// How many fewer.
        by: u16,
    },
    /// Its hours of service last longer, or it was asked sooner.
    StartEarlierBy {
        /// By how much.
        seconds: Seconds,
    },
    /// Visibility rises.
    VisibilityMore {
        /// Where.
        region: RegionIdx,
        /// By how much.
        metres: Metres,
    },
    /// The ceiling rises.
    CeilingMore {
        /// Where.
        region: RegionIdx,
        /// By how much.
        metres: Metres,
    },
    /// Wind drops.
    WindLess {
        /// Where.
        region: RegionIdx,
        /// By how much.
        mps: u32,
    },
    /// Icing ends.
    IcingEnds {
        /// Where.
        region: RegionIdx,
    },
    /// The thunderstorm moves away.
    ThunderstormEnds {
        /// Where.
        region: RegionIdx,
    },
    /// The area may be flown through again.
    LiftNoFly {
        /// Which.
        area: NoFlyIdx,
    },
    /// A landing site is found.
    SiteNeeded,
    /// The site is opened.
    ReopenSite {
        /// Which.
        site: SiteIdx,
    },
    /// Somebody confirms the site.
    ConfirmSite {
        /// Which.
        site: SiteIdx,
    },
    /// The site bears more, or the aircraft comes lighter.
    SiteMassMore {
        /// Which.
        site: SiteIdx,
        /// By how much.
        kilograms: Kilograms,
    },
    /// The site is cleared wider.
    SiteSizeMore {
        /// Which.
        site: SiteIdx,
        /// By how much.
        metres: Metres,
    },
    /// Spots become free.
    SpotsMore {
        /// Where.
        site: SiteIdx,
        /// How many.
        count: u16,
    },
    /// The site is lit.
    LightSite {
        /// Which.
        site: SiteIdx,
    },
    /// A road to the site is opened.
    OpenRoadToSite {
        /// Which.
        site: SiteIdx,
    },
    /// The agreement allows a longer way.
    DistanceMore {
        /// By how much.
        metres: Metres,
    },
    /// A hospital is found.
    HospitalNeeded,
    /// The hospital gets what it lacks.
    SpecialtyMore {
        /// Which.
        hospital: HospitalIdx,
        /// What.
        missing: Specialties,
    },
    /// The hospital accepts.
    HospitalAccepts {
        /// Which.
        hospital: HospitalIdx,
    },
    /// The hospital frees beds.
    BedsMore {
        /// Which.
        hospital: HospitalIdx,
        /// How many.
        count: u16,
    },
    /// The hospital gets a landing place.
    PadNeeded {
        /// Which.
        hospital: HospitalIdx,
    },
    /// The pad bears more, or the aircraft comes lighter.
    PadMassMore {
        /// Which.
        hospital: HospitalIdx,
        /// By how much.
        kilograms: Kilograms,
    },
    /// The pad is cleared wider.
    PadSizeMore {
        /// Which.
        hospital: HospitalIdx,
        /// By how much.
        metres: Metres,
    },
    /// The pad may be used in more wind.
    PadWindMore {
        /// Which.
        hospital: HospitalIdx,
        /// By how much.
        mps: u32,
    },
    /// The pad is lit.
    LightPad {
        /// Which.
        hospital: HospitalIdx,
    },
    /// A road from the site to the hospital is opened.
    OpenRoadToHospital {
        /// Which.
        hospital: HospitalIdx,
    },
    /// It carries more fuel; range and endurance come together.
    MoreFuel {
        /// Range that is missing.
        metres: Metres,
        /// Endurance that is missing.
        seconds: Seconds,
    },
    /// The pilot may fly longer.
    FlightTimeMore {
        /// By how much.
        seconds: Seconds,
    },
    /// Care may begin later.
    DueLater {
        /// By how much.
        seconds: Seconds,
    },
    /// The mission ends sooner (asked sooner, a shorter stop), or daylight, duty, outage and offer leave this
    /// much more: one span for all of them.
    FinishEarlierBy {
        /// By how much.
        seconds: Seconds,
    },
}

/// Why a ground unit cannot go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroundReason {
    /// It is asked, or goes, for this scene already.
    AlreadyAsked,
    /// It declined for this scene.
    DeclinedEarlier,
    /// Nothing was held when it was asked for this scene.
    NotHeldEarlier,
    /// Nobody answered in time when it was asked for this scene.
    NoAnswerEarlier,
    /// It went for this scene and broke off.
    BrokeOffEarlier,
    /// On a call.
    Engaged,
    /// Not to be used.
    OutOfService,
    /// The scene lies outside the municipalities that it serves.
    OutsideArea,
    /// It would leave after its hours of service.
    AfterService {
        /// By how much.
        late_s: Seconds,
    },
    /// No open road to the patient.
    NoRoadToScene,
    /// It brings no care itself, and no hospital can be reached by road.
    NoHospitalByRoad,
}

/// One thing that would have to be different for a ground unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroundChange {
    /// It is asked anew for this scene.
    AskAgain,
    /// Its call ends.
    FreeUnit,
    /// It returns to service.
    ReturnToService,
    /// It may leave the municipalities that it serves.
    AllowOutsideArea,
    /// Its hours of service last longer, or it was asked sooner.
    StartEarlierBy {
        /// By how much.
        seconds: Seconds,
    },
    /// A road to the patient is opened.
    OpenRoadToScene,
    /// A hospital accepts that can be reached by road.
    HospitalByRoadNeeded,
}
