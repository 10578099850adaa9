//! A service and pages that do what a test needs: answer, wait, refuse, panic.

use crate::api::v1::condition_service_server::ConditionService;
use crate::api::v1::*;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// What a panic says and nobody may read.
pub(super) const SECRET: &str = "patient-sealed-name";

/// `ListWeather` waits until it is released; the others answer at once.
#[derive(Clone)]
pub(super) struct Probe {
    arrived: Arc<Semaphore>,
    released: Arc<Semaphore>,
}

impl Default for Probe {
    fn default() -> Probe {
        Probe { arrived: Arc::new(Semaphore::new(0)), released: Arc::new(Semaphore::new(0)) }
    }
}

impl Probe {
    /// Returns when `count` calls have arrived and wait.
    pub(super) async fn arrived(&self, count: u32) {
        self.arrived.acquire_many(count).await.unwrap().forget();
    }

    /// Lets all that wait go on, and all that come.
    pub(super) fn release(&self) {
        self.released.add_permits(1_000);
    }

    /// Returns when nobody else holds the probe.
    pub(super) async fn is_alone(&self) {
        while Arc::strong_count(&self.released) > 1 {
            tokio::task::yield_now().await;
        }
    }
}

#[tonic::async_trait]
impl ConditionService for Probe {
    async fn list_weather(
        &self,
        _: Request<ListWeatherRequest>,
    ) -> Result<Response<ListWeatherResponse>, Status> {
        self.arrived.add_permits(1);
        let _released = self.released.acquire().await;
        Ok(Response::new(ListWeatherResponse::default()))
    }

    async fn list_structures(
        &self,
        _: Request<ListStructuresRequest>,
    ) -> Result<Response<ListStructuresResponse>, Status> {
        Ok(Response::new(ListStructuresResponse::default()))
    }

    async fn close_structure(
        &self,
        request: Request<CloseStructureRequest>,
    ) -> Result<Response<Structure>, Status> {
        let note = request.into_inner().note;
        Ok(Response::new(Structure { note, ..Structure::default() }))
    }

    async fn report_hospital(&self, _: Request<ReportHospitalRequest>) -> Result<Response<Hospital>, Status> {
        panic!("{SECRET}")
    }

    async fn report_site(&self, _: Request<ReportSiteRequest>) -> Result<Response<Site>, Status> {
        #[expect(clippy::disallowed_types, reason = "the library wants one")]
        let metadata = std::collections::HashMap::<String, String>::new();
        let details = ErrorDetails::with_error_info("OURS", "yui", metadata);
        Err(Status::with_error_details(Code::NotFound, "ours", details))
    }

    async fn report_weather(
        &self,
        _: Request<ReportWeatherRequest>,
    ) -> Result<Response<WeatherReport>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn open_structure(&self, _: Request<OpenStructureRequest>) -> Result<Response<Structure>, Status> {
        Err(Status::unimplemented("not needed"))
    }
}

/// Pages that answer and panic.
pub(super) fn pages(probe: &Probe) -> Router {
    let hello = |_: axum::extract::State<Probe>| async { "hello from the page" };
    Router::new()
        .route("/hello", get(hello).post(hello))
        .route("/panic", get(|| async { panic!("{SECRET}") as () }))
        .with_state(probe.clone())
}
