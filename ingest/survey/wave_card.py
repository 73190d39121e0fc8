"""The ``survey`` section of a card as it is used: codebook, rules for responses, design, outcomes, CHERRIES items.

Belongs here: the typed view of a checked card. Does not belong here: what the section must say (``wave_check``), and
what is made of it (``responses``, ``card_rows``, ``binding``).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.printed_table import file_sha256
from ingest.problem import Place, SourceError
from ingest.source_card import SourceCard

OPEN_LINK, CLOSED_LINK = "open", "closed"
PUBLISHED, WITHHELD = "published", "withheld"


@dataclass(frozen=True)
class ResponseRules:
    """Rules for whole responses.

    ``partial_from``: share of the applicable questions (0 to 1) from which an unfinished response is partial; None:
    from any answer on. ``duplicates_by``: token, email, response_id, content, none, or empty for the first of these
    that the export has. ``keep``: first, last or all of the same respondent. ``fast_seconds``: what is too fast; None:
    below a third of the median.
    """

    partial_from: float | None = None
    duplicates_by: str = ""
    keep: str = "all"
    fast_seconds: int | None = None


@dataclass(frozen=True)
class CodebookFile:
    """The codebook beside the card."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Design:
    """The design of the sample; empty or None: the card does not say.

    ``strata``, ``primary_sampling_unit``, ``weights`` and ``replicate_weights`` are questions or columns of the export;
    ``estimates_speak_of`` is population (these very units) or process (what is behind them); ``lonely_psu`` what a
    stratum with a single sampled unit adds to a variance.
    """

    unit: str = ""
    population: str = ""
    population_size: int | None = None
    frame: str = ""
    frame_size: int | None = None
    strata: str = ""
    primary_sampling_unit: str = ""
    stages: str = ""
    population_sizes: Mapping[str, int] = field(default_factory=dict)
    weights: str = ""
    replicate_weights: tuple[str, ...] = ()
    replicate_method: str = ""
    estimates_speak_of: str = ""
    lonely_psu: str = ""

    @property
    def variables(self) -> Mapping[str, str]:
        """What is read from the file for computing with the design: role to question or column."""
        roles = {"strata": self.strata, "primary_sampling_unit": self.primary_sampling_unit, "weights": self.weights}
        roles |= {f"replicate_weight_{place}": name for place, name in enumerate(self.replicate_weights, start=1)}
        return {role: name for role, name in roles.items() if name}


@dataclass(frozen=True)
class WaveCard:
    """A survey wave as its card describes it; empty or None: the card does not say.

    ``microdata`` is published or withheld: whether a release holds the single answers. ``domains`` are the questions by
    which every other one is also reported, ``scales`` those whose options are points of a scale; counts below
    ``disclosure_threshold`` are suppressed (None: the threshold of the house).
    """

    card: SourceCard
    tool: str = ""
    codebook: CodebookFile | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""
    columns: Mapping[str, str | None] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: ResponseRules = field(default_factory=ResponseRules)
    retention_until: datetime.date | None = None
    link: str = ""
    microdata: str = WITHHELD
    microdata_reason: str = ""
    domains: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    disclosure_threshold: int | None = None
    design: Design = field(default_factory=Design)
    dispositions: Mapping[str, int] = field(default_factory=dict)
    eligible_share: float | None = None
    eligible_share_basis: str = ""
    cherries: Mapping[str, str] = field(default_factory=dict)

    @property
    def survey_code(self) -> str:
        """The survey, of which this is one wave."""
        return self.card.family

    @property
    def wave(self) -> str:
        """The wave within the survey."""
        return self.card.edition


def wave_card(card: SourceCard) -> WaveCard:
    """The survey section of a card that was read and checked."""
    said: Mapping[str, Any] = card.content["survey"]
    codebook, counts = said.get("codebook"), dict(said.get("dispositions", {}))
    share, basis = counts.pop("eligible_share", None), str(counts.pop("eligible_share_basis", ""))
    until, threshold = said.get("retention_until"), said.get("disclosure", {}).get("threshold")
    texts = ("tool", "title", "timezone", "columns", "aliases", "link", "microdata", "microdata_reason")
    return WaveCard(
        card=card,
        **{name: said[name] for name in texts if name in said},
        domains=tuple(said.get("domains", ())),
        scales=tuple(said.get("scales", ())),
        disclosure_threshold=None if threshold is None else int(threshold),
        codebook=CodebookFile(card.path.parent / codebook["file"], codebook["sha256"]) if codebook else None,
        rules=_rules_of(said),
        retention_until=datetime.date.fromisoformat(until) if until else None,
        design=_design_of(said.get("design", {})),
        dispositions={name: int(count) for name, count in counts.items()},
        eligible_share=None if share is None else float(share),
        eligible_share_basis=basis,
        cherries=dict(said.get("cherries", {})),
    )


def check_codebook(wave: WaveCard) -> None:
    """Hold the codebook beside the card against what was reviewed.

    Raises:
        SourceError: it is missing, a link, or another file.
    """
    if wave.codebook is None:
        return
    path = wave.codebook.path
    if not path.is_file() or path.is_symlink():
        raise SourceError([problem("file_missing", str(wave.card.path), name=path.name, path=path)])
    found = file_sha256(path)
    if found != wave.codebook.sha256:
        values = {"found": found, "expected": wave.codebook.sha256, "card": wave.card.path.name}
        raise SourceError([problem("survey_codebook_altered", Place(path.name), **values)])


def _rules_of(said: Mapping[str, Any]) -> ResponseRules:
    duplicates = said.get("duplicates", {})
    partial, fast = said.get("partial_from"), said.get("fast_seconds")
    return ResponseRules(
        partial_from=None if partial is None else float(partial),
        duplicates_by=duplicates.get("by", ""),
        # Somebody who names what two answers of one respondent have in common wants one of them.
        keep=duplicates.get("keep", "first" if duplicates else "all"),
        fast_seconds=None if fast is None else int(fast),
    )


def _design_of(said: Mapping[str, Any]) -> Design:
    size, frame_size = (int(said[name]) if name in said else None for name in ("population_size", "frame_size"))
    texts = ("unit", "population", "frame", "strata", "primary_sampling_unit", "stages", "weights")
    replicates = said.get("replicate_weights", {})
    return Design(
        **{name: said[name] for name in (*texts, "estimates_speak_of", "lonely_psu") if name in said},
        population_size=size,
        frame_size=frame_size,
        population_sizes={stratum: int(size) for stratum, size in said.get("population_sizes", {}).items()},
        replicate_weights=tuple(replicates.get("columns", ())),
        replicate_method=replicates.get("method", ""),
    )
