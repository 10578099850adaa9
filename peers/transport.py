"""One period of supplies with OR-Tools and HiGHS, from the networks that the bench beside LEMON writes.

    mkdir -p target/peers && INSTANCES=$PWD/target/peers cargo bench --package peers --bench transport
    python3 -m venv target/peers/venv && target/peers/venv/bin/pip install ortools==9.15.6755 highspy==1.15.1
    target/peers/venv/bin/python peers/transport.py target/peers/300x5000x1.network

Every optimum is compared with ours, which stands in the file with the time it took in that run; `x 2`: ours is twice as
fast. Building the model is not part of a peer's time, and each has one thread. `--solver highs` chooses one;
HiGHS, a solver of linear programs, is stopped after `--seconds`.
"""

import argparse
import multiprocessing
import time

import numpy


def read(path):
    """Optimum and seconds of ours, and the network: supplies; tails, heads, capacities, costs."""
    with open(path, "rb") as file:
        nodes, arcs, optimum, ours_us = map(int, file.readline().split())
        supplies = numpy.fromfile(file, "<i4", nodes)
        return optimum, ours_us / 1e6, supplies, [numpy.fromfile(file, "<i4", arcs) for _ in range(4)]


def or_tools(supplies, arcs, _seconds):
    from ortools.graph.python import min_cost_flow

    solver = min_cost_flow.SimpleMinCostFlow()
    tails, heads, capacities, costs = arcs
    solver.add_arcs_with_capacity_and_unit_cost(
        tails, heads, capacities.astype("i8"), costs.astype("i8")
    )
    solver.set_nodes_supplies(numpy.arange(len(supplies), dtype="i4"), supplies.astype("i8"))
    begin = time.perf_counter()
    is_optimal = solver.solve() == solver.OPTIMAL
    return solver.optimal_cost() if is_optimal else None, time.perf_counter() - begin


def highs(supplies, arcs, seconds):
    import highspy

    tails, heads, capacities, costs = arcs
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(tails), len(supplies)
    model.col_cost_ = costs.astype("f8")
    model.col_lower_ = numpy.zeros(len(tails))
    model.col_upper_ = capacities.astype("f8")
    model.row_lower_ = model.row_upper_ = supplies.astype("f8")
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = numpy.arange(0, 2 * len(tails) + 1, 2, dtype="i4")
    model.a_matrix_.index_ = numpy.column_stack([tails, heads]).ravel()
    model.a_matrix_.value_ = numpy.tile([1.0, -1.0], len(tails))
    solver = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1, "time_limit": seconds}.items():
        solver.setOptionValue(option, value)
    solver.passModel(model)
    begin = time.perf_counter()
    solver.run()
    took = time.perf_counter() - begin
    is_optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(solver.getObjectiveValue()) if is_optimal else None, took


SOLVERS = {"or-tools": or_tools, "highs": highs}


def solve(name, path, seconds):
    _, _, supplies, arcs = read(path)
    return SOLVERS[name](supplies, arcs, seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="+")
    parser.add_argument("--solver", choices=SOLVERS, action="append")
    parser.add_argument("--seconds", type=float, default=120.0)
    arguments = parser.parse_args()
    for path in arguments.networks:
        optimum, ours, supplies, arcs = read(path)
        print(f"{path}: {len(supplies)} nodes, {len(arcs[0])} arcs, optimum {optimum}, ours {ours:.4f} s")
        for name in arguments.solver or SOLVERS:
            # OR-Tools brings another HiGHS along: both do not fit into one process.
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                found, took = pool.apply(solve, (name, path, arguments.seconds))
            assert found in (None, optimum), f"{name} found {found}"
            answer = "no optimum in time" if found is None else f"optimum {found}"
            print(f"  {name:<9} {took:>9.4f} s  x {took / ours:.2f}  {answer}", flush=True)


if __name__ == "__main__":
    main()
