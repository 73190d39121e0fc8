"""What a card says of a wave as rows: its design, the dispositions, the CHERRIES items.

Belongs here: the relations ``survey__design``, ``survey__disposition`` and ``survey__cherries``. Does not belong here:
reading the card (``wave_card``), rates made of dispositions (the analysts' side).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ingest.survey.cherries import cherries_items
from ingest.survey.codebook import Codebook
from ingest.survey.response_report import counted_dispositions, partial_rule
from ingest.survey.responses import BREAK_OFF, COMPLETE, EXCLUDED, PARTIAL
from ingest.survey.wave_card import WaveCard
from ingest.survey.weights import WeightsJudgement

if TYPE_CHECKING:
    import pyarrow as pa

    Rows = list[dict[str, Any]]

FROM_FILE, FROM_CARD = "file", "card"
NOT_FOUND = "the export has no such column"


def rows_of(
    wave: WaveCard, responses: pa.Table, codebook: Codebook, rule: str, weights: WeightsJudgement | None = None
) -> dict[str, Rows]:
    """Rows of the three relations, with their keys.

    ``responses``: as ``responses.responses_of`` made them; ``rule``: the rule for duplicates in words; ``weights``: the
    judgement of the weights that the card names, None where the export does not have them.
    """
    keys = {
        "source_id": wave.card.source_id, "survey_code": wave.survey_code, "wave": wave.wave,
        "is_synthetic": wave.card.is_synthetic,
    }  # fmt: skip
    counts = counted_dispositions(responses)
    computed = _computed_items(wave, responses, codebook, rule, counts)
    found = {
        "survey__design": _design_rows(wave, weights),
        "survey__disposition": [
            *({"disposition": name, "n": n, "origin": FROM_FILE} for name, n in counts.items()),
            *({"disposition": name, "n": n, "origin": FROM_CARD} for name, n in wave.dispositions.items()),
        ],
        "survey__cherries": [
            {
                "item_no": number, "item_code": item.code, "item_en": item.en, "item_ja": item.ja,
                "answer": wave.cherries.get(item.code, computed.get(item.code)),
            }
            for number, item in enumerate(cherries_items(), start=1)
        ],
    }  # fmt: skip
    return {relation: [keys | row for row in rows] for relation, rows in found.items()}


def _design_rows(wave: WaveCard, weights: WeightsJudgement | None) -> Rows:
    """One row per aspect, also for those of which the card says nothing."""
    design = wave.design
    said: dict[str, object] = {
        "unit": design.unit,
        "link": wave.link,
        "population": design.population,
        "population_size": design.population_size,
        "frame": design.frame,
        "frame_size": design.frame_size,
        "strata": design.strata,
        "population_sizes": json.dumps(design.population_sizes, ensure_ascii=False) if design.population_sizes else "",
        "primary_sampling_unit": design.primary_sampling_unit,
        "stages": design.stages,
        "weights": design.weights,
        "replicate_weights": ", ".join(design.replicate_weights),
        "replicate_method": design.replicate_method,
        "estimates_speak_of": design.estimates_speak_of,
        "lonely_psu": design.lonely_psu,
        "domains": ", ".join(wave.domains),
        "scales": ", ".join(wave.scales),
        "disclosure_threshold": wave.disclosure_threshold,
        "microdata": wave.microdata,
        "microdata_reason": wave.microdata_reason,
        "eligible_share": wave.eligible_share,
        "eligible_share_basis": wave.eligible_share_basis,
    }
    rows = []
    for aspect, value in said.items():
        text = None if value in ("", None) else str(value)
        row = {"aspect": aspect, "value": text, "is_documented": text is not None,
               "is_usable": True if text else None, "reason": None}  # fmt: skip
        if aspect == "weights" and text:
            reason = NOT_FOUND if weights is None else weights.reason
            row |= {"is_usable": not reason, "reason": reason or None}
        rows.append(row)
    return rows


def _computed_items(
    wave: WaveCard, responses: pa.Table, codebook: Codebook, rule: str, counts: Mapping[str, int]
) -> dict[str, str]:
    """Items of the checklist that the file, the codebook or the rest of the card answers."""
    n_questions = sum(not question.other_of for question in codebook.questions)
    n_routed = sum(bool(question.relevant) for question in codebook.questions)
    begun = counts[COMPLETE] + counts[PARTIAL] + counts[BREAK_OFF]
    fast = wave.rules.fast_seconds
    limit = f"{fast} seconds" if fast is not None else "a third of the median duration"
    found = {
        "open_or_closed": f"{wave.link} link" if wave.link else "",
        "dates": _dates(responses),
        "number_of_items": f"{n_questions} questions" if n_questions else "",
        "adaptive_questioning": f"{n_routed} questions shown depending on earlier answers" if n_routed else "",
        "completion_rate": f"{counts[COMPLETE]} of {begun} responses in the file ({counts[COMPLETE] / begun:.1%})"
        if begun
        else "",
        "log_analysis": rule,
        "incomplete_questionnaires": partial_rule(wave.rules) + "; break-offs are not counted",
        "atypical_timestamps": f"complete responses under {limit} are marked, none is deleted",
        "statistical_correction": f"weights in '{wave.design.weights}'" if wave.design.weights else "",
    }
    return {code: text for code, text in found.items() if text}


def _dates(responses: pa.Table) -> str:
    """First and last day on which somebody answered; empty where the file has no times."""
    import pyarrow.compute as pc

    of_participants = responses.filter(pc.not_equal(responses["disposition"], EXCLUDED))
    started, submitted = of_participants["started_at"], of_participants["submitted_at"]
    first, last = pc.min(pc.coalesce(started, submitted)).as_py(), pc.max(pc.coalesce(submitted, started)).as_py()
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" if first else ""
