//! `yui drill compare`: policies and fleets side by side over many seeds.
//!
//! Absent on purpose: what is compared and how ([`crate::drill::compare`]). Here scenarios are opened and figures shown.

use super::report::grouped;
use super::{Format, Lang, Stop, bar};
use crate::cli::args::ArgError;
use crate::cli::sheet::{Sheet, left, right};
use crate::drill::Scenario;
use crate::drill::compare::measure::{FEE_YEN, LATE_S, Measure};
use crate::drill::compare::policy::{Policy, PolicyFault, words};
use crate::drill::compare::statistics::Estimate;
use crate::drill::compare::{ARMS_MAX, Arm, CompareFault, Extent, SEEDS_MAX, Side, THREADS_MAX, compare};
use crate::drill::runner::{DAYS_MAX, Habits};
use crate::host;
use serde_json::{Map, Value, json};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Arguments of it.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The folder of the scenario
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Policies to hold against the scenario as it stands: alone, own-only, own-first, nearest-first, listed, cover=N,
    /// no-cover, without=MEMBER/AIRCRAFT, scenario=FOLDER, joined by +
    #[arg(long, value_name = "POLICY", required = true, num_args = 1.., value_parser = policy)]
    against: Vec<Policy>,
    /// How many days, from the scenario's start on
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=i64::from(DAYS_MAX)))]
    days: u32,
    /// How many seeds: runs of each policy
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=SEEDS_MAX))]
    seeds: u64,
    /// The first seed; the others are counted on from it
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(..=u64::MAX / 2))]
    first_seed: u64,
    /// How often a base that could go says no, in a thousand
    #[arg(long, value_name = "N", default_value_t = Habits::default().decline_permille, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    decline: u32,
    /// What a flight for another prefecture costs it, yen (illustrative: what Nara paid as a non-member)
    #[arg(long, value_name = "YEN", default_value_t = FEE_YEN, value_parser = clap::value_parser!(u32).range(0..=100_000_000))]
    fee: u32,
    /// How many work at once; every core when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=THREADS_MAX as i64))]
    threads: Option<u16>,
}

/// Compares; what is written of it.
pub(super) fn text(args: &Args, lang: Lang, format: Format) -> Result<String, Stop> {
    let sides = compared(args)?;
    Ok(match format {
        Format::Sheet => shown(&sides, args, lang),
        Format::Json => format!("{}\n", as_json(&sides, args)),
    })
}

fn compared(args: &Args) -> Result<Vec<Side>, Stop> {
    let arms = arms(args)?;
    let extent = Extent {
        seed: args.first_seed,
        seeds: args.seeds,
        days: args.days,
        habits: Habits { decline_permille: args.decline, ..Habits::default() },
        fee_yen: args.fee,
        threads: threads(args),
    };
    let bar = bar(args.seeds.saturating_mul(arms.len() as u64));
    let sides = compare(&arms, &extent, || bar.inc(1)).map_err(stop);
    bar.finish_and_clear();
    sides
}

/// Every core, unless it is said otherwise.
fn threads(args: &Args) -> NonZeroUsize {
    let asked = args.threads.and_then(|threads| NonZeroUsize::new(threads.into()));
    asked.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// The scenario as it stands, then each policy.
fn arms(args: &Args) -> Result<Vec<Arm>, Stop> {
    if args.against.len() >= ARMS_MAX {
        return Err(stop(CompareFault::Arms { arms: args.against.len() }));
    }
    let read = |folder: &Path| {
        // A folder that is not there would be told as a fault of each of its tables, without its name.
        if !folder.is_dir() {
            return Err(Stop::Argument(no_folder(folder)));
        }
        crate::drill::read(folder).map_err(|fault| Stop::Host(fault.into()))
    };
    let stated = read(&args.scenario)?;
    let mut arms = Vec::with_capacity(args.against.len() + 1);
    for policy in [Policy::as_stated()].iter().chain(&args.against) {
        let mut scenario: Scenario = match policy.scenario() {
            None => stated.clone(),
            Some(folder) => read(folder)?,
        };
        policy.lay_into(&mut scenario).map_err(|fault| Stop::Argument(of_policy(&fault)))?;
        let planner = host::planner(&scenario).map_err(|fault| Stop::Host(fault.into()))?;
        arms.push(Arm { name: policy.to_string(), scenario, planner });
    }
    Ok(arms)
}

fn no_folder(path: &Path) -> ArgError {
    let path = path.display();
    ArgError::new(
        format!("{path} はシナリオのフォルダではありません"),
        format!("{path} is no folder of a scenario; name one, such as scenarios/kansai"),
    )
}

fn policy(text: &str) -> Result<Policy, ArgError> {
    text.parse().map_err(|fault| of_policy(&fault))
}

fn of_policy(fault: &PolicyFault) -> ArgError {
    let or_rather = |near: &[String]| match near {
        [] => String::new(),
        near => format!("({} ではありませんか)", near.join("、")),
    };
    let ja = match fault {
        PolicyFault::Unknown { word, near } => format!(
            "「{word}」という方針はありません{}。{} のどれかを + でつないで書いてください",
            or_rather(near),
            words()
        ),
        PolicyFault::Cover { value } => {
            format!("cover={value} は使えません。cover=1 から cover=60、または no-cover です")
        }
        PolicyFault::NotAName { name } => {
            format!("「{name}」は機体の名前ではありません。hyogo/heli-toyooka のように書いてください")
        }
        PolicyFault::NoSuchAircraft { name, near } => {
            format!("シナリオに機体 {name} はありません{}", or_rather(near))
        }
        PolicyFault::Length => "方針が空か、長すぎます".to_owned(),
    };
    ArgError::new(ja, fault.to_string())
}

fn stop(fault: CompareFault) -> Stop {
    let en = fault.to_string();
    let ja = match fault {
        CompareFault::Seeds { seeds } => format!("{seeds} 個の種は比べられません。1 から {SEEDS_MAX} です"),
        CompareFault::Arms { arms } => {
            format!("方針 {arms} 個は比べられません。1 から {} です", ARMS_MAX - 1)
        }
        CompareFault::OtherCalls { seed, first, arm } => format!(
            "種 {seed}: {arm} と {first} では要請が違います。開始時刻と需要が同じシナリオを比べてください"
        ),
        CompareFault::Run { fault, .. } => return Stop::Run(*fault),
    };
    Stop::Argument(ArgError::new(ja, en))
}

/// What a measure is called, and with how many decimals it is shown.
fn label(measure: Measure, lang: Lang) -> (&'static str, u32) {
    match measure {
        Measure::CareMean => (lang.pick("治療開始まで 平均 (分)", "to care, mean (min)"), 2),
        Measure::CareNineInTen => {
            (lang.pick("治療開始まで 9割 (分)", "to care, nine in ten within (min)"), 2)
        }
        Measure::Late => (lang.pick("30分を超えた要請", "calls without care within 30 min"), 2),
        Measure::Nobody => (lang.pick("対応なしの要請", "calls answered by nobody"), 2),
        Measure::AsksWithoutGo => (lang.pick("出動に至らなかった要請", "asks without a go"), 2),
        Measure::HelicopterHours => (lang.pick("飛行から帰着まで (時間)", "helicopter hours"), 2),
        Measure::ForOthers => (lang.pick("他府県への出動", "flights for another prefecture"), 2),
        Measure::FeesYen => {
            (lang.pick("他府県への負担金 (円、例示)", "fees for them (yen, illustrative)"), 0)
        }
    }
}

/// The name in JSON.
fn key(measure: Measure) -> &'static str {
    match measure {
        Measure::CareMean => "careMeanMin",
        Measure::CareNineInTen => "careNineInTenMin",
        Measure::Late => "late",
        Measure::Nobody => "nobody",
        Measure::AsksWithoutGo => "asksWithoutGo",
        Measure::HelicopterHours => "helicopterHours",
        Measure::ForOthers => "flightsForOthers",
        Measure::FeesYen => "feesYen",
    }
}

/// Thousandths with so many decimals, 0 to 3, rounded half away from zero.
fn decimal(e3: i64, digits: u32) -> String {
    let step = 10_u64.pow(3 - digits.min(3));
    let units = (e3.unsigned_abs() + step / 2) / step;
    let scale = 10_u64.pow(digits);
    let sign = if e3 < 0 && units > 0 { "-" } else { "" };
    match digits {
        0 => format!("{sign}{}", grouped(units)),
        _ => format!("{sign}{}.{:0width$}", units / scale, units % scale, width = digits as usize),
    }
}

fn shown(sides: &[Side], args: &Args, lang: Lang) -> String {
    let mut sheet = Sheet::new(lang);
    let calls: u64 =
        sides.first().map_or(0, |side| side.runs.iter().map(|run| u64::from(run.figures.calls)).sum());
    sheet.pairs([
        (lang.pick("日数", "days"), args.days.to_string()),
        (lang.pick("種", "seeds"), format!("{} – {}", args.first_seed, args.first_seed + args.seeds - 1)),
        (lang.pick("要請の合計", "calls in all"), calls.to_string()),
    ]);
    sheet.gap();
    let columns = [
        left(lang.pick("指標", "measure")),
        left(lang.pick("方針", "policy")),
        right(lang.pick("平均", "mean")),
        right("± 95 %"),
        right(lang.pick("差", "difference")),
        right("± 95 %"),
        left(" "),
    ];
    let mut rows = Vec::new();
    for (place, measure) in Measure::ALL.into_iter().enumerate() {
        let (name, digits) = label(measure, lang);
        let text = |e3: Option<i64>| e3.map(|e3| decimal(e3, digits)).unwrap_or_default();
        for (nth, side) in sides.iter().enumerate() {
            let mean = side.means.get(place).copied().flatten();
            let difference = side.differences.get(place).copied().flatten().filter(|_| nth > 0);
            rows.push([
                if nth == 0 { name.to_owned() } else { String::new() },
                side.name.clone(),
                text(mean.map(|mean| mean.mean_e3)),
                text(mean.and_then(|mean| mean.half_e3)),
                text(difference.map(|difference| difference.mean_e3)),
                text(difference.and_then(|difference| difference.half_e3)),
                if difference.is_some_and(Estimate::is_clear) { "*".to_owned() } else { String::new() },
            ]);
        }
    }
    sheet.grid(columns, &rows);
    sheet.gap();
    sheet.line(lang.pick(
        "差は同じ種どうしの差(同じ要請)。* は 95 % 信頼区間(スチューデントの t)が 0 を含まないもの",
        "differences are taken seed by seed, over the same calls; * : the 95 % interval (Student's t) leaves out 0",
    ));
    sheet.into_text()
}

fn as_json(sides: &[Side], args: &Args) -> Value {
    let policies: Vec<Value> = sides.iter().enumerate().map(|(nth, side)| side_json(side, nth > 0)).collect();
    json!({
        "scenario": args.scenario.to_string_lossy(),
        "days": args.days,
        "firstSeed": args.first_seed,
        "seeds": args.seeds,
        "declinePermille": args.decline,
        "lateAfterS": LATE_S,
        "feeYen": args.fee,
        "feeIsIllustrative": true,
        "policies": policies,
    })
}

fn side_json(side: &Side, is_compared: bool) -> Value {
    let mut measures = Map::new();
    for (place, measure) in Measure::ALL.into_iter().enumerate() {
        let estimate = |all: &[Option<Estimate>]| all.get(place).copied().flatten().map(estimate_json);
        let difference = estimate(&side.differences).filter(|_| is_compared);
        let shown = json!({ "mean": estimate(&side.means), "difference": difference });
        measures.insert(key(measure).to_owned(), shown);
    }
    let runs = side.runs.iter().map(|run| {
        let figures = &run.figures;
        json!({
            "seed": run.seed,
            "ledgersSha256": run.ledgers.to_string(),
            "calls": figures.calls,
            "cared": figures.cared,
            "careS": figures.care_s,
            "careNineInTenS": figures.care_nine_in_ten_s,
            "late": figures.late,
            "nobody": figures.nobody,
            "asksWithoutGo": figures.asks_without_go,
            "awayS": figures.away_s,
            "flightsForOthers": figures.for_others,
            "feesYen": figures.fees_yen,
        })
    });
    json!({ "policy": side.name, "measures": measures, "runs": runs.collect::<Vec<Value>>() })
}

fn estimate_json(estimate: Estimate) -> Value {
    json!({
        "value": estimate.mean_e3 as f64 / 1_000.0,
        "halfWidth95": estimate.half_e3.map(|half_e3| half_e3 as f64 / 1_000.0),
        "count": estimate.count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_shown_with_as_many_decimals_as_make_sense() {
        let cases = [
            ((12_345, 2), "12.35"),
            ((-12_345, 2), "-12.35"),
            ((-4, 2), "0.00"),
            ((999, 0), "1"),
            ((499, 0), "0"),
            ((-3_656_250_499, 0), "-3,656,250"),
            ((7, 3), "0.007"),
        ];
        for ((e3, digits), expected) in cases {
            assert_eq!(decimal(e3, digits), expected);
        }
    }
}
