//! The generic client: deadline, actor, and the same change again with the same `request_id` when no answer came.

use super::args::ArgError;
use super::calls::{Call, Repeat};
use super::failure::{self, Failure, Lost};
use crate::api::bytes::{BytesCodec, decode, encode};
use crate::api::v1;
use crate::clock::{Clock, SystemClock};
use prost::bytes::Bytes;
use std::time::Duration;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Status, Streaming};
use tonic_prost::ProstCodec;

/// Header that names who acts, in UTF-8.
pub const ACTOR_HEADER: &str = "yui-actor";
/// How often a call is sent again after the first time.
const RETRIES: u32 = 5;
/// Pause before the first retry; doubles each time: 100, 200, 400, 800, 1600 ms.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Largest answer: a page of 1,000 landing sites is below 1 MiB, a snapshot of `Watch` comes in parts.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// A connection to a server, opened at the first call.
#[derive(Debug)]
pub struct Client {
    channel: Channel,
    server: String,
    actor: MetadataValue<Ascii>,
    timeout: Duration,
    clock: SystemClock,
}

impl Client {
    /// Checks the address; connects later.
    ///
    /// # Errors
    /// [`ArgError`] when the address is none, or wants TLS.
    ///
    /// # Panics
    /// When `actor` holds control characters, which its parser has refused.
    pub fn new(server: &str, actor: &str, timeout: Duration) -> Result<Client, ArgError> {
        let url = address(server)?;
        let endpoint = Endpoint::from_shared(url.clone()).map_err(|_| not_an_address(server))?;
        let channel = endpoint.connect_timeout(timeout).tcp_nodelay(true).connect_lazy();
        let actor =
            MetadataValue::try_from(actor.as_bytes()).expect("its parser lets no control characters pass");
        Ok(Client { channel, server: url, actor, timeout, clock: SystemClock::new() })
    }

    /// The clock of this machine.
    #[must_use]
    pub fn clock(&self) -> &SystemClock {
        &self.clock
    }

    /// Sends `call`, again while no answer comes and it is safe, until the deadline.
    ///
    /// # Errors
    /// [`Failure::Refused`] when the server says no, [`Failure::Unreachable`] when no answer came in time.
    pub async fn call<C: Call>(&self, call: &C, request_id: Option<&str>) -> Result<C::Answer, Failure> {
        let path = PathAndQuery::from_static(C::PATH);
        let answer = self.exchange(path, C::REPEAT, encode(call), request_id).await?;
        decode(answer).map_err(|status| self.failure(status, request_id))
    }

    /// The way of every call, compiled once.
    async fn exchange(
        &self,
        path: PathAndQuery,
        repeat: Repeat,
        call: Bytes,
        request_id: Option<&str>,
    ) -> Result<Bytes, Failure> {
        let started_ms = self.clock.read().monotonic_ms;
        let mut pause = FIRST_PAUSE;
        let mut retries_left = if repeat == Repeat::Safe { RETRIES } else { 0 };
        loop {
            let status = match self.once(path.clone(), call.clone(), self.left_since(started_ms)).await {
                Ok(answer) => return Ok(answer),
                Err(status) => status,
            };
            let wait = failure::retry_after(&status).unwrap_or(pause).max(pause);
            let may_retry = failure::is_transient(&status) && retries_left > 0;
            if !may_retry || wait >= self.left_since(started_ms) {
                return Err(self.failure(status, request_id));
            }
            tokio::time::sleep(wait).await;
            retries_left -= 1;
            pause *= 2;
        }
    }

    /// Opens `Watch`. It has no deadline: it ends when somebody ends it.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn watch(&self, call: v1::WatchRequest) -> Result<Streaming<v1::WatchResponse>, Failure> {
        self.stream("/yui.v1.WatchService/Watch", call).await
    }

    /// Asks for a matrix, row by row.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn matrix(&self, call: v1::ComputeMatrixRequest) -> Result<Streaming<v1::MatrixRow>, Failure> {
        self.stream("/yui.v1.NetworkService/ComputeMatrix", call).await
    }

    /// Opens a stream; the time out is for its beginning alone.
    async fn stream<Q, A>(&self, path: &'static str, call: Q) -> Result<Streaming<A>, Failure>
    where
        Q: prost::Message + Send + Sync + 'static,
        A: prost::Message + Default + Send + Sync + 'static,
    {
        let open = async {
            let mut grpc = self.grpc().await?;
            let codec = ProstCodec::<Q, A>::default();
            grpc.server_streaming(self.request(call), PathAndQuery::from_static(path), codec).await
        };
        let opened = tokio::time::timeout(self.timeout, open).await;
        let opened = opened.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
        opened.map(tonic::Response::into_inner).map_err(|status| self.failure(status, None))
    }

    /// Streams one message of positions. Sent again, its reports would be no newer: it is safe to repeat.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn report_positions(
        &self,
        message: v1::ReportPositionsRequest,
    ) -> Result<v1::ReportPositionsResponse, Failure> {
        let send = async {
            let mut grpc = self.grpc().await?;
            let mut request = self.request(tokio_stream::once(message));
            request.set_timeout(self.timeout);
            let path = PathAndQuery::from_static("/yui.v1.PositionService/ReportPositions");
            let codec = ProstCodec::<v1::ReportPositionsRequest, v1::ReportPositionsResponse>::default();
            grpc.client_streaming(request, path, codec).await
        };
        let answered = tokio::time::timeout(self.timeout, send).await;
        let answered = answered.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
        answered.map(tonic::Response::into_inner).map_err(|status| self.failure(status, None))
    }

    /// Sorts a status into refusal and loss.
    #[must_use]
    pub fn failure(&self, status: Status, request_id: Option<&str>) -> Failure {
        if !failure::is_lost(&status) {
            return Failure::Refused(Box::new(status));
        }
        let request_id = request_id.map(str::to_owned);
        Failure::Unreachable(Box::new(Lost { status, server: self.server.clone(), request_id }))
    }

    fn left_since(&self, started_ms: i64) -> Duration {
        let spent_ms = u64::try_from(self.clock.read().monotonic_ms - started_ms).unwrap_or(0);
        self.timeout.saturating_sub(Duration::from_millis(spent_ms))
    }

    fn request<M>(&self, message: M) -> tonic::Request<M> {
        let mut request = tonic::Request::new(message);
        request.metadata_mut().insert(ACTOR_HEADER, self.actor.clone());
        request
    }

    async fn grpc(&self) -> Result<tonic::client::Grpc<Channel>, Status> {
        let grpc = tonic::client::Grpc::new(self.channel.clone());
        let mut grpc = grpc.max_decoding_message_size(ANSWER_BYTES_MAX);
        grpc.ready().await.map_err(|error| Status::from_error(Box::new(error)))?;
        Ok(grpc)
    }

    async fn once(&self, path: PathAndQuery, call: Bytes, left: Duration) -> Result<Bytes, Status> {
        let send = async {
            let mut grpc = self.grpc().await?;
            let mut request = self.request(call);
            request.set_timeout(left);
            grpc.unary(request, path, BytesCodec).await
        };
        let answered = tokio::time::timeout(left, send).await;
        let answered = answered.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
        answered.map(tonic::Response::into_inner)
    }
}

/// `HOST:PORT` or `http://HOST:PORT` as a URL.
fn address(server: &str) -> Result<String, ArgError> {
    if server.starts_with("https://") {
        return Err(ArgError::new(
            "https はまだ使えません。http://127.0.0.1:ポート を指定してください",
            "https is not spoken yet; name http://127.0.0.1:PORT",
        ));
    }
    let url = if server.starts_with("http://") { server.to_owned() } else { format!("http://{server}") };
    let parsed: tonic::codegen::http::Uri = url.parse().map_err(|_| not_an_address(server))?;
    match (parsed.host(), parsed.port_u16(), parsed.path()) {
        (Some(host), Some(1..), "" | "/") if !host.is_empty() => Ok(url),
        _ => Err(not_an_address(server)),
    }
}

fn not_an_address(server: &str) -> ArgError {
    let cut: String = server.chars().take(80).collect();
    ArgError::new(
        format!("「{cut}」はサーバーの所在ではありません。http://127.0.0.1:7878 のように書いてください"),
        format!("\"{cut}\" is not a server; write http://HOST:PORT, such as http://127.0.0.1:7878"),
    )
}

/// A random identifier for one change (UUID, version 4).
///
/// # Panics
/// When the system has no randomness, without which nothing on it is safe.
#[must_use]
pub fn new_request_id() -> String {
    let mut raw = [0u8; 16];
    getrandom::fill(&mut raw).expect("the system gives random bytes");
    raw[6] = raw[6] & 0x0f | 0x40;
    raw[8] = raw[8] & 0x3f | 0x80;
    let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_with_or_without_its_scheme() {
        for server in ["127.0.0.1:7878", "http://127.0.0.1:7878", "http://[::1]:7878", "http://localhost:1/"]
        {
            assert!(address(server).is_ok(), "{server}");
        }
        let long = "x".repeat(1_000_000);
        for server in [
            "",
            "127.0.0.1",
            "https://a:1",
            "http://",
            "http://a:0",
            "http://a:99999",
            "a b:1",
            "http://a:1/x",
            &long,
        ] {
            assert!(address(server).is_err(), "{}", &server[..server.len().min(20)]);
        }
    }

    #[test]
    fn request_ids_differ_and_have_the_form_of_a_uuid() {
        let (one, two) = (new_request_id(), new_request_id());
        assert_ne!(one, two);
        assert_eq!(one.len(), 36);
        assert_eq!(&one[14..15], "4");
        assert!(crate::cli::args::token(&one).is_ok());
    }
}
