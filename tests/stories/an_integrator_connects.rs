//! A program that knows nothing but the address: is it well, what does it speak, and who may I say that I am.

use crate::common::{Served, crash, create, drill, refused};
use std::collections::BTreeSet;
use tokio_stream::StreamExt;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

const SERVICES: [&str; 5] = [
    "yui.v1.ConditionService",
    "yui.v1.DispatchService",
    "yui.v1.DrillService",
    "yui.v1.RegistryService",
    "yui.v1.WatchService",
];

async fn channel(drill: &Served) -> Channel {
    let address = format!("http://{}", drill.host.local_addr());
    Channel::from_shared(address).unwrap().connect().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_asked_for_the_whole_and_for_each_service() {
    let (drill, _data) = drill().await;
    let mut health = HealthClient::new(channel(&drill).await);
    for service in SERVICES.into_iter().chain([""]) {
        let check = HealthCheckRequest { service: service.to_owned() };
        let told = health.check(check.clone()).await.unwrap().into_inner();
        assert_eq!(told.status(), ServingStatus::Serving, "{service}");
        let watched = health.watch(check).await.unwrap().into_inner().message().await.unwrap().unwrap();
        assert_eq!(watched.status(), ServingStatus::Serving, "{service}");
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_lists_the_services_of_the_contract_and_no_ledger_format() {
    let (drill, _data) = drill().await;
    let mut reflection = ServerReflectionClient::new(channel(&drill).await);
    let message_request = Some(MessageRequest::ListServices(String::new()));
    let ask = ServerReflectionRequest { message_request, ..Default::default() };
    let told = reflection.server_reflection_info(tokio_stream::once(ask)).await.unwrap().into_inner();
    let told = told.take(1).next().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::ListServicesResponse(services)) = told else { panic!("{told:?}") };
    let names: BTreeSet<String> = services.service.into_iter().map(|service| service.name).collect();
    for service in SERVICES {
        assert!(names.contains(service), "{service} in {names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("ledger")), "{names:?}");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_is_recorded_as_claimed_and_not_as_checked() {
    let (mut drill, _data) = drill().await;
    let mut call = tonic::Request::new(create(crash()));
    let claim = tonic::metadata::MetadataValue::try_from("丹波指令 森".as_bytes()).unwrap();
    call.metadata_mut().insert("yui-actor", claim);
    let request = drill.dispatch.create_request(call).await.unwrap().into_inner();
    assert_eq!(request.creator, "unauthenticated:丹波指令 森");
    assert_eq!(drill.open(crash()).await.creator, "unauthenticated:anonymous");

    let before = drill.sequences();
    for claim in [&b"\xff\xfe"[..], &[b'x'; 129], b" "] {
        let mut call = tonic::Request::new(create(crash()));
        let claim = tonic::metadata::MetadataValue::try_from(claim).unwrap();
        call.metadata_mut().insert("yui-actor", claim);
        let told = refused(drill.dispatch.create_request(call).await);
        assert_eq!((told.code, told.field.as_deref()), (tonic::Code::InvalidArgument, Some("yui-actor")));
    }
    assert_eq!(drill.sequences(), before);
    drill.host.stop().await;
}
