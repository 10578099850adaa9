//! One shape for every call: who calls, the body, the answer or its row of the error table.

/// An answer in parts, sent as they are worked out.
pub(super) type Parts<T> =
    std::pin::Pin<Box<dyn tokio_stream::Stream<Item = Result<T, tonic::Status>> + Send>>;

/// Implements a generated service trait by inherent methods of the same names:
/// `async fn rpc(&self, caller: Caller, message: v1::Message) -> Result<v1::Answer, ServiceError>`; what follows a lone
/// semicolon answers with [`Parts`]; and under `streams` stand those that take a stream of messages in and answer for
/// themselves.
macro_rules! serve {
    (impl[$($generics:tt)*] $service:path, for $server:ty {
        $($rpc:ident($message:ident) -> $answer:ident;)+
        $(; $streamed:ident($asked:ident) -> $sent:ident as $parts:ident;)*
    } $(streams {
        $($stream:ident($part:ident) -> $sum:ident;)+
    })?) => {
        #[tonic::async_trait]
        impl<$($generics)*> $service for $server {
            $(
                type $parts = $crate::service::rpc::Parts<v1::$sent>;

                async fn $streamed(
                    &self,
                    request: tonic::Request<v1::$asked>,
                ) -> Result<tonic::Response<Self::$parts>, tonic::Status> {
                    let (metadata, _, message) = request.into_parts();
                    let answer = match $crate::service::Caller::read(&metadata) {
                        Ok(caller) => <$server>::$streamed(self, caller, message).await,
                        Err(error) => Err(error),
                    };
                    self.desk.reply(answer)
                }
            )*
            $(
                async fn $rpc(
                    &self,
                    request: tonic::Request<v1::$message>,
                ) -> Result<tonic::Response<v1::$answer>, tonic::Status> {
                    let (metadata, _, message) = request.into_parts();
                    let answer = match $crate::service::Caller::read(&metadata) {
                        // The inherent method: it goes before the one of the trait.
                        Ok(caller) => <$server>::$rpc(self, caller, message).await,
                        Err(error) => Err(error),
                    };
                    self.desk.reply(answer)
                }
            )+
            $($(
                async fn $stream(
                    &self,
                    request: tonic::Request<tonic::Streaming<v1::$part>>,
                ) -> Result<tonic::Response<v1::$sum>, tonic::Status> {
                    let (metadata, _, stream) = request.into_parts();
                    match $crate::service::Caller::read(&metadata) {
                        Ok(caller) => <$server>::$stream(self, caller, stream).await,
                        Err(error) => self.desk.reply(Err(error)),
                    }
                }
            )+)?
        }
    };
}
pub(crate) use serve;
