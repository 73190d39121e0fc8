"""What the ``survey`` section of a card must say beyond its schema.

Belongs here: breaches that need a second field or a table to be seen. Does not belong here: the form of each field
(``source_card.schema.json``), the line on which it stands (``card_check``), questions that only the codebook knows.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.survey.cherries import cherries_items

NEEDS_OTHER = (
    (("design", "population_sizes"), ("design", "strata")),
    (("dispositions", "eligible_share"), ("dispositions", "eligible_share_basis")),
)


@dataclass(frozen=True)
class Breach:
    """One breach: its message, the place of its field below ``survey``, perhaps a name that is none of ``known``."""

    code: str
    place: tuple[str, ...]
    values: Mapping[str, object] = field(default_factory=dict)
    name: str = ""
    known: Iterable[str] | None = None


def wave_breaches(section: Mapping[str, Any], *, is_synthetic: bool) -> Iterator[Breach]:
    """Every breach in a section whose form is right."""
    yield from _microdata_breaches(section, is_synthetic=is_synthetic)
    if (zone := section.get("timezone")) and not is_timezone(zone):
        yield Breach("card_timezone_unknown", ("timezone",), name=zone, known=zoneinfo.available_timezones())
    codes = [item.code for item in cherries_items()]
    for name in section.get("cherries", {}):
        if name not in codes:
            yield Breach("card_cherries_unknown", ("cherries", name), name=name, known=codes)
    for (part, name), (_, other) in NEEDS_OTHER:
        said = section.get(part, {})
        if name in said and other not in said:
            yield Breach("card_field_needs_other", (part, name), {"other": f"survey > {part} > {other}"})
    yield from _count_breaches(section)
    yield from _design_breaches(section.get("design", {}))


def _microdata_breaches(section: Mapping[str, Any], *, is_synthetic: bool) -> Iterator[Breach]:
    """Real answers of single respondents that would be published, or made-up ones without the reason why they may."""
    if section.get("microdata") != "published":
        return
    if not is_synthetic:
        yield Breach("card_microdata_real", ("microdata",))
    elif "microdata_reason" not in section:
        yield Breach("card_field_needs_other", ("microdata",), {"other": "survey > microdata_reason"})


def is_timezone(name: str) -> bool:
    """Whether this is the name of a time zone, such as Asia/Tokyo."""
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def _count_breaches(section: Mapping[str, Any]) -> Iterator[Breach]:
    """More outcomes than invitations."""
    said = section.get("dispositions", {})
    outcomes = sum(int(said.get(name, 0)) for name in OUTCOMES_TOLD)
    if "invited" in said and outcomes > int(said["invited"]):
        values = {"total": outcomes, "invited": said["invited"]}
        yield Breach("card_dispositions_exceed", ("dispositions", "invited"), values)


OUTCOMES_TOLD = ("refusal", "non_contact", "other", "unknown_eligibility", "not_eligible")


def _design_breaches(design: Mapping[str, Any]) -> Iterator[Breach]:
    """Replicate weights that repeat, strata that do not make the population."""
    replicates = design.get("replicate_weights", {}).get("columns", [])
    for name in sorted({name for name in replicates if replicates.count(name) > 1 or name == design.get("weights")}):
        yield Breach("card_replicate_twice", ("design", "replicate_weights", "columns"), {"name": name})
    if "population_size" in design and "population_sizes" in design:
        total = sum(int(size) for size in design["population_sizes"].values())
        if total != int(design["population_size"]):
            values = {"total": total, "size": design["population_size"]}
            yield Breach("card_strata_no_sum", ("design", "population_sizes"), values)
