"""A wide table as a Frictionless Table Schema (version 2): fields with titles, categories and missing values.

Belongs here: that format (https://datapackage.org/standard/table-schema/). Does not belong here: what is said in it
(``wave``). Texts are English with the Japanese ones beside them in ``title_ja`` and ``label_ja``, which the standard
leaves to whoever writes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analytics.codebook.wave import Category, WaveCodebook, WideColumn, read_waves

if TYPE_CHECKING:
    import duckdb

SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
TYPES = {
    "VARCHAR": "string", "BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "number", "FLOAT": "number",
    "TINYINT": "integer", "SMALLINT": "integer", "INTEGER": "integer", "BIGINT": "integer", "TIMESTAMP": "datetime",
    "TIMESTAMP_S": "datetime",
}  # fmt: skip
KEYS = ("response_no", "repeat_no")


def table_schema(wave: WaveCodebook, table: str) -> dict[str, Any]:
    """The schema of one wide table of a wave."""
    columns = [column for column in wave.columns if column.table == table]
    names = [column.name for column in columns]
    return {
        "$schema": SCHEMA,
        "name": table.partition(".")[2],
        "title": wave.facts["title_en"],
        "title_ja": wave.facts["title_ja"],
        "fields": [_field(column) for column in columns],
        "primaryKey": [name for name in KEYS if name in names],
    }


def wide_table_fields(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """``survey.<table>`` to the fields of its schema, for every wide table of a released file."""
    return {
        table: table_schema(wave, table)["fields"] for wave in read_waves(connection) for table in wave.tables
    }  # fmt: skip


def _field(column: WideColumn) -> dict[str, Any]:
    texts, question = column.texts, column.question
    field: dict[str, Any] = {"name": column.name, "type": TYPES.get(column.type.partition("(")[0], "any")}
    field |= {"title": texts.get("en") or next(iter(texts.values()), column.name)}
    field |= {"title_ja": texts["ja"]} if "ja" in texts else {}
    field["description"] = column.text
    if column.name in KEYS:
        field["constraints"] = {"required": True}
    if question is None or column.part == "raw":
        return field
    field |= {"question": question.code} | ({"option": column.option.code} if column.option else {})
    field |= {"routing": question.routing} if question.routing else {}
    answers = [each for each in column.categories if not each.is_missing]
    missing = [each for each in column.categories if each.is_missing]
    if answers and column.part != "rank":
        field["categories"] = [{"value": each.number, **_labels(each)} for each in answers]
        field["categoriesOrdered"] = False
    elif column.part == "rank":
        field["constraints"] = {"minimum": 0, "maximum": len(question.options)}
    # Told as the text that a CSV of the table would have.
    field["missingValues"] = [{"value": ""}, *({"value": str(each.number), **_labels(each)} for each in missing)]
    return field


def _labels(category: Category) -> dict[str, str]:
    texts = category.texts
    japanese = {"label_ja": texts["ja"]} if "ja" in texts else {}
    return {"label": texts.get("en") or next(iter(texts.values()), str(category.number))} | japanese
