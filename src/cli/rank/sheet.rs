//! A ranking as people read it: the best first, each in a block of its own, then the ground, then why not.
//!
//! Narrow enough for a terminal beside a map. What all candidates share is said once; what lies far behind is counted,
//! not listed: `--json` has everything.

use crate::api::v1;
use crate::cli::names;
use crate::cli::sheet::{Sheet, Show, left, right};
use crate::cli::text::{Lang, reason, term};
use crate::cli::time;
use std::collections::BTreeMap;

/// Ground units that are listed; the others come later than any of them.
const GROUND_MAX: usize = 5;
/// So many units with the same reasons are named together.
const ALIKE_MIN: usize = 3;
/// Names in a line of them.
const NAMES_A_LINE: usize = 4;

impl Show for v1::Ranking {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let mut head = vec![sheet.time(self.at_time.as_ref())];
        head.push(if self.request.is_empty() { String::new() } else { sheet.name(&self.request) });
        head.push(sheet.term_or_blank::<v1::agreement::Rule>(self.rule));
        head.push(if self.area.is_empty() { String::new() } else { sheet.name(&self.area) });
        head.retain(|part| !part.is_empty());
        sheet.line(head.join("  "));
        let clause = lang.name(self.clause.as_ref());
        if !clause.is_empty() {
            sheet.line(clause);
        }
        if self.unfilled || self.candidates.is_empty() {
            sheet.heading(lang.pick(
                "出動できるヘリコプターはありません。理由と地上の候補は下のとおりです。",
                "No helicopter can help. Who can on the ground, and why the others cannot:",
            ));
        } else {
            sheet.heading(lang.pick("ヘリコプター", "By air"));
            by_air(&self.candidates, self.at_time.as_ref(), sheet);
        }
        if !self.outranked.is_empty() {
            sheet.heading(lang.pick("ほかに出動できるもの", "Can go too, but later"));
            self.outranked.iter().for_each(|other| outranked(other, sheet));
        }
        if !self.ground.is_empty() {
            sheet.heading(lang.pick("地上", "On the ground"));
            by_road(&self.ground, self.at_time.as_ref(), sheet);
        }
        if !self.ruled_out.is_empty() {
            sheet.heading(lang.pick("出動できないもの", "Cannot help"));
            ruled_out(&self.ruled_out, sheet);
        }
        footnotes(self, sheet);
    }
}

/// `10:05`, by the day of the ranking.
fn clock(at: Option<&prost_types::Timestamp>, beside: Option<&prost_types::Timestamp>) -> String {
    at.map(|at| time::minute(at, beside)).unwrap_or_default()
}

/// The display name, else the short name.
fn called(display: Option<&v1::DisplayName>, name: &str, sheet: &mut Sheet) -> String {
    let short = sheet.name(name);
    match sheet.lang().name(display) {
        "" => short,
        shown => shown.to_owned(),
    }
}

fn minutes(count: u32, lang: Lang) -> String {
    lang.pick(format!("{count}分"), format!("{count} min"))
}

fn by_air(candidates: &[v1::Candidate], at: Option<&prost_types::Timestamp>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let shared = shared_cautions(candidates);
    if !shared.is_empty() {
        let cautions = sheet.terms::<v1::Caution>(&shared);
        sheet.line(lang.pick(format!("全機に共通の注意: {cautions}"), format!("All of them: {cautions}")));
    }
    let columns = [
        right("#"),
        left(lang.pick("機体、離着陸場、病院", "aircraft, landing site, hospital")),
        right(lang.pick("治療まで", "to care")),
        right(lang.pick("離陸", "lift-off")),
        right(lang.pick("着陸", "at site")),
        right(lang.pick("治療", "care")),
        right(lang.pick("病院着", "hospital at")),
        right(lang.pick("留守の代償", "cover price")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        let timeline = candidate.timeline.unwrap_or_default();
        rows.push([
            (index + 1).to_string(),
            way(candidate, &shared, sheet),
            minutes(candidate.minutes_to_care, lang),
            clock(timeline.lift_off_time.as_ref(), at),
            clock(timeline.at_site_time.as_ref(), at),
            clock(timeline.care_time.as_ref(), at),
            clock(timeline.at_hospital_time.as_ref(), at),
            price(candidate.cover_price_millicalls),
            candidate.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

/// Who, by its names for people and for commands; over which site to which hospital; and what to beware of.
fn way(candidate: &v1::Candidate, shared: &[i32], sheet: &mut Sheet) -> String {
    let name = sheet.name(&candidate.asset);
    let called_as = called(candidate.display_name.as_ref(), &candidate.asset, sheet);
    let mut lines = vec![if called_as == name { name } else { format!("{called_as}  {name}") }];
    if !candidate.site.is_empty() {
        lines.push(format!("  {}", called(candidate.site_display_name.as_ref(), &candidate.site, sheet)));
    }
    if !candidate.hospital.is_empty() {
        let hospital = called(candidate.hospital_display_name.as_ref(), &candidate.hospital, sheet);
        lines.push(format!("  {hospital}"));
    }
    lines.extend(notes(candidate, shared, sheet).into_iter().map(|note| format!("  {note}")));
    lines.join("\n")
}

/// What every candidate must be told anyway; one candidate shares nothing.
fn shared_cautions(candidates: &[v1::Candidate]) -> Vec<i32> {
    let [first, others @ ..] = candidates else { return Vec::new() };
    if others.is_empty() {
        return Vec::new();
    }
    let everywhere = |caution: &&i32| others.iter().all(|other| other.cautions.contains(caution));
    first.cautions.iter().filter(everywhere).copied().collect()
}

/// One line for an aircraft that can go but ranks after the candidates.
fn outranked(other: &v1::Outranked, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let aircraft = called(other.display_name.as_ref(), &other.asset, sheet);
    let site = called(other.site_display_name.as_ref(), &other.site, sheet);
    let (minutes, tier, telephone) = (other.minutes_to_care, other.tier, &other.telephone);
    sheet.line(lang.pick(
        format!(" {aircraft}  {site}  治療まで{minutes}分  順位{tier}  {telephone}"),
        format!(" {aircraft}  {site}  {minutes} min to care  tier {tier}  {telephone}"),
    ));
}

/// Thousandths of a call, as a decimal number.
fn price(millicalls: u32) -> String {
    format!("{}.{:03}", millicalls / 1000, millicalls % 1000)
}

/// How ready it is, what to beware of, and how close it comes to the nearest limits; a line each.
fn notes(candidate: &v1::Candidate, shared: &[i32], sheet: &mut Sheet) -> Vec<String> {
    let lang = sheet.lang();
    let mut ready = sheet.term_or_blank::<v1::Availability>(candidate.availability);
    if !candidate.mission.is_empty() {
        let mission = sheet.name(&candidate.mission);
        ready += &lang.pick(format!("、任務 {mission}"), format!(", mission {mission}"));
    }
    let mut lines = vec![ready];
    let own: Vec<i32> =
        candidate.cautions.iter().copied().filter(|caution| !shared.contains(caution)).collect();
    let cautions = sheet.terms::<v1::Caution>(&own);
    if !cautions.is_empty() {
        lines.push(lang.pick(format!("注意: {cautions}"), format!("caution: {cautions}")));
    }
    let narrow = candidate.margins.iter().filter(|margin| reason::is_narrow(margin));
    let narrow: Vec<String> = narrow.map(|margin| reason::margin(margin, lang)).collect();
    if !narrow.is_empty() {
        let narrow = narrow.join(lang.pick("、", ", "));
        lines.push(lang.pick(format!("余裕わずか: {narrow}"), format!("narrow: {narrow}")));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

fn by_road(ground: &[v1::Candidate], at: Option<&prost_types::Timestamp>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("車両", "unit")),
        right(lang.pick("治療まで", "to care")),
        right(lang.pick("出発", "leaves")),
        right(lang.pick("治療", "care")),
        right(lang.pick("病院着", "hospital at")),
        left(lang.pick("病院", "hospital")),
        left(lang.pick("注意", "caution")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::with_capacity(GROUND_MAX);
    for candidate in ground.iter().take(GROUND_MAX) {
        let timeline = candidate.timeline.unwrap_or_default();
        rows.push([
            called(candidate.display_name.as_ref(), &candidate.asset, sheet),
            minutes(candidate.minutes_to_care, lang),
            clock(timeline.lift_off_time.as_ref(), at),
            clock(timeline.care_time.as_ref(), at),
            clock(timeline.at_hospital_time.as_ref(), at),
            called(candidate.hospital_display_name.as_ref(), &candidate.hospital, sheet),
            sheet.terms::<v1::Caution>(&candidate.cautions),
            candidate.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
    let more = ground.len().saturating_sub(GROUND_MAX);
    if more > 0 {
        sheet.line(lang.pick(
            format!(" ほかに{more}台が後から到着(--json に全て)"),
            format!(" and {more} more that come later (--json has all)"),
        ));
    }
}

/// Those that one reason keeps in, each with the change that would admit it; then, by reasons, those that have several
/// or share theirs with many.
fn ruled_out(ruled_out: &[v1::RuledOut], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let mut alike: BTreeMap<Why, Vec<&v1::RuledOut>> = BTreeMap::new();
    for out in ruled_out {
        alike.entry(Why::of(out, lang)).or_default().push(out);
    }
    let columns = [
        left(lang.pick("機体・車両", "unit")),
        left(lang.pick("理由", "why not")),
        left(lang.pick("可能にする最小の変更", "smallest change that would admit it")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::new();
    for out in ruled_out {
        let why = Why::of(out, lang);
        if why.stands_alone(alike[&why].len()) {
            let name = called(out.display_name.as_ref(), &out.asset, sheet);
            rows.push([name, why.reasons.join("\n"), why.changes.join("\n"), out.telephone.clone()]);
        }
    }
    if !rows.is_empty() {
        sheet.grid(columns, &rows);
    }
    for (why, units) in alike.iter().filter(|(why, units)| !why.stands_alone(units.len())) {
        sheet.line(format!("{}:", why.reasons.join(lang.pick("、", ", "))));
        let names = units.iter().map(|out| called(out.display_name.as_ref(), &out.asset, sheet));
        let names: Vec<String> = names.collect();
        for names in names.chunks(NAMES_A_LINE) {
            sheet.line(format!("  {}", names.join(lang.pick("、", "; "))));
        }
    }
}

/// Why a unit cannot go and what would admit it, as printed. Several reasons are told without their figures: nobody
/// changes that much at once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Why {
    reasons: Vec<String>,
    changes: Vec<String>,
}

impl Why {
    fn of(out: &v1::RuledOut, lang: Lang) -> Why {
        if out.reasons.len() > 1 {
            let codes = out.reasons.iter().map(|why| term::<v1::reason::Code>(why.code, lang));
            let mut reasons: Vec<String> = codes.collect();
            reasons.dedup();
            return Why { reasons, changes: Vec::new() };
        }
        Why {
            reasons: out.reasons.iter().map(|why| reason::reason(why, lang)).collect(),
            changes: out
                .smallest_changes
                .iter()
                .map(|change| reason::smallest_change(change, lang))
                .collect(),
        }
    }

    /// Whether each of `count` such units has a line of its own.
    fn stands_alone(&self, count: usize) -> bool {
        !self.changes.is_empty() && count < ALIKE_MIN
    }
}

fn footnotes(ranking: &v1::Ranking, sheet: &mut Sheet) {
    let lang = sheet.lang();
    sheet.gap();
    if !ranking.candidates.is_empty() {
        sheet.line(lang.pick(
            "留守の代償: この選択のために30分を超えて待つと見込まれる要請の件数",
            "cover price: expected calls that wait over 30 minutes because of this choice",
        ));
    }
    if !ranking.access_rule.is_empty() {
        let rule = &ranking.access_rule;
        sheet.line(
            lang.pick(format!("救急車の道路外区間: {rule}"), format!("ambulance off the network: {rule}")),
        );
    }
    if !ranking.problem_hash.is_empty() {
        let hash: String = ranking.problem_hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let seen =
            ranking.seen.iter().map(|seen| format!("{}@{}", names::short(&seen.ledger), seen.sequence));
        let seen: Vec<String> = seen.collect();
        sheet.line(lang.pick(format!("根拠 {hash}"), format!("basis {hash}")));
        for seen in seen.chunks(10) {
            sheet.line(format!("  {}", seen.join(" ")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes_after_ten: i64) -> Option<prost_types::Timestamp> {
        Some(prost_types::Timestamp { seconds: 1_796_432_400 + minutes_after_ten * 60, nanos: 0 })
    }

    fn name(ja: &str, en: &str) -> Option<v1::DisplayName> {
        Some(v1::DisplayName { ja: ja.to_owned(), en: en.to_owned() })
    }

    fn ranking() -> v1::Ranking {
        let candidate = v1::Candidate {
            asset: "drill/kansai/members/hyogo/assets/heli-harima".to_owned(),
            display_name: name("兵庫県ドクターヘリ", "Hyogo doctor helicopter"),
            telephone: "000-0000-0001".to_owned(),
            site: "drill/kansai/members/hyogo/sites/tamba-1".to_owned(),
            site_display_name: name("丹波市運動公園", "Tamba sports park"),
            hospital: "drill/kansai/members/hyogo/hospitals/kakogawa".to_owned(),
            hospital_display_name: name("加古川医療センター", "Kakogawa Medical Center"),
            minutes_to_care: 24,
            cover_price_millicalls: 1_012,
            timeline: Some(v1::Timeline {
                lift_off_time: at(5),
                at_site_time: at(18),
                care_time: at(24),
                at_hospital_time: at(58),
                ..v1::Timeline::default()
            }),
            margins: vec![v1::Margin { limit: 1, amount: 1_260, unit: 1 }],
            cautions: vec![v1::Caution::SiteUnconfirmed.into()],
            availability: v1::Availability::ReadyNow.into(),
            ..v1::Candidate::default()
        };
        let car = v1::Candidate {
            asset: "drill/kansai/members/hyogo/assets/car-1".to_owned(),
            minutes_to_care: 41,
            timeline: Some(v1::Timeline { care_time: at(41), ..v1::Timeline::default() }),
            ..v1::Candidate::default()
        };
        let out = v1::RuledOut {
            asset: "drill/kansai/members/osaka/assets/heli-mozu".to_owned(),
            telephone: "000-0000-0002".to_owned(),
            reasons: vec![v1::Reason {
                code: v1::reason::Code::OutOfService.into(),
                until_time: at(14 * 60),
                ..v1::Reason::default()
            }],
            smallest_changes: vec![v1::SmallestChange {
                code: v1::smallest_change::Code::BackInService.into(),
                ..v1::SmallestChange::default()
            }],
            ..v1::RuledOut::default()
        };
        v1::Ranking {
            at_time: at(0),
            rule: v1::agreement::Rule::OwnFirst.into(),
            candidates: vec![candidate],
            ground: vec![car],
            ruled_out: vec![out],
            ..v1::Ranking::default()
        }
    }

    fn sheet_of(ranking: &v1::Ranking, lang: Lang) -> String {
        let mut sheet = Sheet::new(lang);
        ranking.show(&mut sheet);
        assert_eq!(sheet.drill(), Some("kansai"));
        sheet.into_text()
    }

    #[test]
    fn a_ranking_reads_from_the_best_down_to_who_cannot() {
        let text = sheet_of(&ranking(), Lang::En);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_ranking_reads_the_same_in_japanese() {
        insta::assert_snapshot!(sheet_of(&ranking(), Lang::Ja));
    }

    #[test]
    fn nobody_can_help_is_an_answer() {
        let unfilled = v1::Ranking { candidates: Vec::new(), unfilled: true, ..ranking() };
        let text = sheet_of(&unfilled, Lang::En);
        assert!(text.contains("No helicopter can help"), "{text}");
        assert!(text.contains("hyogo/car-1") && text.contains("back in service"), "{text}");
    }

    #[test]
    fn an_answer_of_a_newer_server_still_prints() {
        let mut newer = ranking();
        newer.rule = 77;
        newer.candidates[0].availability = -3;
        newer.candidates[0].cautions = vec![99];
        newer.ruled_out[0].reasons[0].code = 1_000;
        let text = sheet_of(&newer, Lang::Ja);
        for unknown in ["?77", "?-3", "?99", "?1000"] {
            assert!(text.contains(unknown), "{unknown}: {text}");
        }
    }
}
