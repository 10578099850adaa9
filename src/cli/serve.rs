//! `yui serve`: the arguments of the server, checked before anything is opened.
//!
//! Absent on purpose: the wiring itself, which is [`Host`]. [`Args::plan`] turns words into a [`Plan`] or says what
//! cannot be.

use super::args::ArgError;
use super::session::note_on_stderr;
use super::{DEFAULT_LISTEN, EXIT_DAMAGED, EXIT_UNREACHABLE, EXIT_USAGE, fault, time};
use crate::authority::HubFault;
use crate::authority::writer::OpenFault;
use crate::host::{Host, HostClock, HostConfig, HostFault};
use crate::id::Space;
use crate::lang::Lang;
use crate::ledger::LedgerFault;
use crate::network::file::FileFault;
use crate::telemetry::{FILTER_DEFAULT, LogFormat};
use crate::units::Timestamp;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Where the ledgers live, unless told otherwise; a folder for each space below it.
pub const DEFAULT_DATA: &str = "data";

/// Arguments of `yui serve`.
#[derive(Clone, Debug, clap::Args)]
#[command(
    after_help = "Example:\n  yui serve --space drill/kansai --scenario scenarios/kansai --clock virtual@2026-12-05T09:55"
)]
pub struct Args {
    /// Address to listen on; only this machine's own
    #[arg(long, env = "YUI_LISTEN", value_name = "HOST:PORT", default_value = DEFAULT_LISTEN, value_parser = listen)]
    listen: SocketAddr,
    /// Folder of the ledgers
    #[arg(long, env = "YUI_DATA", value_name = "DIR", default_value = DEFAULT_DATA)]
    data: PathBuf,
    /// live, or drill/NAME
    #[arg(long, env = "YUI_SPACE", value_name = "SPACE", default_value = "live", value_parser = space)]
    space: Space,
    /// system, virtual or virtual@TIME; drills are virtual when left out
    #[arg(long, value_name = "CLOCK", value_parser = clock)]
    clock: Option<ClockChoice>,
    /// Folder of a scenario to begin an empty drill space with
    #[arg(long, value_name = "DIR")]
    scenario: Option<PathBuf>,
    /// Road network made by yui network import; left out: the trunk roads of the scenario
    #[arg(long, env = "YUI_NETWORK", value_name = "NETWORK")]
    network: Option<PathBuf>,
    /// How a line of the log looks
    #[arg(long, env = "YUI_LOG_FORMAT", value_name = "text|json", default_value_t)]
    log_format: LogFormat,
    /// What is logged: warn, info, debug, or by module
    #[arg(long, env = "YUI_LOG", value_name = "FILTER", default_value = FILTER_DEFAULT)]
    log: String,
}

/// Which clock a space runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockChoice {
    /// The system's.
    System,
    /// One that stands still until it is moved, from `start`, or from where the scenario or the ledgers say.
    Virtual {
        /// Where it starts when the ledgers are empty.
        start: Option<Timestamp>,
    },
}

/// What to serve: checked, nothing opened yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder of the ledgers of all spaces.
    pub data: PathBuf,
    /// The space.
    pub space: Space,
    /// Its clock.
    pub clock: ClockChoice,
    /// What an empty drill space begins with.
    pub scenario: Option<PathBuf>,
    /// The file of the roads.
    pub network: Option<PathBuf>,
}

impl Args {
    /// Checks what can be checked without opening a ledger or a port.
    ///
    /// # Errors
    /// [`ArgError`] when the address is not this machine's own, a virtual clock or a scenario is asked of the
    /// live space, or a folder is none.
    pub fn plan(&self) -> Result<Plan, ArgError> {
        if !self.listen.ip().is_loopback() {
            return Err(ArgError::new(
                format!(
                    "{} では待ち受けできません。認証ができるまでは 127.0.0.1 か [::1] だけです",
                    self.listen
                ),
                format!(
                    "{} is not this machine's own; until there are identities, use 127.0.0.1 or [::1]",
                    self.listen
                ),
            ));
        }
        let clock = self.clock_of_space()?;
        self.check_folders()?;
        let (listen, data, space) = (self.listen, self.data.clone(), self.space.clone());
        let (scenario, network) = (self.scenario.clone(), self.network.clone());
        Ok(Plan { listen, data, space, clock, scenario, network })
    }

    fn clock_of_space(&self) -> Result<ClockChoice, ArgError> {
        match (&self.space, self.clock) {
            (Space::Live, Some(ClockChoice::Virtual { .. })) => Err(ArgError::new(
                "実運用(live)では仮想時計を使えません。訓練なら --space drill/名前 を指定してください",
                "the live space runs on the wall clock; for a virtual one use --space drill/NAME",
            )),
            (Space::Live, _) if self.scenario.is_some() => Err(ArgError::new(
                "実運用(live)ではシナリオを使えません。訓練なら --space drill/名前 を指定してください",
                "the live space takes no scenario; for one use --space drill/NAME",
            )),
            (Space::Live, _) => Ok(ClockChoice::System),
            (Space::Drill(_), clock) => Ok(clock.unwrap_or(ClockChoice::Virtual { start: None })),
        }
    }

    fn check_folders(&self) -> Result<(), ArgError> {
        let data = self.data.display();
        if self.data.exists() && !self.data.is_dir() {
            return Err(ArgError::new(
                format!("--data {data} はフォルダではありません"),
                format!("--data {data} is not a folder; name a folder, it is made when missing"),
            ));
        }
        if let Some(scenario) = self.scenario.as_deref().filter(|path| !path.is_dir()) {
            let scenario = scenario.display();
            return Err(ArgError::new(
                format!("--scenario {scenario} というフォルダはありません"),
                format!("--scenario {scenario} is not a folder; name one such as scenarios/kansai"),
            ));
        }
        Ok(())
    }
}

fn listen(text: &str) -> Result<SocketAddr, ArgError> {
    let cut: String = text.chars().take(80).collect();
    text.parse().map_err(|_| {
        ArgError::new(
            format!("「{cut}」は待ち受け先ではありません。{DEFAULT_LISTEN} のように書いてください"),
            format!("\"{cut}\" is not an address; write IP:PORT, such as {DEFAULT_LISTEN}"),
        )
    })
}

fn space(text: &str) -> Result<Space, ArgError> {
    let cut: String = text.chars().take(80).collect();
    text.parse().map_err(|_| {
        ArgError::new(
            format!("「{cut}」という空間はありません。live か drill/名前 と書いてください"),
            format!("\"{cut}\" is not a space; write live or drill/NAME"),
        )
    })
}

fn clock(text: &str) -> Result<ClockChoice, ArgError> {
    match text.split_once('@') {
        None if text == "system" => Ok(ClockChoice::System),
        None if text == "virtual" => Ok(ClockChoice::Virtual { start: None }),
        Some(("virtual", start)) => Ok(ClockChoice::Virtual { start: Some(time::instant(start)?) }),
        _ => {
            let cut: String = text.chars().take(80).collect();
            Err(ArgError::new(
                format!(
                    "「{cut}」という時計はありません。system、virtual、virtual@2026-12-05T10:00 のどれかです"
                ),
                format!("\"{cut}\" is not a clock; write system, virtual or virtual@2026-12-05T10:00"),
            ))
        }
    }
}

/// Runs it until a signal stops it.
#[must_use]
pub fn run(args: &Args, lang: Lang) -> ExitCode {
    let plan = match args.plan() {
        Ok(plan) => plan,
        Err(error) => {
            note_on_stderr(&format!("{}: {}\n", lang.pick("引数の誤り", "usage"), error.text(lang)));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    match serve(&plan, args, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            note_on_stderr(&format!("{}\n", fault::host(&fault, lang)));
            ExitCode::from(exit_code(&fault))
        }
    }
}

/// The exit code of `yui serve` that could not start.
#[must_use]
pub fn exit_code(fault: &HostFault) -> u8 {
    match fault {
        HostFault::Ledger(fault)
        | HostFault::Hub(HubFault::Ledger(fault) | HubFault::Open(OpenFault::Ledger(fault)))
            if is_damage(fault) =>
        {
            EXIT_DAMAGED
        }
        HostFault::Hub(HubFault::Open(
            OpenFault::Record { .. } | OpenFault::Contradiction { .. } | OpenFault::StateDiffers { .. },
        )) => EXIT_DAMAGED,
        HostFault::NetworkFile {
            fault:
                FileFault::Checksum
                | FileFault::Truncated { .. }
                | FileFault::Value { .. }
                | FileFault::Parts(_)
                | FileFault::Order(_),
            ..
        } => EXIT_DAMAGED,
        HostFault::Scenario(_)
        | HostFault::NetworkFile { .. }
        | HostFault::DrillInLive
        | HostFault::Telemetry(_) => EXIT_USAGE,
        HostFault::Server(_)
        | HostFault::Ledger(_)
        | HostFault::Hub(_)
        | HostFault::Seed(_)
        | HostFault::Network(_)
        | HostFault::Runtime(_) => EXIT_UNREACHABLE,
    }
}

/// Whether a ledger is not as it was written, as `yui check` counts it.
fn is_damage(fault: &LedgerFault) -> bool {
    matches!(
        fault,
        LedgerFault::Damaged { .. } | LedgerFault::TailLost { .. } | LedgerFault::NotALedger { .. }
    )
}

fn serve(plan: &Plan, args: &Args, lang: Lang) -> Result<(), HostFault> {
    crate::telemetry::install(args.log_format, &args.log)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(HostFault::Runtime)?;
    runtime.block_on(async {
        let host = Host::start(HostConfig {
            listen: plan.listen,
            data: plan.data.clone(),
            space: plan.space.clone(),
            clock: match plan.clock {
                ClockChoice::System => HostClock::System,
                ClockChoice::Virtual { start } => HostClock::Virtual { start },
            },
            scenario: plan.scenario.clone(),
            network: plan.network.clone(),
            limits: crate::service::server::Limits::default(),
        })
        .await?;
        let stop = crate::service::server::stop_signal()?;
        note_on_stderr(&welcome(&host, plan, lang));
        host.until(stop).await;
        Ok(())
    })
}

/// What to type next, for whoever has just started it.
fn welcome(host: &Host, plan: &Plan, lang: Lang) -> String {
    let address = host.local_addr();
    // As it was called, so that what is printed can be typed.
    let yui = std::env::args().next().unwrap_or_else(|| "yui".to_owned());
    let server = if address.to_string() == DEFAULT_LISTEN {
        String::new()
    } else {
        format!(" --server http://{address}")
    };
    let mut text = lang.pick(
        format!("yui: {} を http://{address} で提供しています(停止は Ctrl-C)\n", plan.space),
        format!("yui serves {} on http://{address} (stop with Ctrl-C)\n", plan.space),
    );
    for told in host.told() {
        text += &format!("{}\n", lang.pick(&told.ja, &told.en));
    }
    if host.is_empty() {
        text += lang.pick(
            "まだ誰も登録されていません。構成団体の登録から始めてください:\n",
            "Nobody is registered yet. Begin with a member:\n",
        );
        text += &format!("  {yui}{server} member create hyogo --file hyogo.json\n");
        text += lang.pick(
            "書き方は yui member create --help にあります\n",
            "yui member create --help shows the file\n",
        );
    } else if matches!(plan.space, Space::Drill(_)) {
        text += lang.pick("別のシェルで試せます:\n", "Try, in a second shell:\n");
        for line in [
            "rank --at 35.170,135.040 --when 10:00",
            "rank --at 35.170,135.040 --when 15:56",
            "rank --at 35.170,135.040 --when 16:10",
        ] {
            text += &format!("  {yui}{server} {line}\n");
        }
        text += &lang.pick(
            format!("基地の画面: http://{address}/base\n"),
            format!("The bases' pages: http://{address}/base\n"),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;

    fn plan(words: &[&str]) -> Result<Plan, String> {
        let words = ["yui", "serve"].iter().chain(words);
        let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
        let Command::Serve(args) = cli.command else { return Err("not serve".to_owned()) };
        args.plan().map_err(|error| error.to_string())
    }

    #[test]
    fn serve_alone_is_the_live_space_on_the_wall_clock() {
        let plan = plan(&[]).unwrap();
        assert_eq!((plan.space, plan.clock), (Space::Live, ClockChoice::System));
        assert_eq!(plan.listen.to_string(), DEFAULT_LISTEN);
    }

    #[test]
    fn a_virtual_clock_or_a_scenario_is_refused_in_the_live_space() {
        assert!(plan(&["--clock", "virtual"]).unwrap_err().contains("wall clock"));
        assert!(plan(&["--clock", "virtual@2026-12-05T10:00", "--space", "live"]).is_err());
        assert!(plan(&["--scenario", "/"]).unwrap_err().contains("no scenario"));
    }

    #[test]
    fn a_drill_is_virtual_unless_told_otherwise() {
        let drill = ["--space", "drill/kansai"];
        assert_eq!(plan(&drill).unwrap().clock, ClockChoice::Virtual { start: None });
        let system = plan(&[&drill[..], &["--clock", "system"]].concat()).unwrap();
        assert_eq!(system.clock, ClockChoice::System);
        let at = plan(&[&drill[..], &["--clock", "virtual@2026-12-05T10:00"]].concat()).unwrap();
        assert_eq!(at.clock, ClockChoice::Virtual { start: Some(Timestamp(1_796_432_400_000)) });
    }

    #[test]
    fn only_this_machine_may_call_until_there_are_identities() {
        assert!(plan(&["--listen", "0.0.0.0:7878"]).unwrap_err().contains("identities"));
        assert!(plan(&["--listen", "[::1]:0"]).is_ok());
        for listen in ["", "127.0.0.1", "localhost:1", "127.0.0.1:99999"] {
            assert!(plan(&["--listen", listen]).is_err(), "{listen}");
        }
    }

    #[test]
    fn a_space_clock_or_folder_that_cannot_be_is_refused() {
        for words in [
            ["--space", "drill"],
            ["--space", "drill/Kansai"],
            ["--space", "test"],
            ["--clock", "sundial"],
            ["--clock", "virtual@10:00"],
            ["--data", "/dev/null"],
        ] {
            assert!(plan(&words).is_err(), "{words:?}");
        }
        assert!(plan(&["--space", "drill/kansai", "--scenario", "/nowhere"]).is_err());
    }
}
