//! One period of supplies beside LEMON's network simplex, in one process.
//!
//! `make peers`. Both optima are compared before a time is printed; `x 2` is twice as fast as the peer. LEMON gets every
//! arc in a list, as it wants them; the lists are not part of its time. What its binding does beside the simplex (a
//! graph and two maps made of the lists, the flow copied back) is measured by itself, with costs at which nothing
//! moves, and taken off in the second ratio. Memory is the peak resident set of a process that solves one period.
//!
//! `SUPPLIES=300x5000x1,300x5000x12` chooses the periods. `INSTANCES=folder` also writes each there as a network, for
//! `peers/transport.py`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../../benches/common/periods.rs"]
mod periods;

use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

// Its library holds LEMON; its own interface has 32 bits for a total cost.
use mcmf as _;
use yui::allocator::transport::{Problem, Solved, UNREACHABLE, WorkBudget, check, solve};

/// Name, depots, receiving points, goods, nearest depots that are open to a point (0: all).
const SIZES: [(&str, usize, usize, usize, usize); 4] = [
    ("36x241x12", 36, 241, 12, 0),
    ("300x5000x1", 300, 5_000, 1, 0),
    ("300x5000x12-nearest20", 300, 5_000, 12, 20),
    ("300x5000x12", 300, 5_000, 12, 0),
];
const PEER: &str = "LEMON";

unsafe extern "C" {
    /// Minimum cost of sending the supplies through `arcs_count` arcs, flow written to the last array.
    fn network_simplex_mcmf_i64(
        nodes_count: i64,
        arcs_count: i64,
        supplies: *const i64,
        tails: *const i64,
        heads: *const i64,
        capacities: *const i64,
        costs: *const i64,
        flows: *mut i64,
    ) -> i64;
}

/// A period with every arc in a list. Node 0 can leave every unit unmet.
struct Network {
    supplies: Vec<i64>,
    tails: Vec<i64>,
    heads: Vec<i64>,
    capacities: Vec<i64>,
    costs: Vec<i64>,
    flows: Vec<i64>,
}

impl Network {
    /// A problem without limits of intake and surcharges: what the factory makes.
    fn new(problem: &Problem) -> Self {
        let (depots, goods, points) = (problem.depots, problem.goods, problem.points);
        let mut network = Self {
            supplies: vec![0],
            tails: Vec::new(),
            heads: Vec::new(),
            capacities: Vec::new(),
            costs: Vec::new(),
            flows: Vec::new(),
        };
        let needed: u64 = (0..problem.needs.count()).map(|index| problem.needs.units(index)).sum();
        network.supplies[0] = needed as i64;
        let from: Vec<i64> = (0..depots)
            .map(|depot| {
                let Some(&limit) = problem.throughput.get(depot) else { return 0 };
                let node = network.node(0);
                network.arc((0, node), i64::from(limit), 0);
                node
            })
            .collect();
        let stocks: Vec<Option<i64>> = (problem.stock.iter().enumerate())
            .map(|(index, &units)| {
                (units > 0).then(|| {
                    let node = network.node(0);
                    network.arc((from[index / goods], node), i64::from(units), 0);
                    node
                })
            })
            .collect();
        for index in 0..points * goods {
            let units = problem.needs.units(index) as i64;
            if units == 0 {
                continue;
            }
            let node = network.node(-units);
            for step in problem.needs.steps(index) {
                network.arc((0, node), i64::from(step.units), step.penalty);
            }
            for depot in 0..depots {
                let cost = problem.cost[depot * points + index / goods];
                if let Some(stock) = stocks[depot * goods + index % goods].filter(|_| cost != UNREACHABLE) {
                    network.arc((stock, node), units, i64::from(cost));
                }
            }
        }
        network.flows = vec![0; network.tails.len()];
        network
    }

    fn node(&mut self, supply: i64) -> i64 {
        self.supplies.push(supply);
        self.supplies.len() as i64 - 1
    }

    fn arc(&mut self, (tail, head): (i64, i64), capacity: i64, cost: i64) {
        self.tails.push(tail);
        self.heads.push(head);
        self.capacities.push(capacity);
        self.costs.push(cost);
    }

    /// The least cost of `supplies`.
    fn solve(&mut self, supplies: &[i64]) -> i64 {
        // SAFETY: the arrays are as long as the counts say, and every end of an arc is one of the nodes.
        unsafe {
            network_simplex_mcmf_i64(
                self.supplies.len() as i64,
                self.tails.len() as i64,
                supplies.as_ptr(),
                self.tails.as_ptr(),
                self.heads.as_ptr(),
                self.capacities.as_ptr(),
                self.costs.as_ptr(),
                self.flows.as_mut_ptr(),
            )
        }
    }

    /// One line of text (nodes, arcs, optimum, microseconds of ours), then little-endian supplies, tails, heads,
    /// capacities and costs of 32 bits each.
    fn write(&self, path: &Path, optimum: i128, ours: Duration) -> std::io::Result<()> {
        let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
        let (nodes, arcs) = (self.supplies.len(), self.tails.len());
        writeln!(file, "{nodes} {arcs} {optimum} {}", ours.as_micros())?;
        for list in [&self.supplies, &self.tails, &self.heads, &self.capacities, &self.costs] {
            for &value in list {
                file.write_all(&i32::try_from(value).expect("sums of one period fit").to_le_bytes())?;
            }
        }
        file.flush()
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = black_box(work());
    (answer, start.elapsed())
}

/// The middle of three.
fn median<T>(mut work: impl FnMut() -> T) -> (T, Duration) {
    let mut runs: Vec<(T, Duration)> = (0..3).map(|_| timed(&mut work)).collect();
    runs.sort_by_key(|run| run.1);
    runs.swap_remove(1)
}

fn cold(problem: &Problem) -> Solved {
    solve(problem, WorkBudget::default()).expect("the factory makes valid problems")
}

fn problem(name: &str) -> Problem {
    let size = SIZES.iter().find(|size| size.0 == name).expect("SUPPLIES names one of the sizes");
    periods::problem(1, size.1, size.2, size.3, size.4)
}

fn compare(name: &str) {
    let problem = problem(name);
    let (solved, ours) = median(|| cold(&problem));
    assert_eq!(check(&problem, &solved.answer), Vec::new());
    assert!(solved.answer.is_optimal());
    let mut network = Network::new(&problem);
    let supplies = network.supplies.clone();
    let (optimum, theirs) = median(|| network.solve(&supplies));
    assert_eq!(i128::from(optimum), solved.answer.objective);
    let nothing = vec![0; supplies.len()];
    let (still, beside) = median(|| network.solve(&nothing));
    assert_eq!(still, 0);
    let ratio = |theirs: Duration| theirs.as_secs_f64() / ours.as_secs_f64();
    println!("{name:<22} {} nodes, {} arcs, optimum {optimum}", supplies.len(), network.tails.len());
    println!("{name:<22} time    {ours:>10.2?}  {PEER} {theirs:>10.2?}  x {:.2}", ratio(theirs));
    let alone = theirs.saturating_sub(beside);
    println!("{name:<22} its simplex alone   {PEER} {alone:>10.2?}  x {:.2}", ratio(alone));
    if let Ok(folder) = std::env::var("INSTANCES") {
        let path = Path::new(&folder).join(format!("{name}.network"));
        network.write(&path, solved.answer.objective, ours).expect("INSTANCES is a folder to write to");
    }
}

/// Peak resident set of this process, and what it held before it solved, in KiB; Linux only.
fn resident() -> Option<[u64; 2]> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| -> Option<u64> {
        status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
    };
    Some([field("VmHWM:")?, field("VmRSS:")?])
}

/// In a process of its own: solves once and prints what it took, in KiB: the peak, and how far that is above what the
/// input alone holds.
fn measure(who: &str, name: &str) {
    let mut problem = problem(name);
    let before;
    if who == PEER {
        let mut network = Network::new(&problem);
        problem.cost = Vec::new();
        before = resident();
        let supplies = network.supplies.clone();
        black_box(network.solve(&supplies));
    } else {
        before = resident();
        black_box(cold(&problem));
    }
    if let (Some([_, held]), Some([peak, _])) = (before, resident()) {
        println!("{peak} {}", peak.saturating_sub(held));
    }
}

fn compare_memory(name: &str) {
    let of = |who: &str| -> Option<[f64; 2]> {
        let run = Command::new(std::env::current_exe().ok()?).args(["--memory", who, name]).output().ok()?;
        let text = String::from_utf8(run.stdout).ok()?;
        let mut mib =
            text.split_whitespace().filter_map(|word| word.parse::<f64>().ok()).map(|kib| kib / 1024.0);
        Some([mib.next()?, mib.next()?])
    };
    let (Some(ours), Some(theirs)) = (of("ours"), of(PEER)) else {
        return println!("{name:<22} memory: not measured, no /proc/self/status");
    };
    for (what, index) in [("process", 0), ("above input", 1)] {
        let (ours, theirs) = (ours[index], theirs[index]);
        println!("{name:<22} {what:<11} {ours:>6.1} MiB  {PEER} {theirs:>7.1} MiB  1/{:.1}", theirs / ours);
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, who, name] = &arguments[..]
        && flag == "--memory"
    {
        return measure(who, name);
    }
    let chosen = std::env::var("SUPPLIES").ok();
    for name in SIZES.iter().map(|size| size.0) {
        if chosen.as_ref().is_none_or(|chosen| chosen.split(',').any(|one| one == name)) {
            compare(name);
            compare_memory(name);
        }
    }
}
