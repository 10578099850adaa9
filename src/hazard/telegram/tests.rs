use super::book::{Entry, EventBook};
use super::codes::Codes;
use super::*;
use crate::hazard::shaking::intensity::IntensityClass;
use crate::units::Position;
use proptest::prelude::*;

/// A telegram about a made-up shock below Tamba, with what a test wants otherwise.
#[derive(Clone)]
struct Draft {
    title: &'static str,
    status: &'static str,
    info_type: &'static str,
    serial: &'static str,
    sent: &'static str,
    body: String,
}

const EARTHQUAKE: &str = r#"<Earthquake>
<OriginTime>2026-12-05T09:00:00+09:00</OriginTime><ArrivalTime>2026-12-05T09:00:00+09:00</ArrivalTime>
<Hypocenter><Area><Name>兵庫県南東部</Name><Code type="震央地名">530</Code>
<jmx_eb:Coordinate description="" datum="日本測地系">+35.1+135.0-10000/</jmx_eb:Coordinate>
</Area></Hypocenter>
<jmx_eb:Magnitude type="Mj" description="Ｍ６．８">6.8</jmx_eb:Magnitude>
</Earthquake>"#;

const INTENSITY: &str = "<Intensity><Observation><MaxInt>6-</MaxInt>
<Pref><Name>兵庫県</Name><Code>28</Code><MaxInt>6-</MaxInt><Revise>上方修正</Revise>
<Area><Name>兵庫県南東部</Name><Code>530</Code><MaxInt>6-</MaxInt>
<City><Name>丹波市</Name><Code>2822300</Code><MaxInt>6-</MaxInt><Revise>追加</Revise>
<IntensityStation><Name>試験観測点一</Name><Code>2822330</Code><Int>6-</Int></IntensityStation>
<IntensityStation><Name>試験観測点二</Name><Code>9999931</Code><Int>5+</Int></IntensityStation></City>
<City><Name>丹波篠山市</Name><Code>2822100</Code><Condition>震度５弱以上未入電</Condition>
<IntensityStation><Name>試験観測点三</Name><Code>2822130</Code><Int>震度５弱以上未入電</Int></IntensityStation></City>
<City><Name>西脇市</Name><Code>2821300</Code><MaxInt>4</MaxInt>
<IntensityStation><Name>試験観測点四</Name><Code>2821330</Code><Int>4</Int></IntensityStation>
<IntensityStation><Name>試験観測点五</Name><Code>2821331</Code><Int>!5-</Int></IntensityStation></City>
</Area></Pref></Observation></Intensity>";

fn draft() -> Draft {
    Draft {
        title: "震源・震度に関する情報",
        status: "通常",
        info_type: "発表",
        serial: "1",
        sent: "2026-12-05T00:05:00Z",
        body: format!("{EARTHQUAKE}\n{INTENSITY}"),
    }
}

impl Draft {
    fn text(&self) -> String {
        let Draft { title, status, info_type, serial, sent, body } = self;
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<Report xmlns="http://xml.kishou.go.jp/jmaxml1/">
<Control><Title>{title}</Title><DateTime>{sent}</DateTime><Status>{status}</Status>
<EditorialOffice>気象庁本庁</EditorialOffice></Control>
<Head xmlns="http://xml.kishou.go.jp/jmaxml1/informationBasis1/"><Title>{title}</Title>
<ReportDateTime>2026-12-05T09:05:00+09:00</ReportDateTime><EventID>20261205090011</EventID>
<InfoType>{info_type}</InfoType><Serial>{serial}</Serial>
<Headline><Text>地震がありました。</Text></Headline></Head>
<Body xmlns="http://xml.kishou.go.jp/jmaxml1/body/seismology1/" xmlns:jmx_eb="http://xml.kishou.go.jp/jmaxml1/elementBasis1/">
{body}
</Body>
</Report>
"#
        )
    }

    fn read(&self) -> Result<Telegram, TelegramFault> {
        read(self.text().as_bytes())
    }
}

/// What is said of a telegram in which `wrong` stands for `right`.
fn refusal(right: &str, wrong: &str) -> String {
    let text = draft().text();
    assert!(text.contains(right), "{right}");
    read(text.replacen(right, wrong, 1).as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_telegram_says_where_how_large_and_how_strongly() {
    let telegram = draft().read().unwrap();
    assert_eq!((telegram.kind, telegram.kind.code()), (TelegramKind::HypocentreAndIntensity, "VXSE53"));
    assert_eq!((telegram.purpose, telegram.info_type), (Purpose::Actual, InfoType::Issue));
    assert_eq!((telegram.event.to_string().as_str(), telegram.serial), ("20261205090011", Some(1)));
    assert_eq!(telegram.sent_at, Timestamp(1_796_429_100_000));
    assert_eq!(telegram.reported_at, telegram.sent_at);
    assert_eq!((telegram.office.as_str(), telegram.headline.as_str()), ("気象庁本庁", "地震がありました。"));
    let hypocentre = &telegram.hypocentres[0];
    assert_eq!(hypocentre.origin_at, Some(Timestamp(1_796_428_800_000)));
    assert_eq!((hypocentre.area_name.as_str(), hypocentre.area_code), ("兵庫県南東部", 530));
    assert_eq!(hypocentre.place, Some(Position::from_degrees(35.1, 135.0).unwrap()));
    assert_eq!(hypocentre.depth.metres(), Some(10_000));
    assert_eq!(hypocentre.magnitude, Magnitude::Known { scale: MagnitudeScale::Mj, centi: 680 });
    let observation = telegram.observation.unwrap();
    assert_eq!(observation.reading.received, Some(IntensityClass::SixLower));
    let prefecture = &observation.prefectures[0];
    assert_eq!((prefecture.seen.code, prefecture.seen.revision), (28, Some(Revision::Raised)));
    let tamba = observation.municipalities().next().unwrap();
    assert_eq!((tamba.municipality_code(), tamba.seen.revision), (28_223, Some(Revision::Added)));
    // A station with an old code counts for the municipality that it stands in.
    assert_eq!(tamba.stations.iter().map(|station| station.code).collect::<Vec<_>>(), [2_822_330, 9_999_931]);
}

#[test]
fn a_value_that_never_came_counts_as_five_lower_or_more() {
    let observation = draft().read().unwrap().observation.unwrap();
    let readings: Vec<Reading> = observation.municipalities().map(|one| one.seen.reading).collect();
    assert_eq!(readings[1], Reading { received: None, is_incomplete: true });
    assert_eq!(readings[2], Reading { received: Some(IntensityClass::Four), is_incomplete: true });
    let at_least: Vec<&str> = readings.iter().map(|reading| reading.at_least().as_str()).collect();
    assert_eq!(at_least, ["6-", "5-", "5-"]);
    assert_eq!(readings.iter().map(|one| one.is_unknown_high()).collect::<Vec<_>>(), [false, true, true]);
    // What is missing below is missing above: the prefecture may have been hit harder than 6-lower.
    assert!(observation.reading.is_unknown_high() && observation.prefectures[0].seen.reading.is_incomplete);
}

#[test]
fn only_what_happened_may_be_live() {
    for (status, purpose, may) in
        [("通常", Purpose::Actual, true), ("訓練", Purpose::Training, false), ("試験", Purpose::Test, false)]
    {
        let telegram = Draft { status, ..draft() }.read().unwrap();
        assert_eq!((telegram.purpose, telegram.may_be_live()), (purpose, may));
    }
    assert_eq!(
        refusal("<Status>通常", "<Status>平常"),
        "line 3, character 77: Status: \"平常\" is none of 通常, 訓練, 試験"
    );
}

#[test]
fn a_cancellation_needs_no_body_and_takes_back_what_stood() {
    let cancelled =
        Draft {
            info_type: "取消", serial: "", body: "<Text>取り消します。</Text>".into(), ..draft()
        };
    let telegram = cancelled.read().unwrap();
    assert_eq!(
        (telegram.serial, telegram.hypocentres.len(), telegram.observation.is_none()),
        (None, 0, true)
    );
    let missing = Draft { info_type: "発表", ..cancelled }.read().unwrap_err();
    assert_eq!(missing.problem, TelegramProblem::Missing { name: "Earthquake" });
}

#[test]
fn magnitudes_that_are_not_known_differ_from_those_too_large_to_tell() {
    let of = |description: &str| {
        let magnitude =
            format!(r#"<jmx_eb:Magnitude type="Mj" condition="不明" description="{description}">NaN<"#);
        let right = r#"<jmx_eb:Magnitude type="Mj" description="Ｍ６．８">6.8<"#;
        let text = draft().text().replace(right, &magnitude);
        read(text.as_bytes()).map(|telegram| telegram.hypocentres[0].magnitude)
    };
    assert_eq!(of("Ｍ不明"), Ok(Magnitude::Unknown));
    assert_eq!(of("Ｍ８を超える巨大地震"), Ok(Magnitude::OverEight));
    assert!(of("").unwrap_err().to_string().contains("none of Ｍ不明, Ｍ８を超える巨大地震"));
}

#[test]
fn an_update_is_read_to_a_tenth_of_a_minute_and_by_the_agencys_magnitude() {
    let more = r#"<jmx_eb:Coordinate type="震源位置（度分）">+3506.5+13503.0-12000/</jmx_eb:Coordinate>
</Area></Hypocenter>
<jmx_eb:Magnitude type="Mw" description="Ｍｗ６．５">6.5</jmx_eb:Magnitude>"#;
    let body = EARTHQUAKE.replace("</Area></Hypocenter>", more);
    let telegram = Draft { title: "顕著な地震の震源要素更新のお知らせ", body, ..draft() }.read().unwrap();
    let hypocentre = &telegram.hypocentres[0];
    assert_eq!(telegram.kind.code(), "VXSE61");
    assert_eq!(hypocentre.place, Some(Position::from_degrees(35.0 + 6.5 / 60.0, 135.05).unwrap()));
    assert_eq!(hypocentre.depth, Depth::Metres(12_000));
    assert_eq!(hypocentre.magnitude, Magnitude::Known { scale: MagnitudeScale::Mj, centi: 680 });
}

#[test]
fn a_telegram_cut_anywhere_is_refused_at_the_place_where_it_ends() {
    let text = draft().text();
    let bytes = text.trim_end().as_bytes();
    for length in 0..bytes.len() {
        let fault = read(&bytes[..length]).unwrap_err();
        let good = String::from_utf8_lossy(&bytes[..length]);
        let last_line = good.lines().count().max(1) as u32;
        assert!(fault.line <= last_line + 1, "{length}: {fault}");
    }
    let half = &bytes[..bytes.len() / 2];
    let fault = read(half).unwrap_err();
    assert_eq!(fault.problem, TelegramProblem::Cut, "{fault}");
    let lines = String::from_utf8_lossy(half).matches('\n').count() as u32 + 1;
    assert!(fault.line == lines && fault.character > 1, "{fault} of {lines} lines");
}

#[test]
fn other_encodings_are_refused_by_name() {
    assert_eq!(
        refusal("encoding=\"UTF-8\"", "encoding='Shift_JIS'"),
        "line 1, character 1: the encoding is Shift_JIS; the agency sends UTF-8, convert it"
    );
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(draft().text().bytes().flat_map(|b| [b, 0])).collect();
    assert_eq!(read(&wide).unwrap_err().problem, TelegramProblem::Encoding { encoding: "UTF-16".to_owned() });
    let mut torn = draft().text().into_bytes();
    let place = draft().text().find("気象庁").unwrap();
    torn[place] = 0x8B;
    let fault = read(&torn).unwrap_err();
    assert_eq!((fault.line, fault.character, fault.problem), (4, 18, TelegramProblem::NotUtf8));
    let marked: Vec<u8> = b"\xEF\xBB\xBF".iter().copied().chain(draft().text().bytes()).collect();
    assert!(read(&marked).is_ok(), "a mark of UTF-8 is UTF-8");
}

#[test]
fn entities_are_never_expanded() {
    let bomb = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE Report [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Report xmlns="http://xml.kishou.go.jp/jmaxml1/">&b;</Report>"#;
    let fault = read(bomb.as_bytes()).unwrap_err();
    assert_eq!((fault.line, fault.character, fault.problem), (2, 1, TelegramProblem::DocumentType));
    assert!(refusal("気象庁本庁", "&office;").contains("is no XML"));
    let named = draft().text().replace("気象庁本庁", "気象庁&amp;本庁");
    assert_eq!(read(named.as_bytes()).unwrap().office, "気象庁&本庁", "five of them belong to XML itself");
}

#[test]
fn what_takes_long_to_read_is_not_read() {
    let many: String = (0..20_000).map(|index| format!(" a{index}=\"\"")).collect();
    let fault = read(draft().text().replace("<Report ", &format!("<Report{many} ")).as_bytes()).unwrap_err();
    assert_eq!((fault.line, fault.problem), (2, TelegramProblem::TooManyAttributes { limit: 100 }));
    let large = vec![b' '; BYTES_MAX + 1];
    assert_eq!(read(&large).unwrap_err().problem, TelegramProblem::TooLarge { bytes: BYTES_MAX + 1 });
    let nested = "<a>".repeat(1_000_000);
    assert!(matches!(read(nested.as_bytes()).unwrap_err().problem, TelegramProblem::Form { .. }));
}

#[test]
fn what_is_not_read_is_named() {
    assert_eq!(
        refusal("<Title>震源・震度に関する情報", "<Title>長周期地震動に関する観測情報"),
        "line 3, character 10: Title: telegrams \"長周期地震動に関する観測情報\" are not read; read are VXSE51 震度速報, \
         VXSE52 震源に関する情報, VXSE53 震源・震度に関する情報, VXSE61 顕著な地震の震源要素更新のお知らせ"
    );
    assert!(refusal("<Report xmlns=\"http://xml.kishou.go.jp/jmaxml1/\">", "<Report>").contains(
        "Report: is no telegram of the agency: expected Report of http://xml.kishou.go.jp/jmaxml1/"
    ));
    assert!(refusal("seismology1", "volcanology1").ends_with("Report: lacks Body; fetch the telegram again"));
}

#[test]
fn each_flaw_is_named_with_its_place() {
    for (right, wrong, said) in [
        ("<EventID>20261205090011", "<EventID>2026120509001", "EventID: \"2026120509001\" is no earthquake"),
        ("<Serial>1", "<Serial>one", "Serial: \"one\" is no whole number"),
        ("2026-12-05T00:05:00Z", "2026-12-05 00:05", "DateTime: \"2026-12-05 00:05\" is no time"),
        ("<Code>2822300", "<Code>28223", "Code: \"28223\" is no code; use 7 digits"),
        ("<Int>6-", "<Int>6", "Int: \"6\" is no intensity; use 0, 1, 2, 3, 4, 5-, 5+, 6-, 6+ or 7"),
        ("+35.1+135.0-10000/", "+35.1+135.0", "Coordinate: \"+35.1+135.0\" is no place"),
        (">6.8<", ">six<", "Magnitude: \"six\" is no magnitude"),
        ("<InfoType>発表", "<InfoType>遅延", "InfoType: \"遅延\" is none of 発表, 訂正, 取消"),
        ("<InfoType>発表</InfoType>", "", "Head: lacks InfoType"),
        ("<Serial>1</Serial>", "<Serial>1</Serial><Serial>2</Serial>", "Serial: stands there twice"),
        ("<Code>28</Code><MaxInt>6-</MaxInt>", "<Code>28</Code>", "line"),
    ] {
        if said == "line" {
            // The value may be absent because a station below it is.
            let text = draft().text().replacen(right, wrong, 1);
            assert!(read(text.as_bytes()).is_ok());
        } else {
            let found = refusal(right, wrong);
            assert!(found.contains(said), "{found} should say {said}");
        }
    }
    let complete = draft().text().replace("震度５弱以上未入電", "4").replace("!5-", "4");
    let fault = read(complete.as_bytes()).unwrap_err();
    assert_eq!(fault.problem, TelegramProblem::Missing { name: "MaxInt" }, "of a town that says nothing");
}

#[test]
fn the_newest_stands_in_whatever_order_telegrams_come() {
    let flash = Draft {
        title: "震度速報",
        serial: "",
        sent: "2026-12-05T00:01:30Z",
        body: INTENSITY.to_owned(),
        ..draft()
    };
    let first = draft();
    let corrected = Draft {
        info_type: "訂正",
        serial: "2",
        sent: "2026-12-05T00:20:00Z",
        body: format!("{}\n{INTENSITY}", EARTHQUAKE.replace(">6.8<", ">6.9<")),
        ..draft()
    };
    let exercise = Draft { status: "訓練", sent: "2026-12-05T00:30:00Z", ..corrected.clone() };
    let drafts = [flash, first, corrected, exercise];
    let telegrams: Vec<Telegram> = drafts.iter().map(|draft| draft.read().unwrap()).collect();
    let enter = |order: &[usize]| {
        let mut book = EventBook::default();
        let entries: Vec<Entry> = order.iter().map(|&index| book.enter(telegrams[index].clone())).collect();
        (book, entries)
    };
    let (book, entries) = enter(&[0, 1, 2, 3, 2]);
    assert_eq!(entries, [Entry::First, Entry::Newer, Entry::Newer, Entry::First, Entry::Stale]);
    for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        assert_eq!(enter(&order).0, book, "{order:?}");
    }
    let event = book.event(Purpose::Actual, telegrams[0].event).unwrap();
    assert_eq!(event.standing().count(), 2);
    let magnitude = event.hypocentre().unwrap().magnitude;
    assert_eq!(magnitude, Magnitude::Known { scale: MagnitudeScale::Mj, centi: 690 });
    assert_eq!(event.observation(), telegrams[2].observation.as_ref());
    assert!(book.event(Purpose::Test, telegrams[0].event).is_none());
}

#[test]
fn what_was_cancelled_stands_no_more_until_it_is_said_again() {
    let mut book = EventBook::default();
    let cancelled = Draft { info_type: "取消", sent: "2026-12-05T00:10:00Z", ..draft() }.read().unwrap();
    let again = Draft { sent: "2026-12-05T00:15:00Z", ..draft() }.read().unwrap();
    let id = cancelled.event;
    assert_eq!(book.enter(draft().read().unwrap()), Entry::First);
    assert_eq!(book.enter(cancelled), Entry::Cancelled);
    let event = book.event(Purpose::Actual, id).unwrap();
    assert!(event.is_cancelled() && event.hypocentre().is_none() && event.observation().is_none());
    assert_eq!(book.enter(draft().read().unwrap()), Entry::Stale, "sent before the cancellation");
    assert_eq!(book.enter(again), Entry::Newer);
    assert!(!book.event(Purpose::Actual, id).unwrap().is_cancelled());
}

#[test]
fn merged_towns_count_for_what_they_belong_to_now() {
    let codes = Codes::read("old,new,source\n28213,28999,made up\n28999,28223,made up\n").unwrap();
    let known = codes.by_municipality(&draft().read().unwrap().observation.unwrap());
    let told: Vec<(u32, &str, bool)> =
        known.iter().map(|(code, one)| (*code, one.at_least().as_str(), one.is_incomplete)).collect();
    assert_eq!(told, [(28_221, "5-", true), (28_223, "6-", true)]);
    let refused = |text: &str| Codes::read(text).unwrap_err().to_string();
    assert_eq!(refused("old\n1\n"), "line 1, column new: the header lacks this column; add it");
    assert_eq!(
        refused("old,new\n28213,28999\n28999,28213\n"),
        "line 3, column new: 28999 leads back to itself; remove a row of the circle"
    );
    assert_eq!(
        refused("old,new\n28213,28223\n28213,28221\n"),
        "line 3, column old: \"28213\" stands on line 2 already; remove one"
    );
    assert_eq!(
        refused("old,new\n2821300,28223\n"),
        "line 2, column old: \"2821300\" is not a code of five digits"
    );
}

proptest! {
    #[test]
    fn nothing_stops_the_reader(mut bytes in prop::collection::vec(any::<u8>(), 0..40), at in 0_usize..4_000) {
        // Any bytes alone, and in the middle of a telegram.
        let _ = read(&bytes);
        let mut text = draft().text().into_bytes();
        let at = at.min(text.len());
        let rest = text.split_off(at);
        text.append(&mut bytes);
        text.extend(rest);
        if let Err(fault) = read(&text) {
            prop_assert!(fault.line >= 1 && fault.character >= 1);
        }
    }
}
