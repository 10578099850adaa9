//! The command line as a person or a script meets it: exit codes, languages, retries, broken pipes.
//!
//! Most talk to a scripted server that knows the wire only by its paths, so that nothing here leans on the real one.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop the test")]

use assert_cmd::Command;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use http_body_util::{BodyExt, Full};
use prost::Message;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use yui::api::v1;

/// What the scripted server saw: path, actor, message.
type Seen = (String, String, Vec<u8>);

/// Answers calls in the order of its script; the last answer goes on for ever.
#[derive(Default)]
struct Script {
    answers: VecDeque<Result<Vec<u8>, Status>>,
    seen: Vec<Seen>,
}

struct Server {
    url: String,
    script: Arc<Mutex<Script>>,
}

impl Server {
    /// Starts it on a free port; it ends with the test process.
    fn answering(answers: impl IntoIterator<Item = Result<Vec<u8>, Status>>) -> Server {
        let script =
            Arc::new(Mutex::new(Script { answers: answers.into_iter().collect(), seen: Vec::new() }));
        let (tell, told) = mpsc::channel();
        let shared = Arc::clone(&script);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let router = axum::Router::new().fallback(answer).with_state(shared);
                axum::serve(listener, router).await.unwrap();
            });
        });
        let address = told.recv_timeout(Duration::from_secs(10)).unwrap();
        Server { url: format!("http://{address}"), script }
    }

    /// Calls of the command itself, without the look at the drill clock for the banner.
    fn seen(&self) -> Vec<Seen> {
        let script = self.script.lock().unwrap();
        script.seen.iter().filter(|(path, ..)| !path.ends_with("/GetClock")).cloned().collect()
    }

    fn yui(&self, words: &[&str]) -> Command {
        let mut command = yui(words);
        command.env("YUI_SERVER", &self.url);
        command
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let actor = request.headers().get("yui-actor").map_or("", |value| value.to_str().unwrap()).to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let mut script = script.lock().unwrap();
    script.seen.push((path.clone(), actor, body[5..].to_vec()));
    if path.ends_with("/GetClock") {
        return Status::failed_precondition("the live space has no clock to turn").into_http();
    }
    let next =
        if script.answers.len() > 1 { script.answers.pop_front() } else { script.answers.front().cloned() };
    match next.unwrap() {
        Ok(message) => framed(&message),
        Err(status) => status.into_http(),
    }
}

/// One message with its length in front and an OK behind.
fn framed(message: &[u8]) -> Response {
    let mut body = vec![0];
    body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    body.extend(message);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let body = Full::from(body).with_trailers(async move { Some(Ok(trailers)) });
    Response::builder().header("content-type", "application/grpc").body(axum::body::Body::new(body)).unwrap()
}

/// The program, away from the environment of whoever runs the tests.
fn yui(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yui"));
    let keys = ["SERVER", "ACTOR", "LANG", "DATA", "SPACE", "LISTEN"];
    keys.iter().for_each(|key| {
        command.env_remove(format!("YUI_{key}"));
    });
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C.UTF-8").env("USER", "desk-3");
    command.args(words).timeout(Duration::from_secs(60));
    command
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

fn stderr_of(command: &mut Command, code: i32) -> String {
    let assert = command.assert().code(code);
    let output = assert.get_output();
    assert!(output.stdout.is_empty(), "a failure writes nothing on stdout");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A port where nobody listens.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn requisition() -> Vec<u8> {
    let acknowledged = v1::Requisition {
        name: "drill/kansai/members/hyogo/requests/r-1/requisitions/1-1".to_owned(),
        asset: "drill/kansai/members/hyogo/assets/heli-harima".to_owned(),
        state: v1::requisition::State::Acknowledged.into(),
        ..v1::Requisition::default()
    };
    acknowledged.encode_to_vec()
}

#[test]
fn every_subcommand_explains_itself() {
    let roots = "serve check rank request requisition mission lease bed offer standing-order member organisation \
                 asset site hospital agreement road weather clock watch";
    let mut commands: Vec<Vec<&str>> = roots.split_whitespace().map(|word| vec![word]).collect();
    commands.extend([
        vec![],
        vec!["asset", "outage"],
        vec!["request", "create"],
        vec!["requisition", "commit"],
    ]);
    for mut words in commands {
        words.push("--help");
        let help = stdout(&mut yui(&words));
        assert!(help.contains("Usage: yui"), "{words:?}: {help}");
    }
    assert!(stdout(&mut yui(&["--help"])).contains("4  a ledger is damaged"));
    assert!(stdout(&mut yui(&["--version"])).starts_with("yui "));
}

#[test]
fn a_command_line_that_cannot_be_meant_ends_with_2_and_sends_nothing() {
    let huge = "x".repeat(100_000);
    let (ten, nine) = ("2026-12-05T10:00", "2026-12-05T09:00");
    let backwards =
        ["lease", "ask", "a/r/1-1", "--purpose", "spot", "--site", "a/s", "--from", ten, "--until", nine];
    let cases: [&[&str]; 12] = [
        &[],
        &["rnak"],
        &["rank"],
        &["rank", "--at", "NaN,135"],
        &["rank", "--at", "95,135"],
        &["rank", "--at", "35,135", "--kind", "scen"],
        &["rank", "--at", "35,135", "--need", "physician,surgeon"],
        &["request", "create", "--at", "35,135"],
        &["asset", "get", &huge],
        &["clock", "run", "NaN"],
        &["--server", "https://yui.example:443", "asset", "list"],
        &backwards,
    ];
    let server = Server::answering([Ok(Vec::new())]);
    for words in cases {
        let error = stderr_of(&mut server.yui(words), 2);
        assert!(!error.is_empty() && error.len() < 10_000, "{error}");
        assert_eq!(server.seen(), [], "{words:?}");
    }
}

#[test]
fn a_wrong_word_is_answered_in_japanese_with_the_near_one() {
    let error = stderr_of(&mut yui(&["--lang", "ja", "rank", "--at", "35,135", "--kind", "scen"]), 2);
    assert!(error.contains("もしかして scene"), "{error}");
    let error = stderr_of(yui(&["rank", "--at", "95,135"]).env("YUI_LANG", "ja"), 2);
    assert!(error.contains("地球上の位置ではありません"), "{error}");
}

#[test]
fn a_server_that_is_not_there_ends_with_3() {
    let server = nobody();
    let error = stderr_of(&mut yui(&["--server", &server, "--timeout", "2s", "asset", "list"]), 3);
    assert!(error.contains("cannot be reached"), "{error}");
    let change = ["road", "open", "x", "--by", "hyogo", "--timeout", "1s", "--request-id", "id-7"];
    let error = stderr_of(yui(&change).env("YUI_SERVER", &server), 3);
    assert!(error.contains("--request-id id-7"), "{error}");
}

#[test]
fn a_lost_change_is_sent_again_with_the_same_id() {
    let starting = || Err(Status::unavailable("starting"));
    let server = Server::answering([starting(), starting(), Ok(requisition())]);
    let text = stdout(&mut server.yui(&["requisition", "acknowledge", "hyogo/r-1/1-1"]));
    assert!(text.starts_with("[DRILL kansai]\nhyogo/r-1/1-1  hyogo/heli-harima  acknowledged"), "{text}");
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    let sent: Vec<v1::AcknowledgeRequisitionRequest> =
        seen.iter().map(|(_, _, body)| Message::decode(body.as_slice()).unwrap()).collect();
    assert_eq!(sent[0].name, "members/hyogo/requests/r-1/requisitions/1-1");
    assert_eq!(sent[0].request_id.len(), 36);
    assert!(sent.iter().all(|call| *call == sent[0]));
    for (path, actor, _) in &seen {
        assert_eq!(
            (path.as_str(), actor.as_str()),
            ("/yui.v1.DispatchService/AcknowledgeRequisition", "desk-3")
        );
    }
}

#[test]
fn moving_the_drill_clock_is_never_sent_twice() {
    let server = Server::answering([Err(Status::unavailable("starting"))]);
    stderr_of(&mut server.yui(&["clock", "advance", "15m"]), 3);
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_refusal_ends_with_1_and_says_why_in_both_languages() {
    let mut details = ErrorDetails::with_error_info(
        "ASSET_HELD",
        "yui",
        [("asset".to_owned(), "members/hyogo/assets/a".to_owned())],
    );
    details.set_localized_message("ja", "他の要請で確保済みです");
    details.add_precondition_failure_violation("HOLD", "members/hyogo/assets/a", "held until 10:05");
    let held = Status::with_error_details(Code::FailedPrecondition, "held for somebody else", details);
    let server = Server::answering([Err(held)]);
    let words = ["requisition", "ask", "hyogo/r-1", "--asset", "hyogo/a"];
    let english = stderr_of(&mut server.yui(&words), 1);
    assert!(english.contains("refused [ASSET_HELD]: held for somebody else"), "{english}");
    assert!(english.contains("held until 10:05"), "{english}");
    let japanese = stderr_of(server.yui(&words).env("LANG", "ja_JP.UTF-8"), 1);
    assert!(japanese.contains("[ASSET_HELD]: 他の要請で確保済みです"), "{japanese}");
    assert_eq!(server.seen().len(), 2, "a refusal is not tried again");
}

#[test]
fn a_silent_server_is_given_up_at_the_deadline() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let words = ["--server", &url, "--timeout", "300ms", "mission", "confirm", "hyogo/m-1"];
    let error = stderr_of(&mut yui(&words), 3);
    assert!(error.contains("--request-id"), "{error}");
}

#[test]
fn json_is_one_canonical_line() {
    let server = Server::answering([Ok(requisition())]);
    let json = stdout(&mut server.yui(&["--json", "requisition", "get", "hyogo/r-1/1-1"]));
    let golden = concat!(
        r#"{"name":"drill/kansai/members/hyogo/requests/r-1/requisitions/1-1","#,
        r#""asset":"drill/kansai/members/hyogo/assets/heli-harima","state":"ACKNOWLEDGED"}"#,
        "\n"
    );
    assert_eq!(json, golden);
}

#[test]
fn every_page_of_a_list_comes_when_all_is_asked() {
    let page = |name: &str, next: &str| {
        let asset = v1::Asset { name: name.to_owned(), ..Default::default() };
        let page = v1::ListAssetsResponse { assets: vec![asset], next_page_token: next.to_owned() };
        Ok(page.encode_to_vec())
    };
    let pages =
        [page("members/a/assets/1", "t1"), page("members/a/assets/2", "t2"), page("members/a/assets/3", "")];
    let server = Server::answering(pages);
    let text = stdout(&mut server.yui(&["asset", "list", "--all", "--kind", "doctor-helicopter"]));
    for asset in ["a/1", "a/2", "a/3"] {
        assert!(text.contains(asset), "{text}");
    }
    let sent: Vec<v1::ListAssetsRequest> =
        server.seen().iter().map(|(_, _, body)| Message::decode(body.as_slice()).unwrap()).collect();
    assert_eq!(sent.iter().map(|call| call.page_token.as_str()).collect::<Vec<_>>(), ["", "t1", "t2"]);
    assert!(sent.iter().all(|call| call.filter == "kind = \"DOCTOR_HELICOPTER\""));
    assert!(sent.iter().all(|call| call.parent == "members/-"));
}

#[test]
fn a_rank_carries_what_was_typed() {
    let ranking = v1::Ranking { unfilled: true, ..Default::default() };
    let server = Server::answering([Ok(ranking.encode_to_vec())]);
    let words = "rank --at 35.1773,135.0367 --need physician,trauma --red 2 --top 3 --when 2026-12-05T16:10 \
                 --hospital hyogo/kakogawa";
    let text = stdout(&mut server.yui(&words.split_whitespace().collect::<Vec<_>>()));
    assert!(text.contains("No helicopter can help"), "{text}");
    let (path, _, body) = server.seen().remove(0);
    assert_eq!(path, "/yui.v1.DispatchService/RankCandidates");
    let call = v1::RankCandidatesRequest::decode(body.as_slice()).unwrap();
    assert_eq!((call.candidate_count, call.at_time.unwrap().seconds), (3, 1_796_454_600));
    let Some(v1::rank_candidates_request::Subject::Draft(draft)) = call.subject else { panic!("a draft") };
    assert_eq!(draft.position, Some(v1::LatLng { latitude: 35.1773, longitude: 135.0367 }));
    assert_eq!(draft.capabilities, [1, 5]);
    assert_eq!(draft.triage.unwrap().red, 2);
    assert_eq!(draft.hospitals, ["members/hyogo/hospitals/kakogawa"]);
}

#[test]
fn a_request_goes_into_the_ledger_of_its_requester() {
    let made = v1::Request { name: "members/hyogo/requests/r-9".to_owned(), ..Default::default() };
    let server = Server::answering([Ok(made.encode_to_vec())]);
    let words =
        "request create --requester hyogo/tamba-fire --at 35.1,135.0 --validate-only --keyword 挟まれた";
    server.yui(&words.split_whitespace().collect::<Vec<_>>()).assert().success();
    let (_, _, body) = server.seen().remove(0);
    let call = v1::CreateRequestRequest::decode(body.as_slice()).unwrap();
    assert_eq!(call.parent, "members/hyogo");
    assert!(call.validate_only);
    assert_eq!(call.request.unwrap().keyword, "挟まれた");
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let assets =
        (0..20_000).map(|n| v1::Asset { name: format!("members/a/assets/{n}"), ..Default::default() });
    let many = v1::ListAssetsResponse { assets: assets.collect(), ..Default::default() };
    let server = Server::answering([Ok(many.encode_to_vec())]);
    let (program, url) = (env!("CARGO_BIN_EXE_yui"), &server.url);
    let script =
        format!("'{program}' --timeout 60s --server {url} asset list | head -n 1; exit ${{PIPESTATUS[0]}}");
    let output = std::process::Command::new("bash").arg("-c").arg(script).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_virtual_clock_is_refused_in_the_live_space() {
    let error = stderr_of(&mut yui(&["serve", "--clock", "virtual"]), 2);
    assert!(error.contains("live space runs on the wall clock"), "{error}");
    let error = stderr_of(&mut yui(&["--lang", "ja", "serve", "--clock", "virtual"]), 2);
    assert!(error.contains("仮想時計を使えません"), "{error}");
}

#[test]
fn a_folder_that_is_not_there_cannot_be_checked() {
    let error = stderr_of(&mut yui(&["check", "/nowhere"]), 2);
    assert!(error.contains("/nowhere"), "{error}");
}

#[test]
fn a_plan_is_solved_and_proved_without_a_server_and_a_changed_one_is_found_out() {
    let guide = include_str!("../docs/plan-problem.md");
    let problem = guide.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (given, solved, forged) = (path("problem.json"), path("solution.json"), path("forged.json"));
    std::fs::write(&given, problem).unwrap();
    let yui = |words: &[&str]| Command::cargo_bin("yui").unwrap().args(words).output().unwrap();
    let solution = yui(&["plan", "solve", &given]);
    assert!(solution.status.success());
    assert_eq!(solution.stdout, yui(&["plan", "solve", &given]).stdout, "twice is once");
    let text = String::from_utf8(solution.stdout).unwrap();
    std::fs::write(&solved, &text).unwrap();
    assert!(yui(&["plan", "check", &given, &solved]).status.success());
    // One vehicle more than there is.
    let changed = text.replacen("\"vehicles\":1", "\"vehicles\":9", 1);
    assert_ne!(changed, text);
    std::fs::write(&forged, changed).unwrap();
    let found = yui(&["plan", "check", &given, &forged]);
    assert_eq!(found.status.code(), Some(4));
    assert!(!String::from_utf8(found.stdout).unwrap().is_empty());
    // What is no document is told with its place.
    let wrong = yui(&["plan", "solve", &solved]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("line 2"));
    assert_eq!(yui(&["plan", "solve", "nowhere.json"]).status.code(), Some(2));
}
