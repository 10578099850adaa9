//! One way for all calls to a service: by path to its method, the message decoded, the answer encoded.
//!
//! `build.rs` writes `serve` for each service of `proto/`, which fills a [`Service`] from the trait; only what differs
//! between two methods is compiled for each.

use super::bytes::{BytesCodec, decode, encode};
use prost::Message;
use prost::bytes::Bytes;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio_stream::{Stream, StreamExt};
use tonic::body::Body;
use tonic::codegen::http;
use tonic::server::{ClientStreamingService, Grpc, ServerStreamingService, UnaryService};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;

/// What a method is at work on.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send>>;

/// Encoded answers, sent as they are worked out.
type Parts = Pin<Box<dyn Stream<Item = Result<Bytes, Status>> + Send>>;
type Unary = Arc<dyn Fn(Request<Bytes>) -> Answer<Bytes> + Send + Sync>;
type ManyAnswers = Arc<dyn Fn(Request<Bytes>) -> Answer<Parts> + Send + Sync>;
type Call = http::Request<Body>;
type Answered = Pin<Box<dyn Future<Output = http::Response<Body>> + Send>>;

#[derive(Clone)]
enum Method {
    Unary(Unary),
    InParts(ManyAnswers),
    Stream(Arc<dyn Fn(Call, usize) -> Answered + Send + Sync>),
}

/// A gRPC service: its methods by path.
#[derive(Clone)]
pub struct Service {
    name: &'static str,
    methods: Arc<BTreeMap<String, Method>>,
    message_bytes_max: usize,
}

impl Service {
    /// A service of this full name without a method.
    #[must_use]
    pub fn new(name: &'static str) -> Service {
        Service { name, methods: Arc::default(), message_bytes_max: usize::MAX }
    }

    /// Its full name: `package.Service`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Refuses messages of more than so many bytes.
    #[must_use]
    pub fn max_decoding_message_size(self, message_bytes_max: usize) -> Service {
        Service { message_bytes_max, ..self }
    }

    fn add(&mut self, method: &str, how: Method) {
        let path = format!("/{}/{method}", self.name);
        let taken = Arc::make_mut(&mut self.methods).insert(path, how);
        debug_assert!(taken.is_none(), "{method} stands twice in {}", self.name);
    }

    /// Adds a method with one message each way.
    pub fn unary<Q, A>(
        &mut self,
        method: &str,
        call: impl Fn(Request<Q>) -> Answer<A> + Send + Sync + 'static,
    ) where
        Q: Message + Default + 'static,
        A: Message + 'static,
    {
        let call: Unary = Arc::new(move |request| match decoded(request) {
            Ok(request) => {
                let answer = call(request);
                Box::pin(async move { Ok(answer.await?.map(|message| encode(&message))) })
            }
            Err(status) => Box::pin(std::future::ready(Err(status))),
        });
        self.add(method, Method::Unary(call));
    }

    /// Adds a method that answers with many messages.
    pub fn server_streaming<Q, A, S>(
        &mut self,
        method: &str,
        call: impl Fn(Request<Q>) -> Answer<S> + Send + Sync + 'static,
    ) where
        Q: Message + Default + 'static,
        A: Message + 'static,
        S: Stream<Item = Result<A, Status>> + Send + 'static,
    {
        let call: ManyAnswers = Arc::new(move |request| match decoded(request) {
            Ok(request) => {
                let answer = call(request);
                Box::pin(async move {
                    let encoded = |part: Result<A, Status>| part.map(|message| encode(&message));
                    Ok(answer.await?.map(|parts| Box::pin(parts.map(encoded)) as Parts))
                })
            }
            Err(status) => Box::pin(std::future::ready(Err(status))),
        });
        self.add(method, Method::InParts(call));
    }

    /// Adds a method that takes many messages in: the only kind that keeps the library's own way.
    pub fn client_streaming<Q, A>(
        &mut self,
        method: &str,
        call: impl Fn(Request<Streaming<Q>>) -> Answer<A> + Clone + Send + Sync + 'static,
    ) where
        Q: Message + Default + Send + 'static,
        A: Message + Send + 'static,
    {
        let call = move |request: Call, message_bytes_max: usize| -> Answered {
            let taken = Receiver(call.clone());
            let codec = ProstCodec::<A, Q>::default();
            let mut grpc = Grpc::new(codec).max_decoding_message_size(message_bytes_max);
            Box::pin(async move { grpc.client_streaming(taken, request).await })
        };
        self.add(method, Method::Stream(Arc::new(call)));
    }
}

/// A request whose message is decoded.
fn decoded<Q: Message + Default>(request: Request<Bytes>) -> Result<Request<Q>, Status> {
    let (metadata, extensions, bytes) = request.into_parts();
    Ok(Request::from_parts(metadata, extensions, decode(bytes)?))
}

impl fmt::Debug for Service {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Service").field("name", &self.name).finish_non_exhaustive()
    }
}

impl tower::Service<Call> for Service {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Call) -> Self::Future {
        let method = self.methods.get(request.uri().path()).cloned();
        let message_bytes_max = self.message_bytes_max;
        Box::pin(async move {
            let mut grpc = Grpc::new(BytesCodec).max_decoding_message_size(message_bytes_max);
            Ok(match method {
                Some(Method::Unary(call)) => grpc.unary(OneAnswer(call), request).await,
                Some(Method::InParts(call)) => grpc.server_streaming(InParts(call), request).await,
                Some(Method::Stream(call)) => call(request, message_bytes_max).await,
                None => Status::unimplemented("").into_http(),
            })
        })
    }
}

/// A method as the library calls it.
struct OneAnswer(Unary);

impl UnaryService<Bytes> for OneAnswer {
    type Response = Bytes;
    type Future = Answer<Bytes>;

    fn call(&mut self, request: Request<Bytes>) -> Answer<Bytes> {
        (self.0)(request)
    }
}

/// The same, with many answers.
struct InParts(ManyAnswers);

impl ServerStreamingService<Bytes> for InParts {
    type Response = Bytes;
    type ResponseStream = Parts;
    type Future = Answer<Parts>;

    fn call(&mut self, request: Request<Bytes>) -> Answer<Parts> {
        (self.0)(request)
    }
}

/// The same, with many questions.
struct Receiver<F>(F);

impl<Q, A, F: Fn(Request<Streaming<Q>>) -> Answer<A>> ClientStreamingService<Q> for Receiver<F> {
    type Response = A;
    type Future = Answer<A>;

    fn call(&mut self, request: Request<Streaming<Q>>) -> Answer<A> {
        (self.0)(request)
    }
}
