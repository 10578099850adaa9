//! What the front refuses before any rule is asked: limits, deadlines, forms, the drill clock, tokens.
//!
//! One exhaustive table, in both languages; [`status`](super::status) holds that of the services and of the rules. A reason
//! stands in one of them only.

use super::status::{ERROR_DOMAIN, rfc3339};
use crate::id::Space;
use crate::units::Timestamp;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// How long a caller who was turned away for lack of room should wait before it tries again.
pub const RETRY_AFTER: Duration = Duration::from_millis(200);

/// How long a caller should wait while the server starts or stops.
pub const RETRY_RESTART: Duration = Duration::from_secs(1);

/// Why the front turned a call away or ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// As many calls are running as may.
    Overloaded {
        /// How many may.
        calls_max: usize,
    },
    /// The answer was not ready in time. What a ledger acknowledged stands all the same.
    DeadlineExceeded {
        /// The time that the call had.
        limit: Duration,
    },
    /// The header `grpc-timeout` does not say a time.
    BadDeadline,
    /// The ledgers are being read.
    Starting,
    /// The server stops.
    Stopping,
    /// The bytes are not the message of this method.
    MalformedMessage {
        /// What was wrong with them, without their content.
        fault: String,
    },
    /// The message is too large.
    MessageTooLarge {
        /// How large it may be.
        bytes_max: usize,
    },
    /// The message is compressed.
    CompressedMessage,
    /// There is no such method.
    UnknownMethod,
    /// A page of another site tries to use the browser of somebody who may come in.
    ForeignOrigin,
    /// A bug. The text is in the log.
    Bug,
    /// A watch names a kind that does not exist.
    UnknownKind {
        /// What was named, shortened.
        kind: String,
    },
    /// The bytes are not a resume token.
    BadToken,
    /// The token was given out in another space.
    TokenOfAnotherSpace {
        /// The space that is served here.
        space: Space,
    },
    /// The token was given out for other kinds or another member.
    TokenOfAnotherQuery,
    /// As many watches are open as may.
    TooManyWatches {
        /// How many may.
        watches_max: usize,
    },
    /// The caller does not read its watch.
    SlowWatcher {
        /// How long it had not read.
        patience: Duration,
    },
    /// The clock of the live space is the world's.
    LiveSpaceHasNoDrillClock,
    /// This drill runs on the wall clock.
    DrillRunsOnWallClock {
        /// The space.
        space: Space,
    },
    /// The step is missing, negative, malformed or too long.
    BadStep {
        /// How long it may be.
        step_s_max: u32,
    },
    /// The time is missing, malformed or too far ahead.
    BadTime {
        /// How far ahead it may lie.
        step_s_max: u32,
    },
    /// A clock never goes back.
    ClockGoesBack {
        /// What it shows.
        now: Timestamp,
    },
    /// The rate is not a number, negative or too fast.
    BadRate {
        /// The fastest.
        rate_max: u32,
    },
}

/// What else belongs to an answer beside code, reason and texts.
enum Detail {
    None,
    Field(&'static str),
    Retry(Duration),
    Quota(&'static str),
    Precondition(String),
}

/// A row of the table.
struct Row {
    code: Code,
    reason: &'static str,
    metadata: Vec<(&'static str, String)>,
    english: String,
    japanese: String,
    detail: Detail,
}

impl Refusal {
    /// The reason as it stands in `google.rpc.ErrorInfo`; it never changes meaning.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.row().reason
    }

    /// The answer on the wire: the message in English, the same in Japanese as `LocalizedMessage`.
    #[must_use]
    pub fn status(&self) -> Status {
        let row = self.row();
        let mut details = ErrorDetails::new();
        let metadata = row.metadata.into_iter().map(|(key, value)| (key.to_owned(), value));
        #[expect(
            clippy::disallowed_types,
            reason = "the library wants one; protobuf gives it no order anyway"
        )]
        let metadata = metadata.collect::<std::collections::HashMap<String, String>>();
        details.set_error_info(row.reason, ERROR_DOMAIN, metadata);
        details.set_localized_message("ja", row.japanese);
        match row.detail {
            Detail::None => {}
            Detail::Field(field) => {
                details.add_bad_request_violation(field, row.english.clone());
            }
            Detail::Retry(after) => {
                details.set_retry_info(Some(after));
            }
            Detail::Quota(subject) => {
                details.add_quota_failure_violation(subject, row.english.clone());
                details.set_retry_info(Some(RETRY_AFTER));
            }
            Detail::Precondition(subject) => {
                details.add_precondition_failure_violation(row.reason, subject, row.english.clone());
            }
        }
        Status::with_error_details(row.code, row.english, details)
    }

    /// Both texts, for a page.
    #[must_use]
    pub fn bilingual(&self) -> String {
        let row = self.row();
        format!("{}\n{}\n", row.japanese, row.english)
    }

    /// The table: no `_` arm, so a new refusal does not compile until it has a code, a reason and both texts.
    fn row(&self) -> Row {
        match self {
            Refusal::Overloaded { calls_max } => Row {
                code: Code::ResourceExhausted,
                reason: "OVERLOADED",
                metadata: vec![("calls_max", calls_max.to_string())],
                english: format!("{calls_max} calls are running already; retry in a moment"),
                japanese: format!(
                    "同時に処理できる{calls_max}件に達しています。少し待って再試行してください"
                ),
                detail: Detail::Quota("calls"),
            },
            Refusal::DeadlineExceeded { limit } => Row {
                code: Code::DeadlineExceeded,
                reason: "DEADLINE_EXCEEDED",
                metadata: vec![("limit_ms", limit.as_millis().to_string())],
                english: format!(
                    "not answered within {} ms; a command may still have been recorded: ask again with the same \
                     request_id",
                    limit.as_millis()
                ),
                japanese: format!(
                    "{}ミリ秒以内に応答できませんでした。記録された可能性があります。同じ request_id で確認してください",
                    limit.as_millis()
                ),
                detail: Detail::None,
            },
            Refusal::BadDeadline => Row {
                code: Code::InvalidArgument,
                reason: "BAD_DEADLINE",
                metadata: vec![],
                english: "grpc-timeout is not up to 8 digits and one of H, M, S, m, u, n".to_owned(),
                japanese: "grpc-timeout は8桁以内の数字と H M S m u n のいずれかで指定してください"
                    .to_owned(),
                detail: Detail::Field("grpc-timeout"),
            },
            Refusal::Starting => Row {
                code: Code::Unavailable,
                reason: "STARTING",
                metadata: vec![],
                english: "the ledgers are being read; retry when the health service says SERVING".to_owned(),
                japanese: "台帳を読み込んでいます。しばらくして再試行してください".to_owned(),
                detail: Detail::Retry(RETRY_RESTART),
            },
            Refusal::Stopping => Row {
                code: Code::Unavailable,
                reason: "STOPPING",
                metadata: vec![],
                english: "the server stops; connect again when it is back, a watch resumes with its token"
                    .to_owned(),
                japanese:
                    "サーバーを停止します。再開後に接続し直してください。監視はトークンで続きから再開できます"
                        .to_owned(),
                detail: Detail::Retry(RETRY_RESTART),
            },
            Refusal::MalformedMessage { fault } => Row {
                code: Code::InvalidArgument,
                reason: "MALFORMED_MESSAGE",
                metadata: vec![("fault", fault.clone())],
                english: format!("the bytes are not the message of this method: {fault}"),
                japanese: format!("この呼び出しのメッセージとして読めません: {fault}"),
                detail: Detail::None,
            },
            Refusal::MessageTooLarge { bytes_max } => Row {
                code: Code::ResourceExhausted,
                reason: "MESSAGE_TOO_LARGE",
                metadata: vec![("bytes_max", bytes_max.to_string())],
                english: format!("a message may have up to {bytes_max} bytes"),
                japanese: format!("メッセージは{bytes_max}バイトまでです"),
                detail: Detail::None,
            },
            Refusal::CompressedMessage => Row {
                code: Code::Unimplemented,
                reason: "COMPRESSED_MESSAGE",
                metadata: vec![],
                english: "compressed messages are not accepted; send grpc-encoding identity".to_owned(),
                japanese: "圧縮したメッセージは受け付けません。grpc-encoding は identity にしてください"
                    .to_owned(),
                detail: Detail::None,
            },
            Refusal::UnknownMethod => Row {
                code: Code::Unimplemented,
                reason: "UNKNOWN_METHOD",
                metadata: vec![],
                english: "no such method; reflection lists those of yui.v1".to_owned(),
                japanese: "そのような呼び出しはありません。yui.v1 の一覧はリフレクションで得られます"
                    .to_owned(),
                detail: Detail::None,
            },
            Refusal::ForeignOrigin => Row {
                code: Code::PermissionDenied,
                reason: "FOREIGN_ORIGIN",
                metadata: vec![],
                english: "the page that calls is not one of this server's own".to_owned(),
                japanese: "このサーバー以外のページからは呼び出せません".to_owned(),
                detail: Detail::None,
            },
            Refusal::Bug => Row {
                code: Code::Internal,
                reason: "BUG",
                metadata: vec![],
                english: "a bug in the server; report the x-request-id of this answer".to_owned(),
                japanese: "サーバーの不具合です。この応答の x-request-id を添えて連絡してください".to_owned(),
                detail: Detail::None,
            },
            Refusal::UnknownKind { kind } => Row {
                code: Code::InvalidArgument,
                reason: "UNKNOWN_KIND",
                metadata: vec![("kind", kind.clone())],
                english: format!("\"{kind}\" is not a kind of resource"),
                japanese: format!("「{kind}」という種類はありません"),
                detail: Detail::Field("kinds"),
            },
            Refusal::BadToken => Row {
                code: Code::InvalidArgument,
                reason: "BAD_RESUME_TOKEN",
                metadata: vec![],
                english: "resume_token was not given out by a watch; leave it empty to begin anew".to_owned(),
                japanese: "resume_token が正しくありません。空にすると最初から始まります".to_owned(),
                detail: Detail::Field("resume_token"),
            },
            Refusal::TokenOfAnotherSpace { space } => Row {
                code: Code::InvalidArgument,
                reason: "TOKEN_OF_ANOTHER_SPACE",
                metadata: vec![("space", space.to_string())],
                english: format!("resume_token belongs to another space; this one is {space}"),
                japanese: format!("resume_token は別の空間のものです。ここは {space} です"),
                detail: Detail::Field("resume_token"),
            },
            Refusal::TokenOfAnotherQuery => Row {
                code: Code::InvalidArgument,
                reason: "TOKEN_OF_ANOTHER_QUERY",
                metadata: vec![],
                english: "resume_token belongs to a watch with other kinds or another member; leave it empty"
                    .to_owned(),
                japanese: "resume_token は別の条件の監視のものです。空にしてください".to_owned(),
                detail: Detail::Field("resume_token"),
            },
            Refusal::TooManyWatches { watches_max } => Row {
                code: Code::ResourceExhausted,
                reason: "TOO_MANY_WATCHES",
                metadata: vec![("watches_max", watches_max.to_string())],
                english: format!("{watches_max} watches are open already"),
                japanese: format!("監視は{watches_max}件までです"),
                detail: Detail::Quota("watches"),
            },
            Refusal::SlowWatcher { patience } => Row {
                code: Code::Unavailable,
                reason: "SLOW_WATCHER",
                metadata: vec![("patience_ms", patience.as_millis().to_string())],
                english: format!(
                    "nothing was read for {} ms; resume with the last token",
                    patience.as_millis()
                ),
                japanese: format!(
                    "{}ミリ秒の間読み出されませんでした。最後のトークンで再開してください",
                    patience.as_millis()
                ),
                detail: Detail::Retry(RETRY_AFTER),
            },
            Refusal::LiveSpaceHasNoDrillClock => Row {
                code: Code::FailedPrecondition,
                reason: "LIVE_SPACE_HAS_NO_DRILL_CLOCK",
                metadata: vec![],
                english: "the live space runs on the wall clock; turn the clock of a drill space".to_owned(),
                japanese: "本番の時計は動かせません。訓練空間で行ってください".to_owned(),
                detail: Detail::Precondition("live".to_owned()),
            },
            Refusal::DrillRunsOnWallClock { space } => Row {
                code: Code::FailedPrecondition,
                reason: "DRILL_RUNS_ON_WALL_CLOCK",
                metadata: vec![("space", space.to_string())],
                english: format!("{space} runs on the wall clock; start it with a virtual one"),
                japanese: format!("{space} は実時計で動いています。仮想時計で起動してください"),
                detail: Detail::Precondition(space.to_string()),
            },
            Refusal::BadStep { step_s_max } => Row {
                code: Code::InvalidArgument,
                reason: "BAD_STEP",
                metadata: vec![("step_s_max", step_s_max.to_string())],
                english: format!("step must lie within 0 and {step_s_max} seconds"),
                japanese: format!("step は0秒から{step_s_max}秒の間で指定してください"),
                detail: Detail::Field("step"),
            },
            Refusal::BadTime { step_s_max } => Row {
                code: Code::InvalidArgument,
                reason: "BAD_TIME",
                metadata: vec![("step_s_max", step_s_max.to_string())],
                english: format!("now_time must be a time up to {step_s_max} seconds ahead"),
                japanese: format!("now_time は{step_s_max}秒先までの時刻で指定してください"),
                detail: Detail::Field("now_time"),
            },
            Refusal::ClockGoesBack { now } => Row {
                code: Code::FailedPrecondition,
                reason: "CLOCK_GOES_BACK",
                metadata: vec![("now_time", rfc3339(*now))],
                english: format!("the clock shows {} already and never goes back", rfc3339(*now)),
                japanese: format!("時計はすでに {} を示しており、戻せません", rfc3339(*now)),
                detail: Detail::Precondition("clock".to_owned()),
            },
            Refusal::BadRate { rate_max } => Row {
                code: Code::InvalidArgument,
                reason: "BAD_RATE",
                metadata: vec![("rate_max", rate_max.to_string())],
                english: format!("rate must be 0 or lie within 0.001 and {rate_max}"),
                japanese: format!("rate は0、または0.001から{rate_max}の間で指定してください"),
                detail: Detail::Field("rate"),
            },
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Status {
        refusal.status()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// One of each. What is missing here does not compile below.
    fn all() -> Vec<Refusal> {
        let space: Space = "drill/kansai".parse().unwrap();
        let all = vec![
            Refusal::Overloaded { calls_max: 256 },
            Refusal::DeadlineExceeded { limit: Duration::from_secs(30) },
            Refusal::BadDeadline,
            Refusal::Starting,
            Refusal::Stopping,
            Refusal::MalformedMessage { fault: "unexpected end".to_owned() },
            Refusal::MessageTooLarge { bytes_max: 1 << 20 },
            Refusal::CompressedMessage,
            Refusal::UnknownMethod,
            Refusal::ForeignOrigin,
            Refusal::Bug,
            Refusal::UnknownKind { kind: "kite".to_owned() },
            Refusal::BadToken,
            Refusal::TokenOfAnotherSpace { space: space.clone() },
            Refusal::TokenOfAnotherQuery,
            Refusal::TooManyWatches { watches_max: 1_024 },
            Refusal::SlowWatcher { patience: Duration::from_secs(10) },
            Refusal::LiveSpaceHasNoDrillClock,
            Refusal::DrillRunsOnWallClock { space },
            Refusal::BadStep { step_s_max: 31_622_400 },
            Refusal::BadTime { step_s_max: 31_622_400 },
            Refusal::ClockGoesBack { now: Timestamp(1_764_896_400_000) },
            Refusal::BadRate { rate_max: 3_600 },
        ];
        let places: std::collections::BTreeSet<usize> = all.iter().map(place).collect();
        assert_eq!(places.len(), all.len());
        assert_eq!(all.len(), PLACES);
        all
    }

    const PLACES: usize = 23;

    fn place(refusal: &Refusal) -> usize {
        match refusal {
            Refusal::Overloaded { .. } => 0,
            Refusal::DeadlineExceeded { .. } => 1,
            Refusal::BadDeadline => 2,
            Refusal::Starting => 3,
            Refusal::Stopping => 4,
            Refusal::MalformedMessage { .. } => 5,
            Refusal::MessageTooLarge { .. } => 6,
            Refusal::CompressedMessage => 7,
            Refusal::UnknownMethod => 8,
            Refusal::ForeignOrigin => 9,
            Refusal::Bug => 10,
            Refusal::UnknownKind { .. } => 11,
            Refusal::BadToken => 12,
            Refusal::TokenOfAnotherSpace { .. } => 13,
            Refusal::TokenOfAnotherQuery => 14,
            Refusal::TooManyWatches { .. } => 15,
            Refusal::SlowWatcher { .. } => 16,
            Refusal::LiveSpaceHasNoDrillClock => 17,
            Refusal::DrillRunsOnWallClock { .. } => 18,
            Refusal::BadStep { .. } => 19,
            Refusal::BadTime { .. } => 20,
            Refusal::ClockGoesBack { .. } => 21,
            Refusal::BadRate { .. } => 22,
        }
    }

    #[test]
    fn the_table_in_the_documentation_is_this_one() {
        let docs = include_str!("../../docs/api.md").replace("\r\n", "\n");
        let (before, ours) = docs.split_once("## Before any rule is asked").expect("its heading");
        let mut rows = BTreeMap::new();
        for refusal in all() {
            let row = refusal.row();
            let code = format!("{:?}", row.code);
            let spelt = code.char_indices().flat_map(|(at, letter)| {
                let gap = (at > 0 && letter.is_ascii_uppercase()).then_some('_');
                gap.into_iter().chain([letter.to_ascii_uppercase()])
            });
            let detail = match row.detail {
                Detail::None => "",
                Detail::Field(_) => "BadRequest",
                Detail::Retry(_) => "RetryInfo",
                Detail::Quota(_) => "QuotaFailure, RetryInfo",
                Detail::Precondition(_) => "PreconditionFailure",
            };
            let keys: Vec<&str> = row.metadata.iter().map(|(key, _)| *key).collect();
            let code: String = spelt.collect();
            let line = format!("| `{}` | {code} | {detail} | {} |", row.reason, keys.join(", "));
            assert!(!before.contains(&format!("| `{}` |", row.reason)), "one reason, one table: {line}");
            assert!(rows.insert(row.reason, line).is_none(), "one reason, one refusal");
        }
        let table = rows.into_values().collect::<Vec<_>>().join("\n");
        let documented: Vec<&str> = ours.lines().filter(|line| line.starts_with("| `")).collect();
        assert_eq!(documented.join("\n"), table, "docs/api.md should hold:\n{table}");
    }

    #[test]
    fn every_refusal_is_told_in_both_languages_with_every_value_beside_it() {
        for refusal in all() {
            let status = refusal.status();
            let japanese = status.get_details_localized_message().expect("a Japanese text");
            assert_eq!(japanese.locale, "ja");
            assert!(!japanese.message.is_ascii(), "{refusal:?}");
            let info = status.get_details_error_info().unwrap();
            assert_eq!((info.domain.as_str(), info.reason.as_str()), (ERROR_DOMAIN, refusal.reason()));
            for value in info.metadata.values() {
                assert!(status.message().contains(value.as_str()), "{refusal:?} does not say {value}");
            }
            assert!(!status.message().ends_with('.'), "{refusal:?}");
        }
    }
}
