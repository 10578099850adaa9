//! Telegrams as the agency sent them in 2009 and 2021.

use super::text;
use yui::hazard::telegram::{
    Depth, InfoType, Magnitude, MagnitudeScale, Purpose, Telegram, TelegramKind, TelegramProblem, read,
};

/// What a file holds, counted in it without a reader of XML.
struct Sent {
    file: &'static str,
    kind: TelegramKind,
    event: &'static str,
    purpose: Purpose,
    /// Magnitude in hundredths, and depth.
    size: Option<(i64, Depth)>,
    /// Prefectures, municipalities, stations.
    counts: [usize; 3],
    strongest: Option<&'static str>,
}

const SENT: [Sent; 7] = [
    Sent {
        file: "20210216071046_0_VXSE53_270000.xml",
        kind: TelegramKind::HypocentreAndIntensity,
        event: "20210216160714",
        purpose: Purpose::Actual,
        size: Some((150, Depth::VeryShallow)),
        counts: [1, 1, 1],
        strongest: Some("1"),
    },
    Sent {
        file: "20210217190009_0_VXSE51_010000.xml",
        kind: TelegramKind::IntensityFlash,
        event: "20210218035836",
        purpose: Purpose::Actual,
        size: None,
        counts: [1, 0, 0],
        strongest: Some("3"),
    },
    Sent {
        file: "20210217190122_0_VXSE52_010000.xml",
        kind: TelegramKind::Hypocentre,
        event: "20210218035836",
        purpose: Purpose::Actual,
        size: Some((420, Depth::Metres(40_000))),
        counts: [0, 0, 0],
        strongest: None,
    },
    Sent {
        file: "20210217190220_0_VXSE53_010000.xml",
        kind: TelegramKind::HypocentreAndIntensity,
        event: "20210218035836",
        purpose: Purpose::Actual,
        size: Some((420, Depth::Metres(40_000))),
        counts: [9, 162, 274],
        strongest: Some("3"),
    },
    Sent {
        file: "20210219011051_0_VXSE53_010000.xml",
        kind: TelegramKind::HypocentreAndIntensity,
        event: "20210219100719",
        purpose: Purpose::Actual,
        size: Some((470, Depth::Metres(50_000))),
        counts: [6, 118, 221],
        strongest: Some("3"),
    },
    Sent {
        file: "32-35_01_01_100806_VXSE51.xml",
        kind: TelegramKind::IntensityFlash,
        event: "20090811050711",
        purpose: Purpose::Actual,
        size: None,
        counts: [16, 0, 0],
        strongest: Some("6-"),
    },
    Sent {
        file: "32-35_01_03_100806_VXSE53.xml",
        kind: TelegramKind::HypocentreAndIntensity,
        event: "20091001134500",
        purpose: Purpose::Training,
        size: Some((590, Depth::Metres(10_000))),
        counts: [8, 129, 218],
        strongest: Some("5-"),
    },
];

/// Prefectures, municipalities, stations.
fn counts(telegram: &Telegram) -> [usize; 3] {
    let Some(observation) = &telegram.observation else { return [0; 3] };
    let stations = observation.municipalities().map(|municipality| municipality.stations.len());
    [observation.prefectures.len(), observation.municipalities().count(), stations.sum()]
}

#[test]
fn every_telegram_says_what_it_was_sent_to_say() {
    for sent in SENT {
        let Some(text) = text(&format!("jma_xml/{}", sent.file)) else { return };
        let telegram = read(text.as_bytes()).unwrap();
        assert_eq!(telegram.kind, sent.kind, "{}", sent.file);
        assert_eq!((telegram.purpose, telegram.info_type), (sent.purpose, InfoType::Issue), "{}", sent.file);
        assert_eq!(telegram.event.to_string(), sent.event, "{}", sent.file);
        let size = telegram.hypocentres.first().map(|hypocentre| match hypocentre.magnitude {
            Magnitude::Known { scale: MagnitudeScale::Mj, centi } => (centi, hypocentre.depth),
            other => unreachable!("{}: {other:?}", sent.file),
        });
        assert_eq!(size, sent.size, "{}", sent.file);
        assert_eq!(counts(&telegram), sent.counts, "{}", sent.file);
        let observation = telegram.observation.as_ref();
        let strongest = observation.map(|observation| observation.reading.at_least().as_str());
        assert_eq!(strongest, sent.strongest, "{}", sent.file);
    }
}

#[test]
fn a_municipality_is_as_strong_as_its_strongest_station() {
    for sent in SENT {
        let Some(text) = text(&format!("jma_xml/{}", sent.file)) else { return };
        let telegram = read(text.as_bytes()).unwrap();
        let all = telegram.observation.iter().flat_map(|observation| observation.municipalities());
        for municipality in all {
            let strongest = municipality.stations.iter().map(|station| station.reading.received).max();
            assert_eq!(strongest, Some(municipality.seen.reading.received), "{}", municipality.seen.name);
        }
    }
}

#[test]
fn a_sent_telegram_cut_in_half_is_refused_where_it_ends() {
    for sent in SENT {
        let Some(text) = text(&format!("jma_xml/{}", sent.file)) else { return };
        let half = &text.as_bytes()[..text.len() / 2];
        let fault = read(half).unwrap_err();
        let lines = half.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
        assert_eq!(fault.line, lines, "{}: {fault}", sent.file);
        assert!(
            matches!(fault.problem, TelegramProblem::Cut | TelegramProblem::Form { .. }),
            "{}: {fault}",
            sent.file
        );
    }
}
