"""One-to-one assignment beside OR-Tools and lap, on the costs that `cargo bench --bench assignment` writes out.

    mkdir -p /tmp/costs && ASSIGNMENT_FILES=/tmp/costs cargo bench --bench assignment
    pip install ortools lap && python3 peers/assignment.py /tmp/costs

Each file's name holds what our plan costs and how many milliseconds it took; both peers must come to the same cost
before a ratio is printed. Times are medians of three, one thread, without the making of OR-Tools' arcs.
"""

import pathlib
import statistics
import sys
import time

import lap
import numpy
from ortools.graph.python import linear_sum_assignment

RUNS = 3
# On crowds larger than this lap takes a minute a run.
LAP_CROWD_MAX = 2_000


def with_ortools(costs):
    """Total and milliseconds of the solve; the arcs are handed over outside the time."""
    side = len(costs)
    left, right = (index.ravel() for index in numpy.indices((side, side), dtype=numpy.int32))
    assignment = linear_sum_assignment.SimpleLinearSumAssignment()
    assignment.add_arcs_with_cost(left, right, costs.ravel())
    start = time.perf_counter()
    status = assignment.solve()
    elapsed_ms = (time.perf_counter() - start) * 1e3
    assert status == assignment.OPTIMAL, status
    return assignment.optimal_cost(), elapsed_ms


def with_lap(costs):
    """Total and milliseconds; the copy to floating point is outside the time."""
    floats = costs.astype(numpy.float64)
    start = time.perf_counter()
    total, _, _ = lap.lapjv(floats)
    return int(total), (time.perf_counter() - start) * 1e3


def main(folder):
    print(f"{'costs':<16} {'ours ms':>9} {'OR-Tools ms':>12} {'ratio':>6} {'lap ms':>9} {'ratio':>6}")
    for path in sorted(pathlib.Path(folder).glob("*.i32")):
        kind, side, total, ours_ms = path.stem.split("-")
        costs = numpy.fromfile(path, dtype="<i4").reshape(int(side), int(side))
        row = f"{kind + ' ' + side:<16} {float(ours_ms):>9.1f}"
        for width, solve in ((12, with_ortools), (9, with_lap)):
            if solve is with_lap and kind == "clustered" and int(side) > LAP_CROWD_MAX:
                row += f" {'-':>{width}} {'-':>6}"
                continue
            runs = [solve(costs) for _ in range(RUNS)]
            assert all(cost == int(total) for cost, _ in runs), (path, runs)
            peer_ms = statistics.median(elapsed for _, elapsed in runs)
            row += f" {peer_ms:>{width}.1f} {peer_ms / float(ours_ms):>6.2f}"
        print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
