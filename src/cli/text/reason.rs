//! Sentences for reasons, smallest changes and margins: the text of the code with its parameters.

use super::{Lang, Term, term};
use crate::api::v1;
use crate::cli::names;
use crate::cli::time;

/// An amount with its unit, rounded so that it reads well: minutes up, kilometres to a tenth (down).
#[must_use]
pub fn amount(value: i64, unit: i32, lang: Lang) -> String {
    match v1::Unit::try_from(unit) {
        Ok(v1::Unit::Seconds) => time::span_text(value, lang),
        Ok(v1::Unit::Metres) if value.unsigned_abs() >= 10_000 => {
            format!("{}{}.{} km", sign(value), value.unsigned_abs() / 1000, value.unsigned_abs() % 1000 / 100)
        }
        Ok(v1::Unit::Unspecified | v1::Unit::Count) => value.to_string(),
        Ok(unit) => format!("{value} {}", unit.text(lang)),
        Err(_) => format!("{value} ?{unit}"),
    }
}

fn sign(value: i64) -> &'static str {
    if value < 0 { "-" } else { "" }
}

/// Why somebody cannot help, in one line.
#[must_use]
pub fn reason(reason: &v1::Reason, lang: Lang) -> String {
    let mut notes = Vec::new();
    if reason.capability != 0 {
        notes.push(term::<v1::Capability>(reason.capability, lang));
    }
    if reason.outage != 0 {
        notes.push(term::<v1::OutageReason>(reason.outage, lang));
    }
    if !reason.subject.is_empty() {
        notes.push(names::short(&reason.subject));
    }
    if reason.short_by != 0 {
        notes.push(missed_by(reason, lang));
    } else if reason.unit != 0 {
        let needed = amount(reason.needed, reason.unit, lang);
        let available = amount(reason.available, reason.unit, lang);
        notes.push(
            lang.pick(format!("必要 {needed}、実際 {available}"), format!("needs {needed}, has {available}")),
        );
    }
    if let Some(until) = &reason.until_time {
        let until = time::day_and_minute(until);
        notes.push(lang.pick(format!("{until} まで"), format!("until {until}")));
    }
    with_notes(term::<v1::reason::Code>(reason.code, lang), &notes, lang)
}

/// By how much a limit is missed: below what is needed, above what is allowed, or after it.
fn missed_by(reason: &v1::Reason, lang: Lang) -> String {
    use v1::reason::Code;
    let by = amount(reason.short_by, reason.unit, lang);
    match Code::try_from(reason.code) {
        Ok(
            Code::WindAboveLimit
            | Code::AgreementDistance
            | Code::SiteTooWeak
            | Code::SiteTooSmall
            | Code::PadTooWeak
            | Code::PadTooSmall,
        ) => lang.pick(format!("{by}超過"), format!("over by {by}")),
        Ok(Code::PastDue | Code::OutsideServiceHours) => {
            lang.pick(format!("{by}遅れ"), format!("late by {by}"))
        }
        _ => lang.pick(format!("{by}不足"), format!("short by {by}")),
    }
}

/// What would have to change, in one line.
#[must_use]
pub fn smallest_change(change: &v1::SmallestChange, lang: Lang) -> String {
    let mut notes = Vec::new();
    if change.unit != 0 {
        let by = amount(change.amount, change.unit, lang);
        notes.push(lang.pick(by.clone(), format!("by {by}")));
    }
    if change.capability != 0 {
        notes.push(term::<v1::Capability>(change.capability, lang));
    }
    if !change.subject.is_empty() {
        notes.push(names::short(&change.subject));
    }
    if let Some(at) = &change.time {
        let at = time::day_and_minute(at);
        notes.push(lang.pick(at.clone(), format!("at {at}")));
    }
    with_notes(term::<v1::smallest_change::Code>(change.code, lang), &notes, lang)
}

/// How far a candidate stays from a limit.
#[must_use]
pub fn margin(margin: &v1::Margin, lang: Lang) -> String {
    format!("{} {}", term::<v1::Limit>(margin.limit, lang), amount(margin.amount, margin.unit, lang))
}

/// Whether a margin is so small that a person should see it: half an hour, 20 km, one aircraft and so on.
/// All margins stand in the answer; a sheet with every one would hide those that matter.
#[must_use]
pub fn is_narrow(margin: &v1::Margin) -> bool {
    let Ok(limit) = v1::Limit::try_from(margin.limit) else { return true };
    let enough = match limit {
        v1::Limit::Daylight
        | v1::Limit::ServiceHours
        | v1::Limit::Endurance
        | v1::Limit::Duty
        | v1::Limit::FlightTime
        | v1::Limit::Due
        | v1::Limit::Outage
        | v1::Limit::SiteConfirmation
        | v1::Limit::Offer => 1_800,
        v1::Limit::Range => 20_000,
        v1::Limit::AgreementDistance => 5_000,
        v1::Limit::Visibility => 1_000,
        v1::Limit::Ceiling => 100,
        v1::Limit::Wind => 10,
        v1::Limit::SiteMass | v1::Limit::PadMass => 200,
        v1::Limit::SiteSize | v1::Limit::PadSize => 2,
        v1::Limit::AgreementMissions | v1::Limit::HomeCover => 1,
        // A seat that is just enough is enough.
        v1::Limit::Stretchers
        | v1::Limit::Seats
        | v1::Limit::SiteSpots
        | v1::Limit::Beds
        | v1::Limit::PositionAge
        | v1::Limit::Unspecified => 0,
    };
    margin.amount < enough
}

fn with_notes(head: String, notes: &[String], lang: Lang) -> String {
    if notes.is_empty() {
        return head;
    }
    let joined = notes.join(lang.pick("、", ", "));
    lang.pick(format!("{head}({joined})"), format!("{head} ({joined})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_carries_its_parameters_in_both_languages() {
        let stretchers = v1::Reason {
            code: v1::reason::Code::TooFewStretchers.into(),
            needed: 2,
            available: 1,
            unit: v1::Unit::Count.into(),
            ..v1::Reason::default()
        };
        assert_eq!(reason(&stretchers, Lang::En), "too few stretchers (needs 2, has 1)");
        assert_eq!(reason(&stretchers, Lang::Ja), "担架が足りない(必要 2、実際 1)");
        let occupied = v1::Reason {
            code: v1::reason::Code::SiteOccupied.into(),
            subject: "drill/kansai/members/hyogo/sites/tamba-1".to_owned(),
            until_time: Some(prost_types::Timestamp { seconds: 1_796_432_400, nanos: 0 }),
            ..v1::Reason::default()
        };
        assert_eq!(reason(&occupied, Lang::En), "landing site occupied (hyogo/tamba-1, until 12-05 10:00)");
    }

    #[test]
    fn a_limit_that_is_missed_says_by_how_much_and_not_that_there_is_nothing() {
        let missed = |code: v1::reason::Code, short_by, unit: v1::Unit| v1::Reason {
            code: code.into(),
            short_by,
            unit: unit.into(),
            ..v1::Reason::default()
        };
        let dark = missed(v1::reason::Code::Darkness, 540, v1::Unit::Seconds);
        assert_eq!(reason(&dark, Lang::En), "darkness (short by 9 min)");
        assert_eq!(reason(&dark, Lang::Ja), "日没に間に合わない(9分不足)");
        let wind = missed(v1::reason::Code::WindAboveLimit, 18, v1::Unit::KilometresPerHour);
        assert!(reason(&wind, Lang::En).ends_with("(over by 18 km/h)"));
        let due = missed(v1::reason::Code::PastDue, 60, v1::Unit::Seconds);
        assert!(reason(&due, Lang::Ja).ends_with("(1分遅れ)"));
    }

    #[test]
    fn an_outage_says_why() {
        let out = v1::Reason {
            code: v1::reason::Code::Outage.into(),
            outage: v1::OutageReason::NoMechanics.into(),
            ..v1::Reason::default()
        };
        assert!(reason(&out, Lang::En).ends_with("(no mechanics)"), "{}", reason(&out, Lang::En));
    }

    #[test]
    fn a_smallest_change_says_by_how_much() {
        let earlier = v1::SmallestChange {
            code: v1::smallest_change::Code::AskEarlierBy.into(),
            amount: 1_381,
            unit: v1::Unit::Seconds.into(),
            ..v1::SmallestChange::default()
        };
        assert_eq!(smallest_change(&earlier, Lang::En), "ask earlier (by 24 min)");
        assert_eq!(smallest_change(&earlier, Lang::Ja), "より早い要請(24分)");
    }

    #[test]
    fn amounts_read_well_at_any_size() {
        let metres = v1::Unit::Metres.into();
        assert_eq!(amount(9_999, metres, Lang::En), "9999 m");
        assert_eq!(amount(-12_345, metres, Lang::En), "-12.3 km");
        assert_eq!(amount(i64::MIN, metres, Lang::En), "-9223372036854775.8 km");
        assert_eq!(amount(i64::MIN, v1::Unit::Seconds.into(), Lang::En), "-153722867280912930 min");
        assert_eq!(amount(7, 99, Lang::En), "7 ?99");
    }

    #[test]
    fn only_a_narrow_margin_is_worth_a_glance() {
        let of = |limit: v1::Limit, amount| v1::Margin { limit: limit.into(), amount, unit: 0 };
        assert!(is_narrow(&of(v1::Limit::Daylight, 1_799)));
        assert!(!is_narrow(&of(v1::Limit::Daylight, 1_800)));
        assert!(!is_narrow(&of(v1::Limit::Seats, 0)));
        assert!(is_narrow(&v1::Margin { limit: 99, amount: 1_000_000, unit: 1 }));
    }

    #[test]
    fn every_code_makes_a_sentence() {
        for lang in [Lang::Ja, Lang::En] {
            for code in v1::reason::Code::ALL {
                let given = v1::Reason { code: (*code).into(), ..v1::Reason::default() };
                assert_eq!(reason(&given, lang), code.text(lang));
            }
            for code in v1::smallest_change::Code::ALL {
                let given = v1::SmallestChange { code: (*code).into(), ..v1::SmallestChange::default() };
                assert_eq!(smallest_change(&given, lang), code.text(lang));
            }
        }
        let newer = v1::Reason { code: 999, ..v1::Reason::default() };
        assert_eq!(reason(&newer, Lang::Ja), "?999");
    }
}
