//! All open requests at once, as the wire shows them.

use super::ranking::known_request;
use crate::allocator::assignment::PATIENTS_MAX;
use crate::api::v1;
use crate::authority::View;
use crate::authority::planner::together::{Open, Together, open_requests, unserved};
use crate::decision::model::{Request, RequestState};
use crate::decision::rejection::FieldProblem;
use crate::id::{AssetId, RequestId};
use crate::service::ServiceError;
use crate::service::convert::{Reader, Shown, ranking as draw, wire};
use crate::units::Seconds;
use std::collections::BTreeMap;

/// Aircraft that are told of a number that goes unserved.
const TAKEN_TOLD: usize = 5;

/// The requests that are asked for, or all open ones with a number that nobody serves.
pub(super) fn asked(reader: &Reader, view: &View, named: &[String]) -> Result<Vec<Request>, ServiceError> {
    let mut ids: Vec<RequestId> = reader.name_list("requests", named)?;
    let mut requests: Vec<Request> = Vec::new();
    if named.is_empty() {
        requests.extend(open_requests(view).into_iter().cloned());
    }
    ids.sort();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(ServiceError::field("requests", FieldProblem::Duplicate));
    }
    for id in &ids {
        let request = known_request(view, id)?;
        if request.state != RequestState::Open {
            // Nobody asks for it any more.
            return Err(ServiceError::field("requests", FieldProblem::NotAllowed));
        }
        requests.push(request.clone());
    }
    let count: usize = requests.iter().map(|request| unserved(request).count()).sum();
    if count > PATIENTS_MAX {
        let problem = FieldProblem::TooLong { got: count as u64, max: PATIENTS_MAX as u64 };
        return Err(ServiceError::field("requests", problem));
    }
    Ok(requests)
}

/// An assignment as the wire shows it.
pub(super) fn shown(shown: &Shown, together: &Together) -> v1::ProposeAssignmentResponse {
    let rankings = together
        .rankings
        .iter()
        .map(|ranked| draw::ranking(shown, &ranked.stated, &ranked.plan, &ranked.seen, ranked.hash));
    let rankings: Vec<v1::Ranking> = rankings.collect();
    let goes_to: BTreeMap<&AssetId, &Open> =
        together.pairs().filter_map(|(open, asset)| Some((asset?, open))).collect();
    let drawing = Drawing { shown, together, rankings: &rankings, goes_to: &goes_to };
    let mut response = v1::ProposeAssignmentResponse {
        at_time: Some(wire::instant(shown.now)),
        total: together.answer.total,
        bound: together.answer.bound,
        aircraft_count: together.aircraft.len() as u32,
        seen: shown
            .view
            .seen()
            .iter()
            .map(|(ledger, sequence)| v1::SeenLedger {
                ledger: shown.names.print(ledger),
                sequence: *sequence,
            })
            .collect(),
        ..v1::ProposeAssignmentResponse::default()
    };
    for (open, asset) in together.pairs() {
        match asset {
            Some(asset) => response.assigned.push(drawing.assigned(open, asset)),
            None => response.unserved.push(drawing.unserved(open)),
        }
    }
    let spare = together.aircraft.iter().filter(|asset| !goes_to.contains_key(asset));
    response.spare = spare.map(|asset| shown.names.print(asset)).collect();
    response
}

struct Drawing<'a> {
    shown: &'a Shown,
    together: &'a Together,
    rankings: &'a [v1::Ranking],
    goes_to: &'a BTreeMap<&'a AssetId, &'a Open>,
}

impl Drawing<'_> {
    fn assigned(&self, open: &Open, asset: &AssetId) -> v1::AssignedAircraft {
        let name = self.shown.names.print(asset);
        let ranking = &self.rankings[open.ranking];
        let told = ranking.candidates.iter().find(|candidate| candidate.asset == name);
        let further = ranking.outranked.iter().find(|outranked| outranked.asset == name);
        let care_s = self.together.able(open.ranking).iter().find(|(id, _)| *id == asset).map(|one| one.1);
        let mut shown = v1::AssignedAircraft {
            request: self.shown.names.print(&open.request),
            number: open.number.into(),
            asset: name.clone(),
            display_name: self
                .shown
                .view
                .asset(asset)
                .map(|(registered, _)| wire::display_name(&registered.name)),
            minutes_to_care: minutes(care_s.unwrap_or_default()),
            care_time: care_s
                .map(|care_s| wire::instant(self.shown.now.plus_millis(i64::from(care_s) * 1_000))),
            ..v1::AssignedAircraft::default()
        };
        if let Some(told) = told {
            (shown.site, shown.hospital) = (told.site.clone(), told.hospital.clone());
        } else if let Some(further) = further {
            (shown.site, shown.hospital) = (further.site.clone(), further.hospital.clone());
        }
        if let Some(first) = ranking.candidates.first().filter(|first| first.asset != name) {
            shown.first_choice = first.asset.clone();
            shown.first_choice_minutes_to_care = first.minutes_to_care;
            let goes = self.goes_to.iter().find(|(id, _)| self.shown.names.print(**id) == first.asset);
            shown.first_choice_request =
                goes.map(|(_, open)| self.shown.names.print(&open.request)).unwrap_or_default();
        }
        shown
    }

    fn unserved(&self, open: &Open) -> v1::UnservedNumber {
        let able = self.together.able(open.ranking);
        let taken = able.iter().take(TAKEN_TOLD).map(|(asset, care_s)| v1::unserved_number::Taken {
            asset: self.shown.names.print(*asset),
            request: self
                .goes_to
                .get(asset)
                .map(|open| self.shown.names.print(&open.request))
                .unwrap_or_default(),
            minutes_to_care: minutes(*care_s),
        });
        let reason = if able.is_empty() {
            v1::unserved_number::Reason::NoneCanGo
        } else {
            v1::unserved_number::Reason::AllTaken
        };
        let aircraft = self.together.rankings[open.ranking].plan.ruled_out.len();
        let ruled_out = self.rankings[open.ranking].ruled_out.iter().take(aircraft);
        // Those without a change cannot be admitted at all.
        let easiest = ruled_out
            .filter(|ruled| !ruled.smallest_changes.is_empty())
            .min_by_key(|ruled| (ruled.smallest_changes.len(), ruled.asset.clone()));
        v1::UnservedNumber {
            request: self.shown.names.print(&open.request),
            number: open.number.into(),
            reason: reason.into(),
            taken: taken.collect(),
            ruled_out: easiest.filter(|_| able.is_empty()).cloned(),
        }
    }
}

fn minutes(seconds: Seconds) -> u32 {
    seconds.div_ceil(60)
}
