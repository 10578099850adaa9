//! What people read when a call leads to nothing: English in the status message, Japanese beside it.
//!
//! Names stand here without the space; the values in the metadata carry it.

use super::ServiceError;
use super::convert::{Wire, wire};
use super::error::{AreaProblem, ArgumentProblem, MaskProblem};
use super::filter::FilterProblem;
use super::status::rfc3339;
use crate::authority::SubmitError;
use crate::authority::roads::StandingFault;
use crate::authority::supplier::NothingToPlan;
use crate::decision::Rejection;
use crate::decision::rejection::{FieldProblem, Kind};
use crate::id::IdError;
use crate::lang::{Lang, Term};
use crate::network::air::{POLYGON_CORNERS_MAX, POLYGON_EXTENT_M_MAX, PolygonFault};
use crate::network::map::StretchFault;
use crate::spatial::BoxFault;

/// The English text: what and which, then what to do.
#[must_use]
pub fn english(error: &ServiceError) -> String {
    // Instants have no calendar in the domain; everything else says itself.
    let field_problem = match error {
        ServiceError::Submit(SubmitError::Rejected(Rejection::InvalidField { field, problem })) => {
            Some(((*field).to_owned(), problem))
        }
        ServiceError::Submit(SubmitError::Rejected(Rejection::InvalidItem {
            list,
            index,
            field,
            problem,
        })) => Some((format!("{list}[{index}].{field}"), problem)),
        ServiceError::Field { field, problem: ArgumentProblem::Domain(problem) } => {
            Some((field.clone(), problem))
        }
        ServiceError::Submit(SubmitError::Rejected(Rejection::ApprovalTooLate { shipment, approve_by })) => {
            let by = rfc3339(*approve_by);
            return format!("{shipment} had to be approved by {by}; ask for a new plan");
        }
        other => return other.to_string(),
    };
    match field_problem {
        Some((field, FieldProblem::TooEarly { earliest })) => {
            format!("{field}: lies before {}; check the date", rfc3339(*earliest))
        }
        Some((field, FieldProblem::TooLate { latest })) => {
            format!("{field}: lies after {}; check the date", rfc3339(*latest))
        }
        Some(_) | None => error.to_string(),
    }
}

/// The Japanese text.
#[must_use]
pub fn japanese(error: &ServiceError) -> String {
    match error {
        ServiceError::Submit(submit) => of_submit(submit),
        ServiceError::Field { field, problem } => format!("{field}：{}", of_argument(problem)),
        ServiceError::WrongSpace { field, name, here } => {
            format!("{field}：{name} は別の空間の名前です。このサーバーの空間は {here} です")
        }
        ServiceError::PageToken => {
            "page_token がこの問い合わせのものではありません。同じ parent と filter で最初からやり直してください".into()
        }
        ServiceError::Filter(problem) => format!("filter：{}", of_filter(problem)),
        ServiceError::EtagMismatch { name, .. } => {
            format!("{name} は読み込み後に変更されました。読み直して判断し直してください")
        }
        ServiceError::UnknownRegion { region, nearest } => {
            let near = nearest.as_ref().map_or_else(String::new, |near| format!("(もしかして {near})"));
            format!("{region} には何も登録されていません{near}。登録のある気象区域を指定してください")
        }
        ServiceError::UnknownAsset { asset, nearest } => {
            let near = nearest.as_ref().map_or_else(String::new, |near| format!("(もしかして {near})"));
            format!("{asset} は登録されていません{near}。一覧で確認してください")
        }
        ServiceError::Mask(problem) => format!("update_mask：{}", of_mask(problem)),
        ServiceError::Area { field, problem } => format!("{field}：{}", of_area(*problem)),
        ServiceError::NobodyToAsk { request } => {
            format!("{request} について、いま要請できる機体がありません。候補の順位付けで理由を確認してください")
        }
        ServiceError::GoTooLate { requisition, offer } => {
            format!("{requisition} への出動可は期限後でした。要請側が受けるまで申出 {offer} として扱います")
        }
        ServiceError::NoStoredProblem { requisition } => {
            format!("{requisition} には順位付けの記録がありません。順位付けなしで要請されたものです")
        }
        ServiceError::NoSuchRoad { field, fault } => format!("{field}: {}", of_standing(fault)),
        ServiceError::OtherUnit { field, commodity, given, unit } => format!(
            "{field}：{commodity} の単位は「{unit}」です。「{given}」では入力できません"
        ),
        ServiceError::NothingToPlan(missing) => {
            let what = match missing {
                NothingToPlan::Commodities => "物資の品目が登録されていません",
                NothingToPlan::Depots => "使える0次・1次拠点がありません",
                NothingToPlan::Needs => "計画期間内に必要な物資の申告がありません",
            };
            format!("計画できません：{what}。登録してから立案し直してください")
        }
        ServiceError::CannotBePlanned { fault } => {
            format!("計画できません：{fault}。修正してから立案し直してください")
        }
        ServiceError::CannotBePaired { fault } => {
            format!("組み合わせを求められません：{fault}。修正してから求め直してください")
        }
        ServiceError::NoUnitModel => {
            "この空間には原単位表がありません。unit_model.toml のあるシナリオで起動するか、ニーズを直接入力してください".to_owned()
        }
        ServiceError::UnknownRun { name } => {
            format!("{name} という計算はこのサーバーにありません。同じ request_id で立案し直してください")
        }
        ServiceError::UnknownMunicipality { field, code } => {
            format!("{field}：団体コード {code} の市区町村はありません。JIS コードを確認してください")
        }
        ServiceError::MatrixTooLarge { origins, destinations, max } => format!(
            "出発地 {origins} 点と目的地 {destinations} 点の組は上限 {max} を超えています。分けて求めてください"
        ),
        ServiceError::Unavailable { what } => {
            format!("{what} は現在利用できません。しばらくして再試行してください")
        }
    }
}

/// The Japanese text of what a ledger did not take.
#[must_use]
pub fn of_submit(error: &SubmitError) -> String {
    match error {
        SubmitError::Rejected(rejection) => of_rejection(rejection),
        SubmitError::NoLedger { ledger } => format!("{ledger} の台帳はここにありません"),
        SubmitError::NotRecordable { ledger } => {
            format!("{ledger} の台帳はこの命令を記録できません。サーバーの記録を調べてください")
        }
        SubmitError::Overloaded { ledger } => {
            format!("{ledger} の台帳が混み合っています。少し待って再試行してください")
        }
        SubmitError::StorageFull { ledger } => {
            format!("{ledger} の台帳を保存するディスクが一杯です。空きを作って再試行してください")
        }
        SubmitError::Stopped { ledger } => {
            format!("{ledger} の台帳は停止しています。サーバーの復旧後に再試行してください")
        }
    }
}

fn of_rejection(rejection: &Rejection) -> String {
    match rejection {
        Rejection::InvalidField { field, problem } => format!("{field}：{}", of_field(problem)),
        Rejection::NotFound { kind, name } => {
            format!("{} {name} は登録されていません。一覧で確認してください", of_kind(*kind))
        }
        Rejection::AlreadyExists { kind, name } => {
            format!("{} {name} は既にあります。別の名前にしてください", of_kind(*kind))
        }
        Rejection::WrongLedger { name, ledger } => {
            format!("{name} は {ledger} の台帳のものではありません。権限のある台帳に依頼してください")
        }
        Rejection::LimitReached { what, max } => {
            format!("{}は {max} 件までです。先に終了か削除をしてください", of_kind(*what))
        }
        Rejection::RequestIdReused { request_id } => {
            format!(
                "request_id {request_id} は別の内容で使用済みです。新しい命令には新しい番号を使ってください"
            )
        }
        Rejection::SeenStale { ledger, seen, now } => {
            format!("{ledger} の台帳は {seen} から {now} に進んでいます。見直して判断し直してください")
        }
        Rejection::MayNotAsk { requester, kind } => {
            let kind = kind.wire().text(Lang::Ja);
            format!("{requester} は現在の運用体制では要請（{kind}）をできません")
        }
        Rejection::RequestNotOpen { request, state } => {
            let state = wire::request_state(state).text(Lang::Ja);
            format!("{request} は受付中ではありません（{state}）。新しい要請を出してください")
        }
        Rejection::RequestUnderWay { requisition } => {
            format!("{requisition} が進行中です。引き返させるか終了を待ってください")
        }
        Rejection::AttemptOpen { requisition } => {
            format!(
                "{requisition} の回答待ちです。終了を待つか、取り下げるか、人の判断で別の機体を要請してください"
            )
        }
        Rejection::NumberServed { requisition } => {
            format!("この番号は {requisition} で満たされています。追加には機数を増やしてください")
        }
        Rejection::NumberUnknown { request, number, count } => {
            format!("{request} の要請機数は {count} です。{number} 番はありません")
        }
        Rejection::AssetAskedAlready { asset, requisition } => {
            format!("{asset} は既に {requisition} で要請中です。別の機体を選んでください")
        }
        Rejection::AttemptNotOpen { requisition, state } => {
            let state = wire::attempt_state(state).text(Lang::Ja);
            format!("{requisition} は現在の状態（{state}）ではこの操作ができません")
        }
        Rejection::StandingOrderNotInForce { id } => {
            format!("事前指示 {id} は有効ではありません。人が操作してください")
        }
        Rejection::NoRequisition { requisition } => format!("{requisition} の要請はここに届いていません"),
        Rejection::RequisitionEnded { requisition, state } => {
            let state = wire::hold_state(state).text(Lang::Ja);
            format!("{requisition} は回答待ちではありません（{state}）")
        }
        Rejection::AssetOnMission { asset, mission } => {
            format!("{asset} は任務 {mission} の途中です。先に帰投完了か中止を報告してください")
        }
        Rejection::MissionEnded { mission } => format!("任務 {mission} は終了しています"),
        Rejection::PhaseOutOfOrder { mission, from, to } => {
            let (from, to) = (from.wire().text(Lang::Ja), to.wire().text(Lang::Ja));
            format!("任務 {mission} は {from} から {to} へは進めません。途中の段階を報告してください")
        }
        Rejection::ConfirmedAlready { mission } => format!("任務 {mission} は既に確認済みです"),
        Rejection::OfferNotOpen { offer, state } => {
            format!("申出 {offer} はもう受けられません（{}）", state.wire().text(Lang::Ja))
        }
        Rejection::LeaseNotOpen { lease, state } => {
            let state = wire::lease_state(*state).text(Lang::Ja);
            format!(
                "{} のための {} の確保は現在の状態（{state}）ではこの操作ができません",
                lease.requisition, lease.subject
            )
        }
        Rejection::OutageOverlaps { asset, outage } => {
            format!("{asset} にはその期間に休止 {outage} の予定があります。先に取り消してください")
        }
        Rejection::ClockTrustedAlready { ledger } => format!("{ledger} の時計は既に信頼されています"),
        Rejection::TooLateToBreakOff { mission, .. } => {
            format!("{mission} はもう中止できる段階を過ぎています。最後まで経過を報告してください")
        }
        Rejection::OfferToEverybody { offer } => {
            format!("{offer} は全員への申出です。取り下げられるのは申出をした側だけです")
        }
        Rejection::InvalidItem { list, index, field, problem } => {
            format!("{list}[{index}].{field}：{}", of_field(problem))
        }
        Rejection::WardAndCity { ward, city, commodity, .. } => format!(
            "{commodity} が区 {ward} とその市 {city} の両方に計上されます。どちらかを取り下げるか、すべて区ごとに入力してください"
        ),
        Rejection::ApprovalTooLate { shipment, approve_by } => {
            format!("{shipment} の承認期限は {} でした。新しい計画を求めてください", rfc3339(*approve_by))
        }
        Rejection::PlanSuperseded { shipment, newer } => {
            format!("{shipment} の計画より新しい計画 {newer} があります。そちらを承認してください")
        }
        Rejection::ShipmentOutOfOrder { shipment, state } => {
            let state = state.wire().text(Lang::Ja);
            format!("出荷 {shipment} は現在の状態（{state}）ではこの操作ができません")
        }
        Rejection::StockShort { stock, wanted, free } => format!(
            "{stock} から出せるのは {free} で、{wanted} は出せません。量を減らすか、数え直すか、留保を開放してください"
        ),
        Rejection::NeedWithdrawn { need } => {
            format!("ニーズ {need} は取り下げ済みです。新しく入力してください")
        }
        Rejection::SameRequest { request } => format!("{request} をそれ自身と結び付けることはできません"),
    }
}

fn of_field(problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::Required => "必須です".into(),
        FieldProblem::TooLong { got, max } => format!("長さ {got} は上限 {max} を超えています"),
        FieldProblem::OutOfRange { got, min, max } => {
            format!("{got} は範囲外です。{min} から {max} までです")
        }
        FieldProblem::TooEarly { earliest } => {
            format!("{} より前です。日付を確認してください", rfc3339(*earliest))
        }
        FieldProblem::TooLate { latest } => {
            format!("{} より後です。日付を確認してください", rfc3339(*latest))
        }
        FieldProblem::EmptyWindow => "終わりは始まりより後にしてください".into(),
        FieldProblem::ControlCharacters => "制御文字は使えません".into(),
        FieldProblem::NotADate => "日付は YYYY-MM-DD の形にしてください".into(),
        FieldProblem::Duplicate => "同じものが二度あります".into(),
        FieldProblem::Pattern { pattern } => format!("{pattern} の形にしてください"),
        FieldProblem::NotAllowed => "ここではこの値にできません".into(),
        FieldProblem::NotAnArea(fault) => of_polygon(fault),
    }
}

fn of_polygon(fault: &PolygonFault) -> String {
    match fault {
        PolygonFault::TooFew { count } => {
            format!("頂点が {count} 個では区域になりません。3 個以上にしてください")
        }
        PolygonFault::TooMany { count } => {
            format!(
                "頂点 {count} 個は上限 {POLYGON_CORNERS_MAX} を超えています。減らすか、区域を分けてください"
            )
        }
        PolygonFault::CrossesItself { first, second } => {
            format!(
                "頂点 {first} からの辺と頂点 {second} からの辺が交わっています。交わらないようにしてください"
            )
        }
        PolygonFault::CrossesAntimeridian { corner } => {
            format!("頂点 {corner} からの辺が経度 180 度か極を越えています。そこで区域を分けてください")
        }
        PolygonFault::TooWide { corner, distance_m } => {
            format!(
                "頂点 {corner} は最初の頂点から {distance_m} m 離れています。{POLYGON_EXTENT_M_MAX} m 以内に分けてください"
            )
        }
    }
}

/// Why a stretch of road is none of the network in use.
fn of_standing(fault: &StandingFault) -> String {
    match fault {
        StandingFault::OtherNetwork { given, here } => {
            format!("区間番号は道路網 {given} のものです。ここの道路網は {here} です")
        }
        StandingFault::Stretch(StretchFault::NoSuchEdge { edge, count }) => {
            format!("区間 {edge} はありません。道路網の区間は {count} 本です")
        }
        StandingFault::Stretch(StretchFault::Structure(unknown)) => {
            format!("{} は道路網にありません{}", unknown.id, meant(unknown.near.iter()))
        }
        StandingFault::Stretch(StretchFault::UnknownRoad { road, near }) => {
            format!("道路「{road}」は道路網にありません{}", meant(near.iter()))
        }
        StandingFault::Stretch(StretchFault::NoSuchSection { from_dm, to_dm, length_dm }) => format!(
            "{} m から {} m の区間はありません。道路の長さは {} m です",
            from_dm / 10,
            to_dm / 10,
            length_dm / 10
        ),
        StandingFault::Stretch(StretchFault::Nothing) => "当てはまる道路がありません".into(),
    }
}

fn meant(near: impl Iterator<Item = impl ToString>) -> String {
    let near: Vec<String> = near.map(|name| name.to_string()).collect();
    if near.is_empty() { String::new() } else { format!("。近い名前: {}", near.join("、")) }
}

fn of_argument(problem: &ArgumentProblem) -> String {
    match problem {
        ArgumentProblem::Domain(problem) => of_field(problem),
        ArgumentProblem::Name(IdError::Segment { segment }) => {
            format!(
                "「{segment}」は名前に使えません。英小文字・数字・ハイフンで 1 から 63 文字、ハイフンは両端に置けません"
            )
        }
        ArgumentProblem::Name(IdError::Pattern { name, pattern }) => {
            format!("「{name}」は {pattern} の形ではありません")
        }
        ArgumentProblem::UnknownEnum { got } => format!("{got} という値はありません"),
        ArgumentProblem::NotFinite => "有限の数にしてください".into(),
        ArgumentProblem::NoFix => "0,0 は測位できない受信機の値です。その間は送らないでください".into(),
        ArgumentProblem::OffTheEarth { max } => format!("-{max} 度から {max} 度までにしてください"),
        ArgumentProblem::NotATimestamp => "時刻として読めません。西暦 1 年から 9999 年までです".into(),
        ArgumentProblem::NotADuration { max_s } => {
            format!("時間の長さとして読めません。0 秒から {max_s} 秒までです")
        }
    }
}

fn of_mask(problem: &MaskProblem) -> String {
    match problem {
        MaskProblem::Unknown { path, nearest } => {
            let near = nearest.as_ref().map_or_else(String::new, |near| format!("(もしかして {near})"));
            format!("「{path}」という項目はありません{near}。項目の名前を点を付けずに書いてください")
        }
        MaskProblem::Immutable { path } => {
            format!("{path} は登録時のまま変えられません。新しく登録してください")
        }
        MaskProblem::OutputOnly { path } => {
            format!("{path} は専用の操作でだけ変わります。その操作を使ってください")
        }
        MaskProblem::Wildcard => {
            "* は呼び出し側の知らない項目まで消してしまいます。項目の名前を書いてください".into()
        }
        MaskProblem::Twice { path } => format!("{path} が二度あります。一度だけ書いてください"),
    }
}

fn of_area(problem: AreaProblem) -> String {
    match problem {
        AreaProblem::Polygon(fault) => of_polygon(&fault),
        AreaProblem::Box(BoxFault::UpsideDown) => {
            "南西の角が北東の角より北にあります。入れ替えてください".into()
        }
        AreaProblem::Box(BoxFault::Flat) => "二つの角が一直線上にあり面になりません".into(),
    }
}

fn of_filter(problem: &FilterProblem) -> String {
    match problem {
        FilterProblem::TooLong { got, max } => format!("{got} バイトは上限 {max} を超えています"),
        FilterProblem::TooManyTerms { max } => format!("条件は {max} 個までです"),
        FilterProblem::UnknownField { field, known } => {
            format!("「{field}」では絞り込めません。使えるのは {known} です")
        }
        FilterProblem::UnknownValue { field, value } => {
            format!("{field} が「{value}」になることはありません")
        }
        FilterProblem::Expected { expected, at } => format!("{at} バイト目に {expected} が必要です"),
    }
}

/// What people call a kind of thing.
fn of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Member => "構成団体",
        Kind::Field => "分野",
        Kind::Organisation => "機関",
        Kind::Asset => "機体・車両",
        Kind::Site => "離着陸場",
        Kind::Hospital => "病院",
        Kind::Outage => "休止予定",
        Kind::Agreement => "協定",
        Kind::Area => "区域",
        Kind::Request => "要請",
        Kind::Requisition => "出動要請",
        Kind::Mission => "任務",
        Kind::Lease => "確保",
        Kind::Offer => "申出",
        Kind::StandingOrder => "事前指示",
        Kind::WeatherRegion => "気象区域",
        Kind::Structure => "構造物",
        Kind::NoFlyArea => "飛行禁止区域",
        Kind::Ledger => "台帳",
        Kind::Restriction => "道路規制",
        Kind::Commodity => "物資",
        Kind::Depot => "物資拠点",
        Kind::Fleet => "車両隊",
        Kind::Stock => "備蓄",
        Kind::Need => "ニーズ",
        Kind::Plan => "物資支援計画",
        Kind::Shipment => "出荷",
        Kind::Pair => "カウンターパート",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::status::examples;

    #[test]
    fn no_japanese_text_holds_a_name_of_the_wire() {
        // `YYYY` is how a date is written.
        let is_wire = |word: &str| {
            word.len() > 3 && word != "YYYY" && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        };
        for error in examples::all() {
            let text = japanese(&error);
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            assert_eq!(words.filter(|word| is_wire(word)).count(), 0, "{text}");
        }
        let skipped = Rejection::PhaseOutOfOrder {
            mission: "members/hyogo/missions/m-1".parse().unwrap(),
            from: crate::decision::model::MissionPhase::Committed,
            to: crate::decision::model::MissionPhase::OnScene,
        };
        let text = japanese(&ServiceError::Submit(SubmitError::Rejected(skipped)));
        assert!(text.contains("出動決定") && text.contains("現場到着"), "{text}");
    }
}
