//! `yui drill run`: days or a drill that the machine plays, and what came of them.

mod inject;

use super::report::{self, Written};
use super::{Format, Lang, Stop, bar};
use crate::cli::args::ArgError;
use crate::cli::sheet::{Sheet, left, right};
use crate::drill::Script;
use crate::drill::compare::measure::FEE_YEN;
use crate::drill::report::{self as figures, Report};
use crate::drill::runner::{self, Habits, LaidOut, Order, Outcome, Told, permille_of};
use crate::host;
use crate::units::Seconds;
use std::path::PathBuf;

/// Days that are played when nobody says how many.
const DAYS: u32 = 7;
/// What happens by chance when nobody says.
const SEED: u64 = 1;

/// Arguments of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The folder of a scenario, for ordinary days, or the file of a drill
    #[arg(value_name = "SCENARIO|DRILL")]
    path: PathBuf,
    /// How many days, from the scenario's start on [default: 7]; a drill says it itself
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(runner::DAYS_MAX)))]
    days: Option<u32>,
    /// What happens by chance [default: 1, or the first seed of the drill]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How often a base that could go says no, in a thousand [default: 50]; a drill says it itself
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000))]
    decline: Option<u32>,
    /// Writes an after-action report, one page that needs nothing beside it, and its figures beside it as JSON; of ordinary
    /// days only
    #[arg(long, value_name = "FILE.html", value_parser = report::file)]
    report: Option<PathBuf>,
    /// In the report: what a flight for another prefecture costs it, yen (illustrative: what Nara paid as a non-member)
    #[arg(long, value_name = "YEN", default_value_t = FEE_YEN, requires = "report", value_parser = clap::value_parser!(u32).range(0..=100_000_000))]
    fee: u32,
}

/// A run and what it was asked for.
struct Played {
    script: Option<Script>,
    days: u32,
    seed: u64,
    outcome: Outcome,
    written: Option<Written>,
}

/// Plays it; what is written of it.
pub(super) fn text(args: &Args, lang: Lang, format: Format) -> Result<String, Stop> {
    let played = if args.path.is_dir() { ordinary(args) } else { of_file(args) }?;
    Ok(match format {
        Format::Sheet => shown(&played, lang),
        Format::Json => format!("{}\n", json(&played)),
    })
}

/// Ordinary days of a scenario.
fn ordinary(args: &Args) -> Result<Played, Stop> {
    let scenario = crate::drill::read(&args.path).map_err(|fault| Stop::Host(fault.into()))?;
    let planner = host::planner(&scenario).map_err(|fault| Stop::Host(fault.into()))?;
    let (days, seed) = (args.days.unwrap_or(DAYS), args.seed.unwrap_or(SEED));
    let bar = bar(days.into());
    let usual = Habits::default();
    let habits = Habits { decline_permille: args.decline.unwrap_or(usual.decline_permille), ..usual };
    let order = Order { days, seed, habits };
    let laid_out = LaidOut::of(&scenario).map_err(Stop::Run)?;
    let outcome = laid_out.run(&planner, order, |_| bar.inc(1)).map_err(Stop::Run);
    bar.finish_and_clear();
    let outcome = outcome?;
    let Some(path) = &args.report else {
        return Ok(Played { script: None, days, seed, outcome, written: None });
    };
    let (laid_out, planner) = (&laid_out, &planner);
    let played = figures::Played { scenario: &scenario, laid_out, planner, order, fee_yen: args.fee };
    let report = Report::of(played, outcome).map_err(Stop::Run)?;
    let written = report::write(&report, path).map_err(Stop::Argument)?;
    Ok(Played { script: None, days, seed, outcome: report.outcome, written: Some(written) })
}

/// A drill, as its file says.
fn of_file(args: &Args) -> Result<Played, Stop> {
    if args.report.is_some() {
        return Err(Stop::Argument(ArgError::new(
            "報告書は通常の日(シナリオのフォルダー)だけです。--report を外してください",
            "a report is of ordinary days alone: name the folder of a scenario, or leave --report out",
        )));
    }
    let own = [("--days", args.days.is_some()), ("--decline", args.decline.is_some())];
    if let Some((option, _)) = own.into_iter().find(|(_, given)| *given) {
        return Err(Stop::OfTheFile { option });
    }
    let script = crate::drill::script::read(&args.path).map_err(|fault| Stop::Host(fault.into()))?;
    let planner = host::planner(&script.scenario).map_err(|fault| Stop::Host(fault.into()))?;
    let seed = args.seed.or(script.seeds.first().copied()).unwrap_or(SEED);
    let days = script.span_s.div_ceil(86_400);
    let bar = bar(days.into());
    let outcome = runner::play(&script, &planner, seed, |_| bar.inc(1)).map_err(Stop::Run);
    bar.finish_and_clear();
    Ok(Played { script: Some(script), days, seed, outcome: outcome?, written: None })
}

/// Minutes, rounded up.
fn minutes(span_s: Option<Seconds>) -> String {
    span_s.map_or_else(String::new, |span_s| span_s.div_ceil(60).to_string())
}

/// What a run amounts to, counted.
struct Counted {
    flown: usize,
    ground: usize,
    nobody: usize,
    refused: u32,
    /// The spans within which half, nine in ten and all got care.
    care_s: [Option<Seconds>; 3],
}

impl Counted {
    fn of(outcome: &Outcome) -> Counted {
        let count = |is_so: fn(&Told) -> bool| outcome.calls.iter().filter(|call| is_so(&call.told)).count();
        let care_s = outcome.care_s();
        Counted {
            flown: count(|told| matches!(told, Told::Flown(_))),
            ground: count(|told| matches!(told, Told::Ground { .. })),
            nobody: count(|told| matches!(told, Told::Nobody)),
            refused: outcome.calls.iter().map(|call| call.refused).sum(),
            care_s: [500, 900, 1_000].map(|permille| permille_of(&care_s, permille)),
        }
    }
}

fn shown(played: &Played, lang: Lang) -> String {
    let outcome = &played.outcome;
    let written = played.written.as_ref();
    let counted = Counted::of(outcome);
    let mut sheet = Sheet::new(lang);
    let number = |count: usize| count.to_string();
    let text_of = |text: fn(&Written) -> String| written.map(text).unwrap_or_default();
    let [half, most, all] = counted.care_s;
    if let Some(script) = &played.script {
        sheet.line(format!("{} ({})", lang.pick(&script.title.ja, &script.title.en), script.name));
        sheet.gap();
    }
    sheet.pairs([
        (lang.pick("日数", "days"), played.days.to_string()),
        (lang.pick("乱数の種", "seed"), played.seed.to_string()),
        (lang.pick("要請", "calls"), number(outcome.calls.len())),
        (lang.pick("ヘリ", "by air"), number(counted.flown)),
        (lang.pick("陸路", "by road"), number(counted.ground)),
        (lang.pick("対応なし", "nobody"), number(counted.nobody)),
        (lang.pick("出動に至らなかった要請", "asks without a go"), counted.refused.to_string()),
        (lang.pick("治療開始まで 半数 (分)", "to care, half within (min)"), minutes(half)),
        (lang.pick("治療開始まで 9割 (分)", "to care, nine in ten within (min)"), minutes(most)),
        (lang.pick("治療開始まで 最長 (分)", "to care, the longest (min)"), minutes(all)),
        (lang.pick("記録", "records"), outcome.records.to_string()),
        (lang.pick("台帳のハッシュ", "hash of the ledgers"), outcome.ledgers.to_string()),
        (lang.pick("報告書", "report"), text_of(|written| written.page.display().to_string())),
        (
            lang.pick("報告書のハッシュ", "hash of the report"),
            text_of(|written| written.page_hash.to_string()),
        ),
        (lang.pick("数値", "figures"), text_of(|written| written.figures.display().to_string())),
    ]);
    sheet.gap();
    let columns = [
        left(lang.pick("機体", "aircraft")),
        right(lang.pick("出動", "missions")),
        right(lang.pick("飛行から帰着まで (時間)", "hours away")),
    ];
    let rows: Vec<[String; 3]> = outcome
        .usage()
        .into_iter()
        .map(|(asset, (missions, away_s))| {
            let tenths = away_s / 360;
            let name = sheet.name(&asset.to_string());
            [name, missions.to_string(), format!("{}.{}", tenths / 10, tenths % 10)]
        })
        .collect();
    sheet.grid(columns, &rows);
    if let Some(script) = &played.script {
        inject::list(&mut sheet, script, outcome, lang);
    }
    sheet.into_text()
}

fn json(played: &Played) -> serde_json::Value {
    let outcome = &played.outcome;
    let written = played.written.as_ref();
    let counted = Counted::of(outcome);
    let calls = outcome.calls.iter().map(|call| {
        let (told, asset, care_s) = match &call.told {
            Told::Flown(flown) => ("air", Some(flown.asset.to_string()), Some(flown.care_s)),
            Told::Ground { care_s } => ("road", None, Some(*care_s)),
            Told::Nobody => ("nobody", None, None),
        };
        serde_json::json!({
            "request": call.request.to_string(),
            "calledAtMillis": call.called_at.0,
            "answeredBy": told,
            "asset": asset,
            "careS": care_s,
            "refused": call.refused,
        })
    });
    serde_json::json!({
        "drill": played.script.as_ref().map(|script| script.name.to_string()),
        "days": played.days,
        "seed": played.seed,
        "byAir": counted.flown,
        "byRoad": counted.ground,
        "nobody": counted.nobody,
        "refused": counted.refused,
        "records": outcome.records,
        "ledgersSha256": outcome.ledgers.to_string(),
        "reportSha256": written.map(|written| written.page_hash.to_string()),
        "calls": calls.collect::<Vec<_>>(),
        "injects": played.script.as_ref().map(|script| inject::json(script, outcome)),
    })
}
