"""Charts as inline SVG: horizontal bars and ranges, labelled directly, readable in grayscale and in print.

Belongs here: the drawing, as plain Vega-Lite specifications (importing a wrapper would take longer than drawing). Each
chart made from synthetic rows says so inside the picture, so that a copied picture still does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DARK, LIGHT, INK, FAINT = "#1f4e79", "#a9c3dc", "#1c2430", "#d5dbe3"
FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
WIDTH, STEP, LETTER_WIDTH = 520, 30, 7.5
SYNTHETIC_MARK = "SYNTHETIC ROWS - not real organisations"

Spec = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """One bar or range: its label, its value, the text beside it, and a part name for stacked bars."""

    label: str
    value: float
    text: str
    lower: float | None = None
    upper: float | None = None
    part: str = ""


def bar_chart(marks: Sequence[Mark], axis_title: str, is_synthetic: bool = False) -> str:
    """Bars from zero with the text at the end; bars with parts are stacked, the part named in a legend."""
    labels = list(dict.fromkeys(mark.label for mark in marks))
    parts = list(dict.fromkeys(mark.part for mark in marks))
    bars = [{"label": mark.label, "value": mark.value, "part": mark.part} for mark in marks]
    ends: list[Spec] = [
        {
            "label": label,
            "value": sum(mark.value for mark in marks if mark.label == label),
            "text": ", ".join(mark.text for mark in marks if mark.label == label),
        }
        for label in labels
    ]
    # The domain leaves room at the right for the text of the longest bar.
    scale = {"domain": [0, 1.18 * max((end["value"] for end in ends), default=1)]}
    axis = {"tickMinStep": 1, "tickCount": 6, "format": "d"}
    place = {
        "x": {"field": "value", "type": "quantitative", "title": axis_title, "axis": axis, "scale": scale},
        "y": _labels(labels),
    }
    colour = {
        "field": "part",
        "type": "nominal",
        "title": None,
        "scale": {"domain": parts, "range": [DARK, LIGHT, FAINT][: len(parts)]},
        "legend": {"orient": "top", "direction": "horizontal"} if len(parts) > 1 else None,
    }
    layers: list[Spec] = [
        {
            "data": {"values": bars},
            "mark": {"type": "bar", "size": 17, "stroke": INK, "strokeWidth": 0.4},
            "encoding": place | {"color": colour, "order": {"field": "part"}},
        },
        {"data": {"values": ends}, "mark": _TEXT, "encoding": place | {"text": {"field": "text"}}},
    ]
    return _svg(layers, len(labels), is_synthetic)


def range_chart(marks: Sequence[Mark], axis_title: str, is_synthetic: bool = False) -> str:
    """Shares as points on a 0-100 % axis with their bounds or interval as a line; the text stands at the right."""
    labels = list(dict.fromkeys(mark.label for mark in marks))
    rows = [
        {
            "label": mark.label,
            "value": mark.value,
            "text": mark.text,
            "lower": mark.value if mark.lower is None else mark.lower,
            "upper": mark.value if mark.upper is None else mark.upper,
            "place": 1.03,
        }
        for mark in marks
    ]
    # The axis ends at 100 %; the room to its right holds the texts, which so never lie on a range.
    axis = {"format": "%", "values": [0, 0.25, 0.5, 0.75, 1]}
    scale = {"domain": [0, 1.45], "nice": False}

    def place(field: str) -> Spec:
        x = {"field": field, "type": "quantitative", "title": axis_title, "axis": axis, "scale": scale}
        return {"x": x, "y": _labels(labels)}

    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 7, "color": LIGHT},
            "encoding": place("lower") | {"x2": {"field": "upper"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 85, "color": DARK, "opacity": 1},
            "encoding": place("value"),
        },
        {"mark": _TEXT, "encoding": place("place") | {"text": {"field": "text"}}},
    ]
    return _svg([{"data": {"values": rows}} | layer for layer in layers], len(labels), is_synthetic)


_TEXT: Spec = {"type": "text", "align": "left", "dx": 6, "color": INK, "fontSize": 12}


def _labels(labels: Sequence[str]) -> Spec:
    """Room for the longest label by count of letters: the reader's font is not the one the renderer measures with."""
    extent = LETTER_WIDTH * max((len(label) for label in labels), default=0)
    axis = {"labelLimit": 2 * extent, "minExtent": extent, "grid": False}
    return {"field": "label", "type": "nominal", "sort": list(labels), "title": None, "axis": axis}


def _svg(layers: list[Spec], n_labels: int, is_synthetic: bool) -> str:
    import vl_convert

    axis = {
        "domain": False, "ticks": False, "grid": True, "gridColor": FAINT, "titleAnchor": "start", "labelColor": INK,
        "titleColor": INK, "labelFontSize": 12, "titleFontSize": 11, "titleFontWeight": "normal",
    }  # fmt: skip
    legend = {"labelFontSize": 12, "symbolStrokeWidth": 0.4, "symbolStrokeColor": INK}
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": STEP * n_labels,
        "layer": layers,
        "config": {"font": FONT, "background": "#ffffff", "view": {"stroke": None}, "axis": axis, "legend": legend},
    }
    if is_synthetic:
        spec["title"] = {"text": SYNTHETIC_MARK, "anchor": "start", "fontSize": 11, "color": INK}
    return str(vl_convert.vegalite_to_svg(spec))
