//! The server's clock stands an hour before its own last record: nothing ends by itself until a named person says that it
//! is right.

use crate::common::{Served, live, reason_of, refused, serve};
use std::path::Path;
use std::sync::Arc;
use tonic::Code;
use yui::api::v1;
use yui::authority::planner::{Policy, RankPlanner};
use yui::authority::{Hub, RoadBoard, SpaceClock, Submission, Union};
use yui::clock::{Clock, SystemClock, VirtualClock};
use yui::decision::Command;
use yui::decision::model::Actor;
use yui::host::HostClock;
use yui::id::{LedgerId, Space};
use yui::ledger::SpaceFolder;
use yui::network::{RoadMap, RoadTables};

const HYOGO: &str = "members/hyogo";

/// A live space with one member, which then decides something on a machine whose clock is an hour fast.
async fn an_hour_ahead() -> tempfile::TempDir {
    let (mut live, data) = live().await;
    let member = v1::Member {
        display_name: Some(v1::DisplayName { ja: "兵庫県".to_owned(), en: "Hyogo".to_owned() }),
        kind: v1::member::Kind::Linked.into(),
        ..Default::default()
    };
    let create =
        v1::CreateMemberRequest { member_id: "hyogo".to_owned(), member: Some(member), ..Default::default() };
    live.registry.create_member(create).await.unwrap();
    live.host.stop().await;

    let folder = SpaceFolder::open(data.path(), &Space::Live).unwrap();
    let fast = VirtualClock::new(SystemClock::new().read().wall.plus_millis(3_600_000));
    let kansai = yui::host::kansai().join("roads");
    let table = |name: &str| std::fs::read(kansai.join(name)).unwrap();
    let (nodes, structures, links) = (table("nodes.csv"), table("structures.csv"), table("links.csv"));
    let tables = RoadTables { nodes: &nodes[..], structures: &structures[..], links: &links[..] };
    let planner = Arc::new(RankPlanner::new(
        Arc::new(RoadBoard::new(RoadMap::read(tables).unwrap())),
        Policy::default(),
    ));
    let hub = tokio::task::spawn_blocking(|| Hub::open(folder, SpaceClock::Virtual(fast), planner)).await;
    let hub = hub.unwrap().unwrap();
    let close = Command::CloseStructure {
        structure: "structures/onaruto-bridge".parse().unwrap(),
        note: "wind".to_owned(),
        expected_end: None,
    };
    let actor = Actor("unauthenticated:test".to_owned());
    hub.submit(&HYOGO.parse::<LedgerId>().unwrap(), Submission::new("fast", actor, close)).await.unwrap();
    tokio::task::spawn_blocking(move || hub.close()).await.unwrap();
    data
}

async fn live_again(data: &Path) -> Served {
    serve(data, Space::Live, HostClock::System, None).await
}

impl Served {
    async fn suspect_since(&mut self) -> Option<prost_types::Timestamp> {
        let get = v1::GetMemberRequest { name: HYOGO.to_owned() };
        self.registry.get_member(get).await.unwrap().into_inner().clock_suspect_time
    }

    async fn open_bridge(&mut self) {
        let open = v1::OpenStructureRequest {
            parent: HYOGO.to_owned(),
            name: "structures/onaruto-bridge".to_owned(),
            ..Default::default()
        };
        self.conditions.open_structure(open).await.unwrap();
    }
}

fn trust(by: &str) -> v1::TrustClockRequest {
    v1::TrustClockRequest { name: HYOGO.to_owned(), trusted_by: by.to_owned(), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_from_the_future_is_served_and_its_clock_is_suspect_until_a_person_trusts_it() {
    let data = an_hour_ahead().await;
    let mut live = live_again(data.path()).await;
    live.open_bridge().await;
    assert!(live.suspect_since().await.is_some());
    let nobody = refused(live.registry.trust_clock(trust("")).await);
    assert_eq!((nobody.code, nobody.field.as_deref()), (Code::InvalidArgument, Some("trusted_by")));
    assert!(live.suspect_since().await.is_some(), "nobody said so");

    let trusted = live.registry.trust_clock(trust("Sato")).await.unwrap().into_inner();
    assert_eq!(trusted.name, HYOGO);
    assert_eq!(live.suspect_since().await, None);
    assert_eq!(reason_of(live.registry.trust_clock(trust("Sato")).await), "CLOCK_TRUSTED_ALREADY");
    live.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_trusts_a_clock_by_name() {
    let data = an_hour_ahead().await;
    let mut live = live_again(data.path()).await;
    live.open_bridge().await;
    assert!(live.done("member get hyogo").contains("clock suspect since"));
    assert!(live.done("clock trust hyogo --by Sato").contains("clock trusted"));
    assert!(!live.done("member get hyogo").contains("clock suspect since"));
    live.host.stop().await;
}
