//! Canonical proto JSON, by the descriptors that the server itself publishes.
//!
//! Fields come in the order of their numbers and there are no maps, so equal messages give equal bytes.

use super::args::ArgError;
use crate::api;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use std::sync::OnceLock;

/// Largest file that is read as a resource.
pub const FILE_BYTES_MAX: u64 = 1 << 20;

/// Everything in `proto/`.
///
/// # Panics
/// When the descriptors inside the binary are broken.
pub fn pool() -> &'static DescriptorPool {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    POOL.get_or_init(|| DescriptorPool::decode(api::DESCRIPTORS).expect("the build wrote the descriptors"))
}

/// One line of canonical JSON for a message of the type `name`.
///
/// # Panics
/// When `message` is not of that type.
#[must_use]
pub fn line(name: &str, message: &impl Message) -> String {
    line_of(name, &message.encode_to_vec())
}

fn line_of(name: &str, message: &[u8]) -> String {
    let kind = pool().get_message_by_name(name).expect("the table of calls names types of proto/");
    let dynamic =
        DynamicMessage::decode(kind, message).expect("what was decoded by the same schema decodes again");
    let mut out = serde_json::Serializer::new(Vec::new());
    match dynamic.serialize_with_options(&mut out, &SerializeOptions::new()) {
        Ok(()) => String::from_utf8(out.into_inner()).expect("JSON is UTF-8"),
        // A time beyond year 9999 or the like, which a correct server never sends.
        Err(error) => serde_json::json!({ "unprintable": name, "because": error.to_string() }).to_string(),
    }
}

/// Reads a message of the type `name` from JSON; the error says line and column.
///
/// # Errors
/// [`ArgError`] when the text is not JSON, or not such a message.
///
/// # Panics
/// When `T` is not of that type.
pub fn read<T: Message + Default>(name: &str, text: &str) -> Result<T, ArgError> {
    let refuse = |error: serde_json::Error| {
        let short = name.trim_start_matches("yui.v1.");
        let error: String = error.to_string().chars().take(300).collect();
        ArgError::new(
            format!("JSON が {short} として読めません: {error}"),
            format!("the JSON is not a {short}: {error}"),
        )
    };
    let kind = pool().get_message_by_name(name).expect("the caller names a type of proto/");
    let mut json = serde_json::Deserializer::from_str(text);
    let dynamic = DynamicMessage::deserialize(kind, &mut json).map_err(refuse)?;
    json.end().map_err(refuse)?;
    Ok(dynamic.transcode_to().expect("the same schema encodes and decodes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::v1;

    #[test]
    fn a_message_prints_as_canonical_json_to_the_byte() {
        let candidate = v1::Candidate {
            asset: "drill/kansai/members/hyogo/assets/heli-harima".to_owned(),
            display_name: Some(v1::DisplayName { ja: "はりま".to_owned(), en: "Harima".to_owned() }),
            minutes_to_care: 21,
            margins: vec![v1::Margin { limit: 1, amount: -5_400, unit: 1 }],
            cautions: vec![v1::Caution::SiteUnconfirmed.into(), 99],
            ..v1::Candidate::default()
        };
        let ranking = v1::Ranking {
            at_time: Some(prost_types::Timestamp { seconds: 1_796_432_400, nanos: 500_000_000 }),
            candidates: vec![candidate],
            problem_hash: vec![0xff, 0x00],
            seen: vec![v1::SeenLedger { ledger: "members/hyogo".to_owned(), sequence: 12 }],
            ..v1::Ranking::default()
        };
        let golden = concat!(
            r#"{"atTime":"2026-12-05T01:00:00.500Z","candidates":[{"asset":"#,
            r#""drill/kansai/members/hyogo/assets/heli-harima","displayName":{"ja":"はりま","en":"Harima"},"#,
            r#""minutesToCare":21,"margins":[{"limit":"LIMIT_DAYLIGHT","amount":"-5400","unit":"SECONDS"}],"#,
            r#""cautions":["SITE_UNCONFIRMED",99]}],"problemHash":"/wA=","#,
            r#""seen":[{"ledger":"members/hyogo","sequence":"12"}]}"#
        );
        assert_eq!(line("yui.v1.Ranking", &ranking), golden);
        assert_eq!(read::<v1::Ranking>("yui.v1.Ranking", golden).unwrap(), ranking);
    }

    #[test]
    fn json_that_is_not_the_resource_is_refused_with_its_place() {
        let cases = [
            ("", "line 1"),
            ("{\"seats\": -4}", "line 1"),
            ("{\n\"sets\": 4}", "line 2"),
            ("{} {}", "line 1"),
            ("{\"kind\": \"SPACESHIP\"}", "line 1"),
        ];
        for (text, place) in cases {
            let error = read::<v1::Asset>("yui.v1.Asset", text).unwrap_err();
            assert!(error.to_string().contains(place), "{text}: {error}");
        }
        let deep = "{\"base\":".repeat(100_000);
        assert!(read::<v1::Asset>("yui.v1.Asset", &deep).is_err());
    }

    #[test]
    fn a_time_beyond_the_calendar_does_not_stop_the_output() {
        let clock = v1::DrillClock {
            now_time: Some(prost_types::Timestamp { seconds: i64::MAX, nanos: -1 }),
            ..v1::DrillClock::default()
        };
        let _ = line("yui.v1.DrillClock", &clock);
    }
}
