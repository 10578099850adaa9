"""Commodities, depots, receiving points, stocks, fleets and pairs of the Kansai drill data. Standard library only."""
import needs
from tables import fact, nearest, place, read, shares

CARTON_CM3, CARTON_MAX_G = 45_000, 20_000          # S65: 30 x 50 x 30 cm; mass R-GOODS
LORRY_SOURCE = "volume S65; payload from the class's name"
VEHICLES = [("lorry-4t", "4トン車", "4 t lorry", 4_000, 28_000, LORRY_SOURCE),
            ("lorry-10t", "10トン車", "10 t lorry", 10_000, 49_000, LORRY_SOURCE),
            ("helicopter", "物資輸送ヘリ", "cargo helicopter", 1_200, 4_000, "sling load of BK117C-2: FACTS 2; volume R-AIRLIFT")]
SHIFT_H = 12                                       # S65
# R-FLEET: class, inhabitants for each vehicle, minutes to load and to unload.
FLEETS = [("lorry-4t", 10_000, 20), ("lorry-10t", 20_000, 40)]
# What a helicopter lifts: FACTS 2, sling of its class. BK117 1,200-1,500; the like of it where no class stands there.
SLING_KG = {"BK117C-2": (1200, "FACTS 2"), "AS365N3": (1600, "FACTS 2"), "Bell 412": (2000, "FACTS 2"),
            "AW139": (2200, "FACTS 2"), "UH-1J": (1800, "FACTS 2"), "CH-47J": (9000, "FACTS 2"),
            "EC155B1": (1600, "as AS365N3, illustrative R-LIFT"), "SH-60": (3600, "as UH-60JA, illustrative R-LIFT")}
LOAD_MIN, UNLOAD_MIN = 10, 20                      # S64, CH-47
CREWS_FOR_A_HELICOPTER = 1                         # R-AIRLIFT
OSAKA_CITY, OSAKA_CITY_PEOPLE = "osaka", 530_000   # S37; the municipality's id is checked below
OSAKA_BASES = ("depot-osaka-central", "depot-osaka-north", "depot-osaka-south")
PREFECTURE_RESERVE_PERCENT = 30                    # R-KEEP
PEOPLE_FOR_A_TEAM, PEOPLE_FOR_A_PLACE = 250_000, 500   # R-TEAM
TOTTORI_PERCENT = 5                                # R-STOCK: of its population, since Nankai fills no shelter there


TABLES = ["commodities", "vehicle_classes", "helicopter_cargo", "depots", "receiving_points", "stocks", "fleets", "pairs",
          "../kansai-nankai/people", "../kansai-nankai/needs"]
REFERENCES = [  # table, column, table it points at, may be empty
    ("helicopter_cargo", "helicopter", "helicopters", False), ("depots", "member", "members", False),
    ("depots", "road_node", "roads/nodes", False), ("receiving_points", "municipality", "municipalities", False),
    ("receiving_points", "member", "members", False), ("receiving_points", "road_node", "roads/nodes", False),
    ("stocks", "commodity", "commodities", False), ("fleets", "member", "members", False),
    ("fleets", "home", "depots", False), ("fleets", "vehicle_class", "vehicle_classes", False),
    ("../kansai-nankai/people", "municipality", "municipalities", False),
    ("../kansai-nankai/needs", "municipality", "municipalities", False),
    ("../kansai-nankai/needs", "commodity", "commodities", False)]


def commodity_rows():
    model = needs.profile()
    rows = []
    for c in fact("commodities.csv"):
        good = model["goods"][c["id"]]
        daily = "per_day_millis" in good
        mass, volume = int(c["unit_mass_g"]), int(c["unit_volume_cm3"])
        rows.append({
            "id": c["id"], "name_ja": c["name_ja"], "name_en": c["name_en"], "kind": "goods", "unit": c["unit"],
            "unit_mass_g": mass,
            "unit_volume_cm3": volume,
            "units_per_carton": min(CARTON_CM3 // volume, CARTON_MAX_G // mass) if c["in_carton"] == "yes" else "",
            "life_saving": c["life_saving"], "basic_good": c["basic_good"], "need_of": good["of"],
            "need_basis": "per_day" if daily else "once",
            "rate_millis": good["per_day_millis"] if daily else needs.standing(good, needs.DAYS),
            "source": c["source"] + "; tier illustrative R-GOODS; rate unit_model.toml"})
    for c in fact("teams.csv"):
        rows.append({
            "id": c["id"], "name_ja": c["name_ja"], "name_en": c["name_en"], "kind": c["kind"], "unit": c["unit"],
            "unit_mass_g": 0, "unit_volume_cm3": 0, "units_per_carton": "", "life_saving": c["life_saving"],
            "basic_good": "no", "need_of": "", "need_basis": "", "rate_millis": 0, "source": c["source"]})
    return rows


def vehicle_class_rows():
    return [{"id": i, "name_ja": ja, "name_en": en, "payload_kg": kg, "volume_dm3": dm3,
             "source": source} for i, ja, en, kg, dm3, source in VEHICLES]


def helicopter_cargo_rows():
    """Doctor helicopters carry none."""
    rows = []
    for h in read_helicopters():
        kg, source = SLING_KG[h["type"]]
        rows.append({"helicopter": h["id"], "payload_kg": kg, "load_min": LOAD_MIN, "unload_min": UNLOAD_MIN,
                     "source": f"sling load of {h['type']}: {source}; minutes S64 (CH-47)"})
    return rows


def read_helicopters():
    return [h for h in read(needs.HERE / "helicopters.csv") if h["kind"] != "doctor"]


# ---------------------------------------------------------------- where goods come in


def dock_lorries(store_m2):
    """R-DOCK: 10 t lorries an hour."""
    return min(12, 2 + store_m2 // 1000)


def depot_rows(domain, nodes):
    at = {s["name"]: s for s in read(domain / "sites.csv") if s["kind"] == "D"}
    home = [n for n in nodes if n["kind"] in {"city", "town", "ic"} and not n["neighbour"]]
    rows = []
    for number, d in enumerate(fact("depots.csv"), 1):
        s = at[d["site_name"]]
        store = int(d["store_m2"])
        rows.append({
            "id": d["id"], "member": d["member"], "name_ja": d["name_ja"], "name_en": d["name_en"],
            "lat": f"{float(s['lat']):.4f}", "lon": f"{float(s['lon']):.4f}", "tier": d["tier"], "core": d["core"],
            "store_m2": store, "dock_lorries_per_hour": dock_lorries(store), "dock_hours_per_day": SHIFT_H,
            "helicopter_spots": d["helicopter_spots"], "helicopter_field_m2": d["helicopter_field_m2"],
            "road_node": nearest(place(s), home)["id"], "telephone": f"000-0000-3{number:03d}",
            "source": f"name and position: sites.csv of the researched facts ({s['coord_source']}, {s['coord_accuracy']}); "
                      f"store {d['store_basis']}; docks illustrative R-DOCK; helicopters {d['field_basis']}; telephone R-TEL"})
    return rows


def receiving_point_rows(municipalities):
    """The office of each municipality, never a ward's: R-INTAKE."""
    return [{"id": "rp-" + m["id"], "municipality": m["id"], "member": m["member"],
             "name_ja": m["name_ja"] + " 地域内輸送拠点", "name_en": m["name_en"] + " receiving point", "lat": m["lat"],
             "lon": m["lon"], "tier": 2, "intake_lorries_per_hour": min(12, 1 + int(m["population"]) // 100_000),
             "intake_hours_per_day": SHIFT_H, "road_node": m["road_node"], "telephone": f"000-0000-4{number:03d}",
             "source": "position: the office; intake illustrative R-INTAKE; telephone R-TEL"}
            for number, m in enumerate(municipalities, 1)]


# ---------------------------------------------------------------- stocks


def day_of(model, good, sheltered, quarters):
    """A day of what is eaten up; of what is kept, so many quarters of it."""
    people = {"in_shelter": sheltered, "water_cut": sheltered}
    if "per_day_millis" in good:
        return needs.need(model, good, people, 1)
    return -(-needs.need(model, good, people, 1) * quarters // 4)


def stock_row(holder, commodity, quantity, reserve, planned, source):
    return {"holder": holder, "commodity": commodity, "quantity": quantity, "reserve": reserve, "planned_intake": planned,
            "source": source}


def depot_stocks(depots, municipalities, sheltered):
    """The prefecture's day, less what is known, over its bases of which nothing is known."""
    model, known = needs.profile(), fact("stocks.csv")
    prefecture_of = {"kobe-city": "hyogo"}
    local = {}
    for d in depots:
        if d["member"] != "state":
            local.setdefault(prefecture_of.get(d["member"], d["member"]), []).append(d["id"])
    stock, planned = {}, {}
    for prefecture, ids in local.items():
        people = sum(sheltered[m["id"]] for m in municipalities
                     if m["prefecture"] == prefecture and m["id"] != OSAKA_CITY)
        for commodity, good in model["goods"].items():
            exact = {k["site"]: k for k in known if k["commodity"] == commodity and k["kind"] == "stock" and k["site"] in ids}
            for site, k in exact.items():
                stock[site, commodity] = (int(k["quantity"]), k["source"])
            rest = max(0, day_of(model, good, people, 1) - sum(int(k["quantity"]) for k in exact.values()))
            free = [i for i in ids if i not in exact]
            for i, quantity in zip(free, shares(rest, [1] * len(free), 0)):
                stock[i, commodity] = (quantity, "illustrative R-STOCK")
            if prefecture == "osaka":
                days = day_of(model, good, 2 * OSAKA_CITY_PEOPLE, 1)
                for i, quantity in zip(OSAKA_BASES, shares(days, [1] * len(OSAKA_BASES), 0)):
                    stock[i, commodity] = (stock[i, commodity][0] + quantity,
                                           "with two days for Osaka City's 530,000 people S37; illustrative R-STOCK")
        for k in [k for k in known if k["kind"] == "planned_intake" and k["site"] == prefecture]:
            for i, quantity in zip(ids, shares(int(k["quantity"]), [1] * len(ids), 0)):
                planned[i, k["commodity"]] = (quantity, k["source"])
    rows = []
    for d in depots:
        for commodity in model["goods"]:
            quantity, source = stock.get((d["id"], commodity), (0, ""))
            expected, told = planned.get((d["id"], commodity), ("", ""))
            if quantity or expected:
                rows.append(stock_row(d["id"], commodity, quantity, quantity * PREFECTURE_RESERVE_PERCENT // 100, expected,
                                      "; ".join(s for s in (source, told and "planned intake " + told) if s) + "; reserve R-KEEP"))
    return rows


def municipal_stocks(points, sheltered):
    """One day for the municipality's own shelters: all of it is kept until it consents."""
    model, rows = needs.profile(), []
    for p in points:
        city = p["municipality"] == OSAKA_CITY
        people = OSAKA_CITY_PEOPLE if city else sheltered[p["municipality"]]
        for commodity, good in model["goods"].items():
            quantity = day_of(model, good, people, 2)
            if quantity:
                source = "one day for 530,000 people S37" if city else "illustrative R-STOCK"
                rows.append(stock_row(p["id"], commodity, quantity, quantity, "", source + "; reserve R-KEEP"))
    return rows


def stock_rows(depots, points, municipalities, people):
    sheltered = {p["municipality"]: p["in_shelter"] for p in people}
    for m in municipalities:
        if m["prefecture"] == "tottori":
            sheltered[m["id"]] = int(m["population"]) * TOTTORI_PERCENT // 100
    return depot_stocks(depots, municipalities, sheltered) + municipal_stocks(points, sheltered)


def team_stocks(depots, municipalities, hospitals):
    """R-TEAM: what a member can send, at the first of its depots; a city without a depot counts with its prefecture."""
    first = {}
    for d in depots:
        if d["member"] != "state":
            first.setdefault(d["member"], d["id"])
    sender = {m["member"]: m["member"] if m["member"] in first else m["prefecture"] for m in municipalities}
    people, hospital_count = dict.fromkeys(first, 0), dict.fromkeys(first, 0)
    for m in municipalities:
        people[sender[m["member"]]] += int(m["population"])
    for h in hospitals:
        hospital_count[sender[h["member"]]] += 1
    rows = []
    for member, depot in first.items():
        quantities = {"staff": max(1, people[member] // PEOPLE_FOR_A_TEAM), "dmat": hospital_count[member],
                      "stay": people[member] // PEOPLE_FOR_A_PLACE}
        rows += [stock_row(depot, commodity, quantity, quantity * PREFECTURE_RESERVE_PERCENT // 100, "",
                           "illustrative R-TEAM; reserve R-KEEP") for commodity, quantity in quantities.items() if quantity]
    return rows


# ---------------------------------------------------------------- fleets and pairs


def helicopter_rows(depots, organisations, sites):
    """R-AIRLIFT: fire helicopters at a depot of their custodian, the nearest with a spot for each."""
    member = {o["id"]: o["member"] for o in organisations}
    base = {s["id"]: place(s) for s in sites}
    local = {}
    for h in read_helicopters():
        if h["offered_only"] == "no":
            local.setdefault((member[h["custodian"]], h["type"], h["base_site"], h["crew_flight_limit_min"]), []).append(h)
    rows = []
    for (owner, kind, site, limit_min), own in local.items():
        with_spots = [d for d in depots if d["member"] == owner and int(d["helicopter_spots"]) >= len(own)]
        if not with_spots:
            continue
        home = nearest(base[site], with_spots)
        kg, source = SLING_KG[kind]
        rows.append({"id": f"helicopter-{home['id'].removeprefix('depot-')}", "member": owner, "home": home["id"],
                     "vehicle_class": "helicopter", "vehicles": len(own), "payload_kg": kg,
                     "drivers": len(own) * CREWS_FOR_A_HELICOPTER, "shift_h": int(limit_min) // 60,
                     "load_min": LOAD_MIN, "unload_min": UNLOAD_MIN,
                     "source": f"{' '.join(h['id'] for h in own)}: sling load of {kind} {source}; minutes S64; R-AIRLIFT"})
    return rows


def fleet_rows(depots, municipalities):
    rows = []
    for vehicle, heads, minutes in FLEETS:
        local = {}
        for d in depots:
            if d["member"] != "state":
                local.setdefault("hyogo" if d["member"] == "kobe-city" else d["member"], []).append(d)
        for prefecture, bases in local.items():
            people = sum(int(m["population"]) for m in municipalities if m["prefecture"] == prefecture)
            for d, count in zip(bases, shares(people // heads, [1] * len(bases), 0)):
                rows.append({"id": f"{vehicle}-{d['id'].removeprefix('depot-')}", "member": d["member"], "home": d["id"],
                             "vehicle_class": vehicle, "vehicles": count, "payload_kg": "", "drivers": -(-count * 3 // 2),
                             "shift_h": SHIFT_H, "load_min": minutes, "unload_min": minutes,
                             "source": "illustrative R-FLEET; 12 h S65"})
    return rows


def tables(domain, nodes, municipalities, hospitals, organisations, sites):
    people = needs.people_rows(municipalities)
    depots, points = depot_rows(domain, nodes), receiving_point_rows(municipalities)
    return {
        "commodities.csv": commodity_rows(), "vehicle_classes.csv": vehicle_class_rows(),
        "helicopter_cargo.csv": helicopter_cargo_rows(), "depots.csv": depots, "receiving_points.csv": points,
        "stocks.csv": stock_rows(depots, points, municipalities, people) + team_stocks(depots, municipalities, hospitals),
        "fleets.csv": fleet_rows(depots, municipalities) + helicopter_rows(depots, organisations, sites),
        "pairs.csv": fact("pairs.csv"), "../kansai-nankai/people.csv": people,
        "../kansai-nankai/needs.csv": needs.need_rows(people)}


# ---------------------------------------------------------------- checks


def check(check, t, report):
    def count(what, got, want):
        check.that(got == want, f"{what}: {got}, expected {want}")

    depots = {d["id"]: d for d in t["depots"]}
    commodities = {c["id"]: c for c in t["commodities"]}
    count("commodities", len(commodities), 12 + 3)
    count("teams and places", sorted(i for i, c in commodities.items() if c["kind"] != "goods"), ["dmat", "staff", "stay"])
    count("basic goods", sum(c["basic_good"] == "yes" for c in commodities.values()), 8)
    count("depots", len(depots), 36)
    count("base 0", [d for d, row in depots.items() if row["tier"] == "0"], ["depot-miki"])
    count("receiving points", [p["municipality"] for p in t["receiving_points"]], [m["id"] for m in t["municipalities"]])
    count("Osaka City", next(m["name_ja"] for m in t["municipalities"] if m["id"] == OSAKA_CITY), "大阪市")
    holders = set(depots) | {p["id"] for p in t["receiving_points"]}
    held = {}
    for s in t["stocks"]:
        check.that(s["holder"] in holders, f"nobody is {s['holder']}")
        check.that((s["holder"], s["commodity"]) not in held, f"twice: {s}")
        check.that(0 <= int(s["reserve"]) <= int(s["quantity"]), f"reserve of {s}")
        held[s["holder"], s["commodity"]] = s
    for k in fact("stocks.csv"):
        if k["kind"] == "stock":
            count(f"stock of {k['site']}", held[k["site"], k["commodity"]]["quantity"], k["quantity"])
        else:
            sums = sum(int(s["planned_intake"] or 0) for (holder, c), s in held.items()
                       if c == k["commodity"] and holder in depots and depots[holder]["member"] == k["site"])
            count(f"planned intake of {k['site']}", sums, int(k["quantity"]))
    flying = {h["id"] for h in t["helicopters"] if h["kind"] != "doctor" and h["offered_only"] == "no"}
    for f in t["fleets"]:
        check.that(depots[f["home"]]["member"] == f["member"], f"home of {f['id']}")
        if f["vehicle_class"] == "helicopter":
            named = f["source"].split(":")[0].split()
            check.that(len(named) == int(f["vehicles"]) and set(named) <= flying, f"helicopters of {f['id']}")
            flying -= set(named)
    count("helicopters without a depot of their custodian", sorted(flying),
          ["fire-kyoto-1", "fire-kyoto-2", "fire-osaka-1", "fire-osaka-2"])
    supporters = {r["id"] for r in t["members"] + t["municipalities"]}
    for p in t["pairs"]:
        check.that(p["supporter"] in supporters, f"nobody is {p['supporter']}")
    for c in commodities.values():
        whole = c["units_per_carton"]
        check.that(not whole or int(whole) >= 1, f"no {c['id']} fits a carton")
    # S65: 20 to 45 litres for each person in a shelter and day.
    model = needs.profile()
    litres = sum(needs.need(model, good, {"in_shelter": 1_000_000, "water_cut": 1_000_000}, 1)
                 * int(commodities[i]["unit_volume_cm3"]) for i, good in model["goods"].items()) / 1e9
    check.that(20 <= litres <= 45, f"{litres:.1f} L a person on the first day")
    if report:
        print(f"  {litres:.1f} L a person in a shelter on the first day")
        for i in commodities:
            at = lambda holders: sum(int(s["quantity"]) for (holder, c), s in held.items() if c == i and holder in holders)
            print(f"  {i:16s} in depots {at(set(depots)):>12,} with municipalities {at(holders - set(depots)):>12,}")
        for vehicle, *_ in VEHICLES:
            own = [f for f in t["fleets"] if f["vehicle_class"] == vehicle]
            print(f"  {vehicle}: {sum(int(f['vehicles']) for f in own)} vehicles, {sum(int(f['drivers']) for f in own)} drivers")
