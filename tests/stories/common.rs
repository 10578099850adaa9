//! One served drill and its clients.

use std::path::Path;
use tonic::transport::Channel;
use yui::api::v1::dispatch_service_client::DispatchServiceClient;
use yui::api::v1::drill_service_client::DrillServiceClient;
use yui::host::{Host, HostClock, HostConfig};
use yui::service::server::Limits;

/// Where the crash of these stories is.
pub const TAMBA: (f64, f64) = (35.170, 135.040);

pub struct Drill {
    pub host: Host,
    pub dispatch: DispatchServiceClient<Channel>,
    pub clock: DrillServiceClient<Channel>,
}

/// Serves the Kansai drill from the ledgers in `data`.
pub async fn kansai(data: &Path) -> Drill {
    let host = Host::start(HostConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: data.to_owned(),
        space: "drill/kansai".parse().unwrap(),
        clock: HostClock::Virtual { start: None },
        scenario: Some(yui::host::kansai().to_owned()),
        limits: Limits::default(),
    })
    .await
    .unwrap();
    let channel =
        Channel::from_shared(format!("http://{}", host.local_addr())).unwrap().connect().await.unwrap();
    Drill {
        host,
        dispatch: DispatchServiceClient::new(channel.clone()),
        clock: DrillServiceClient::new(channel),
    }
}

/// A time of 5 December 2026 in Japan.
pub fn at(hour: i64, minute: i64) -> prost_types::Timestamp {
    // 2026-12-05T00:00:00+09:00
    prost_types::Timestamp { seconds: 1_796_396_400 + hour * 3_600 + minute * 60, nanos: 0 }
}
