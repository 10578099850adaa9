"""The class of ground below each municipal and ward office: R-GROUND. Standard library only."""

# Wards on reclaimed land by the bay of Osaka; own knowledge, medium.
RECLAIMED = {"osaka-konohana", "osaka-minato", "osaka-taisho", "osaka-nishiyodogawa", "osaka-suminoe"}
# Towns on the sand between lake and sea; own knowledge, high.
SANDY = {"sakaiminato"}
# People from whom on an office stands on so soft a ground.
BY_PEOPLE = [(50_000, "plain"), (10_000, "terrace")]


def ground_class(row, is_ward):
    if row["id"] in RECLAIMED:
        return "reclaimed"
    if is_ward or row["id"] in SANDY:
        return "plain"
    return next((name for least, name in BY_PEOPLE if int(row["population"]) >= least), "hill")


def ground_rows(municipalities, wards):
    """One row for each municipality and each ward, in the order of their tables."""
    both = [(m, False) for m in municipalities] + [(w, True) for w in wards]
    return [{"place": row["id"], "ground": ground_class(row, is_ward), "source": "illustrative R-GROUND"}
            for row, is_ward in both]
