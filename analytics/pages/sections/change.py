"""Chapter on names: which clusters are new, gone or renamed between two neighbouring editions, one by one.

Belongs here: the names behind the shares of the next chapter. Units listed in both under the same name are counted,
not listed, so that a reader sees what changed.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.number_format import NO_NUMBER, words
from analytics.pages.published_table import PublishedTable, Section, headers
from analytics.topics.survival import KNOWN_IN_PART, SMALL_ROSTER, rosters_in_part

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = (
    "For each edition and the one before it: the names that are new, renamed or moved, and those no longer listed, "
    "with what is known of them. “Unknown” means no longer listed without strong evidence of what became of it. "
    "Of a roster known only in part, new and gone mean among the rows known to us."
)
ORDER = (
    "survived_changed",
    "survived_by_takeover",
    "merged",
    "absorbed",
    "broken_up",
    "died",
    "out_of_scope",
    "unknown",
)

# A name as printed comes first; where the row prints none or only one language, the registry's names stand beside it.
CHANGES = """
    with pair as (
        select earlier.family, earlier.kind, earlier.edition_id as from_edition_id, later.edition_id as to_edition_id,
               earlier.edition as from_edition, later.edition as to_edition, earlier.title as from_title,
               later.title as to_title, earlier.reference_date,
               earlier.is_synthetic or later.is_synthetic as is_synthetic,
               greatest(earlier.n_rows, later.n_rows) as n_most
        from marts.dim_edition as earlier
        join marts.dim_edition as later
          on later.family = earlier.family and later.edition_order = earlier.edition_order + 1
        where earlier.kind in ('organisation_list', 'programme_roster')
    ),
    listed as (
        select presence.edition_id, presence.cluster_id, min_by(name_printed, presence.row_id) as name_printed,
               min_by(name_en_printed, presence.row_id) as name_en_printed, min(japanese.name) as name_ja_printed
        from marts.fct_cluster_presence as presence
        left join marts.dim_cluster_name as japanese
          on japanese.cluster_id = presence.cluster_id and japanese.edition_id = presence.edition_id
         and japanese.name_kind = 'printed_japanese'
        where presence_status = 'listed' group by all
    ),
    change as (
        select from_edition_id, to_edition_id, cluster_id, outcome_code, evidence_code, evidence_address,
               exit_earliest, exit_latest, is_provisional, successor_ids
        from marts.fct_cluster_survival where is_at_risk
        union all
        select pair.from_edition_id, pair.to_edition_id, cluster_id, 'new', null, null, null, null, false, null
        from pair
        join listed on listed.edition_id = pair.to_edition_id
        where not exists (
            select 1 from listed as before
            where before.edition_id = pair.from_edition_id and before.cluster_id = listed.cluster_id
        )
    )
    select pair.*, change.* exclude (from_edition_id, to_edition_id), cluster.label, cluster.name_ja, cluster.name_en,
           earlier.name_printed as from_name, earlier.name_en_printed as from_name_en,
           later.name_printed as to_name, later.name_en_printed as to_name_en,
           earlier.name_ja_printed as from_name_ja, later.name_ja_printed as to_name_ja,
           earlier.cluster_id is not null as is_listed_before, later.cluster_id is not null as is_listed_after
    from pair
    join change using (from_edition_id, to_edition_id)
    join marts.dim_cluster as cluster using (cluster_id)
    left join listed as earlier on earlier.edition_id = pair.from_edition_id and earlier.cluster_id = change.cluster_id
    left join listed as later on later.edition_id = pair.to_edition_id and later.cluster_id = change.cluster_id
    order by pair.kind, pair.family, pair.reference_date, to_edition_id, coalesce(to_name, from_name, label), cluster_id
"""


def change_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """One table per neighbouring pair: every organisation list, and the rosters that allow a comparison."""
    unsure = rosters_in_part(connection)
    tables = []
    for _, group in groupby(fetch_rows(connection, CHANGES), key=itemgetter("from_edition_id", "to_edition_id")):
        rows = list(group)
        first = rows[0]
        survived = any(str(row["outcome_code"]).startswith("survived") for row in rows)
        # Two short rosters without an entry in common name different things; a table of them would compare nothing.
        if first["kind"] == "organisation_list" or survived or first["n_most"] >= SMALL_ROSTER:
            tables.append(_change_table(rows, unsure))
    return Section("change", "Which are new, gone or renamed", INTRODUCTION, tables)


def _change_table(rows: list[Row], unsure: dict[str, str]) -> PublishedTable:
    first = rows[0]
    before, after = first["from_edition"], first["to_edition"]
    in_part = {side: unsure.get(first[f"{side}_edition_id"]) == KNOWN_IN_PART for side in ("from", "to")}
    unchanged = [row for row in rows if row["outcome_code"] == "survived_unchanged"]
    names = {row["cluster_id"]: row["label"] for row in rows}
    origins = _origins(rows)
    new = [row for row in rows if row["outcome_code"] == "new"]
    changed = sorted(
        (row for row in rows if row["outcome_code"] in ORDER), key=lambda row: ORDER.index(row["outcome_code"])
    )
    cells = [
        (
            _name(row, "from"),
            _name(row, "to"),
            _outcome(row, in_part["from" if row["outcome_code"] == "new" else "to"]),
            _evidence(row, names, origins),
            row["to_title"] if row["is_listed_after"] else row["from_title"],
        )
        for row in (*new, *changed)
    ]
    return PublishedTable(
        anchor=f"change-{first['family']}-{before}-{after}",
        title=f"New, gone or renamed: {first['from_title']} to {first['to_title']}",
        heads=headers(f"Name in {before}|24", f"Name in {after}|24", "What happened|15", "Evidence|20", "Listed in|17"),
        rows=cells,
        unit="names as printed; the other language, and a name where none is printed, from the register of names",
        base="everything listed in one of the two editions",
        n=f"{len(rows)}, of them {len(unchanged)} in both without change, which are counted and not listed",
        missing=_missing(first, in_part),
        source="marts.fct_cluster_survival and marts.fct_cluster_presence; the names from marts.dim_cluster",
        method="a name is placed by reviewed decision rows; new = listed in the later edition and not in the earlier",
        query=(
            "select cluster_id, outcome_code from marts.fct_cluster_survival "
            f"where from_edition_id = '{first['from_edition_id']}' and to_edition_id = '{first['to_edition_id']}' "
            "and outcome_code <> 'survived_unchanged' union all select cluster_id, 'new' from ("
            f"{_listed(first['to_edition_id'])} except {_listed(first['from_edition_id'])})"
        ),
        is_synthetic=first["is_synthetic"],
    )


def _listed(edition_id: str) -> str:
    return (
        f"select cluster_id from marts.fct_cluster_presence where edition_id = '{edition_id}' "
        "and presence_status = 'listed'"
    )


def _name(row: Row, side: str) -> str:
    """The printed name, and the name in the other language in brackets when one is known."""
    is_listed = row["is_listed_before"] if side == "from" else row["is_listed_after"]
    if not is_listed:
        return NO_NUMBER
    name = row[f"{side}_name"] or row[f"{side}_name_en"] or row["label"]
    if _is_code(name):
        return str(row["label"])
    # The register holds one current pair of names: beside an older printed name it would show the later one.
    is_current = name in (row["name_ja"], row["name_en"], row["label"])
    current = (row["name_en"], row["name_ja"]) if is_current else ()
    others = (row[f"{side}_name_en"], row[f"{side}_name_ja"], *current)
    other = next((found for found in others if found and found not in name), None)
    return f"{name} ({other})" if other else str(name)


def _is_code(name: str) -> bool:
    """Whether the roster prints no title and the entry goes by a key such as RIT-MIE-USA."""
    return name.isascii() and name == name.upper() and "-" in name and " " not in name


def _outcome(row: Row, is_in_part: bool) -> str:
    if row["outcome_code"] == "new":
        return "new among the rows known" if is_in_part else "new in the later edition"
    if row["outcome_code"] == "survived_changed" and row["evidence_code"] in ("renamed", "moved"):
        return words(row["evidence_code"])
    if row["outcome_code"] == "survived_changed" and row["evidence_code"] == "listed":
        return "in a new sector"
    if row["outcome_code"] == "unknown":
        return "not among the rows known" if is_in_part else "no longer listed: unknown"
    text = words(row["outcome_code"])
    return f"{text} (provisional)" if row["is_provisional"] else text


def _origins(rows: list[Row]) -> dict[str, list[Row]]:
    """Successor -> the units of the earlier edition that it follows."""
    origins: dict[str, list[Row]] = {}
    for row in rows:
        for successor in str(row["successor_ids"] or "").split(";"):
            if successor:
                origins.setdefault(successor, []).append(row)
    return origins


def _evidence(row: Row, names: dict[str, str], origins: dict[str, list[Row]]) -> str:
    parts = []
    if row["evidence_code"] not in (None, "none", "listed", "renamed", "moved"):
        parts.append(words(row["evidence_code"]))
    if row["outcome_code"] not in ("new", "unknown") and row["exit_earliest"]:
        first, last = str(row["exit_earliest"]), str(row["exit_latest"])
        parts.append(first if first == last else f"{first} to {last}")
    followers = [names.get(key, key) for key in str(row["successor_ids"] or "").split(";") if key]
    if followers:
        parts.append("followed by " + ", ".join(followers))
    followed = origins.get(row["cluster_id"], []) if row["outcome_code"] == "new" else []
    if followed:
        parts.append(f"follows {', '.join(before['label'] for before in followed)}")
    if row["outcome_code"] != "new" and row["evidence_code"] in ("listed", "renamed", "moved"):
        parts.append("both editions")
    if row["evidence_address"]:
        parts.append(row["evidence_address"])
    return "; ".join(parts) or ("the two editions" if row["outcome_code"] == "new" else "none")


def _missing(first: Row, in_part: dict[str, bool]) -> str:
    titles = [first[f"{side}_title"] for side in ("from", "to") if in_part[side]]
    return f"known only in part: {'; '.join(titles)}" if titles else "none"
