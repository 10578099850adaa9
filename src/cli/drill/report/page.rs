//! The page, section by section.

use super::words::{Words, both, grouped, local, minutes, named, percent, weekday};
use super::{charts, tables};
use crate::decision::model::Name;
use crate::drill::compare::measure::FEE_YEN;
use crate::drill::report::Report;
use crate::drill::runner::{Told, permille_of};
use crate::id::Space;
use crate::units::{Seconds, local_second};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");
/// Days whose timeline is drawn: one to two sheets of paper.
const DAYS_DRAWN: u32 = 14;

/// The whole page.
pub(super) fn html(report: &Report) -> String {
    let scene = &report.scenario;
    let space = match &scene.space {
        Space::Drill(name) => name.to_string(),
        Space::Live => String::new(),
    };
    let title = format!("訓練 DRILL {} · {}", scene.name, report.order.seed);
    let page = html! {
        (DOCTYPE)
        html lang="ja" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                input.switch type="radio" name="shown" id="show-ja" checked;
                input.switch type="radio" name="shown" id="show-en";
                nav.switches aria-label="言語 language" {
                    label for="show-ja" { "日本語" }
                    label for="show-en" { "English" }
                }
                p.banner { "訓練 DRILL " (space) " · " (named(&scene.notice)) }
                p.side aria-hidden="true" { "訓練 DRILL " (space) }
                main { (sections(report)) }
            }
        }
    };
    page.into_string()
}

fn sections(report: &Report) -> Markup {
    let words = Words(report);
    html! {
        (head(report))
        (timeline(words))
        (heading("治療開始までの時間と目標", "Minutes to care, held against the targets"))
        (charts::spread(report))
        (tables::targets(report))
        (heading("機体の使われ方", "How the aircraft were used"))
        (charts::usage(words))
        (heading("府県ごとの負担", "What it cost each prefecture"))
        (costs_note(report))
        (tables::costs(words))
        (regret(words))
        (inequality(words))
        (needs(words))
        (heading("判断と根拠", "Decisions and their grounds"))
        (note(
            "各判断の記録に残る問題を、もう一度順位づけして読み出したものです。「より早い」は選ばれなかった機体で、治療開始がより早かったはずのもの。",
            "Read from the problem that each decision rests on, ranked again. Sooner: who was not chosen and would have brought care sooner.",
        ))
        (tables::decisions(words))
        (heading("この報告書の読み方", "How to read this"))
        (method())
    }
}

fn heading(ja: &str, en: &str) -> Markup {
    html! { h2 { (both(ja, en)) } }
}

fn note(ja: &str, en: &str) -> Markup {
    html! { p.note { (both(ja, en)) } }
}

fn head(report: &Report) -> Markup {
    let (scene, order) = (&report.scenario, &report.order);
    let calls = &report.outcome.calls;
    let count = |is_so: fn(&Told) -> bool| calls.iter().filter(|call| is_so(&call.told)).count();
    let care_s = report.outcome.care_s();
    let within = |permille| {
        permille_of(&care_s, permille).map_or_else(String::new, |span_s| minutes(span_s).to_string())
    };
    let met = report.spread.targets.last().map_or(0, |target| target.met as usize);
    let (ja, en) = weekday(scene.start);
    let start = local(scene.start, "%Y-%m-%d");
    let time = local(scene.start, "%H:%M");
    let period = Name {
        ja: format!("{start}({ja}){time} から {} 日間", order.days),
        en: format!("{start} ({en}) {time} JST, {} days", order.days),
    };
    html! {
        h1 { (both("訓練後報告書", "After-action report")) }
        p { (named(&scene.title)) }
        dl.facts {
            dt { (both("シナリオ", "Scenario")) } dd { (scene.name) " (" (scene.space) ")" }
            dt { (both("期間", "Period")) } dd { (named(&period)) }
            dt { (both("乱数の種", "Seed")) } dd { (order.seed) }
            dt { (both("基地が断る割合", "Bases say no")) } dd { (order.habits.decline_permille) " / 1000" }
            dt { (both("機体の前提", "The fleet")) } dd { (named(&scene.fleet_note)) }
            dt { (both("プログラム", "Program")) } dd { "yui " (report.version) }
            dt { (both("データのハッシュ", "Hash of the data")) } dd.hash { (report.data.to_string()) }
            dt { (both("台帳のハッシュ", "Hash of the ledgers")) } dd.hash { (report.outcome.ledgers.to_string()) }
        }
        div.tiles {
            (tile(&calls.len().to_string(), "要請", "calls"))
            (tile(&count(|told| matches!(told, Told::Flown(_))).to_string(), "ヘリで対応", "served by air"))
            (tile(&count(|told| matches!(told, Told::Ground { .. })).to_string(), "陸路で対応", "served by road"))
            (tile(&count(|told| matches!(told, Told::Nobody)).to_string(), "対応なし", "answered by nobody"))
            (tile(&within(500), "分以内に半数が治療開始", "minutes to care for half of them"))
            (tile(&within(900), "分以内に9割が治療開始", "minutes to care for nine in ten"))
            (tile(&percent(met, calls.len()), "30分以内に治療開始", "of the calls had care within 30 minutes"))
            (tile(
                &calls.iter().map(|call| call.refused).sum::<u32>().to_string(),
                "出動に至らなかった要請",
                "asks without a go",
            ))
        }
    }
}

fn tile(figure: &str, ja: &str, en: &str) -> Markup {
    html! { div { b { (figure) } small { (both(ja, en)) } } }
}

fn timeline(words: Words<'_>) -> Markup {
    // Days of the calendar: a run that begins in the middle of one ends in the middle of one.
    let scene = &words.0.scenario;
    let days = words.0.order.days + u32::from(local_second(scene.start) > 0);
    html! {
        (heading("要請と出動の時系列", "Calls and missions over time"))
        (charts::legend())
        @for day in 0..days.min(DAYS_DRAWN) { (charts::day(words, day)) }
        @if days > DAYS_DRAWN {
            (note(
                &format!("{days} 日のうち最初の {DAYS_DRAWN} 日。残りは JSON にあります。"),
                &format!("The first {DAYS_DRAWN} of {days} days; the others are in the JSON."),
            ))
        }
    }
}

fn costs_note(report: &Report) -> Markup {
    let fee = grouped(report.fee_yen.into());
    let (ja, en) = if report.fee_yen == FEE_YEN {
        (
            "奈良県が加盟前に支払った1回30〜35万円(FACTS 1.4, S23)の中央",
            "the middle of the 300,000 to 350,000 yen that Nara paid as a non-member (FACTS 1.4, S23)",
        )
    } else {
        ("実行時の指定", "as told for this run")
    };
    note(
        &format!("例示: 他府県の機体の出動1回を {fee} 円とした({ja})。府県には域内の政令市を含む。"),
        &format!(
            "Illustrative: {fee} yen for each flight by another prefecture's aircraft, {en}. Cities count with the prefecture around them."
        ),
    )
}

fn regret(words: Words<'_>) -> Markup {
    let report = words.0;
    let regrets_s: Vec<i64> = report.regrets_s().into_iter().flatten().collect();
    let over_s: i64 = regrets_s.iter().map(|regret_s| (*regret_s).max(0)).sum();
    let mean_s = over_s.checked_div(i64::try_from(regrets_s.len()).unwrap_or(i64::MAX)).unwrap_or(0);
    let mean_s = Seconds::try_from(mean_s).unwrap_or(0);
    let near = regrets_s.iter().filter(|regret_s| **regret_s <= 5 * 60).count();
    html! {
        (heading("すべての要請を知っていた場合との差", "How far from knowing every call beforehand"))
        (note(
            "比較の基準: 要請の時点で全機が基地で待機し、協定の順に関わらず最も早い機体か車が直ちに出るとした場合。基地からであれば、どう配分してもこれより早くはならない(帰路の機体が近くを通る場合を除く)。",
            "Held against: every aircraft ready at its base when the call comes, and the soonest of all aircraft and cars gone at once, whatever its place in the agreement. No way of sharing the aircraft does better from their bases; one on its way home can pass closer by.",
        ))
        dl.facts {
            dt { (both("差の平均 (分)", "Mean difference (min)")) } dd { (mean_s / 60) "." (mean_s % 60 / 6) }
            dt { (both("差が5分以内", "Within 5 minutes")) } dd { (percent(near, regrets_s.len())) }
        }
        (charts::regret(report))
        h3 { (both("差の大きい要請", "The largest differences")) }
        (tables::regrets(words))
    }
}

fn inequality(words: Words<'_>) -> Markup {
    let report = words.0;
    let gini = report.gini_e4.map_or_else(String::new, |e4| format!("0.{e4:04}"));
    html! {
        (heading("地域間の差", "How evenly care reaches the areas"))
        dl.facts {
            dt { (both("ジニ係数", "Gini's coefficient")) } dd { (gini) }
            dt { (both("要請のあった地域", "Areas that called")) } dd { (report.areas.len()) }
        }
        (note(
            "消防本部ごとの平均時間から。0 は全地域が同じ、1 に近いほど偏る(Gini 1912。平均差の形は Sen 1973)。要請の少ない地域の平均は偶然に左右される。",
            "Of the mean minutes of each fire department's area: 0 where all are alike, towards 1 the less even (Gini 1912, as the mean difference of Sen 1973). The mean of an area with few calls is much by chance.",
        ))
        (charts::areas(words))
    }
}

/// Only where the scenario states needs.
fn needs(words: Words<'_>) -> Markup {
    let rows = tables::needs(words);
    html! {
        @if let Some(rows) = rows {
            (heading("満たされていないニーズ", "Needs that are not met"))
            (note(
                "開始時に登録されたニーズ。この実行では物資を動かさないため、すべて未充足として示す。",
                "Needs stated at the start. This run moves no goods: all of them stay unmet.",
            ))
            (rows)
        }
    }
}

fn method() -> Markup {
    html! {
        ul.note {
            li { (both(
                "人(通報、指令員、基地、乗員)は機械が演じる。台帳・規則・順位づけは実運用と同じコード。",
                "Callers, dispatchers, bases and crews are played by the machine; ledgers, rules and rankings are the code of a real night.",
            )) }
            li { (both(
                "時間は分単位で切り上げ。治療開始までの時間は、従った順位づけの見込みに返答の待ち時間を加えたもの。",
                "Minutes are rounded up. The time to care is that of the ranking that was followed, with the wait for answers before it.",
            )) }
            li { (both(
                "目標: 15分は接触までの全国的な目安(FACTS 7.3)、30分は広域連合の目標(FACTS 1.1, S2)。",
                "Targets: 15 minutes to contact is the national rule of thumb (FACTS 7.3), 30 minutes the union's aim (FACTS 1.1, S2).",
            )) }
            li { (both(
                "人の反応時間、断る割合、需要の分布は例示(docs/drills.md、シナリオの SOURCES.md)。",
                "How long people take, how often bases say no and how demand spreads are illustrative (docs/drills.md, SOURCES.md of the scenario).",
            )) }
            li { (both(
                "同じシナリオ・種・プログラムからは、一字一句同じ報告書ができる。",
                "The same scenario, seed and program give this report again, byte for byte.",
            )) }
        }
    }
}
