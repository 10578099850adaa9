//! Closures: what is shut now, as a value laid over a network that itself never changes.

use std::collections::BTreeSet;

use super::graph::{LinkId, RoadGraph};
use crate::id::StructureId;
use crate::spelling::changes;

/// The structures and links that nobody may pass.
///
/// Two equal values give equal answers, so opening what was closed restores every answer bit for bit.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Closures {
    structures: BTreeSet<StructureId>,
    links: BTreeSet<LinkId>,
}

/// A structure that the network does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the road network has no {id}{}", suggestion(.near))]
pub struct UnknownStructure {
    /// The name that was given.
    pub id: StructureId,
    /// At most three names most like it, nearest first.
    pub near: Vec<StructureId>,
}

/// Names suggested at most.
pub(super) const NEAR_MAX: usize = 3;

fn suggestion(near: &[StructureId]) -> String {
    match near {
        [] => "; give the name of a structure that it lists".to_owned(),
        near => {
            let names: Vec<String> = near.iter().map(ToString::to_string).collect();
            format!("; did you mean {}?", names.join(", "))
        }
    }
}

impl Closures {
    /// Everything is open.
    #[must_use]
    pub fn none() -> Closures {
        Closures::default()
    }

    /// Closes a structure; `false` when it was closed already.
    ///
    /// # Errors
    /// [`UnknownStructure`]; nothing is changed.
    pub fn close(&mut self, graph: &RoadGraph, structure: &StructureId) -> Result<bool, UnknownStructure> {
        graph.structure(structure)?;
        Ok(self.structures.insert(structure.clone()))
    }

    /// Opens a structure; `false` when it was open already.
    ///
    /// # Errors
    /// [`UnknownStructure`]; nothing is changed.
    pub fn open(&mut self, graph: &RoadGraph, structure: &StructureId) -> Result<bool, UnknownStructure> {
        graph.structure(structure)?;
        Ok(self.structures.remove(structure))
    }

    #[cfg(test)]
    /// Closes one link in both directions; `false` when it was closed already.
    pub fn close_link(&mut self, link: LinkId) -> bool {
        self.links.insert(link)
    }

    #[cfg(test)]
    /// Opens one link; `false` when it was open already. A structure on it that is closed keeps it closed.
    pub fn open_link(&mut self, link: LinkId) -> bool {
        self.links.remove(&link)
    }

    /// The closed structures, by name.
    pub fn structures(&self) -> impl Iterator<Item = &StructureId> {
        self.structures.iter()
    }

    /// The links closed on their own, ascending.
    pub fn links(&self) -> impl Iterator<Item = LinkId> {
        self.links.iter().copied()
    }

    /// Whether everything is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.structures.is_empty() && self.links.is_empty()
    }

    /// Marks the closed links of `graph`. Names and links that it does not have close nothing: a recorded
    /// closure outlives the tables it was made with.
    pub(super) fn mask(&self, graph: &RoadGraph) -> ClosedLinks {
        let mut closed = vec![false; graph.links_count()];
        let of_structures = self
            .structures
            .iter()
            .filter_map(|id| graph.structure(id).ok())
            .flat_map(|s| s.links.iter().copied());
        for link in of_structures.chain(self.links()) {
            if let Some(mark) = closed.get_mut(link.0 as usize) {
                *mark = true;
            }
        }
        ClosedLinks(closed)
    }
}

/// Closures of structures that a ledger recorded, each judged by [`RoadGraph::structure`] when it was.
impl FromIterator<StructureId> for Closures {
    fn from_iter<I: IntoIterator<Item = StructureId>>(structures: I) -> Closures {
        Closures { structures: structures.into_iter().collect(), links: BTreeSet::new() }
    }
}

/// One mark per link.
#[derive(Debug)]
pub(super) struct ClosedLinks(Vec<bool>);

impl ClosedLinks {
    pub(super) fn contains(&self, link: u32) -> bool {
        self.0[link as usize]
    }
}

/// The names most like `wanted`, nearest first: those with at most a third of its letters (at least two)
/// mistaken. Ties go to the lower name.
pub(super) fn near_names<'a, T: Ord + 'a>(
    wanted: &str,
    names: impl Iterator<Item = &'a T>,
    text: impl Fn(&T) -> &str,
) -> impl Iterator<Item = &'a T> {
    let mistakes_max = (wanted.len() / 3).max(2);
    let mut near: Vec<(usize, &T)> = names
        .map(|name| (changes(wanted.as_bytes(), text(name).as_bytes()), name))
        .filter(|&(mistakes, _)| mistakes <= mistakes_max)
        .collect();
    near.sort_unstable();
    near.into_iter().take(NEAR_MAX).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::fixture::{strait, structure};

    #[test]
    fn an_unknown_structure_is_refused_with_the_names_most_like_it() {
        let graph = strait();
        let mut closures = Closures::none();
        let refused = closures.close(&graph, &structure("naruto-brige")).unwrap_err();
        assert_eq!(refused.near, [structure("onaruto-bridge")]);
        assert_eq!(
            refused.to_string(),
            "the road network has no structures/naruto-brige; did you mean structures/onaruto-bridge?"
        );
        let refused = closures.open(&graph, &structure("golden-gate")).unwrap_err();
        assert!(refused.near.is_empty());
        assert!(closures.is_empty());
    }

    #[test]
    fn closing_twice_is_closing_once() {
        let graph = strait();
        let bridge = structure("onaruto-bridge");
        let mut closures = Closures::none();
        assert_eq!(closures.close(&graph, &bridge), Ok(true));
        assert_eq!(closures.close(&graph, &bridge), Ok(false));
        assert_eq!(closures.open(&graph, &bridge), Ok(true));
        assert_eq!(closures.open(&graph, &bridge), Ok(false));
        assert_eq!(closures, Closures::none());
    }

    #[test]
    fn a_recorded_closure_that_these_tables_do_not_have_closes_nothing() {
        let graph = strait();
        let mut closures: Closures = [structure("long-gone")].into_iter().collect();
        closures.close_link(LinkId(u32::MAX));
        assert!(!closures.mask(&graph).0.contains(&true));
    }
}
