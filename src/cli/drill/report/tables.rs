//! Tables of a report.

use super::grounds::{Grounds, Other, Reader};
use super::words::{Words, both, grouped, local, minutes, named, percent};
use crate::decision::model::Name;
use crate::drill::report::{PrefectureCost, Report};
use crate::drill::runner::{Answered, Chosen, DecidedOn, Told};
use crate::id::{CommodityId, MemberId};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Rows of the largest differences.
const REGRETS_SHOWN: usize = 10;
/// Decisions that are shown: some twenty sheets of paper.
const DECISIONS_SHOWN: usize = 400;

/// How many calls were served in time.
pub(super) fn targets(report: &Report) -> Markup {
    let calls = report.outcome.calls.len();
    html! {
        table {
            thead { tr {
                th { (both("目標", "Target")) }
                th.count { (both("間に合った要請", "Calls in time")) }
                th.count { (both("全要請に対する割合", "Of all calls")) }
            } }
            tbody { @for target in &report.spread.targets { tr {
                td { (both(&format!("{} 分以内", target.within_s / 60), &format!("within {} min", target.within_s / 60))) }
                td.count { (target.met) }
                td.count { (percent(target.met as usize, calls)) }
            } } }
        }
    }
}

/// What each prefecture asked and paid.
pub(super) fn costs(words: Words<'_>) -> Markup {
    let rows = &words.0.costs;
    let cells = |row: &PrefectureCost| {
        let counts = [row.calls, row.by_own, row.by_others, row.by_road, row.nobody, row.for_others];
        let yen = [row.pays_yen, row.gets_yen];
        html! {
            @for count in counts { td.count { (count) } }
            @for yen in yen { td.count { (grouped(yen)) } }
        }
    };
    html! {
        table {
            thead { tr {
                th { (both("府県", "Prefecture")) }
                th.count { (both("要請", "Calls")) }
                th.count { (both("自府県機", "Own aircraft")) }
                th.count { (both("他府県機", "Others'")) }
                th.count { (both("陸路", "By road")) }
                th.count { (both("対応なし", "Nobody")) }
                th.count { (both("他府県へ", "For others")) }
                th.count { (both("支払 (円)", "Pays (yen)")) }
                th.count { (both("受取 (円)", "Gets (yen)")) }
            } }
            tbody {
                @for row in rows { tr { td { (named(&words.prefecture(&row.prefecture))) } (cells(row)) } }
            }
        }
    }
}

/// The calls that took longest beyond the soonest possible.
pub(super) fn regrets(words: Words<'_>) -> Markup {
    let report = words.0;
    let mut rows: Vec<(i64, &Answered, u32)> = report
        .outcome
        .calls
        .iter()
        .zip(report.regrets_s())
        .zip(&report.soonest_s)
        .filter_map(|((call, regret_s), soonest_s)| Some((regret_s?, call, (*soonest_s)?)))
        .filter(|(regret_s, ..)| *regret_s >= 60)
        .collect();
    rows.sort_by_key(|(regret_s, ..)| std::cmp::Reverse(*regret_s));
    rows.truncate(REGRETS_SHOWN);
    html! {
        table {
            thead { tr {
                th { (both("要請", "Call")) }
                th { (both("地域", "Area")) }
                th { (both("対応", "Served by")) }
                th.count { (both("かかった分", "Took (min)")) }
                th.count { (both("最も早ければ", "Soonest")) }
                th.count { (both("差", "Difference")) }
                th.count { (both("断り", "Refusals")) }
            } }
            tbody { @for (regret_s, call, soonest_s) in &rows { tr {
                td.when { (local(call.called_at, "%m-%d %H:%M")) }
                td { (named(&words.area(&call.area))) }
                td { (served_by(words, call)) }
                td.count { (call.care_s().map(minutes).unwrap_or_default()) }
                td.count { (minutes(*soonest_s)) }
                td.count { (regret_s / 60) }
                td.count { (call.refused) }
            } } }
        }
    }
}

fn served_by(words: Words<'_>, call: &Answered) -> Markup {
    match &call.told {
        Told::Flown(flown) => named(&words.short(&flown.asset)),
        Told::Ground { .. } => both("陸路", "by road"),
        Told::Nobody => both("対応なし", "nobody"),
    }
}

/// Every decision, oldest first.
pub(super) fn decisions(words: Words<'_>) -> Markup {
    let reader = Reader::of(words.0);
    let mut all: Vec<(&Answered, &DecidedOn)> = words
        .0
        .outcome
        .calls
        .iter()
        .flat_map(|call| call.decisions.iter().map(move |decision| (call, decision)))
        .collect();
    all.sort_by_key(|(_, decision)| decision.at);
    let shown = &all[..all.len().min(DECISIONS_SHOWN)];
    html! {
        table {
            thead { tr {
                th { (both("時刻", "Time")) }
                th { (both("地域", "Area")) }
                th { (both("選択", "Chosen")) }
                th { (both("根拠", "Grounds")) }
            } }
            tbody { @for (call, decision) in shown { (row(words, &reader, call, decision)) } }
        }
        @if all.len() > DECISIONS_SHOWN {
            p.note { (both(
                &format!("{} 件のうち最初の {DECISIONS_SHOWN} 件。残りは JSON にあります。", all.len()),
                &format!("The first {DECISIONS_SHOWN} of {}; the others are in the JSON.", all.len()),
            )) }
        }
    }
}

fn row(words: Words<'_>, reader: &Reader<'_>, call: &Answered, decision: &DecidedOn) -> Markup {
    let grounds = reader.grounds(decision);
    let chosen = match &decision.chosen {
        Chosen::Aircraft(asset) | Chosen::Ground(asset) => named(&words.short(asset)),
        Chosen::Nobody => both("誰も行けない", "nobody can go"),
    };
    let chosen_min = grounds.as_ref().and_then(|grounds| grounds.chosen_min);
    html! {
        tr {
            td.when { (local(decision.at, "%m-%d %H:%M")) }
            td { (named(&words.area(&call.area))) }
            td { (chosen) @if let Some(care_min) = chosen_min { " · " (in_minutes(care_min)) } }
            td { @if let Some(grounds) = &grounds { (in_words(grounds)) } }
        }
    }
}

fn in_minutes(care_min: u32) -> Markup {
    html! { span.whole { (care_min) (both(" 分", " min")) } }
}

fn in_words(grounds: &Grounds) -> Markup {
    let other = |other: &Other| html! { (named(&other.name)) " " (in_minutes(other.care_min)) };
    html! {
        (named(&grounds.rule))
        @if !grounds.rule.ja.is_empty() { " · " }
        (both(&format!("候補 {}", grounds.could_go), &format!("{} could go", grounds.could_go)))
        @if let Some(next) = &grounds.next {
            " · " (both("次点 ", "next ")) (other(next))
        }
        @for (who, why) in &grounds.sooner {
            br; (both("より早い: ", "sooner: ")) (other(who)) " — " (named(why))
        }
    }
}

/// What is needed in each member, by commodity; none where nobody needs anything.
pub(super) fn needs(words: Words<'_>) -> Option<Markup> {
    let view = &words.0.view;
    let mut sums: BTreeMap<(MemberId, CommodityId), u64> = BTreeMap::new();
    for (_, need) in view.standing_needs() {
        *sums.entry((need.id.member.clone(), need.commodity.clone())).or_default() +=
            u64::from(need.quantity);
    }
    if sums.is_empty() {
        return None;
    }
    let unit = |id: &CommodityId| view.commodity(id).map(|known| known.unit.clone()).unwrap_or_default();
    let name = |id: &CommodityId| {
        let known = view.commodity(id).map(|known| known.name.clone());
        known.unwrap_or_else(|| Name { ja: id.slug().to_owned(), en: id.slug().to_owned() })
    };
    Some(html! {
        table {
            thead { tr {
                th { (both("構成団体", "Member")) }
                th { (both("品目", "Commodity")) }
                th.count { (both("必要量", "Needed")) }
                th { (both("単位", "Unit")) }
            } }
            tbody { @for ((member, commodity), sum) in &sums { tr {
                td { (named(&words.prefecture(&member.0))) }
                td { (named(&name(commodity))) }
                td.count { (grouped(*sum)) }
                td { (unit(commodity)) }
            } } }
        }
    })
}
