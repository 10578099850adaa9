//! The words of a base's page, in both languages.

use crate::decision::model::{AbortReason, AssetState, DeclineReason, MissionEnd, MissionPhase, RequestKind};

/// A language of the union.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Lang {
    /// BCP 47.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick("ja", "en")
    }

    /// The one of two texts that is in this language.
    #[must_use]
    pub fn pick<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

/// The word of a reason in a form.
pub(super) fn decline_code(reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::OnMission => "on_mission",
        DeclineReason::Weather => "weather",
        DeclineReason::Darkness => "darkness",
        DeclineReason::OutOfService => "out_of_service",
        DeclineReason::NoCrew => "no_crew",
        DeclineReason::NoSite => "no_site",
        DeclineReason::OutOfRange => "out_of_range",
        DeclineReason::OutsideAgreement => "outside_agreement",
    }
}

pub(super) fn decline_reason(code: &str) -> Option<DeclineReason> {
    super::DECLINE_REASONS.into_iter().find(|reason| decline_code(*reason) == code)
}

pub(super) fn decline(reason: DeclineReason, lang: Lang) -> &'static str {
    match reason {
        DeclineReason::OnMission => lang.pick("他事案に出動中", "on another mission"),
        DeclineReason::Weather => lang.pick("天候不良", "weather"),
        DeclineReason::Darkness => lang.pick("日没に間に合わない", "darkness"),
        DeclineReason::OutOfService => lang.pick("機体運休", "out of service"),
        DeclineReason::NoCrew => lang.pick("乗員不在", "no crew"),
        DeclineReason::NoSite => lang.pick("離着陸場なし", "no landing site"),
        DeclineReason::OutOfRange => lang.pick("航続距離外", "out of range"),
        DeclineReason::OutsideAgreement => lang.pick("協定の範囲外", "outside the agreement"),
    }
}

pub(super) fn kind(kind: RequestKind, lang: Lang) -> &'static str {
    match kind {
        RequestKind::Scene => lang.pick("現場救急", "scene call"),
        RequestKind::Transfer => lang.pick("転院搬送", "transfer"),
        RequestKind::Hoist => lang.pick("吊上げ救助", "hoist rescue"),
        RequestKind::Supplies => lang.pick("物資輸送", "supplies"),
        RequestKind::Reconnaissance => lang.pick("情報収集", "reconnaissance"),
        RequestKind::Staff => lang.pick("人員輸送", "staff"),
    }
}

pub(super) fn phase(phase: MissionPhase, lang: Lang) -> &'static str {
    match phase {
        MissionPhase::Committed => lang.pick("出動決定", "committed"),
        MissionPhase::Airborne => lang.pick("離陸", "airborne"),
        MissionPhase::OnScene => lang.pick("現場着", "on scene"),
        MissionPhase::Transporting => lang.pick("搬送開始", "transporting"),
        MissionPhase::Arrived => lang.pick("病院着", "arrived"),
        MissionPhase::Returning => lang.pick("帰投中", "returning"),
        MissionPhase::Ready => lang.pick("待機", "ready"),
    }
}

/// The form word and the key of a step.
pub(super) fn step_key(phase: MissionPhase) -> Option<(&'static str, &'static str)> {
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

pub(super) fn abort(reason: AbortReason, lang: Lang) -> &'static str {
    match reason {
        AbortReason::Weather => lang.pick("天候", "weather"),
        AbortReason::Mechanical => lang.pick("機体故障", "mechanical"),
        AbortReason::NoSite => lang.pick("離着陸場なし", "no landing site"),
        AbortReason::Darkness => lang.pick("日没", "darkness"),
        AbortReason::Retasked => lang.pick("他事案へ転用", "re-tasked"),
    }
}

pub(super) fn end(end: MissionEnd, lang: Lang) -> String {
    match end {
        MissionEnd::Completed => lang.pick("完了", "completed").to_owned(),
        MissionEnd::StoodDown => lang.pick("要請側により中止", "stood down").to_owned(),
        MissionEnd::Aborted(reason) => format!("{} ({})", lang.pick("中断", "aborted"), abort(reason, lang)),
    }
}

pub(super) fn asset_state(state: AssetState, lang: Lang) -> &'static str {
    match state {
        AssetState::Available => lang.pick("待機中", "available"),
        AssetState::Recallable { .. } => lang.pick("訓練飛行中(呼戻し可)", "training, can be recalled"),
        AssetState::OutOfService { .. } => lang.pick("運休中", "out of service"),
    }
}
