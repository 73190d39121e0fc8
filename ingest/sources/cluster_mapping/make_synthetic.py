"""Make the declared synthetic rows of the cluster mapping, 2013 and 2016, and their registry rows.

Belongs here: dealing web-site and internationalisation labels so that the 2016 counts equal the published breakdowns
of ``codes.csv``, deriving the other attributes without contradiction, and writing the files byte for byte alike every
time. Does not belong here: names, places, sectors and what became of each cluster (``histories.csv``,
``history_events.csv``), and anything that reads the rows.

    python ingest/sources/cluster_mapping/make_synthetic.py [--registry FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
EDITIONS = ("2013", "2016")
SALT = "cluster mapping, synthetic rows, 1"
DECIDED = {"decided_by": "registry editor", "decided_on": "2026-11-20"}

HEADER_2016 = (
    "no", "name", "name (Japanese)", "prefecture", "sector", "founded", "end of funding", "web site", "web site status",
    "internationalisation", "programme links", "English site", "international contact",
    "agreement with foreign partner", "office abroad", "organisation type",
)  # fmt: skip
HEADERS = {"2013": (*HEADER_2016, "data_available"), "2016": HEADER_2016}

UNIT_KINDS = {
    "cluster organisation": "cluster_organisation",
    "network": "cluster_organisation",
    "research project": "initiative",
}

Row = dict[str, str]


def read_table(name: str) -> list[Row]:
    """Rows of one of the tables beside this script."""
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def draw(*about: str) -> float:
    """A number in [0, 1) that depends on nothing but its arguments: the same on every machine and in any order."""
    digest = hashlib.sha256("|".join((SALT, *about)).encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def deal(ranked: Sequence[str], counts: Mapping[str, int]) -> dict[str, str]:
    """Hand out each code as often as ``counts`` says, in order, to the ranked cluster ids.

    Raises:
        ValueError: the counts do not add up to the number of ids.
    """
    codes = [code for code, n in counts.items() for _ in range(n)]
    if len(codes) != len(ranked):
        raise ValueError(f"codes.csv deals {len(codes)} codes to {len(ranked)} rows; correct n_2016 or histories.csv")
    return dict(zip(ranked, codes, strict=True))


def attributes_2016(histories: Iterable[Row], codes: Sequence[Row]) -> dict[str, Row]:
    """Web-site status and level of every cluster listed in 2016, in the published numbers.

    Raises:
        ValueError: the sectors of histories.csv do not have the published numbers.
    """
    listed = [row for row in histories if row["name_2016"]]
    wanted = {
        column: {row["code"]: int(row["n_2016"]) for row in codes if row["column"] == column}
        for column in ("sector", "website_status", "internationalisation_level")
    }
    found = Counter(row["sector_2016"] for row in listed)
    if found != wanted["sector"]:
        raise ValueError(f"histories.csv has 2016 sectors {dict(found)}, published are {wanted['sector']}")
    outward = {row["cluster_id"]: draw(row["cluster_id"], "outward") for row in listed}
    by_site = sorted(outward, key=lambda each: outward[each])
    by_level = sorted(outward, key=lambda each: 0.6 * outward[each] + 0.4 * draw(each, "level"))
    site = deal(by_site, wanted["website_status"])
    level = deal(by_level, wanted["internationalisation_level"])
    return {each: {"site": site[each], "level": level[each]} for each in outward}


def attributes_2013(histories: Iterable[Row], codes: Sequence[Row], later: Mapping[str, Row]) -> dict[str, Row]:
    """Web-site status and level of every cluster with data in 2013: most as in 2016, others drawn."""
    scale = {
        column: [row["code"] for row in codes if row["column"] == column for _ in range(int(row["n_2016"]))]
        for column in ("website_status", "internationalisation_level")
    }

    def before(cluster: str, column: str, part: str, share_kept: float) -> str:
        if cluster in later and draw(cluster, part, "kept") < share_kept:
            return later[cluster][part]
        return scale[column][int(draw(cluster, part, "2013") * len(scale[column]))]

    return {
        row["cluster_id"]: {
            "site": before(row["cluster_id"], "website_status", "site", 0.75),
            "level": before(row["cluster_id"], "internationalisation_level", "level", 0.6),
        }
        for row in histories
        if row["data_2013"] == "yes"
    }


def parts(cluster: str, level: str, site: str) -> Row:
    """The yes/no columns, so that none contradicts the level or the web site; empty where nothing is known."""
    share_agreed = {"eu_ongoing": 0.8, "eu_past_2001_2012": 0.5, "asia_or_america_only": 0.5}.get(level, 0.0)
    share_abroad = {"eu_ongoing": 0.25, "asia_or_america_only": 0.3}.get(level, 0.0)
    share_contact = {"eu_ongoing": 1.0, "asia_or_america_only": 0.8, "open_no_target": 0.5}.get(level, 0.2)
    if level == "not_interested":
        share_contact = 0.0
    known = level != "no_information"
    return {
        "English site": "no" if site == "japanese_only" else "yes",
        "international contact": yes_no(draw(cluster, "contact") < share_contact) if known else "",
        "agreement with foreign partner": yes_no(draw(cluster, "agreement") < share_agreed) if known else "",
        "office abroad": yes_no(draw(cluster, "abroad") < share_abroad) if known else "",
    }


def yes_no(is_so: bool) -> str:
    """A truth as the list prints it."""
    return "yes" if is_so else "no"


def programme_links(row: Row, level: str) -> str:
    """Support programmes as printed; RIT only where the level speaks of work abroad."""
    links = [row["programmes"]] if row["programmes"] else []
    if level in ("eu_ongoing", "asia_or_america_only") and draw(row["cluster_id"], "rit") < 0.4:
        links.append("RIT")
    return "; ".join(links)


def web_address(row: Row) -> str:
    """An address under the domain that is reserved for examples; it stays when the name changes."""
    name = (row["name_2013"] or row["name_2016"]).removesuffix(" (sample)")
    return f"https://{re.sub('[^a-z0-9]+', '-', name.lower())}.example.org"


def edition_rows(edition: str, histories: Iterable[Row], codes: Iterable[Row], given: Mapping[str, Row]) -> list[Row]:
    """The printed rows of one edition, by prefecture and name, those without data last."""
    printed = {(row["column"], row["code"]): row[f"printed_{edition}"] for row in codes}
    rows = []
    for row in histories:
        cluster, name = row["cluster_id"], row[f"name_{edition}"]
        if not name:
            continue
        line = dict.fromkeys(HEADERS[edition], "") | {"name": name}
        if edition == "2013":
            line["data_available"] = row["data_2013"]
        if cluster in given:
            site, level = given[cluster]["site"], given[cluster]["level"]
            line |= {
                "name (Japanese)": row[f"name_ja_{edition}"],
                "prefecture": printed["prefecture", row[f"prefecture_{edition}"]],
                "sector": printed["sector", row[f"sector_{edition}"]],
                "founded": row["founded"],
                "end of funding": row["funding_end"],
                "web site": web_address(row),
                "web site status": printed["website_status", site],
                "internationalisation": printed["internationalisation_level", level],
                "programme links": programme_links(row, level),
                "organisation type": row["organisation_type"],
                **parts(cluster, level, site),
            }
        rows.append((row[f"prefecture_{edition}"] or "without data", name, line))
    lines = [line for _, _, line in sorted(rows, key=lambda each: each[:2])]
    return [line | {"no": str(number)} for number, line in enumerate(lines, start=1)]


def registry_rows(histories: Iterable[Row], events: Iterable[Row]) -> dict[str, list[Row]]:
    """Clusters, decisions and events of the synthetic rows, in the columns of the registry."""
    clusters, decisions = [], []
    for row in histories:
        cluster = row["cluster_id"]
        clusters.append(
            {
                "cluster_id": cluster,
                "unit_kind": UNIT_KINDS[row["organisation_type"]],
                "label": row["name_2016"] or row["name_2013"],
                "country_code": "JP",
                "is_synthetic": "true",
                "minted_on": "2026-11-20",
                "note": f"synthetic: {row['history']}",
            }
        )
        decisions += [
            {
                "mention_key": f"cluster_mapping/{edition}/entry/{row[f'name_{edition}']}",
                "cluster_id": cluster,
                "verdict": "same",
                "reason": "synthetic row, placed as it was made",
                "evidence_address": f"https://registry.example.org/{cluster.lower()}",
                **DECIDED,
                "withdrawn_on": "",
                "withdrawn_reason": "",
            }
            for edition in EDITIONS
            if row[f"name_{edition}"]
        ]
    dated = [
        {
            **{name: text for name, text in event.items() if name not in ("strength", "note")},
            "evidence_address": f"https://notices.example.org/{event['event_id'].lower()}",
            "strength": event["strength"],
            "is_synthetic": "true",
            "recorded_by": DECIDED["decided_by"],
            "recorded_on": DECIDED["decided_on"],
            "note": event["note"],
        }
        for event in events
    ]
    return {
        "clusters": clusters,
        "decisions": sorted(decisions, key=lambda each: each["mention_key"]),
        "events": dated,
    }


def as_csv(rows: Sequence[Row]) -> bytes:
    """The rows as UTF-8 CSV with plain line ends."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def edition_files() -> dict[str, bytes]:
    """The bytes of each edition's file."""
    histories, codes = read_table("histories.csv"), read_table("codes.csv")
    later = attributes_2016(histories, codes)
    given = {"2013": attributes_2013(histories, codes, later), "2016": later}
    return {each: as_csv(edition_rows(each, histories, codes, given[each])) for each in EDITIONS}


def write_editions() -> None:
    """Write both files and the hash of each into its card."""
    for edition, content in edition_files().items():
        (HERE / edition / f"cluster_mapping_{edition}.csv").write_bytes(content)
        card = HERE / edition / "source.yml"
        digest = hashlib.sha256(content).hexdigest()
        text = re.sub(r"^sha256: .*$", f"sha256: {digest}", card.read_text(encoding="utf-8"), flags=re.MULTILINE)
        card.write_text(text, encoding="utf-8")


def write_registry(folder: Path) -> None:
    """Write clusters.csv, decisions.csv and events.csv of the synthetic rows to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in registry_rows(read_table("histories.csv"), read_table("history_events.csv")).items():
        (folder / f"{name}.csv").write_bytes(as_csv(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the synthetic rows of the cluster mapping again.")
    parser.add_argument("--registry", type=Path, help="folder for the registry rows of the synthetic clusters")
    arguments = parser.parse_args()
    write_editions()
    if arguments.registry:
        write_registry(arguments.registry)
