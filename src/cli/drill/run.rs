//! `yui drill run`: days that the machine plays, and what came of them.

use super::{Format, Lang, Stop, bar};
use crate::cli::sheet::{Sheet, left, right};
use crate::drill::runner::{self, Habits, Order, Outcome, Told, permille_of};
use crate::host::{self, HostFault};
use crate::units::Seconds;
use std::path::PathBuf;

/// Arguments of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The folder of the scenario
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// How many days, from the scenario's start on
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=i64::from(runner::DAYS_MAX)))]
    days: u32,
    /// What happens by chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How often a base that could go says no, in a thousand
    #[arg(long, value_name = "N", default_value_t = Habits::default().decline_permille, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    decline: u32,
}

/// Plays it; what is written of it.
pub(super) fn text(args: &Args, lang: Lang, format: Format) -> Result<String, Stop> {
    let outcome = played(args)?;
    Ok(match format {
        Format::Sheet => shown(&outcome, args, lang),
        Format::Json => format!("{}\n", json(&outcome, args)),
    })
}

fn played(args: &Args) -> Result<Outcome, Stop> {
    let read = || -> Result<_, HostFault> {
        let scenario = crate::drill::read(&args.scenario)?;
        let planner = host::planner(&scenario)?;
        Ok((scenario, planner))
    };
    let (scenario, planner) = read().map_err(Stop::Host)?;
    let bar = bar(args.days.into());
    let habits = Habits { decline_permille: args.decline, ..Habits::default() };
    let order = Order { days: args.days, seed: args.seed, habits };
    let outcome = runner::run(&scenario, &planner, order, |_| bar.inc(1)).map_err(Stop::Run);
    bar.finish_and_clear();
    outcome
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

fn shown(outcome: &Outcome, args: &Args, lang: Lang) -> String {
    let counted = Counted::of(outcome);
    let mut sheet = Sheet::new(lang);
    let number = |count: usize| count.to_string();
    let [half, most, all] = counted.care_s;
    sheet.pairs([
        (lang.pick("日数", "days"), args.days.to_string()),
        (lang.pick("乱数の種", "seed"), args.seed.to_string()),
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
    sheet.into_text()
}

fn json(outcome: &Outcome, args: &Args) -> serde_json::Value {
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
        "days": args.days,
        "seed": args.seed,
        "byAir": counted.flown,
        "byRoad": counted.ground,
        "nobody": counted.nobody,
        "refused": counted.refused,
        "records": outcome.records,
        "ledgersSha256": outcome.ledgers.to_string(),
        "calls": calls.collect::<Vec<_>>(),
    })
}
