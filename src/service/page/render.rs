//! Drawing a base's page from a view.

use super::words::{self, Lang};
use crate::authority::View;
use crate::clock::VirtualClock;
use crate::decision::model::{
    Asset, AssetKind, Hold, HoldState, Mission, MissionPhase, Name, Request, SealId,
};
use crate::decision::state::AssetUse;
use crate::id::{AssetId, LedgerId, Space};
use crate::service::ServiceError;
use crate::service::convert::Names;
use crate::units::{Timestamp, local_second};
use maud::{DOCTYPE, Markup, html};

/// Requisitions shown below, newest first.
const HISTORY: usize = 8;

/// Why a key did nothing.
pub(super) enum Refused {
    /// The ledger said no, or recorded something else than what was meant.
    Error(ServiceError),
    /// The form held no key of this page.
    NoSuchKey,
}

/// Everything one page shows.
pub(super) struct Page<'a> {
    view: &'a View,
    now: Timestamp,
    /// Seconds of this space's clock in a second of the reader's.
    rate: f64,
    lang: Lang,
    asset: &'a Asset,
    usage: &'a AssetUse,
    hold: Option<&'a Hold>,
    mission: Option<&'a Mission>,
    /// How to ring the caller back, once it was unsealed.
    pub(super) caller: Option<String>,
}

impl<'a> Page<'a> {
    /// What is known of `asset`, which `view` holds.
    pub(super) fn of(
        view: &'a View,
        now: Timestamp,
        clock: Option<&VirtualClock>,
        asset: &AssetId,
        lang: Lang,
    ) -> Page<'a> {
        let (asset, usage) = view.asset(asset).expect("the caller has looked");
        let state = view.state(&asset.id.ledger()).expect("the asset stands in it");
        Page {
            view,
            now,
            rate: clock.map_or(1.0, |clock| f64::from(clock.rate_per_mille()) / 1000.0),
            lang,
            asset,
            usage,
            hold: usage.hold.as_ref().and_then(|id| state.holds.get(id)),
            mission: usage.mission.as_ref().and_then(|id| state.missions.get(id)),
            caller: None,
        }
    }

    /// The sealed callback channel of what is asked or flown, and whose ledger holds it.
    pub(super) fn caller_seal(&self) -> Option<(LedgerId, SealId)> {
        let request = self.request()?;
        Some((request.id.ledger(), request.caller?))
    }

    /// The request that is asked of the aircraft, or that it flies for.
    fn request(&self) -> Option<&'a Request> {
        let requisition = match (self.hold, self.mission) {
            (Some(hold), _) => &hold.requisition,
            (None, Some(mission)) => &mission.requisition,
            (None, None) => return None,
        };
        self.view.member_state(&requisition.request.member)?.requests.get(&requisition.request)
    }

    pub(super) fn render(&self, refused: Option<Refused>) -> Markup {
        let (lang, name) = (self.lang, display(&self.asset.name, self.lang));
        let title = format!("{name} · yui");
        let body = html! {
            header {
                h1 { (name) }
                span.state { (self.state_words()) }
                span.clock { (clock_time(self.now)) " JST" }
                a href=(self.other_language()) hreflang=(lang.pick("en", "ja")) { (lang.pick("English", "日本語")) }
            }
            p #cut hidden role="alert" class="refused" {
                (lang.pick("サーバーに届きません。電話で連絡してください。", "The server cannot be reached: use the telephone."))
            }
            @if self.clock_is_suspect() {
                p role="alert" class="refused" {
                    (lang.pick("時計が疑われています。期限は止まっています。", "The clock is suspect: no deadline runs."))
                }
            }
            @if let Some(refused) = refused {
                section.refused role="alert" { (self.refused_words(&refused)) }
            }
            @if let Some(hold) = self.hold { (self.asked(hold)) }
            @if let Some(mission) = self.mission { (self.flown(mission)) }
            @if self.hold.is_none() && self.mission.is_none() {
                section { p { (lang.pick("要請はありません。", "Nothing is asked.")) } }
            }
            (self.history())
        };
        frame(&self.view.space, lang, &title, &body)
    }

    fn clock_is_suspect(&self) -> bool {
        let state = self.view.state(&self.asset.id.ledger());
        state.is_some_and(|state| state.clock_suspect_since.is_some())
    }

    fn state_words(&self) -> String {
        match (self.hold, self.mission) {
            (Some(_), _) => self.lang.pick("要請あり", "asked").to_owned(),
            (None, Some(mission)) => words::phase(mission.phase, self.lang).to_owned(),
            (None, None) => words::asset_state(self.usage.state, self.lang).to_owned(),
        }
    }

    fn refused_words(&self, refused: &Refused) -> String {
        match refused {
            Refused::NoSuchKey => {
                self.lang.pick("このページにない操作です。", "This page has no such key.").to_owned()
            }
            Refused::Error(error) => {
                let spoken = match self.lang {
                    Lang::Ja => crate::service::text::japanese(error),
                    Lang::En => crate::service::text::english(error),
                };
                format!("{}: {spoken}", self.lang.pick("受け付けられません", "Refused"))
            }
        }
    }

    fn other_language(&self) -> String {
        let lang = self.lang.pick("en", "ja");
        format!("/base/{}/{}?lang={lang}", self.asset.id.member.slug(), self.asset.id.slug)
    }

    /// What is asked, with the countdown and the three keys.
    fn asked(&self, hold: &Hold) -> Markup {
        let lang = self.lang;
        let left_ms = hold.answer_by.millis_since(self.now).max(0);
        let of = hold.requisition.to_string();
        html! {
            section.asked aria-live="assertive" {
                span.countdown role="timer" data-left-ms=(left_ms) data-rate=(self.rate) { (minutes(left_ms)) }
                h2 { (lang.pick("出動要請", "Asked")) " · " (words::kind(hold.kind, lang)) }
                (self.facts(hold))
                div.keys {
                    @if hold.state == HoldState::Asked {
                        (self.key("acknowledge", "a", lang.pick("了解(検討中)", "Acknowledge"), &of, ""))
                    }
                    (self.key("go", "g", lang.pick("出動する", "Go"), &of, "go"))
                    form method="post" {
                        (self.hidden("decline", &of))
                        select name="reason" aria-label=(lang.pick("出動できない理由", "reason")) {
                            @for reason in super::DECLINE_REASONS {
                                option value=(words::decline_code(reason)) { (words::decline(reason, lang)) }
                            }
                        }
                        button.no type="submit" data-key="d" { kbd { "D" } (lang.pick("出動できない", "Decline")) }
                    }
                }
            }
        }
    }

    fn facts(&self, hold: &Hold) -> Markup {
        let (lang, request) = (self.lang, self.request());
        let requester = request.and_then(|request| {
            self.view.member_state(&request.requester.member)?.organisations.get(&request.requester)
        });
        html! {
            dl {
                @if let Some(requester) = requester {
                    dt { (lang.pick("要請元", "from")) }
                    dd { (display(&requester.name, lang)) }
                    dt { (lang.pick("電話", "telephone")) }
                    dd.tel { (requester.telephone) }
                }
                @if let Some(caller) = &self.caller {
                    dt { (lang.pick("現場連絡先", "ring back")) }
                    dd.tel { (caller) }
                }
                dt { (lang.pick("場所", "place")) }
                dd { (hold.place) " (" (hold.position) ")" }
                @if let Some(request) = request { (self.request_facts(request)) }
                @if let Some((site, _)) = hold.site.as_ref().and_then(|site| self.view.site(site)) {
                    dt { (lang.pick("離着陸場", "landing site")) }
                    dd { (display(&site.name, lang)) " (" (site.position) ") " (site.telephone) }
                }
                @if let Some((hospital, _)) = hold.hospital.as_ref().and_then(|id| self.view.hospital(id)) {
                    dt { (lang.pick("搬送先(見込み)", "hospital (forecast)")) }
                    dd { (display(&hospital.name, lang)) " " (hospital.telephone) }
                }
                dt { (lang.pick("番号", "requisition")) }
                dd { (Names::of(self.view.space.clone()).print(&hold.requisition)) }
            }
        }
    }

    fn request_facts(&self, request: &Request) -> Markup {
        let lang = self.lang;
        let triage = request.triage;
        let patients = [
            (triage.red, lang.pick("赤", "red")),
            (triage.yellow, lang.pick("黄", "yellow")),
            (triage.green, lang.pick("緑", "green")),
            (triage.black, lang.pick("黒", "black")),
        ];
        let counted: Vec<String> = patients
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, colour)| format!("{colour} {count}"))
            .collect();
        html! {
            @if !request.keyword.is_empty() {
                dt { (lang.pick("キーワード", "keyword")) }
                dd { (request.keyword) }
            }
            @if !counted.is_empty() {
                dt { (lang.pick("傷病者", "patients")) }
                dd { (counted.join(lang.pick("・", ", "))) }
            }
            @if !request.hazards.hazards.is_empty() || !request.hazards.access.is_empty() {
                dt { (lang.pick("危険・進入", "hazards, access")) }
                dd { (request.hazards.hazards) " " (request.hazards.access) }
            }
            @if let Some(ambulance) = &request.ambulance {
                dt { (lang.pick("救急隊", "ambulance")) }
                dd {
                    (ambulance.call_sign)
                    @if let Some(at) = ambulance.at_patient { " " (clock_time(at)) }
                }
            }
        }
    }

    /// The mission, with the steps and the key of the next.
    fn flown(&self, mission: &Mission) -> Markup {
        let lang = self.lang;
        let of = mission.id.to_string();
        let reached =
            |phase| mission.progress.iter().find(|(reported, _)| *reported == phase).map(|(_, at)| *at);
        html! {
            section {
                h2 {
                    (lang.pick("出動中", "Mission")) " · " (words::phase(mission.phase, lang))
                    @if let Some(end) = mission.end { " · " (words::end(end, lang)) }
                }
                ol.steps {
                    @for phase in PHASES {
                        @if let Some(at) = reached(phase) {
                            li.done { (words::phase(phase, lang)) " " (clock_time(at)) }
                        } @else {
                            li { (words::phase(phase, lang)) }
                        }
                    }
                }
                @if self.hold.is_none() && let Some(hold) = self.hold_of(mission) { (self.facts(hold)) }
                @if let Some(choice) = &mission.hospital && choice.chosen_at.is_some() {
                    p {
                        (lang.pick("搬送先決定: ", "Hospital chosen: "))
                        @if let Some((hospital, _)) = self.view.hospital(&choice.hospital) {
                            (display(&hospital.name, lang)) " " span.tel { (hospital.telephone) }
                        }
                    }
                }
                div.keys {
                    @if !mission.confirmed {
                        (self.key("confirm", "c", lang.pick("電話での出動決定を確認", "Confirm what was said by telephone"), &of, ""))
                    }
                    @for phase in next_phases(mission.phase) {
                        @if let Some((act, key)) = words::step_key(*phase) {
                            (self.key(act, key, words::phase(*phase, lang), &of, "go"))
                        }
                    }
                }
            }
        }
    }

    fn hold_of(&self, mission: &Mission) -> Option<&'a Hold> {
        self.view.state(&self.asset.id.ledger())?.holds.get(&mission.requisition)
    }

    fn history(&self) -> Markup {
        let lang = self.lang;
        let Some(state) = self.view.state(&self.asset.id.ledger()) else { return html! {} };
        let mut ended: Vec<&Hold> = state
            .holds
            .values()
            .filter(|hold| hold.asset == self.asset.id && !hold.state.is_open())
            .collect();
        ended.sort_by_key(|hold| std::cmp::Reverse((hold.held_at, hold.requisition.clone())));
        html! {
            @if !ended.is_empty() {
                h2 { (lang.pick("これまでの要請", "Earlier")) }
                table {
                    thead {
                        tr {
                            th { (lang.pick("時刻", "time")) }
                            th { (lang.pick("場所", "place")) }
                            th { (lang.pick("結果", "outcome")) }
                        }
                    }
                    tbody {
                        @for hold in ended.into_iter().take(HISTORY) {
                            tr {
                                td { (clock_time(hold.held_at)) }
                                td { (hold.place) }
                                td { (outcome(hold, state, lang)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn key(&self, act: &str, key: &str, label: &str, of: &str, class: &str) -> Markup {
        html! {
            form method="post" {
                (self.hidden(act, of))
                button class=(class) type="submit" data-key=(key) { kbd { (key.to_uppercase()) } (label) }
            }
        }
    }

    /// The same page state gives the same id: a key pressed twice, or in two windows, is one answer.
    fn hidden(&self, act: &str, of: &str) -> Markup {
        use sha2::{Digest, Sha256};
        let phase = self.mission.map(|mission| mission.progress.len()).unwrap_or(0);
        let hold = self.hold.map(|hold| hold.answer_by.0).unwrap_or(0);
        let hash = Sha256::digest(format!("{act}/{of}/{phase}/{hold}").as_bytes());
        let id: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        html! {
            input type="hidden" name="act" value=(act);
            input type="hidden" name="of" value=(of);
            input type="hidden" name="request_id" value=(id);
        }
    }
}

const PHASES: [MissionPhase; 7] = [
    MissionPhase::Committed,
    MissionPhase::Airborne,
    MissionPhase::OnScene,
    MissionPhase::Transporting,
    MissionPhase::Arrived,
    MissionPhase::Returning,
    MissionPhase::Ready,
];

/// The keys that a phase offers; the ledger judges them again.
fn next_phases(phase: MissionPhase) -> &'static [MissionPhase] {
    crate::decision::next_phases(phase)
}

fn outcome(hold: &Hold, state: &crate::decision::State, lang: Lang) -> String {
    match &hold.state {
        HoldState::Asked => lang.pick("要請中", "asked").to_owned(),
        HoldState::Acknowledged { .. } => lang.pick("検討中", "acknowledged").to_owned(),
        HoldState::Committed { mission } => match state.missions.get(mission).and_then(|mission| mission.end)
        {
            Some(end) => words::end(end, lang),
            None => lang.pick("出動", "committed").to_owned(),
        },
        HoldState::Declined(reason) => {
            format!("{} ({})", lang.pick("出動せず", "declined"), words::decline(*reason, lang))
        }
        HoldState::Withdrawn(_) => lang.pick("要請取消し", "withdrawn").to_owned(),
        HoldState::Expired if state.late_go_offer(&hold.requisition).is_some() => {
            lang.pick("時間切れ・その後に出動の申出", "expired, then a late go").to_owned()
        }
        HoldState::Expired => lang.pick("時間切れ", "expired").to_owned(),
    }
}

/// Every base, to choose from.
pub(super) fn list(view: &View, now: Timestamp, lang: Lang) -> Markup {
    let title = lang.pick("基地一覧 · yui", "Bases · yui");
    let aircraft = |kind: AssetKind| kind.is_aircraft() || kind == AssetKind::DoctorCar;
    let body = html! {
        header {
            h1 { (lang.pick("基地一覧", "Bases")) }
            span.clock { (clock_time(now)) " JST" }
            a href={ "/base?lang=" (lang.pick("en", "ja")) } { (lang.pick("English", "日本語")) }
        }
        ul {
            @for (asset, usage) in view.assets().filter(|(asset, _)| aircraft(asset.kind)) {
                li {
                    a href={ "/base/" (asset.id.member.slug()) "/" (asset.id.slug) "?lang=" (lang.code()) } {
                        (display(&asset.name, lang))
                    }
                    " "
                    @if usage.hold.is_some() { strong { (lang.pick("要請あり", "asked")) } }
                    @else if usage.mission.is_some() { (lang.pick("出動中", "on a mission")) }
                    @else { (words::asset_state(usage.state, lang)) }
                }
            }
        }
    };
    frame(&view.space, lang, title, &body)
}

/// A name that is not here.
pub(super) fn unknown(view: &View, lang: Lang) -> Markup {
    let body = html! {
        section.refused {
            p { (lang.pick("この名前の機体はありません。", "No aircraft has this name.")) }
            p { a href="/base" { (lang.pick("基地一覧へ", "All bases")) } }
        }
    };
    frame(&view.space, lang, "yui", &body)
}

fn frame(space: &Space, lang: Lang, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                noscript { meta http-equiv="refresh" content="5"; }
                title { (title) }
                link rel="stylesheet" href="/base.css";
                script src="/base.js" defer {}
            }
            body {
                @if let Space::Drill(name) = space {
                    div.drill { (lang.pick("訓練", "DRILL")) " · " (lang.pick("DRILL", "訓練")) " · " (name) }
                }
                main { (body) }
            }
        }
    }
}

fn display(name: &Name, lang: Lang) -> &str {
    match lang {
        Lang::Ja if !name.ja.is_empty() => &name.ja,
        Lang::En if !name.en.is_empty() => &name.en,
        _ if name.ja.is_empty() => &name.en,
        _ => &name.ja,
    }
}

/// Local time of the day.
fn clock_time(at: Timestamp) -> String {
    let second = local_second(at);
    format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}

fn minutes(millis: i64) -> String {
    let seconds = (millis + 999) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
