//! Callers that send exactly what they are told to.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Status;

/// What came back from a gRPC call.
pub(super) struct Answer {
    /// Headers, and the trailers over them.
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// The status; every answer must have one.
    pub(super) fn status(&self) -> Status {
        Status::from_header_map(&self.headers).expect("an answer has a status")
    }
}

/// A message as gRPC frames it.
pub(super) fn frame(message: &impl prost::Message) -> Vec<u8> {
    let mut frame = vec![0];
    let length = u32::try_from(message.encoded_len()).unwrap();
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&message.encode_to_vec());
    frame
}

/// One HTTP/2 connection that may make many calls.
pub(super) struct Caller {
    sender: hyper::client::conn::http2::SendRequest<Full<Bytes>>,
    address: SocketAddr,
}

impl Caller {
    pub(super) async fn connect(address: SocketAddr) -> Caller {
        let stream = TcpStream::connect(address).await.unwrap();
        // Head and message go in two writes; the second would wait for an acknowledgement of the first.
        stream.set_nodelay(true).unwrap();
        let io = TokioIo::new(stream);
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
        tokio::spawn(connection);
        Caller { sender, address }
    }

    pub(super) async fn call(&mut self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let uri = format!("http://{}{path}", self.address);
        let mut request = Request::post(uri).body(Full::new(Bytes::from(body))).unwrap();
        request.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
        request.headers_mut().insert("te", HeaderValue::from_static("trailers"));
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let response = self.sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "gRPC puts its status elsewhere");
        let mut headers = response.headers().clone();
        let collected = response.into_body().collect().await.unwrap();
        headers.extend(collected.trailers().cloned().unwrap_or_default());
        Answer { headers, body: collected.to_bytes() }
    }
}

pub(super) async fn call(address: SocketAddr, path: &str, body: Vec<u8>) -> Answer {
    call_with(address, path, &[], body).await
}

pub(super) async fn call_with(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Answer {
    Caller::connect(address).await.call(path, headers, body).await
}

/// Sends bytes and reads until the other side closes.
pub(super) async fn read_to_end(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may have been closed in the middle: what was said before that still counts.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// A page by HTTP/1: status and text. `headers` are lines.
pub(super) async fn get(address: SocketAddr, path: &str, headers: &str) -> (u16, String) {
    page("GET", address, path, headers).await
}

pub(super) async fn post(address: SocketAddr, path: &str, headers: &str) -> (u16, String) {
    page("POST", address, path, headers).await
}

async fn page(method: &str, address: SocketAddr, path: &str, headers: &str) -> (u16, String) {
    let head =
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n");
    let text = read_until_closed(address, format!("{head}{headers}\r\n").as_bytes()).await;
    let code = text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
    (code, text)
}

/// A gRPC-web call by HTTP/1, as a browser would make it: the whole answer as text.
pub(super) async fn grpc_web(address: SocketAddr, path: &str, message: &[u8]) -> String {
    read_until_closed(address, &grpc_web_bytes(address, path, message)).await
}

/// The bytes of such a call.
pub(super) fn grpc_web_bytes(address: SocketAddr, path: &str, message: &[u8]) -> Vec<u8> {
    let length = 5 + message.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/grpc-web+proto\r\nX-Grpc-Web: 1\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut bytes = head.into_bytes();
    bytes.push(0);
    bytes.extend_from_slice(&u32::try_from(message.len()).unwrap().to_be_bytes());
    bytes.extend_from_slice(message);
    bytes
}

/// Sends bytes, keeps its own side open, and reads until the other closes.
pub(super) async fn read_until_closed(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
