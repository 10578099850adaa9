//! Networks for the tests: a strait with one bridge, and random ones.

use std::fmt::Write as _;

use petgraph::graph::NodeIndex;
use proptest::prelude::*;

use super::{Closures, LinkId, NetworkFault, RoadGraph, RoadTables};
use crate::id::StructureId;

/// Two shores and a ferry; positions and figures simplified from the trunk roads around Naruto.
pub(super) const NODES: &str = "\
id,kind,name_ja,name_en,lat,lon
naruto,city,鳴門市,Naruto,34.172,134.609
naruto-kita,ic,鳴門北,Naruto-Kita,34.220,134.625
fukura,town,福良,Fukura,34.253,134.716
minamiawaji,city,南あわじ市,Minamiawaji,34.294,134.780
okinosu,port,沖洲,Okinosu,34.065,134.590
sumoto-port,port,洲本港,Sumoto port,34.345,134.900
";

pub(super) const LINKS: &str = "\
from,to,road_ja,road_en,class,length_km,free_flow_kmh,structure,oneway,structure_id
naruto,naruto-kita,国道28号,Route 28,national,6.0,60,none,false,
naruto-kita,fukura,高速,Expressway,expressway,12.0,75,bridge,false,onaruto-bridge
fukura,minamiawaji,国道28号,Twin A,national,9.0,45,none,false,
fukura,minamiawaji,県道,Twin B,prefectural_main,12.0,60,none,false,
naruto,okinosu,国道11号,Route 11,national,14.0,40,none,false,
okinosu,sumoto-port,フェリー,Ferry,ferry,60.0,30,none,false,
sumoto-port,minamiawaji,国道28号,Route 28,national,16.0,40,tunnel,false,sumoto-tunnel
";

pub(super) const STRUCTURES: &str = "\
id,kind,name_ja,name_en
onaruto-bridge,bridge,大鳴門橋,Onaruto Bridge
sumoto-tunnel,tunnel,洲本トンネル,Sumoto Tunnel
";

/// Reads three texts.
pub(super) fn read(nodes: &str, structures: &str, links: &str) -> Result<RoadGraph, NetworkFault> {
    let (nodes, structures, links) = (nodes.as_bytes(), structures.as_bytes(), links.as_bytes());
    RoadGraph::read(RoadTables { nodes, structures, links })
}

/// The network of [`NODES`], [`STRUCTURES`] and [`LINKS`].
pub(super) fn strait() -> RoadGraph {
    read(NODES, STRUCTURES, LINKS).unwrap()
}

/// The trunk roads of the drill.
pub(super) fn kansai() -> RoadGraph {
    read(
        include_str!("../../scenarios/kansai/roads/nodes.csv"),
        include_str!("../../scenarios/kansai/roads/structures.csv"),
        include_str!("../../scenarios/kansai/roads/links.csv"),
    )
    .unwrap()
}

pub(super) fn structure(slug: &str) -> StructureId {
    StructureId(slug.parse().unwrap())
}

pub(super) fn node(graph: &RoadGraph, slug: &str) -> NodeIndex {
    let mut nodes = graph.graph().node_indices();
    nodes.find(|&n| graph.graph()[n].id.as_str() == slug).unwrap()
}

/// Every link that `closures` closes, worked out the slow way; ascending.
pub(super) fn closures_of(graph: &RoadGraph, closures: &Closures) -> Vec<LinkId> {
    let shut = |link: &super::RoadLink| {
        closures.links().any(|id| id == link.id)
            || link.structure.as_ref().is_some_and(|id| closures.structures().any(|closed| closed == id))
    };
    let mut links: Vec<LinkId> =
        graph.graph().edge_weights().filter(|link| shut(link)).map(|link| link.id).collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// A random network and what is closed on it.
#[derive(Debug)]
pub(super) struct RandomRoads {
    pub(super) graph: RoadGraph,
    pub(super) closures: Closures,
}

/// Up to 40 nodes within 60 km, up to 120 links of every kind, few enough lengths that ties are common.
pub(super) fn random_roads() -> impl Strategy<Value = RandomRoads> {
    let nodes = prop::collection::vec((0..600_u32, 0..600_u32), 1..40);
    let link = (0..40_usize, 0..40_usize, 1..8_u32, 1..4_u32, 0..24_u32);
    let closed =
        (prop::collection::btree_set(0..6_u32, 0..3), prop::collection::btree_set(0..120_u32, 0..10));
    (nodes, prop::collection::vec(link, 0..120), closed).prop_map(|(nodes, links, (structures, shut))| {
        let mut node_rows = String::from("id,name_ja,name_en,lat,lon\n");
        for (i, (lat, lon)) in nodes.iter().enumerate() {
            writeln!(node_rows, "n{i},,,34.{lat:03},135.{lon:03}").unwrap();
        }
        let mut link_rows = String::from(LINKS.lines().next().unwrap());
        link_rows.push('\n');
        for (from, to, km, speed, kind) in links {
            let (from, to) = (from % nodes.len(), to % nodes.len());
            if from == to {
                continue;
            }
            let class = if kind == 0 { "ferry" } else { "national" };
            let object = ["none", "bridge", "tunnel", "none"][kind as usize % 4];
            let id = if kind < 6 { format!("s{kind}") } else { String::new() };
            let speed = speed * 20;
            writeln!(link_rows, "n{from},n{to},,,{class},{km},{speed},{object},{},{id}", kind % 5 == 4)
                .unwrap();
        }
        let structure_rows: String = (0..6).map(|i| format!("s{i},,\n")).collect();
        let graph = read(&node_rows, &format!("id,name_ja,name_en\n{structure_rows}"), &link_rows).unwrap();
        let mut closures = Closures::none();
        for id in structures {
            closures.close(&graph, &structure(&format!("s{id}"))).unwrap();
        }
        for link in shut {
            closures.close_link(LinkId(link));
        }
        RandomRoads { graph, closures }
    })
}
