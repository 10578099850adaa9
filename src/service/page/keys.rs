//! The keys of a base's page: which key says what. Each is one letter or digit, and each stands beside its words.

use crate::api::v1;
use crate::decision::model::{DeclineReason, MissionPhase};
use crate::lang::Term;
use crate::service::convert::Wire;

/// The reasons that a base may give, in the order of the page: the first has the key 1. The most frequent come first.
pub(super) const DECLINE_REASONS: [DeclineReason; 8] = [
    DeclineReason::Weather,
    DeclineReason::OnMission,
    DeclineReason::Darkness,
    DeclineReason::OutOfService,
    DeclineReason::NoCrew,
    DeclineReason::NoSite,
    DeclineReason::OutOfRange,
    DeclineReason::OutsideAgreement,
];

/// The word of a reason in a form: that of the command line.
pub(super) fn decline_word(reason: DeclineReason) -> String {
    let wire: v1::DeclineReason = reason.wire();
    wire.word()
}

/// The reason of a word; none for a word that the page has not.
pub(super) fn decline_reason(word: &str) -> Option<DeclineReason> {
    DECLINE_REASONS.into_iter().find(|reason| decline_word(*reason) == word)
}

/// The form word and the key of a step; none for the first, which is the go itself.
pub(super) fn step(phase: MissionPhase) -> Option<(&'static str, &'static str)> {
    match phase {
        MissionPhase::Committed => None,
        MissionPhase::Airborne => Some(("airborne", "l")),
        MissionPhase::OnScene => Some(("on_scene", "s")),
        MissionPhase::Transporting => Some(("transporting", "t")),
        MissionPhase::Arrived => Some(("arrived", "h")),
        MissionPhase::Returning => Some(("returning", "b")),
        MissionPhase::Ready => Some(("ready", "r")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_of_the_wire_has_one_key() {
        let words: BTreeSet<String> = DECLINE_REASONS.into_iter().map(decline_word).collect();
        let wire: BTreeSet<String> = v1::DeclineReason::ALL[1..].iter().map(|reason| reason.word()).collect();
        assert_eq!(words, wire);
        assert_eq!(decline_reason("no-crew"), Some(DeclineReason::NoCrew));
        assert_eq!(decline_reason(""), None);
    }

    #[test]
    fn no_key_says_two_things() {
        let phases = [
            MissionPhase::Airborne,
            MissionPhase::OnScene,
            MissionPhase::Transporting,
            MissionPhase::Arrived,
            MissionPhase::Returning,
            MissionPhase::Ready,
        ];
        let steps = phases.into_iter().filter_map(step).map(|(_, key)| key);
        // Acknowledge, go, decline, confirm.
        let keys: Vec<&str> = ["a", "g", "d", "c"].into_iter().chain(steps).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{keys:?}");
    }
}
