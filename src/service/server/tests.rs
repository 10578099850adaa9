//! The listener, through real sockets.

mod callers;
mod hostile;
mod probe;

use super::*;
use crate::api::v1::condition_service_client::ConditionServiceClient;
use crate::api::v1::{
    AdvanceClockRequest, CloseStructureRequest, ListStructuresRequest, ListWeatherRequest,
    OpenStructureRequest, WatchRequest, drill_service_client::DrillServiceClient,
    watch_service_client::WatchServiceClient,
};
use crate::service::drill::Drill;
use crate::service::fake_union::FakeUnion;
use crate::service::watch::{Watch, WatchLimits};
use callers::{Answer, call, call_with, get, read_to_end};
use probe::{Probe, pages};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt;

/// Long enough for any machine; nothing waits for it unless the test fails.
const LONG: Duration = Duration::from_secs(30);

/// A running server.
struct Running {
    address: SocketAddr,
    opening: Opening,
    probe: Probe,
    stop: Option<oneshot::Sender<()>>,
    run: JoinHandle<Ended>,
}

async fn start(limits: Limits) -> Running {
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), limits).await.unwrap();
    let (address, opening) = (server.local_addr(), server.opening());
    let (stop, stopped) = oneshot::channel();
    let run = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Running { address, opening, probe: Probe::default(), stop: Some(stop), run }
}

async fn start_open(limits: Limits) -> Running {
    let running = start(limits).await;
    running.open().await;
    running
}

impl Running {
    async fn open(&self) {
        let union = Arc::new(FakeUnion::drill());
        let watch = Watch::new(Arc::clone(&union), |_, _| Vec::new(), WatchLimits::default());
        let services = Services::new(pages(&self.probe));
        let services = services.conditions(self.probe.clone()).watch(watch).drill(Drill::new(union));
        self.opening.open(services).await;
    }

    async fn channel(&self) -> Channel {
        let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{}", self.address)).unwrap();
        endpoint.connect().await.unwrap()
    }

    async fn client(&self) -> ConditionServiceClient<Channel> {
        ConditionServiceClient::new(self.channel().await)
    }

    fn tell_to_stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    async fn ended(mut self) -> Ended {
        if self.stop.is_some() {
            self.tell_to_stop();
        }
        tokio::time::timeout(LONG, self.run).await.expect("it stops").unwrap()
    }
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

async fn within<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, what).await.expect("it does not hang")
}

#[tokio::test]
async fn a_port_in_use_and_an_address_of_others_are_refused() {
    let first = Server::bind("127.0.0.1:0".parse().unwrap(), Limits::default()).await.unwrap();
    let taken = first.local_addr();
    let fault = Server::bind(taken, Limits::default()).await.unwrap_err();
    assert!(matches!(fault, ServerFault::PortInUse { .. }));
    let text = fault.to_string();
    assert!(text.contains(&format!("port {}", taken.port())) && text.contains("--listen"), "{text}");
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
        let fault = Server::bind(address.parse().unwrap(), Limits::default()).await.unwrap_err();
        assert!(matches!(fault, ServerFault::NotLoopback { .. }), "{address}");
        assert!(fault.to_string().contains("127.0.0.1"));
    }
}

#[tokio::test]
async fn until_it_is_opened_only_health_answers_and_says_so() {
    let server = start(Limits::default()).await;
    let mut health = HealthClient::new(server.channel().await);
    let check = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let status =
        |answer: tonic::Response<tonic_health::pb::HealthCheckResponse>| answer.into_inner().status();
    use tonic_health::pb::health_check_response::ServingStatus::{NotServing, Serving};
    assert_eq!(status(health.check(check("")).await.unwrap()), NotServing);
    let refused = server.client().await.list_structures(ListStructuresRequest::default()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unavailable, "STARTING"));
    assert!(refused.get_details_retry_info().is_some());
    assert_eq!(get(server.address, "/hello", "").await.0, 503);
    let mut watching = health.watch(check("")).await.unwrap().into_inner();
    assert_eq!(watching.message().await.unwrap().unwrap().status(), NotServing);
    server.open().await;
    assert_eq!(watching.message().await.unwrap().unwrap().status(), Serving);
    for service in ["", "yui.v1.ConditionService", "yui.v1.WatchService", "yui.v1.DrillService"] {
        assert_eq!(status(health.check(check(service)).await.unwrap()), Serving, "{service}");
    }
    assert_eq!(health.check(check("yui.v1.DispatchService")).await.unwrap_err().code(), Code::NotFound);
    assert!(server.client().await.list_structures(ListStructuresRequest::default()).await.is_ok());
    assert_eq!(server.ended().await, Ended { connections_cut: 0, connections_failed: 0 });
}

#[tokio::test]
async fn one_port_carries_grpc_grpc_web_and_pages() {
    let server = start_open(Limits::default()).await;
    assert!(server.client().await.list_structures(ListStructuresRequest::default()).await.is_ok());
    let (code, text) = get(server.address, "/hello", "").await;
    assert_eq!((code, text.contains("hello from the page")), (200, true));
    let web = callers::grpc_web(server.address, "/yui.v1.ConditionService/ListStructures", &[]).await;
    assert!(web.starts_with("HTTP/1.1 200") && web.contains("grpc-status:0"), "{web}");
    let web = callers::grpc_web(server.address, "/yui.v1.ConditionService/OpenStructure", &[]).await;
    assert!(web.contains("grpc-status: 12") || web.contains("grpc-status:12"), "{web}");
}

#[tokio::test]
async fn reflection_shows_the_api_and_not_the_format_of_ledgers() {
    use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
    let server = start_open(Limits::default()).await;
    let mut client = ServerReflectionClient::new(server.channel().await);
    let ask = |message| ServerReflectionRequest { host: String::new(), message_request: Some(message) };
    let asked = tokio_stream::iter([
        ask(MessageRequest::ListServices(String::new())),
        ask(MessageRequest::FileContainingSymbol("yui.v1.Mission".to_owned())),
        ask(MessageRequest::FileContainingSymbol("yui.ledger.v1.Record".to_owned())),
    ]);
    let mut answers = client.server_reflection_info(asked).await.unwrap().into_inner();
    let answer = |response: Option<ServerReflectionResponse>| response.and_then(|r| r.message_response);
    match answer(answers.message().await.unwrap()) {
        Some(MessageResponse::ListServicesResponse(list)) => {
            assert!(list.service.iter().any(|service| service.name == "yui.v1.DispatchService"));
            assert!(list.service.iter().all(|service| service.name.starts_with("yui.v1.")), "{list:?}");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        answer(answers.message().await.unwrap()),
        Some(MessageResponse::FileDescriptorResponse(_))
    ));
    assert!(!matches!(
        answers.message().await.map(answer),
        Ok(Some(MessageResponse::FileDescriptorResponse(_)))
    ));
}

#[tokio::test]
async fn an_expired_deadline_is_deadline_exceeded_and_not_cancelled() {
    let server =
        start_open(Limits { deadline_default: Duration::from_millis(40), ..Limits::default() }).await;
    let path = "/yui.v1.ConditionService/ListWeather";
    for (headers, limit_ms) in
        [(&[("grpc-timeout", "20m")][..], "20"), (&[][..], "40"), (&[("grpc-timeout", "0n")], "0")]
    {
        let answer =
            within(call_with(server.address, path, headers, callers::frame(&ListWeatherRequest::default())))
                .await;
        let status = answer.status();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
        assert_eq!(status.get_details_error_info().unwrap().metadata["limit_ms"], limit_ms);
    }
    let answer = call_with(server.address, path, &[("grpc-timeout", "soon")], Vec::new()).await;
    assert_eq!(reason(&answer.status()), "BAD_DEADLINE");
    let watch = "/yui.v1.WatchService/Watch";
    let frame = callers::frame(&WatchRequest::default());
    let answer = within(call_with(server.address, watch, &[("grpc-timeout", "300m")], frame)).await;
    assert_eq!(
        reason(&answer.status()),
        "DEADLINE_EXCEEDED",
        "a stream ends too, with what it had said before"
    );
    assert!(!answer.body.is_empty());
}

#[tokio::test]
async fn a_message_over_the_limit_and_a_compressed_one_are_refused() {
    let server = start_open(Limits::default()).await;
    let note = "x".repeat(MESSAGE_BYTES_MAX);
    let request = CloseStructureRequest { note, ..CloseStructureRequest::default() };
    let path = "/yui.v1.ConditionService/CloseStructure";
    let answer = call(server.address, path, callers::frame(&request)).await;
    let status = answer.status();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "MESSAGE_TOO_LARGE"));
    let mut compressed = callers::frame(&CloseStructureRequest::default());
    compressed[0] = 1;
    let answer = call_with(server.address, path, &[("grpc-encoding", "gzip")], compressed).await;
    let status = answer.status();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unimplemented, "COMPRESSED_MESSAGE"));
    let answer = call(server.address, "/yui.v1.ConditionService/Nonsense", Vec::new()).await;
    assert_eq!(reason(&answer.status()), "UNKNOWN_METHOD");
    let answer = call(server.address, "/yui.ledger.v1.Nonsense/Nonsense", Vec::new()).await;
    assert_eq!(reason(&answer.status()), "UNKNOWN_METHOD");
}

#[tokio::test]
async fn a_panic_is_internal_without_its_text_and_the_next_call_goes_well() {
    let server = start_open(Limits::default()).await;
    let path = "/yui.v1.ConditionService/ReportHospital";
    let answer = call_with(server.address, path, &[("x-request-id", "drill-7")], callers::frame(&())).await;
    let status = answer.status();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Internal, "BUG"));
    assert!(!format!("{status:?}").contains(probe::SECRET));
    assert_eq!(answer.headers["x-request-id"], "drill-7", "what the caller may cite");
    let (code, text) = get(server.address, "/panic", "").await;
    assert_eq!((code, text.contains(probe::SECRET)), (500, false));
    let answer = call_with(server.address, path, &[("x-request-id", "\"><script>")], Vec::new()).await;
    assert!(!answer.headers["x-request-id"].to_str().unwrap().contains('<'));
    assert!(server.client().await.list_structures(ListStructuresRequest::default()).await.is_ok());
    assert_eq!(server.ended().await.connections_failed, 0);
}

#[tokio::test]
async fn overload_sheds_what_can_wait_and_keeps_the_reserve() {
    let limits = Limits { calls_max: 3, calls_reserved: 1, ..Limits::default() };
    let server = start_open(limits).await;
    let client = server.client().await;
    let held: Vec<_> = (0..2)
        .map(|_| {
            let mut client = client.clone();
            tokio::spawn(async move { client.list_weather(ListWeatherRequest::default()).await })
        })
        .collect();
    within(server.probe.arrived(2)).await;
    let shed = client.clone().list_structures(ListStructuresRequest::default()).await.unwrap_err();
    assert_eq!((shed.code(), reason(&shed).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    assert!(shed.get_details_retry_info().unwrap().retry_delay.is_some());
    assert!(shed.get_details_quota_failure().is_some());
    assert_eq!(get(server.address, "/hello", "").await.0, 503);
    // A base's answer by its page is life-critical: the reserve takes it.
    assert_eq!(callers::post(server.address, "/hello", "").await.0, 200);
    let mut health = HealthClient::new(server.channel().await);
    assert!(health.check(HealthCheckRequest::default()).await.is_ok(), "full is not dead");
    server.probe.release();
    for call in held {
        assert!(call.await.unwrap().is_ok());
    }
    assert!(client.clone().list_structures(ListStructuresRequest::default()).await.is_ok());
}

#[tokio::test]
async fn a_life_critical_call_waits_for_room_and_an_ordinary_one_does_not() {
    use super::gate::Gate;
    use super::methods::Urgency::{Exempt, LifeCritical, Ordinary};
    let gate =
        Gate::new(&Limits { calls_max: 2, calls_reserved: 1, calls_waiting_max: 1, ..Limits::default() });
    let first = gate.enter(Ordinary).await.unwrap();
    let _second = gate.enter(LifeCritical).await.unwrap();
    assert!(gate.enter(Ordinary).await.is_err());
    assert!(gate.enter(Exempt).await.is_ok());
    let waits = gate.enter(LifeCritical);
    let mut waits = std::pin::pin!(waits);
    tokio::select! {
        biased;
        _ = &mut waits => panic!("there is no room"),
        () = std::future::ready(()) => {}
    }
    assert!(gate.enter(LifeCritical).await.is_err(), "the queue has an end");
    drop(first);
    assert!(waits.await.is_ok());
}

#[tokio::test]
async fn a_stop_ends_streams_finishes_calls_and_takes_no_more() {
    let mut server = start_open(Limits::default()).await;
    let mut stream = WatchServiceClient::new(server.channel().await)
        .watch(WatchRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(stream.message().await.unwrap().is_some());
    let mut watching = HealthClient::new(server.channel().await)
        .watch(HealthCheckRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(watching.message().await.unwrap().is_some());
    let mut client = server.client().await;
    let running = tokio::spawn(async move { client.list_weather(ListWeatherRequest::default()).await });
    within(server.probe.arrived(1)).await;
    server.tell_to_stop();
    let ended = within(stream.message()).await.unwrap_err();
    assert_eq!((ended.code(), reason(&ended).as_str()), (Code::Unavailable, "STOPPING"));
    let last = within(watching.message()).await.unwrap().unwrap();
    assert_eq!(last.status(), tonic_health::pb::health_check_response::ServingStatus::NotServing);
    assert_eq!(within(watching.message()).await.unwrap_err().code(), Code::Unavailable);
    assert!(TcpStream::connect(server.address).await.is_err(), "the port is closed");
    server.probe.release();
    assert!(running.await.unwrap().is_ok(), "what ran is finished");
    assert_eq!(server.ended().await, Ended { connections_cut: 0, connections_failed: 0 });
}

#[tokio::test]
async fn a_call_that_does_not_finish_does_not_hold_up_the_stop() {
    let mut server = start_open(Limits { stop: Duration::from_millis(30), ..Limits::default() }).await;
    let mut client = server.client().await;
    let running = tokio::spawn(async move { client.list_weather(ListWeatherRequest::default()).await });
    within(server.probe.arrived(1)).await;
    server.tell_to_stop();
    assert_eq!(server.ended().await.connections_cut, 1);
    assert!(running.await.unwrap().is_err());
}

#[tokio::test]
async fn what_was_served_is_let_go_when_the_server_has_ended() {
    let server = start_open(Limits::default()).await;
    let probe = server.probe.clone();
    assert!(server.client().await.list_structures(ListStructuresRequest::default()).await.is_ok());
    server.ended().await;
    within(probe.is_alone()).await;
}

#[tokio::test]
async fn pages_of_other_sites_cannot_use_the_browser_of_a_dispatcher() {
    let server = start_open(Limits::default()).await;
    assert_eq!(callers::post(server.address, "/hello", "Origin: http://evil.example\r\n").await.0, 403);
    let own = format!("Origin: http://{}\r\n", server.address);
    assert_eq!(callers::post(server.address, "/hello", &own).await.0, 200);
    let path = "/yui.v1.ConditionService/ListStructures";
    let answer = call_with(server.address, path, &[("origin", "http://evil.example")], Vec::new()).await;
    assert_eq!(reason(&answer.status()), "FOREIGN_ORIGIN");
}

#[tokio::test]
async fn the_drill_clock_turns_over_the_wire() {
    let server = start_open(Limits::default()).await;
    let mut client = DrillServiceClient::new(server.channel().await);
    let step = Some(prost_types::Duration { seconds: 60, nanos: 0 });
    assert!(client.advance_clock(AdvanceClockRequest { step }).await.is_ok());
    let refused = client.advance_clock(AdvanceClockRequest { step: None }).await.unwrap_err();
    assert_eq!(reason(&refused), "BAD_STEP");
}

/// A status of a handler passes as it is.
#[tokio::test]
async fn what_a_service_refuses_is_not_touched() {
    let server = start_open(Limits::default()).await;
    let status = server.client().await.open_structure(OpenStructureRequest::default()).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unimplemented, "UNKNOWN_METHOD"));
    let Answer { headers, .. } =
        call(server.address, "/yui.v1.ConditionService/ReportSite", callers::frame(&())).await;
    let status = Status::from_header_map(&headers).unwrap();
    assert_eq!((status.code(), status.message(), reason(&status).as_str()), (Code::NotFound, "ours", "OURS"));
}

#[tokio::test]
async fn bytes_that_are_no_http_are_dropped() {
    let server = start_open(Limits::default()).await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
    ] {
        let answer = within(read_to_end(server.address, bytes)).await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }
    assert_eq!(get(server.address, "/hello", "").await.0, 200);
}
