//! One space put together: ledgers, planner, services, pages, port.
//!
//! The order matters: the port is taken first, so that two servers never open the same ledgers; callers are let in last,
//! when the ledgers are replayed and the scenario is laid out. It stops the other way round.

use crate::authority::planner::{Policy, RankPlanner};
use crate::authority::{Hub, HubFault, RoadBoard, SpaceClock, Union};
use crate::clock::{SystemClock, VirtualClock};
use crate::decision::model::Name;
use crate::drill::scenario::{Municipality, Scout};
use crate::drill::{Scenario, ScenarioFault, SeedFault};
use crate::hazard::unit_model::Profile;
use crate::id::Space;
use crate::ledger::{LedgerFault, SpaceFolder};
use crate::network::file::{FileFault, NetworkFile};
use crate::network::{NetworkFault, RoadMap, RoadTables};
use crate::service::air::Air;
use crate::service::conditions::Conditions;
use crate::service::convert::shown::{Shown, Structures};
use crate::service::dispatch::Dispatch;
use crate::service::drill::Drill;
use crate::service::mutual_aid::{MutualAid, Told};
use crate::service::network::Network;
use crate::service::positions::Whereabouts;
use crate::service::registry::Registry;
use crate::service::server::{Ended, Limits, Server, ServerFault, Services};
use crate::service::watch::{Watch, WatchLimits};
use crate::service::{Desk, page};
use crate::telemetry::TelemetryFault;
use crate::units::Timestamp;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The trunk roads of Kansai, which every space knows until it brings roads of its own.
const ROADS: RoadTables<&[u8], &[u8], &[u8]> = RoadTables {
    nodes: include_bytes!("../scenarios/kansai/roads/nodes.csv"),
    structures: include_bytes!("../scenarios/kansai/roads/structures.csv"),
    links: include_bytes!("../scenarios/kansai/roads/links.csv"),
};

/// What to put together.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The folder of the ledgers of all spaces.
    pub data: PathBuf,
    /// The space.
    pub space: Space,
    /// Its clock.
    pub clock: HostClock,
    /// The folder of the scenario that an empty drill space begins with.
    pub scenario: Option<PathBuf>,
    /// A network that was imported; none: the trunk roads of the scenario.
    pub network: Option<PathBuf>,
    /// Limits of the server.
    pub limits: Limits,
}

/// Which clock a space runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostClock {
    /// The system's.
    System,
    /// One that can be turned.
    Virtual {
        /// Where it starts when the ledgers are empty; none: where the scenario does, or now.
        start: Option<Timestamp>,
    },
}

/// A space that is being served.
pub struct Host {
    local_addr: SocketAddr,
    told: Vec<Name>,
    hub: Arc<Hub>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Ended>,
}

/// Why a space cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum HostFault {
    /// A virtual clock or a scenario was asked of the live space.
    #[error(
        "the live space runs on the wall clock and takes no scenario; for these use a drill space such as drill/kansai"
    )]
    DrillInLive,
    /// The port.
    #[error(transparent)]
    Server(#[from] ServerFault),
    /// The data folder.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
    /// A ledger.
    #[error(transparent)]
    Hub(#[from] HubFault),
    /// The scenario's files.
    #[error(transparent)]
    Scenario(#[from] ScenarioFault),
    /// The scenario and the ledgers.
    #[error(transparent)]
    Seed(#[from] SeedFault),
    /// The roads.
    #[error(transparent)]
    Network(#[from] NetworkFault),
    /// The file of an imported network.
    #[error("{path} cannot be used: {fault}")]
    NetworkFile {
        /// Which.
        path: PathBuf,
        /// Why.
        fault: FileFault,
    },
    /// The log.
    #[error(transparent)]
    Telemetry(#[from] TelemetryFault),
    /// The runtime.
    #[error("threads cannot be started: {0}")]
    Runtime(std::io::Error),
}

impl Host {
    /// Puts a space together and serves it.
    ///
    /// # Errors
    /// [`HostFault`]; nothing is served then, and what was acknowledged before is untouched.
    pub async fn start(config: HostConfig) -> Result<Host, HostFault> {
        if config.space == Space::Live && (config.clock != HostClock::System || config.scenario.is_some()) {
            return Err(HostFault::DrillInLive);
        }
        let scenario = config.scenario.as_deref().map(crate::drill::read).transpose()?;
        let server = Server::bind(config.listen, config.limits).await?;
        let folder = SpaceFolder::open(&config.data, &config.space)?;
        let roads = match &config.network {
            None => roads(scenario.as_ref())?,
            Some(path) => imported(path)?,
        };
        let structures = structures(&roads);
        let planner = Arc::new(planner_on(roads, scenario.as_ref()));
        let clock = clock(config.clock, scenario.as_ref());
        let hub = {
            let planner = Arc::clone(&planner);
            let opened = tokio::task::spawn_blocking(move || Hub::open(folder, clock, planner)).await;
            Arc::new(opened.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?)
        };
        if let Some(scenario) = &scenario {
            crate::drill::seed(&*hub, scenario).await?;
        }
        let municipalities =
            scenario.as_ref().map_or_else(Vec::new, |scenario| scenario.municipalities.clone());
        let scouts = scenario.as_ref().map_or_else(Vec::new, |scenario| scenario.scouts.clone());
        let unit_model = scenario.as_ref().and_then(|scenario| scenario.unit_model.clone());
        let around = Around { structures, municipalities: municipalities.into(), scouts, unit_model };
        let services = services(
            &hub,
            Arc::clone(&planner),
            around,
            scenario.as_ref().map(|scenario| scenario.notice.clone()),
        );
        follow_roads(&hub, Arc::clone(planner.roads()));
        let (local_addr, opening) = (server.local_addr(), server.opening());
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(server.run(async {
            // A host that was dropped stops as well.
            let _ = stopped.await;
        }));
        opening.open(services).await;
        let told = scenario
            .map_or_else(Vec::new, |scenario| vec![scenario.title, scenario.notice, scenario.fleet_note]);
        Ok(Host { local_addr, told, hub, stop, server })
    }

    /// Where it listens.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// What everybody must be told who uses the scenario, line by line; nothing without one.
    #[must_use]
    pub fn told(&self) -> &[Name] {
        &self.told
    }

    /// The authorities.
    #[must_use]
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Whether nobody is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hub.view().members().next().is_none()
    }

    /// Serves until `signal`, then stops.
    pub async fn until(self, signal: impl Future<Output = ()>) {
        signal.await;
        self.stop().await;
    }

    /// Takes no more calls, finishes what is queued, writes checkpoints.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.server.await;
        let hub = self.hub;
        let _ = tokio::task::spawn_blocking(move || hub.close()).await;
    }
}

pub(crate) fn roads(scenario: Option<&Scenario>) -> Result<RoadMap, NetworkFault> {
    match scenario {
        None => RoadMap::read(ROADS),
        Some(scenario) => RoadMap::read(RoadTables {
            nodes: &scenario.roads.nodes_csv[..],
            structures: &scenario.roads.structures_csv[..],
            links: &scenario.roads.links_csv[..],
        }),
    }
}

/// Opens an imported network.
fn imported(path: &Path) -> Result<RoadMap, HostFault> {
    let of_file = |fault: FileFault| HostFault::NetworkFile { path: path.to_owned(), fault };
    let file = std::fs::File::open(path).map_err(|error| of_file(error.into()))?;
    let file = NetworkFile::read(std::io::BufReader::new(file)).map_err(of_file)?;
    RoadMap::of_file(file).map_err(|fault| of_file(fault.into()))
}

fn structures(roads: &RoadMap) -> Structures {
    let named = roads.structures().map(|structure| {
        let name = Name { ja: structure.name_ja.to_string(), en: structure.name_en.to_string() };
        (structure.id.clone(), name)
    });
    named.collect()
}

fn clock(choice: HostClock, scenario: Option<&Scenario>) -> SpaceClock {
    match choice {
        HostClock::System => SpaceClock::System(SystemClock::new()),
        HostClock::Virtual { start } => {
            let now = || crate::clock::Clock::read(&SystemClock::new()).wall;
            let start = start.or(scenario.map(|scenario| scenario.start)).unwrap_or_else(now);
            SpaceClock::Virtual(VirtualClock::new(start))
        }
    }
}

/// What a scenario's rankings are worked out with, on its own roads, as a server would.
///
/// # Errors
/// [`NetworkFault`] of its roads.
pub fn planner(scenario: &Scenario) -> Result<RankPlanner, NetworkFault> {
    Ok(planner_on(roads(Some(scenario))?, Some(scenario)))
}

fn planner_on(roads: RoadMap, scenario: Option<&Scenario>) -> RankPlanner {
    let policy = scenario.map_or_else(Policy::default, |scenario| policy_of(&scenario.policy));
    let regions = scenario.map(|scenario| scenario.regions.clone()).unwrap_or_default();
    RankPlanner::new(Arc::new(RoadBoard::new(roads)), policy).over(regions)
}

/// The policy of a scenario, as rankings use it.
pub(crate) fn policy_of(scenario: &crate::drill::Policy) -> Policy {
    let trade = scenario.cover.trade_rate_permille_per_min;
    Policy {
        hand_over_s: scenario.scene.handover_s,
        on_scene_s: scenario.flight.on_scene_s,
        start_s: scenario.flight.start_s,
        turn_around_s: scenario.flight.turn_round_s,
        reserve_s: scenario.flight.fuel_reserve_s,
        usable_endurance_s: scenario.flight.usable_endurance_s,
        cycle_s: scenario.flight.default_cycle_s,
        loading_s: scenario.scene.ambulance_loading_s,
        sites_max: scenario.scene.site_candidates_max as usize,
        site_radius_m: scenario.scene.site_search_radius_m,
        hospitals_max: scenario.scene.hospital_candidates_max as usize,
        confirmation_ttl_s: scenario.scene.site_confirmation_ttl_s,
        roof_wind_max_mps: scenario.weather.wind_max_roof_kmh * 10 / 36,
        ambulance_turnout_s: scenario.ground.ambulance_turnout_s,
        doctor_car_turnout_s: scenario.ground.doctor_car_turnout_s,
        cover_wait_s: scenario.cover.threshold_s,
        // So many thousandths (sixty at most) outweigh a minute: one of them outweighs that part of sixty seconds.
        trade_s: (trade > 0).then(|| 60 / trade),
        answer_s: scenario.protocol.answer_within_s,
        ..Policy::default()
    }
}

/// What the space lies in, which no ledger holds.
struct Around {
    structures: Structures,
    municipalities: Arc<[Municipality]>,
    scouts: Vec<Scout>,
    unit_model: Option<Profile>,
}

/// Works out the roads anew whenever something changes on them, so that no call has to wait for it. Ends with the hub.
fn follow_roads(hub: &Arc<Hub>, roads: Arc<RoadBoard>) {
    let mut views = hub.subscribe();
    tokio::spawn(async move {
        loop {
            let view = views.borrow_and_update().clone();
            let board = Arc::clone(&roads);
            let _ = tokio::task::spawn_blocking(move || board.refresh(&view)).await;
            if views.changed().await.is_err() {
                return;
            }
        }
    });
}

fn services(hub: &Arc<Hub>, planner: Arc<RankPlanner>, around: Around, notice: Option<Name>) -> Services {
    let desk = Arc::new(Desk::new(Arc::clone(hub), around.structures));
    let shown = {
        let desk = Arc::clone(&desk);
        move |view: &Arc<crate::authority::View>, resources: &[crate::decision::touches::Resource]| {
            let shown = Shown { view: Arc::clone(view), ..desk.shown() };
            resources.iter().filter_map(|resource| shown.resource(resource)).collect()
        }
    };
    Services::new(page::router(Arc::clone(hub), notice))
        .registry(Registry::new(Arc::clone(&desk)))
        .conditions(Conditions::new(Arc::clone(&desk), Arc::clone(planner.roads())))
        .mutual_aid(MutualAid::new(
            Arc::clone(&desk),
            Arc::clone(planner.roads()),
            Told {
                municipalities: around.municipalities.to_vec(),
                scouts: around.scouts,
                unit_model: around.unit_model,
            },
        ))
        .network(Network::new(Arc::clone(&desk), Arc::clone(&planner), around.municipalities))
        .air(Air::new(Arc::clone(&desk), Arc::clone(&planner)))
        .positions(Whereabouts::new(Arc::clone(&desk), Arc::clone(&planner)))
        .dispatch(Dispatch::new(desk, Arc::new(planner)))
        .watch(Watch::new(Arc::clone(hub), shown, WatchLimits::default()))
        .drill(Drill::new(Arc::clone(hub)))
}

/// The folder of the Kansai drill, for whoever runs from the source tree.
#[must_use]
pub fn kansai() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/kansai"))
}
