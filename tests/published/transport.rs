//! Published instances of minimum cost flow, as problems of one good.

use crate::text;
use yui::allocator::transport::{
    Needs, Problem, Solved, Surcharges, UNREACHABLE, WorkBudget, check, limits, solve,
};

/// The answer, which `check` accepts and proves optimal.
fn optimal(problem: &Problem) -> Solved {
    let solved = solve(problem, WorkBudget::default()).unwrap();
    assert_eq!(check(problem, &solved.answer), vec![]);
    assert!(solved.answer.is_optimal());
    solved
}

/// A network in the DIMACS format for minimum cost flow.
#[derive(Default)]
struct Network {
    /// Units that each node brings in; negative where they go out.
    supplies: Vec<i64>,
    /// From, to, most units, cost.
    arcs: Vec<(usize, usize, u32, u32)>,
}

fn parse(text: &str) -> Network {
    let mut network = Network::default();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let kind = words.next().unwrap_or("c");
        let numbers: Vec<i64> = words.filter_map(|word| word.parse().ok()).collect();
        match (kind, &numbers[..]) {
            ("p", &[nodes, _]) => network.supplies = vec![0; nodes as usize],
            ("n", &[node, supply]) => network.supplies[node as usize - 1] = supply,
            ("a", &[from, to, 0, most, cost]) => {
                network.arcs.push((from as usize - 1, to as usize - 1, most as u32, cost as u32));
            }
            _ => assert_eq!(kind, "c", "{line}"),
        }
    }
    network
}

/// Each arc is a depot with as many units as the arc takes at most: what flows goes to the arc's head for its cost,
/// what does not goes to its tail for nothing. A node then needs what its arcs could take away, less what it brings
/// in (Wagner 1959).
fn as_transport(network: &Network) -> Problem {
    let (depots, points) = (network.arcs.len(), network.supplies.len());
    let mut needed: Vec<i64> = network.supplies.iter().map(|supply| -supply).collect();
    let mut cost = vec![UNREACHABLE; depots * points];
    for (depot, &(from, to, most, each)) in network.arcs.iter().enumerate() {
        needed[from] += i64::from(most);
        cost[depot * points + from] = 0;
        cost[depot * points + to] = each;
    }
    let mut needs = Needs::with_capacity(points);
    needed.iter().for_each(|&units| needs.push_flat(u32::try_from(units).unwrap(), limits::PENALTY_MAX));
    Problem {
        depots,
        goods: 1,
        points,
        stock: network.arcs.iter().map(|arc| arc.2).collect(),
        needs,
        cost,
        throughput: Vec::new(),
        intake: Vec::new(),
        surcharges: Surcharges::default(),
    }
}

#[test]
fn two_sources_and_three_sinks_cost_what_is_found_by_inspection() {
    let text = "p min 5 6\nn 1 20\nn 2 30\nn 3 -15\nn 4 -20\nn 5 -15\n\
                a 1 3 0 20 2\na 1 4 0 20 4\na 1 5 0 20 3\na 2 3 0 30 3\na 2 4 0 30 1\na 2 5 0 30 2\n";
    assert_eq!(optimal(&as_transport(&parse(text))).answer.objective, 85);
}

#[test]
fn a_network_that_passes_through_is_a_transport_as_well() {
    // 1 -> 2 -> 4 takes three units for 2 each, 1 -> 3 -> 4 the rest for 5 each; 2 -> 3 helps nobody.
    let text = "p min 4 5\nn 1 5\nn 4 -5\na 1 2 0 3 1\na 2 4 0 4 1\na 1 3 0 9 2\na 3 4 0 9 3\na 2 3 0 9 1\n";
    assert_eq!(optimal(&as_transport(&parse(text))).answer.objective, 16);
}

#[test]
fn other_programs_find_the_same_least_cost() {
    let Some(optima) = text("mcf/ortools_optima.json") else { return };
    let optima: serde_json::Value = serde_json::from_str(&optima).unwrap();
    let names = [
        "assignment_3x3",
        "assignment_5x5",
        "assignment_50x50",
        "transport_2x3",
        "transport_40x30",
        "netgen_8_08a",
    ];
    for name in names {
        let Some(file) = text(&format!("mcf/{name}.min")) else { return };
        let objective = i64::try_from(optimal(&as_transport(&parse(&file))).answer.objective).ok();
        assert_eq!(objective, optima[name]["ortools"].as_i64(), "{name}");
    }
}
