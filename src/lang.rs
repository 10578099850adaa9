//! The two languages, and every closed word of the wire in both, in one table that the compiler checks.
//!
//! The command line, the bases' pages and the texts of errors take their words from here: one concept, one word.
//! Absent on purpose: run-time lookup. A new enum value in `proto/` does not compile here until it has two texts.

use crate::api::v1;
use crate::decision::model::Name;

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

    /// The text of this language.
    #[must_use]
    pub fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// The text of this language, else, when it is empty, that of the other.
    #[must_use]
    pub fn prefer<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        match self.pick((ja, en), (en, ja)) {
            ("", second) => second,
            (first, _) => first,
        }
    }

    /// A name of the wire as [`Lang::prefer`] has it.
    #[must_use]
    pub fn name(self, name: Option<&v1::DisplayName>) -> &str {
        name.map_or("", |name| self.prefer(&name.ja, &name.en))
    }

    /// A name of the ledgers as [`Lang::prefer`] has it.
    #[must_use]
    pub fn display(self, name: &Name) -> &str {
        self.prefer(&name.ja, &name.en)
    }
}

/// A closed enum of the wire, with a word to type and a text to read.
pub trait Term: Copy + Eq + Send + Sync + TryFrom<i32> + 'static {
    /// Every value, the unspecified one first.
    const ALL: &'static [Self];
    /// What its names on the wire begin with and people do not type.
    const PREFIX: &'static str;
    /// Its name on the wire.
    fn wire(self) -> &'static str;
    /// What people read.
    fn text(self, lang: Lang) -> &'static str;

    /// What people type: the name on the wire in lower case with hyphens, without the prefix.
    #[must_use]
    fn word(self) -> String {
        let wire = self.wire();
        wire.strip_prefix(Self::PREFIX).unwrap_or(wire).to_lowercase().replace('_', "-")
    }
}

/// What people read for a number on the wire; one from a newer server prints as `?N`.
#[must_use]
pub fn term<T: Term>(number: i32, lang: Lang) -> String {
    T::try_from(number).map_or_else(|_| format!("?{number}"), |value| value.text(lang).to_owned())
}

/// Like [`term`], but nothing for the unspecified value.
#[must_use]
pub fn term_or_blank<T: Term>(number: i32, lang: Lang) -> String {
    if number == 0 { String::new() } else { term::<T>(number, lang) }
}

/// Gives each enum its texts; the `match` has no `_` arm.
macro_rules! terms {
    ($($kind:ty, $prefix:literal { $($variant:ident: $ja:literal, $en:literal;)+ })+) => {
        $(impl Term for $kind {
            const ALL: &'static [Self] = &[$(<$kind>::$variant),+];
            const PREFIX: &'static str = $prefix;
            fn wire(self) -> &'static str {
                self.as_str_name()
            }
            fn text(self, lang: Lang) -> &'static str {
                match self {
                    $(<$kind>::$variant => lang.pick($ja, $en),)+
                }
            }
        })+

        #[cfg(test)]
        mod table {
            use super::*;

            /// Enum, value, word, Japanese, English.
            pub(super) fn rows() -> Vec<(&'static str, &'static str, String, &'static str, &'static str)> {
                let mut rows = Vec::new();
                $(for value in <$kind as Term>::ALL {
                    let kind = stringify!($kind);
                    rows.push((kind, value.wire(), value.word(), value.text(Lang::Ja), value.text(Lang::En)));
                })+
                rows
            }
        }
    };
}

terms! {
    v1::Capability, "CAPABILITY_" {
        Unspecified: "未指定", "unspecified";
        Physician: "医師", "physician";
        Stretcher: "担架", "stretcher";
        Hoist: "ホイスト", "hoist";
        Neonatal: "新生児", "neonatal";
        Trauma: "外傷", "trauma";
        Cardiac: "循環器", "cardiac";
        Stroke: "脳卒中", "stroke";
        Burns: "熱傷", "burns";
        Night: "夜間飛行", "night flight";
        Sling: "機外吊り下げ", "sling load";
    }
    v1::member::Kind, "" {
        Unspecified: "未指定", "unspecified";
        Prefecture: "府県", "prefecture";
        City: "政令市", "city";
        Linked: "連携団体", "linked body";
    }
    v1::operating_mode::Level, "" {
        Unspecified: "未指定", "unspecified";
        Normal: "平時", "normal";
        Alert: "警戒", "alert";
        Disaster: "災害", "disaster";
    }
    v1::organisation::Kind, "" {
        Unspecified: "未指定", "unspecified";
        FireDepartment: "消防本部", "fire department";
        Hospital: "病院", "hospital";
        Base: "基地", "base";
        Operator: "運航会社", "operator";
        Headquarters: "本部", "headquarters";
        Agency: "機関", "agency";
    }
    v1::OutageReason, "" {
        Unspecified: "未指定", "unspecified";
        Maintenance: "整備", "maintenance";
        MechanicalFault: "故障", "mechanical fault";
        NoMechanics: "整備士不足", "no mechanics";
        NoCrewAvailable: "乗員不在", "no crew available";
        RecalledByOwner: "所有者による引揚げ", "recalled by its owner";
    }
    v1::Profile, "PROFILE_" {
        Unspecified: "未指定", "unspecified";
        Ambulance: "救急車", "ambulance";
        DoctorCar: "ドクターカー", "doctor car";
        Lorry4t: "4トン車", "lorry of 4 t";
        Lorry10t: "10トン車", "lorry of 10 t";
    }
    v1::RoadClass, "ROAD_CLASS_" {
        Unspecified: "未指定", "unspecified";
        Motorway: "高速道路", "expressway";
        MotorwayLink: "高速道路の連絡路", "expressway ramp";
        Trunk: "国道", "national route";
        TrunkLink: "国道の連絡路", "national route ramp";
        Primary: "主要地方道", "main prefectural road";
        PrimaryLink: "主要地方道の連絡路", "main prefectural road ramp";
        Secondary: "一般都道府県道", "prefectural road";
        SecondaryLink: "都道府県道の連絡路", "prefectural road ramp";
        Tertiary: "幹線市町村道", "municipal through road";
        TertiaryLink: "市町村道の連絡路", "municipal road ramp";
        Unclassified: "その他の一般道", "minor road";
        Residential: "生活道路", "residential street";
        LivingStreet: "歩行者優先道路", "living street";
        ServiceRoad: "構内路", "service road";
        Road: "種別不明の道路", "road of unknown kind";
        Ferry: "フェリー", "ferry";
    }
    v1::restriction::Effect, "EFFECT_" {
        Unspecified: "未指定", "unspecified";
        Closed: "通行止", "closed";
        Slowed: "徐行", "slowed";
        Opened: "臨時開通", "opened";
        Limited: "台数制限", "limited";
    }
    v1::restriction::Reason, "REASON_" {
        Unspecified: "未指定", "unspecified";
        Earthquake: "地震", "earthquake";
        Tsunami: "津波", "tsunami";
        Flood: "冠水", "flood";
        Landslide: "土砂崩れ", "landslide";
        Snow: "雪", "snow";
        Wind: "強風", "wind";
        Fire: "火災", "fire";
        Accident: "事故", "accident";
        Inspection: "点検", "inspection";
        Works: "工事", "works";
        Congestion: "渋滞", "congestion";
        Relief: "救援のため", "relief";
        Other: "その他", "other";
    }
    v1::restriction::Source, "SOURCE_" {
        Unspecified: "未指定", "unspecified";
        RoadOperator: "道路管理者", "road operator";
        Police: "警察", "police";
        FireDepartment: "消防", "fire department";
        Municipality: "市町村", "municipality";
        Sensor: "計器・カメラ", "sensor";
        Citizen: "住民", "citizen";
        OtherSource: "その他", "other";
    }
    v1::restriction::State, "STATE_" {
        Unspecified: "未指定", "unspecified";
        Standing: "継続中", "standing";
        Overdue: "見込み超過", "overdue";
        Lifted: "解除", "lifted";
    }
    v1::find_nearest_request::Kind, "KIND_" {
        Unspecified: "未指定", "unspecified";
        AmbulanceStart: "救急車", "ambulance";
        DoctorCarStart: "ドクターカー", "doctor car";
        Hospital: "病院", "hospital";
        Site: "離着陸場", "landing site";
    }
    v1::asset::Kind, "" {
        Unspecified: "未指定", "unspecified";
        DoctorHelicopter: "ドクターヘリ", "doctor helicopter";
        FireHelicopter: "消防防災ヘリ", "fire helicopter";
        OtherHelicopter: "他機関ヘリ", "other helicopter";
        DoctorCar: "ドクターカー", "doctor car";
        Ambulance: "救急車", "ambulance";
    }
    v1::asset::State, "" {
        Unspecified: "未指定", "unspecified";
        Available: "待機中", "available";
        Recallable: "訓練中(呼戻し可)", "training, recallable";
        OutOfService: "運航休止", "out of service";
        Assigned: "任務中", "assigned";
    }
    v1::position_report::Source, "" {
        Unspecified: "未指定", "unspecified";
        Tracker: "動態端末", "tracker";
        Transponder: "航空機応答装置", "transponder";
        Spoken: "口頭", "spoken";
    }
    v1::asset_place::Basis, "" {
        Unspecified: "未指定", "unspecified";
        FreshFix: "現在位置", "live position";
        Base: "基地", "base";
    }
    v1::asset_place::Way, "" {
        Unspecified: "未指定", "unspecified";
        ByRoad: "道路", "by road";
        StraightLine: "直線", "straight line";
    }
    v1::site::Kind, "" {
        Unspecified: "未指定", "unspecified";
        Rendezvous: "ランデブーポイント", "rendezvous point";
        HospitalPad: "病院ヘリポート", "hospital pad";
        Airport: "空港", "airport";
        Base: "基地", "base";
    }
    v1::site::State, "" {
        Unspecified: "未指定", "unspecified";
        Open: "使用可", "open";
        Closed: "使用不可", "closed";
        Unknown: "未確認", "unknown";
    }
    v1::hospital::State, "" {
        Unspecified: "未指定", "unspecified";
        Accepting: "受入可", "accepting";
        Refusing: "受入不可", "refusing";
        Unknown: "未確認", "unknown";
    }
    v1::agreement::Rule, "" {
        Unspecified: "未指定", "unspecified";
        OwnFirst: "自県機優先", "own first";
        NearestFirst: "直近機優先", "nearest first";
        OrderList: "順序表のとおり", "as listed";
    }
    v1::offer::State, "" {
        Unspecified: "未指定", "unspecified";
        Open: "申出中", "open";
        Taken: "採用", "taken";
        StoodDown: "見送り", "stood down";
        Withdrawn: "取下げ", "withdrawn";
        Lapsed: "期限切れ", "lapsed";
    }
    v1::Availability, "" {
        Unspecified: "未指定", "unspecified";
        ReadyNow: "即応可", "ready now";
        FreeSoon: "まもなく空く", "free soon";
        Retaskable: "飛行中・転用可", "airborne, can be re-tasked";
        RecalledFromTraining: "訓練から呼戻し", "recalled from training";
        OfferedByOwner: "所有者の申出", "offered by its owner";
    }
    v1::Unit, "" {
        Unspecified: "", "";
        Seconds: "秒", "s";
        Metres: "m", "m";
        Kilograms: "kg", "kg";
        KilometresPerHour: "km/h", "km/h";
        Count: "", "";
        Litres: "L", "L";
    }
    v1::Limit, "LIMIT_" {
        Unspecified: "未指定", "unspecified";
        Daylight: "日没", "daylight";
        ServiceHours: "運航時間", "service hours";
        Range: "航続距離", "range";
        Endurance: "航続時間", "endurance";
        Duty: "勤務時間", "crew duty";
        FlightTime: "飛行時間", "flight time";
        SiteMass: "離着陸場の耐荷重", "site mass";
        SiteSize: "離着陸場の広さ", "site size";
        PadMass: "病院ヘリポートの耐荷重", "pad mass";
        PadSize: "病院ヘリポートの広さ", "pad size";
        Visibility: "視程", "visibility";
        Ceiling: "雲底", "ceiling";
        Wind: "風", "wind";
        AgreementDistance: "協定の距離", "agreed distance";
        AgreementMissions: "協定の月間回数", "agreed missions a month";
        Stretchers: "担架数", "stretchers";
        Seats: "座席数", "seats";
        Due: "期限", "due time";
        Outage: "休止予定", "planned outage";
        Offer: "申出の期間", "offer";
        HomeCover: "地元に残す機数", "home cover";
        SiteSpots: "離着陸場の空き", "free spots at the site";
        SiteConfirmation: "離着陸場の確認期限", "confirmation of the site";
        Beds: "空床", "free beds";
        PositionAge: "位置情報の古さ", "age of the position";
    }
    v1::no_fly_area::State, "" {
        Unspecified: "未指定", "unspecified";
        Upcoming: "開始前", "upcoming";
        InForce: "飛行禁止中", "in force";
        Ended: "終了", "ended";
        Lifted: "解除", "lifted";
    }
    v1::flight_plan::Outcome, "" {
        Unspecified: "未指定", "unspecified";
        Flyable: "飛行できる", "can be flown";
        InsideBarrier: "発着地が飛行できない区域の中", "an end lies in what bars it";
        Enclosed: "迂回路がない", "no way leads around";
        OutOfRange: "燃料が足りない", "out of range";
        WindTooStrong: "風が強すぎる", "the wind is too strong";
        TooFar: "遠すぎる", "too far";
        TooIntricate: "区域の形が複雑すぎる", "too many corners in the way";
    }
    v1::Caution, "" {
        Unspecified: "未指定", "unspecified";
        WeatherUnknown: "気象未確認", "weather unknown";
        SiteUnconfirmed: "離着陸場未確認", "site not confirmed";
        HospitalUnknown: "病院の受入未確認", "hospital not confirmed";
        PositionStale: "位置情報が古い", "position is stale";
        CrewRecentlyFlown: "乗員は直前まで飛行", "crew has just flown";
        HospitalByRoad: "病院へは陸路", "to hospital by road";
        CrewUnknown: "乗員の状況が不明", "crew not reported";
        RecallsTraining: "訓練飛行から呼び戻す", "recalled from training";
        BreaksOffMission: "現在の任務を中断する", "breaks off its mission";
        WaitsForMission: "現在の任務の終了を待つ", "waits for the end of its mission";
        WaitsForOpening: "運航時間の開始を待つ", "waits for its hours to begin";
        FliesAroundNoFlyArea: "飛行禁止区域を迂回", "flies around a no-fly area";
        FliesAroundWeather: "悪天域を迂回", "flies around bad weather";
    }
    v1::RequestKind, "" {
        Unspecified: "未指定", "unspecified";
        Scene: "現場救急", "scene";
        Transfer: "病院間搬送", "transfer";
        Hoist: "ホイスト救助", "hoist rescue";
        Supplies: "物資輸送", "supplies";
        Reconnaissance: "偵察", "reconnaissance";
        Staff: "人員輸送", "staff";
    }
    v1::CancelReason, "" {
        Unspecified: "未指定", "unspecified";
        NotNeeded: "不要になった", "not needed";
        ByRoad: "陸路で対応", "served by road";
        Duplicate: "重複要請", "duplicate";
        PatientDied: "傷病者死亡", "patient died";
    }
    v1::DeclineReason, "DECLINE_" {
        Unspecified: "未指定", "unspecified";
        DeclineOnMission: "任務中", "on a mission";
        DeclineWeather: "天候不良", "weather";
        DeclineDarkness: "日没", "darkness";
        DeclineOutOfService: "運航休止", "out of service";
        DeclineNoCrew: "乗員不在", "no crew";
        DeclineNoSite: "離着陸場なし", "no landing site";
        DeclineOutOfRange: "航続距離外", "out of range";
        DeclineOutsideAgreement: "協定の対象外", "outside the agreement";
    }
    v1::AbortReason, "ABORT_" {
        Unspecified: "未指定", "unspecified";
        AbortWeather: "天候不良", "weather";
        AbortMechanical: "機体不具合", "mechanical";
        AbortNoSite: "離着陸場なし", "no landing site";
        AbortDarkness: "日没", "darkness";
        AbortRetasked: "他任務へ転用", "re-tasked";
    }
    v1::request::State, "" {
        Unspecified: "未指定", "unspecified";
        Open: "受付中", "open";
        Cancelled: "取消", "cancelled";
        Merged: "統合済", "merged";
        Closed: "終了", "closed";
    }
    v1::requisition::State, "" {
        Unspecified: "未指定", "unspecified";
        Asking: "要請送信中", "asking";
        Asked: "要請中", "asked";
        Acknowledged: "受信確認", "acknowledged";
        Committed: "出動決定", "committed";
        NotHeld: "確保できず", "not held";
        Declined: "出動不可", "declined";
        Withdrawn: "要請取下げ", "withdrawn";
        Expired: "回答期限切れ", "expired";
        StoodDown: "出動取消", "stood down";
        Aborted: "任務中断", "aborted";
        Completed: "任務完了", "completed";
        Superseded: "別機を要請済", "superseded";
        InDoubt: "状況不明・電話で確認", "in doubt: telephone";
    }
    v1::requisition::IfBusy, "" {
        Unspecified: "未指定", "unspecified";
        Decline: "断る", "decline";
        Wait: "終わるまで待つ", "wait for its end";
        Retask: "中断して向かう", "break it off";
    }
    v1::requisition::NotHeldReason, "" {
        Unspecified: "未指定", "unspecified";
        UnknownAsset: "機体の登録なし", "unknown asset";
        AssetHeld: "他の要請で確保済", "held for somebody else";
        OnMission: "任務中", "on a mission";
        NotInService: "運航休止", "not in service";
        NotOffered: "申出なし", "not offered";
        StaleAttempt: "古い要請", "stale attempt";
        Barred: "取下げ済の要請", "barred by a withdrawal";
    }
    v1::requisition::commit_report::Outcome, "" {
        Unspecified: "未指定", "unspecified";
        Unsettled: "未照合", "unsettled";
        Confirmed: "確認済", "confirmed";
        Conflict: "食い違い", "conflict";
    }
    v1::mission::State, "" {
        Unspecified: "未指定", "unspecified";
        Committed: "出動決定", "committed";
        Airborne: "離陸", "airborne";
        OnScene: "現場到着", "on scene";
        Transporting: "搬送中", "transporting";
        Arrived: "病院到着", "arrived";
        Returning: "帰投中", "returning";
        Ready: "出動準備完了", "ready";
    }
    v1::mission::End, "" {
        Unspecified: "継続中", "under way";
        Completed: "完了", "completed";
        StoodDown: "出動取消", "stood down";
        Aborted: "中断", "aborted";
    }
    v1::mission::Warning, "" {
        Unspecified: "未指定", "unspecified";
        NoSiteLease: "離着陸場が未確保・電話で確認", "no landing site granted: ring the site";
        NoBed: "病床が未確保・電話で確認", "no bed granted: ring the hospital";
        UnconfirmedCommitment: "出動が未確認・電話で確認", "commitment not confirmed: ring the base";
        TwoAircraft: "同じ番号に2機が出動", "two aircraft are committed for one number";
        RequestCancelled: "要請は取消済", "the request was cancelled";
        CommitConflict: "出動報告の食い違い", "the reported commitment conflicts";
    }
    v1::lease::State, "" {
        Unspecified: "未指定", "unspecified";
        Asked: "照会中", "asked";
        Granted: "確保", "granted";
        Refused: "不可", "refused";
        Lapsed: "期限切れ", "lapsed";
        Released: "解放", "released";
    }
    v1::lease::Refusal, "" {
        Unspecified: "未指定", "unspecified";
        Unknown: "登録なし", "unknown";
        Closed: "使用不可", "closed";
        Occupied: "満杯", "occupied";
        NoFuel: "燃料なし", "no fuel";
        NoBed: "空床なし", "no bed";
        NotEquipped: "設備なし", "not equipped";
    }
    v1::lease::Purpose, "" {
        Unspecified: "未指定", "unspecified";
        Spot: "駐機", "spot";
        Fuel: "燃料", "fuel";
        Bed: "病床", "bed";
    }
    v1::watch_response::Marker, "" {
        Unspecified: "未指定", "unspecified";
        Change: "変更", "change";
        Current: "最新", "current";
        Heartbeat: "接続中", "heartbeat";
        Reset: "再取得", "reset";
    }
    v1::reason::Code, "" {
        Unspecified: "未指定", "unspecified";
        CapabilityMissing: "必要な能力がない", "lacks a capability";
        TooFewStretchers: "担架が足りない", "too few stretchers";
        TooFewSeats: "座席が足りない", "too few seats";
        OutOfRange: "航続距離を超える", "out of range";
        EnduranceExceeded: "航続時間を超える", "endurance exceeded";
        Darkness: "日没に間に合わない", "darkness";
        OutsideServiceHours: "運航時間外", "outside service hours";
        VisibilityBelowMinima: "視程が基準未満", "visibility below minima";
        CeilingBelowMinima: "雲底が基準未満", "ceiling below minima";
        WindAboveLimit: "風が制限を超える", "wind above the limit";
        Icing: "着氷", "icing";
        Thunderstorm: "雷雨", "thunderstorm";
        SiteTooWeak: "離着陸場の耐荷重不足", "landing site too weak";
        SiteTooSmall: "離着陸場が狭い", "landing site too small";
        SiteClosed: "離着陸場が使用不可", "landing site closed";
        SiteUnconfirmedTooLong: "離着陸場の確認が古い", "landing site not confirmed for too long";
        SiteOccupied: "離着陸場が使用中", "landing site occupied";
        NoSite: "離着陸場がない", "no landing site";
        PadTooWeak: "病院ヘリポートの耐荷重不足", "hospital pad too weak";
        PadTooSmall: "病院ヘリポートが狭い", "hospital pad too small";
        HospitalRefuses: "病院が受入不可", "hospital refuses";
        HospitalNotEquipped: "病院に必要な能力がない", "hospital not equipped";
        NoHospital: "受入病院がない", "no hospital";
        CrewDutyExceeded: "乗員の勤務時間を超える", "crew duty exceeded";
        FlightTimeExceeded: "乗員の飛行時間を超える", "flight time exceeded";
        Outage: "計画休止", "planned outage";
        OutOfService: "運航休止", "out of service";
        OnMission: "任務中", "on a mission";
        Held: "他の要請で確保済", "held for somebody else";
        NotOffered: "所有者の申出がない", "not offered by its owner";
        OutsideAgreement: "協定の対象外", "outside the agreement";
        OwnFirst: "自県機が先", "own aircraft go first";
        AgreementDistance: "協定の距離を超える", "beyond the agreed distance";
        AgreementMonthlyLimit: "協定の月間回数に達した", "agreed missions of the month used up";
        HomeCover: "地元に残す機数を割る", "must stay for home cover";
        PastDue: "期限に間に合わない", "too late for the due time";
        AlreadyAsked: "この要請で既に依頼中", "already asked for this request";
        DeclinedEarlier: "この要請を一度断った", "declined this request earlier";
        PositionUnknown: "位置不明", "position unknown";
        Unreachable: "到達できる道がない", "no way to get there";
        CrewRest: "乗員は休養中", "crew at rest";
        ModeForbids: "現在の運用体制では不可", "the operating mode forbids it";
        NoCrew: "乗員がいない", "no crew";
        NoPad: "病院に離着陸場がない", "the hospital has no pad";
        NoBeds: "病院に空床がない", "the hospital has too few beds";
        NotHeldEarlier: "先の要請では確保できず", "could not be had when asked earlier";
        NoAnswerEarlier: "先の要請に回答なし", "did not answer earlier";
        BrokeOffEarlier: "先の出動を中断", "broke off earlier";
        OutsideArea: "受持ち地域の外", "outside the area that it serves";
        NoFlyArea: "飛行禁止区域を避ける経路がない", "no way around a no-fly area";
    }
    v1::depot::Tier, "" {
        Unspecified: "未指定", "unspecified";
        Tier0: "0次物資拠点", "tier 0";
        Tier1: "1次物資拠点", "tier 1";
        Tier2: "2次物資拠点", "tier 2";
        Shelter: "避難所", "shelter";
    }
    v1::depot::State, "" {
        Unspecified: "未指定", "unspecified";
        Open: "使用可", "open";
        Lost: "使用不能", "lost";
    }
    v1::VehicleClass, "VEHICLE_CLASS_" {
        Unspecified: "未指定", "unspecified";
        Lorry4t: "4t車", "4 t lorry";
        Lorry10t: "10t車", "10 t lorry";
        Helicopter: "物資輸送ヘリ", "cargo helicopter";
        Ship: "船舶", "ship";
    }
    v1::shipment::State, "" {
        Unspecified: "未指定", "unspecified";
        Proposed: "承認待ち", "waits for approval";
        Lapsed: "承認期限切れ", "not approved in time";
        Approved: "承認済み", "approved";
        Declined: "辞退", "declined";
        Dispatched: "輸送中", "on its way";
        Arrived: "到着・計数前", "there, not counted";
        Received: "受領済み", "received";
        Differs: "受領・数量相違", "received, differs";
        Explained: "受領・相違説明済み", "received, difference explained";
    }
    v1::shipment::DeclineReason, "" {
        Unspecified: "未指定", "unspecified";
        NoGoods: "在庫がない", "no goods";
        NeededAtHome: "地元で必要", "needed at home";
        NoVehicleFree: "車両・運転者がない", "no vehicle or driver";
        RoadClosed: "経路が使えない", "road closed";
        OtherDecline: "その他", "other";
    }
    v1::shipment::Difference, "" {
        Unspecified: "未指定", "unspecified";
        Miscounted: "数え違い", "miscounted";
        Damaged: "破損", "damaged";
        LostOnTheWay: "途中で紛失", "lost on the way";
        HandedOut: "途中で配布", "handed out on the way";
        OtherDifference: "その他", "other";
    }
    v1::commodity::Kind, "" {
        Unspecified: "物資", "goods";
        Goods: "物資", "goods";
        Team: "応援班", "team";
        Place: "受入枠", "place to stay";
    }
    v1::unserved_number::Reason, "" {
        Unspecified: "未指定", "unspecified";
        NoneCanGo: "行ける機体がない", "no aircraft can go";
        AllTaken: "行ける機体は他の要請へ", "every aircraft that could go is taken";
        TooLate: "他の要請の後では期限に遅れる", "too late after the others";
        DutyEnds: "運航・勤務の時間が尽きる", "duty or hours end before";
        FuelShort: "燃料が足りない", "too little fuel";
        SiteFull: "離着陸場が空かない", "no room at the landing site in time";
        NoSortieLeft: "行ける機体の出動回数が尽きる", "no sortie left";
    }
    v1::pair::State, "" {
        Unspecified: "未指定", "unspecified";
        Decided: "決定済み", "decided";
        Active: "支援中", "active";
        Over: "期間終了", "over";
        Ended: "終了", "ended";
    }
    v1::pair::Field, "" {
        Unspecified: "未指定", "unspecified";
        Goods: "物資", "goods";
        Staff: "職員派遣", "staff";
        Medical: "医療", "medical";
        Evacuees: "避難者受入れ", "evacuees";
    }
    v1::proposed_pair::Reason, "" {
        Unspecified: "未指定", "unspecified";
        Decided: "決定済み", "decided";
        Nearest: "最も近い", "nearest";
        NearestHasNoneLeft: "近い団体に余力がない", "the nearest has none left";
        EarlierTie: "これまでのつながり", "an earlier tie";
        NearestBearsMore: "近い団体の負担が重い", "the nearest bears more";
        StaysThere: "続けて入る", "stays there";
        LeastNumber: "支援団体の最少数", "the least number of supporters";
    }
    v1::pair_shortfall::Reason, "" {
        Unspecified: "未指定", "unspecified";
        NoWay: "経路がない", "no way is open";
        Excluded: "除外されている", "excluded";
        NobodyOffers: "出せる団体がない", "nobody offers teams";
        NoTeamLeft: "余力がない", "no team left";
    }
    v1::pair_shortfall::change::Kind, "" {
        Unspecified: "未指定", "unspecified";
        OpenWay: "経路を開ける", "open a way for";
        LiftExclusion: "除外をやめる", "no longer exclude";
        MoreTeams: "班を増やす", "more teams of";
    }
    v1::pair_obstacle::Reason, "" {
        Unspecified: "未指定", "unspecified";
        NoWayOpen: "経路がない", "no way is open";
        IsExcluded: "除外されている", "excluded";
        MoreThanItHas: "持っている班を超える", "more than it has";
    }
    v1::unfilled::Reason, "" {
        Unspecified: "未指定", "unspecified";
        NoStock: "在庫がない", "no stock";
        NoVehicle: "車両がない", "no vehicle";
        NoRoad: "経路がない", "no road";
        TooLate: "間に合わない", "too late";
        DockFull: "荷捌き能力の上限", "docks full";
        PassageFull: "道路の台数制限", "road limited";
        BelowReserve: "留保分を割る", "below the sender's reserve";
        NoAgreement: "協定の対象外", "no agreement";
    }
    v1::unfilled::remedy::Kind, "" {
        Unspecified: "未指定", "unspecified";
        MoreStock: "在庫を増やす", "more of it";
        OpenReserve: "留保を開放する", "open the reserve";
        Agree: "協定を結ぶ", "an agreement";
        Pair: "組合せに加える", "admit to the pair";
        OpenWay: "経路か車両を用意する", "open a way or send a fleet";
        AcceptLater: "遅れを認める", "accept it later";
        MoreVehicleTime: "車両の稼働を増やす", "more vehicle time";
        MoreDriverTime: "運転者の稼働を増やす", "more driver time";
        MoreDockLoad: "荷捌きを増やす", "more over the docks";
        MorePassage: "台数制限を緩める", "let more pass";
        TakeFromOthers: "他の配分を減らす", "take from others";
    }
    v1::one_more::Kind, "" {
        Unspecified: "未指定", "unspecified";
        Stock: "在庫1梱", "carton of stock";
        DockOut: "出荷10t車1台", "10 t lorry out";
        DockIn: "入荷10t車1台", "10 t lorry in";
        Passage: "台数制限区間の1台", "vehicle past the limit";
        VehicleHour: "車両1時間", "vehicle hour";
        DriverHour: "運転者1時間", "driver hour";
    }
    v1::plan_run::State, "" {
        Unspecified: "未指定", "unspecified";
        Working: "計算中", "working";
        Proposed: "提案済み", "proposed";
        Cancelled: "取りやめ", "cancelled";
    }
    v1::need::Source, "" {
        Unspecified: "未指定", "unspecified";
        Report: "現地報告", "report";
        UnitModel: "原単位による推計", "unit model";
        File: "ファイル", "file";
    }
    v1::need::duplicate::Reason, "" {
        Unspecified: "未指定", "unspecified";
        OtherReporter: "別の報告者", "another reporter";
        SameReporter: "同じ報告者が二度", "the same reporter, twice";
        WardAndCity: "区と市", "ward and city";
        PlaceAndMunicipality: "受入場所と市区町村", "place and municipality";
    }
    v1::people_count::Kind, "" {
        Unspecified: "未指定", "unspecified";
        InShelter: "避難所避難者", "in shelter";
        WaterCut: "断水人口", "water cut";
        Infant: "乳児", "infant";
        Toddler: "おむつの幼児", "toddler";
        AdultInDiapers: "おむつの大人", "adult in diapers";
        Woman12To51: "12〜51歳の女性", "woman 12 to 51";
    }
    v1::need::State, "" {
        Unspecified: "未指定", "unspecified";
        Standing: "継続中", "standing";
        Overdue: "期限超過", "overdue";
        Withdrawn: "取り下げ", "withdrawn";
    }
    v1::smallest_change::Code, "" {
        Unspecified: "未指定", "unspecified";
        AskEarlierBy: "より早い要請", "ask earlier";
        MoreRange: "航続距離を増やす", "more range";
        MoreEndurance: "航続時間を増やす", "more endurance";
        BetterVisibility: "視程の回復", "better visibility";
        HigherCeiling: "雲底の上昇", "a higher ceiling";
        LessWind: "風が弱まる", "less wind";
        WeatherPasses: "天候の回復", "the weather passes";
        OpenSite: "離着陸場を使用可にする", "open the landing site";
        ConfirmSite: "離着陸場を確認する", "confirm the landing site";
        FreeSite: "離着陸場を空ける", "free the landing site";
        StrongerSite: "耐荷重のある離着陸場", "a stronger landing site";
        LargerSite: "広い離着陸場", "a larger landing site";
        StrongerPad: "耐荷重のある病院ヘリポート", "a stronger hospital pad";
        LargerPad: "広い病院ヘリポート", "a larger hospital pad";
        HospitalAccepts: "病院が受け入れる", "the hospital accepts";
        Wait: "待つ", "wait";
        OutageEnds: "休止が終わる", "the outage ends";
        BackInService: "運航再開", "back in service";
        OwnerOffers: "所有者が申出を出す", "its owner offers it";
        AgreementAllows: "協定が認める", "the agreement allows it";
        MoreAgreedDistance: "協定の距離を延ばす", "more agreed distance";
        MoreAgreedMissions: "協定の回数を増やす", "more agreed missions";
        FewerStretchers: "担架を減らす", "fewer stretchers";
        FewerSeats: "座席を減らす", "fewer seats";
        DoWithoutCapability: "その能力なしで足りる", "do without the capability";
        LongerDuty: "勤務時間を延ばす", "longer duty";
        MoreFlightTime: "飛行時間を増やす", "more flight time";
        CoverElsewhere: "他機が地元に残る", "another aircraft covers at home";
        LaterDue: "期限を延ばす", "a later due time";
        HoldEnds: "確保が解ける", "the hold ends";
        PositionReported: "位置が報告される", "its position is reported";
        AskAgain: "もう一度頼む", "ask again";
        RoadOpens: "道路が開通する", "the road opens";
        LaterSunsetLimit: "日没余裕を縮める", "a later limit before sunset";
        LongerServiceHours: "運航時間を延ばす", "longer service hours";
        OwnAircraftCannotGo: "自県機が出動できない", "the own aircraft cannot go";
        FindCrew: "乗員を確保する", "find a crew";
        SiteNeeded: "離着陸場を用意する", "name a landing site";
        HospitalNeeded: "受入病院を用意する", "name a hospital";
        PadNeeded: "病院の離着陸場を用意する", "give the hospital a pad";
        LightNeeded: "離着陸場を照明する", "light the landing place";
        AllowRetask: "任務の中断を認める", "allow it to break off its mission";
        AllowRecall: "訓練からの呼戻しを認める", "allow a recall from training";
        LiftNoFlyArea: "飛行禁止区域が解除される", "the no-fly area is lifted";
        MoreFuelAtSite: "給油地の燃料を増やす", "more fuel at the site";
        OneMoreSortie: "出動をもう一回", "one more sortie";
        AnotherAircraft: "別の機体", "another aircraft";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Enums of `yui.v1`, full name and values, from the descriptors.
    fn wire_enums() -> BTreeMap<String, BTreeSet<String>> {
        let pool = crate::cli::json::pool();
        let ours = pool.all_enums().filter(|kind| kind.parent_file().package_name() == "yui.v1");
        ours.map(|kind| {
            let values = kind.values().map(|value| value.name().to_owned()).collect();
            (kind.full_name().to_owned(), values)
        })
        .collect()
    }

    #[test]
    fn every_enum_value_of_the_wire_has_a_text_in_both_languages() {
        let mut table: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (kind, value, _, ja, en) in table::rows() {
            if kind != "v1::Unit" {
                assert!(!ja.is_empty() && !en.is_empty(), "{kind}.{value}");
            }
            assert!(en.is_ascii(), "{kind}.{value}: {en}");
            table.entry(kind).or_default().insert(value.to_owned());
        }
        let mut listed: Vec<_> = table.into_values().collect();
        for (name, values) in wire_enums() {
            let place = listed.iter().position(|candidate| *candidate == values);
            assert!(place.is_some(), "{name} has no texts");
            listed.remove(place.unwrap());
        }
        assert!(listed.is_empty(), "{listed:?}");
    }

    #[test]
    fn words_are_distinct_within_their_enum_and_easy_to_type() {
        let mut seen = BTreeSet::new();
        for (kind, _, word, _, _) in table::rows() {
            assert!(
                word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{kind}: {word}"
            );
            assert!(seen.insert((kind, word.clone())), "{kind}: {word} twice");
        }
        assert_eq!(v1::mission::State::OnScene.word(), "on-scene");
        assert_eq!(v1::DeclineReason::DeclineNoCrew.word(), "no-crew");
        assert_eq!(v1::asset::Kind::DoctorHelicopter.word(), "doctor-helicopter");
    }

    #[test]
    fn a_number_from_a_newer_server_prints_as_itself() {
        assert_eq!(term::<v1::mission::State>(99, Lang::Ja), "?99");
        assert_eq!(term::<v1::mission::State>(-1, Lang::En), "?-1");
        assert_eq!(term::<v1::mission::State>(2, Lang::En), "airborne");
        assert_eq!(term_or_blank::<v1::mission::End>(0, Lang::En), "");
    }

    #[test]
    fn a_name_falls_back_to_the_other_language() {
        let name = v1::DisplayName { ja: "兵庫県".to_owned(), en: String::new() };
        assert_eq!(Lang::En.name(Some(&name)), "兵庫県");
        assert_eq!(Lang::En.name(None), "");
    }
}
