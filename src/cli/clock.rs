//! `yui clock`: the clock of a drill; and the word that a ledger's clock is right, which the live space knows as well.
//!
//! The live space has no clock to turn, and its server says so.

use super::args;
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show};
use super::time::When;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui clock`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// What it shows
    Get,
    /// Move it forward; everything due on the way happens
    #[command(after_help = "Example:\n  yui clock advance 15m")]
    Advance {
        /// By how much
        #[arg(value_name = "SPAN", value_parser = args::wire_span)]
        step: prost_types::Duration,
    },
    /// Move it to a time; never back
    Set {
        /// To when
        #[arg(value_name = "TIME")]
        time: When,
    },
    /// Let it run, or stop it
    Run {
        /// Virtual seconds a second; 0 stops it
        #[arg(value_name = "RATE", value_parser = args::rate)]
        rate: f64,
    },
    /// Say that the clock of a ledger is right as it stands, after its ledger found it suspect; what paused goes on
    #[command(after_help = "Example:\n  yui clock trust hyogo --by Sato")]
    Trust {
        /// Whose ledger: a member, or a field
        #[arg(value_name = "MEMBER", value_parser = names::ledger)]
        name: String,
        /// The named person who says so
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::ask`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Get => session.ask(v1::GetClockRequest {}).await,
        Args::Advance { step } => session.ask(v1::AdvanceClockRequest { step: Some(step) }).await,
        Args::Set { time } => {
            let now_time = session.instant(Some(time)).await?;
            session.ask(v1::SetClockRequest { now_time }).await
        }
        Args::Run { rate } => session.ask(v1::RunClockRequest { rate }).await,
        Args::Trust { name, by } => {
            session.order(v1::TrustClockRequest { name, trusted_by: by, ..Default::default() }).await
        }
    }
}

impl Show for v1::TrustClockResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let (name, time) = (sheet.name(&self.name), sheet.time(self.decision_time.as_ref()));
        sheet
            .line(lang.pick(format!("{name}  時計を信頼  {time}"), format!("{name}  clock trusted  {time}")));
    }
}

impl Show for v1::DrillClock {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let now = sheet.time(self.now_time.as_ref());
        let rate = self.rate;
        let how = match (self.r#virtual, rate == 0.0) {
            (false, _) => lang.pick("実時計", "wall clock").to_owned(),
            (true, true) => lang.pick("仮想時計・停止中", "virtual, stopped").to_owned(),
            (true, false) => {
                lang.pick(format!("仮想時計・{rate}倍速"), format!("virtual, at {rate} seconds a second"))
            }
        };
        sheet.line(format!("{now}  {how}"));
    }
}
