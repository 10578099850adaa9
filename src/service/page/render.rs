//! Drawing a base's page from a view.
//!
//! What changes stands in `main`, which the script renews; what must not be lost on the way (the refusal of a key, the
//! line that is read aloud, the banner of a drill) stands beside it.

use super::keys;
use crate::api::v1;
use crate::authority::{View, notices};
use crate::clock::VirtualClock;
use crate::decision::State;
use crate::decision::model::{
    Asset, AssetKind, AssetState, Hold, HoldState, Mission, MissionEnd, MissionPhase, Name, Offer,
    OfferState, Organisation, Request, SealId,
};
use crate::decision::state::AssetUse;
use crate::id::{AssetId, LedgerId, Space};
use crate::lang::{Lang, Term};
use crate::service::ServiceError;
use crate::service::convert::{Names, Wire, wire};
use crate::units::{Position, Timestamp, local_second};
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

    pub(super) fn render(&self, frame: &Frame<'_>, refused: Option<Refused>) -> Markup {
        let (lang, name) = (self.lang, self.lang.display(&self.asset.name));
        let mark = if self.hold.is_some() { "● " } else { "" };
        let title = format!("{mark}{name} · yui");
        let main = html! {
            header {
                h1 { (name) }
                span.state { (self.state_words()) }
                span.clock { (clock_time(self.now)) " JST" }
                (other_language(lang, &super::path(&self.asset.id, Some(lang.pick(Lang::En, Lang::Ja)))))
            }
            (self.clock_suspect())
            @if let Some(hold) = self.hold { (self.asked(hold)) }
            @if let Some(mission) = self.mission { (self.flown(mission)) }
            @if self.hold.is_none() && self.mission.is_none() {
                section { p { (lang.pick("要請はありません。", "Nothing is asked.")) } }
            }
            (self.offers())
            (self.history())
        };
        let refused = refused.map(|refused| self.refused_words(&refused));
        frame.page(&title, &self.said(), refused.as_deref(), &main)
    }

    fn state(&self) -> &'a State {
        self.view.state(&self.asset.id.ledger()).expect("the asset stands in it")
    }

    fn state_words(&self) -> &'static str {
        match (self.hold, self.mission) {
            (Some(_), _) => self.lang.pick("要請あり", "asked"),
            (None, Some(mission)) => mission.phase.wire().text(self.lang),
            (None, None) => asset_state(self.usage.state, self.lang),
        }
    }

    /// The line that is read aloud when it changes.
    fn said(&self) -> String {
        match self.hold {
            Some(hold) if hold.state == HoldState::Asked => {
                format!("{}: {}", self.state_words(), place(&hold.place, hold.position))
            }
            Some(_) => v1::requisition::State::Acknowledged.text(self.lang).to_owned(),
            None => self.state_words().to_owned(),
        }
    }

    /// Nothing ends by itself while the clock is not trusted, and people must know.
    fn clock_suspect(&self) -> Markup {
        let Some(since) = self.state().clock_suspect_since else { return html! {} };
        html! {
            section.refused role="alert" {
                p {
                    (self.lang.pick("時計を信頼できません", "The clock is not trusted"))
                    " (" (clock_time(since)) "). "
                    (self.lang.pick(
                        "回答期限は止まっています。時刻は電話で確認してください。",
                        "No time to answer runs out until it is mended: settle times by telephone.",
                    ))
                }
            }
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

    /// What is asked, with the countdown and the keys.
    fn asked(&self, hold: &Hold) -> Markup {
        let lang = self.lang;
        let left_ms = hold.answer_by.millis_since(self.now).max(0);
        let rate = if self.state().clock_suspect_since.is_some() { 0.0 } else { self.rate };
        let of = hold.requisition.to_string();
        let decline = lang.pick("出動できない", "Decline");
        html! {
            section.asked data-is=(of) {
                div.head {
                    h2 { (lang.pick("出動要請", "Asked")) " · " (hold.kind.wire().text(lang)) }
                    span.countdown role="timer" data-left-ms=(left_ms) data-rate=(rate) { (minutes(left_ms)) }
                }
                (self.facts(hold))
                div.keys {
                    @if hold.state == HoldState::Asked {
                        (self.key("acknowledge", "a", lang.pick("受信確認", "Acknowledge"), &of, ""))
                    }
                    (self.key("go", "g", lang.pick("出動する", "Go"), &of, "go"))
                }
                form method="post" data-is={ "decline " (of) } {
                    (self.hidden("decline", &of))
                    fieldset data-focus-key="d" aria-keyshortcuts="D" {
                        legend { kbd { "D" } (decline) (lang.pick("(理由)", " (why)")) }
                        @for (index, reason) in keys::DECLINE_REASONS.into_iter().enumerate() {
                            @let key = (index + 1).to_string();
                            button.no type="submit" name="reason" value=(keys::decline_word(reason))
                                data-key=(key) aria-keyshortcuts=(key) {
                                kbd { (key) } (reason.wire().text(lang))
                            }
                        }
                    }
                }
            }
        }
    }

    fn facts(&self, hold: &Hold) -> Markup {
        let (lang, request) = (self.lang, self.request());
        html! {
            dl {
                @if let Some(requester) = request.and_then(|request| self.requester(request)) {
                    dt { (lang.pick("要請元", "from")) }
                    dd { (lang.display(&requester.name)) }
                    dt { (lang.pick("電話", "telephone")) }
                    dd.tel { (telephone(&requester.telephone)) }
                }
                @if let Some(caller) = &self.caller {
                    dt { (lang.pick("現場連絡先", "ring back")) }
                    dd.tel { (telephone(caller)) }
                }
                dt { (lang.pick("場所", "place")) }
                dd { (place(&hold.place, hold.position)) @if !hold.place.is_empty() { " (" (hold.position) ")" } }
                @if let Some(request) = request { (self.request_facts(request)) }
                @if let Some((site, _)) = hold.site.as_ref().and_then(|site| self.view.site(site)) {
                    dt { (lang.pick("離着陸場", "landing site")) }
                    dd { (lang.display(&site.name)) " (" (site.position) ") " (telephone(&site.telephone)) }
                }
                @if let Some((hospital, _)) = hold.hospital.as_ref().and_then(|id| self.view.hospital(id)) {
                    dt { (lang.pick("搬送先(見込み)", "hospital (forecast)")) }
                    dd { (lang.display(&hospital.name)) " " (telephone(&hospital.telephone)) }
                }
                dt { (lang.pick("番号", "requisition")) }
                dd { (Names::of(self.view.space.clone()).print(&hold.requisition)) }
            }
        }
    }

    fn requester(&self, request: &Request) -> Option<&'a Organisation> {
        self.view.member_state(&request.requester.member)?.organisations.get(&request.requester)
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
            section data-is=(of) {
                h2 {
                    (lang.pick("出動中", "Mission")) " · " (mission.phase.wire().text(lang))
                    @if let Some(end) = mission.end { " · " (mission_end(end, lang)) }
                }
                ol.steps {
                    @for phase in PHASES {
                        @if let Some(at) = reached(phase) {
                            li.done { "✓ " (phase.wire().text(lang)) " " (clock_time(at)) }
                        } @else {
                            li { (phase.wire().text(lang)) }
                        }
                    }
                }
                @for notice in notices::notices(self.view, mission) {
                    p.warning {
                        (wire::warning(&notice).text(lang)) " "
                        span.tel { (telephone(notices::telephone(self.view, &notice, mission))) }
                    }
                }
                @if self.hold.is_none() && let Some(hold) = self.hold_of(mission) { (self.facts(hold)) }
                @if let Some(choice) = &mission.hospital && choice.chosen_at.is_some() {
                    p {
                        (lang.pick("搬送先決定: ", "Hospital chosen: "))
                        @if let Some((hospital, _)) = self.view.hospital(&choice.hospital) {
                            (lang.display(&hospital.name)) " " span.tel { (telephone(&hospital.telephone)) }
                        }
                    }
                }
                div.keys {
                    @if !mission.confirmed {
                        (self.key("confirm", "c", lang.pick("電話での出動決定を確認", "Confirm what was said by telephone"), &of, ""))
                    }
                    @for phase in next_phases(mission.phase) {
                        @if let Some((act, key)) = keys::step(*phase) {
                            (self.key(act, key, phase.wire().text(lang), &of, "go"))
                        }
                    }
                }
            }
        }
    }

    fn hold_of(&self, mission: &Mission) -> Option<&'a Hold> {
        self.view.state(&self.asset.id.ledger())?.holds.get(&mission.requisition)
    }

    /// What is open to be taken: the goes that came too late, and what the base volunteered.
    fn offers(&self) -> Markup {
        let lang = self.lang;
        let open = |offer: &&Offer| offer.asset == self.asset.id && offer.state == OfferState::Open;
        let mut offers = self.state().offers.values().filter(open).peekable();
        if offers.peek().is_none() {
            return html! {};
        }
        html! {
            section.offers {
                h2 { (v1::offer::State::Open.text(lang)) }
                @for offer in offers {
                    p { (self.offer(offer)) }
                }
            }
        }
    }

    fn offer(&self, offer: &Offer) -> Markup {
        let lang = self.lang;
        let until = clock_time(offer.window.until);
        let requester = offer.requisition.as_ref().and_then(|requisition| {
            let state = self.view.member_state(&requisition.request.member)?;
            self.requester(state.requests.get(&requisition.request)?)
        });
        html! {
            @if offer.requisition.is_some() {
                (lang.pick(
                    "出動の回答は期限後でした。要請側が受けるまで出動になりません。",
                    "The go came too late: it is no commitment until the requester takes it.",
                ))
            } @else {
                (lang.pick("どこからの要請にも応じられます。", "Offered to everybody."))
            }
            " (" (until) (lang.pick("まで", " at the latest")) ") "
            @if let Some(requester) = requester {
                (lang.display(&requester.name)) " " span.tel { (telephone(&requester.telephone)) }
            }
        }
    }

    fn history(&self) -> Markup {
        let (lang, state) = (self.lang, self.state());
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
                            th scope="col" { (lang.pick("時刻", "time")) }
                            th scope="col" { (lang.pick("場所", "place")) }
                            th scope="col" { (lang.pick("結果", "outcome")) }
                        }
                    }
                    tbody {
                        @for hold in ended.into_iter().take(HISTORY) {
                            tr {
                                td { (clock_time(hold.held_at)) }
                                td { (place(&hold.place, hold.position)) }
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
            form method="post" data-is={ (act) " " (of) } {
                (self.hidden(act, of))
                button class=(class) type="submit" data-key=(key) aria-keyshortcuts=(key.to_uppercase()) { kbd { (key.to_uppercase()) } (label) }
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

fn outcome(hold: &Hold, state: &State, lang: Lang) -> String {
    let word = wire::hold_state(&hold.state).text(lang);
    match &hold.state {
        HoldState::Committed { mission } => {
            let end = state.missions.get(mission).and_then(|mission| mission.end);
            end.map_or_else(|| word.to_owned(), |end| mission_end(end, lang))
        }
        HoldState::Declined(reason) => format!("{word} ({})", reason.wire().text(lang)),
        HoldState::Expired if state.late_go_offer(&hold.requisition).is_some() => {
            format!("{word}{}", lang.pick("・その後に出動の申出", ", then a late go"))
        }
        HoldState::Asked | HoldState::Acknowledged { .. } | HoldState::Withdrawn(_) | HoldState::Expired => {
            word.to_owned()
        }
    }
}

fn mission_end(end: MissionEnd, lang: Lang) -> String {
    match end {
        MissionEnd::Completed => v1::mission::End::Completed.text(lang).to_owned(),
        MissionEnd::StoodDown => v1::mission::End::StoodDown.text(lang).to_owned(),
        MissionEnd::Aborted(reason) => {
            format!("{} ({})", v1::mission::End::Aborted.text(lang), reason.wire().text(lang))
        }
    }
}

fn asset_state(state: AssetState, lang: Lang) -> &'static str {
    match state {
        AssetState::Available => v1::asset::State::Available,
        AssetState::Recallable { .. } => v1::asset::State::Recallable,
        AssetState::OutOfService { .. } => v1::asset::State::OutOfService,
    }
    .text(lang)
}

/// Every base, to choose from.
pub(super) fn list(view: &View, now: Timestamp, frame: &Frame<'_>) -> Markup {
    let lang = frame.lang;
    let title = lang.pick("基地一覧 · yui", "Bases · yui");
    let answers = |kind: AssetKind| kind.is_aircraft() || kind == AssetKind::DoctorCar;
    let main = html! {
        header {
            h1 { (lang.pick("基地一覧", "Bases")) }
            span.clock { (clock_time(now)) " JST" }
            (other_language(lang, lang.pick("/base?lang=en", "/base?lang=ja")))
        }
        ul {
            @for (asset, usage) in view.assets().filter(|(asset, _)| answers(asset.kind)) {
                li {
                    a href=(super::path(&asset.id, Some(lang))) { (lang.display(&asset.name)) }
                    " "
                    @if usage.hold.is_some() { strong { (lang.pick("要請あり", "asked")) } }
                    @else if usage.mission.is_some() { (v1::asset::State::Assigned.text(lang)) }
                    @else { (asset_state(usage.state, lang)) }
                }
            }
        }
    };
    frame.page(title, "", None, &main)
}

/// A name that is not here.
pub(super) fn unknown(frame: &Frame<'_>) -> Markup {
    let main = html! {
        section.refused {
            p { (frame.lang.pick("この名前の機体はありません。", "No aircraft has this name.")) }
            p { a href="/base" { (frame.lang.pick("基地一覧へ", "All bases")) } }
        }
    };
    frame.page("yui", "", None, &main)
}

/// What stands around every page.
pub(super) struct Frame<'a> {
    /// The space, which a drill shows on every page.
    pub(super) space: &'a Space,
    /// What the scenario says of its data.
    pub(super) notice: Option<&'a Name>,
    /// The language.
    pub(super) lang: Lang,
}

impl Frame<'_> {
    /// A whole page. `said` is the line to read aloud, `refused` why the last key did nothing.
    fn page(&self, title: &str, said: &str, refused: Option<&str>, main: &Markup) -> Markup {
        let lang = self.lang;
        html! {
            (DOCTYPE)
            html lang=(lang.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    // A refusal is read before the page renews itself.
                    @if refused.is_none() { noscript { meta http-equiv="refresh" content="5"; } }
                    title { (title) }
                    link rel="stylesheet" href="/base.css";
                    script src="/base.js" defer {}
                }
                body {
                    @if let Space::Drill(name) = self.space { (self.drill(name.as_str())) }
                    p #cut hidden role="alert" class="refused" {
                        (lang.pick(
                            "サーバーに届きません。電話で連絡してください。",
                            "The server cannot be reached: use the telephone.",
                        ))
                    }
                    @if let Some(refused) = refused {
                        section.refused role="alert" { (refused) }
                    }
                    p #said role="status" data-seconds=(lang.pick("残り % 秒", "% seconds left")) {}
                    main data-said=(said) { (main) }
                    footer {
                        button #keys type="button" hidden
                            data-on=(lang.pick("キー操作を止める", "Turn the keys off"))
                            data-off=(lang.pick("キー操作を使う", "Turn the keys on")) {}
                        a href={ "/base?lang=" (lang.code()) } { (lang.pick("基地一覧", "All bases")) }
                    }
                }
            }
        }
    }

    /// So that nobody takes a drill for a real night, in whichever language they read.
    fn drill(&self, name: &str) -> Markup {
        html! {
            div.drill {
                strong { (self.lang.pick("訓練 · DRILL", "DRILL · 訓練")) " · " (name) }
                @if let Some(notice) = self.notice { " " span { (self.lang.display(notice)) } }
            }
        }
    }
}

fn other_language(lang: Lang, path: &str) -> Markup {
    let other = lang.pick("en", "ja");
    html! { a href=(path) hreflang=(other) lang=(other) { (lang.pick("English", "日本語")) } }
}

/// A number to ring; text around it (a caller may be described) stays text.
fn telephone(number: &str) -> Markup {
    let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '-')).collect();
    let is_number = !dialled.is_empty()
        && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'));
    html! {
        @if is_number { a.number href={ "tel:" (dialled) } { (number) } } @else { (number) }
    }
}

/// The place in words, or where there are none its position.
fn place(words: &str, position: Position) -> String {
    if words.is_empty() { position.to_string() } else { words.to_owned() }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::LedgerView;
    use crate::decision::Command;
    use std::path::Path;
    use std::sync::Arc;

    /// A view of one helicopter, changed by `change`.
    fn view(change: impl FnOnce(&mut State, &AssetId)) -> (View, AssetId) {
        let kansai = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai");
        let scenario = crate::drill::read(&kansai).unwrap();
        let id: AssetId = "members/hyogo/assets/heli-toyooka".parse().unwrap();
        let asset = scenario.seeds.iter().find_map(|seed| match &seed.command {
            Command::RegisterAsset(asset) if asset.id == id => Some(asset.clone()),
            _ => None,
        });
        let mut state = State::new(id.ledger());
        state.assets.insert_mut(id.clone(), asset.unwrap());
        state.asset_uses.insert_mut(id.clone(), AssetUse::new());
        change(&mut state, &id);
        let mut view = View::empty(scenario.space);
        view.ledgers.insert(id.ledger(), Arc::new(LedgerView { state, partial: false }));
        (view, id)
    }

    fn page(view: &View, id: &AssetId, lang: Lang) -> String {
        let frame = Frame { space: &view.space, notice: None, lang };
        Page::of(view, Timestamp(0), None, id, lang).render(&frame, None).into_string()
    }

    #[test]
    fn a_suspect_clock_is_told_with_what_to_do() {
        let (view, id) = view(|state, _| state.clock_suspect_since = Some(Timestamp(0)));
        assert!(page(&view, &id, Lang::En).contains("settle times by telephone"));
        assert!(page(&view, &id, Lang::Ja).contains("電話で確認してください"));
        let (view, id) = self::view(|_, _| {});
        assert!(!page(&view, &id, Lang::En).contains("settle times by telephone"));
    }

    #[test]
    fn a_number_can_be_rung_and_a_description_cannot() {
        assert_eq!(
            telephone("000-0000-0001").into_string(),
            "<a class=\"number\" href=\"tel:000-0000-0001\">000-0000-0001</a>"
        );
        assert_eq!(
            telephone("(000) 00-0001").into_string(),
            "<a class=\"number\" href=\"tel:00000-0001\">(000) 00-0001</a>"
        );
        for words in ["", "119", "現場の森さん 090-0000-0000", "\"><script>"] {
            let shown = telephone(words).into_string();
            assert_eq!(shown.contains("href"), words == "119", "{shown}");
            assert!(!shown.contains("<script"), "{shown}");
        }
    }
}
