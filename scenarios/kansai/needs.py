"""People and needs of a Nankai Trough event: R-NANKAI, and the unit model of unit_model.toml. Standard library only.

The unit model stands in src/hazard/unit_model.rs as well; a test there reads the table made here and computes it again.
"""
import tomllib
from collections import defaultdict

from tables import HERE, distance_km, fact, place

IN_SHELTER = 2_537_037   # x 1.2 x 3 meals x 3 days = 27.4 million meals (S48)
WATER_CUT = 13_111_111   # x 3 L x 3 days = 118,000 kL (S48)
MEALS, WATER_L = 27_400_000, 118_000_000
DAYS = 3
# The exposure by distance to the Pacific coast: up to so many metres, so many shares a head; 1 beyond.
EXPOSURE = [(15_000, 8), (30_000, 6), (50_000, 4), (75_000, 3), (100_000, 2)]
EVACUEES_MAX_PERMILLE, WATER_CUT_MAX_PERMILLE = 900, 950
START = "2026-12-05T09:00:00+09:00"
FIRST_WANTED_BY = "2026-12-06T09:00:00+09:00"


def share_out(total, weights, caps):
    """`total` by weight in whole pieces, nobody more than its cap; largest remainders, ties to the first."""
    given, left, open_ = [0] * len(weights), total, [i for i, w in enumerate(weights) if w]
    while True:
        whole = sum(weights[i] for i in open_)
        over = [i for i in open_ if left * weights[i] > caps[i] * whole]
        if not over:
            break
        for i in over:
            given[i] = caps[i]
            left -= caps[i]
        open_ = [i for i in open_ if i not in over]
    if left:
        for i in open_:
            given[i] = left * weights[i] // whole
        rest = left - sum(given[i] for i in open_)
        for i in sorted(open_, key=lambda i: -(left * weights[i] % whole))[:rest]:
            given[i] += 1
    assert sum(given) == total, f"{total} cannot be shared under the caps"
    return given


def exposure(metres):
    return next((shares for reach, shares in EXPOSURE if metres <= reach), 1)


def people_rows(municipalities):
    """Evacuees of each prefecture by population and exposure; shelters by evacuees; water by population and exposure."""
    coast = [place(c) for c in fact("pacific_coast.csv")]
    stated = {f["prefecture"]: f for f in fact("nankai.csv")}
    metres = [round(1000 * min(distance_km(place(m), c) for c in coast)) for m in municipalities]
    people = [int(m["population"]) for m in municipalities]
    weight = [n * exposure(d) for n, d in zip(people, metres)]

    def shared(total, members, cap_permille):
        inside = [m["prefecture"] in members for m in municipalities]
        caps = [n * cap_permille // 1000 for n in people]
        return share_out(total, [w if i else 0 for w, i in zip(weight, inside)], caps)

    evacuees, water = [0] * len(people), [0] * len(people)
    for prefecture, f in stated.items():
        evacuees = [a + b for a, b in zip(evacuees, shared(int(f["evacuees"]), {prefecture}, EVACUEES_MAX_PERMILLE))]
    known = {p: int(f["water_cut"]) for p, f in stated.items() if f["water_cut"]}
    parts = [({p}, total) for p, total in known.items()] + [(set(stated) - set(known), WATER_CUT - sum(known.values()))]
    for members, total in parts:
        water = [a + b for a, b in zip(water, shared(total, members, WATER_CUT_MAX_PERMILLE))]
    sheltered = share_out(IN_SHELTER, evacuees, evacuees)
    return [{"municipality": m["id"], "coast_m": metres[i], "exposure": exposure(metres[i]), "evacuees": evacuees[i],
             "in_shelter": sheltered[i], "water_cut": water[i],
             "source": "totals S52b S52 S48; shared out illustrative R-NANKAI"} for i, m in enumerate(municipalities)]


# ---------------------------------------------------------------- the unit model


def profile():
    with (HERE / "unit_model.toml").open("rb") as file:
        return tomllib.load(file)


def head_millionths(model, of, people):
    """How many people of a kind, in thousandths: those counted, else their share of the people in shelters."""
    if of in people:
        return 1000 * people[of]
    return model["share_permille_of_in_shelter"][of] * people["in_shelter"]


def standing(good, day):
    steps = [s["millis"] for s in good["standing_millis"] if s["from_day"] <= day]
    return steps[-1] if steps else 0


def need(model, good, people, day):
    """What comes to be needed on a day, rounded up once; of what is kept, what is more than the day before."""
    heads = head_millionths(model, good["of"], people)
    up = lambda millis: -(-heads * millis // 1_000_000)
    if "per_day_millis" in good:
        return up(good["per_day_millis"])
    return up(standing(good, day)) - up(standing(good, day - 1))


def need_rows(people):
    """A row for what is eaten up each day, one for what is kept; none for nothing. Steps after day 1 do not occur."""
    model = profile()
    rows = []
    for p in people:
        counted = {"in_shelter": p["in_shelter"], "water_cut": p["water_cut"]}
        for commodity, good in model["goods"].items():
            daily = "per_day_millis" in good
            amounts = [need(model, good, counted, day) for day in range(1, DAYS + 1)]
            assert len(set(amounts)) == 1 if daily else not any(amounts[1:]), commodity
            if amounts[0]:
                rows.append({"municipality": p["municipality"], "commodity": commodity,
                             "basis": "per_day" if daily else "once", "quantity": amounts[0],
                             "days": DAYS if daily else 1, "wanted_by": FIRST_WANTED_BY,
                             "source": "people.csv by unit_model.toml R-NEEDS"})
    return rows


# ---------------------------------------------------------------- checks


def totals(rows):
    """Of each commodity over all days."""
    sums = defaultdict(int)
    for r in rows:
        sums[r["commodity"]] += int(r["quantity"]) * int(r["days"])
    return dict(sums)


def check(check, t, report):
    people, rows = t["../kansai-nankai/people"], t["../kansai-nankai/needs"]
    home = {m["id"]: m for m in t["municipalities"]}
    check.that([p["municipality"] for p in people] == list(home), "people of each municipality, of no ward")
    for f in fact("nankai.csv"):
        local = [p for p in people if home[p["municipality"]]["prefecture"] == f["prefecture"]]
        sums = {c: sum(int(p[c]) for p in local) for c in ("evacuees", "in_shelter", "water_cut")}
        check.that(sums["evacuees"] == int(f["evacuees"]), f"evacuees of {f['prefecture']}: {sums}")
        check.that(not f["water_cut"] or sums["water_cut"] == int(f["water_cut"]), f"water of {f['prefecture']}: {sums}")
        if report:
            print(f"  {f['prefecture']:10s} evacuees {sums['evacuees']:>9,} in shelters {sums['in_shelter']:>9,} "
                  f"without water {sums['water_cut']:>10,}")
    check.that(sum(int(p["in_shelter"]) for p in people) == IN_SHELTER, "people in shelters")
    check.that(sum(int(p["water_cut"]) for p in people) == WATER_CUT, "people without water")
    for p in people:
        n = int(home[p["municipality"]]["population"])
        check.that(int(p["in_shelter"]) <= int(p["evacuees"]) <= n and int(p["water_cut"]) <= n, f"more than all: {p}")
    counted = [{k: int(v) if v.isdigit() else v for k, v in p.items()} for p in people]
    again = [{k: str(v) for k, v in r.items()} for r in need_rows(counted)]
    check.that(again == rows, "needs follow the unit model")
    sums = totals(rows)
    check.that(round(sums["food"], -5) == MEALS, f"meals: {sums['food']}")
    check.that(round(sums["water"], -6) == WATER_L, f"water: {sums['water']}")
    if report:
        for commodity, quantity in sums.items():
            print(f"  {commodity:16s} needed in {DAYS} days {quantity:>13,}")
