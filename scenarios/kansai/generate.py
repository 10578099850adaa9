#!/usr/bin/env python3
"""Makes the derived tables of the Kansai drill data set, and checks all of them.

    python3 generate.py DOMAIN          write the derived tables from the folder with the researched facts
    python3 generate.py --check         check the committed tables (needs nothing else)
    python3 generate.py DOMAIN --check  also make them again and compare byte for byte

DOMAIN holds sites.csv, municipalities.csv, wards.csv and network/{nodes,links}.csv. Standard library only, no
randomness, no clock: equal inputs give equal bytes. The rules (R-...) are told in SOURCES.md; the code below is
their exact form. Hand-written inputs lie in facts/ and beside this file.
"""
import math
import pathlib
import re
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta

import goods
import ground
import needs
from tables import HERE, between, distance_km, fact, nearest, place, read, shares, table_text

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
UNION_POPULATION = 21_827_897  # 2020 census, the sum over the 241 municipalities
PREFECTURES = {"滋賀県": "shiga", "京都府": "kyoto", "大阪府": "osaka", "兵庫県": "hyogo", "奈良県": "nara",
               "和歌山県": "wakayama", "鳥取県": "tottori", "徳島県": "tokushima"}
ISO_REGION = {"shiga": "JP-25", "kyoto": "JP-26", "osaka": "JP-27", "hyogo": "JP-28", "nara": "JP-29",
              "wakayama": "JP-30", "tottori": "JP-31", "tokushima": "JP-36"}
CITIES = {"27100": "osaka-city", "27140": "sakai-city", "26100": "kyoto-city", "28100": "kobe-city"}
# Relief ferries that can be opened: R-RESERVE.
RESERVED = [("fukura-town", "naruto", "臨時フェリー(福良-鳴門)", "Relief ferry Fukura-Naruto"),
            ("iwaya-town", "akashi", "臨時フェリー(岩屋-明石)", "Relief ferry Iwaya-Akashi")]
# Spellings of the road table that differ from the usual romanisation: (id, name_en).
MUNICIPALITY_SPELLING = {"30421": ("nachikatsuura", "Nachikatsuura"), "31371": ("kotoura", "Kotoura"),
                         "36301": ("katsuura-tokushima", "Katsuura")}

# ---------------------------------------------------------------- the sun


def sunset_min(day, lat, lon):
    """Minutes after midnight JST of sunset (solar zenith 90.833 degrees), by the NOAA solar calculator."""
    julian_day, minute_utc = day.toordinal() + 1721424.5, 8 * 60.0
    sin, cos, rad = math.sin, math.cos, math.radians
    for _ in range(3):
        t = ((julian_day + minute_utc / 1440) - 2451545) / 36525
        mean_long = (280.46646 + t * (36000.76983 + t * 0.0003032)) % 360
        anomaly = rad(357.52911 + t * (35999.05029 - 0.0001537 * t))
        ecc = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
        centre = (sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
                  + sin(2 * anomaly) * (0.019993 - 0.000101 * t) + sin(3 * anomaly) * 0.000289)
        omega = rad(125.04 - 1934.136 * t)
        apparent = rad(mean_long + centre - 0.00569 - 0.00478 * sin(omega))
        tilt = rad(23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60
                   + 0.00256 * cos(omega))
        declination = math.asin(sin(tilt) * sin(apparent))
        y, long2 = math.tan(tilt / 2) ** 2, rad(2 * mean_long)
        equation = 4 * math.degrees(y * sin(long2) - 2 * ecc * sin(anomaly) + 4 * ecc * y * sin(anomaly) * cos(long2)
                                    - 0.5 * y * y * sin(2 * long2) - 1.25 * ecc * ecc * sin(2 * anomaly))
        hour = math.degrees(math.acos(cos(rad(90.833)) / (cos(rad(lat)) * cos(declination))
                                      - math.tan(rad(lat)) * math.tan(declination)))
        minute_utc = 720 - 4 * lon - equation + 4 * hour
    return minute_utc + 540


# ---------------------------------------------------------------- municipalities and fire departments


def member_of(code, prefecture):
    return CITIES.get(code, PREFECTURES[prefecture])


def municipality_rows(domain, nodes):
    node_of = {n["municipality_code"]: n for n in nodes if n["municipality_code"]}
    rows = []
    for m in read(domain / "municipalities.csv"):
        node = node_of[m["code"]]
        slug, name_en = MUNICIPALITY_SPELLING.get(m["code"], (node["id"], node["name_en"]))
        rows.append({"id": slug, "code": m["code"], "prefecture": PREFECTURES[m["prefecture"]],
                     "prefecture_ja": m["prefecture"], "name_ja": m["name_ja"], "kana": m["kana"], "name_en": name_en,
                     "lat": m["lat"], "lon": m["lon"], "population": int(m["population_2020"]),
                     "member": member_of(m["code"], m["prefecture"]), "road_node": node["id"], "source": m["source"]})
    return rows


def ward_rows(domain, nodes, municipalities):
    node_of = {n["municipality_code"]: n for n in nodes if n["municipality_code"]}
    city_of = {m["code"]: m for m in municipalities}
    return [{"id": node_of[w["code"]]["id"], "code": w["code"], "municipality": city_of[w["city_code"]]["id"],
             "name_ja": w["name_ja"], "kana": w["kana"], "name_en": node_of[w["code"]]["name_en"], "lat": w["lat"],
             "lon": w["lon"], "population": int(w["population_2020"]), "road_node": node_of[w["code"]]["id"],
             "source": w["source"]} for w in read(domain / "wards.csv")]


def fire_departments(municipalities):
    """The departments with their municipalities; those without one go to the nearest seat (R-FIRE)."""
    by_name = {(m["prefecture"], m["name_ja"]): m for m in municipalities}
    departments = []
    for f in fact("fire_departments.csv"):
        served = [by_name[f["prefecture"], name] for name in f["municipalities_ja"].split()]
        departments.append({"fact": f, "seat": served[0], "served": served, "by_rule": []})
    owned = {m["id"] for d in departments for m in d["served"]}
    for m in municipalities:
        if m["id"] not in owned:
            same = [d for d in departments if d["fact"]["prefecture"] == m["prefecture"]]
            home = nearest(place(m), same, lambda d: place(d["seat"]))
            home["served"].append(m)
            home["by_rule"].append(m["name_ja"])
    for d in departments:
        for m in d["served"]:
            m["fire_department"] = d["fact"]["id"]
    return departments


def fire_department_rows(departments):
    rows = []
    for d in departments:
        source = f"own knowledge, {d['fact']['confidence']}; position: office of the first municipality R-FIRE"
        if d["by_rule"]:
            source += "; " + " ".join(d["by_rule"]) + " given by the rule nearest seat R-FIRE"
        rows.append({"id": d["fact"]["id"], "member": d["seat"]["member"], "name_ja": d["fact"]["name_ja"],
                     "name_en": d["fact"]["name_en"], "lat": d["seat"]["lat"], "lon": d["seat"]["lon"],
                     "municipalities": ";".join(m["id"] for m in d["served"]), "organisation": d["fact"]["id"],
                     "source": source})
    return rows


def ambulance_rows(municipalities, wards):
    """One start at each municipal office; in the four cities at each ward office instead (R-AMB)."""
    split = {w["municipality"] for w in wards}
    home = {m["id"]: m for m in municipalities}
    rows = []
    for m in [m for m in municipalities if m["id"] not in split] + wards:
        city = home.get(m.get("municipality", m["id"]))
        rows.append({"id": "amb-" + m["id"], "fire_department": city["fire_department"], "member": city["member"],
                     "municipality": city["id"], "name_ja": f"{m['name_ja']} 救急", "name_en": f"{m['name_en']} ambulance",
                     "lat": m["lat"], "lon": m["lon"], "ambulances": 1 + m["population"] // 50_000,
                     "road_node": m["road_node"], "source": "illustrative R-AMB"})
    return rows


def weather_region(m):
    """R-WEATHER, by prefecture, position and a few names."""
    pref, name, (lat, lon) = m["prefecture"], m["name_ja"], place(m)
    if pref == "tottori":
        return "sea-of-japan-west"
    if pref == "shiga":
        return "biwa-north" if lat >= 35.22 else "biwa-south"
    if pref == "kyoto":
        if lat >= 35.44:
            return "sea-of-japan-east"
        return "inland-tamba" if lon < 135.62 and lat >= 35.0 else "kyoto-yamashiro"
    if pref == "hyogo":
        if name in {"洲本市", "南あわじ市", "淡路市"}:
            return "awaji"
        if lat >= 35.30:
            return "sea-of-japan-east"
        if name in {"丹波市", "丹波篠山市"}:
            return "inland-tamba"
        return "setouchi-harima" if lon < 135.1 else "osaka-bay"
    if pref == "osaka":
        return "osaka-bay"
    if pref == "nara":
        return "nara-basin" if lat >= 34.42 and lon < 135.9 else "kii-mountains"
    if pref == "wakayama":
        if name in {"高野町", "北山村", "古座川町"}:
            return "kii-mountains"
        return "kii-west" if lat >= 33.76 else "kii-south"
    if name in {"三好市", "那賀町", "上勝町", "神山町", "佐那河内村", "つるぎ町", "東みよし町"}:
        return "shikoku-mountains"
    return "shikoku-south" if lat < 33.80 else "shikoku-plain"


# ---------------------------------------------------------------- weather regions' borders

CELLS_PER_DEGREE = 20       # 0.05 degrees
BORDER_REACH_KM = 12.0      # a cell farther than this from every office and site is in no region
BORDER_SLACK_DEGREES = 0.001  # a place so near to a cell's edge is in both: an edge is a great circle, no parallel
BORDER_BOX_DEGREES = 0.2    # where to look for the nearest one: more than that reach


def border_cells(places):
    """The region of each cell: that of all the places in it, or of the nearest one; none where two regions share it."""
    inside = defaultdict(set)
    for (lat, lon), region in places:
        for south, west in ((a, b) for a in (-BORDER_SLACK_DEGREES, BORDER_SLACK_DEGREES)
                            for b in (-BORDER_SLACK_DEGREES, BORDER_SLACK_DEGREES)):
            inside[math.floor((lat + south) * CELLS_PER_DEGREE), math.floor((lon + west) * CELLS_PER_DEGREE)].add(region)
    region_of = {}
    for row in range(min(r for r, _ in inside) - 4, max(r for r, _ in inside) + 5):
        for column in range(min(c for _, c in inside) - 4, max(c for _, c in inside) + 5):
            held = inside.get((row, column), set())
            centre = ((row + 0.5) / CELLS_PER_DEGREE, (column + 0.5) / CELLS_PER_DEGREE)
            if not held:
                near = [(distance_km(centre, at), region) for at, region in places
                        if abs(at[0] - centre[0]) < BORDER_BOX_DEGREES and abs(at[1] - centre[1]) < BORDER_BOX_DEGREES]
                held = {region for km, region in sorted(near)[:1] if km <= BORDER_REACH_KM}
            if len(held) == 1:
                region_of[row, column] = next(iter(held))
    return region_of


def pieces(cells):
    """Parts of a set of cells whose outline is one simple ring: joined by edges, without holes or pinched corners."""
    left, parts = set(cells), []
    while left:
        part, open_cells = set(), [min(left)]
        while open_cells:
            cell = open_cells.pop()
            if cell in left:
                left.remove(cell)
                part.add(cell)
                row, column = cell
                open_cells += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
        ring = outline(part)
        if ring is None:
            # Cut along the middle column, until nothing is enclosed or pinched.
            columns = sorted({column for _, column in part})
            middle = columns[len(columns) // 2]
            for half in ({c for c in part if c[1] < middle}, {c for c in part if c[1] >= middle}):
                parts += pieces(half)
        else:
            parts.append(ring)
    return sorted(parts)


def outline(part):
    """The corners of the cells' outline, counter-clockwise from the lowest; none where it is not one simple ring."""
    follows = {}
    for row, column in part:
        sides = [((row, column), (row, column + 1), (row - 1, column)),
                 ((row, column + 1), (row + 1, column + 1), (row, column + 1)),
                 ((row + 1, column + 1), (row + 1, column), (row + 1, column)),
                 ((row + 1, column), (row, column), (row, column - 1))]
        for start, end, beyond in sides:
            if beyond not in part:
                if start in follows:
                    return None
                follows[start] = end
    first = min(follows)
    ring, at = [first], follows[first]
    while at != first:
        ring.append(at)
        at = follows[at]
    return ring if len(ring) == len(follows) else None


def weather_border_rows(municipalities, sites):
    """R-BORDERS. A corner is kept where the border turns or where a third neighbour begins, so that neighbours share it."""
    placed = [r for r in municipalities + sites if r["weather_region"]]
    region_of = border_cells([(place(r), r["weather_region"]) for r in placed])
    rings = []
    for region in sorted(set(region_of.values())):
        rings += [(region, ring) for ring in pieces({c for c, of in region_of.items() if of == region})]

    def turns(ring, i):
        (r0, c0), (r1, c1), (r2, c2) = ring[i - 1], ring[i], ring[(i + 1) % len(ring)]
        return not (r0 == r1 == r2 or c0 == c1 == c2)

    kept = {ring[i] for _, ring in rings for i in range(len(ring)) if turns(ring, i)}
    rows, counts = [], defaultdict(int)
    for region, ring in rings:
        counts[region] += 1
        for corner, (row, column) in enumerate(at for at in ring if at in kept):
            rows.append({"weather_region": region, "part": counts[region], "corner": corner + 1,
                         "lat": f"{row / CELLS_PER_DEGREE:.2f}", "lon": f"{column / CELLS_PER_DEGREE:.2f}",
                         "source": "illustrative R-BORDERS"})
    return rows


# ---------------------------------------------------------------- landing sites

STEP_KM = 0.5        # candidates every half kilometre along the roads
APART_KM = 0.3       # no two sites nearer than this
REACH_KM = {"wakayama": 15.0, "tokushima": 15.0}  # how far from the office a site may lie
REACH_ELSEWHERE_KM = 7.0
DEMONSTRATION = {"tamba": 16}  # sites, all within the next line's distance of the office
DEMONSTRATION_REACH_KM = 5.0
PREFECTURE_SITES = {"wakayama": 400, "tokushima": 226}  # S14, S13
SITES_ELSEWHERE = 2
SITES_NEAR_TOYOOKA = 4      # within 50 km of the busiest base in Japan (S12)
MASS_SIZE = [(4000, 20), (6400, 25), (6400, 25), (11000, 30), (22700, 50)]
SURFACE = [("grass", "yes"), ("gravel", "yes"), ("asphalt", "no")]


def anchors_of(nodes, municipalities):
    """Municipal offices, ward offices and the centres of merged towns: (place, id of the municipality)."""
    by_code = {m["code"]: m["id"] for m in municipalities}
    town = {t["node"]: t["municipality_code"] for t in fact("towns.csv")}
    anchors = []
    for n in nodes:
        code = n["municipality_code"] or town.get(n["id"], "")
        if code not in by_code and code:
            code = {"261": "26100", "271": "27100" if code < "27140" else "27140", "281": "28100"}[code[:3]]
        if code:
            anchors.append((place(n), by_code[code]))
    return anchors


def lines_without_sites():
    """Pairs of places whose straight line runs over water or outside the union."""
    return {(r["from"], r["to"]) for r in fact("roads_without_sites.csv")}


def road_candidates(nodes, links, municipalities):
    """Points along ordinary roads, by the municipality of the nearest anchor; none outside the union."""
    at = {n["id"]: n for n in nodes}
    anchors = anchors_of(nodes, municipalities)
    outside = [place(n) for n in nodes if n["neighbour"]]
    without = lines_without_sites()
    found = defaultdict(list)
    seen = set()
    for link in links:
        if link["class"] not in {"national", "prefectural_main"} or link["structure"] in {"bridge", "tunnel"}:
            continue
        if (link["from"], link["to"]) in without:
            continue
        a, b = place(at[link["from"]]), place(at[link["to"]])
        steps = int(distance_km(a, b) / STEP_KM)
        for k in range(1, steps):
            lat, lon = between(a, b, k / steps)
            point = (round(lat, 3), round(lon, 3))
            if point in seen:
                continue
            seen.add(point)
            near, home = min((distance_km(point, p), m) for p, m in anchors)
            if any(distance_km(point, p) < near for p in outside):
                continue
            found[home].append((point, near, link))
    return found


def fallback_candidates(m, municipalities):
    """Where no ordinary road bears a point: towards the four nearest offices, up to 45 % of the way."""
    without = lines_without_sites()
    others = sorted((o for o in municipalities if o["id"] != m["id"] and (m["id"], o["id"]) not in without),
                    key=lambda o: distance_km(place(m), place(o)))
    found = []
    for share in (0.15, 0.3, 0.45):
        for other in others[:4]:
            lat, lon = between(place(m), place(other), share)
            point = (round(lat, 3), round(lon, 3))
            found.append((point, distance_km(point, place(m)), None))
    return found


def spread(candidates, count):
    """The candidate nearest to the office, then always the one farthest from those taken (ties: the first)."""
    pool = sorted(candidates, key=lambda c: (c[1], c[0]))
    taken, gap = [pool[0]], [distance_km(pool[0][0], c[0]) for c in pool]
    while len(taken) < count:
        best = max(range(len(pool)), key=lambda i: gap[i])
        if gap[best] < APART_KM:
            break
        taken.append(pool[best])
        gap = [min(g, distance_km(pool[best][0], c[0])) for g, c in zip(gap, pool)]
    return taken


def site_counts(municipalities, candidates, toyooka):
    counts = {}
    for prefecture in sorted({m["prefecture"] for m in municipalities}):
        local = [m for m in municipalities if m["prefecture"] == prefecture]
        if prefecture in PREFECTURE_SITES:
            weights = [len(candidates[m["id"]]) for m in local]
            counts.update(zip((m["id"] for m in local), shares(PREFECTURE_SITES[prefecture], weights, 2)))
        else:
            for m in local:
                near = distance_km(place(m), toyooka) <= 50
                counts[m["id"]] = DEMONSTRATION.get(m["id"], SITES_NEAR_TOYOOKA if near else SITES_ELSEWHERE)
    return counts


def rendezvous_rows(domain, municipalities, nodes, links, toyooka):
    candidates = road_candidates(nodes, links, municipalities)
    usable = {}
    for m in municipalities:
        reach = REACH_KM.get(m["prefecture"], REACH_ELSEWHERE_KM)
        usable[m["id"]] = [c for c in candidates[m["id"]] if 0.5 <= c[1] <= reach]
        if m["id"] in DEMONSTRATION:
            usable[m["id"]] = [c for c in usable[m["id"]] if distance_km(c[0], place(m)) <= DEMONSTRATION_REACH_KM]
        if len(usable[m["id"]]) < 4:
            usable[m["id"]] += fallback_candidates(m, municipalities)
    counts = site_counts(municipalities, usable, toyooka)
    rows, serial = [], 0
    for m in municipalities:
        taken = spread(usable[m["id"]], counts[m["id"]])
        assert len(taken) == counts[m["id"]], f"{m['id']}: {len(taken)} of {counts[m['id']]} sites"
        for n, (point, _, link) in enumerate(taken, 1):
            road_ja = f"({link['road_ja']})" if link else ""
            road_en = f" ({link['road_en']})" if link else ""
            mass, size = MASS_SIZE[serial % len(MASS_SIZE)]
            surface, water = SURFACE[serial % len(SURFACE)]
            confirmed = date(2026, 11, 30) - timedelta(days=(serial * 7) % 180)
            serial += 1
            rows.append({
                "id": f"lz-{m['id']}-{n:02d}", "member": m["member"], "municipality": m["id"],
                "name_ja": f"{m['name_ja']} 訓練離着陸場{n:02d}{road_ja}",
                "name_en": f"{m['name_en']} drill landing site {n:02d}{road_en}", "lat": f"{point[0]:.5f}",
                "lon": f"{point[1]:.5f}", "kind": "rendezvous_point", "max_mass_kg": mass, "size_m": size, "spots": 1,
                "surface": surface, "needs_watering": water, "surveyed": "yes", "state": "usable",
                "confirmed_on": confirmed.isoformat(), "consent": m["fire_department"], "fuel": "no",
                "weather_region": m["weather_region"], "source": "illustrative R-SITES"})
    return rows


AIRPORT = {  # ident: (max mass kg, spots, fuel, source of spots)
    "RJBB": (400000, 4, "yes", "R-PADS"), "RJOO": (400000, 4, "yes", "R-PADS"), "RJBE": (400000, 7, "yes", "S27c"),
    "RJOY": (30000, 14, "yes", "S37 (1 landing and 13 parking spots)"), "RJBT": (60000, 3, "yes", "R-PADS"),
    "RJBD": (200000, 4, "yes", "R-PADS"), "RJOR": (200000, 4, "yes", "R-PADS"), "RJOH": (400000, 6, "yes", "R-PADS"),
    "RJOS": (400000, 6, "yes", "R-PADS")}
# Bases outside the eight prefectures, of aircraft that are only offered: own knowledge, within 1-3 km.
OUTSIDE_BASES = [
    ("mie", "三重県ドクターヘリ基地(三重大学病院)", "Mie base (Mie University Hospital)", 34.75, 136.52),
    ("fukui", "福井県ドクターヘリ基地(福井県立病院)", "Fukui base (Fukui Prefectural Hospital)", 36.08, 136.23),
    ("shimane", "島根県ドクターヘリ基地(島根県立中央病院)", "Shimane base (Prefectural Central Hospital)", 35.36, 132.77),
    ("okayama", "岡山県ドクターヘリ基地(川崎医科大学附属病院)", "Okayama base (Kawasaki Medical School)", 34.62, 133.82),
    ("kagawa", "香川県ドクターヘリ基地", "Kagawa base", 34.29, 134.12),
    ("kochi", "高知県ドクターヘリ基地(高知医療センター)", "Kochi base (Kochi Health Sciences Center)", 33.57, 133.58),
    ("ehime", "愛媛県ドクターヘリ基地(愛媛県立中央病院)", "Ehime base (Prefectural Central Hospital)", 33.84, 132.79)]


def municipality_of_address(address, prefecture_ja, municipalities):
    """By the name at the head of the address (a district name may stand before it)."""
    local = [m for m in municipalities if m["prefecture_ja"] == prefecture_ja]
    hits = [m for m in local if re.match(r"([^市町村]+郡)?" + m["name_ja"], address)]
    return max(hits, key=lambda m: len(m["name_ja"]))


# FACTS 1.1 says "roof pad" of these two (S43, S6); of no other is it known.
ROOF_PADS = {"tokushima-central", "tottori-university"}


def hospitals_and_pads(domain, municipalities):
    pads = {p["ident"]: p for p in fact("ourairports_pads.csv")}
    names = {h["site_name"]: h for h in fact("hospitals.csv")}
    hospitals, sites = [], []
    for number, s in enumerate([s for s in read(domain / "sites.csv") if s["kind"] == "H"], 1):
        h = names[s["name"]]
        m = municipality_of_address(s["address_key"], s["pref"], municipalities)
        pad = pads.get(h["pad_ident"])
        caps = ["emergency"]
        if h["critical_care_center"] != "no":
            caps += ["critical_care", "trauma", "cardiac", "stroke"]
        if h["critical_care_center"] == "advanced":
            caps += ["burns"]
        if h["university"] == "yes":
            caps += ["paediatric", "obstetric"]
        source = (f"name and position: sites.csv of the researched facts ({s['coord_source']}, {s['coord_accuracy']}); "
                  f"critical care own knowledge, medium; capabilities illustrative R-HOSP"
                  + ("; beds S43e" if h["beds"] else ""))
        hospitals.append({
            "id": h["id"], "member": m["member"], "municipality": m["id"], "name_ja": h["name_ja"],
            "name_en": h["name_en"], "lat": f"{float(s['lat']):.4f}", "lon": f"{float(s['lon']):.4f}",
            "core": "yes" if "基幹" in s["name"] else "no", "critical_care_center": h["critical_care_center"],
            "capabilities": ";".join(caps), "pad": "pad-" + h["id"],
            "pad_basis": f"OurAirports {h['pad_ident']}" if pad else "illustrative R-PADS",
            "roof": "yes" if h["id"] in ROOF_PADS else "no", "beds": h["beds"],
            "telephone": f"000-0000-2{number:03d}", "source": source})
        where = pad or s
        sites.append(site_row("pad-" + h["id"], m, h["name_ja"] + " ヘリポート", h["name_en"] + " helipad", where,
                              "hospital_pad", (6000, 20, 1), "no", "OurAirports (public domain) " + h["pad_ident"]
                              + "; mass S68, rest R-PADS" if pad else "illustrative R-PADS (S43: a heliport is nearby)"))
    for p in fact("pad_names.csv"):
        pad = pads[p["ident"]]
        m = next(m for m in municipalities if m["name_ja"] == p["municipality_ja"]
                 and ISO_REGION[m["prefecture"]] == pad["iso_region"])
        source = f"OurAirports (public domain) {p['ident']}; name own knowledge"
        ident = p["ident"].lower()
        if p["kind"] == "airport":
            mass, spots, fuel, basis = AIRPORT[p["ident"]]
            sites.append(site_row("ap-" + ident, m, p["name_ja"], p["name_en"], pad, "airport", (mass, 60, spots), fuel,
                                  source + "; spots " + basis + "; mass and fuel R-PADS"))
        elif p["kind"] == "base":
            sites.append(site_row("base-" + ident, m, p["name_ja"], p["name_en"], pad, "base", (11000, 30, 3), "yes",
                                  source + "; mass, spots and fuel R-PADS"))
        else:
            sites.append(site_row("pad-" + ident, m, p["name_ja"], p["name_en"], pad, "hospital_pad", (6000, 20, 1), "no",
                                  source + "; mass S68, rest R-PADS"))
    hino = next(m for m in municipalities if m["code"] == "25383")
    sites.append(site_row("base-shiga-hino", hino, "滋賀県防災航空隊基地(日野)", "Shiga disaster aviation base (Hino)",
                          {"lat": "35.0594", "lon": "136.2436"}, "base", (11000, 30, 2), "yes",
                          "FACTS 2 and sites.csv of the researched facts (town centroid); mass, spots and fuel R-PADS"))
    return hospitals, sites


def site_row(slug, m, name_ja, name_en, where, kind, room, fuel, source):
    mass, size, spots = room
    return {"id": slug, "member": m["member"], "municipality": m["id"], "name_ja": name_ja, "name_en": name_en,
            "lat": f"{float(where['lat']):.5f}", "lon": f"{float(where['lon']):.5f}", "kind": kind, "max_mass_kg": mass,
            "size_m": size, "spots": spots, "surface": "paved", "needs_watering": "no", "surveyed": "yes",
            "state": "usable", "confirmed_on": "2026-11-01", "consent": "", "fuel": fuel,
            "weather_region": m["weather_region"], "source": source}


def outside_base_rows():
    rows = []
    for member, name_ja, name_en, lat, lon in OUTSIDE_BASES:
        rows.append({"id": "base-" + member, "member": member, "municipality": "", "name_ja": name_ja,
                     "name_en": name_en, "lat": f"{lat:.5f}", "lon": f"{lon:.5f}", "kind": "base", "max_mass_kg": 6000,
                     "size_m": 20, "spots": 1, "surface": "paved", "needs_watering": "no", "surveyed": "yes",
                     "state": "usable", "confirmed_on": "2026-11-01", "consent": "", "fuel": "yes",
                     "weather_region": "", "source": "own knowledge, within 1-3 km; mass and spots R-PADS"})
    return rows


def fuel_at_bases(sites):
    """A doctor helicopter refuels at home (FACTS 7.3: return, refuel, ready)."""
    homes = {b["site"] for b in read(HERE / "bases.csv")}
    for s in sites:
        if s["id"] in homes:
            s["fuel"] = "yes"
            s["source"] += "; fuel at the base FACTS 7.3"


# ---------------------------------------------------------------- organisations

OPERATORS = [("op-hirata", "学校法人ヒラタ学園", "Hirata Gakuen", "S4; S17"),
             ("op-nakanihon", "中日本航空", "Nakanihon Air", "S3"), ("op-tsukuba", "つくば航空", "Tsukuba Air", "S3")]
AIR_UNITS = [
    ("hyogo-kobe", "hyogo", "兵庫県消防防災航空隊・神戸市航空機動隊", "Hyogo and Kobe joint air unit", "S27"),
    ("osaka", "osaka-city", "大阪市消防局航空隊", "Osaka City Fire air unit", "FACTS 2"),
    ("kyoto", "kyoto-city", "京都市消防局航空隊", "Kyoto City Fire air unit", "S30"),
    ("shiga", "shiga", "滋賀県防災航空隊", "Shiga disaster air unit", "FACTS 2"),
    ("nara", "nara", "奈良県防災航空隊", "Nara disaster air unit", "FACTS 2"),
    ("wakayama", "wakayama", "和歌山県防災航空隊", "Wakayama disaster air unit", "S29"),
    ("tottori", "tottori", "鳥取県消防防災航空隊", "Tottori fire and disaster air unit", "S32"),
    ("tokushima", "tokushima", "徳島県消防防災航空隊", "Tokushima fire and disaster air unit", "S28")]
STATE_BODIES = [("org-fdma", "消防庁", "Fire and Disaster Management Agency", "S30"),
                ("org-jcg", "海上保安庁", "Japan Coast Guard", "FACTS 2"),
                ("org-jgsdf", "陸上自衛隊", "Japan Ground Self-Defense Force", "FACTS 2"),
                ("org-jmsdf", "海上自衛隊", "Japan Maritime Self-Defense Force", "FACTS 2"),
                ("org-jasdf", "航空自衛隊", "Japan Air Self-Defense Force", "FACTS 2")]


def organisation_rows(departments, hospitals):
    members = {m["id"]: m for m in read(HERE / "members.csv")}
    hospital = {h["id"]: h for h in hospitals}
    rows = []

    def add(slug, member, kind, name_ja, name_en, source):
        rows.append({"id": slug, "member": member, "kind": kind, "name_ja": name_ja, "name_en": name_en,
                     "telephone": f"000-0000-1{len(rows) + 1:03d}", "source": source + "; telephone R-TEL"})

    for b in read(HERE / "bases.csv"):
        if b["active"] == "yes":
            h = hospital[b["hospital"]]
            add(b["organisation"], b["member"], "communication_room", h["name_ja"] + " 運航管理室(CS)",
                h["name_en"] + ", communication room (CS)", "FACTS 1.1, 1.2 (S69)")
    for slug, name_ja, name_en, source in OPERATORS:
        add(slug, "", "operator", name_ja, name_en, source)
    for slug, member, name_ja, name_en, source in AIR_UNITS:
        add("air-" + slug, member, "air_unit", name_ja, name_en, source)
    for m in members.values():
        if m["kind"] in {"prefecture", "city", "linked"}:
            add("hq-" + m["id"], m["id"], "headquarters", m["name_ja"] + " 災害対策本部",
                m["name_en"] + ", disaster headquarters", "FACTS 4.1")
    for slug in PREFECTURES.values():
        m = members[slug]
        add("org-police-" + slug, slug, "police", m["name_ja"].rstrip("府県") + m["name_ja"][-1] + "警察航空隊",
            m["name_en"].replace(" Prefecture", "") + " police air unit", "FACTS 2 (OK-med)")
    for slug, name_ja, name_en, source in STATE_BODIES:
        add(slug, "state", "state_agency", name_ja, name_en, source)
    for member, name_ja, name_en, _, _ in OUTSIDE_BASES:
        add("cs-" + member, member, "communication_room", name_ja.split("(")[0] + " 運航管理室(CS)",
            name_en.split(" (")[0] + ", communication room (CS)", "FACTS 1.1")
    for d in departments:
        add(d["fact"]["id"], d["seat"]["member"], "fire_department", d["fact"]["name_ja"], d["fact"]["name_en"],
            f"own knowledge, {d['fact']['confidence']}")
    return rows


def doctor_car_rows(hospitals, municipalities):
    hospital = {h["id"]: h for h in hospitals}
    pref_of = {m["id"]: m["prefecture"] for m in municipalities}
    by_name = {(m["prefecture"], m["name_ja"]): m["id"] for m in municipalities}
    rows = []
    for c in fact("doctor_cars.csv"):
        h = hospital[c["hospital"]]
        area = [by_name[pref_of[h["municipality"]], name] for name in c["municipalities_ja"].split(";")]
        rows.append({"id": c["id"], "member": h["member"], "hospital": h["id"], "name_ja": c["name_ja"],
                     "name_en": c["name_en"], "lat": h["lat"], "lon": h["lon"], "hours_from": c["hours_from"],
                     "hours_to": c["hours_to"], "municipalities": ";".join(area), "source": c["source"]})
    return rows


# ---------------------------------------------------------------- demand

CALLS_PER_YEAR = {  # sorties, taken as calls
    "heli-toyooka": (1717, "S12 (FY2023)"), "heli-osaka": (100, "S23 (about 2010)"),
    "heli-tokushima": (414, "S13 (FY2014)"), "heli-wakayama": (400, "S14b (2008)"),
    "heli-kakogawa": (400, "FACTS 1.2 (300-500)"), "heli-ritto": (400, "FACTS 1.2 (300-500)"),
    "heli-nara": (400, "FACTS 1.2 (300-500)"), "heli-tottori": (400, "FACTS 1.2 (300-500)")}
# 8:30 to 18:00, the 9.5 hours over which FACTS 1.2 spreads the day.
HALF_HOURS = [1 if h == 8 else 2 if 9 <= h <= 17 else 0 for h in range(24)]


def doctor_helicopters():
    return [h for h in read(HERE / "helicopters.csv") if h["kind"] == "doctor" and h["offered_only"] == "no"]


def demand_rows(municipalities, sites):
    """Each municipality belongs to the nearest base; a base's calls go by population (R-DEMAND)."""
    at = {s["id"]: place(s) for s in sites}
    helis = doctor_helicopters()
    home = {m["id"]: nearest(place(m), helis, lambda h: at[h["base_site"]])["id"] for m in municipalities}
    people = Counter()
    for m in municipalities:
        people[home[m["id"]]] += m["population"]
    rows = []
    for m in municipalities:
        heli = home[m["id"]]
        year, source = CALLS_PER_YEAR[heli]
        row = {"municipality": m["id"], "helicopter": heli}
        for hour, halves in enumerate(HALF_HOURS):
            # year calls / 365 days / 19 half hours x halves, in millionths, by population; rounded half up
            top = year * 1_000_000 * halves * m["population"] * 2 + 365 * 19 * people[heli]
            row[f"h{hour:02d}"] = top // (2 * 365 * 19 * people[heli])
        row["source"] = f"yearly sorties {source}; distribution illustrative R-DEMAND"
        rows.append(row)
    return rows


# ---------------------------------------------------------------- agreements

OWN = {"shiga": ["heli-ritto"], "osaka": ["heli-osaka"], "nara": ["heli-nara"], "wakayama": ["heli-wakayama"],
       "tottori": ["heli-tottori", "heli-toyooka"], "tokushima": ["heli-tokushima"]}
MAX_KM = {"heli-toyooka": (50, "toyooka-50km"), "heli-tottori": (70, "tottori-70km"),
          "heli-tokushima": (100, "tokushima-100km")}
FIRE_HOME = {"shiga": ["fire-shiga"], "kyoto": ["fire-kyoto-1", "fire-kyoto-2"], "osaka": ["fire-osaka-1", "fire-osaka-2"],
             "hyogo": ["fire-hyogo", "fire-kobe-1", "fire-kobe-2"], "nara": ["fire-nara"],
             "wakayama": ["fire-wakayama"], "tottori": ["fire-tottori"], "tokushima": ["fire-tokushima"]}


def own_helicopters(department, km):
    """Whose area it is, from the areas told in FACTS 1.1 and R-AGREE."""
    prefecture, name = department["fact"]["prefecture"], department["fact"]["id"]
    if prefecture == "kyoto":
        return ["heli-toyooka"] if km["heli-toyooka"] <= 50 else ["heli-ritto"]
    if prefecture == "hyogo":
        if name == "fd-awaji":
            return ["heli-tokushima", "heli-kakogawa"]
        return ["heli-toyooka", "heli-kakogawa"] if km["heli-toyooka"] <= 50 else ["heli-kakogawa"]
    return OWN[prefecture]


def agreement_tables(departments, sites):
    at = {s["id"]: place(s) for s in sites}
    helis = {h["id"]: h for h in read(HERE / "helicopters.csv") if h["offered_only"] == "no"}
    areas, orders = [], []
    for d in departments:
        seat = place(d["seat"])
        km = {i: distance_km(seat, at[h["base_site"]]) for i, h in helis.items()}
        own = own_helicopters(d, km)
        # Where a base of another prefecture has the area as its own, the nearest is called (R-AGREE).
        crossing = any(helis[i]["member"] != d["fact"]["prefecture"] for i in own) or km["heli-toyooka"] <= 50
        rule = "nearest_first" if crossing else "own_first"
        areas.append({"fire_department": d["fact"]["id"], "rule": rule, "own": ";".join(own),
                      "clause": "nearest-first" if crossing else "own-first", "monthly_limit": "",
                      "source": "own aircraft from FACTS 1.1 (S1, S5, S6, S7); rule per area illustrative R-AGREE"})
        doctors = sorted((i for i, h in helis.items() if h["kind"] == "doctor"),
                         key=lambda i: (0 if crossing or i in own else 1, km[i], i))
        home = FIRE_HOME[d["fact"]["prefecture"]]
        fires = sorted((i for i, h in helis.items() if h["kind"] == "fire"),
                       key=lambda i: (0 if i in home else 1, km[i], i))
        for rank, i in enumerate(doctors + fires, 1):
            limit, clause = MAX_KM.get(i, ("", "union-network"))
            if helis[i]["kind"] == "fire":
                clause = "fire-after-doctor"
            orders.append({"fire_department": d["fact"]["id"], "rank": rank, "helicopter": i,
                           "tier": "own" if i in own or i in home else "neighbour",
                           "distance_m": round(km[i] * 1000), "max_distance_m": limit * 1000 if limit else "",
                           "monthly_limit": "", "clause": clause,
                           "source": "by distance from the base (FACTS 1.3) R-AGREE"})
    return areas, orders


# ---------------------------------------------------------------- roads


def slug_of(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def clean_source(text):
    return (text.replace("(MLIT, via expressway_N06_Joint_fixed.geojson)", "(MLIT N06, via HighwayOrderedDS)")
            .replace("the expressway_highway_point.geojson", "the point of that name in HighwayOrderedDS"))


def reserved_link(by_id, from_id, to_id, road_ja, road_en):
    """R-RESERVE: a ferry that is not there until somebody opens it."""
    places = [(float(by_id[i]["lat"]), float(by_id[i]["lon"])) for i in (from_id, to_id)]
    return {"from": from_id, "to": to_id, "road_ja": road_ja, "road_en": road_en, "class": "ferry",
            "length_km": f"{distance_km(*places) * 1.3:.1f}", "free_flow_kmh": "25", "lanes": "0",
            "structure": "none", "structure_id": "", "emergency_route": "none", "oneway": "false",
            "closes_in_winter": "false", "reserved": "true", "length_basis": "estimated", "factor": "1.30",
            "source": "illustrative R-RESERVE: not there until it is opened"}


def road_tables(nodes, links):
    english = {r["name_ja"]: r["name_en"] for r in fact("structure_names.csv")}
    by_id = {n["id"]: n for n in nodes}
    used = Counter(l["structure_name"] for l in links if l["structure"] in {"bridge", "tunnel"})
    structures = {}
    out = []
    for l in links:
        # A working note had slipped into one name.
        name = l["structure_name"].replace(" v72 l2", "")
        structure_id = ""
        if name and l["structure"] in {"bridge", "tunnel"}:
            name_en = english[name]
            base = slug_of(name_en.replace(" (", "-"))
            structure_id = base if used[l["structure_name"]] == 1 else f"{base}-{l['from']}-{l['to']}"
            basis = "name from the road table; English name own romanisation"
        elif name:
            name_en = f"{by_id[l['from']]['name_en']} to {by_id[l['to']]['name_en']} mountain section"
            structure_id = f"mountain-{l['from']}-{l['to']}"
            basis = "name from the road table; English name from the ends R-STRUCT"
        if structure_id:
            # Two roads may join the same two places: the second takes a number.
            first, turn = structure_id, 2
            while structure_id in structures:
                structure_id, turn = f"{first}-{turn}", turn + 1
            structures[structure_id] = {"id": structure_id, "kind": l["structure"], "name_ja": name,
                                        "name_en": name_en, "source": basis}
        out.append({**{k: l[k] for k in ("from", "to", "road_ja", "road_en", "class", "length_km", "free_flow_kmh",
                                         "lanes", "structure")}, "structure_id": structure_id,
                    **{k: l[k] for k in ("emergency_route", "oneway")},
                    "closes_in_winter": "true" if "冬期閉鎖" in name else "false", "reserved": "false",
                    **{k: l[k] for k in ("length_basis", "factor")}, "source": clean_source(l["source"])})
    out += [reserved_link(by_id, *row) for row in RESERVED]
    spelling = {code: name for code, (_, name) in MUNICIPALITY_SPELLING.items()}
    node_rows = [{**n, "name_en": spelling.get(n["municipality_code"], n["name_en"]),
                  "source": clean_source(n["source"])} for n in nodes]
    return node_rows, out, [structures[k] for k in sorted(structures)]


# ---------------------------------------------------------------- all of it


def generate(domain):
    nodes, links = read(domain / "network" / "nodes.csv"), read(domain / "network" / "links.csv")
    municipalities = municipality_rows(domain, nodes)
    for m in municipalities:
        m["weather_region"] = weather_region(m)
    wards = ward_rows(domain, nodes, municipalities)
    departments = fire_departments(municipalities)
    hospitals, pads = hospitals_and_pads(domain, municipalities)
    toyooka = next(place(p) for p in pads if p["id"] == "pad-toyooka")
    sites = rendezvous_rows(domain, municipalities, nodes, links, toyooka) + pads + outside_base_rows()
    fuel_at_bases(sites)
    areas, orders = agreement_tables(departments, sites)
    node_rows, link_rows, structures = road_tables(nodes, links)
    organisations = organisation_rows(departments, hospitals)
    columns = ("id", "code", "prefecture", "member", "name_ja", "kana", "name_en", "lat", "lon", "population",
               "fire_department", "weather_region", "road_node", "source")
    tables = {
        "municipalities.csv": [{c: m[c] for c in columns} for m in municipalities],
        "weather_region_borders.csv": weather_border_rows(municipalities, sites),
        "wards.csv": wards,
        "fire_departments.csv": fire_department_rows(departments),
        "ambulance_starts.csv": ambulance_rows(municipalities, wards),
        "hospitals.csv": hospitals,
        "doctor_cars.csv": doctor_car_rows(hospitals, municipalities),
        "sites.csv": sites,
        "organisations.csv": organisations,
        "demand.csv": demand_rows(municipalities, sites),
        "agreements.csv": areas,
        "agreement_orders.csv": orders,
        "roads/nodes.csv": node_rows,
        "roads/links.csv": link_rows,
        "roads/structures.csv": structures,
        "ground.csv": ground.ground_rows(municipalities, wards),
        **goods.tables(domain, nodes, municipalities, hospitals, organisations, sites)}
    return {name: table_text(rows) for name, rows in tables.items()}


# ---------------------------------------------------------------- checks


class Checks:
    """Counts what was looked at and keeps what failed."""

    def __init__(self):
        self.done, self.failed = 0, []

    def that(self, ok, what):
        self.done += 1
        if not ok:
            self.failed.append(what)


def check_tables(check):
    names = ["members", "organisations", "fire_departments", "ambulance_starts", "doctor_cars", "helicopters", "bases",
             "hospitals", "municipalities", "wards", "sites", "weather_regions", "weather_region_borders", "demand", "agreements",
             "agreement_orders", "clauses", "outages", "earthquakes", "faults", "ground_classes", "ground",
             "old_municipality_codes", "roads/nodes", "roads/links", "roads/structures", *goods.TABLES]
    t = {n: read(HERE / (n + ".csv")) for n in names}
    for name, rows in t.items():
        raw = (HERE / (name + ".csv")).read_bytes()
        check.that(b"\r" not in raw and raw.endswith(b"\n"), f"{name}: line ends")
        check.that(all(None not in r and None not in r.values() for r in rows), f"{name}: a row of another width")
        check.that(all(r["source"] for r in rows), f"{name}: a row without its source")
        if rows and "id" in rows[0]:
            ids = [r["id"] for r in rows]
            check.that(len(ids) == len(set(ids)), f"{name}: ids {[i for i, c in Counter(ids).items() if c > 1][:5]}")
            for i in ids:
                check.that(SLUG.fullmatch(i), f"{name}: {i} is not a slug")
        for r in rows:
            if "lat" in r:
                lat, lon = place(r)
                check.that(33.2 <= lat <= 36.2 and 132.6 <= lon <= 136.8, f"{name}: {r} lies outside the region")
            if "name_ja" in r:
                check.that(r["name_ja"] and r["name_en"] and r["name_en"].isascii(), f"{name}: names of {r}")
    return t


REFERENCES = [  # table, column, table it points at, may be empty
    ("faults", "earthquake", "earthquakes", False), ("ground", "ground", "ground_classes", False),
    ("organisations", "member", "members", True), ("fire_departments", "member", "members", False),
    ("fire_departments", "municipalities", "municipalities", False),
    ("fire_departments", "organisation", "organisations", False),
    ("ambulance_starts", "fire_department", "fire_departments", False),
    ("ambulance_starts", "municipality", "municipalities", False), ("ambulance_starts", "member", "members", False),
    ("ambulance_starts", "road_node", "roads/nodes", False), ("doctor_cars", "hospital", "hospitals", False),
    ("doctor_cars", "municipalities", "municipalities", False), ("doctor_cars", "member", "members", False),
    ("helicopters", "member", "members", False), ("helicopters", "custodian", "organisations", False),
    ("helicopters", "owner", "organisations", False), ("helicopters", "operator", "organisations", False),
    ("helicopters", "base_site", "sites", False), ("bases", "site", "sites", False), ("bases", "member", "members", False),
    ("bases", "hospital", "hospitals", False), ("bases", "organisation", "organisations", False),
    ("hospitals", "member", "members", False), ("hospitals", "municipality", "municipalities", False),
    ("hospitals", "pad", "sites", False), ("municipalities", "member", "members", False),
    ("municipalities", "fire_department", "fire_departments", False),
    ("municipalities", "weather_region", "weather_regions", False),
    ("weather_region_borders", "weather_region", "weather_regions", False),
    ("municipalities", "road_node", "roads/nodes", False), ("wards", "municipality", "municipalities", False),
    ("wards", "road_node", "roads/nodes", False), ("sites", "member", "members", False),
    ("sites", "municipality", "municipalities", True), ("sites", "consent", "organisations", True),
    ("sites", "weather_region", "weather_regions", True), ("demand", "municipality", "municipalities", False),
    ("demand", "helicopter", "helicopters", False), ("agreements", "fire_department", "fire_departments", False),
    ("agreements", "own", "helicopters", False), ("agreements", "clause", "clauses", False),
    ("agreement_orders", "fire_department", "fire_departments", False),
    ("agreement_orders", "helicopter", "helicopters", False), ("agreement_orders", "clause", "clauses", False),
    ("outages", "helicopter", "helicopters", False), ("roads/links", "from", "roads/nodes", False),
    ("roads/links", "to", "roads/nodes", False), ("roads/links", "structure_id", "roads/structures", True),
    *goods.REFERENCES]


def check_references(check, t):
    for name, column, target, may_be_empty in REFERENCES:
        known = {r["id"] for r in t[target]}
        for r in t[name]:
            values = r[column].split(";") if r[column] else []
            check.that(values or may_be_empty, f"{name}.{column}: empty in {r}")
            for v in values:
                check.that(v in known, f"{name}.{column}: {v} is not in {target}")


def check_counts(check, t):
    def count(what, got, want):
        check.that(got == want, f"{what}: {got}, expected {want}")

    union = [m for m in t["members"] if m["kind"] in {"prefecture", "city"}]
    count("members of the union", len(union), 12)
    count("municipalities", len(t["municipalities"]), 241)
    count("population", sum(int(m["population"]) for m in t["municipalities"]), UNION_POPULATION)
    count("wards", len(t["wards"]), 51)
    both = [m["id"] for m in t["municipalities"]] + [w["id"] for w in t["wards"]]
    check.that([g["place"] for g in t["ground"]] == both, "each municipality and ward stands on one ground")
    broken = {f["earthquake"] for f in t["faults"]}
    check.that(broken == {e["id"] for e in t["earthquakes"]}, "each earthquake breaks something")
    count("disaster base hospitals", len(t["hospitals"]), 87)
    count("road nodes", len(t["roads/nodes"]), 746)
    count("road links", len(t["roads/links"]), 1503)
    doctor = [h for h in t["helicopters"] if h["kind"] == "doctor" and h["offered_only"] == "no"]
    count("doctor helicopters of the union", len(doctor), 8)
    count("fire helicopters", sum(h["kind"] == "fire" for h in t["helicopters"]), 12)
    served = Counter(i for f in t["fire_departments"] for i in f["municipalities"].split(";"))
    check.that(set(served.values()) == {1} and len(served) == 241, "each municipality has one fire department")
    for f in t["fire_departments"]:
        for i in f["municipalities"].split(";"):
            home = next(m for m in t["municipalities"] if m["id"] == i)["fire_department"]
            check.that(home == f["id"], f"{i}: {home} or {f['id']}")
    starts = Counter(a["fire_department"] for a in t["ambulance_starts"])
    check.that(all(starts[f["id"]] >= 1 for f in t["fire_departments"]), "each fire department has an ambulance start")
    pref = {m["id"]: m["prefecture"] for m in t["municipalities"]}
    lz = [s for s in t["sites"] if s["kind"] == "rendezvous_point"]
    by_prefecture = Counter(pref[s["municipality"]] for s in lz)
    count("landing sites of Wakayama", by_prefecture["wakayama"], 400)
    count("landing sites of Tokushima", by_prefecture["tokushima"], 226)
    by_municipality = Counter(s["municipality"] for s in lz)
    check.that(all(by_municipality[i] >= 2 for i in pref), "each municipality has two landing sites")
    check.that(950 <= len(lz) <= 1100, f"about 1,000 landing sites: {len(lz)}")
    office = {m["id"]: place(m) for m in t["municipalities"]}
    check.that(all(distance_km(place(s), office[s["municipality"]]) <= 60 for s in lz), "sites near their office")
    count("areas with demand", len(t["demand"]), 241)
    for heli, (year, _) in CALLS_PER_YEAR.items():
        total = sum(int(r[f"h{h:02d}"]) for r in t["demand"] if r["helicopter"] == heli for h in range(24))
        check.that(abs(total * 365 - year * 1_000_000) <= 0.001 * year * 1_000_000 + 241 * 24 * 365,
                   f"calls of {heli}: {total * 365 / 1e6:.1f} a year")
    count("rows of agreements", len(t["agreements"]), len(t["fire_departments"]))
    ranks = defaultdict(list)
    for o in t["agreement_orders"]:
        ranks[o["fire_department"]].append(int(o["rank"]))
    check.that(all(r == list(range(1, 21)) for r in ranks.values()), "20 ranks for each fire department")
    ids = {s["id"] for s in t["roads/structures"]}
    check.that({"onaruto-bridge", "akashi-kaikyo-bridge"} <= ids, "the two straits have their bridges")
    for row in t["organisations"] + t["hospitals"]:
        check.that(row["telephone"].startswith("000-0000-"), f"telephone of {row['id']} is not evidently fictitious")
    borders = weather_border_rows(t["municipalities"], t["sites"])
    borders = [{key: str(value) for key, value in row.items()} for row in borders]
    check.that(borders == t["weather_region_borders"], "borders of the weather regions follow R-BORDERS")
    start = "2026-12-05T00:00:00+09:00"
    check.that(all(not (o["from"] <= start < o["until"]) for o in t["outages"]), "all eight stand ready at the start")


SCENE = (35.170, 135.040)  # the crash of the demonstration, in Tamba
SCENE_DAY = date(2026, 12, 5)
ON_SCENE_MIN, SPEED_KMH = 15, 200


def latest_request_min(heli, base, site):
    """request + start + d + on scene + d <= sunset at the base - its margin, in minutes after midnight."""
    last = sunset_min(SCENE_DAY, *base) - int(heli["sunset_margin_min"])
    if heli["hours_to"]:
        hour, minute = heli["hours_to"].split(":")
        last = min(last, int(hour) * 60 + int(minute))
    speed = int(heli["planning_speed_kmh"])
    return last - int(heli["start_min"]) - ON_SCENE_MIN - 2 * distance_km(base, site) / speed * 60


def check_demonstration(check, t, report):
    """10:00 several doctor helicopters, 15:56 Kakogawa alone, 16:10 none, at each of the 16 nearest sites."""
    at = {s["id"]: place(s) for s in t["sites"]}
    near = sorted(t["sites"], key=lambda s: (distance_km(place(s), SCENE), s["id"]))[:16]
    doctors = [h for h in t["helicopters"] if h["physician"] == "yes"]
    clock = lambda m: f"{int(m // 60):02d}:{m % 60:04.1f}"
    for h in [h for h in t["helicopters"] if h["offered_only"] == "no"]:
        cut = [latest_request_min(h, at[h["base_site"]], place(s)) for s in near]
        if report:
            print(f"  {h['id']:16s} latest request {clock(min(cut))} to {clock(max(cut))} at the 16 nearest sites")
    for s in near:
        cuts = {h["id"]: latest_request_min(h, at[h["base_site"]], place(s)) for h in doctors}
        going = lambda minute: sorted(i for i, c in cuts.items() if minute <= c)
        check.that(len(going(600)) >= 5, f"10:00 at {s['id']}: {going(600)}")
        check.that(going(15 * 60 + 56) == ["heli-kakogawa"], f"15:56 at {s['id']}: {going(956)}")
        check.that(going(16 * 60 + 10) == [], f"16:10 at {s['id']}: {going(970)}")


def check_regenerated(check, domain):
    for name, text in generate(domain).items():
        check.that((HERE / name).read_bytes() == text.encode(), f"{name} differs from what the generator makes")


def main(arguments):
    checking = "--check" in arguments
    folders = [pathlib.Path(a) for a in arguments if not a.startswith("--")]
    if len(folders) > 1 or (not folders and not checking):
        sys.exit(__doc__)
    if not checking:
        for name, text in generate(folders[0]).items():
            (HERE / name).parent.mkdir(exist_ok=True)
            (HERE / name).write_bytes(text.encode())
            print(f"{name}: {text.count(chr(10)) - 1} rows")
        return
    check = Checks()
    tables = check_tables(check)
    check_references(check, tables)
    check_counts(check, tables)
    check_demonstration(check, tables, report=True)
    needs.check(check, tables, report=True)
    goods.check(check, tables, report=True)
    if folders:
        check_regenerated(check, folders[0])
    for failure in check.failed[:50]:
        print("FAIL", failure)
    print(f"{check.done} checks, {len(check.failed)} failed")
    sys.exit(1 if check.failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
