//! `yui watch`: every change as it happens; goes on where it stopped, also after the server was away.

use super::args::ArgError;
use super::failure::{self, Failure};
use super::names;
use super::requisition::ended_because;
use super::session::{Format, Session, banner, note_on_stderr, write_out};
use super::sheet::Sheet;
use super::{json, time};
use crate::api::v1;
use crate::api::v1::change::Resource;
use crate::api::v1::watch_response::Marker;
use clap::ValueEnum;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Largest resume token that is read back.
const TOKEN_BYTES_MAX: u64 = 64 << 10;
/// Pause before the first new connection; doubles each time, up to [`PAUSE_MAX`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// Longest pause between two tries.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Arguments of `yui watch`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  yui watch --kind request,requisition,mission --resume-file desk-3.token")]
pub struct Args {
    /// Only these kinds, separated by commas
    #[arg(long = "kind", value_name = "KIND", value_delimiter = ',')]
    kinds: Vec<Kind>,
    /// Only what this member's ledger holds
    #[arg(long, value_name = "MEMBER", value_parser = names::member)]
    member: Option<String>,
    /// Keep the place here, and go on from it next time
    #[arg(long, value_name = "FILE")]
    resume_file: Option<PathBuf>,
    /// Stop when the present is complete
    #[arg(long)]
    once: bool,
}

/// A kind of resource that can be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Calls for help
    Request,
    /// What is asked of bases
    Requisition,
    /// Missions
    Mission,
    /// Aircraft and vehicles
    Asset,
    /// Landing sites
    Site,
    /// Hospitals
    Hospital,
    /// Weather reports
    Weather,
    /// Bridges and tunnels
    Structure,
    /// Closures and slow-downs of roads
    Restriction,
    /// Areas that may not be flown through
    NoFlyArea,
    /// Offers
    Offer,
    /// Members
    Member,
    /// Fire departments, hospitals, bases, operators
    Organisation,
    /// Landing spots, fuel and beds for a while
    Lease,
    /// Standing orders
    StandingOrder,
    /// Agreements
    Agreement,
    /// What the union counts
    Commodity,
    /// Places where goods are handed on
    Depot,
    /// Lorries and helicopters that carry goods
    Fleet,
    /// What lies where
    Stock,
    /// What is needed where
    Need,
    /// Plans of who sends what to whom
    Plan,
    /// Goods under way
    Shipment,
    /// Who supports which municipality
    Pair,
}

impl Kind {
    /// Its word on the wire: as the fields of `yui.v1.Change` are called.
    fn wire(self) -> &'static str {
        match self {
            Kind::Request => "request",
            Kind::Requisition => "requisition",
            Kind::Mission => "mission",
            Kind::Asset => "asset",
            Kind::Site => "site",
            Kind::Hospital => "hospital",
            Kind::Weather => "weather",
            Kind::Structure => "structure",
            Kind::Restriction => "restriction",
            Kind::NoFlyArea => "no_fly_area",
            Kind::Commodity => "commodity",
            Kind::Depot => "depot",
            Kind::Fleet => "fleet",
            Kind::Stock => "stock",
            Kind::Need => "need",
            Kind::Plan => "plan",
            Kind::Shipment => "shipment",
            Kind::Pair => "pair",
            Kind::Offer => "offer",
            Kind::Member => "member",
            Kind::Organisation => "organisation",
            Kind::Lease => "lease",
            Kind::StandingOrder => "standing_order",
            Kind::Agreement => "agreement",
        }
    }
}

/// Runs it until somebody ends it.
///
/// # Errors
/// [`Failure::Refused`] when the server says no, [`Failure::Unreachable`] when it never answered;
/// once connected, a server that goes away is waited for.
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    let mut token = match &args.resume_file {
        Some(path) => read_token(path)?,
        None => Vec::new(),
    };
    let mut pauses = Pauses::default();
    let mut was_connected = false;
    loop {
        let mut is_connected = false;
        let end = follow(session, &args, &mut token, &mut is_connected).await;
        was_connected |= is_connected;
        let lost = match end {
            Ok(Reached::Present) => return Ok(()),
            Ok(Reached::EndOfStream) => None,
            Err(Failure::Unreachable(lost)) if was_connected && failure::is_transient(&lost.status) => {
                Some(lost)
            }
            Err(failure) => return Err(failure),
        };
        let lang = session.lang();
        let because = lost.map(|lost| lost.status.message().to_owned()).unwrap_or_default();
        note_on_stderr(&lang.pick(
            format!("接続が切れました。つなぎ直します {because}\n"),
            format!("the stream ended; connecting again {because}\n"),
        ));
        tokio::time::sleep(pauses.next(is_connected)).await;
    }
}

/// How long to wait before the next connection.
#[derive(Debug, Default)]
struct Pauses {
    last: Option<Duration>,
}

impl Pauses {
    /// Doubles from try to try; begins anew after a connection that carried something.
    fn next(&mut self, was_connected: bool) -> Duration {
        let pause = match self.last {
            Some(last) if !was_connected => (last * 2).min(PAUSE_MAX),
            _ => FIRST_PAUSE,
        };
        self.last = Some(pause);
        pause
    }
}

/// Why following stopped without a fault.
enum Reached {
    /// The snapshot is complete and nothing more was wanted.
    Present,
    /// The server closed the stream.
    EndOfStream,
}

async fn follow(
    session: &Session,
    args: &Args,
    token: &mut Vec<u8>,
    is_connected: &mut bool,
) -> Result<Reached, Failure> {
    let call = v1::WatchRequest {
        kinds: args.kinds.iter().map(|kind| kind.wire().to_owned()).collect(),
        member: args.member.clone().unwrap_or_default(),
        resume_token: token.clone(),
    };
    let mut stream = session.client().watch(call).await?;
    loop {
        let response = match stream.message().await {
            Ok(Some(response)) => response,
            Ok(None) => return Ok(Reached::EndOfStream),
            Err(status) => return Err(session.client().failure(status, None)),
        };
        *is_connected = true;
        print(session, &response)?;
        if !response.resume_token.is_empty() {
            token.clone_from(&response.resume_token);
            if let Some(path) = &args.resume_file {
                write_token(path, token)?;
            }
        }
        if args.once && response.marker() == Marker::Current {
            return Ok(Reached::Present);
        }
    }
}

fn print(session: &Session, response: &v1::WatchResponse) -> Result<(), Failure> {
    if session.format() == Format::Json {
        return write_out(&format!("{}\n", json::line("yui.v1.WatchResponse", response)));
    }
    let mut sheet = Sheet::new(session.lang());
    lines(response, &mut sheet);
    let prefix = sheet.drill().map(|drill| banner(drill, session.lang()).trim_end().to_owned() + " ");
    let text = sheet.into_text();
    let prefixed = text.lines().map(|line| format!("{}{line}\n", prefix.as_deref().unwrap_or("")));
    write_out(&prefixed.collect::<String>())
}

/// One line for each change, one for a marker that people need; heartbeats are silent.
fn lines(response: &v1::WatchResponse, sheet: &mut Sheet) {
    let at = response.read_time.as_ref().map(time::full).unwrap_or_default();
    for change in &response.changes {
        if let Some(resource) = &change.resource {
            let line = summary(resource, sheet);
            sheet.line(format!("{at}  {line}"));
        }
    }
    match response.marker() {
        Marker::Current => sheet.line(sheet.pick("-- 現在の状況はここまで --", "-- this is the present --")),
        Marker::Reset => {
            sheet.line(sheet.pick("-- 再開できないため最初から --", "-- cannot resume: from the start --"));
        }
        Marker::Change | Marker::Heartbeat | Marker::Unspecified => {}
    }
}

fn summary(resource: &Resource, sheet: &mut Sheet) -> String {
    let lang = sheet.lang();
    let (kind, name, rest) = match resource {
        Resource::Request(it) => {
            let state = sheet.term::<v1::request::State>(it.state);
            let kind = sheet.term::<v1::RequestKind>(it.kind);
            (lang.pick("要請", "request"), &it.name, format!("{state}  {kind}  {}", it.place))
        }
        Resource::Requisition(it) => {
            let (asset, state) = (sheet.name(&it.asset), sheet.term::<v1::requisition::State>(it.state));
            let because = ended_because(it, sheet);
            (
                lang.pick("出動要請", "requisition"),
                &it.name,
                format!("{asset}  {state}  {because}  {}", it.telephone),
            )
        }
        Resource::Mission(it) => {
            let (asset, state) = (sheet.name(&it.asset), sheet.term::<v1::mission::State>(it.state));
            let end = sheet.term_or_blank::<v1::mission::End>(it.end);
            (lang.pick("任務", "mission"), &it.name, format!("{asset}  {state}  {end}"))
        }
        Resource::Asset(it) => {
            let state = sheet.term::<v1::asset::State>(it.state);
            let because = sheet.term_or_blank::<v1::OutageReason>(it.out_of_service_reason);
            (lang.pick("機体", "asset"), &it.name, format!("{state}  {because}"))
        }
        Resource::Site(it) => {
            let state = sheet.term::<v1::site::State>(it.state);
            (lang.pick("離着陸場", "landing site"), &it.name, format!("{state}  {}", it.note))
        }
        Resource::Hospital(it) => {
            let beds = it.beds_free.map(|beds| beds.to_string()).unwrap_or_default();
            (
                lang.pick("病院", "hospital"),
                &it.name,
                format!("{}  {beds}", sheet.term::<v1::hospital::State>(it.state)),
            )
        }
        Resource::Weather(it) => {
            let seen = format!("{} m  {} m  {} km/h", it.visibility_m, it.ceiling_m, it.wind_kmh);
            (lang.pick("気象", "weather"), &it.weather_region, seen)
        }
        Resource::Structure(it) => {
            let state =
                if it.closed { lang.pick("通行止", "closed") } else { lang.pick("開通", "open") };
            (lang.pick("構造物", "structure"), &it.name, format!("{state}  {}", it.note))
        }
        Resource::Restriction(it) => {
            let effect = sheet.term::<v1::restriction::Effect>(it.effect);
            let reason = sheet.term::<v1::restriction::Reason>(it.reason);
            let state = sheet.term::<v1::restriction::State>(it.state);
            (
                lang.pick("道路規制", "restriction"),
                &it.name,
                format!("{effect}  {reason}  {state}  {}", it.note),
            )
        }
        Resource::NoFlyArea(it) => {
            let state = sheet.term::<v1::no_fly_area::State>(it.state);
            (lang.pick("飛行禁止区域", "no-fly area"), &it.name, format!("{state}  {}", it.reason))
        }
        Resource::Offer(it) => {
            let asset = sheet.name(&it.asset);
            (
                lang.pick("申出", "offer"),
                &it.name,
                format!("{asset}  {}", sheet.term::<v1::offer::State>(it.state)),
            )
        }
        Resource::Member(it) => {
            let level = it.operating_mode.as_ref().map_or(0, |mode| mode.level);
            (lang.pick("構成団体", "member"), &it.name, sheet.term::<v1::operating_mode::Level>(level))
        }
        Resource::Organisation(it) => {
            (lang.pick("機関", "organisation"), &it.name, lang.name(it.display_name.as_ref()).to_owned())
        }
        Resource::Lease(it) => {
            let purpose = sheet.term::<v1::lease::Purpose>(it.purpose);
            let (subject, state) = (sheet.name(&it.subject), sheet.term::<v1::lease::State>(it.state));
            (lang.pick("確保", "lease"), &it.requisition, format!("{purpose}  {subject}  {state}"))
        }
        Resource::StandingOrder(it) => {
            (lang.pick("事前指示", "standing order"), &it.name, it.answers_for.clone())
        }
        Resource::Plan(it) => {
            let count = it.shipment_count;
            (
                lang.pick("物資支援計画", "plan"),
                &it.name,
                lang.pick(format!("出荷 {count} 件"), format!("{count} shipments")),
            )
        }
        Resource::Shipment(it) => {
            let (from, to) = (sheet.name(&it.sender), sheet.name(&it.receiver));
            let state = sheet.term::<v1::shipment::State>(it.state);
            (lang.pick("出荷", "shipment"), &it.name, format!("{from} -> {to}  {state}"))
        }
        Resource::Pair(it) => {
            let members: Vec<String> = it.supporters.iter().map(|one| sheet.name(&one.member)).collect();
            let (town, state) =
                (lang.name(it.municipality_name.as_ref()), sheet.term::<v1::pair::State>(it.state));
            (
                lang.pick("カウンターパート", "pair"),
                &it.name,
                format!("{} -> {town}  {state}", members.join(", ")),
            )
        }
        Resource::Commodity(it) => {
            (lang.pick("物資", "commodity"), &it.name, lang.name(it.display_name.as_ref()).to_owned())
        }
        Resource::Depot(it) => {
            let state = sheet.term::<v1::depot::State>(it.state);
            (lang.pick("物資拠点", "depot"), &it.name, format!("{state}  {}", it.note))
        }
        Resource::Fleet(it) => {
            let class = sheet.term::<v1::VehicleClass>(it.vehicle_class);
            (lang.pick("車両隊", "fleet"), &it.name, format!("{}  {class}", it.vehicles))
        }
        Resource::Stock(it) => (lang.pick("備蓄", "stock"), &it.name, format!("{} {}", it.quantity, it.unit)),
        Resource::Need(it) => {
            let (commodity, state) = (sheet.name(&it.commodity), sheet.term::<v1::need::State>(it.state));
            let what = format!("{commodity}  {} {}  {state}", it.quantity, it.unit);
            (lang.pick("ニーズ", "need"), &it.name, what)
        }
        Resource::Agreement(it) => {
            (lang.pick("協定", "agreement"), &it.area, sheet.term::<v1::agreement::Rule>(it.rule))
        }
    };
    let name = sheet.name(name);
    format!("{kind} {name}  {rest}")
}

/// Reads the kept place; none when the file is not there yet.
fn read_token(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut token = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(TOKEN_BYTES_MAX + 1).read_to_end(&mut token));
    match read {
        Ok(_) if token.len() as u64 <= TOKEN_BYTES_MAX => Ok(token),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Ok(_) => Err(token_fault(path, "too large")),
        Err(error) => Err(token_fault(path, &error.to_string())),
    }
}

/// Replaces the kept place in one step, so that a crash leaves the old or the new one.
fn write_token(path: &Path, token: &[u8]) -> Result<(), Failure> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let written = fs::File::create(&beside)
        .and_then(|mut file| file.write_all(token))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| token_fault(path, &error.to_string()))
}

fn token_fault(path: &Path, problem: &str) -> Failure {
    let path = path.display();
    Failure::Argument(ArgError::new(
        format!("{path} に続きの位置を保存できません: {problem}"),
        format!("{path} cannot keep the place: {problem}; name another --resume-file"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn a_change_is_one_line_and_a_heartbeat_none() {
        let requisition = v1::Requisition {
            name: "drill/kansai/members/hyogo/requests/r-1/requisitions/1-1".to_owned(),
            asset: "drill/kansai/members/hyogo/assets/heli-kakogawa".to_owned(),
            state: v1::requisition::State::Declined.into(),
            decline_reason: v1::DeclineReason::DeclineWeather.into(),
            ..v1::Requisition::default()
        };
        let change = v1::Change { resource: Some(Resource::Requisition(requisition)) };
        let mut response = v1::WatchResponse {
            marker: Marker::Change.into(),
            read_time: Some(prost_types::Timestamp { seconds: 1_796_432_400, nanos: 0 }),
            changes: vec![change],
            ..v1::WatchResponse::default()
        };
        let mut sheet = Sheet::new(Lang::En);
        lines(&response, &mut sheet);
        let expected =
            "2026-12-05 10:00:00 JST  requisition hyogo/r-1/1-1  hyogo/heli-kakogawa  declined  weather\n";
        assert_eq!(sheet.into_text(), expected);
        response = v1::WatchResponse { marker: Marker::Heartbeat.into(), changes: Vec::new(), ..response };
        let mut sheet = Sheet::new(Lang::En);
        lines(&response, &mut sheet);
        assert_eq!(sheet.into_text(), "");
    }

    #[test]
    fn every_kind_that_a_server_tells_of_can_be_asked_for() {
        let change = crate::cli::json::pool().get_message_by_name("yui.v1.Change").unwrap();
        let told: Vec<String> = change.fields().map(|field| field.name().to_owned()).collect();
        let mut asked: Vec<&str> = Kind::value_variants().iter().map(|kind| kind.wire()).collect();
        for kind in &told {
            let place = asked.iter().position(|asked| asked == kind);
            assert!(place.is_some(), "{kind}");
            asked.remove(place.unwrap());
        }
        assert!(asked.is_empty(), "{asked:?}");
    }

    #[test]
    fn the_pause_before_a_new_connection_begins_anew_after_a_good_one() {
        let mut pauses = Pauses::default();
        let tries = [true, false, false, true, false];
        let waited = tries.map(|was_connected| pauses.next(was_connected).as_millis());
        assert_eq!(waited, [200, 400, 800, 200, 400]);
        let mut long = Pauses::default();
        assert_eq!((0..20).map(|_| long.next(false)).last(), Some(PAUSE_MAX));
    }

    #[test]
    fn the_place_is_kept_between_runs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.token");
        assert_eq!(read_token(&path).unwrap(), b"");
        write_token(&path, b"\x00here").unwrap();
        assert_eq!(read_token(&path).unwrap(), b"\x00here");
        write_token(&path, &vec![1; 70 << 10]).unwrap();
        assert!(read_token(&path).is_err());
        assert!(write_token(Path::new("/nowhere/desk.token"), b"x").is_err());
    }
}
