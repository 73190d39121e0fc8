"""A build as it is left behind when it stops on undecided mentions, small enough for unit tests.

Belongs here: the tables, landed rows, proposals and register files that `observatory review` reads. Everything is
made up. Does not belong here: tests.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.review.desk import Desk
from orchestration.review.evidence import read_evidence
from orchestration.settings import Settings

TODAY = "2026-11-22"
CLUSTER_HEADER = "cluster_id,unit_kind,label,country_code,is_synthetic,minted_on,note"
DECISION_HEADER = (
    "mention_key,cluster_id,verdict,reason,evidence_address,decided_by,decided_on,withdrawn_on,withdrawn_reason"
)
LIST_2019 = "mihon_list/2019/entry/"
LIST_2022 = "mihon_list/2022/entry/"
RIVER = f"{LIST_2022}見本川バイオクラスター"
VALLEY = f"{LIST_2022}=Mihon Valley"
OFFICE = f"{LIST_2022}Mihon Prefectural Office"
KEYS = (RIVER, VALLEY, OFFICE)
PAGE = "https://list.example.org/2022"

# The highest was minted by a register that is not at hand now; it must not be given again.
PUBLISHED_IDS = ("EUC-0001", "JPC-0007", "JPC-0009", "JPC-0040")

CLUSTERS = f"""{CLUSTER_HEADER}
EUC-0001,cluster_organisation,Beispieltal e.V. [sample],DE,true,2026-11-20,
JPC-0007,cluster_organisation,Mihon River Bio Cluster (sample),JP,true,2026-11-20,"old name: River Bio, Forum"
JPC-0009,initiative,Mihon Valley Project (sample),JP,true,2026-11-20,
JPC-0010,cluster_organisation,Real Namesake,JP,false,2026-11-20,
"""
DECIDED = "https://list.example.org/2019,registry editor,2026-11-20,,"
DECISIONS = f"""{DECISION_HEADER}
{LIST_2019}Mihon River Bio Cluster,JPC-0007,same,"made up, as a sample",{DECIDED}
{LIST_2019}Mihon Valley,JPC-0009,same,made up,{DECIDED}
"""


def _mention(key: str, row: int, names: tuple[str, str | None], region: str, placed: str | None) -> dict[str, Any]:
    family, edition, role, _ = key.split("/", 3)
    return {
        "mention_key": key,
        "role": role,
        "family": family,
        "edition_id": f"{family}/{edition}",
        "name_printed": names[0],
        "name_en_printed": names[0] if names[0].isascii() else None,
        "name_ja_printed": names[1],
        "country_printed": None if region == "Hyogo" else "Japan",
        "region_printed": region,
        "cluster_id": placed,
        "verdict": "same" if placed else None,
        "row_id": f"mihon_list-{edition}#{row}",
        "is_synthetic": True,
    }


MENTIONS = [
    _mention(f"{LIST_2019}Mihon River Bio Cluster", 2, ("Mihon River Bio Cluster", "見本川"), "Hyogo", "JPC-0007"),
    _mention(f"{LIST_2019}Mihon Valley", 3, ("Mihon Valley", None), "Nagano", "JPC-0009"),
    _mention(RIVER, 2, ("見本川バイオクラスター", "見本川バイオクラスター"), "Hyogo", None),
    _mention(VALLEY, 3, ("=Mihon Valley", None), "Nagano", None),
    _mention(OFFICE, 4, ("Mihon Prefectural Office", None), "Hyogo", None),
]
SOURCES = [
    {
        "source_id": f"mihon_list-{year}",
        "kind": "organisation_list",
        "table_name": "organisation",
        "title": f"Sample list {year}",
        "page_address": f"https://list.example.org/{year}",
        "file_name": f"mihon_{year}.csv",
        "reference_date": datetime.date(year, 4, 1),
        "status": "final",
    }
    for year in (2019, 2022)
]
CANDIDATES = [
    (RIVER, 1, "JPC-0007", 0.93, "romanised name equal; same prefecture (Hyogo)", "same"),
    (RIVER, 2, "JPC-0009", 0.31, "one word in common", "review"),
    (VALLEY, 1, "JPC-0009", 0.88, "name equal after folding", "same"),
]
PRINTED = {
    2: ("1", "見本川バイオクラスター", "Hyogo"),
    3: ("2", "=Mihon Valley", "Nagano"),
    4: ("3", "Mihon Office", ""),
}


def make_settings(folder: Path) -> Settings:
    """Settings of a home with a blocked build in it and a register in the inbox."""
    settings = Settings(home=folder / "home", inbox=folder / "inbox", extra_sources=())
    settings.estimates.mkdir(parents=True)
    tables = {
        "marts.fct_mention": MENTIONS,
        "marts.dim_source": SOURCES,
        "marts.dim_cluster": [{"cluster_id": each} for each in PUBLISHED_IDS],
        "marts.dim_cluster_name": [
            {"cluster_id": "JPC-0007", "name": "見本川バイオ", "name_kind": "printed"},
            {"cluster_id": "JPC-0009", "name": "Mihon Valley", "name_kind": "printed"},
        ],
        "marts.dim_region": [
            {"country_code": "JP", "region_code": "JP-28", "name_en": "Hyogo", "name_ja": "兵庫県", "name_printed": ""}
        ],
        "marts.dim_document": [{"document_code": "D-1"}],
        "reports.rpt_unresolved_mention": [{"mention_key": key} for key in KEYS],
    }
    with duckdb.connect(str(settings.database)) as connection:
        connection.execute("create schema marts; create schema reports")
        for name, rows in tables.items():
            connection.register("rows", pa.Table.from_pylist(rows))
            connection.execute(f"create table {name} as from rows")
    names = ("mention_key", "rank", "cluster_id", "score", "reasons", "suggestion")
    rows = [{**dict(zip(names, row, strict=True)), "matched_name": ""} for row in CANDIDATES]
    pq.write_table(pa.Table.from_pylist(rows), settings.estimates / "match_candidate.parquet")
    landed = settings.raw / "organisation_list__organisation" / "mihon_list-2022"
    landed.mkdir(parents=True)
    cells = [
        {
            "row_id": f"mihon_list-2022#{number}",
            "printed": list(zip(("No", "Name", "Prefecture"), printed, strict=True)),
        }
        for number, printed in PRINTED.items()
    ]
    schema = pa.schema([("row_id", pa.string()), ("printed", pa.map_(pa.string(), pa.string()))])
    pq.write_table(pa.Table.from_pylist(cells, schema), landed / "rows.parquet")
    register = settings.inbox / "registry"
    register.mkdir(parents=True)
    (register / "clusters.csv").write_text(CLUSTERS, encoding="utf-8")
    (register / "decisions.csv").write_text(DECISIONS, encoding="utf-8")
    return settings


def make_desk(folder: Path) -> Desk:
    """A desk over the blocked build, writing to the register in the inbox."""
    settings = make_settings(folder)
    return Desk(read_evidence(settings), (), settings.inbox / "registry", TODAY)


def added_lines(desk: Desk, name: str, before: str) -> list[str]:
    """Lines of a register file that were not there before; fails if one that was there is gone or changed."""
    lines = (desk.target / name).read_text(encoding="utf-8").splitlines(keepends=True)
    rest = iter(before.splitlines(keepends=True))
    expected = next(rest, None)
    added = []
    for line in lines:
        if line == expected:
            expected = next(rest, None)
        else:
            added.append(line.rstrip("\n"))
    assert expected is None, f"a line of {name} is gone or changed: {expected}"
    return added
