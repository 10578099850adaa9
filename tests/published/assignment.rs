//! Assignments: what other programs found the cheapest to cost.

use crate::text;
use yui::allocator::assignment::{FORBIDDEN, Problem, WorkBudget, check, solve};

/// Numbers of the lines that begin with `kind`.
fn lines<'a>(text: &'a str, kind: &'a str) -> impl Iterator<Item = Vec<i64>> + 'a {
    let marked = text.lines().filter_map(move |line| line.strip_prefix(kind)?.strip_prefix(' '));
    marked.map(|rest| rest.split_whitespace().map(|word| word.parse().unwrap()).collect())
}

/// A flow of one unit from each source to a sink each (DIMACS `.min`): sources are missions, sinks are resources.
fn converted(text: &str, unserved: i64) -> Problem {
    let nodes: Vec<Vec<i64>> = lines(text, "n").collect();
    assert!(nodes.iter().all(|node| node[1].abs() == 1), "every node has one unit");
    let places =
        |sign: i64| -> Vec<i64> { nodes.iter().filter(|node| node[1] == sign).map(|node| node[0]).collect() };
    let (missions, resources) = (places(1), places(-1));
    let mut costs = vec![FORBIDDEN; missions.len() * resources.len()];
    for arc in lines(text, "a") {
        let mission = missions.iter().position(|&node| node == arc[0]).unwrap();
        let resource = resources.iter().position(|&node| node == arc[1]).unwrap();
        costs[mission * resources.len() + resource] = i32::try_from(arc[4]).unwrap();
    }
    Problem { resources: resources.len(), costs, unserved: vec![unserved; missions.len()] }
}

const FILES: [&str; 3] = ["assignment_3x3", "assignment_5x5", "assignment_50x50"];

#[test]
fn other_programs_find_the_same_least_cost() {
    let Some(optima) = text("mcf/ortools_optima.json") else { return };
    let optima: serde_json::Value = serde_json::from_str(&optima).unwrap();
    for name in FILES {
        let Some(file) = text(&format!("mcf/{name}.min")) else { return };
        let problem = converted(&file, 1_000_000);
        let answer = solve(&problem, WorkBudget::default()).unwrap();
        assert_eq!(check(&problem, &answer), vec![], "{name}");
        assert!(answer.is_optimal(), "{name}");
        assert_eq!(Some(answer.total), optima[name]["ortools"].as_i64(), "{name}");
    }
}

#[test]
fn the_prices_confirm_another_programs_plan() {
    for name in FILES {
        let Some(file) = text(&format!("mcf/{name}.min")) else { return };
        let Some(solution) = text(&format!("mcf/{name}.sol")) else { return };
        let problem = converted(&file, 1_000_000);
        let mut answer = solve(&problem, WorkBudget::default()).unwrap();
        let count = problem.missions() as i64;
        for flow in lines(&solution, "f").filter(|flow| flow[2] == 1) {
            // Nodes are numbered through: missions first, then resources.
            let resource = u32::try_from(flow[1] - 1 - count).unwrap();
            answer.resource_of[usize::try_from(flow[0] - 1).unwrap()] = Some(resource);
        }
        answer.total = lines(&solution, "s").next().unwrap()[0];
        assert_eq!(check(&problem, &answer), vec![], "{name}");
        assert!(answer.is_optimal(), "{name}");
    }
}
