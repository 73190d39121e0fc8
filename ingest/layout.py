"""The columns of ours that a printed column may be mapped to, per kind of source and table.

Belongs here: the closed list of kinds, their tables and their columns. Does not belong here: anything about one
publisher or one edition; that is said in the edition's card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Layout:
    """Columns of one table of a kind.

    ``columns`` are all of our column names, in order; ``required`` must be mapped or given as a constant by every
    card; ``coded`` are printed labels that a card may translate with its ``labels`` section, the code landing beside
    the printed text in ``<column>_code``; ``key`` is the default for the card's ``key``: the columns that tell two
    rows of one edition apart in the decision register; ``reads`` says as what kind of value the text of a column is
    read (``ingest.values``), the canonical value landing beside it in ``<column>_read``.
    """

    columns: tuple[str, ...]
    required: tuple[str, ...]
    key: tuple[str, ...]
    coded: tuple[str, ...] = ()
    reads: Mapping[str, str] = field(default_factory=dict)


def _reads(**columns: str) -> dict[str, str]:
    """Columns by the kind of value that their text is read as."""
    return {column: kind for kind, named in columns.items() for column in named.split()}


# Where a transcribed row was read: the document or address, and the place in it. Every table has them.
CITATION = ("cited_source", "cited_locator", "trust", "note")

# The export of a survey tool: its columns are the survey's own and land as the relations of ``survey.schema``.
WAVE = ("survey", "response")

LAYOUTS: dict[tuple[str, str], Layout] = {
    ("organisation_list", "organisation"): Layout(
        columns=(
            *("entry_no", "name", "name_en", "name_ja", "organisation_kind", "country", "prefecture", "place"),
            *("sector", "founded", "funding_end", "website", "website_status", "internationalisation_level"),
            *("programme_links", "has_english_site", "has_international_contact", "has_foreign_agreement"),
            *("has_office_abroad", "members", "firms", "universities", "research_institutes", "figures_as_of"),
            *("foreign_relations", "data_status"),
            *CITATION,
        ),
        required=("name",),
        key=("name",),
        coded=(
            "organisation_kind",
            "country",
            "prefecture",
            "sector",
            "website_status",
            "internationalisation_level",
            "data_status",
        ),
        reads=_reads(
            name="name name_en name_ja",
            country="country",
            prefecture="prefecture",
            date="founded funding_end figures_as_of",
            url="website",
            boolean="has_english_site has_international_contact has_foreign_agreement has_office_abroad",
            count="members firms universities research_institutes",
        ),
    ),
    ("programme_roster", "participant"): Layout(
        columns=(
            *("entry_no", "name", "name_en", "name_ja", "programme", "strand", "status", "stage", "label_status"),
            *("sector", "start", "end", "period", "duration_months", "lead_name", "lead_name_ja", "lead_country"),
            *("lead_prefecture", "lead_place", "partner_name", "partner_region", "partner_country"),
            *("partner_in_eu", "region", "area", "local_governments", "prefecture", "core_organisation"),
            *("core_universities", "promoting_body", "firms", "universities", "members", "member_countries"),
            *("smes", "grant_eur", "targets_japan"),
            *CITATION,
        ),
        required=("name",),
        key=("name",),
        coded=("status", "stage", "label_status", "sector"),
        reads=_reads(
            name="name name_en name_ja lead_name lead_name_ja partner_name",
            date="start end period",
            country="lead_country partner_country",
            prefecture="lead_prefecture prefecture",
            count="firms universities members smes",
            number="duration_months grant_eur",
            boolean="targets_japan",
        ),
    ),
    ("partnership_list", "partnership"): Layout(
        columns=(
            *("entry_no", "party_jp", "prefecture", "party_eu", "country", "nuts", "sector", "partnership_kind"),
            *("start", "agreement", "agreement_date", "programme"),
            *CITATION,
        ),
        required=("entry_no", "party_jp", "party_eu"),
        key=("entry_no",),
        reads=_reads(
            name="party_jp party_eu",
            date="start agreement_date",
        ),
    ),
    ("partnership_list", "member"): Layout(
        columns=("partnership", "name", "country", "region", "role", *CITATION),
        required=("partnership", "country"),
        key=("partnership", "name"),
        reads=_reads(
            name="name",
            country="country",
        ),
    ),
    ("partnership_list", "target"): Layout(
        columns=("partnership", "country", "claim", "claim_status", *CITATION),
        required=("partnership", "country", "claim"),
        key=("partnership", "country", "claim"),
        reads=_reads(
            country="country",
        ),
    ),
    ("partnership_list", "case"): Layout(
        columns=(
            *("entry_no", "title", "party_eu", "country", "party_jp", "sector", "case_kind", "first_contact"),
            *("agreement_date", "policy_support"),
            *CITATION,
        ),
        required=("entry_no", "title"),
        key=("entry_no",),
        reads=_reads(
            date="agreement_date",
        ),
    ),
    ("partnership_list", "case_metric"): Layout(
        columns=("case_no", "metric", "value", "unit", "comparator", "year", *CITATION),
        required=("case_no", "metric", "value"),
        key=("case_no", "metric"),
        reads=_reads(
            number="value",
        ),
    ),
    ("published_figures", "figure"): Layout(
        columns=(
            *("entry_no", "figure_group", "document_title", "statement", "comparator", "value", "unit"),
            *("currency", "population", "year"),
            *CITATION,
        ),
        required=("entry_no", "figure_group", "statement", "value"),
        key=("entry_no",),
        coded=("comparator",),
        reads=_reads(
            number="value",
        ),
    ),
    ("published_figures", "aggregate"): Layout(
        columns=("subject_edition", "dimension", "category", "n", "comparator", "base_n", *CITATION),
        required=("subject_edition", "dimension", "category", "n"),
        key=("subject_edition", "dimension", "category"),
        coded=("comparator",),
        reads=_reads(
            count="n base_n",
        ),
    ),
    ("published_figures", "programme_total"): Layout(
        columns=("programme", "metric", "value", "unit", "comparator", "period", *CITATION),
        required=("programme", "metric", "value"),
        key=("programme", "metric", "period", "cited_source"),
        coded=("comparator",),
        reads=_reads(
            number="value",
        ),
    ),
    ("published_figures", "indicator"): Layout(
        columns=(
            *("entry_no", "sector", "indicator", "value", "unit", "currency", "year", "geography", "comparator"),
            *CITATION,
        ),
        required=("entry_no", "indicator", "value"),
        key=("entry_no",),
        coded=("comparator",),
        reads=_reads(
            number="value",
            date="year",
        ),
    ),
    ("published_figures", "check"): Layout(
        columns=(
            "entry_no",
            "rule",
            "left_side",
            "operator",
            "right_side",
            "computed_left",
            "computed_right",
            "expected_status",
            *CITATION,
        ),
        required=("entry_no", "rule"),
        key=("entry_no",),
    ),
    ("published_figures", "contradiction"): Layout(
        columns=(
            *("entry_no", "contradiction_kind", "severity", "subject", "claim_a", "claim_b", "cited_source_b"),
            *("cited_locator_b", "suggested_rule", "resolution_evidence"),
            *CITATION,
        ),
        required=("entry_no", "subject", "claim_a", "claim_b"),
        key=("entry_no",),
    ),
    ("survey", "survey"): Layout(
        columns=(
            *("entry_no", "title", "owner", "population", "fieldwork_start", "fieldwork_end", "invited"),
            *("responses", "response_rate_printed", "response_rate_comparator", "response_rate_computed", "mode"),
            *("microdata_public", "survey_licence"),
            *CITATION,
        ),
        required=("entry_no", "title"),
        key=("entry_no",),
        reads=_reads(
            count="invited responses",
            number="response_rate_printed",
        ),
    ),
    ("survey", "result"): Layout(
        columns=("survey", "question", "answer", "n", "base_n", "percent", "comparator", *CITATION),
        required=("survey", "question", "answer"),
        key=("survey", "question", "answer"),
        coded=("comparator",),
        reads=_reads(
            count="n base_n",
            number="percent",
        ),
    ),
    WAVE: Layout(columns=(), required=(), key=()),
    ("reference_list", "prefecture"): Layout(
        columns=("code", "iso_code", "name_en", "name_ja_short", "name_ja", "region_group", *CITATION),
        required=("code", "iso_code", "name_en", "name_ja"),
        key=("iso_code",),
    ),
    ("reference_list", "prefecture_indicator"): Layout(
        columns=("iso_code", "population", "population_rank", "population_year", "area_km2", *CITATION),
        required=("iso_code",),
        key=("iso_code",),
        reads=_reads(
            number="population population_rank area_km2",
            count="population_year",
        ),
    ),
    ("reference_list", "nuts_region"): Layout(
        columns=("code", "level", "country", "name", "name_printed", "nuts_version", *CITATION),
        required=("code", "level", "country", "name"),
        key=("code",),
    ),
    ("reference_list", "sector"): Layout(
        columns=("scheme", "code", "label", *CITATION),
        required=("scheme", "code", "label"),
        key=("scheme", "code"),
    ),
    ("reference_list", "sector_crosswalk"): Layout(
        columns=("from_scheme", "from_code", "to_scheme", "to_code", "match", *CITATION),
        required=("from_scheme", "from_code", "to_scheme", "match"),
        key=("from_scheme", "from_code", "to_scheme", "to_code"),
    ),
    ("reference_list", "name_variant"): Layout(
        columns=("entity_kind", "name", "variant", "variant_kind", *CITATION),
        required=("entity_kind", "name", "variant"),
        key=("entity_kind", "name", "variant"),
    ),
    ("reference_list", "programme"): Layout(
        columns=(
            *("programme", "name_en", "name_ja", "owner", "managed_by", "first_year", "last_year", "aim"),
            *("successor_of",),
            *CITATION,
        ),
        required=("programme", "name_en"),
        key=("programme", "cited_source"),
    ),
    ("reference_list", "document"): Layout(
        columns=("document", "title", "publisher", "version", "published", "address", "language", *CITATION),
        required=("document", "title", "publisher"),
        key=("document",),
    ),
}


def layout_of(kind: str, table: str) -> Layout:
    """The layout of a kind's table; ``KeyError`` when the pair is not in the closed list."""
    return LAYOUTS[(kind, table)]
