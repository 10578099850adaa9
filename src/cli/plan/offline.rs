//! `yui plan solve` and `yui plan check`: plans as documents, without a server.
//!
//! Absent on purpose: how a plan is worked out or proved ([`crate::allocator::supplies`]), and what the documents hold
//! (`docs/plan-problem.md`). Here files are opened and faults told.

use crate::allocator::supplies::{
    Plan, PlanDocument, ProblemDocument, Proof, WorkBudget, check as violations, solve as work_out,
};
use crate::cli::args::ArgError;
use crate::cli::failure::Failure;
use crate::cli::session::{Format, note_on_stderr, write_out};
use crate::cli::sheet::Sheet;
use crate::cli::{EXIT_DAMAGED, EXIT_USAGE};
use crate::lang::Lang;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `yui plan solve`.
#[derive(Clone, Debug, clap::Args)]
pub struct SolveArgs {
    /// The problem
    #[arg(value_name = "PROBLEM")]
    problem: PathBuf,
    /// Rounds of prices: more of them narrow the gap
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rounds: u32,
    /// A solution of an earlier problem of the same shape, to begin from its prices
    #[arg(long, value_name = "SOLUTION")]
    begin: Option<PathBuf>,
}

/// Arguments of `yui plan check`.
#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// The problem
    #[arg(value_name = "PROBLEM")]
    problem: PathBuf,
    /// The solution
    #[arg(value_name = "SOLUTION")]
    solution: PathBuf,
}

/// Runs `yui plan solve`.
#[must_use]
pub fn solve(args: &SolveArgs, lang: Lang) -> ExitCode {
    exit(solved(args, lang), lang)
}

/// Runs `yui plan check`.
#[must_use]
pub fn check(args: &CheckArgs, lang: Lang, format: Format) -> ExitCode {
    exit(checked(args, lang, format), lang)
}

fn exit(done: Result<ExitCode, Failure>, lang: Lang) -> ExitCode {
    done.unwrap_or_else(|failure| {
        note_on_stderr(&failure.text(lang));
        match failure {
            Failure::Argument(_) => ExitCode::from(EXIT_USAGE),
            other => other.exit_code(),
        }
    })
}

fn solved(args: &SolveArgs, lang: Lang) -> Result<ExitCode, Failure> {
    let document = problem(&args.problem)?;
    let before = args.begin.as_deref().map(solution).transpose()?;
    let begin: Option<&Proof> = before.as_ref().map(|before| &before.plan.proof);
    let budget = WorkBudget { rounds: args.rounds, life_saving_rounds: args.rounds.div_ceil(3) };
    let plan = work_out(&document.problem, budget, begin).map_err(|fault| unfit(&args.problem, &fault))?;
    note_on_stderr(&summary(&plan, lang));
    write_out(&PlanDocument { names: document.names, plan }.write())?;
    Ok(ExitCode::SUCCESS)
}

fn checked(args: &CheckArgs, lang: Lang, format: Format) -> Result<ExitCode, Failure> {
    let (document, solution) = (problem(&args.problem)?, solution(&args.solution)?);
    document.problem.validate().map_err(|fault| unfit(&args.problem, &fault))?;
    let found = violations(&document.problem, &solution.plan);
    match format {
        Format::Sheet if found.is_empty() => {
            write_out(&format!("{}\n", summary(&solution.plan, lang)))?;
        }
        Format::Sheet => {
            let mut sheet = Sheet::new(lang);
            let count = found.len();
            sheet.line(lang.pick(format!("誤り {count} 件"), format!("{count} faults")));
            found.iter().for_each(|violation| sheet.line(format!("  {violation}")));
            write_out(&sheet.into_text())?;
        }
        Format::Json => {
            let faults: Vec<String> = found.iter().map(ToString::to_string).collect();
            write_out(&format!(
                "{}\n",
                serde_json::json!({ "is_sound": faults.is_empty(), "faults": faults })
            ))?;
        }
    }
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(EXIT_DAMAGED) })
}

/// One line on a plan.
fn summary(plan: &Plan, lang: Lang) -> String {
    let vehicles: u64 = plan.shipments.iter().map(|shipment| u64::from(shipment.vehicles)).sum();
    let (shipments, unmet) = (plan.shipments.len(), plan.unmet.len());
    let percent = |ppm: u64| format!("{}.{:04} %", ppm / 10_000, ppm % 10_000);
    let (gap, first) = (percent(plan.gap.of_value_ppm()), percent(plan.life_saving.of_value_ppm()));
    lang.pick(
        format!("出荷 {shipments} 件、車両 {vehicles} 台、満たせないニーズ {unmet} 件、最良との差 {gap} (第1段 {first})"),
        format!("{shipments} shipments, {vehicles} vehicles, {unmet} needs not met; gap {gap} (first tier {first})"),
    )
}

fn problem(path: &Path) -> Result<ProblemDocument, Failure> {
    ProblemDocument::read(&text(path)?).map_err(|fault| unfit(path, &fault))
}

fn solution(path: &Path) -> Result<PlanDocument, Failure> {
    PlanDocument::read(&text(path)?).map_err(|fault| unfit(path, &fault))
}

fn text(path: &Path) -> Result<String, Failure> {
    let read = fs::read_to_string(path);
    read.map_err(|fault| {
        let path = path.display();
        let error = ArgError::new(
            format!("{path} を読めません({fault})"),
            format!("{path} cannot be read ({fault})"),
        );
        error.into()
    })
}

fn unfit(path: &Path, fault: &impl std::fmt::Display) -> Failure {
    let path = path.display();
    ArgError::new(
        format!("{path}: {fault}。docs/plan-problem.md の書式を確認してください"),
        format!("{path}: {fault}; docs/plan-problem.md describes the document"),
    )
    .into()
}
