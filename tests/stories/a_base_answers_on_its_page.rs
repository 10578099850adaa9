//! The person at the base: what is asked, a countdown, and one key for each answer, in a browser without scripts.

use crate::common::{Served, crash, drill};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use yui::api::v1;
use yui::api::v1::mission::{End, State as Step};
use yui::api::v1::requisition::State;

const TOYOOKA: &str = "/base/hyogo/heli-toyooka?lang=en";

/// What came back: status line, headers and body as text.
struct Page {
    status: u16,
    text: String,
}

impl Page {
    /// The form behind the key `act`, ready to be sent; none when the page has no such key.
    fn form(&self, act: &str) -> Option<String> {
        let marked = format!("name=\"act\" value=\"{act}\"");
        let form = self.text.split("<form").find(|form| form.contains(&marked))?;
        let value = |name: &str| {
            let input = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            input.split('"').next().unwrap().replace('/', "%2F")
        };
        Some(format!("act={act}&of={}&request_id={}", value("of"), value("request_id")))
    }

    fn shows(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

/// One HTTP/1.1 exchange, as a browser without scripts makes it. `headers` are whole lines.
async fn exchange(address: SocketAddr, head: &str, headers: &str, body: &str) -> Page {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request =
        format!("{head} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let text = String::from_utf8(answer).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    Page { status, text }
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

impl Served {
    async fn page(&self, path: &str) -> Page {
        let address = self.host.local_addr();
        exchange(address, &format!("GET {path}"), &format!("Host: {address}\r\n"), "").await
    }

    /// Sends a form from the page itself.
    async fn post(&self, path: &str, form: &str) -> Page {
        let address = self.host.local_addr();
        let headers = format!("Host: {address}\r\nOrigin: http://{address}\r\n{FORM}");
        exchange(address, &format!("POST {path}"), &headers, form).await
    }

    /// Presses the key `act` on the page as it stands.
    async fn press(&mut self, act: &str, more: &str) {
        let form = self.page(TOYOOKA).await.form(act).unwrap_or_else(|| panic!("no key {act}"));
        let answer = self.post(TOYOOKA, &format!("{form}{more}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        self.settle().await;
    }
}

/// heli-toyooka is asked for the crash.
async fn asked(drill: &mut Served) -> v1::Requisition {
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    assert!(asked.asset.ends_with("heli-toyooka"));
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_what_is_asked_with_a_countdown_and_whom_to_ring() {
    let (mut drill, _data) = drill().await;
    let before = drill.page(TOYOOKA).await;
    assert!(before.status == 200 && before.shows("Nothing is asked."));
    assert!(before.shows("DRILL"), "nobody takes a drill for a real night");
    let asked = asked(&mut drill).await;
    drill.advance(60).await;
    let page = drill.page(TOYOOKA).await;
    // Three minutes to answer, one gone.
    assert!(page.shows("data-left-ms=\"120000\"") && page.shows(">2:00<"));
    let requester = v1::GetOrganisationRequest { name: crash().requester };
    let requester = drill.registry.get_organisation(requester).await.unwrap().into_inner();
    for text in ["国道175号", "車にはねられ", "090-0000-0000", "red 1", &requester.telephone, &asked.name]
    {
        assert!(page.shows(text), "{text}");
    }
    for act in ["acknowledge", "go", "decline"] {
        assert!(page.form(act).is_some(), "{act}");
    }
    assert!(page.shows(&format!("href=\"tel:{}\"", requester.telephone)), "one touch rings");
    assert!(page.shows("<title>● "), "a tab in the background says that somebody waits");
    let japanese = drill.page("/base/hyogo/heli-toyooka?lang=ja").await;
    assert!(japanese.shows("出動要請") && japanese.shows("出動できない"));
    assert!(
        japanese.shows("訓練用データです") && page.shows("DRILL DATA"),
        "what the scenario says of its data"
    );
    assert!(japanese.shows("lang=\"en\">English") && page.shows("lang=\"ja\">日本語"));
    let list = drill.page("/base?lang=en").await;
    assert!(list.shows("/base/hyogo/heli-toyooka") && list.shows("asked"));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_gone_and_followed_to_ready_by_one_key_each() {
    let (mut drill, _data) = drill().await;
    let asked = asked(&mut drill).await;
    drill.press("acknowledge", "").await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Acknowledged);
    let acknowledged = drill.page(TOYOOKA).await;
    assert!(acknowledged.form("acknowledge").is_none());
    assert!(acknowledged.shows("data-said=\"acknowledged\""), "what is read aloud");
    drill.press("go", "").await;
    let committed = drill.requisition(&asked.name).await;
    assert_eq!(committed.state(), State::Committed);
    let mission = drill.mission(&committed.mission).await;
    assert!(mission.committer.starts_with("unauthenticated:page of members/hyogo/assets/heli-toyooka"));
    for act in ["airborne", "on_scene", "transporting", "arrived", "returning", "ready"] {
        drill.press(act, "").await;
    }
    let done = drill.mission(&mission.name).await;
    assert_eq!((done.state(), done.end(), done.progress.len()), (Step::Ready, End::Completed, 7));
    assert!(drill.page(TOYOOKA).await.shows("Nothing is asked."));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_needs_a_reason_of_the_list() {
    let (mut drill, _data) = drill().await;
    let asked = asked(&mut drill).await;
    let page = drill.page(TOYOOKA).await;
    for (key, reason) in [(1, "weather"), (2, "on-mission"), (5, "no-crew"), (8, "outside-agreement")] {
        let button = format!("name=\"reason\" value=\"{reason}\" data-key=\"{key}\"");
        assert!(page.shows(&button), "{reason} by the key {key}");
    }
    assert!(!page.shows("<select") && !page.shows("checked"), "no reason is chosen beforehand");
    let form = page.form("decline").unwrap();
    for wrong in ["", "&reason=tired", "&reason="] {
        assert_eq!(drill.post(TOYOOKA, &format!("{form}{wrong}")).await.status, 409, "{wrong}");
    }
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Asked);
    drill.press("decline", "&reason=weather").await;
    let declined = drill.requisition(&asked.name).await;
    assert_eq!(
        (declined.state(), declined.decline_reason()),
        (State::Declined, v1::DeclineReason::DeclineWeather)
    );
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_pressed_twice_is_one_answer() {
    let (mut drill, _data) = drill().await;
    let asked = asked(&mut drill).await;
    let form = drill.page(TOYOOKA).await.form("go").unwrap();
    for _ in 0..2 {
        assert_eq!(drill.post(TOYOOKA, &form).await.status, 303);
    }
    drill.settle().await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Committed);
    let list = v1::ListMissionsRequest { parent: "members/-".to_owned(), ..Default::default() };
    assert_eq!(drill.dispatch.list_missions(list).await.unwrap().into_inner().missions.len(), 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_go_pressed_too_late_does_not_look_like_a_commitment() {
    let (mut drill, _data) = drill().await;
    let asked = asked(&mut drill).await;
    let form = drill.page(TOYOOKA).await.form("go").unwrap();
    drill.advance(200).await;
    let late = drill.post(TOYOOKA, &form).await;
    assert!(late.status == 409 && late.shows("Refused") && late.shows("offer"), "{}", late.text);
    let ended = drill.requisition(&asked.name).await;
    assert!(ended.state() == State::Expired && !ended.offer.is_empty());
    let page = drill.page(TOYOOKA).await;
    assert!(page.shows("expired, then a late go"));
    assert!(page.shows("no commitment until the requester takes it") && !page.shows("<title>●"));
    let requester = v1::GetOrganisationRequest { name: crash().requester };
    let requester = drill.registry.get_organisation(requester).await.unwrap().into_inner();
    assert!(page.shows(&requester.telephone), "whom to ring about it");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_elsewhere_cannot_press_a_key() {
    let (mut drill, _data) = drill().await;
    let asked = asked(&mut drill).await;
    let form = drill.page(TOYOOKA).await.form("go").unwrap();
    let before = drill.sequences();
    let address = drill.host.local_addr();
    for headers in [
        format!("Host: {address}\r\nOrigin: http://evil.example\r\n"),
        format!("Host: {address}\r\nOrigin: null\r\n"),
        format!("Host: {address}\r\nSec-Fetch-Site: cross-site\r\n"),
        "Host: evil.example\r\nOrigin: http://evil.example\r\n".to_owned(),
        "Host: evil.example\r\n".to_owned(),
    ] {
        let answer = exchange(address, &format!("POST {TOYOOKA}"), &format!("{headers}{FORM}"), &form).await;
        assert_eq!(answer.status, 403, "{headers}");
    }
    assert_eq!(drill.sequences(), before);
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Asked);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_one_aircraft_does_not_answer_for_another() {
    let (mut drill, _data) = drill().await;
    let asked = asked(&mut drill).await;
    let form = drill.page(TOYOOKA).await.form("go").unwrap();
    let other = drill.post("/base/hyogo/heli-kakogawa", &form).await;
    assert_eq!(other.status, 409);
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Asked);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_without_words_is_shown_by_its_position() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(v1::Request { place: String::new(), ..crash() }).await;
    drill.ask(&request).await;
    let page = drill.page(TOYOOKA).await;
    assert!(
        page.shows("<dd>35.17000,135.04000</dd>") && page.shows("data-said=\"asked: 35.17000,135.04000\"")
    );
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_found_by_any_name_of_its_aircraft() {
    let (drill, _data) = drill().await;
    for (path, status, location) in [
        ("/base/heli-toyooka", 307, "location: /base/hyogo/heli-toyooka\r\n"),
        ("/base/heli-toyooka?lang=en", 307, "location: /base/hyogo/heli-toyooka?lang=en\r\n"),
        (
            "/base/members/hyogo/assets/heli-toyooka?lang=ja",
            308,
            "location: /base/hyogo/heli-toyooka?lang=ja\r\n",
        ),
        ("/base/members/hyogo/assets/%0d%0aSet-Cookie", 404, ""),
        ("/base/members/evil.example%2F/assets/x", 404, ""),
        ("/base/heli-nowhere", 404, ""),
        ("/base/%2F%2Fevil.example", 404, ""),
    ] {
        let page = drill.page(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.text.contains(location), "{path}: {}", page.text);
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_does_not_know_is_said_and_changes_nothing() {
    let (mut drill, _data) = drill().await;
    let asked = asked(&mut drill).await;
    let before = drill.sequences();
    for path in ["/base/hyogo/heli-nowhere", "/base/nowhere/heli-toyooka", "/base/UPPER/%00", "/base/a/b/c"] {
        assert_eq!(drill.page(path).await.status, 404, "{path}");
        assert_eq!(drill.post(path, "act=go&of=x&request_id=1").await.status, 404, "{path}");
    }
    let of = "members%2Fhyogo%2Frequests%2Fr-1%2Frequisitions%2F9-9";
    for (form, status) in [
        (format!("act=fly&of={of}&request_id=1"), 409),
        (format!("act=go&of={of}&request_id=1"), 409),
        (format!("act=airborne&of={of}&request_id=1"), 409),
        ("act=go&of=%00%ff&request_id=1".to_owned(), 409),
        ("act=go".to_owned(), 422),
        (String::new(), 422),
        (format!("act=go&of={of}&request_id="), 409),
        (format!("act=go&of={of}&request_id={}", "x".repeat(65)), 409),
        (format!("act=go&of={}&request_id=1", "x".repeat(3_000_000)), 413),
    ] {
        let shown: String = form.chars().take(60).collect();
        assert_eq!(drill.post(TOYOOKA, &form).await.status, status, "{shown}");
    }
    assert_eq!(drill.sequences(), before);
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Asked);
    drill.host.stop().await;
}
