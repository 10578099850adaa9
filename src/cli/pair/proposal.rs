//! A proposal of pairs on a sheet.

use super::super::sheet::{Sheet, Show, left, right};
use super::town;
use crate::api::v1;
use crate::lang::Lang;

/// Seconds with their sign: what a team would cost more is negative where people decided otherwise.
fn extra(seconds: i64, sheet: &Sheet) -> String {
    let span = prost_types::Duration { seconds: seconds.abs(), nanos: 0 };
    let sign = if seconds < 0 { "-" } else { "+" };
    format!("{sign}{}", sheet.span(Some(&span)))
}

fn tier(tier: u32, lang: Lang) -> &'static str {
    match tier {
        1 => lang.pick("支援のない市町村（期）", "municipalities without anybody, phases"),
        2 => lang.pick("不足の重み（人）", "weight of what is missing, people"),
        _ => lang.pick("移動・交代・負担（秒）", "travel, taking up and burden, seconds"),
    }
}

fn why(pair: &v1::ProposedPair, sheet: &mut Sheet) -> String {
    let reason = sheet.term::<v1::proposed_pair::Reason>(pair.reason);
    match (pair.pair.as_str(), pair.nearest.as_str()) {
        ("", "") => reason,
        ("", nearest) => format!("{reason} ({})", sheet.name(nearest)),
        (decided, _) => format!("{reason} ({})", sheet.name(decided)),
    }
}

fn next(pair: &v1::ProposedPair, sheet: &mut Sheet) -> String {
    let lang = sheet.lang();
    match pair.next_supporter.as_str() {
        "" if pair.next_uncovers => lang.pick("誰もいなくなる", "nobody would be there").to_owned(),
        "" => lang.pick("不足する", "it would be missing").to_owned(),
        other => {
            let other = sheet.name(other);
            let seconds = pair.next_extra.as_ref().map_or(0, |extra| extra.seconds);
            format!("{other} {}", extra(seconds, sheet))
        }
    }
}

impl Show for v1::ProposePairsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let (towns, givers) = (self.municipality_count, self.supporter_count);
        let team = sheet.name(&self.team);
        sheet.line(lang.pick(
            format!("{team}  市町村 {towns}  支援できる団体 {givers}"),
            format!("{team}  {towns} municipalities, {givers} supporters"),
        ));
        if !self.needs_left_out.is_empty() {
            let count = self.needs_left_out.len();
            sheet.line(lang.pick(
                format!("市町村の分からないニーズ {count} 件は含まない"),
                format!("{count} needs are left out: nobody said in which municipality"),
            ));
        }
        if !self.obstacles.is_empty() {
            obstacles(&self.obstacles, sheet);
            return;
        }
        let objective = |tier_of: &v1::propose_pairs_response::Objective| {
            let gap = format!("{}.{:04}", tier_of.gap_e6 / 10_000, tier_of.gap_e6 % 10_000);
            [tier(tier_of.tier, lang).to_owned(), tier_of.value.to_string(), tier_of.bound.to_string(), gap]
        };
        let rows: Vec<[String; 4]> = self.objective.iter().map(objective).collect();
        let columns = [
            left(lang.pick("目的", "objective")),
            right(lang.pick("値", "value")),
            right(lang.pick("下界", "bound")),
            right(lang.pick("差 %", "gap %")),
        ];
        sheet.grid(columns, &rows);
        for (phase, number) in self.phases.iter().zip(1_u32..) {
            let window = format!(
                "{} - {}",
                sheet.time(phase.start_time.as_ref()),
                sheet.time(phase.end_time.as_ref())
            );
            sheet.heading(lang.pick(format!("第{number}期  {window}"), format!("phase {number}  {window}")));
            let columns = [
                left(lang.pick("被災市町村", "municipality")),
                left(lang.pick("支援団体", "supporter")),
                right(lang.pick("班", "teams")),
                right(lang.pick("所要", "travel")),
                left(lang.pick("理由", "why")),
                left(lang.pick("次善", "next best, for one team")),
            ];
            let mut rows = Vec::new();
            for pair in self.pairs.iter().filter(|pair| pair.phase == number) {
                rows.push([
                    town(sheet, pair.municipality_name.as_ref(), pair.municipality),
                    sheet.name(&pair.supporter),
                    pair.teams.to_string(),
                    sheet.span(pair.travel.as_ref()),
                    why(pair, sheet),
                    next(pair, sheet),
                ]);
            }
            sheet.grid(columns, &rows);
            shortfalls(self.shortfalls.iter().filter(|short| short.phase == number), sheet);
        }
    }
}

fn shortfalls<'a>(short: impl Iterator<Item = &'a v1::PairShortfall>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let mut rows = Vec::new();
    for short in short {
        let mut changes = Vec::with_capacity(short.changes.len());
        for change in &short.changes {
            let kind = sheet.term::<v1::pair_shortfall::change::Kind>(change.kind);
            let count = if change.teams > 0 { format!(" +{}", change.teams) } else { String::new() };
            changes.push(format!("{kind} {}{count}", sheet.name(&change.supporter)));
        }
        rows.push([
            town(sheet, short.municipality_name.as_ref(), short.municipality),
            short.teams.to_string(),
            sheet.term::<v1::pair_shortfall::Reason>(short.reason),
            changes.join(", "),
        ]);
    }
    if rows.is_empty() {
        return;
    }
    let columns = [
        left(lang.pick("被災市町村", "municipality")),
        right(lang.pick("不足する班", "teams missing")),
        left(lang.pick("理由", "why")),
        left(lang.pick("満たすには", "what would give them")),
    ];
    sheet.grid(columns, &rows);
}

fn obstacles(obstacles: &[v1::PairObstacle], sheet: &mut Sheet) {
    let lang = sheet.lang();
    sheet.heading(sheet.pick(
        "決定済みの組がそのままでは成り立たないため、提案はない",
        "what was decided cannot be, so nothing is proposed",
    ));
    let columns = [
        left(lang.pick("組", "pairs")),
        left(lang.pick("被災市町村", "municipality")),
        left(lang.pick("支援団体", "supporter")),
        left(lang.pick("理由", "why")),
        right(lang.pick("期", "phase")),
        right(lang.pick("決定", "decided")),
        right(lang.pick("保有", "has")),
    ];
    let blank = |count: u32| if count == 0 { String::new() } else { count.to_string() };
    let mut rows = Vec::with_capacity(obstacles.len());
    for one in obstacles {
        let is_over = one.reason() == v1::pair_obstacle::Reason::MoreThanItHas;
        let place = if one.municipality == 0 {
            String::new()
        } else {
            town(sheet, one.municipality_name.as_ref(), one.municipality)
        };
        rows.push([
            sheet.names(&one.pairs),
            place,
            sheet.name(&one.supporter),
            sheet.term::<v1::pair_obstacle::Reason>(one.reason),
            blank(one.phase),
            blank(one.decided_teams),
            if is_over { one.capacity.to_string() } else { String::new() },
        ]);
    }
    sheet.grid(columns, &rows);
}
