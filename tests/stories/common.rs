//! One served space and its clients.

use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tonic::transport::Channel;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;
use yui::api::v1;
use yui::api::v1::air_service_client::AirServiceClient;
use yui::api::v1::condition_service_client::ConditionServiceClient;
use yui::api::v1::dispatch_service_client::DispatchServiceClient;
use yui::api::v1::drill_service_client::DrillServiceClient;
use yui::api::v1::mutual_aid_service_client::MutualAidServiceClient;
use yui::api::v1::network_service_client::NetworkServiceClient;
use yui::api::v1::position_service_client::PositionServiceClient;
use yui::api::v1::registry_service_client::RegistryServiceClient;
use yui::api::v1::watch_service_client::WatchServiceClient;
use yui::authority::Union;
use yui::host::{Host, HostClock, HostConfig};
use yui::id::{LedgerId, Space};
use yui::service::server::Limits;

/// Where the crash of these stories is.
pub const TAMBA: (f64, f64) = (35.170, 135.040);

/// What every name of the drill begins with.
pub const DRILL: &str = "drill/kansai/";

/// A space that is served, and its clients.
pub struct Served {
    pub host: Host,
    pub registry: RegistryServiceClient<Channel>,
    pub conditions: ConditionServiceClient<Channel>,
    pub network: NetworkServiceClient<Channel>,
    pub aid: MutualAidServiceClient<Channel>,
    pub air: AirServiceClient<Channel>,
    pub positions: PositionServiceClient<Channel>,
    pub dispatch: DispatchServiceClient<Channel>,
    pub watch: WatchServiceClient<Channel>,
    pub clock: DrillServiceClient<Channel>,
}

/// The Kansai drill as a story begins with it, served from a folder of its own.
pub async fn drill() -> (Served, TempDir) {
    let data = laid_out().await;
    (kansai(data.path()).await, data)
}

/// A folder with the ledgers of the Kansai drill, which nobody serves yet.
pub async fn laid_out() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    for (path, bytes) in seeded().await {
        let path = data.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    data
}

/// Serves the Kansai drill from the ledgers in `data`.
pub async fn kansai(data: &Path) -> Served {
    let clock = HostClock::Virtual { start: None };
    serve(data, "drill/kansai".parse().unwrap(), clock, Some(yui::host::kansai().to_owned())).await
}

/// Serves an empty live space.
pub async fn live() -> (Served, TempDir) {
    let data = tempfile::tempdir().unwrap();
    (serve(data.path(), Space::Live, HostClock::System, None).await, data)
}

/// What a space is served with: a free port, the usual limits.
pub fn config(data: &Path, space: Space, clock: HostClock, scenario: Option<PathBuf>) -> HostConfig {
    let listen = "127.0.0.1:0".parse().unwrap();
    let (data, limits) = (data.to_owned(), Limits::default());
    HostConfig { listen, data, space, clock, scenario, network: None, limits }
}

/// Serves whatever is in `data`.
pub async fn serve(data: &Path, space: Space, clock: HostClock, scenario: Option<PathBuf>) -> Served {
    let host = Host::start(config(data, space, clock, scenario)).await.unwrap();
    let channel = Channel::from_shared(format!("http://{}", host.local_addr())).unwrap();
    let channel = channel.connect().await.unwrap();
    Served {
        host,
        registry: RegistryServiceClient::new(channel.clone()),
        conditions: ConditionServiceClient::new(channel.clone()),
        network: NetworkServiceClient::new(channel.clone()),
        aid: MutualAidServiceClient::new(channel.clone()),
        air: AirServiceClient::new(channel.clone()),
        positions: PositionServiceClient::new(channel.clone()),
        dispatch: DispatchServiceClient::new(channel.clone()),
        watch: WatchServiceClient::new(channel.clone()),
        clock: DrillServiceClient::new(channel),
    }
}

/// The files of the drill just after it was laid out: once for all stories, since that takes longer than a story.
async fn seeded() -> &'static [(PathBuf, Vec<u8>)] {
    static FILES: OnceCell<Vec<(PathBuf, Vec<u8>)>> = OnceCell::const_new();
    let lay_out = || async {
        let data = tempfile::tempdir().unwrap();
        kansai(data.path()).await.host.stop().await;
        let mut files = Vec::new();
        gather(data.path(), Path::new(""), &mut files);
        files
    };
    FILES.get_or_init(lay_out).await
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = folder.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            gather(root, &path, files);
        } else {
            files.push((path, std::fs::read(entry.path()).unwrap()));
        }
    }
}

/// A name as the drill prints it.
pub fn printed(name: &str) -> String {
    format!("{DRILL}{name}")
}

/// A time of 5 December 2026 in Japan.
pub fn at(hour: i64, minute: i64) -> prost_types::Timestamp {
    // 2026-12-05T00:00:00+09:00
    prost_types::Timestamp { seconds: 1_796_396_400 + hour * 3_600 + minute * 60, nanos: 0 }
}

pub fn seconds(seconds: i64) -> prost_types::Duration {
    prost_types::Duration { seconds, nanos: 0 }
}

pub fn place(at: (f64, f64)) -> Option<v1::LatLng> {
    Some(v1::LatLng { latitude: at.0, longitude: at.1 })
}

pub fn heard_from(said_by: &str) -> Option<v1::Telephone> {
    Some(v1::Telephone { said_by: said_by.to_owned(), typed_by: "dispatcher Mori".to_owned() })
}

/// Somebody was hit by a car in Tamba.
pub fn crash() -> v1::Request {
    v1::Request {
        kind: v1::RequestKind::Scene.into(),
        requester: "members/hyogo/organisations/fd-tamba".to_owned(),
        position: place(TAMBA),
        place: "国道175号".to_owned(),
        keyword: "車にはねられ".to_owned(),
        triage: Some(v1::request::Triage { red: 1, ..Default::default() }),
        stretchers: 1,
        capabilities: vec![v1::Capability::Physician.into(), v1::Capability::Stretcher.into()],
        aircraft_count: 1,
        caller: "090-0000-0000".to_owned(),
        ..Default::default()
    }
}

/// The same at another place, told by another fire department.
pub fn crash_at(at: (f64, f64), requester: &str) -> v1::Request {
    v1::Request { position: place(at), requester: requester.to_owned(), ..crash() }
}

/// A call to open a request with the member of its requester.
pub fn create(request: v1::Request) -> v1::CreateRequestRequest {
    let parent = request.requester.split("/organisations/").next().unwrap().to_owned();
    v1::CreateRequestRequest { parent, request: Some(request), ..Default::default() }
}

pub fn ask_for(request: &v1::Request, asset: &str) -> v1::AskRequisitionRequest {
    v1::AskRequisitionRequest { request: request.name.clone(), asset: asset.to_owned(), ..Default::default() }
}

impl Served {
    /// Opens a request.
    pub async fn open(&mut self, request: v1::Request) -> v1::Request {
        self.dispatch.create_request(create(request)).await.unwrap().into_inner()
    }

    /// Asks the best aircraft for the first number that has none.
    pub async fn ask(&mut self, request: &v1::Request) -> v1::Requisition {
        self.ask_asset(request, "").await
    }

    /// Asks one aircraft, and waits for its custodian's first word however slow the machine is.
    pub async fn ask_asset(&mut self, request: &v1::Request, asset: &str) -> v1::Requisition {
        let asked = self.dispatch.ask_requisition(ask_for(request, asset)).await.unwrap().into_inner();
        self.settle().await;
        self.requisition(&asked.name).await
    }

    /// The pilot's go.
    pub async fn go(&mut self, asked: &v1::Requisition) -> Result<v1::Mission, Status> {
        let commit = v1::CommitRequisitionRequest { name: asked.name.clone(), ..Default::default() };
        self.dispatch.commit_requisition(commit).await.map(Response::into_inner)
    }

    /// Asks the best aircraft, and its pilot says go.
    pub async fn ask_and_commit(&mut self, request: &v1::Request) -> (v1::Requisition, v1::Mission) {
        let asked = self.ask(request).await;
        let mission = self.go(&asked).await.unwrap();
        self.settle().await;
        (self.requisition(&asked.name).await, mission)
    }

    pub async fn decline(&mut self, asked: &v1::Requisition, reason: v1::DeclineReason) -> v1::Requisition {
        let name = asked.name.clone();
        let decline = v1::DeclineRequisitionRequest { name, reason: reason.into(), ..Default::default() };
        let declined = self.dispatch.decline_requisition(decline).await.unwrap().into_inner();
        self.settle().await;
        declined
    }

    /// The aircraft gets further, step by step.
    pub async fn fly(&mut self, mission: &v1::Mission, steps: &[v1::mission::State]) -> v1::Mission {
        for state in steps {
            let name = mission.name.clone();
            let step = v1::ReportProgressRequest { name, state: (*state).into(), ..Default::default() };
            self.dispatch.report_progress(step).await.unwrap();
        }
        self.settle().await;
        self.mission(&mission.name).await
    }

    pub async fn request(&mut self, name: &str) -> v1::Request {
        let get = v1::GetRequestRequest { name: name.to_owned() };
        self.dispatch.get_request(get).await.unwrap().into_inner()
    }

    pub async fn requisition(&mut self, name: &str) -> v1::Requisition {
        let get = v1::GetRequisitionRequest { name: name.to_owned() };
        self.dispatch.get_requisition(get).await.unwrap().into_inner()
    }

    pub async fn mission(&mut self, name: &str) -> v1::Mission {
        let get = v1::GetMissionRequest { name: name.to_owned() };
        self.dispatch.get_mission(get).await.unwrap().into_inner()
    }

    pub async fn asset(&mut self, name: &str) -> v1::Asset {
        let get = v1::GetAssetRequest { name: name.to_owned() };
        self.registry.get_asset(get).await.unwrap().into_inner()
    }

    /// Who can help with a call that is only looked at, now.
    pub async fn rank(&mut self, draft: v1::Request) -> v1::Ranking {
        let subject = Some(v1::rank_candidates_request::Subject::Draft(draft));
        let look = v1::RankCandidatesRequest { subject, candidate_count: 100, at_time: None };
        self.dispatch.rank_candidates(look).await.unwrap().into_inner()
    }

    /// Moves the clock of the drill on; everything due on the way happens.
    pub async fn advance(&mut self, step_s: i64) {
        let step = v1::AdvanceClockRequest { step: Some(seconds(step_s)) };
        self.clock.advance_clock(step).await.unwrap();
    }

    /// Returns when the ledgers owe each other nothing more.
    pub async fn settle(&self) {
        self.host.hub().settle().await;
    }

    /// The time of the drill, `after_s` seconds from now.
    pub async fn time(&mut self, after_s: i64) -> prost_types::Timestamp {
        let now = self.clock.get_clock(v1::GetClockRequest {}).await.unwrap().into_inner().now_time.unwrap();
        prost_types::Timestamp { seconds: now.seconds + after_s, nanos: now.nanos }
    }

    /// How long each ledger is.
    pub fn sequences(&self) -> Vec<(LedgerId, u64)> {
        self.host.hub().view().seen()
    }
}

/// The candidate that is this aircraft.
pub fn candidate<'r>(ranking: &'r v1::Ranking, asset: &str) -> Option<&'r v1::Candidate> {
    ranking.candidates.iter().find(|candidate| candidate.asset.ends_with(asset))
}

/// Why this aircraft was ruled out.
pub fn ruled_out<'r>(ranking: &'r v1::Ranking, asset: &str) -> Option<&'r v1::RuledOut> {
    ranking.ruled_out.iter().find(|ruled| ruled.asset.ends_with(asset))
}

/// What a caller is told when the answer is no.
#[derive(Debug)]
pub struct Refused {
    pub code: Code,
    pub reason: String,
    pub metadata: std::collections::BTreeMap<String, String>,
    /// The field that is wrong, if it is one.
    pub field: Option<String>,
}

/// The refusal in `answer`, which must be complete: a code, a reason, English and Japanese.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Result<T, Status>) -> Refused {
    let status = answer.expect_err("it should have been refused");
    let details = status.get_error_details();
    let info = details.error_info().unwrap_or_else(|| panic!("no reason in {status:?}"));
    assert_eq!(info.domain, "yui");
    assert!(!status.message().is_empty() && status.message().is_ascii(), "{}", status.message());
    let japanese = details.localized_message().unwrap_or_else(|| panic!("no Japanese in {status:?}"));
    assert_eq!(japanese.locale, "ja");
    assert!(!japanese.message.is_ascii(), "{}", japanese.message);
    let violations = details.bad_request().map(|bad| bad.field_violations.clone()).unwrap_or_default();
    Refused {
        code: status.code(),
        reason: info.reason.clone(),
        metadata: info.metadata.clone().into_iter().collect(),
        field: violations.into_iter().next().map(|violation| violation.field),
    }
}

/// The reason of the refusal in `answer`.
#[track_caller]
pub fn reason_of<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    refused(answer).reason
}

/// A plan that is proposed, once it is worked out.
pub async fn planned(drill: &mut Served, call: v1::ProposePlanRequest) -> v1::PlanRun {
    let mut run = drill.aid.propose_plan(call).await.unwrap().into_inner();
    while run.state() == v1::plan_run::State::Working {
        tokio::time::timeout(Duration::from_millis(50), std::future::pending::<()>()).await.unwrap_err();
        let ask = v1::GetPlanRunRequest { name: run.name };
        run = drill.aid.get_plan_run(ask).await.unwrap().into_inner();
    }
    run
}
