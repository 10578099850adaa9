//! A planner writes a drill by hand: it is checked before anybody plays it, and what it let happen is told.

use std::path::{Path, PathBuf};
use std::process::Command;

fn drills() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai/drills")
}

/// Exit code, stdout and stderr of `yui`.
fn yui(lang: &str, words: &[&str], file: &Path) -> (Option<i32>, String, String) {
    let yui = assert_cmd::cargo::cargo_bin!("yui");
    let out = Command::new(yui).args(["--lang", lang]).args(words).arg(file).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

/// A copy of a drill with `from` replaced by `to`, which finds its scenario where it was.
fn changed(drill: &str, changes: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let mut text = std::fs::read_to_string(drills().join(drill)).unwrap();
    let kansai = drills().parent().unwrap().display().to_string();
    for (from, to) in changes.iter().copied().chain([("\"..\"", &*format!("{kansai:?}"))]) {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(drill);
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn every_drill_of_kansai_can_be_played() {
    let mut checked = 0;
    for entry in std::fs::read_dir(drills()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let (code, out, err) = yui("en", &["drill", "check"], &path);
            assert_eq!((code, err.as_str()), (Some(0), ""), "{}", path.display());
            assert!(out.contains("can be played"), "{out}");
            checked += 1;
        }
    }
    assert!(checked >= 5, "{checked}");
    let (code, out, _) = yui("ja", &["drill", "check"], drills().parent().unwrap());
    assert_eq!(code, Some(0));
    assert!(out.contains("実行できます"), "{out}");
}

#[test]
fn everything_wrong_with_a_drill_is_told_at_once_and_nothing_is_played() {
    let (_folder, path) = changed(
        "bridges-lost.toml",
        &[
            ("structure = \"akashi-kaikyo-bridge\"", "structure = \"akashi-kaiky-bridge\""),
            (
                "at = \"+00:30\"\nkind = \"structure_closed\"\nstructure = \"onaruto-bridge\"",
                "at = \"+30:00\"\nkind = \"structure_closed\"\nstructure = \"onaruto-bridge\"",
            ),
            ("wanted_after", "wanted_aftre"),
        ],
    );
    for verb in ["check", "run"] {
        let (code, out, err) = yui("en", &["drill", verb], &path);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{verb}");
        for told in [
            "bridges-lost.toml:17:13",
            "did you mean \"akashi-kaikyo-bridge\"",
            "at most +24:00",
            "there is no key \"wanted_aftre\"; did you mean \"wanted_after\"",
        ] {
            assert!(err.contains(told), "{told} in: {err}");
        }
    }
    let (_, _, err) = yui("ja", &["drill", "check"], &path);
    assert!(err.contains("roads/structures.csv にありません") && err.contains("開始からの時間"), "{err}");
}

#[test]
fn a_drill_tells_when_what_happened_and_what_followed() {
    let path = drills().join("false-calls.toml");
    let (code, out, _) = yui("en", &["drill", "run"], &path);
    assert_eq!(code, Some(0));
    for told in
        ["A night of false and repeated calls (false-calls)", "what followed", "called off", "merged into"]
    {
        assert!(out.contains(told), "{told} in: {out}");
    }
    let (_, out, _) = yui("ja", &["drill", "run"], &path);
    assert!(out.contains("虚偽と重複の夜") && out.contains("引き返す") && out.contains("に統合"), "{out}");
    let (_, out, _) = yui("en", &["--json", "drill", "run"], &path);
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["drill"], "false-calls");
    assert_eq!(told["injects"][0]["kind"], "false_request");
    assert_eq!(told["injects"][0]["verdict"], "taken");
    assert!(told["injects"][0]["followed"][0]["calledOff"].is_string(), "{told}");
    // Another seed, other calls.
    let (_, other, _) = yui("en", &["--json", "drill", "run", "--seed", "2"], &path);
    let other: serde_json::Value = serde_json::from_str(&other).unwrap();
    assert_ne!(told["ledgersSha256"], other["ledgersSha256"]);
}

#[test]
fn a_drill_says_itself_how_long_it_lasts() {
    let path = drills().join("false-calls.toml");
    let (code, out, err) = yui("en", &["drill", "run", "--days", "2"], &path);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("--days") && err.contains("leave it out"), "{err}");
}
