//! Why a command did not do what was asked, in words and as an exit code.

use super::args::ArgError;
use super::{EXIT_REFUSED, EXIT_UNREACHABLE, EXIT_USAGE};
use crate::lang::Lang;
use std::error::Error;
use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetail, StatusExt};

/// Why a command ended without its result.
#[derive(Debug)]
pub enum Failure {
    /// Something typed cannot be meant.
    Argument(ArgError),
    /// The server answered no.
    Refused(Box<Status>),
    /// No answer came, or the server is not able to give one now.
    Unreachable(Box<Lost>),
    /// The result could not be written.
    Output(io::Error),
}

/// A call without an answer.
#[derive(Debug)]
pub struct Lost {
    /// What is known about it.
    pub status: Status,
    /// Which server.
    pub server: String,
    /// Of a change, whose outcome is not known: repeating it with this id cannot do it twice.
    pub request_id: Option<String>,
}

impl From<ArgError> for Failure {
    fn from(error: ArgError) -> Failure {
        Failure::Argument(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

/// Whether the same call may fare better in a moment: the server could not be reached, or said so itself.
#[must_use]
pub fn is_transient(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable => true,
        Code::ResourceExhausted => status.get_details_retry_info().is_some(),
        // A status with a source was made on this side, of a broken connection; a server's own has none.
        Code::Unknown | Code::Internal | Code::Cancelled => status.source().is_some(),
        _ => false,
    }
}

/// How long the server asks to wait, when it does.
#[must_use]
pub fn retry_after(status: &Status) -> Option<Duration> {
    status.get_details_retry_info().and_then(|info| info.retry_delay)
}

/// Whether no answer came in time, or the server failed: not a refusal.
#[must_use]
pub fn is_lost(status: &Status) -> bool {
    let failed = [Code::DeadlineExceeded, Code::Cancelled, Code::Internal, Code::DataLoss, Code::Unknown];
    is_transient(status) || failed.contains(&status.code())
}

impl Failure {
    /// The documented exit code.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Argument(_) => ExitCode::from(EXIT_USAGE),
            Failure::Refused(_) => ExitCode::from(EXIT_REFUSED),
            Failure::Unreachable(_) => ExitCode::from(EXIT_UNREACHABLE),
            // Whoever closed the pipe has read enough.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Failure::Output(_) => ExitCode::from(EXIT_UNREACHABLE),
        }
    }

    /// What people read on stderr; nothing for a closed pipe.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Failure::Argument(error) => {
                format!("{}: {}\n", lang.pick("引数の誤り", "usage"), error.text(lang))
            }
            Failure::Refused(status) => refusal(status, lang),
            Failure::Unreachable(lost) => lost.text(lang),
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => String::new(),
            Failure::Output(error) => {
                format!("{}: {error}\n", lang.pick("出力に失敗しました", "the output could not be written"))
            }
        }
    }
}

/// The message in the language asked for; the plain one when the server sent none in it.
fn message<'a>(status: &'a Status, details: &'a [ErrorDetail], lang: Lang) -> &'a str {
    let wanted = lang.pick("ja", "en");
    let localized = details.iter().find_map(|detail| match detail {
        ErrorDetail::LocalizedMessage(text) if text.locale.split('-').next() == Some(wanted) => {
            Some(text.message.as_str())
        }
        _ => None,
    });
    localized.unwrap_or(status.message())
}

fn refusal(status: &Status, lang: Lang) -> String {
    let details = status.get_error_details_vec();
    let reason = details.iter().find_map(|detail| match detail {
        ErrorDetail::ErrorInfo(info) => Some(info.reason.clone()),
        _ => None,
    });
    let reason = reason.unwrap_or_else(|| format!("{:?}", status.code()));
    let refused = lang.pick("受け付けられません", "refused");
    let mut text = format!("{refused} [{reason}]: {}\n", message(status, &details, lang));
    for detail in &details {
        explain(detail, lang, &mut text);
    }
    text
}

/// Adds the lines of one detail.
fn explain(detail: &ErrorDetail, lang: Lang, text: &mut String) {
    let mut line = |label: &str, subject: &str, words: &str| {
        let gap = if subject.is_empty() || words.is_empty() { "" } else { ": " };
        let _ = writeln!(text, "  {label} {subject}{gap}{words}");
    };
    match detail {
        ErrorDetail::BadRequest(bad) => {
            for violation in &bad.field_violations {
                line(lang.pick("項目", "field"), &violation.field, &violation.description);
            }
        }
        ErrorDetail::PreconditionFailure(failure) => {
            for violation in &failure.violations {
                line(lang.pick("条件", "condition"), &violation.subject, &violation.description);
            }
        }
        ErrorDetail::QuotaFailure(failure) => {
            for violation in &failure.violations {
                line(lang.pick("上限", "limit"), &violation.subject, &violation.description);
            }
        }
        ErrorDetail::ResourceInfo(info) => {
            line(lang.pick("対象", "resource"), &info.resource_name, &info.description);
        }
        ErrorDetail::RetryInfo(info) => {
            let seconds = info.retry_delay.unwrap_or_default().as_secs_f64();
            line(
                lang.pick("再試行", "try again"),
                "",
                &lang.pick(format!("{seconds} 秒後"), format!("in {seconds} s")),
            );
        }
        ErrorDetail::Help(help) => {
            for link in &help.links {
                line(lang.pick("参照", "see"), &link.url, &link.description);
            }
        }
        ErrorDetail::ErrorInfo(_)
        | ErrorDetail::LocalizedMessage(_)
        | ErrorDetail::RequestInfo(_)
        | ErrorDetail::DebugInfo(_) => {}
        _ => {}
    }
}

impl Lost {
    fn text(&self, lang: Lang) -> String {
        let details = self.status.get_error_details_vec();
        let said = message(&self.status, &details, lang);
        let server = &self.server;
        let mut text = match self.status.code() {
            Code::DeadlineExceeded => lang.pick(
                format!(
                    "{server} から時間内に応答がありません。--timeout を延ばしてもう一度試してください\n"
                ),
                format!("no answer from {server} in time; try again, or with a longer --timeout\n"),
            ),
            Code::Unavailable | Code::Unknown | Code::Cancelled => lang.pick(
                format!("{server} に接続できません({said})。サーバーの起動と --server を確かめてください\n"),
                format!("{server} cannot be reached ({said}); check that it runs, and --server\n"),
            ),
            code => lang.pick(
                format!("{server} が応答できません({code:?}: {said})。少し待ってもう一度試してください\n"),
                format!("{server} could not answer ({code:?}: {said}); try again in a moment\n"),
            ),
        };
        if let Some(request_id) = &self.request_id {
            text.push_str(&lang.pick(
                format!("  実行された可能性があります。--request-id {request_id} を付けて繰り返せば二重にはなりません\n"),
                format!("  it may have been done: repeat it with --request-id {request_id}, which cannot do it twice\n"),
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    fn held() -> Status {
        let mut details = ErrorDetails::with_error_info(
            "ASSET_HELD",
            "yui",
            [("asset".to_owned(), "members/hyogo/assets/a".to_owned())],
        );
        details.add_precondition_failure_violation("HOLD", "members/hyogo/assets/a", "held until 10:05");
        details.set_localized_message("ja", "他の要請で確保済みです。次の候補を要請してください");
        Status::with_error_details(Code::FailedPrecondition, "held for somebody else; ask the next", details)
    }

    #[test]
    fn a_refusal_reads_in_the_language_asked_for() {
        let english = "refused [ASSET_HELD]: held for somebody else; ask the next\n  \
                       condition members/hyogo/assets/a: held until 10:05\n";
        assert_eq!(refusal(&held(), Lang::En), english);
        assert!(refusal(&held(), Lang::Ja).contains("[ASSET_HELD]: 他の要請で確保済みです"));
        let bare = Status::not_found("member x is not known here");
        assert_eq!(refusal(&bare, Lang::Ja), "受け付けられません [NotFound]: member x is not known here\n");
    }

    #[test]
    fn a_field_violation_names_the_field() {
        let details =
            ErrorDetails::with_bad_request_violation("request.position", "must lie within -90 and 90");
        let status = Status::with_error_details(Code::InvalidArgument, "bad", details);
        assert!(
            refusal(&status, Lang::En).contains("  field request.position: must lie within -90 and 90\n")
        );
    }

    #[test]
    fn only_what_may_fare_better_is_tried_again() {
        assert!(is_transient(&Status::unavailable("starting")));
        assert!(!is_transient(&held()));
        assert!(!is_transient(&Status::resource_exhausted("64 members at most")));
        let full = ErrorDetails::with_retry_info(Some(Duration::from_millis(200)));
        let full = Status::with_error_details(Code::ResourceExhausted, "inbox full", full);
        assert!(is_transient(&full));
        assert_eq!(retry_after(&full), Some(Duration::from_millis(200)));
        let broken = Status::from_error(Box::new(io::Error::other("connection reset")));
        assert!(is_transient(&broken));
        assert!(!is_transient(&Status::internal("a bug")));
        assert!(is_lost(&Status::internal("a bug")));
    }

    #[test]
    fn a_lost_change_says_how_to_repeat_it_safely() {
        let lost = Lost {
            status: Status::deadline_exceeded(""),
            server: "http://127.0.0.1:7878".to_owned(),
            request_id: Some("id-7".to_owned()),
        };
        for lang in [Lang::Ja, Lang::En] {
            assert!(lost.text(lang).contains("--request-id id-7"));
        }
    }

    #[test]
    fn broken_details_do_not_hide_the_message() {
        let status = Status::with_details(Code::NotFound, "gone", bytes(&[0xff; 40]).into());
        assert!(refusal(&status, Lang::En).contains("gone"));
    }

    fn bytes(raw: &[u8]) -> Vec<u8> {
        raw.to_vec()
    }

    #[test]
    fn a_closed_pipe_is_silent() {
        let closed = Failure::Output(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(closed.text(Lang::En), "");
        assert_eq!(closed.exit_code(), ExitCode::SUCCESS);
    }
}
