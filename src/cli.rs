//! The command line: parse, send, show. One file per subcommand.
//!
//! Absent on purpose: decisions. Everything that may be refused is refused by the server, with its reason; what
//! cannot be meant at all (a latitude of 95, an unknown word) is refused here before it travels.
//! stdout carries the result, stderr everything else. Entry point: [`main`].

pub mod agreement;
pub mod air;
pub mod args;
pub mod asset;
pub mod bed;
pub mod calls;
pub mod check;
pub mod client;
pub mod clock;
pub mod commodity;
pub mod depot;
pub mod drill;
pub mod failure;
pub mod fault;
pub mod fleet;
mod geojson;
pub mod hospital;
pub mod json;
pub mod lease;
pub mod member;
pub mod mission;
pub mod names;
pub mod need;
pub mod network;
pub mod offer;
pub mod organisation;
pub mod pair;
pub mod plan;
pub mod rank;
pub mod request;
pub mod requisition;
pub mod resource_file;
pub mod road;
pub mod scene;
pub mod serve;
pub mod session;
pub mod sheet;
pub mod shipment;
pub mod site;
pub mod standing_order;
pub mod stock;
pub mod text;
pub mod time;
pub mod usage;
pub mod watch;
pub mod weather;
mod whereabouts;

use crate::lang::Lang;
use args::ArgError;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use failure::Failure;
use session::{Format, Session, note_on_stderr};
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

/// Where `yui serve` listens and where every other command looks for it, unless told otherwise.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:7878";
/// [`DEFAULT_LISTEN`] as clients write it.
pub const DEFAULT_SERVER: &str = "http://127.0.0.1:7878";
/// Seconds that a command waits for its answer, unless told otherwise.
pub const DEFAULT_TIMEOUT: &str = "10s";

/// The rules said no.
pub const EXIT_REFUSED: u8 = 1;
/// The command line cannot be meant.
pub const EXIT_USAGE: u8 = 2;
/// No server answered, or it could not.
pub const EXIT_UNREACHABLE: u8 = 3;
/// A ledger is damaged (`yui check`, `yui serve`).
pub const EXIT_DAMAGED: u8 = 4;

/// What `--help` ends with.
const EXIT_CODES: &str = "Exit codes:
  0  done
  1  refused by the rules: the reason is on stderr
  2  usage: the command line cannot be meant
  3  the server cannot be reached, or could not answer in time
  4  a ledger is damaged (check, serve), or a network file (network)

Names are short where their kind is known: hyogo/heli-toyooka for members/hyogo/assets/heli-toyooka.
Times are Japanese: 2026-12-05T10:00, 10:00 (today), now, +30m.";

/// yui answers which helicopter, now, and why.
#[derive(Debug, Parser)]
#[command(name = "yui", version, after_help = EXIT_CODES, subcommand_required = true, arg_required_else_help = true)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What applies to every command.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub struct GlobalArgs {
    /// The server to ask
    #[arg(long, global = true, env = "YUI_SERVER", value_name = "URL", default_value = DEFAULT_SERVER)]
    pub server: String,
    /// Who acts, as the ledger records it; your login when left out
    #[arg(long, global = true, env = "YUI_ACTOR", value_name = "NAME", value_parser = args::actor)]
    pub actor: Option<String>,
    /// Language of the output; by YUI_LANG, then LANG, else English
    #[arg(long, global = true, value_name = "ja|en")]
    pub lang: Option<LangArg>,
    /// Canonical proto JSON, one line for each message
    #[arg(long, global = true)]
    pub json: bool,
    /// Identifies a change, so that repeating it cannot do it twice; made up when left out
    #[arg(long, global = true, value_name = "ID", value_parser = args::token)]
    pub request_id: Option<String>,
    /// Judge the change, but change nothing
    #[arg(long, global = true)]
    pub validate_only: bool,
    /// How long to wait for the answer
    #[arg(long, global = true, value_name = "SPAN", default_value = DEFAULT_TIMEOUT, value_parser = args::timeout)]
    pub timeout: Duration,
}

impl GlobalArgs {
    /// How results are written.
    #[must_use]
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { Format::Sheet }
    }

    /// Who acts: as told, else the login, else `cli`.
    #[must_use]
    pub fn actor(&self) -> String {
        let login = || ["USER", "LOGNAME"].iter().find_map(|key| args::actor(&std::env::var(key).ok()?).ok());
        self.actor.clone().or_else(login).unwrap_or_else(|| "cli".to_owned())
    }
}

/// A language as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Japanese
    Ja,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(typed: LangArg) -> Lang {
        match typed {
            LangArg::Ja => Lang::Ja,
            LangArg::En => Lang::En,
        }
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server
    Serve(serve::Args),
    /// Verify the ledgers of a data directory
    Check(check::Args),
    /// Which aircraft, to which landing site and hospital, when, and why not the others; changes nothing
    Rank(Box<rank::Args>),
    /// Calls for help
    #[command(subcommand)]
    Request(request::Args),
    /// What is asked of a base, and its answer
    #[command(subcommand)]
    Requisition(requisition::Args),
    /// What a committed aircraft does
    #[command(subcommand)]
    Mission(mission::Args),
    /// Landing spots and fuel for a while
    #[command(subcommand)]
    Lease(lease::Args),
    /// Hospital beds for a while
    #[command(subcommand)]
    Bed(bed::Args),
    /// Aircraft that their custodian volunteers, and answers that came too late
    #[command(subcommand)]
    Offer(offer::Args),
    /// Orders that let the next candidate be asked without a key press
    #[command(subcommand)]
    StandingOrder(standing_order::Args),
    /// Members of the union and linked bodies
    #[command(subcommand)]
    Member(member::Args),
    /// Fire departments, hospitals, bases, operators
    #[command(subcommand)]
    Organisation(organisation::Args),
    /// Helicopters, doctor cars, ambulance starts
    #[command(subcommand)]
    Asset(asset::Args),
    /// Landing sites
    #[command(subcommand)]
    Site(site::Args),
    /// Receiving hospitals
    #[command(subcommand)]
    Hospital(hospital::Args),
    /// Who may be asked for the people of an area
    #[command(subcommand)]
    Agreement(agreement::Args),
    /// What is needed where
    #[command(subcommand)]
    Need(need::Args),
    /// Who sends what to whom, as proposed, and the senders' word on it
    #[command(subcommand)]
    Plan(plan::Args),
    /// Who supports which municipality for weeks
    #[command(subcommand)]
    Pair(pair::Args),
    /// Goods under way, from the sender's word to what was counted
    #[command(subcommand)]
    Shipment(shipment::Args),
    /// What lies where, and how much of it may go
    #[command(subcommand)]
    Stock(stock::Args),
    /// What the union counts, and in which unit
    #[command(subcommand)]
    Commodity(commodity::Args),
    /// Places where goods are handed on
    #[command(subcommand)]
    Depot(depot::Args),
    /// Lorries and helicopters that carry goods
    #[command(subcommand)]
    Fleet(fleet::Args),
    /// The roads: what is closed, how long it takes, what cannot be reached
    #[command(subcommand)]
    Road(Box<road::Args>),
    /// Road networks out of maps, without a server
    #[command(subcommand)]
    Network(network::Args),
    /// Flights, areas that may not be flown through, pads that two flights want
    #[command(subcommand)]
    Air(air::Args),
    /// Weather by region
    #[command(subcommand)]
    Weather(weather::Args),
    /// Drills that the machine plays by itself, without a server
    #[command(subcommand)]
    Drill(drill::Args),
    /// The clock of a drill
    #[command(subcommand)]
    Clock(clock::Args),
    /// Follow every change as it happens
    Watch(watch::Args),
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let fallback = fallback_lang(|key| std::env::var(key).ok());
    let parsed = Cli::command().try_get_matches_from(&words).and_then(|found| Cli::from_arg_matches(&found));
    match parsed {
        Ok(cli) => run(cli, fallback),
        Err(error) => usage::report(&error, usage::lang_of(&words).unwrap_or(fallback)),
    }
}

/// The language by the environment: `YUI_LANG`, then the locale, else English.
#[must_use]
pub fn fallback_lang(get: impl Fn(&str) -> Option<String>) -> Lang {
    let keys = ["YUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let set = keys.iter().find_map(|key| get(key).filter(|value| !value.is_empty()));
    if set.is_some_and(|value| value.starts_with("ja")) { Lang::Ja } else { Lang::En }
}

fn run(cli: Cli, fallback: Lang) -> ExitCode {
    let lang = cli.global.lang.map_or(fallback, Lang::from);
    match cli.command {
        Command::Serve(args) => serve::run(&args, lang),
        Command::Check(args) => check::run(&args, lang, cli.global.format()),
        Command::Network(args) => network::run(&args, lang, cli.global.format()),
        Command::Drill(args) => drill::run(&args, lang, cli.global.format()),
        Command::Plan(plan::Args::Solve(args)) => plan::offline::solve(&args, lang),
        Command::Plan(plan::Args::Check(args)) => plan::offline::check(&args, lang, cli.global.format()),
        command => match run_client(&cli.global, command, lang) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                note_on_stderr(&failure.text(lang));
                failure.exit_code()
            }
        },
    }
}

fn run_client(global: &GlobalArgs, command: Command, lang: Lang) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let session = Session::new(global, lang)?;
        dispatch(&session, command).await
    })
}

async fn dispatch(session: &Session, command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(_) | Command::Check(_) | Command::Network(_) | Command::Drill(_) => {
            Err(Failure::Argument(ArgError::new(
                "このコマンドはサーバーに接続しません",
                "this command does not ask a server",
            )))
        }
        Command::Rank(args) => rank::run(session, *args).await,
        Command::Request(args) => request::run(session, args).await,
        Command::Requisition(args) => requisition::run(session, args).await,
        Command::Mission(args) => mission::run(session, args).await,
        Command::Lease(args) => lease::run(session, args).await,
        Command::Bed(args) => bed::run(session, args).await,
        Command::Offer(args) => offer::run(session, args).await,
        Command::StandingOrder(args) => standing_order::run(session, args).await,
        Command::Member(args) => member::run(session, args).await,
        Command::Organisation(args) => organisation::run(session, args).await,
        Command::Asset(args) => asset::run(session, args).await,
        Command::Site(args) => site::run(session, args).await,
        Command::Hospital(args) => hospital::run(session, args).await,
        Command::Agreement(args) => agreement::run(session, args).await,
        Command::Need(args) => need::run(session, args).await,
        Command::Plan(args) => plan::run(session, args).await,
        Command::Pair(args) => pair::run(session, args).await,
        Command::Shipment(args) => shipment::run(session, args).await,
        Command::Stock(args) => stock::run(session, args).await,
        Command::Commodity(args) => commodity::run(session, args).await,
        Command::Depot(args) => depot::run(session, args).await,
        Command::Fleet(args) => fleet::run(session, args).await,
        Command::Road(args) => road::run(session, *args).await,
        Command::Air(args) => air::run(session, args).await,
        Command::Weather(args) => weather::run(session, args).await,
        Command::Clock(args) => clock::run(session, args).await,
        Command::Watch(args) => watch::run(session, args).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
        assert_eq!(DEFAULT_SERVER, format!("http://{DEFAULT_LISTEN}"));
    }

    #[test]
    fn the_language_comes_from_the_environment() {
        let cases: [(&[(&str, &str)], Lang); 5] = [
            (&[("LANG", "ja_JP.UTF-8")], Lang::Ja),
            (&[("LANG", "ja_JP.UTF-8"), ("YUI_LANG", "en")], Lang::En),
            (&[("LC_ALL", ""), ("LANG", "ja")], Lang::Ja),
            (&[("LANG", "C.UTF-8")], Lang::En),
            (&[], Lang::En),
        ];
        for (environment, lang) in cases {
            let get = |key: &str| {
                environment.iter().find(|(name, _)| *name == key).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(fallback_lang(get), lang, "{environment:?}");
        }
    }
}
