//! `yui bed`: hospital beds for a while. The hospital says yes or no.

use super::args::HeardArgs;
use super::failure::Failure;
use super::lease::{ListArgs, WindowArgs};
use super::names;
use super::session::Session;
use super::text::words;
use crate::api::v1;
use crate::decision::limits::PATIENTS_MAX;
use clap::{Subcommand, ValueEnum, value_parser};

/// Subcommands of `yui bed`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List the beds that were asked for
    List(ListArgs),
    /// Ask a hospital for a bed
    #[command(after_help = "Example:\n  yui bed ask hyogo/r-1/1-1 --hospital hyogo/hyogo-kakogawa --for 2h")]
    Ask {
        /// For which requisition
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        requisition: String,
        /// Which hospital
        #[arg(long, value_name = "HOSPITAL", value_parser = names::hospital)]
        hospital: String,
        /// How many patients
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=i64::from(PATIENTS_MAX)))]
        patients: u32,
        /// When.
        #[command(flatten)]
        window: WindowArgs,
    },
    /// Give a bed back
    End {
        /// Of which requisition
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        requisition: String,
        /// Which hospital
        #[arg(long, value_name = "HOSPITAL", value_parser = names::hospital)]
        hospital: String,
    },
    /// The hospital's answer
    #[command(
        after_help = "Example:\n  yui bed answer hyogo/r-1/1-1 --hospital hyogo/hyogo-kakogawa yes --heard-from \"ER Sato\""
    )]
    Answer {
        /// For which requisition
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        requisition: String,
        /// Which hospital
        #[arg(long, value_name = "HOSPITAL", value_parser = names::hospital)]
        hospital: String,
        /// What it says
        #[arg(value_name = "yes|no")]
        answer: Answer,
        /// Why not
        #[arg(long, value_name = "REASON", value_parser = words::<v1::lease::Refusal>())]
        because: Option<v1::lease::Refusal>,
        /// Who said it, if by telephone.
        #[command(flatten)]
        heard: HeardArgs,
    },
}

/// What a hospital says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// It takes the patients
    Yes,
    /// It does not
    No,
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    let purpose = v1::lease::Purpose::Bed;
    match args {
        Args::List(args) => args.list(session, Some(purpose)).await,
        Args::Ask { requisition, hospital, patients, window } => {
            let call = v1::AskLeaseRequest {
                requisition,
                purpose: purpose.into(),
                subject: hospital,
                window: Some(window.window(session).await?),
                patients,
                ..Default::default()
            };
            session.order(call).await
        }
        Args::End { requisition, hospital } => {
            let call = v1::EndLeaseRequest {
                requisition,
                purpose: purpose.into(),
                subject: hospital,
                ..Default::default()
            };
            session.order(call).await
        }
        Args::Answer { requisition, hospital, answer, because, heard } => {
            let refusal = match answer {
                Answer::Yes => v1::lease::Refusal::Unspecified,
                Answer::No => because.unwrap_or(v1::lease::Refusal::NoBed),
            };
            let call = v1::AnswerBedRequest {
                requisition,
                hospital,
                accepted: answer == Answer::Yes,
                refusal: refusal.into(),
                telephone: heard.telephone(session.actor()),
                ..Default::default()
            };
            session.order(call).await
        }
    }
}
