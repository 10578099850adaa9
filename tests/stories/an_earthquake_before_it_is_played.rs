//! A planner asks what an earthquake would do to the union, and what the first telegram changes in it.

use std::process::{Command, Output};

const KANSAI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/kansai");

struct Said {
    code: i32,
    out: String,
    err: String,
}

/// Runs `yui drill shake` on Kansai, words separated by blanks.
fn shake(words: &str) -> Said {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("yui"));
    command.args(["drill", "shake", KANSAI]).args(words.split_whitespace());
    for variable in ["YUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
}

#[track_caller]
fn done(words: &str) -> String {
    let said = shake(words);
    assert_eq!(said.code, 0, "{words}: {}", said.err);
    said.out
}

/// A telegram of an exercise about a shock below northern Osaka.
fn telegram(title: &str, intensity: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Report xmlns="http://xml.kishou.go.jp/jmaxml1/">
<Control><Title>{title}</Title><DateTime>2026-12-05T00:05:00Z</DateTime><Status>訓練</Status>
<EditorialOffice>気象庁本庁</EditorialOffice></Control>
<Head xmlns="http://xml.kishou.go.jp/jmaxml1/informationBasis1/"><Title>{title}</Title>
<ReportDateTime>2026-12-05T09:05:00+09:00</ReportDateTime><EventID>20261205090011</EventID>
<InfoType>発表</InfoType><Serial>1</Serial>
<Headline><Text>訓練です。</Text></Headline></Head>
<Body xmlns="http://xml.kishou.go.jp/jmaxml1/body/seismology1/" xmlns:jmx_eb="http://xml.kishou.go.jp/jmaxml1/elementBasis1/">
<Earthquake>
<OriginTime>2026-12-05T09:00:00+09:00</OriginTime><ArrivalTime>2026-12-05T09:00:00+09:00</ArrivalTime>
<Hypocenter><Area><Name>大阪府北部</Name><Code type="震央地名">520</Code>
<jmx_eb:Coordinate description="" datum="日本測地系">+34.8+135.6-10000/</jmx_eb:Coordinate>
</Area></Hypocenter>
<jmx_eb:Magnitude type="Mj" description="Ｍ６．１">6.1</jmx_eb:Magnitude>
</Earthquake>
{intensity}
</Body>
</Report>
"#
    )
}

const TAKATSUKI_6_LOWER: &str = "<Intensity><Observation><MaxInt>6-</MaxInt>
<Pref><Name>大阪府</Name><Code>27</Code><MaxInt>6-</MaxInt>
<Area><Name>大阪府北部</Name><Code>520</Code><MaxInt>6-</MaxInt>
<City><Name>高槻市</Name><Code>2720700</Code><MaxInt>6-</MaxInt></City>
<City><Name>箕面市</Name><Code>2722000</Code><Condition>震度５弱以上未入電</Condition></City>
</Area></Pref></Observation></Intensity>";

const AREAS_ALONE: &str = "<Intensity><Observation><MaxInt>6-</MaxInt>
<Pref><Name>大阪府</Name><Code>27</Code><MaxInt>6-</MaxInt>
<Area><Name>大阪府北部</Name><Code>520</Code><MaxInt>6-</MaxInt></Area></Pref></Observation></Intensity>";

fn file(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("telegram.xml");
    std::fs::write(&path, text).unwrap();
    (folder, path.display().to_string())
}

#[test]
fn a_planner_sees_towns_totals_what_is_closed_and_what_is_needed() {
    let out = done("--earthquake kobe-1995 --seed 1 --hour 5");
    assert!(out.starts_with("[DRILL kansai]\n"), "{out}");
    for said in [
        "Southern Hyogo 1995",
        "Mw 6.90",
        "Kobe Suma",
        "predicted",
        "in shelters, most",
        "roads closed, by cause",
        "hospitals hit",
        "expected needs of day 1",
        "blanket",
        "relations are illustrative: not for plans",
        "wooden_collapse: FACTS 5.4 (OK-low",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    assert_eq!(out, done("--earthquake kobe-1995 --seed 1 --hour 5"), "the same seed gives the same bytes");
    assert_ne!(out, done("--earthquake kobe-1995 --seed 2 --hour 5"));
    let japanese = done("--lang ja --earthquake kobe-1995");
    for said in
        ["【訓練 kansai】", "兵庫県南部地震(1995年)", "神戸市", "例示用の関係式", "なし(中央値と期待値)"]
    {
        assert!(japanese.contains(said), "{said}: {japanese}");
    }
}

#[test]
fn the_same_comes_as_json_and_adds_up() {
    let out = done("--json --earthquake uemachi --seed 3 --days 4");
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    let towns = value["towns"].as_array().unwrap();
    let sum = |key: &str| towns.iter().map(|town| town[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!(towns.len(), 288);
    assert_eq!(value["totals"]["dead"], sum("dead"));
    assert_eq!(value["totals"]["collapsedFully"], sum("woodenFull") + sum("otherFull"));
    assert_eq!(value["inShelterByDay"].as_array().unwrap().len(), 4);
    let first_day = towns.iter().map(|town| town["inShelterByDay"][0].as_u64().unwrap()).sum::<u64>();
    assert_eq!(value["inShelterByDay"][0], first_day);
    assert!(first_day > 100_000, "{first_day}");
    // Two blankets for each, city by city: the need of the first day is rounded for none of them.
    let blankets = value["needsByDay"].as_array().unwrap().iter();
    let blankets = blankets.filter(|need| need["commodity"] == "blanket" && need["day"] == 1);
    assert_eq!(blankets.map(|need| need["quantity"].as_u64().unwrap()).sum::<u64>(), 2 * first_day);
    for closure in value["closures"].as_array().unwrap() {
        assert!(closure["openAfterS"].as_u64().unwrap() > 0, "{closure}");
    }
    for hospital in value["hospitals"].as_array().unwrap() {
        assert!(hospital["bedsLost"].as_u64() <= hospital["beds"].as_u64(), "{hospital}");
    }
}

#[test]
fn what_was_observed_counts_before_what_is_predicted() {
    let (_folder, path) = file(&telegram("震源・震度に関する情報", TAKATSUKI_6_LOWER));
    let row = |out: &str, town: &str| -> String {
        out.lines().find(|line| line.starts_with(town)).unwrap_or_else(|| panic!("{town}: {out}")).to_owned()
    };
    let alone = row(&done("--earthquake osaka-2018"), " Takatsuki ");
    assert!(alone.contains(" 5-") && alone.contains("predicted"), "{alone}");
    let out = done(&format!("--earthquake osaka-2018 --telegram {path}"));
    assert!(out.contains("VXSE53 20261205090011: observations of 2 towns"), "{out}");
    let told = row(&out, " Takatsuki ");
    assert!(told.contains(" 6-") && told.contains("observed"), "{told}");
    // Silence is no calm; and neighbours are lifted.
    assert!(row(&out, " Minoh ").contains("not received"), "{out}");
    assert!(row(&out, " Ibaraki ").contains("blended"), "{out}");
    // The telegram alone will do: it says where the earthquake was.
    let out = done(&format!("--telegram {path}"));
    assert!(out.contains("20261205090011 (大阪府北部)") && out.contains("observed"), "{out}");
    let (_folder, path) = file(&telegram("震源に関する情報", ""));
    assert!(row(&done(&format!("--telegram {path}")), " Takatsuki ").contains("predicted"));
}

#[test]
fn what_cannot_be_is_named_and_nothing_is_shown() {
    let refused = |words: &str, said: &str| {
        let found = shake(words);
        assert_eq!((found.code, found.out.as_str()), (2, ""), "{words}: {}", found.err);
        assert!(found.err.contains(said), "{words}: {}", found.err);
    };
    refused("--earthquake kobe-1996", "there is no earthquake \"kobe-1996\"; did you mean kobe-1995?");
    refused("--earthquake atlantis", "\"atlantis\"; there are arima-takatsuki, ");
    refused(
        "--lang ja --earthquake kobe-1996",
        "\"kobe-1996\" という地震はありません。kobe-1995 ではありませんか",
    );
    refused("", "--earthquake");
    refused("--earthquake kobe-1995 --hour 24", "24 is not in 0..=23");
    refused("--earthquake kobe-1995 --telegram /nowhere.xml", "/nowhere.xml: cannot be read");
    let whole = telegram("震源・震度に関する情報", TAKATSUKI_6_LOWER);
    let cut: String = whole.chars().take(whole.chars().count() / 2).collect();
    let (_folder, path) = file(&cut);
    refused(&format!("--earthquake osaka-2018 --telegram {path}"), "telegram.xml: line ");
    let (_folder, path) = file(&telegram("震度速報", AREAS_ALONE));
    refused(
        &format!("--earthquake osaka-2018 --telegram {path}"),
        "is a VXSE51 and tells of no municipality; give one of VXSE53",
    );
    let elsewhere = TAKATSUKI_6_LOWER.replace("2720700", "0110100").replace("2722000", "0110200");
    let (_folder, path) = file(&telegram("震源・震度に関する情報", &elsewhere));
    refused(&format!("--telegram {path}"), "none of the 2 municipalities");
    let (_folder, path) = file(&whole.replace("<InfoType>発表", "<InfoType>取消"));
    refused(&format!("--earthquake osaka-2018 --telegram {path}"), "is a cancellation");
}
