"""Belongs here: the labelled sets mentions.csv and unseen_kinds.csv, made from the other CSVs here and the register.
Does not belong here: how a name is changed (perturbations.py), what is measured on the set (tests/benchmarks).

Run by hand from the project's folder: python tests/golden/linkage/make_mentions.py
numpy's PCG64 generator with a fixed seed, so the same inputs give the same bytes.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
sys.path.insert(0, str(HERE))
import perturbations as change  # noqa: E402

SEED = 20161231
EDITIONS = ("2013 directory", "2016 screening", "2019 programme list", "2022 web roster")
COLUMNS = (
    "mention_id",
    "edition",
    "name",
    "country",
    "website",
    "language",
    "entity_id",
    "origin",
    "split",
    "is_synthetic",
)
# Of the bodies, how many stand in one, two, three and all four rosters.
IN_EDITIONS = (0.42, 0.26, 0.18, 0.14)
UNSEEN_IN_EDITIONS = (0.25, 0.25, 0.25, 0.25)
# How often a mention prints the body's usual name, apart from case, width, marks and punctuation.
USUAL = 0.73
# How a mention that does not is made, with weights.
HARD = {
    "other language": 62,
    "other public name": 10,
    "typing slip": 3,
    "acronym in brackets": 8,
    "acronym only": 12,
    "word order": 7,
    "place appended": 5,
    "part dropped": 10,
    "abbreviated": 5,
    "truncated": 2,
    "old kanji": 4,
}
LIGHT = {"as it is": 70, "capitals": 9, "marks left out": 8, "other signs": 9, "full width": 4}
COUNTRY_NAMES = {"JP": "Japan", "DE": "Germany", "FR": "France", "IT": "Italy", "ES": "Spain", "GB": "UK"}


@dataclass
class Body:
    """One true entity: where it is and the names that it or a register prints, the first being its own."""

    entity_id: str
    country: str = ""
    city: str = ""
    website: str = ""
    acronym: str = ""
    names: list[tuple[str, str]] = field(default_factory=list)
    made_up: bool = False

    def add(self, language: str, name: str) -> None:
        """Take a name once, whatever its language."""
        if name and name not in {known for _, known in self.names}:
            self.names.append((language, name))


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_of(family: str, path: Path) -> list[dict[str, str]]:
    """The rows of one family of made-up bodies."""
    return [row for row in rows(path) if row["family"] == family]


def plain(name: str) -> str:
    """Casefolded letters and digits without marks."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(each for each in folded if each.isalnum())


def typed_bodies() -> dict[str, Body]:
    """The bodies of bodies.csv with their names."""
    bodies = {
        row["body_id"]: Body(row["body_id"], row["country"], row["city"], row["website"], row["acronym"])
        for row in rows(HERE / "bodies.csv")
    }
    for row in rows(HERE / "body_names.csv"):
        bodies[row["body_id"]].add(row["language"], row["name"])
    return bodies


def made_up_bodies(bodies: dict[str, Body], family: str, letter: str) -> None:
    """Add made-up bodies: every kind of a family in every place of it, so that neighbours differ by one word only."""
    kinds: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows_of(family, HERE / "made_up_kinds.csv"):
        kinds[row["kind"]][row["language"]] = row["pattern"]
    for place in rows_of(family, HERE / "made_up_places.csv"):
        for patterns in kinds.values():
            if place["language"] not in patterns:
                continue
            number = sum(each.made_up for each in bodies.values()) + 1
            body = Body(f"{letter}{number:04d}", place["country"], place["english"], made_up=True)
            body.add(place["language"], patterns[place["language"]].format(place["place"]))
            body.add("en", patterns["english"].format(place["english"]))
            if place["romanised"]:
                body.add("en", patterns["english"].format(place["romanised"]))
            bodies[body.entity_id] = body


def language_of(name: str) -> str:
    """Japanese when it holds a Japanese sign; anything else in the register is printed in English context."""
    return "ja" if any("\u3040" <= each <= "\u9fff" for each in name) else "en"


def register_bodies(bodies: dict[str, Body]) -> None:
    """Add the real clusters of the reviewed register with every name that was decided to be theirs."""
    seeds = PROJECT / "dbt_project" / "seeds" / "registry"
    sources = PROJECT / "ingest" / "sources"
    ours = {plain(name): body for body in bodies.values() for _, name in body.names}
    clusters: dict[str, Body] = {}
    for row in rows(seeds / "clusters.csv"):
        if row["is_synthetic"] == "false":
            known = ours.get(plain(row["label"]))
            clusters[row["cluster_id"]] = known or Body(row["cluster_id"], row["country_code"])
            clusters[row["cluster_id"]].add(language_of(row["label"]), row["label"])
    printed: dict[str, list[str]] = defaultdict(list)
    for path in sorted(sources.glob("*/*/*.csv")):
        for row in rows(path):
            key = row.get("org_id") or row.get("row_id") or row.get("name_ja") or ""
            columns = ("name_en", "name_ja", "cluster_name_en", "cluster_name_ja", "project_name_en", "project_name_ja")
            printed[key] += [row[column] for column in columns if row.get(column)]
    for row in rows(seeds / "decisions.csv"):
        body = clusters.get(row["cluster_id"]) if row["verdict"] == "same" and not row["withdrawn_on"] else None
        if body is None:
            continue
        *_, role, last = row["mention_key"].split("/", 3)
        # A row's own columns name its entry; whoever leads or promotes it has another name.
        for name in [last.split(" | ")[1]] if " | " in last else printed.get(last, []) if role == "entry" else []:
            body.add(language_of(name), name)
    known = {plain(name): body for body in clusters.values() for _, name in body.names}
    for row in rows(next(sources.glob("name_variants/*/*.csv"))):
        short = row["canonical_name"].split(" (")[0]
        body = known.get(plain(row["canonical_name"])) or known.get(plain(short)) or ours.get(plain(short))
        if body is not None:
            body.add(language_of(row["variant"]), row["variant"])
    bodies.update({body.entity_id: body for body in clusters.values()})


def hard_name(body: Body, usual: tuple[str, str], draws: np.random.Generator) -> tuple[str, str, str]:
    """A name unlike the usual one beyond case and marks: language, name, origin; tries until one way applies."""
    language, name = usual
    simple = {
        "typing slip": change.typo,
        "word order": change.reordered,
        "part dropped": change.dropped_part,
        "abbreviated": change.abbreviated,
        "truncated": change.truncated,
    }
    weights = np.array(list(HARD.values()), dtype=float)
    for _ in range(40):
        origin = str(draws.choice(list(HARD), p=weights / weights.sum()))
        made, spoken = name, language
        if origin in {"other language", "other public name"}:
            wanted = [
                each
                for each in body.names
                if (each[0] == language) == (origin == "other public name") and each != usual
            ]
            if wanted:
                spoken, made = wanted[draws.integers(len(wanted))]
                if spoken == "ja-Latn":
                    made = change.without_macrons(made, draws)
        elif origin.startswith("acronym") and body.acronym and body.acronym not in name:
            made = body.acronym if origin == "acronym only" else f"{name} ({body.acronym})"
        elif origin == "place appended" and body.city and body.city not in name and language != "ja":
            made = f"{name}, {body.city}" + (
                f", {COUNTRY_NAMES[body.country]}" if body.country in COUNTRY_NAMES and draws.random() < 0.4 else ""
            )
        elif origin == "old kanji" and language == "ja":
            made = change.old_kanji(name)
        elif origin in simple:
            made = simple[origin](name, draws)
        if plain(made) != plain(name):
            return spoken, made, origin
    return language, name, "usual name"


def light_name(name: str, draws: np.random.Generator) -> tuple[str, str]:
    """The name with at most its case, width, marks or punctuation changed, and how."""
    weights = np.array(list(LIGHT.values()), dtype=float)
    origin = str(draws.choice(list(LIGHT), p=weights / weights.sum()))
    ways = {
        "capitals": change.capitals,
        "marks left out": change.plain_letters,
        "other signs": change.other_signs,
        "full width": change.full_width,
    }
    made = ways[origin](name, draws) if origin in ways else name
    return (made, origin) if made != name else (name, "as it is")


def website(body: Body, draws: np.random.Generator) -> str:
    """The web site in one of the ways rosters print it, empty more often than not."""
    if not body.website or draws.random() > 0.4:
        return ""
    forms = ("https://www.{}/", "http://www.{}", "{}", "www.{}", "https://{}/en/")
    return forms[draws.integers(len(forms))].format(body.website)


def mentions_of(body: Body, split: str, chances: tuple[float, ...] = IN_EDITIONS) -> list[list[str]]:
    """The mentions of one body, at most one in each roster, without their ids.

    Each body has a generator of its own: another body more or less leaves its mentions as they are.
    """
    draws = np.random.default_rng([SEED, zlib.crc32(body.entity_id.encode())])
    count = 1 + int(draws.choice(4, p=chances))
    english = [each for each in body.names if each[0] == "en"]
    usual = english[0] if english and draws.random() < 0.55 else body.names[0]
    made_up = "true" if body.made_up else "false"
    mentions = []
    for edition in sorted(draws.choice(4, size=count, replace=False)):
        language, name, origin = (*usual, "usual name")
        if draws.random() >= USUAL:
            language, name, origin = hard_name(body, usual, draws)
        name, light = light_name(name, draws)
        if light != "as it is":
            origin = f"{origin}; {light}"
        country = "" if draws.random() < 0.08 else body.country
        mentions.append(
            [EDITIONS[edition], name, country, website(body, draws), language, body.entity_id, origin, split, made_up]
        )
    return mentions


def write(name: str, made: list[list[str]], letter: str) -> None:
    """Write mentions shuffled, with ids that say nothing."""
    order = np.random.default_rng(SEED).permutation(len(made))
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows([f"{letter}{number:04d}", *made[at]] for number, at in enumerate(order, start=1))


def main() -> None:
    """Write mentions.csv with its two halves, and unseen_kinds.csv."""
    bodies = typed_bodies()
    register_bodies(bodies)
    made_up_bodies(bodies, "first", "S")
    made: list[list[str]] = []
    for body in sorted(bodies.values(), key=lambda each: each.entity_id):
        # Neighbours stay in one half, so that what tells them apart is learnt or tested, never both.
        place = "/".join((body.country, body.city or body.entity_id))
        split = ("development", "held out")[zlib.crc32(place.encode()) % 2]
        made += mentions_of(body, split)
    write("mentions.csv", made, "M")
    others: dict[str, Body] = {}
    made_up_bodies(others, "second", "T")
    made = []
    for body in others.values():
        made += mentions_of(body, "unseen kinds", UNSEEN_IN_EDITIONS)
    write("unseen_kinds.csv", made, "U")


if __name__ == "__main__":
    main()
