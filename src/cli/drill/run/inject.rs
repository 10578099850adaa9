//! What a drill let happen, as it is shown: when, what, what followed.

use super::minutes;
use crate::cli::sheet::{Sheet, left};
use crate::cli::time;
use crate::drill::Script;
use crate::drill::runner::{Followed, Injected, Outcome, Told, Verdict};
use crate::drill::script::{Happening, Inject};
use crate::lang::Lang;
use crate::service::ServiceError;
use crate::service::text::{english, japanese};
use crate::units::Timestamp;

/// A table of the injects, in the order in which they happened; those that did not, last.
pub(super) fn list(sheet: &mut Sheet, script: &Script, outcome: &Outcome, lang: Lang) {
    if script.injects.is_empty() {
        return;
    }
    let mut all: Vec<(&Inject, &Injected)> = script.injects.iter().zip(&outcome.injects).collect();
    all.sort_by_key(|(_, injected)| (injected.at.is_none(), injected.at));
    let rows: Vec<[String; 4]> = all
        .into_iter()
        .map(|(inject, injected)| {
            let at = injected.at.map_or_else(|| "-".to_owned(), |at| minute(at, script.start));
            let (verb, of) = what(&inject.happening, lang);
            let what = format!("{verb} {}", sheet.name(&of)).trim_end().to_owned();
            [at, inject.name.to_string(), what, followed(sheet, injected, script.start, lang)]
        })
        .collect();
    sheet.gap();
    let columns = [
        left(lang.pick("時刻", "when")),
        left(lang.pick("状況付与", "inject")),
        left(lang.pick("内容", "what")),
        left(lang.pick("その後", "what followed")),
    ];
    sheet.grid(columns, &rows);
}

/// The time of the day, with the day where it is not the first.
fn minute(at: Timestamp, start: Timestamp) -> String {
    time::minute(&time::wire(at), Some(&time::wire(start)))
}

/// What happens, and to which resource.
fn what(happening: &Happening, lang: Lang) -> (&'static str, String) {
    let (ja, en, of) = match happening {
        Happening::AircraftBreaksDown { aircraft, .. } => ("故障", "breaks down:", aircraft.to_string()),
        Happening::StructureClosed { structure, .. } => ("通行止め", "closed:", structure.to_string()),
        Happening::RoadSlowed { structure, .. } => ("速度低下", "slowed:", structure.to_string()),
        Happening::MemberSilent { member, .. } => ("通信途絶", "silent:", member.to_string()),
        Happening::Call { scene, .. } => ("要請", "call by", scene.area.to_string()),
        Happening::FalseRequest { scene, .. } => ("虚偽の要請", "false call by", scene.area.to_string()),
        Happening::DuplicateRequest { area, .. } => ("重複した要請", "second call by", area.to_string()),
        Happening::Transfer { from, .. } => ("転院搬送", "transfer from", from.to_string()),
        Happening::Weather { region, .. } => ("気象", "weather:", region.to_string()),
        Happening::HospitalFull { hospital, .. } => ("受入不可", "full:", hospital.to_string()),
        Happening::DepotLost { depot, .. } => ("拠点喪失", "lost:", depot.to_string()),
        Happening::Need { commodity, .. } => ("物資の要求", "need of", commodity.to_string()),
    };
    (lang.pick(ja, en), of)
}

fn followed(sheet: &mut Sheet, injected: &Injected, start: Timestamp, lang: Lang) -> String {
    let mut parts: Vec<String> = Vec::new();
    match &injected.verdict {
        Verdict::Taken => {}
        Verdict::Refused(error) => {
            let refused = ServiceError::Submit(error.clone());
            parts.push(lang.pick(japanese(&refused), english(&refused)));
        }
        Verdict::Vain => parts.push(lang.pick("対象なし", "nothing to happen to").to_owned()),
        Verdict::Never => parts.push(lang.pick("起きなかった", "did not happen").to_owned()),
    }
    let doubts = injected.followed.iter().filter(|one| matches!(one, Followed::InDoubt { .. })).count();
    if doubts > 0 {
        parts.push(
            lang.pick(format!("応答のない要請 {doubts} 件"), format!("{doubts} asks without an answer")),
        );
    }
    parts.extend(injected.followed.iter().filter_map(|one| said(sheet, one, lang)));
    if let Some(ended_at) = injected.ended_at {
        let at = minute(ended_at, start);
        parts.push(lang.pick(format!("{at} 終了"), format!("ended {at}")));
    }
    parts.join(lang.pick("、", "; "))
}

/// One thing that followed; asks without an answer are counted together.
fn said(sheet: &mut Sheet, one: &Followed, lang: Lang) -> Option<String> {
    Some(match one {
        Followed::InDoubt { .. } => return None,
        Followed::Answered { told: Told::Flown(flown), .. } => {
            let (asset, minutes) = (sheet.name(&flown.asset.to_string()), minutes(Some(flown.care_s)));
            lang.pick(format!("{asset} が {minutes} 分で治療開始"), format!("{asset}, care in {minutes} min"))
        }
        Followed::Answered { told: Told::Ground { care_s }, .. } => {
            let minutes = minutes(Some(*care_s));
            lang.pick(format!("陸路 {minutes} 分で治療開始"), format!("by road, care in {minutes} min"))
        }
        Followed::Answered { told: Told::Nobody, .. } => {
            lang.pick("対応なし".to_owned(), "nobody".to_owned())
        }
        Followed::CalledOff { asset: Some(asset), .. } => {
            let asset = sheet.name(&asset.to_string());
            lang.pick(format!("取消し、{asset} が引き返す"), format!("called off, {asset} stands down"))
        }
        Followed::CalledOff { asset: None, .. } => lang.pick("取消し".to_owned(), "called off".to_owned()),
        Followed::Merged { into, .. } => {
            let into = sheet.name(&into.to_string());
            lang.pick(format!("{into} に統合"), format!("merged into {into}"))
        }
        Followed::OverAlready { .. } => {
            lang.pick("判明前に終了".to_owned(), "over before it was found out".to_owned())
        }
        Followed::BrokenOff { mission } => {
            let mission = sheet.name(&mission.to_string());
            lang.pick(format!("{mission} を中断"), format!("{mission} broken off"))
        }
        Followed::LeftOut { rankings } => {
            lang.pick(format!("順位付け {rankings} 回で除外"), format!("left out of {rankings} rankings"))
        }
    })
}

/// The same for programs, in the order of the drill.
pub(super) fn json(script: &Script, outcome: &Outcome) -> Vec<serde_json::Value> {
    let one = |(inject, injected): (&Inject, &Injected)| {
        let (verdict, refusal) = match &injected.verdict {
            Verdict::Taken => ("taken", None),
            Verdict::Refused(error) => ("refused", Some(error.to_string())),
            Verdict::Vain => ("vain", None),
            Verdict::Never => ("never", None),
        };
        serde_json::json!({
            "name": injected.name.to_string(),
            "kind": inject.happening.word(),
            "line": inject.line,
            "atMillis": injected.at.map(|at| at.0),
            "endedAtMillis": injected.ended_at.map(|at| at.0),
            "verdict": verdict,
            "refusal": refusal,
            "followed": injected.followed.iter().map(followed_json).collect::<Vec<_>>(),
        })
    };
    script.injects.iter().zip(&outcome.injects).map(one).collect()
}

fn followed_json(one: &Followed) -> serde_json::Value {
    match one {
        Followed::Answered { request, told } => {
            let (by, asset, care_s) = match told {
                Told::Flown(flown) => ("air", Some(flown.asset.to_string()), Some(flown.care_s)),
                Told::Ground { care_s } => ("road", None, Some(*care_s)),
                Told::Nobody => ("nobody", None, None),
            };
            let request = request.to_string();
            serde_json::json!({ "answeredBy": by, "request": request, "asset": asset, "careS": care_s })
        }
        Followed::CalledOff { request, asset } => {
            let asset = asset.as_ref().map(ToString::to_string);
            serde_json::json!({ "calledOff": request.to_string(), "asset": asset })
        }
        Followed::Merged { request, into } => {
            serde_json::json!({ "merged": request.to_string(), "into": into.to_string() })
        }
        Followed::OverAlready { request } => serde_json::json!({ "overAlready": request.to_string() }),
        Followed::BrokenOff { mission } => serde_json::json!({ "brokenOff": mission.to_string() }),
        Followed::InDoubt { requisition } => serde_json::json!({ "inDoubt": requisition.to_string() }),
        Followed::LeftOut { rankings } => serde_json::json!({ "leftOutOfRankings": rankings }),
    }
}
