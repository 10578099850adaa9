//! A ranking as the wire shows it: dense indices become names, seconds become times.

use super::shown::Shown;
use super::wire::{self, Wire};
use crate::allocator::ranking::limits::TIME_MAX_S;
use crate::allocator::ranking::{
    AircraftIdx, AircraftStatus, Candidate, Capabilities, Change, GroundCandidate, GroundChange,
    GroundReason, GroundRuledOut, HospitalIdx, Margins, NoFlyIdx, OutageCause, Outranked, Plan, Reason,
    RegionIdx, RuledOut, SiteIdx, Specialties, Timeline, Transport, Warning,
};
use crate::api::v1;
use crate::authority::planner::Stated;
use crate::decision::model::Name;
use crate::id::{AssetId, LedgerId};
use crate::units::geodesy::distance_m;
use crate::units::{Seconds, Timestamp, UNREACHABLE};
use v1::reason::Code as Why;
use v1::smallest_change::Code as What;

/// How legs off the road network are worked out; stated in every answer.
pub const ACCESS_RULE: &str = "straight line x 1.4 at 30 km/h to and from the road network";

/// A ranking and the names it needs.
struct Drawing<'a> {
    shown: &'a Shown,
    stated: &'a Stated,
}

/// Shows a plan of `stated`.
#[must_use]
pub fn ranking(
    shown: &Shown,
    stated: &Stated,
    plan: &Plan,
    seen: &[(LedgerId, u64)],
    hash: [u8; 32],
) -> v1::Ranking {
    let drawing = Drawing { shown, stated };
    let names = &shown.names;
    v1::Ranking {
        at_time: Some(wire::instant(stated.problem.at)),
        request: names.print_opt(stated.request.as_ref()),
        rule: stated.rule.map_or(0, Wire::number),
        area: names.print_opt(stated.area.as_ref()),
        clause: Some(display(&stated.clause)),
        candidates: plan.candidates.iter().map(|candidate| drawing.candidate(candidate)).collect(),
        ruled_out: plan
            .ruled_out
            .iter()
            .map(|ruled| drawing.ruled_out(ruled))
            .chain(plan.ground_ruled_out.iter().map(|ruled| drawing.ground_ruled_out(ruled)))
            .collect(),
        unfilled: plan.candidates.is_empty(),
        ground: plan.ground.iter().map(|unit| drawing.ground(unit)).collect(),
        problem_hash: hash.to_vec(),
        seen: seen
            .iter()
            .map(|(ledger, sequence)| v1::SeenLedger { ledger: names.print(ledger), sequence: *sequence })
            .collect(),
        access_rule: ACCESS_RULE.to_owned(),
        outranked: drawing.all_outranked(plan),
    }
}

impl Drawing<'_> {
    fn candidate(&self, candidate: &Candidate) -> v1::Candidate {
        let aircraft = &self.stated.problem.aircraft[candidate.aircraft.index()];
        let asset = self.aircraft(candidate.aircraft);
        let hospital = candidate.transport.hospital();
        let by_road = matches!(candidate.transport, Transport::ByRoad { .. });
        let mut shown = v1::Candidate {
            hospital_by_road: by_road,
            tier: candidate.tier,
            order: self.order(asset),
            minutes_to_care: candidate.care_min,
            cover_price_millicalls: u32::try_from(candidate.cover_price).unwrap_or(u32::MAX),
            timeline: Some(self.timeline(&candidate.timeline)),
            margins: margins(&candidate.margins),
            cautions: cautions(&candidate.warnings, by_road),
            flies_around: self.flies_around(&candidate.warnings),
            ambulance_leg: self.ambulance_leg(),
            availability: availability(aircraft.status, &aircraft.ownership).into(),
            distance_m: distance_m(
                aircraft.position,
                self.stated.problem.sites[candidate.site.index()].position,
            ),
            ..v1::Candidate::default()
        };
        self.name_asset(asset, &mut shown);
        self.name_places(Some(candidate.site), Some(hospital), &mut shown);
        if let Some((_, usage)) = self.shown.view.asset(asset) {
            shown.mission = self.shown.names.print_opt(usage.mission.as_ref());
        }
        shown
    }

    fn ground(&self, unit: &GroundCandidate) -> v1::Candidate {
        let asset = &self.stated.names.ground[unit.unit.index()];
        let mut shown = v1::Candidate {
            hospital_by_road: true,
            minutes_to_care: unit.care_min,
            timeline: Some(v1::Timeline {
                lift_off_time: self.time(unit.leave_s),
                at_site_time: self.time(unit.at_scene_s),
                care_time: self.time(unit.care_s),
                depart_time: self.time(unit.depart_scene_s),
                at_hospital_time: unit.at_hospital_s.and_then(|at_hospital| self.time(at_hospital)),
                ..v1::Timeline::default()
            }),
            availability: v1::Availability::ReadyNow.into(),
            // Only the way of the first is kept; the others' would be told as theirs.
            ambulance_leg: self.ambulance_leg().filter(|leg| leg.unit == self.shown.names.print(asset)),
            ..v1::Candidate::default()
        };
        self.name_asset(asset, &mut shown);
        self.name_places(None, unit.hospital, &mut shown);
        shown
    }

    /// By tier, the soonest first.
    fn all_outranked(&self, plan: &Plan) -> Vec<v1::Outranked> {
        let mut all: Vec<v1::Outranked> = plan.outranked.iter().map(|other| self.outranked(other)).collect();
        all.sort_by_key(|other| (other.tier, other.minutes_to_care));
        all
    }

    fn outranked(&self, outranked: &Outranked) -> v1::Outranked {
        let mut named = v1::Candidate::default();
        self.name_asset(self.aircraft(outranked.aircraft), &mut named);
        self.name_places(Some(outranked.site), Some(outranked.transport.hospital()), &mut named);
        v1::Outranked {
            asset: named.asset,
            display_name: named.display_name,
            telephone: named.telephone,
            site: named.site,
            site_display_name: named.site_display_name,
            hospital: named.hospital,
            hospital_display_name: named.hospital_display_name,
            tier: outranked.tier,
            minutes_to_care: outranked.care_min,
        }
    }

    fn ruled_out(&self, ruled: &RuledOut) -> v1::RuledOut {
        let asset = self.aircraft(ruled.aircraft);
        let known = self.shown.view.asset(asset);
        let mut named = v1::Candidate::default();
        let near = ruled.near_miss.as_ref();
        self.name_places(near.map(|near| near.site), near.map(|near| near.transport.hospital()), &mut named);
        v1::RuledOut {
            asset: self.shown.names.print(asset),
            display_name: known.map(|(asset, _)| display(&asset.name)),
            telephone: known.map_or_else(String::new, |(asset, _)| asset.telephone.clone()),
            site: named.site,
            hospital: named.hospital,
            reasons: ruled.reasons.iter().flat_map(|reason| self.reason(*reason, asset)).collect(),
            smallest_changes: ruled.changes.iter().flat_map(|change| self.change(*change)).collect(),
        }
    }

    fn ground_ruled_out(&self, ruled: &GroundRuledOut) -> v1::RuledOut {
        let asset = &self.stated.names.ground[ruled.unit.index()];
        let known = self.shown.view.asset(asset);
        v1::RuledOut {
            asset: self.shown.names.print(asset),
            display_name: known.map(|(asset, _)| display(&asset.name)),
            telephone: known.map_or_else(String::new, |(asset, _)| asset.telephone.clone()),
            site: String::new(),
            hospital: String::new(),
            reasons: ruled.reasons.iter().map(|reason| ground_reason(*reason)).collect(),
            smallest_changes: ruled.changes.iter().map(|change| ground_change(*change)).collect(),
        }
    }

    fn aircraft(&self, idx: AircraftIdx) -> &AssetId {
        &self.stated.names.aircraft[idx.index()]
    }

    /// Row of the order list in force, from 1; 0 where it is not listed.
    fn order(&self, asset: &AssetId) -> u32 {
        let agreement = self.stated.area.as_ref().and_then(|area| self.shown.view.agreement(area));
        let row = agreement.and_then(|agreement| agreement.order.iter().position(|row| row.asset == *asset));
        row.map_or(0, |row| u32::try_from(row + 1).unwrap_or(u32::MAX))
    }

    fn name_asset(&self, asset: &AssetId, shown: &mut v1::Candidate) {
        shown.asset = self.shown.names.print(asset);
        if let Some((asset, _)) = self.shown.view.asset(asset) {
            shown.display_name = Some(display(&asset.name));
            shown.telephone = asset.telephone.clone();
        }
    }

    fn name_places(&self, site: Option<SiteIdx>, hospital: Option<HospitalIdx>, shown: &mut v1::Candidate) {
        let site = site.and_then(|site| self.stated.names.sites[site.index()].as_ref());
        shown.site = self.shown.names.print_opt(site);
        shown.site_display_name =
            site.and_then(|site| self.shown.view.site(site)).map(|(site, _)| display(&site.name));
        let hospital = hospital.map(|hospital| &self.stated.names.hospitals[hospital.index()]);
        shown.hospital = self.shown.names.print_opt(hospital);
        shown.hospital_display_name =
            hospital.and_then(|id| self.shown.view.hospital(id)).map(|(hospital, _)| display(&hospital.name));
    }

    fn ambulance_leg(&self) -> Option<v1::RoadLeg> {
        let start = self.stated.ambulance.as_ref()?;
        let [from_s, network_s, to_s] = self.stated.ambulance_leg_s;
        if from_s >= UNREACHABLE {
            return None;
        }
        Some(v1::RoadLeg {
            access_from: Some(wire::span(from_s)),
            network: Some(wire::span(network_s)),
            access_to: Some(wire::span(to_s)),
            total: Some(wire::span(from_s + network_s + to_s)),
            unit: self.shown.names.print(start),
        })
    }

    fn timeline(&self, timeline: &Timeline) -> v1::Timeline {
        v1::Timeline {
            lift_off_time: self.time(timeline.lift_off_s),
            at_site_time: self.time(timeline.at_site_s),
            ambulance_at_site_time: self.time(timeline.ambulance_at_site_s),
            site_secured_time: self.time(timeline.secured_s),
            care_time: self.time(timeline.care_s),
            depart_time: self.time(timeline.depart_scene_s),
            at_hospital_time: self.time(timeline.at_hospital_s),
            home_time: self.time(timeline.home_s),
        }
    }

    /// An instant of the plan; none where it is never.
    fn time(&self, offset_s: Seconds) -> Option<prost_types::Timestamp> {
        (offset_s < UNREACHABLE).then(|| wire::instant(self.stated.problem.at + offset_s))
    }

    /// When something ends; none where that lies beyond what a problem looks ahead, which holds its own horizon then.
    fn until(&self, offset_s: i32) -> Option<prost_types::Timestamp> {
        (offset_s.unsigned_abs() < TIME_MAX_S).then(|| wire::instant(self.signed(offset_s)))
    }

    fn signed(&self, offset_s: i32) -> Timestamp {
        self.stated.problem.at.plus_millis(i64::from(offset_s) * 1000)
    }

    fn site(&self, idx: SiteIdx) -> String {
        self.shown.names.print_opt(self.stated.names.sites[idx.index()].as_ref())
    }

    fn hospital(&self, idx: HospitalIdx) -> String {
        self.shown.names.print(&self.stated.names.hospitals[idx.index()])
    }

    fn region(&self, idx: RegionIdx) -> String {
        self.shown.names.print(&self.stated.names.regions[idx.index()])
    }

    fn no_fly(&self, idx: NoFlyIdx) -> String {
        self.shown.names.print(&self.stated.names.no_fly[idx.index()])
    }

    /// What a mission leads around, each once.
    fn flies_around(&self, warnings: &[Warning]) -> Vec<String> {
        let named = warnings.iter().filter_map(|warning| match *warning {
            Warning::AroundNoFly { area } => Some(self.no_fly(area)),
            Warning::AroundWeather { region } => Some(self.region(region)),
            _ => None,
        });
        named.collect()
    }

    /// One reason; several where several capabilities are missing.
    fn reason(&self, reason: Reason, asset: &AssetId) -> Vec<v1::Reason> {
        use v1::Unit::{Count, Kilograms, KilometresPerHour, Metres, Seconds};
        let one = |reason| vec![reason];
        match reason {
            Reason::AlreadyAsked => one(why(Why::AlreadyAsked)),
            Reason::DeclinedEarlier => one(why(Why::DeclinedEarlier)),
            Reason::NotHeldEarlier => one(why(Why::NotHeldEarlier)),
            Reason::NoAnswerEarlier => one(why(Why::NoAnswerEarlier)),
            Reason::BrokeOffEarlier => one(why(Why::BrokeOffEarlier)),
            Reason::OutOfService { cause, until_s, planned } => one(v1::Reason {
                until_time: until_s.and_then(|until| self.until(until)),
                outage: outage(cause).into(),
                ..why(if planned { Why::Outage } else { Why::OutOfService })
            }),
            Reason::Held { until_s } => {
                let holder = self.shown.view.asset(asset).and_then(|(_, usage)| usage.hold.clone());
                one(v1::Reason {
                    until_time: self.until(until_s),
                    subject: self.shown.names.print_opt(holder.as_ref()),
                    ..why(Why::Held)
                })
            }
            Reason::Engaged => {
                let mission = self.shown.view.asset(asset).and_then(|(_, usage)| usage.mission.clone());
                one(v1::Reason {
                    subject: self.shown.names.print_opt(mission.as_ref()),
                    ..why(Why::OnMission)
                })
            }
            Reason::RetaskRefused | Reason::RecallRefused => one(why(Why::ModeForbids)),
            Reason::NoFix => one(why(Why::PositionUnknown)),
            Reason::StaleFix { age_s, age_max_s } => {
                one(measured(Why::PositionUnknown, age_max_s, age_s, Seconds))
            }
            Reason::NoCrew => one(why(Why::NoCrew)),
            Reason::NoAgreement | Reason::AgreementRefuses => one(why(Why::OutsideAgreement)),
            Reason::FlightsUsedUp => one(why(Why::AgreementMonthlyLimit)),
            Reason::NotOffered => one(why(Why::NotOffered)),
            Reason::LacksCapability { missing } => on_board(missing)
                .map(|c| v1::Reason { capability: c.into(), ..why(Why::CapabilityMissing) })
                .collect(),
            Reason::SeatsShort { short } => one(short_of(Why::TooFewSeats, short.into(), Count)),
            Reason::StretchersShort { short } => one(short_of(Why::TooFewStretchers, short.into(), Count)),
            Reason::KeptAtHome { block, others, keep } => one(v1::Reason {
                subject: self.stated.names.blocks[block.index()].to_string(),
                ..measured(Why::HomeCover, keep.into(), others.into(), Count)
            }),
            Reason::AfterService { late_s } => one(short_of(Why::OutsideServiceHours, late_s, Seconds)),
            Reason::Visibility { region, short_m } => {
                one(of(self.region(region), short_of(Why::VisibilityBelowMinima, short_m, Metres)))
            }
            Reason::Ceiling { region, short_m } => {
                one(of(self.region(region), short_of(Why::CeilingBelowMinima, short_m, Metres)))
            }
            Reason::Wind { region, over_mps } => {
                one(of(self.region(region), short_of(Why::WindAboveLimit, kmh(over_mps), KilometresPerHour)))
            }
            Reason::Icing { region } => one(of(self.region(region), why(Why::Icing))),
            Reason::Thunderstorm { region } => one(of(self.region(region), why(Why::Thunderstorm))),
            Reason::NoFly { area } => one(of(self.no_fly(area), why(Why::NoFlyArea))),
            Reason::NoSite => one(why(Why::NoSite)),
            Reason::SiteClosed { site } => one(of(self.site(site), why(Why::SiteClosed))),
            Reason::SiteUnconfirmed { site, .. } => {
                one(of(self.site(site), why(Why::SiteUnconfirmedTooLong)))
            }
            Reason::SiteMass { site, over_kg } => {
                one(of(self.site(site), short_of(Why::SiteTooWeak, over_kg, Kilograms)))
            }
            Reason::SiteSize { site, over_m } => {
                one(of(self.site(site), short_of(Why::SiteTooSmall, over_m, Metres)))
            }
            Reason::SiteFull { site, short } => {
                one(of(self.site(site), short_of(Why::SiteOccupied, short.into(), Count)))
            }
            Reason::SiteUnlit { site } => one(of(self.site(site), why(Why::Darkness))),
            Reason::NoRoadToSite { site } => one(of(self.site(site), why(Why::Unreachable))),
            Reason::TooFar { site, over_m } => {
                one(of(self.site(site), short_of(Why::AgreementDistance, over_m, Metres)))
            }
            Reason::NoHospital => one(why(Why::NoHospital)),
            Reason::HospitalLacks { hospital, missing } => treated(missing)
                .map(|c| {
                    of(
                        self.hospital(hospital),
                        v1::Reason { capability: c.into(), ..why(Why::HospitalNotEquipped) },
                    )
                })
                .collect(),
            Reason::HospitalClosed { hospital, .. } => {
                one(of(self.hospital(hospital), why(Why::HospitalRefuses)))
            }
            Reason::BedsShort { hospital, short } => {
                one(of(self.hospital(hospital), short_of(Why::NoBeds, short.into(), Count)))
            }
            Reason::NoPad { hospital } => one(of(self.hospital(hospital), why(Why::NoPad))),
            Reason::PadMass { hospital, over_kg } => {
                one(of(self.hospital(hospital), short_of(Why::PadTooWeak, over_kg, Kilograms)))
            }
            Reason::PadSize { hospital, over_m } => {
                one(of(self.hospital(hospital), short_of(Why::PadTooSmall, over_m, Metres)))
            }
            Reason::PadWind { hospital, over_mps } => one(of(
                self.hospital(hospital),
                short_of(Why::WindAboveLimit, kmh(over_mps), KilometresPerHour),
            )),
            Reason::PadUnlit { hospital } => one(of(self.hospital(hospital), why(Why::Darkness))),
            Reason::NoRoadToHospital { hospital } => one(of(self.hospital(hospital), why(Why::Unreachable))),
            Reason::RangeShort { short_m } => one(short_of(Why::OutOfRange, short_m, Metres)),
            Reason::EnduranceShort { short_s } => one(short_of(Why::EnduranceExceeded, short_s, Seconds)),
            Reason::FlightTimeShort { short_s } => one(short_of(Why::FlightTimeExceeded, short_s, Seconds)),
            Reason::AfterDue { late_s } => one(short_of(Why::PastDue, late_s, Seconds)),
            Reason::AfterDaylight { late_s } => one(short_of(Why::Darkness, late_s, Seconds)),
            Reason::AfterDuty { late_s } => one(short_of(Why::CrewDutyExceeded, late_s, Seconds)),
            Reason::OutageBegins { late_s } => one(short_of(Why::Outage, late_s, Seconds)),
            Reason::OfferEnds { late_s } => one(short_of(Why::NotOffered, late_s, Seconds)),
        }
    }

    fn change(&self, change: Change) -> Vec<v1::SmallestChange> {
        use v1::Unit::{Count, Kilograms, KilometresPerHour, Metres, Seconds};
        let one = |change| vec![change];
        match change {
            Change::AskAgain => one(what(What::AskAgain)),
            Change::OutageEndsAt { until_s } => one(v1::SmallestChange {
                time: until_s.and_then(|until| self.until(until)),
                ..what(What::OutageEnds)
            }),
            Change::WaitUntilFree { seconds } => one(by(What::Wait, seconds, Seconds)),
            Change::FreeAircraft => one(what(What::HoldEnds)),
            Change::AllowRetask => one(what(What::AllowRetask)),
            Change::AllowRecall => one(what(What::AllowRecall)),
            Change::FixPosition => one(what(What::PositionReported)),
            Change::FindCrew => one(what(What::FindCrew)),
            Change::AgreementNeeded | Change::AgreementAllows => one(what(What::AgreementAllows)),
            Change::FlightsMore { count } => one(by(What::MoreAgreedMissions, count.into(), Count)),
            Change::OfferNeeded => one(what(What::OwnerOffers)),
            Change::CapabilityMore { missing } => on_board(missing)
                .map(|c| v1::SmallestChange { capability: c.into(), ..what(What::DoWithoutCapability) })
                .collect(),
            Change::ReduceSeats { by: count } => one(by(What::FewerSeats, count.into(), Count)),
            Change::ReduceStretchers { by: count } => one(by(What::FewerStretchers, count.into(), Count)),
            Change::KeepFewer { block, by: count } => one(v1::SmallestChange {
                subject: self.stated.names.blocks[block.index()].to_string(),
                ..by(What::CoverElsewhere, count.into(), Count)
            }),
            Change::StartEarlierBy { seconds } | Change::FinishEarlierBy { seconds } => {
                one(by(What::AskEarlierBy, seconds, Seconds))
            }
            Change::VisibilityMore { region, metres } => {
                one(at(self.region(region), by(What::BetterVisibility, metres, Metres)))
            }
            Change::CeilingMore { region, metres } => {
                one(at(self.region(region), by(What::HigherCeiling, metres, Metres)))
            }
            Change::WindLess { region, mps } => {
                one(at(self.region(region), by(What::LessWind, kmh(mps), KilometresPerHour)))
            }
            Change::IcingEnds { region } | Change::ThunderstormEnds { region } => {
                one(at(self.region(region), what(What::WeatherPasses)))
            }
            Change::LiftNoFly { area } => one(at(self.no_fly(area), what(What::LiftNoFlyArea))),
            Change::SiteNeeded => one(what(What::SiteNeeded)),
            Change::ReopenSite { site } => one(at(self.site(site), what(What::OpenSite))),
            Change::ConfirmSite { site } => one(at(self.site(site), what(What::ConfirmSite))),
            Change::SiteMassMore { site, kilograms } => {
                one(at(self.site(site), by(What::StrongerSite, kilograms, Kilograms)))
            }
            Change::SiteSizeMore { site, metres } => {
                one(at(self.site(site), by(What::LargerSite, metres, Metres)))
            }
            Change::SpotsMore { site, count } => {
                one(at(self.site(site), by(What::FreeSite, count.into(), Count)))
            }
            Change::LightSite { site } => one(at(self.site(site), what(What::LightNeeded))),
            Change::OpenRoadToSite { site } => one(at(self.site(site), what(What::RoadOpens))),
            Change::DistanceMore { metres } => one(by(What::MoreAgreedDistance, metres, Metres)),
            Change::HospitalNeeded => one(what(What::HospitalNeeded)),
            Change::SpecialtyMore { hospital, missing } => treated(missing)
                .map(|c| {
                    at(
                        self.hospital(hospital),
                        v1::SmallestChange { capability: c.into(), ..what(What::DoWithoutCapability) },
                    )
                })
                .collect(),
            Change::HospitalAccepts { hospital } => {
                one(at(self.hospital(hospital), what(What::HospitalAccepts)))
            }
            Change::BedsMore { hospital, count } => {
                one(at(self.hospital(hospital), by(What::HospitalAccepts, count.into(), Count)))
            }
            Change::PadNeeded { hospital } => one(at(self.hospital(hospital), what(What::PadNeeded))),
            Change::PadMassMore { hospital, kilograms } => {
                one(at(self.hospital(hospital), by(What::StrongerPad, kilograms, Kilograms)))
            }
            Change::PadSizeMore { hospital, metres } => {
                one(at(self.hospital(hospital), by(What::LargerPad, metres, Metres)))
            }
            Change::PadWindMore { hospital, mps } => {
                one(at(self.hospital(hospital), by(What::LessWind, kmh(mps), KilometresPerHour)))
            }
            Change::LightPad { hospital } => one(at(self.hospital(hospital), what(What::LightNeeded))),
            Change::OpenRoadToHospital { hospital } => {
                one(at(self.hospital(hospital), what(What::RoadOpens)))
            }
            Change::MoreFuel { metres, seconds } => [
                (metres > 0).then(|| by(What::MoreRange, metres, Metres)),
                (seconds > 0).then(|| by(What::MoreEndurance, seconds, Seconds)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Change::FlightTimeMore { seconds } => one(by(What::MoreFlightTime, seconds, Seconds)),
            Change::DueLater { seconds } => one(by(What::LaterDue, seconds, Seconds)),
        }
    }
}

fn ground_reason(reason: GroundReason) -> v1::Reason {
    match reason {
        GroundReason::AlreadyAsked => why(Why::AlreadyAsked),
        GroundReason::DeclinedEarlier => why(Why::DeclinedEarlier),
        GroundReason::NotHeldEarlier => why(Why::NotHeldEarlier),
        GroundReason::NoAnswerEarlier => why(Why::NoAnswerEarlier),
        GroundReason::BrokeOffEarlier => why(Why::BrokeOffEarlier),
        GroundReason::OutsideArea => why(Why::OutsideArea),
        GroundReason::Engaged => why(Why::OnMission),
        GroundReason::OutOfService => why(Why::OutOfService),
        GroundReason::AfterService { late_s } => {
            short_of(Why::OutsideServiceHours, late_s, v1::Unit::Seconds)
        }
        GroundReason::NoRoadToScene => why(Why::Unreachable),
        GroundReason::NoHospitalByRoad => why(Why::NoHospital),
    }
}

fn ground_change(change: GroundChange) -> v1::SmallestChange {
    match change {
        GroundChange::AskAgain => what(What::AskAgain),
        GroundChange::FreeUnit => what(What::HoldEnds),
        GroundChange::ReturnToService => what(What::BackInService),
        GroundChange::AllowOutsideArea => what(What::AgreementAllows),
        GroundChange::StartEarlierBy { seconds } => by(What::AskEarlierBy, seconds, v1::Unit::Seconds),
        GroundChange::OpenRoadToScene => what(What::RoadOpens),
        GroundChange::HospitalByRoadNeeded => what(What::HospitalNeeded),
    }
}

fn why(code: Why) -> v1::Reason {
    v1::Reason { code: code.into(), ..v1::Reason::default() }
}

/// A limit that is missed by `amount`.
fn short_of(code: Why, amount: u32, unit: v1::Unit) -> v1::Reason {
    v1::Reason { short_by: amount.into(), unit: unit.into(), ..why(code) }
}

/// Why an aircraft is out of service; unspecified for what no ledger says.
fn outage(cause: OutageCause) -> v1::OutageReason {
    match cause {
        OutageCause::Maintenance => v1::OutageReason::Maintenance,
        OutageCause::NoMechanic => v1::OutageReason::NoMechanics,
        OutageCause::NoCrew => v1::OutageReason::NoCrewAvailable,
        OutageCause::Defect => v1::OutageReason::MechanicalFault,
        OutageCause::Order => v1::OutageReason::RecalledByOwner,
        OutageCause::Base | OutageCause::Weather => v1::OutageReason::Unspecified,
    }
}

fn measured(code: Why, needed: u32, available: u32, unit: v1::Unit) -> v1::Reason {
    v1::Reason { needed: needed.into(), available: available.into(), unit: unit.into(), ..why(code) }
}

fn of(subject: String, reason: v1::Reason) -> v1::Reason {
    v1::Reason { subject, ..reason }
}

fn what(code: What) -> v1::SmallestChange {
    v1::SmallestChange { code: code.into(), ..v1::SmallestChange::default() }
}

fn by(code: What, amount: u32, unit: v1::Unit) -> v1::SmallestChange {
    v1::SmallestChange { amount: amount.into(), unit: unit.into(), ..what(code) }
}

fn at(subject: String, change: v1::SmallestChange) -> v1::SmallestChange {
    v1::SmallestChange { subject, ..change }
}

/// Metres per second as km/h, rounded up.
fn kmh(mps: u32) -> u32 {
    (mps.saturating_mul(36)).div_ceil(10)
}

/// On-board capabilities as the wire names them.
fn on_board(set: Capabilities) -> impl Iterator<Item = v1::Capability> {
    let known = [
        (Capabilities::PHYSICIAN, v1::Capability::Physician),
        (Capabilities::STRETCHER, v1::Capability::Stretcher),
        (Capabilities::HOIST, v1::Capability::Hoist),
        (Capabilities::NEONATAL, v1::Capability::Neonatal),
        (Capabilities::CARGO, v1::Capability::Sling),
    ];
    known.into_iter().filter(move |(bit, _)| set.0 & bit.0 != 0).map(|(_, name)| name)
}

/// Specialties as the wire names them.
fn treated(set: Specialties) -> impl Iterator<Item = v1::Capability> {
    let known = [
        (Specialties::TRAUMA, v1::Capability::Trauma),
        (Specialties::CARDIAC, v1::Capability::Cardiac),
        (Specialties::STROKE, v1::Capability::Stroke),
        (Specialties::BURNS, v1::Capability::Burns),
        (Specialties::PERINATAL, v1::Capability::Neonatal),
    ];
    known.into_iter().filter(move |(bit, _)| set.0 & bit.0 != 0).map(|(_, name)| name)
}

fn display(name: &Name) -> v1::DisplayName {
    wire::display_name(name)
}

fn availability(
    status: AircraftStatus,
    ownership: &crate::allocator::ranking::Ownership,
) -> v1::Availability {
    match status {
        AircraftStatus::FreeSoon => v1::Availability::FreeSoon,
        AircraftStatus::Retaskable => v1::Availability::Retaskable,
        AircraftStatus::Training => v1::Availability::RecalledFromTraining,
        AircraftStatus::Ready
        | AircraftStatus::Engaged
        | AircraftStatus::Held { .. }
        | AircraftStatus::OutOfService { .. } => match ownership {
            crate::allocator::ranking::Ownership::Offered(_) => v1::Availability::OfferedByOwner,
            _ => v1::Availability::ReadyNow,
        },
    }
}

fn margins(margins: &Margins) -> Vec<v1::Margin> {
    use v1::Limit as L;
    use v1::Unit::{Count, Kilograms, KilometresPerHour, Metres, Seconds};
    let wind = [margins.wind_mps, margins.pad_wind_mps].into_iter().flatten().min();
    let all = [
        (L::Daylight, margins.daylight_s, Seconds),
        (L::ServiceHours, margins.service_s, Seconds),
        (L::Due, margins.due_s, Seconds),
        (L::Outage, margins.outage_s, Seconds),
        (L::Offer, margins.offer_s, Seconds),
        (L::Duty, margins.duty_s, Seconds),
        (L::FlightTime, margins.flight_s, Seconds),
        (L::Range, margins.range_m, Metres),
        (L::Endurance, margins.endurance_s, Seconds),
        (L::AgreementDistance, margins.distance_m, Metres),
        (L::AgreementMissions, margins.flights_left, Count),
        (L::HomeCover, margins.kept_at_home, Count),
        (L::Seats, margins.seats, Count),
        (L::Stretchers, margins.stretchers, Count),
        (L::Visibility, margins.visibility_m, Metres),
        (L::Ceiling, margins.ceiling_m, Metres),
        (L::Wind, wind.map(|mps| mps * 36 / 10), KilometresPerHour),
        (L::SiteMass, margins.site_mass_kg, Kilograms),
        (L::SiteSize, margins.site_size_m, Metres),
        (L::SiteSpots, margins.site_spots, Count),
        (L::SiteConfirmation, margins.site_confirmation_s, Seconds),
        (L::PadMass, margins.pad_mass_kg, Kilograms),
        (L::PadSize, margins.pad_size_m, Metres),
        (L::Beds, margins.beds, Count),
        (L::PositionAge, margins.fix_s, Seconds),
    ];
    let shown = all.into_iter().filter_map(|(limit, amount, unit)| {
        amount.map(|amount| v1::Margin { limit: limit.into(), amount: amount.into(), unit: unit.into() })
    });
    shown.collect()
}

fn cautions(warnings: &[Warning], by_road: bool) -> Vec<i32> {
    use v1::Caution as C;
    let mut cautions: Vec<i32> = warnings
        .iter()
        .map(|warning| match warning {
            Warning::WeatherUnknown { .. } | Warning::WeatherExpired { .. } => C::WeatherUnknown,
            Warning::StaleFix { .. } => C::PositionStale,
            Warning::CrewUnknown => C::CrewUnknown,
            Warning::RestOverridden { .. } => C::CrewRecentlyFlown,
            Warning::RecallsTraining => C::RecallsTraining,
            Warning::BreaksOffMission => C::BreaksOffMission,
            Warning::FreeSoon => C::WaitsForMission,
            Warning::WaitsUntil { .. } => C::WaitsForOpening,
            Warning::SiteUnconfirmed { .. } => C::SiteUnconfirmed,
            Warning::HospitalUnknown { .. } => C::HospitalUnknown,
            Warning::AroundNoFly { .. } => C::FliesAroundNoFlyArea,
            Warning::AroundWeather { .. } => C::FliesAroundWeather,
        })
        .map(i32::from)
        .chain(by_road.then(|| C::HospitalByRoad.into()))
        .collect();
    cautions.sort_unstable();
    cautions.dedup();
    cautions
}
