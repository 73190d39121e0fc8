"""The report page: one self-contained HTML file made from a released DuckDB file, without script or network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.estimate import fetch_rows
from analytics.pages.definition import read_definitions
from analytics.pages.key_number import key_numbers
from analytics.pages.sections.change import change_section
from analytics.pages.sections.control import control_section
from analytics.pages.sections.internationalisation import internationalisation_section
from analytics.pages.sections.participation import participation_section
from analytics.pages.sections.source import source_section
from analytics.pages.sections.survey_fieldwork import fieldwork_section
from analytics.pages.sections.survey_result import survey_section
from analytics.pages.sections.survival import survival_section

if TYPE_CHECKING:
    import duckdb
    import markupsafe

TEMPLATES = Path(__file__).with_name("templates")

SECTIONS = (
    change_section,
    survival_section,
    internationalisation_section,
    participation_section,
    survey_section,
    fieldwork_section,
    control_section,
    source_section,
)


def write_report(database: Path, out_dir: Path, release_id: str) -> list[Path]:
    """Write ``<out_dir>/index.html`` from the tables of a released file; the same file gives the same bytes.

    Reads the schemas marts, reports and stats. Returns the files written.
    """
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        page = render("report.html", **report_content(connection), release_id=release_id)
    out_dir.mkdir(parents=True, exist_ok=True)
    target = out_dir / "index.html"
    target.write_text(page, encoding="utf-8", newline="\n")
    return [target]


def report_content(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Everything the template shows, as plain values. A chapter without a table is left out."""
    sections = [section for build in SECTIONS if (section := build(connection)).tables]
    return {
        "sections": sections,
        "key_numbers": key_numbers(connection),
        "synthetic_editions": synthetic_editions(connection),
        "definitions": read_definitions(),
        "as_of": fetch_rows(connection, "select max(accessed) as as_of from marts.dim_source")[0]["as_of"],
    }


def synthetic_editions(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Titles of the editions whose rows are declared synthetic; the banner names them."""
    query = "select title from marts.dim_edition where is_synthetic order by family, reference_date, title"
    return [row["title"] for row in fetch_rows(connection, query)]


# Kana, kanji, their punctuation and full-width forms.
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+")


def mark_japanese(text: object) -> markupsafe.Markup:
    """The text escaped, its Japanese runs marked as such, so that a browser takes Japanese letter forms for them."""
    import markupsafe

    return markupsafe.Markup(JAPANESE.sub(r'<span lang="ja">\g<0></span>', str(markupsafe.escape(text))))  # noqa: S704 - escaped before


def is_public_address(text: str) -> bool:
    """Whether a text may be shown as a link: http or https to a host under a public suffix (bundled list).

    A printed address may lead to the reader's own machine or network, which no page of ours should offer to click.
    """
    if not re.fullmatch(r"https?://[^\s@]+", text):
        return False
    from analytics.match_candidates.columns import address_splitter

    return bool(address_splitter()(text).suffix)


def render(template: str, **values: Any) -> str:
    """A page from a template of this room. Every value is escaped; only our own SVG is passed as it is."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tongue"] = mark_japanese
    environment.tests["public_address"] = is_public_address
    return environment.get_template(template).render(**values)
