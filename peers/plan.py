"""The mutual-aid plan as a linear program for HiGHS, beside what `yui plan solve` found.

    mkdir -p target/plans && INSTANCES=$PWD/target/plans cargo bench --bench supplies
    python3 -m venv target/plans/venv && target/plans/venv/bin/pip install highspy==1.15.1
    target/plans/venv/bin/python peers/plan.py target/plans/*.problem.json

Beside `NAME.problem.json` stands `NAME.solution.json`. The program is written anew from docs/plan-problem.md: every trip
of every fleet with its vehicles, the units of every stock for every need on it, straight or from a base, and all limits.
With vehicles in parts it costs no more than any plan, and our bound may not exceed it; so it tells how much of our gap is
the bound's and how much at most the plan's. `--whole` asks for whole vehicles besides (cargo still in parts), stopped
after `--seconds`. Without frozen shipments.
"""

import argparse
import json
import time
from collections import defaultdict

import highspy
import numpy

LORRY, LORRY_G, LORRY_CM3, DAY_S = 1_000_000, 10_000_000, 49_000_000, 86_400
LIFE, FAIRNESS, BURDEN, LATENESS, UNPAIRED, SECOND, YEN = 10**9, 10**6, 5_000, 400, 100, 2_000, 5
SCALE = 1e12
INFINITE = highspy.kHighsInf


class Program:
    """Columns and rows of a linear program, by name."""

    def __init__(self):
        self.costs, self.most, self.entries, self.rows, self.low, self.high = [], [], [], {}, [], []
        self.is_whole = []

    def column(self, cost, most, entries, is_whole=False):
        """`entries`: (row, factor)."""
        self.costs.append(cost / SCALE)
        self.most.append(most)
        self.entries.append(entries)
        self.is_whole.append(is_whole)

    def row(self, name, low=-INFINITE, high=0.0):
        """The row of a name, made when first asked for."""
        if name not in self.rows:
            self.rows[name] = len(self.rows)
            self.low.append(low)
            self.high.append(high)
        return self.rows[name]

    def solve(self, seconds, is_whole):
        """Best objective, proven bound and seconds."""
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self.rows)
        model.col_cost_ = numpy.array(self.costs)
        model.col_lower_ = numpy.zeros(len(self.costs))
        model.col_upper_ = numpy.array(self.most, dtype="f8")
        model.row_lower_, model.row_upper_ = numpy.array(self.low), numpy.array(self.high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        ends = numpy.cumsum([0] + [len(entries) for entries in self.entries], dtype="i4")
        flat = [entry for entries in self.entries for entry in entries]
        model.a_matrix_.start_ = ends
        model.a_matrix_.index_ = numpy.array([row for row, _ in flat], dtype="i4")
        model.a_matrix_.value_ = numpy.array([factor for _, factor in flat], dtype="f8")
        if is_whole:
            kinds = [highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger]
            model.integrality_ = [kinds[whole] for whole in self.is_whole]
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", seconds)
        # Inner points are several times as fast here; the objective is enough, no vertex is asked for.
        solver.setOptionValue("solver", "choose" if is_whole else "ipm")
        solver.setOptionValue("run_crossover", "off")
        solver.passModel(model)
        begin = time.perf_counter()
        solver.run()
        took = time.perf_counter() - begin
        info = solver.getInfo()
        if is_whole:
            return info.objective_function_value * SCALE, info.mip_dual_bound * SCALE, took
        is_optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = info.objective_function_value * SCALE if is_optimal else None
        return found, found, took


class Plan:
    """The fields of a problem document, and what follows from them."""

    def __init__(self, of):
        assert not of.get("frozen"), "frozen shipments are not stated"
        self.of, self.periods, self.period_s = of, of["periods"], of["period_s"]
        self.goods, self.sites, self.points = of["goods"], of["sites"], of["points"]
        self.load = [
            max(-(-good["mass_g"] * LORRY // LORRY_G), -(-good["volume_cm3"] * LORRY // LORRY_CM3))
            for good in self.goods
        ]
        self.passages = of.get("passages", [[]])
        self.agreed = {tuple(pair) for pair in of["agreements"]}
        self.consents = {tuple(pair) for pair in of["consents"]}
        self.program = Program()

    def period_of(self, instant_s):
        return max(0, min((instant_s - self.of["start_s"] - 1) // self.period_s, self.periods - 1))

    def permitted(self, giver, receiver):
        """Whether a giver may serve a receiver, and whether somebody else is paired with it."""
        pairs = [pair for pair in self.of["pairings"] if pair["receiver"] == receiver]
        hard = [pair["giver"] for pair in pairs if pair["rule"] == "hard"]
        preferred = [pair["giver"] for pair in pairs if pair["rule"] == "preferred"]
        if giver == receiver or giver in hard or (giver in preferred and not hard):
            return True, False
        if hard or (giver, receiver) not in self.agreed:
            return False, False
        return True, bool(preferred)

    def trips(self, site):
        """Of every fleet from a site: (fleet, class, column, travel_s)."""
        for number, fleet in enumerate(self.of["fleets"]):
            home = fleet["home"]
            is_here = home == {"site": site} or home == {"member": self.sites[site]["member"]}
            if not is_here or fleet["vehicles"] == 0:
                continue
            row = self.of["ways"][fleet["class"]]["travel_s"][site]
            for column, travel_s in enumerate(row):
                is_fed = column >= len(self.sites) or column in self.sites[site]["feeds"]
                if travel_s is not None and is_fed:
                    yield number, fleet["class"], column, travel_s

    def vehicle(self, site, trip, departs):
        """A column of vehicles; what a unit of each good enters, and when it arrives. `None` when too late."""
        fleet, kind, column, travel_s = trip
        of, program = self.of["classes"][kind], self.program
        outward_s = of["loading_s"] + travel_s + of["unloading_s"]
        arrives = departs + (outward_s - 1) // self.period_s
        if arrives >= self.periods:
            return None
        cycle_s = outward_s + travel_s
        yen = of["yen_per_trip"] + -(-of["yen_per_hour"] * cycle_s // 3_600)
        holds = program.row(("holds", site, fleet, column, departs))
        entries, each = [(holds, -1.0)], [(program.row(self.dock("out", site, departs), high=self.most), 1.0)]
        each.append((program.row(self.dock("in", column, arrives), high=self.most), 1.0))
        passage = self.of["ways"][kind].get("passage")
        for bundle in self.passages[passage[site][column]] if passage else []:
            limits = self.of["bundles"][bundle]
            if limits["load_per_period"] is not None:
                most = limits["load_per_period"] / LORRY
                each.append((program.row(("bundle load", bundle, departs), high=most), 1.0))
            if limits["vehicles_per_period"] is not None:
                most = limits["vehicles_per_period"]
                entries.append((program.row(("bundle", bundle, departs), high=most), 1.0))
        vehicles = self.of["fleets"][fleet]["vehicles"]
        for period in range(departs, self.periods):
            seconds = min(cycle_s - (period - departs) * self.period_s, self.period_s)
            if seconds <= 0:
                break
            entries.append((program.row(("vehicles", fleet, period), high=vehicles), seconds / self.period_s))
        drivers_h = self.of["fleets"][fleet]["driver_s_per_day"] / 3_600
        day = departs // (DAY_S // self.period_s)
        entries.append((program.row(("drivers", fleet, day), high=drivers_h), cycle_s / 3_600))
        program.column(cycle_s * SECOND + yen * YEN, INFINITE, entries, is_whole=True)
        return holds, each, arrives

    def dock(self, way, place, period):
        """The name of a dock's row; its limit into `most`, lorries."""
        of = self.sites[place] if place < len(self.sites) else self.points[place - len(self.sites)]
        load = of["out_per_period" if way == "out" else "in_per_period"]
        self.most = 0.0 if period < of["usable_from"] else load / LORRY
        return way, place, period

    def share(self, good, kind):
        of, kind = self.goods[good], self.of["classes"][kind]
        whole = 10**9
        return max(
            -(-of["mass_g"] * whole // kind["capacity_g"]), -(-of["volume_cm3"] * whole // kind["capacity_cm3"])
        )

    def state(self):
        """Writes the whole program."""
        program, needs_of = self.program, defaultdict(list)
        for number, need in enumerate(self.of["needs"]):
            needs_of[need["point"], need["good"]].append((number, need))
        bases = {base for site in self.sites for base in site["feeds"]}
        for site in range(len(self.sites)):
            for trip in self.trips(site):
                for departs in range(self.periods):
                    self.carry(site, trip, departs, bases, needs_of)
        self.inventories(bases)
        for number, stock in enumerate(self.of["stocks"]):
            if ("stock", number) in program.rows:
                is_open = (self.sites[stock["site"]]["member"], stock["good"]) in self.consents
                free = stock["units"] if is_open else max(stock["units"] - stock["reserve"], 0)
                program.high[program.rows["stock", number]] = free
        self.unmet()
        self.burdens()

    def carry(self, site, trip, departs, bases, needs_of):
        """Vehicles of one trip, and every stock that they may carry."""
        fleet, kind, column, _ = trip
        made = self.vehicle(site, trip, departs)
        if made is None:
            return
        (holds, each, arrives), program = made, self.program
        for number, stock in enumerate(self.of["stocks"]):
            good, is_own = stock["good"], stock["site"] == site
            share = self.share(good, kind) / 1e9
            if share > 1 or (is_own and stock["available_from"] > departs):
                continue
            if not is_own and (site not in bases or site not in self.sites[stock["site"]]["feeds"]):
                continue
            lorries = self.load[good] / LORRY
            entries = [(holds, share)] + [(row, factor * lorries) for row, factor in each]
            if is_own:
                entries.append((program.row(("stock", number)), 1.0))
            else:
                entries.append((program.row(("there", site, number, departs), low=0.0, high=INFINITE), -1.0))
            if column < len(self.sites):
                if is_own and arrives + 1 < self.periods:
                    entries.append((program.row(("there", column, number, arrives + 1), low=0.0, high=INFINITE), 1.0))
                    program.column(0, INFINITE, entries)
                continue
            giver = self.sites[stock["site"]]["member"]
            receiver = self.points[column - len(self.sites)]["member"]
            may_go, is_unpaired = self.permitted(giver, receiver)
            hands_on = is_own or self.sites[site]["tier"] == "union" or self.sites[site]["member"] == receiver
            if not may_go or not hands_on:
                continue
            if giver != receiver:
                entries = entries + [(program.row(("given", giver), low=0.0), lorries)]
            for place, need in needs_of[column - len(self.sites), good]:
                until_s = need.get("useful_until_s")
                if until_s is not None and arrives > self.period_of(until_s):
                    continue
                late = max(0, arrives - self.period_of(need["wanted_by_s"]))
                cost = self.load[good] * (late * LATENESS + is_unpaired * UNPAIRED)
                row = program.row(("need", place), need["units"], need["units"])
                program.column(cost, INFINITE, entries + [(row, 1.0)])

    def inventories(self, bases):
        """What stands at a base stands there in the next period too."""
        program = self.program
        for base in bases:
            for stock in range(len(self.of["stocks"])):
                for period in range(self.periods - 1):
                    if any(("there", base, stock, at) in program.rows for at in (period, period + 1)):
                        here = program.row(("there", base, stock, period), low=0.0, high=INFINITE)
                        then = program.row(("there", base, stock, period + 1), low=0.0, high=INFINITE)
                        program.column(0, INFINITE, [(here, -1.0), (then, 1.0)])

    def unmet(self):
        program, needed = self.program, defaultdict(int)
        for number, need in enumerate(self.of["needs"]):
            load, good = self.load[need["good"]], self.goods[need["good"]]
            needed[need["point"]] += need["units"] * load
            life = good["weight"] * need["priority"] * LIFE * load if good["urgency"] == "life_saving" else 0
            row = program.row(("need", number), need["units"], need["units"])
            program.column(life, need["units"], [(row, 1.0), (program.row(("open", need["point"]), 0.0), load / LORRY)])
        for point, whole in needed.items():
            for k in range(1, 11):
                most = (whole * k // 10 - whole * (k - 1) // 10) / LORRY
                cost = (2 * k - 1) * FAIRNESS * LORRY
                program.column(cost, most, [(program.row(("open", point), 0.0), -1.0)])

    def burdens(self):
        program, held = self.program, defaultdict(int)
        for stock in self.of["stocks"]:
            held[self.sites[stock["site"]]["member"]] += stock["units"] * self.load[stock["good"]]
        for member, whole in held.items():
            if ("given", member) not in program.rows:
                continue
            for k in range(1, 11):
                most = (whole * k // 10 - whole * (k - 1) // 10) / LORRY
                program.column((2 * k - 1) * BURDEN * LORRY, most, [(program.rows["given", member], -1.0)])


def print_figures(what, found, gap, took):
    value, bound, nothing = (int(gap[name]) for name in ("value", "bound", "nothing"))
    room = max(1.0, 1e-6 * abs(found))
    assert bound <= found + room, f"our bound {bound} exceeds {found}"
    assert value >= found - room, f"our value {value} is less than {found}"
    movable = max(nothing - found, 1.0)
    print(
        f"  {what:<28} {found:.6e} in {took:6.1f} s: our value {100 * (value - found) / value:.3f} % above "
        f"({100 * (value - found) / movable:.3f} % of what can be moved), our bound "
        f"{100 * (found - bound) / value:.3f} % below ({100 * (found - bound) / movable:.3f} %)",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", nargs="+")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--seconds", type=float, default=600.0)
    arguments = parser.parse_args()
    for path in arguments.problems:
        with open(path) as file:
            plan = Plan(json.load(file))
        with open(path.replace(".problem.json", ".solution.json")) as file:
            gap = json.load(file)["gap"]
        plan.state()
        program = plan.program
        print(
            f"{path}: {len(program.costs)} columns, {len(program.rows)} rows; our value {gap['value']}, "
            f"bound {gap['bound']}",
            flush=True,
        )
        found, _, took = program.solve(arguments.seconds, is_whole=False)
        if found is None:
            print("  vehicles in parts: no optimum in time")
        else:
            print_figures("vehicles in parts", found, gap, took)
        if arguments.whole:
            best, bound, took = program.solve(arguments.seconds, is_whole=True)
            print_figures("whole vehicles, proven", bound, gap, took)
            print(f"  whole vehicles, found        {best:.6e}")


if __name__ == "__main__":
    main()
