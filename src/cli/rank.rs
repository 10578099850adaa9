//! `yui rank`: who can help, how soon, at what price; who cannot, why, and what would change that.

use super::args::ArgError;
use super::failure::Failure;
use super::names;
use super::scene::SceneArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::{Lang, reason};
use super::time::{self, When};
use crate::api::v1;
use crate::api::v1::rank_candidates_request::Subject;

/// Arguments of `yui rank`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  yui rank --at 35.1773,135.0367 --need physician --when 2026-12-05T10:00")]
pub struct Args {
    /// Rank for a request that was made
    #[arg(long, value_name = "REQUEST", value_parser = names::request, conflicts_with_all = ["at", "origin"])]
    request: Option<String>,
    /// Rank for another moment than now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    when: Option<When>,
    /// How many candidates; the others that can go follow in one line each
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(i32).range(1..=100))]
    top: i32,
    /// What is asked for.
    #[command(flatten)]
    scene: SceneArgs,
}

/// Runs it.
///
/// # Errors
/// As [`Session::ask`]; [`Failure::Argument`] when no place is named.
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    let subject = match &args.request {
        Some(request) => Subject::Request(request.clone()),
        None if args.scene.at.is_none() && args.scene.origin.is_none() => {
            let error = ArgError::new(
                "場所が必要です。--at 緯度,経度、--origin 病院、--request 要請 のどれかを指定してください",
                "a place is needed: give --at LAT,LON, --origin HOSPITAL or --request REQUEST",
            );
            return Err(error.into());
        }
        None => Subject::Draft(args.scene.request(session).await?),
    };
    let at_time = session.instant(args.when).await?;
    let call = v1::RankCandidatesRequest { candidate_count: args.top, at_time, subject: Some(subject) };
    session.ask(call).await
}

impl Show for v1::Ranking {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let mut head = vec![sheet.time(self.at_time.as_ref())];
        head.push(if self.request.is_empty() { String::new() } else { sheet.name(&self.request) });
        head.push(sheet.term_or_blank::<v1::agreement::Rule>(self.rule));
        head.push(if self.area.is_empty() { String::new() } else { sheet.name(&self.area) });
        head.push(lang.name(self.clause.as_ref()).to_owned());
        head.retain(|part| !part.is_empty());
        sheet.line(head.join("  "));
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

fn by_air(candidates: &[v1::Candidate], at: Option<&prost_types::Timestamp>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        right("#"),
        left(lang.pick("機体", "aircraft")),
        left(lang.pick("着陸地", "landing site")),
        left(lang.pick("病院", "hospital")),
        right(lang.pick("離陸", "lift-off")),
        right(lang.pick("着陸", "at site")),
        right(lang.pick("治療", "care")),
        right(lang.pick("病院着", "hospital at")),
        right(lang.pick("治療まで", "to care")),
        right(lang.pick("留守の代償", "cover price")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        let timeline = candidate.timeline.unwrap_or_default();
        rows.push([
            (index + 1).to_string(),
            called(candidate.display_name.as_ref(), &candidate.asset, sheet),
            called(candidate.site_display_name.as_ref(), &candidate.site, sheet),
            called(candidate.hospital_display_name.as_ref(), &candidate.hospital, sheet),
            clock(timeline.lift_off_time.as_ref(), at),
            clock(timeline.at_site_time.as_ref(), at),
            clock(timeline.care_time.as_ref(), at),
            clock(timeline.at_hospital_time.as_ref(), at),
            lang.pick(
                format!("{}分", candidate.minutes_to_care),
                format!("{} min", candidate.minutes_to_care),
            ),
            price(candidate.cover_price_millicalls),
            candidate.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
    for (index, candidate) in candidates.iter().enumerate() {
        let notes = notes(candidate, sheet);
        let name = sheet.name(&candidate.asset);
        sheet.line(format!(" {}  {name}  {notes}", index + 1));
    }
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

/// How ready it is, what to beware of, and how close it comes to the nearest limits.
fn notes(candidate: &v1::Candidate, sheet: &mut Sheet) -> String {
    let lang = sheet.lang();
    let mut parts = vec![sheet.term_or_blank::<v1::Availability>(candidate.availability)];
    if !candidate.mission.is_empty() {
        let mission = sheet.name(&candidate.mission);
        parts.push(lang.pick(format!("任務 {mission}"), format!("mission {mission}")));
    }
    let cautions = sheet.terms::<v1::Caution>(&candidate.cautions);
    if !cautions.is_empty() {
        parts.push(lang.pick(format!("注意: {cautions}"), format!("caution: {cautions}")));
    }
    let narrow = candidate.margins.iter().filter(|margin| reason::is_narrow(margin));
    let narrow: Vec<String> = narrow.map(|margin| reason::margin(margin, lang)).collect();
    if !narrow.is_empty() {
        let narrow = narrow.join(lang.pick("、", ", "));
        parts.push(lang.pick(format!("余裕わずか: {narrow}"), format!("narrow: {narrow}")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(lang.pick("。", "; "))
}

fn by_road(ground: &[v1::Candidate], at: Option<&prost_types::Timestamp>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("車両", "unit")),
        left(lang.pick("病院", "hospital")),
        right(lang.pick("出発", "leaves")),
        right(lang.pick("治療", "care")),
        right(lang.pick("病院着", "hospital at")),
        right(lang.pick("治療まで", "to care")),
        left(lang.pick("注意", "caution")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::with_capacity(ground.len());
    for candidate in ground {
        let timeline = candidate.timeline.unwrap_or_default();
        rows.push([
            called(candidate.display_name.as_ref(), &candidate.asset, sheet),
            called(candidate.hospital_display_name.as_ref(), &candidate.hospital, sheet),
            clock(timeline.lift_off_time.as_ref(), at),
            clock(timeline.care_time.as_ref(), at),
            clock(timeline.at_hospital_time.as_ref(), at),
            lang.pick(
                format!("{}分", candidate.minutes_to_care),
                format!("{} min", candidate.minutes_to_care),
            ),
            sheet.terms::<v1::Caution>(&candidate.cautions),
            candidate.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

fn ruled_out(ruled_out: &[v1::RuledOut], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("機体", "aircraft")),
        left(lang.pick("理由", "why not")),
        left(lang.pick("可能にする最小の変更", "smallest change that would admit it")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::with_capacity(ruled_out.len());
    for out in ruled_out {
        let reasons: Vec<String> = out.reasons.iter().map(|why| reason::reason(why, lang)).collect();
        let changes: Vec<String> =
            out.smallest_changes.iter().map(|change| reason::smallest_change(change, lang)).collect();
        rows.push([
            called(out.display_name.as_ref(), &out.asset, sheet),
            reasons.join("\n"),
            changes.join("\n"),
            out.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

fn footnotes(ranking: &v1::Ranking, sheet: &mut Sheet) {
    let lang = sheet.lang();
    if !ranking.candidates.is_empty() {
        sheet.heading(lang.pick(
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
        let seen: Vec<String> = ranking
            .seen
            .iter()
            .map(|seen| format!("{}@{}", names::short(&seen.ledger), seen.sequence))
            .collect();
        sheet.line(seen_line(&hash, &seen.join(" "), lang));
    }
}

fn seen_line(hash: &str, seen: &str, lang: Lang) -> String {
    lang.pick(format!("根拠 {hash}  {seen}"), format!("basis {hash}  {seen}"))
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
            telephone: "079-000-0001".to_owned(),
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
            telephone: "06-000-0002".to_owned(),
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
