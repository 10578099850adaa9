//! `yui rank`: who can help, how soon, at what price; who cannot, why, and what would change that.

mod sheet;

use super::args::ArgError;
use super::failure::Failure;
use super::names;
use super::scene::SceneArgs;
use super::session::Session;
use super::time::When;
use crate::api::v1;
use crate::api::v1::rank_candidates_request::Subject;

/// Arguments of `yui rank`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  yui rank --at 35.1773,135.0367 --need physician --when 2026-12-05T10:00")]
pub struct Args {
    /// Rank for a request that was made
    #[arg(long, value_name = "REQUEST", value_parser = names::request, conflicts_with_all = ["at", "origin"])]
    request: Option<String>,
    /// Rank for another moment than now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    when: Option<When>,
    /// How many candidates; the others that can go follow in one line each
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(i32).range(1..=100))]
    top: i32,
    /// What is asked for.
    #[command(flatten)]
    scene: SceneArgs,
}

/// Runs it.
///
/// # Errors
/// As [`Session::ask`]; [`Failure::Argument`] when no place is named.
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    let subject = match &args.request {
        Some(request) => Subject::Request(request.clone()),
        None if args.scene.at.is_none() && args.scene.origin.is_none() => {
            let error = ArgError::new(
                "場所が必要です。--at 緯度,経度、--origin 病院、--request 要請 のどれかを指定してください",
                "a place is needed: give --at LAT,LON, --origin HOSPITAL or --request REQUEST",
            );
            return Err(error.into());
        }
        None => Subject::Draft(args.scene.request(session).await?),
    };
    let at_time = session.instant(args.when).await?;
    let call = v1::RankCandidatesRequest { candidate_count: args.top, at_time, subject: Some(subject) };
    session.ask(call).await
}
