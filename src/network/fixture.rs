//! Networks for the tests: a strait with one bridge, and random ones.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::map::{RoadMap, Stretch};
use super::overlay::{Effect, LiveRoads, Overlay};
use super::roads::Profile;
use super::{Footing, NetworkFault, RoadLeg, RoadTables, legs_from};
use crate::id::StructureId;
use crate::units::Position;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

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
pub(super) fn read(nodes: &str, structures: &str, links: &str) -> Result<RoadMap, NetworkFault> {
    let (nodes, structures, links) = (nodes.as_bytes(), structures.as_bytes(), links.as_bytes());
    RoadMap::read(RoadTables { nodes, structures, links })
}

/// The network of [`NODES`], [`STRUCTURES`] and [`LINKS`].
pub(super) fn strait() -> RoadMap {
    read(NODES, STRUCTURES, LINKS).unwrap()
}

/// The trunk roads of the drill.
pub(super) fn kansai() -> RoadMap {
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

/// The node in that row of the table, counted from 0.
pub(super) fn node(nodes: &str, slug: &str) -> u32 {
    nodes.lines().skip(1).position(|row| row.split(',').next() == Some(slug)).unwrap() as u32
}

/// The map with the overlays that stand on it, by name.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) map: RoadMap,
    pub(super) roads: LiveRoads<String>,
    standing: BTreeMap<String, Overlay>,
}

impl Live {
    pub(super) fn of(map: RoadMap) -> Live {
        let roads = LiveRoads::new(&map, Profile::Ambulance, NonZeroUsize::MIN);
        Live { map, roads, standing: BTreeMap::new() }
    }

    /// Lays one over a structure.
    pub(super) fn close(&mut self, slug: &str) {
        let edges = self.map.edges_of(&Stretch::Structure(&structure(slug))).unwrap();
        self.lay(slug, &edges, Effect::Closed);
    }

    pub(super) fn lay(&mut self, name: &str, edges: &[u32], effect: Effect) {
        self.standing.insert(name.to_owned(), Overlay { edges: edges.into(), effect });
        self.roads.set(&self.map, self.standing.clone());
    }

    pub(super) fn lift(&mut self, name: &str) {
        self.standing.remove(name).unwrap();
        self.roads.set(&self.map, self.standing.clone());
    }

    pub(super) fn footing(&self, position: Position) -> Footing {
        Footing::find(&self.map, &self.map.network().weights_ms(Profile::Ambulance), position)
    }

    pub(super) fn leg(&self, from: Position, to: Position) -> RoadLeg {
        let (from, to) = (self.footing(from), self.footing(to));
        legs_from(&self.map, &self.roads.now(), &from, &[&to])[0]
    }
}

/// Up to 40 nodes within 60 km, up to 120 links of every kind, few enough lengths that ties are common; some closed.
pub(super) fn random_roads() -> impl Strategy<Value = Live> {
    let nodes = prop::collection::vec((0..600_u32, 0..600_u32), 1..40);
    let link = (0..40_usize, 0..40_usize, 1..8_u32, 1..4_u32, 0..24_u32);
    let closed =
        (prop::collection::btree_set(0..6_u32, 0..3), prop::collection::btree_set(0..240_u32, 0..10));
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
        let map = read(&node_rows, &format!("id,name_ja,name_en\n{structure_rows}"), &link_rows).unwrap();
        let mut live = Live::of(map);
        for id in structures {
            let id = format!("s{id}");
            if !live.map.structure(&structure(&id)).unwrap().edges.is_empty() {
                live.close(&id);
            }
        }
        let edges_count = live.map.flat().edges_count();
        let shut: Vec<u32> = shut.into_iter().filter(|&edge| edge < edges_count).collect();
        live.lay("shut", &shut, Effect::Closed);
        live
    })
}
