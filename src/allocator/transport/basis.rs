//! Where a solver stood, to go on from there.

use super::layout::{Layout, ROOT};
use super::tree::NOBODY;

/// The spanning tree of a solved problem, to start from when costs, surcharges, stocks, needs or limits change.
///
/// It fits every problem with as many depots, goods and points and with limits of throughput and intake where there
/// were some; its flow is worked out anew. Holds 5 bytes for each stock, need and limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    pub(super) shape: [usize; 3],
    pub(super) has_limits: [bool; 2],
    /// Of each node.
    pub(super) parents: Vec<u32>,
    /// Where the arc that each node owns stands; see `layout`.
    pub(super) places: Vec<u8>,
}

impl Basis {
    /// Every node hangs on the arc that it owns, and nothing flows.
    pub(super) fn star(layout: &Layout) -> Self {
        let parents = (0..layout.nodes).map(|node| if node == ROOT { NOBODY } else { layout.partner(node) });
        Self { parents: parents.collect(), places: vec![1; layout.nodes as usize], ..Self::shape_of(layout) }
    }

    /// No nodes yet.
    pub(super) fn shape_of(layout: &Layout) -> Self {
        Self {
            shape: [layout.depots, layout.goods, layout.points],
            has_limits: [layout.has_depots(), layout.has_points()],
            parents: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Whether it was made for a problem of the shape of `layout`.
    pub(super) fn fits(&self, layout: &Layout) -> bool {
        self.shape == [layout.depots, layout.goods, layout.points]
            && self.has_limits == [layout.has_depots(), layout.has_points()]
    }
}
