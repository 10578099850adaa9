//! `yui drill`: drills that the machine plays by itself, without a server.
//!
//! Absent on purpose: what happens in a drill ([`crate::drill::runner`]), and what is shown of it: each command has a file
//! of its own, and what several share stands here.

mod check;
mod compare;
mod report;
mod run;
mod shake;

use super::args::ArgError;
use super::session::{Format, note_on_stderr, write_out};
use super::{EXIT_DAMAGED, EXIT_USAGE, fault};
use crate::drill::runner::RunFault;
use crate::host::HostFault;
use crate::lang::Lang;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::{self, IsTerminal};
use std::process::ExitCode;

/// Subcommands of `yui drill`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Play ordinary days or a drill: calls by the scenario's demand, answered by its union
    #[command(
        after_help = "Examples:\n  yui drill run scenarios/kansai --days 7 --seed 1\n  yui drill run scenarios/kansai/drills/bridges-lost.toml"
    )]
    Run(run::Args),
    /// Say everything that is wrong with a drill, and play nothing
    #[command(after_help = "Example:\n  yui drill check scenarios/kansai/drills/bridges-lost.toml")]
    Check(check::Args),
    /// What an earthquake does: shaking by municipality, damage, closed roads, hospitals, needs of the first day
    #[command(after_help = "Example:\n  yui drill shake scenarios/kansai --earthquake kobe-1995 --seed 1")]
    Shake(shake::Args),
    /// Policies and fleets side by side over many seeds
    #[command(
        after_help = "Example:\n  yui drill compare scenarios/kansai --days 7 --seeds 100 --against alone nearest-first"
    )]
    Compare(compare::Args),
}

/// Runs it.
#[must_use]
pub fn run(args: &Args, lang: Lang, format: Format) -> ExitCode {
    let text = match args {
        Args::Run(args) => run::text(args, lang, format),
        Args::Check(args) => check::text(args, lang, format),
        Args::Shake(args) => return shake::run(args, lang, format),
        Args::Compare(args) => compare::text(args, lang, format),
    };
    match text {
        Ok(text) => written(&text, lang),
        Err(stop) => stop.told(lang),
    }
}

fn written(text: &str, lang: Lang) -> ExitCode {
    match write_out(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            note_on_stderr(&failure.text(lang));
            failure.exit_code()
        }
    }
}

/// Why nothing came of it.
enum Stop {
    /// The scenario cannot be used.
    Host(HostFault),
    /// The run cannot go on.
    Run(RunFault),
    /// A drill states itself what was asked for.
    OfTheFile {
        /// By this option.
        option: &'static str,
    },
    /// Something that was typed does not fit the scenario, or a file cannot be written.
    Argument(ArgError),
}

impl Stop {
    /// Says it, and by which code the program ends.
    fn told(&self, lang: Lang) -> ExitCode {
        let (text, code) = match self {
            Stop::Host(fault) => (fault::host(fault, lang), EXIT_USAGE),
            Stop::Run(fault) => (fault::run(fault, lang), EXIT_DAMAGED),
            Stop::OfTheFile { option } => {
                let ja = format!("{option} は訓練のファイルに書きます。指定しないでください");
                let en = format!("a drill says {option} in its file; leave it out");
                (lang.pick(&ja, &en).to_owned(), EXIT_USAGE)
            }
            Stop::Argument(error) => (error.text(lang).to_owned(), EXIT_USAGE),
        };
        note_on_stderr(&format!("{text}\n"));
        ExitCode::from(code)
    }
}

/// A bar of so many steps on stderr, none where nobody looks.
fn bar(steps: u64) -> ProgressBar {
    let target =
        if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    ProgressBar::with_draw_target(Some(steps), target)
}
