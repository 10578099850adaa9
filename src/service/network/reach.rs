//! What cannot be reached by road any more, and what to open first.

use super::query::printed;
use super::{Answer, Network, beside};
use crate::api::v1::{self, reachability};
use crate::authority::Union;
use crate::authority::roads::Standing;
use crate::decision::rejection::FieldProblem;
use crate::network::overlay::Effect;
use crate::network::reach::{CLOSURES_MAX, Place, ReachProblem, Ways, reachability as assess};
use crate::network::{Footing, Millis};
use crate::service::ServiceError;
use crate::service::convert::{profile, read};
use crate::service::desk::Caller;
use crate::units::Position;
use petgraph::Direction;
use std::sync::Arc;

/// Sources and places of one question.
const PLACES_MAX: usize = 20_000;

impl<U: Union> Network<U> {
    pub(super) async fn assess_reachability(
        &self,
        _: Caller,
        message: v1::AssessReachabilityRequest,
    ) -> Answer<v1::Reachability> {
        let profile = profile(message.profile)?;
        for (field, got) in [("sources", message.sources.len()), ("places", message.places.len())] {
            if got > PLACES_MAX {
                let problem = FieldProblem::TooLong { got: got as u64, max: PLACES_MAX as u64 };
                return Err(ServiceError::field(field, problem));
            }
        }
        let shown = self.desk.shown();
        let sources = message.sources.into_iter().enumerate();
        let mut sources: Vec<Position> = sources
            .map(|(index, source)| read::position(&format!("sources[{index}]"), Some(source)))
            .collect::<Result<_, _>>()?;
        if sources.is_empty() {
            let hospitals = shown.view.states().flat_map(|state| state.hospitals.values());
            sources = hospitals.map(|hospital| hospital.position).collect();
        }
        let places = message.places.into_iter().enumerate();
        let mut places: Vec<(String, Position, u32)> = places
            .map(|(index, place)| {
                let at = read::position(&format!("places[{index}].position"), place.position)?;
                Ok((place.label, at, place.people))
            })
            .collect::<Result<_, ServiceError>>()?;
        if places.is_empty() {
            let known = self.municipalities.iter();
            places = known
                .map(|known| {
                    (format!("{} {}", known.name.ja, known.name.en), known.position, known.population)
                })
                .collect();
        }
        let board = Arc::clone(&self.board);
        beside(move || {
            let (map, network) = (board.map(), board.map().network());
            let now = board.now(&shown.view, profile);
            let mut usual_ms: Vec<Millis> = network.weights_ms(profile);
            let standing = board.standing(&shown.view);
            // What was opened for relief counts as there.
            let opened = standing.values().filter(|overlay| overlay.effect == Effect::Opened);
            let opened: Vec<u32> = opened.flat_map(|overlay| overlay.edges.iter().copied()).collect();
            if !opened.is_empty() {
                let when_opened_ms = network.weights_when_opened_ms(profile);
                for edge in opened {
                    usual_ms[edge as usize] = when_opened_ms[edge as usize];
                }
            }
            let closed: Vec<(&Standing, Vec<u32>)> = standing
                .iter()
                .filter(|(_, overlay)| overlay.effect == Effect::Closed)
                .map(|(name, overlay)| (name, overlay.edges.to_vec()))
                .collect();
            // The node beside each place, as everything open would have it.
            let node = |position: Position| {
                let footing: Footing = board.footing(position);
                if let Some(snap) = footing.snap() {
                    return Some(snap.junction);
                }
                let standings = footing.standings(map, &now.times, Direction::Outgoing);
                standings.iter().min_by_key(|&&(node, ms)| (ms, node)).map(|&(node, _)| node)
            };
            let source_nodes: Vec<u32> = sources.into_iter().filter_map(node).collect();
            let mut labels = Vec::new();
            let mut at_nodes = Vec::new();
            let mut never = Vec::new();
            for (label, position, people) in places {
                match node(position) {
                    Some(node) => {
                        labels.push(label);
                        at_nodes.push(Place { node, people });
                    }
                    None => never.push(label),
                }
            }
            if closed.len() > CLOSURES_MAX {
                let problem = FieldProblem::TooLong { got: closed.len() as u64, max: CLOSURES_MAX as u64 };
                return Err(ServiceError::field("restrictions", problem));
            }
            let closures: Vec<Vec<u32>> = closed.iter().map(|(_, edges)| edges.clone()).collect();
            let found = assess(&ReachProblem {
                graph: map.flat(),
                open_ms: &usual_ms,
                closures: &closures,
                sources: &source_nodes,
                places: &at_nodes,
                ways: Ways::ThereAndBack,
            });
            let found = found.map_err(|fault| {
                tracing::warn!(%fault, "reachability could not be stated");
                ServiceError::Unavailable { what: "reachability" }
            })?;
            let named = |set: &[usize]| -> Vec<String> {
                set.iter().map(|&closure| printed(&shown.names, closed[closure].0)).collect()
            };
            never.extend(found.never.iter().map(|&place| labels[place].clone()));
            let cut = found.cut.iter().map(|cut| reachability::Cut {
                label: labels[cut.place].clone(),
                people: at_nodes[cut.place].people.into(),
                restored_by: cut
                    .restored_by
                    .iter()
                    .map(|set| reachability::Opening { names: named(set), people: 0 })
                    .collect(),
                complete: cut.complete,
            });
            Ok(v1::Reachability {
                cut: cut.collect(),
                people_cut: found.people_cut,
                never,
                best: found.best.map(|closure| reachability::Opening {
                    names: named(&[closure]),
                    people: found.restored_alone[closure],
                }),
                order: found
                    .order
                    .iter()
                    .map(|step| reachability::Opening { names: named(&step.closures), people: step.people })
                    .collect(),
            })
        })
        .await
    }
}
