//! A server that finds something wrong says what, where and what to do, and serves nothing.

use crate::common::{config, crash, drill, kansai, laid_out};
use std::path::{Path, PathBuf};
use std::process::Command;
use yui::cli::fault::host as told;
use yui::cli::serve::exit_code;
use yui::host::{Host, HostClock, HostFault};
use yui::id::Space;
use yui::lang::Lang;

/// The ledger of Hyogo in the drill.
const HYOGO: &str = "drill/kansai/members.hyogo.ledger";

fn space() -> Space {
    "drill/kansai".parse().unwrap()
}

/// Tries to serve the drill from `data`.
async fn start(data: &Path, scenario: PathBuf) -> Result<Host, HostFault> {
    Host::start(config(data, space(), HostClock::Virtual { start: None }, Some(scenario))).await
}

/// Exit code and output of `yui check`.
fn check(data: &Path) -> (Option<i32>, String) {
    let yui = assert_cmd::cargo::cargo_bin!("yui");
    let out = Command::new(yui).args(["--lang", "en", "check"]).arg(data).output().unwrap();
    (out.status.code(), String::from_utf8_lossy(&out.stdout).into_owned())
}

/// The fault, which must be told in both languages with `words`.
#[track_caller]
fn fault(started: Result<Host, HostFault>, words: &[&str]) -> HostFault {
    let fault = started.err().expect("it must not start");
    let text = told(&fault, Lang::En);
    let japanese = told(&fault, Lang::Ja);
    assert!(!japanese.is_ascii(), "{japanese}");
    for word in words {
        assert!(text.contains(word), "{word} in: {text}");
        assert!(japanese.contains(word), "{word} in: {japanese}");
    }
    fault
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_in_a_day_is_found_whole() {
    use yui::api::v1::mission::State as Step;
    let (mut drill, data) = drill().await;
    let request = drill.open(crash()).await;
    let (_, mission) = drill.ask_and_commit(&request).await;
    drill.fly(&mission, &[Step::Airborne, Step::OnScene, Step::Returning, Step::Ready]).await;
    drill.host.stop().await;
    let (code, report) = check(data.path());
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains("members/hyogo") && report.contains("fields/medical"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bit_of_a_record_is_damage_and_named() {
    let (mut drill, data) = drill().await;
    drill.open(crash()).await;
    drill.host.stop().await;
    let path = data.path().join(HYOGO);
    let mut bytes = std::fs::read(&path).unwrap();
    let place = crash().place.into_bytes();
    let at = bytes.windows(place.len()).position(|window| window == place).unwrap();
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();

    let damaged = fault(start(data.path(), yui::host::kansai().to_owned()).await, &["members/hyogo"]);
    assert_eq!(exit_code(&damaged), 4, "{damaged}");
    let (code, report) = check(data.path());
    assert_eq!(code, Some(4), "{report}");
    assert!(report.contains("members/hyogo"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_acknowledged_and_is_gone_is_damage() {
    let (mut drill, data) = drill().await;
    let before = std::fs::read(data.path().join(HYOGO)).unwrap();
    drill.open(crash()).await;
    drill.host.stop().await;
    // Somebody put yesterday's copy in its place; the witness of what was acknowledged stays.
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(data.path().join(format!("{HYOGO}{beside}")));
    }
    std::fs::write(data.path().join(HYOGO), before).unwrap();
    let lost = fault(start(data.path(), yui::host::kansai().to_owned()).await, &["members/hyogo"]);
    assert_eq!(exit_code(&lost), 4, "{lost}");
    assert_eq!(check(data.path()).0, Some(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_ledger_is_damage() {
    let data = laid_out().await;
    std::fs::write(data.path().join(HYOGO), b"not a ledger at all").unwrap();
    let damaged = fault(start(data.path(), yui::host::kansai().to_owned()).await, &["members.hyogo.ledger"]);
    assert_eq!(exit_code(&damaged), 4, "{damaged}");
    assert_eq!(check(data.path()).0, Some(4), "both say the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_told_before_any_ledger_is_opened() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut config = config(data.path(), space(), HostClock::Virtual { start: None }, None);
    config.listen = taken.local_addr().unwrap();
    let port = config.listen.port().to_string();
    let in_use = fault(Host::start(config).await, &[port.as_str()]);
    assert!(matches!(in_use, HostFault::Server(_)), "{in_use:?}");
    assert!(!data.path().join("drill").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_never_write_the_same_ledgers() {
    let data = laid_out().await;
    let mut first = kansai(data.path()).await;
    fault(start(data.path(), yui::host::kansai().to_owned()).await, &["lock"]);
    assert_eq!(first.open(crash()).await.requisitions, []);
    first.host.stop().await;
    kansai(data.path()).await.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_in_a_scenario_is_named_with_its_line_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    copy(yui::host::kansai(), folder.path());
    let path = folder.path().join("scenario.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text.lines().position(|line| line.starts_with("start_time")).unwrap() + 1;
    std::fs::write(&path, text.replacen("start_time", "strat_time", 1)).unwrap();
    let data = tempfile::tempdir().unwrap();
    let wrong = fault(
        start(data.path(), folder.path().to_owned()).await,
        &["scenario.toml", "strat_time", &line.to_string()],
    );
    assert_eq!(exit_code(&wrong), 2);
    let japanese = told(&wrong, Lang::Ja);
    assert!(japanese.contains("strat_time") && japanese != told(&wrong, Lang::En), "{japanese}");
    assert!(japanese.contains(&format!("{line} | strat_time = ")), "the line itself: {japanese}");
    assert!(!data.path().join("drill").exists(), "nothing was made");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
