"""Reading, writing and measuring, for what makes the Kansai drill data. Standard library only."""
import csv
import io
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
EARTH_RADIUS_KM = 6371.0088


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fact(name):
    return read(HERE / "facts" / name)


def text_of(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def table_text(rows):
    """A table of dicts that all have the keys of the first, in its order."""
    header = list(rows[0])
    return text_of(header, [[row[key] for key in header] for row in rows])


def place(row):
    return float(row["lat"]), float(row["lon"])


def distance_km(a, b):
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(h))


def between(a, b, share):
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def nearest(point, candidates, key=place):
    """The nearest candidate; ties to the one that comes first."""
    return min(candidates, key=lambda c: distance_km(point, key(c)))


def shares(total, weights, least):
    """`total` split by weight with `least` each, by largest remainders (ties: the first)."""
    free = total - least * len(weights)
    exact = [free * w / sum(weights) for w in weights]
    counts = [least + int(e) for e in exact]
    order = sorted(range(len(weights)), key=lambda i: -(exact[i] - int(exact[i])))
    for i in order[:total - sum(counts)]:
        counts[i] += 1
    return counts
