//! Why a dispatcher chose as it did, in words: read from the problem that the decision rests on, ranked again.

use super::words::{Words, minutes};
use crate::allocator::ranking::{InOrder, Reason};
use crate::authority::duplicates::Scenes;
use crate::authority::planner::{CANDIDATES_DEFAULT, RankPlanner, Stated};
use crate::cli::text::reason;
use crate::decision::model::Name;
use crate::drill::report::Report;
use crate::drill::runner::{Chosen, DecidedOn};
use crate::id::AssetId;
use crate::lang::{Lang, term};
use crate::record;
use crate::service::convert::names::Names;
use crate::service::convert::ranking::ranking;
use crate::service::convert::shown::Shown;
use crate::{api::v1, ledger::Digest};
use std::sync::Arc;

/// Those who would have been sooner that are named at most.
const SOONER_MAX: usize = 2;

/// What a decision rests on.
pub(super) struct Grounds {
    /// The rule of the agreement in force; empty where none is.
    pub(super) rule: Name,
    /// Minutes to care of the one that was chosen, as it was ranked.
    pub(super) chosen_min: Option<u32>,
    /// How many could go, ground units among them.
    pub(super) could_go: usize,
    /// Who came next in the list.
    pub(super) next: Option<Other>,
    /// Who would have been sooner, and why they did not go.
    pub(super) sooner: Vec<(Other, Name)>,
}

/// Somebody else, and the minutes to care.
pub(super) struct Other {
    pub(super) name: Name,
    pub(super) care_min: u32,
}

/// What is needed to read decisions.
pub(super) struct Reader<'a> {
    words: Words<'a>,
    shown: Shown,
}

impl<'a> Reader<'a> {
    pub(super) fn of(report: &'a Report) -> Reader<'a> {
        let shown = Shown {
            view: Arc::new(report.view.clone()),
            scenes: Arc::new(Scenes::new()),
            structures: Arc::default(),
            now: report.scenario.start,
            names: Names::of(report.scenario.space.clone()),
        };
        Reader { words: Words(report), shown }
    }

    /// The grounds of a decision; none where its problem cannot be read by this program.
    pub(super) fn grounds(&self, decision: &DecidedOn) -> Option<Grounds> {
        let stated = record::decode_problem(&decision.problem).ok()?;
        let plan = RankPlanner::rank_again(&stated, CANDIDATES_DEFAULT).ok()?;
        let hash = Digest::of(&decision.problem).0;
        let wire = ranking(&self.shown, &stated, &plan, &[], hash);
        let list: Vec<(AssetId, u32)> =
            plan.in_order().into_iter().map(|entry| identified(&stated, entry)).collect();
        let chosen = match &decision.chosen {
            Chosen::Aircraft(asset) | Chosen::Ground(asset) => Some(asset),
            Chosen::Nobody => None,
        };
        let place = chosen.and_then(|chosen| list.iter().position(|(id, _)| id == chosen));
        let chosen_min = place.and_then(|place| list.get(place)).map(|(_, care_min)| *care_min);
        let (before, after) = match place {
            Some(place) => (list.get(..place), list.get(place + 1..)),
            None => (None, None),
        };
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let mut sooner: Vec<(Other, Name)> = Vec::new();
        for (id, care_min) in before {
            sooner.push((self.other(id, *care_min), breaks_off()));
        }
        let is_sooner = |care_min: u32| chosen_min.is_none_or(|chosen_min| care_min < chosen_min);
        for (id, care_min) in after.iter().filter(|(_, care_min)| is_sooner(*care_min)) {
            sooner.push((self.other(id, *care_min), later_in_agreement()));
        }
        for (ruled, told) in plan.ruled_out.iter().zip(&wire.ruled_out) {
            let Some(near) = ruled.near_miss.as_ref() else { continue };
            let care_min = minutes(near.timeline.care_s);
            let is_plain = ruled.reasons.iter().any(|reason| {
                matches!(reason, Reason::NotOffered | Reason::NoAgreement | Reason::LacksCapability { .. })
            });
            if !is_plain && is_sooner(care_min) {
                let id = &stated.names.aircraft[ruled.aircraft.index()];
                sooner.push((self.other(id, care_min), first_reason(&told.reasons)));
            }
        }
        sooner.sort_by_key(|(other, _)| other.care_min);
        sooner.truncate(SOONER_MAX);
        Some(Grounds {
            rule: Name { ja: rule(&stated, wire.rule, Lang::Ja), en: rule(&stated, wire.rule, Lang::En) },
            chosen_min,
            could_go: list.len() + plan.outranked.len(),
            next: after.first().map(|(id, care_min)| self.other(id, *care_min)),
            sooner,
        })
    }

    fn other(&self, id: &AssetId, care_min: u32) -> Other {
        Other { name: self.words.short(id), care_min }
    }
}

fn identified(stated: &Stated, entry: InOrder<'_>) -> (AssetId, u32) {
    let names = &stated.names;
    match entry {
        InOrder::Aircraft(candidate) => {
            (names.aircraft[candidate.aircraft.index()].clone(), candidate.care_min)
        }
        InOrder::Ground(unit) => (names.ground[unit.unit.index()].clone(), unit.care_min),
    }
}

fn rule(stated: &Stated, number: i32, lang: Lang) -> String {
    stated.rule.map(|_| term::<v1::agreement::Rule>(number, lang)).unwrap_or_default()
}

fn first_reason(reasons: &[v1::Reason]) -> Name {
    let text = |lang| reasons.first().map(|first| reason::reason(first, lang)).unwrap_or_default();
    Name { ja: text(Lang::Ja), en: text(Lang::En) }
}

fn breaks_off() -> Name {
    Name {
        ja: "他の患者へ向かっている".to_owned(), en: "on its way to another patient".to_owned()
    }
}

fn later_in_agreement() -> Name {
    Name { ja: "協定の順が後".to_owned(), en: "later in the agreement".to_owned() }
}
