//! Pictures of a report, drawn in whole units: what is equal stays equal to the byte.

use super::words::{Words, both, drawn, drawn_name, fitted, local, minutes, percent, weekday};
use crate::decision::model::Name;
use crate::drill::report::{BIN_S, Report};
use crate::drill::runner::{Answered, Flown, Told};
use crate::id::{AssetId, OrganisationId};
use crate::units::{Seconds, local_second};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Width of every picture.
const WIDTH: u32 = 720;
/// Where a picture with names beside it begins.
const LEFT: u32 = 190;
/// What is left free on the right.
const RIGHT: u32 = 14;
/// Height of a row.
const ROW: u32 = 18;
/// Longest span of a picture of regret: what lies beyond stands at its edge.
const REGRET_MIN_MAX: u32 = 120;
/// Areas that are drawn.
const AREAS_DRAWN: usize = 20;
/// Letters of a name beside a picture, Japanese and Latin.
const NAME_LETTERS: (usize, usize) = (16, 30);
/// The same of an area, which has more room.
const AREA_LETTERS: (usize, usize) = (21, 40);
const HOUR_S: Seconds = 3_600;

/// What the marks of a timeline mean.
pub(super) fn legend() -> Markup {
    let mark = |mark: Markup, ja: &str, en: &str| {
        html! { span { svg viewBox="0 0 14 14" aria-hidden="true" { (mark) } (both(ja, en)) } }
    };
    html! {
        p.legend {
            (mark(html! { circle.own cx="7" cy="7" r="4" {} }, "要請 → ヘリ", "call served by air"))
            (mark(html! { circle.hollow cx="7" cy="7" r="4" {} }, "要請 → 陸路", "call served by road"))
            (mark(html! { path.cross d="M3 3 L11 11 M11 3 L3 11" {} }, "要請 → 対応なし", "call answered by nobody"))
            (mark(html! { rect.own x="1" y="3" width="12" height="8" {} }, "自府県への出動", "mission for its own prefecture"))
            (mark(html! { rect.other x="1" y="3" width="12" height="8" {} }, "他府県への出動", "mission for another"))
        }
    }
}

/// Whether an aircraft flew for another prefecture.
fn class(words: Words<'_>, call: &Answered, flown: &Flown) -> &'static str {
    let asset = words.0.view.asset(&flown.asset).map(|(asset, _)| &asset.block);
    let area = words.0.view.areas().find(|area| area.organisation == call.area).map(|area| &area.block);
    if asset == area { "own" } else { "other" }
}

/// From `from` to `until`, where on the width does something stand.
fn across(at: u32, (from, until): (u32, u32), (left, right): (u32, u32)) -> u32 {
    let (at, width) = (at.clamp(from, until), u64::from(right - left));
    let share = u64::from(at - from) * width / u64::from((until - from).max(1));
    left + u32::try_from(share).unwrap_or(0)
}

/// One day: its calls on a line, below it a line for each aircraft that lifted off.
pub(super) fn day(words: Words<'_>, day: u32) -> Markup {
    let (report, start) = (words.0, words.0.scenario.start);
    // Days of the calendar: the first one may begin in its middle.
    let midnight = start.plus_millis(-i64::from(local_second(start)) * 1_000) + day * 86_400;
    let is_today = |at: crate::units::Timestamp| at >= midnight && at < midnight + 86_400;
    let calls: Vec<&Answered> = report.outcome.calls.iter().filter(|call| is_today(call.called_at)).collect();
    let flights: Vec<(&Answered, &Flown)> = report
        .outcome
        .calls
        .iter()
        .filter_map(|call| match &call.told {
            Told::Flown(flown) if is_today(flown.lift_off_at) => Some((call, flown)),
            _ => None,
        })
        .collect();
    // The end of a run in the morning of a day.
    if calls.is_empty() && flights.is_empty() && day >= report.order.days {
        return html! {};
    }
    let lanes: BTreeSet<&AssetId> = flights.iter().map(|(_, flown)| &flown.asset).collect();
    let span = hours_of(report);
    let hours: Vec<u32> = (span.0 / HOUR_S..=span.1 / HOUR_S).collect();
    let x = |second: u32| across(second, span, (LEFT, WIDTH - RIGHT));
    let height = 38 + ROW * u32::try_from(lanes.len()).unwrap_or(0);
    let (ja, en) = weekday(midnight);
    let date = local(midnight, "%m-%d");
    html! {
        svg.day viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(date) {
            text x="0" y="14" font-weight="700" { (date) " " (drawn(ja, en)) }
            @for hour in &hours {
                line.grid x1=(x(hour * HOUR_S)) x2=(x(hour * HOUR_S)) y1="18" y2=(height - 2) {}
                text.soft x=(x(hour * HOUR_S)) y="13" text-anchor="middle" { (hour) }
            }
            text.soft x="0" y="31" { (drawn("要請", "calls")) }
            @for call in &calls { (call_mark(words, call, x(local_second(call.called_at)))) }
            @for (lane, asset) in lanes.iter().enumerate() {
                (lane_of(words, asset, (lane, &flights), &x))
            }
        }
    }
}

/// The hours in which something happened on any day, with one on both sides where there is room.
fn hours_of(report: &Report) -> (u32, u32) {
    let calls = &report.outcome.calls;
    let first_s = calls.iter().map(|call| local_second(call.called_at)).min().unwrap_or(6 * HOUR_S);
    let last_s = calls.iter().map(|call| match &call.told {
        Told::Flown(flown) => (local_second(flown.lift_off_at) + flown.away_s).min(86_400),
        Told::Ground { .. } | Told::Nobody => local_second(call.called_at),
    });
    let last_s = last_s.max().unwrap_or(20 * HOUR_S);
    (first_s / HOUR_S * HOUR_S, (last_s.div_ceil(HOUR_S).max(first_s / HOUR_S + 1) * HOUR_S).min(86_400))
}

fn call_mark(words: Words<'_>, call: &Answered, x: u32) -> Markup {
    let title = {
        let (time, area) = (local(call.called_at, "%H:%M"), words.area(&call.area));
        html! { title { (time) " " (area.ja) " " (area.en) } }
    };
    match &call.told {
        Told::Flown(_) => html! { circle.own cx=(x) cy="27" r="3.5" { (title) } },
        Told::Ground { .. } => html! { circle.hollow cx=(x) cy="27" r="3.5" { (title) } },
        Told::Nobody => {
            let cross = format!("M{} 23 L{} 31 M{} 23 L{} 31", x - 4, x + 4, x + 4, x - 4);
            html! { path.cross d=(cross) { (title) } }
        }
    }
}

fn lane_of(
    words: Words<'_>,
    asset: &AssetId,
    (lane, flights): (usize, &[(&Answered, &Flown)]),
    x: &dyn Fn(u32) -> u32,
) -> Markup {
    let top = 38 + ROW * u32::try_from(lane).unwrap_or(0);
    html! {
        text x="0" y=(top + 12) { (drawn_name(&fitted(words.short(asset), NAME_LETTERS))) }
        line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(top + 15) y2=(top + 15) {}
        @for (call, flown) in flights.iter().filter(|(_, flown)| flown.asset == *asset) {
            @let from = x(local_second(flown.lift_off_at));
            @let until = x((local_second(flown.lift_off_at) + flown.away_s).min(86_400));
            rect class=(class(words, call, flown)) x=(from) y=(top + 3) width=((until - from).max(2)) height="10" {
                title { (local(flown.lift_off_at, "%H:%M")) " +" (minutes(flown.away_s)) " min" }
            }
        }
    }
}

/// How many calls got care within which minutes.
pub(super) fn spread(report: &Report) -> Markup {
    let bins = &report.spread.bins;
    let top = bins.iter().map(|bin| bin.air + bin.road).max().unwrap_or(0).max(1);
    let last = bins.iter().rposition(|bin| bin.air + bin.road > 0).map_or(12, |last| (last + 1).max(12));
    let shown = u32::try_from(last).unwrap_or(0);
    let (left, floor, height) = (34, 190, 230);
    let x = |bin: u32| across(bin, (0, shown), (left, WIDTH - RIGHT));
    let y = |count: u32| floor - across(count, (0, top), (0, 150));
    let calls = report.outcome.calls.len();
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label="治療開始までの分 minutes to care" {
            @for count in steps(top) {
                line.grid x1=(left) x2=(WIDTH - RIGHT) y1=(y(count)) y2=(y(count)) {}
                text.soft x=(left - 6) y=(y(count) + 4) text-anchor="end" { (count) }
            }
            @for (place, bin) in (0..shown).zip(bins) {
                @let (from, width) = (x(place) + 2, x(place + 1) - x(place) - 4);
                rect.own x=(from) width=(width) y=(y(bin.air)) height=(floor - y(bin.air)) {}
                rect.road x=(from) width=(width) y=(y(bin.air + bin.road)) height=(y(bin.air) - y(bin.air + bin.road)) {}
            }
            line.axis x1=(left) x2=(WIDTH - RIGHT) y1=(floor) y2=(floor) {}
            @for place in 0..=shown {
                text.soft x=(x(place)) y=(floor + 15) text-anchor="middle" { (place * BIN_S / 60) }
            }
            text.soft x=(WIDTH - RIGHT) y=(floor + 32) text-anchor="end" {
                (drawn("要請から治療開始まで (分)", "minutes from the call to care"))
            }
            @for target in &report.spread.targets {
                @let at = across(target.within_s, (0, shown * BIN_S), (left, WIDTH - RIGHT));
                line.target x1=(at) x2=(at) y1="16" y2=(floor) {}
                text x=(at + 4) y="14" {
                    (drawn(
                        &format!("{}分以内 {}", target.within_s / 60, percent(target.met as usize, calls)),
                        &format!("within {} min: {}", target.within_s / 60, percent(target.met as usize, calls)),
                    ))
                }
            }
            rect.own x=(left) y=(floor + 24) width="12" height="9" {}
            text x=(left + 17) y=(floor + 32) { (drawn("ヘリ", "by air")) }
            rect.road x=(left + 80) y=(floor + 24) width="12" height="9" {}
            text x=(left + 97) y=(floor + 32) { (drawn("陸路", "by road")) }
        }
    }
}

/// Marks of an axis from 0 to `top`: at most six, at 1, 2 or 5 times a power of ten.
fn steps(top: u32) -> Vec<u32> {
    let mut step = 1;
    for factor in [2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000] {
        if top / step > 5 {
            step = factor;
        }
    }
    (0..=top / step).map(|place| place * step).collect()
}

/// What each aircraft flew, the longest first.
pub(super) fn usage(words: Words<'_>) -> Markup {
    let mut used: Vec<_> = words.0.usage.iter().collect();
    used.sort_by(|a, b| (b.away_s, &a.asset).cmp(&(a.away_s, &b.asset)));
    let top = used.iter().map(|used| used.missions).max().unwrap_or(0).max(1);
    let right = WIDTH - 150;
    let height = 12 + ROW * u32::try_from(used.len()).unwrap_or(0);
    let x = |missions: u32| across(missions, (0, top), (LEFT, right));
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label="機体の出動 missions" {
            @for (place, used) in (0_u32..).zip(&used) {
                @let top = 4 + ROW * place;
                @let own = used.missions - used.for_others;
                text x="0" y=(top + 12) { (drawn_name(&fitted(words.short(&used.asset), NAME_LETTERS))) }
                rect.own x=(LEFT) y=(top + 2) width=(x(own) - LEFT) height="12" {}
                rect.other x=(x(own)) y=(top + 2) width=(x(used.missions) - x(own)) height="12" {}
                text x=(x(used.missions) + 6) y=(top + 12) {
                    @let hours = format!("{}.{}", used.away_s / 3_600, used.away_s % 3_600 / 360);
                    (drawn(
                        &format!("{} 回 · {hours} 時間", used.missions),
                        &format!("{} missions · {hours} h", used.missions),
                    ))
                }
            }
        }
        p.legend {
            span { svg viewBox="0 0 14 14" aria-hidden="true" { rect.own x="1" y="3" width="12" height="8" {} } (both("自府県", "own prefecture")) }
            span { svg viewBox="0 0 14 14" aria-hidden="true" { rect.other x="1" y="3" width="12" height="8" {} } (both("他府県", "other prefectures")) }
            span { (both("時間は離陸から帰着まで", "hours from lift-off to landing at home")) }
        }
    }
}

/// Each call: the soonest that was possible across, what it took upwards.
pub(super) fn regret(report: &Report) -> Markup {
    let both_s = report.outcome.calls.iter().zip(&report.soonest_s);
    let points: Vec<(&Answered, u32, u32)> = both_s
        .filter_map(|(call, soonest_s)| Some((call, minutes((*soonest_s)?), minutes(call.care_s()?))))
        .collect();
    let most = points.iter().map(|(_, soonest, took)| *soonest.max(took)).max().unwrap_or(0);
    let top = most.div_ceil(10).clamp(3, REGRET_MIN_MAX / 10) * 10;
    let (left, floor, height) = (34, 300, 336);
    let right = left + 420;
    let x = |at: u32| across(at, (0, top), (left, right));
    let y = |at: u32| floor - across(at, (0, top), (0, 280));
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label="最善との差 regret" {
            @for at in steps(top) {
                line.grid x1=(left) x2=(right) y1=(y(at)) y2=(y(at)) {}
                line.grid x1=(x(at)) x2=(x(at)) y1=(y(top)) y2=(floor) {}
                text.soft x=(left - 6) y=(y(at) + 4) text-anchor="end" { (at) }
                text.soft x=(x(at)) y=(floor + 15) text-anchor="middle" { (at) }
            }
            line.axis x1=(left) x2=(right) y1=(floor) y2=(y(top)) {}
            @for (call, soonest, took) in &points {
                @match call.told {
                    Told::Flown(_) => { circle.own cx=(x(*soonest)) cy=(y(*took)) r="4" fill-opacity="0.7" {} }
                    Told::Ground { .. } | Told::Nobody => { circle.hollow cx=(x(*soonest)) cy=(y(*took)) r="4" {} }
                }
            }
            text.soft x=(right) y=(floor + 32) text-anchor="end" {
                (drawn("最も早ければ (分)", "the soonest possible (min)"))
            }
            text x=(right + 20) y="40" { (drawn("縦: 実際にかかった分", "upwards: what it took (min)")) }
            circle.own cx=(right + 26) cy="60" r="4" {}
            text x=(right + 38) y="64" { (drawn("ヘリ", "by air")) }
            circle.hollow cx=(right + 26) cy="80" r="4" {}
            text x=(right + 38) y="84" { (drawn("陸路", "by road")) }
            text.soft x=(right + 20) y="108" { (drawn("斜線の上: 差なし", "on the line: no difference")) }
        }
    }
}

/// The areas with the longest mean.
pub(super) fn areas(words: Words<'_>) -> Markup {
    let rows = &words.0.areas;
    let top = rows.first().map_or(1, |row| minutes(row.mean_s())).max(1);
    let drawn_rows = &rows[..rows.len().min(AREAS_DRAWN)];
    let (left, right) = (LEFT + 60, WIDTH - 130);
    let height = 12 + ROW * u32::try_from(drawn_rows.len()).unwrap_or(0);
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label="地域ごとの分 minutes by area" {
            @for (place, row) in (0_u32..).zip(drawn_rows) {
                @let top_y = 4 + ROW * place;
                @let until = across(minutes(row.mean_s()), (0, top), (left, right));
                text x="0" y=(top_y + 12) { (drawn_name(&area_name(words, &row.area))) }
                rect.own x=(left) y=(top_y + 2) width=(until - left) height="12" {}
                text x=(until + 6) y=(top_y + 12) {
                    (drawn(
                        &format!("{} 分 · {} 件", minutes(row.mean_s()), row.cared),
                        &format!("{} min · {} calls", minutes(row.mean_s()), row.cared),
                    ))
                }
            }
        }
        @if rows.len() > AREAS_DRAWN {
            p.note { (both(
                &format!("平均の長い {AREAS_DRAWN} 地域。全 {} 地域は JSON にあります。", rows.len()),
                &format!("The {AREAS_DRAWN} areas with the longest means; all {} are in the JSON.", rows.len()),
            )) }
        }
    }
}

fn area_name(words: Words<'_>, area: &OrganisationId) -> Name {
    let mut name = words.area(area);
    // Every area is that of one.
    name.en = name.en.replace(" Fire Department", "");
    fitted(name, AREA_LETTERS)
}
