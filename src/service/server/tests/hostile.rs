//! What a hostile or broken caller gets: a typed status or a closed connection, never a panic, never a hang.

use super::callers::{Caller, frame, grpc_web_bytes, read_to_end, read_until_closed};
use super::*;
use crate::api::v1::CloseStructureRequest;
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A valid request with some of everything: texts, a time, a flag.
fn request() -> CloseStructureRequest {
    CloseStructureRequest {
        parent: "drill/kansai/members/tokushima".to_owned(),
        name: "structures/onaruto-bridge".to_owned(),
        note: "strong wind / 強風".to_owned(),
        expect_open_time: Some(prost_types::Timestamp { seconds: 1_764_900_000, nanos: 1 }),
        request_id: "6f1c".to_owned(),
        validate_only: true,
    }
}

const PATH: &str = "/yui.v1.ConditionService/CloseStructure";

/// Every truncation of `bytes`, and every byte of it changed in three ways.
fn mutations(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut mutations: Vec<Vec<u8>> = (0..bytes.len()).map(|length| bytes[..length].to_vec()).collect();
    for at in 0..bytes.len() {
        for mask in [0x01, 0x80, 0xff] {
            let mut mutation = bytes.to_vec();
            mutation[at] ^= mask;
            mutations.push(mutation);
        }
    }
    mutations
}

/// Closed by the server, and only then.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut answer = Vec::new();
    tokio::time::timeout(LONG, stream.read_to_end(&mut answer)).await.is_ok()
}

#[tokio::test]
async fn a_silent_connection_is_closed_and_so_is_half_a_greeting() {
    let server = start_open(Limits { greeting: Duration::from_millis(30), ..Limits::default() }).await;
    for said in [
        &b""[..],
        b"P",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x",
        b"POST /hello HTTP/1.1\r\n",
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        assert!(is_closed(&mut stream).await, "{said:?}");
    }
    assert_eq!(get(server.address, "/hello", "").await.0, 200);
}

#[tokio::test]
async fn a_half_open_http2_connection_is_closed_by_keepalive() {
    let limits = Limits {
        keepalive_interval: Duration::from_millis(20),
        keepalive_timeout: Duration::from_millis(20),
        ..Limits::default()
    };
    let server = start_open(limits).await;
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let greeting = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &settings].concat();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&greeting).await.unwrap();
    assert!(is_closed(&mut stream).await);
    // The same with half a frame behind it.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&[&greeting[..], &[0, 0, 200, 1, 4, 0]].concat()).await.unwrap();
    assert!(is_closed(&mut stream).await);
}

#[tokio::test]
async fn an_idle_http1_connection_is_closed() {
    let server = start_open(Limits { greeting: Duration::from_millis(30), ..Limits::default() }).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = format!("GET /hello HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(is_closed(&mut stream).await);
}

#[tokio::test]
async fn an_address_has_its_share_of_connections() {
    let server = start_open(Limits { connections_per_address_max: 2, ..Limits::default() }).await;
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut caller = Caller::connect(server.address).await;
        assert_eq!(caller.call(PATH, &[], frame(&request())).await.status().code(), Code::Ok);
        kept.push(caller);
    }
    let mut third = TcpStream::connect(server.address).await.unwrap();
    assert!(is_closed(&mut third).await);
    assert_eq!(kept[0].call(PATH, &[], frame(&request())).await.status().code(), Code::Ok);
}

#[tokio::test]
async fn a_flood_of_silent_connections_keeps_nobody_out() {
    let limits = Limits { strangers_max: 8, connections_max: 12, greeting: LONG, ..Limits::default() };
    let server = start_open(limits).await;
    let mut known = Caller::connect(server.address).await;
    assert_eq!(known.call(PATH, &[], frame(&request())).await.status().code(), Code::Ok);
    let mut flood = Vec::new();
    for _ in 0..100 {
        flood.push(TcpStream::connect(server.address).await.unwrap());
    }
    // The first of them have made room for the last.
    assert!(is_closed(&mut flood[0]).await);
    let mut late = Caller::connect(server.address).await;
    assert_eq!(late.call(PATH, &[], frame(&request())).await.status().code(), Code::Ok);
    assert_eq!(known.call(PATH, &[], frame(&request())).await.status().code(), Code::Ok);
}

#[tokio::test]
async fn a_reader_that_stalls_is_let_go() {
    let server = start_open(Limits { write_stall: Duration::from_millis(50), ..Limits::default() }).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let one = format!("GET /hello HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    let many = one.repeat(1_000);
    // It sends and never reads: when the buffers between are full the server's write stalls, and then ours fails.
    let sent = async { while stream.write_all(many.as_bytes()).await.is_ok() {} };
    within(sent).await;
}

#[tokio::test]
async fn every_damaged_message_gets_a_typed_status() {
    let server = start_open(Limits::default()).await;
    let mut caller = Caller::connect(server.address).await;
    let mut codes: BTreeMap<i32, usize> = BTreeMap::new();
    let mutations = mutations(&frame(&request()));
    assert!(mutations.len() >= 400, "{}", mutations.len());
    for mutation in mutations {
        let status = within(caller.call(PATH, &[], mutation.clone())).await.status();
        let allowed = [Code::Ok, Code::InvalidArgument, Code::ResourceExhausted, Code::Unimplemented];
        assert!(allowed.contains(&status.code()), "{status:?} for {mutation:?}");
        assert!(status.code() == Code::Ok || !reason(&status).is_empty(), "{status:?} for {mutation:?}");
        *codes.entry(status.code().into()).or_default() += 1;
    }
    assert!(codes[&i32::from(Code::InvalidArgument)] > 200, "{codes:?}");
    assert_eq!(server.ended().await.connections_failed, 0);
}

#[tokio::test]
async fn every_damaged_grpc_web_call_is_answered_or_closed() {
    let server = start_open(Limits { greeting: Duration::from_millis(500), ..Limits::default() }).await;
    let bytes = grpc_web_bytes(server.address, PATH, &prost::Message::encode_to_vec(&request()));
    let whole = read_until_closed(server.address, &bytes).await;
    assert!(whole.contains("grpc-status:0"), "{whole}");
    for mutation in mutations(&bytes) {
        let answer = within(read_to_end(server.address, &mutation)).await;
        assert!(!answer.contains("\"BUG\"") && !answer.contains("BUG"), "{answer} for {mutation:?}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1."), "{answer}");
    }
    assert_eq!(get(server.address, "/hello", "").await.0, 200);
    assert_eq!(server.ended().await, Ended { connections_cut: 0, connections_failed: 0 });
}

#[tokio::test]
async fn every_damaged_http2_connection_is_answered_or_closed() {
    let server = start_open(Limits::default()).await;
    let bytes = recorded_call().await;
    assert!(!read_to_end(server.address, &bytes).await.is_empty());
    for mutation in mutations(&bytes) {
        within(read_to_end(server.address, &mutation)).await;
    }
    assert!(server.client().await.list_structures(ListStructuresRequest::default()).await.is_ok());
    assert_eq!(server.ended().await, Ended { connections_cut: 0, connections_failed: 0 });
}

/// The bytes with which an HTTP/2 client makes a call, up to the frame that ends its stream.
async fn recorded_call() -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let calling = tokio::spawn(async move {
        Caller::connect(address).await.call(PATH, &[], frame(&request())).await;
    });
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = vec![0; 24];
    stream.read_exact(&mut bytes).await.unwrap();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        stream.read_exact(&mut payload).await.unwrap();
        bytes.extend_from_slice(&head);
        bytes.extend_from_slice(&payload);
        let (is_data, ends_stream) = (head[3] == 0, head[4] & 1 == 1);
        if is_data && ends_stream {
            calling.abort();
            return bytes;
        }
    }
}
