//! `yui drill shake`: what an earthquake of a scenario does to it, before anything is played.

mod json;
mod sheet;

use super::super::EXIT_USAGE;
use super::super::fault;
use super::super::session::{Format, note_on_stderr};
use super::written;
use crate::drill::Scenario;
use crate::drill::scenario::hazard::Hazard;
use crate::drill::shake::{Asked, ShakeFault, Shaken, shake};
use crate::hazard::damage::{DAYS_MAX, Draw};
use crate::hazard::telegram::{self, Telegram, TelegramFault};
use crate::host::HostFault;
use crate::lang::Lang;
use crate::units::{Timestamp, local_second};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `yui drill shake`.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The folder of the scenario
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Which earthquake of the scenario; without it the one that the telegram tells of
    #[arg(long, value_name = "NAME", required_unless_present = "telegram")]
    earthquake: Option<String>,
    /// What happens by chance; without it medians and expected numbers
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A telegram of the Japan Meteorological Agency: what was observed counts before what is predicted
    #[arg(long, value_name = "FILE")]
    telegram: Option<PathBuf>,
    /// The hour of the day at which it happens; that of the scenario's start if not given
    #[arg(long, value_name = "HOUR", value_parser = clap::value_parser!(u32).range(0..=23))]
    hour: Option<u32>,
    /// How many days after it are told
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=i64::from(DAYS_MAX)))]
    days: u32,
}

/// Why nothing is shown.
enum Stop {
    /// The scenario cannot be used.
    Host(HostFault),
    /// The scenario has no earthquakes.
    NoEarthquakes,
    /// The telegram's file cannot be read.
    File(PathBuf, io::Error),
    /// The telegram cannot be used.
    Telegram(PathBuf, TelegramFault),
    /// Nothing comes of it.
    Shake(ShakeFault),
}

/// Everything that is shown.
struct Shown<'a> {
    args: &'a Args,
    scenario: &'a Scenario,
    hazard: &'a Hazard,
    shaken: &'a Shaken,
    telegram: Option<&'a Telegram>,
    hour: u32,
}

/// Runs it.
#[must_use]
pub(super) fn run(args: &Args, lang: Lang, format: Format) -> ExitCode {
    let text = match text(args, lang, format) {
        Ok(text) => text,
        Err(stop) => {
            note_on_stderr(&format!("{}\n", stop.text(lang)));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    written(&text, lang)
}

fn text(args: &Args, lang: Lang, format: Format) -> Result<String, Stop> {
    let telegram = args.telegram.as_deref().map(telegram_in).transpose()?;
    let scenario = crate::drill::read(&args.scenario).map_err(|fault| Stop::Host(fault.into()))?;
    let hazard = scenario.hazard.as_ref().ok_or(Stop::NoEarthquakes)?;
    let hour = args.hour.unwrap_or_else(|| hour_of(scenario.start));
    let asked = Asked {
        earthquake: args.earthquake.as_deref(),
        telegram: telegram.as_ref(),
        draw: args.seed.map_or(Draw::Expected, Draw::Seed),
        hour,
        days: args.days,
    };
    let shaken = &shake(hazard, asked).map_err(Stop::Shake)?;
    let shown = Shown { args, scenario: &scenario, hazard, shaken, telegram: telegram.as_ref(), hour };
    Ok(match format {
        Format::Sheet => sheet::of(&shown, lang),
        Format::Json => format!("{}\n", json::of(&shown)),
    })
}

/// The hour of the day in Japan.
fn hour_of(at: Timestamp) -> u32 {
    local_second(at) / 3_600
}

fn telegram_in(path: &Path) -> Result<Telegram, Stop> {
    let mut bytes = Vec::new();
    // One byte more than is read, so that what is too long is known as such.
    let limit = telegram::BYTES_MAX as u64 + 1;
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map_err(|error| Stop::File(path.to_owned(), error))?;
    telegram::read(&bytes).map_err(|fault| Stop::Telegram(path.to_owned(), fault))
}

impl Stop {
    fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Stop::Host(fault), lang) => fault::host(fault, lang),
            (Stop::NoEarthquakes, Lang::En) => {
                "this scenario has no earthquakes; add earthquakes.csv and the files beside it, or name another".to_owned()
            }
            (Stop::NoEarthquakes, Lang::Ja) => {
                "このシナリオには地震がありません。earthquakes.csv とその関連ファイルを加えるか、別のシナリオを指定してください".to_owned()
            }
            (Stop::File(path, error), Lang::En) => format!("{}: cannot be read ({error})", path.display()),
            (Stop::File(path, error), Lang::Ja) => format!("{}: 読めません({error})", path.display()),
            (Stop::Telegram(path, fault), Lang::En) => format!("{}: {fault}", path.display()),
            (Stop::Telegram(path, fault), Lang::Ja) => {
                format!("{}: 電文として使えません({fault})", path.display())
            }
            (Stop::Shake(fault), Lang::En) => fault.to_string(),
            (Stop::Shake(fault), Lang::Ja) => japanese(fault),
        }
    }
}

fn japanese(fault: &ShakeFault) -> String {
    match fault {
        ShakeFault::Unknown(unknown) => {
            let list = |names: &[crate::id::Slug]| {
                names.iter().map(crate::id::Slug::as_str).collect::<Vec<_>>().join("、")
            };
            let hint = match &unknown.near[..] {
                [] => format!("あるのは {} です", list(&unknown.known)),
                near => format!("{} ではありませんか", list(near)),
            };
            format!("\"{}\" という地震はありません。{hint}", unknown.name)
        }
        ShakeFault::Nothing => "地震も電文も指定されていません。どちらかを指定してください".to_owned(),
        ShakeFault::Cancelled => "取消の電文です。観測はありません".to_owned(),
        ShakeFault::NoMunicipality { kind } => {
            format!("{kind} には市町村の震度がありません。VXSE53 を指定してください")
        }
        ShakeFault::Elsewhere { told } => format!("電文の {told} 市町村はどれもシナリオにありません"),
        ShakeFault::NotEnough(fault) => format!("電文から地震を決められません({fault})"),
        ShakeFault::Strike(fault) => format!("計算できません({fault})"),
    }
}
