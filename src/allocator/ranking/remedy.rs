//! From reasons to the changes that cure them.

use super::judge::positive;
use super::reason::{Change, Reason};

/// What would have to be different, sorted: one change per reason, but fuel cures range and endurance together,
/// and an earlier end cures every "home by" together.
pub(super) fn changes_for(reasons: &[Reason]) -> Vec<Change> {
    let mut changes = Vec::with_capacity(reasons.len());
    let (mut fuel_m, mut fuel_s, mut late_s) = (0, 0, 0);
    for reason in reasons {
        match *reason {
            Reason::RangeShort { short_m } => fuel_m = short_m,
            Reason::EnduranceShort { short_s } => fuel_s = short_s,
            Reason::AfterDaylight { late_s: late }
            | Reason::AfterDuty { late_s: late }
            | Reason::OutageBegins { late_s: late }
            | Reason::OfferEnds { late_s: late } => late_s = late.max(late_s),
            other => changes.push(single_change(other)),
        }
    }
    if fuel_m > 0 || fuel_s > 0 {
        changes.push(Change::MoreFuel { metres: fuel_m, seconds: fuel_s });
    }
    if late_s > 0 {
        changes.push(Change::FinishEarlierBy { seconds: late_s });
    }
    changes.sort_unstable();
    changes
}

/// The change that cures one reason alone.
fn single_change(reason: Reason) -> Change {
    match reason {
        Reason::AlreadyAsked
        | Reason::DeclinedEarlier
        | Reason::NotHeldEarlier
        | Reason::NoAnswerEarlier
        | Reason::BrokeOffEarlier => Change::AskAgain,
        Reason::OutOfService { until_s, .. } => Change::OutageEndsAt { until_s },
        Reason::Held { until_s } => Change::WaitUntilFree { seconds: positive(until_s) },
        Reason::Engaged => Change::FreeAircraft,
        Reason::RetaskRefused => Change::AllowRetask,
        Reason::RecallRefused => Change::AllowRecall,
        Reason::NoFix | Reason::StaleFix { .. } => Change::FixPosition,
        Reason::NoCrew => Change::FindCrew,
        Reason::NoAgreement => Change::AgreementNeeded,
        Reason::AgreementRefuses => Change::AgreementAllows,
        Reason::FlightsUsedUp => Change::FlightsMore { count: 1 },
        Reason::NotOffered => Change::OfferNeeded,
        Reason::LacksCapability { missing } => Change::CapabilityMore { missing },
        Reason::SeatsShort { short } => Change::ReduceSeats { by: short },
        Reason::StretchersShort { short } => Change::ReduceStretchers { by: short },
        Reason::KeptAtHome { block, others, keep } => Change::KeepFewer { block, by: keep - others },
        Reason::AfterService { late_s } => Change::StartEarlierBy { seconds: late_s },
        Reason::Visibility { region, short_m } => Change::VisibilityMore { region, metres: short_m },
        Reason::Ceiling { region, short_m } => Change::CeilingMore { region, metres: short_m },
        Reason::Wind { region, over_mps } => Change::WindLess { region, mps: over_mps },
        Reason::Icing { region } => Change::IcingEnds { region },
        Reason::Thunderstorm { region } => Change::ThunderstormEnds { region },
        Reason::NoFly { area } => Change::LiftNoFly { area },
        Reason::NoSite => Change::SiteNeeded,
        Reason::SiteClosed { site } => Change::ReopenSite { site },
        Reason::SiteUnconfirmed { site, .. } => Change::ConfirmSite { site },
        Reason::SiteMass { site, over_kg } => Change::SiteMassMore { site, kilograms: over_kg },
        Reason::SiteSize { site, over_m } => Change::SiteSizeMore { site, metres: over_m },
        Reason::SiteFull { site, short } => Change::SpotsMore { site, count: short },
        Reason::SiteUnlit { site } => Change::LightSite { site },
        Reason::NoRoadToSite { site } => Change::OpenRoadToSite { site },
        Reason::TooFar { over_m, .. } => Change::DistanceMore { metres: over_m },
        Reason::NoHospital => Change::HospitalNeeded,
        Reason::HospitalLacks { hospital, missing } => Change::SpecialtyMore { hospital, missing },
        Reason::HospitalClosed { hospital, .. } => Change::HospitalAccepts { hospital },
        Reason::BedsShort { hospital, short } => Change::BedsMore { hospital, count: short },
        Reason::NoPad { hospital } => Change::PadNeeded { hospital },
        Reason::PadMass { hospital, over_kg } => Change::PadMassMore { hospital, kilograms: over_kg },
        Reason::PadSize { hospital, over_m } => Change::PadSizeMore { hospital, metres: over_m },
        Reason::PadWind { hospital, over_mps } => Change::PadWindMore { hospital, mps: over_mps },
        Reason::PadUnlit { hospital } => Change::LightPad { hospital },
        Reason::NoRoadToHospital { hospital } => Change::OpenRoadToHospital { hospital },
        Reason::FlightTimeShort { short_s } => Change::FlightTimeMore { seconds: short_s },
        Reason::AfterDue { late_s } => Change::DueLater { seconds: late_s },
        Reason::RangeShort { short_m } => Change::MoreFuel { metres: short_m, seconds: 0 },
        Reason::EnduranceShort { short_s } => Change::MoreFuel { metres: 0, seconds: short_s },
        Reason::AfterDaylight { late_s }
        | Reason::AfterDuty { late_s }
        | Reason::OutageBegins { late_s }
        | Reason::OfferEnds { late_s } => Change::FinishEarlierBy { seconds: late_s },
    }
}
