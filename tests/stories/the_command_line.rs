//! A dispatcher and a base with nothing but a terminal: from the ranking to ready, in both languages.

use crate::common::{Served, drill};
use std::process::{Command, Output};

/// What a command said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs `yui` against the server at `address`, words separated by blanks.
fn said(address: &str, words: &str) -> Said {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("yui"));
    command.args(["--server", &format!("http://{address}")]).args(words.split(' '));
    for variable in ["YUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

impl Served {
    /// What a command said.
    pub fn yui(&self, words: &str) -> Said {
        said(&self.host.local_addr().to_string(), words)
    }

    /// What a command that must succeed wrote.
    #[track_caller]
    pub fn done(&self, words: &str) -> String {
        let said = self.yui(words);
        assert_eq!(said.code, 0, "{words}: {}", said.err);
        said.out
    }
}

const CRASH: &str = "--requester hyogo/fd-tamba --at 35.170,135.040 --red 1 --need physician,stretcher";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_ranked_asked_committed_and_followed_to_ready() {
    let (drill, _data) = drill().await;
    let ranking = drill.done("rank --at 35.170,135.040");
    assert!(ranking.contains("[DRILL kansai]") && ranking.contains("hyogo/heli-toyooka"), "{ranking}");
    let dusk = drill.done("--lang ja rank --at 35.170,135.040 --when 16:10");
    assert!(dusk.contains("【訓練 kansai】") && dusk.contains("日没に間に合わない"), "{dusk}");

    drill.done(&format!("request create {CRASH}"));
    assert!(drill.done("requisition ask hyogo/r-1").contains("hyogo/heli-toyooka"));
    drill.done("requisition acknowledge hyogo/r-1/1-1");
    drill.done("requisition commit hyogo/r-1/1-1 --heard-from Ueda");
    assert!(drill.done("mission get hyogo/m-1").contains("Ueda"));
    drill.done("mission confirm hyogo/m-1");
    for step in ["airborne", "on-scene"] {
        drill.done(&format!("mission progress hyogo/m-1 {step}"));
    }
    drill.done("mission choose-hospital hyogo/m-1 hyogo/toyooka --patients 1");
    drill.done("bed answer hyogo/r-1/1-1 --hospital hyogo/toyooka yes");
    for step in ["transporting", "arrived", "returning", "ready"] {
        drill.done(&format!("mission progress hyogo/m-1 {step}"));
    }
    drill.done("request close hyogo/r-1");
    let shown = drill.done("--json request get hyogo/r-1");
    assert!(shown.contains("\"state\":\"CLOSED\"") && shown.contains("\"filled\":true"), "{shown}");
    assert!(drill.done("requisition explain hyogo/r-1/1-1").contains("hyogo/heli-toyooka"));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_a_slip_and_silence_have_exit_codes_of_their_own() {
    let (drill, _data) = drill().await;
    let before = drill.sequences();
    let refused = drill.yui("requisition ask hyogo/r-99");
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("NOT_FOUND"), "{}", refused.err);
    let japanese = drill.yui("--lang ja requisition ask hyogo/r-99");
    assert!(japanese.code == 1 && !japanese.err.is_ascii(), "{}", japanese.err);
    for slip in ["rank --at nowhere", "rank --at 35.170,135.040 --when noon", "request fly", "clock set"] {
        assert_eq!(drill.yui(slip).code, 2, "{slip}");
    }
    assert_eq!(drill.sequences(), before);
    let address = drill.host.local_addr();
    drill.host.stop().await;
    let silent = said(&address.to_string(), "--timeout 1s member list");
    assert_eq!((silent.code, silent.out.as_str()), (3, ""), "{}", silent.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_road_the_weather_and_the_clock_are_turned_from_the_terminal() {
    let (drill, _data) = drill().await;
    drill.done("road close onaruto-bridge --by tokushima --note wind --reopens +8h");
    assert!(drill.done("road list --closed").contains("onaruto-bridge"));
    drill.done("road open onaruto-bridge --by tokushima");
    assert!(!drill.done("road list --closed").contains("onaruto-bridge"));
    drill.done(
        "weather report sea-of-japan-east --by hyogo --visibility 800 --ceiling 500ft --wind 5m/s --for 1h",
    );
    let ranking = drill.done("rank --at 35.170,135.040");
    let after = ranking.split("Cannot help").nth(1).unwrap();
    assert!(after.contains("Kounotori") && after.contains("visibility"), "{ranking}");
    drill.done("clock advance 61m");
    assert!(drill.done("clock get").contains("10:01"));
    let ranking = drill.done("rank --at 35.170,135.040");
    assert!(!ranking.split("Cannot help").nth(1).unwrap().contains("Kounotori"), "{ranking}");
    drill.done("asset out-of-service hyogo/heli-toyooka --reason no-mechanics --until +2h");
    assert!(drill.done("--lang ja asset get hyogo/heli-toyooka").contains("整備士"));
    drill.done("asset available hyogo/heli-toyooka");
    drill.host.stop().await;
}
