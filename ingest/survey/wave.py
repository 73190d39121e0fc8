"""One export read to its end: the wide file, the responses, the identities kept apart, and what there is to say.

Belongs here: the way from an export to files in a folder, in one pass and with flat memory. Does not belong here: the
card, where the files land and whose pseudonyms stand in them (``landing``). It runs in a process of its own for a
foreign file, so what it is told and what it leaves are plain files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.message import problem
from ingest.problem import Outcome, Place, Problem, SourceError
from ingest.survey.asked_twice import AskedTwice
from ingest.survey.batch import Decoded, decode
from ingest.survey.binding import Binding, CardWords, bind, translate
from ingest.survey.codebook import Codebook
from ingest.survey.codebook_check import disagreements
from ingest.survey.codebook_file import read_codebook, with_repeats
from ingest.survey.content_hash import content_of
from ingest.survey.design_columns import DesignColumns
from ingest.survey.export import PERSONAL_ROLES, Export, Repeat, SourceColumn
from ingest.survey.identity_store import FREE_TEXT, PERSONAL_ANSWER, IdentityStore, identity_store
from ingest.survey.inference import infer_codebook
from ingest.survey.opening import open_export
from ingest.survey.personal_question import personal_problems, with_personal
from ingest.survey.pseudonym import RESPONDENT_ROLES
from ingest.survey.published_texts import without_contacts
from ingest.survey.response_report import duplicate_rule, response_problems
from ingest.survey.responses import responses_of
from ingest.survey.schema import REPEAT_NO, RESPONSE_NO
from ingest.survey.wave_card import ResponseRules
from ingest.survey.wave_facts import (
    FACTS,
    IDENTITIES,
    IDENTITY_PREFIX,
    RESPONSES,
    WIDE,
    WaveFacts,
    WaveJob,
    described_columns,
    wide_file,
)
from ingest.survey.wave_report import binding_problems, table_problems
from ingest.survey.wide_table import WideTable
from ingest.survey.withheld import open_responses
from ingest.tables.printed import Hints
from ingest.tables.read_ahead import read_ahead

if TYPE_CHECKING:
    import pyarrow as pa

# Roles that the rules for responses ask about; the personal ones among them are dropped once they were asked.
COLLECTED = (
    *("response_id", "started_at", "submitted_at", "recorded_at", "duration", "language", "collector", "finished"),
    *("status", "progress", "last_page", *RESPONDENT_ROLES),
)
# Questions whose number is kept in two bytes for each response.
MOST_SMALL = 32_767
# Instead of the number of a response, where a key has two or none.
AMBIGUOUS = 0
WIDE_OPTIONS: dict[str, Any] = {"compression": "zstd", "compression_level": 1}


def read_wave(path: Path, folder: Path, job: WaveJob) -> WaveFacts:
    """Read an export into ``folder``.

    Raises:
        SourceError: the file is refused, or it and its codebook disagree; with every reason found.
    """
    hints = Hints(encoding=job.encoding, delimiter=job.delimiter, sheet=job.sheet)
    given, unread = read_codebook(Path(job.codebook)) if job.codebook else (None, [])
    export = open_export(path, hints, job.tool, given)
    if export.own is not None:
        export = replace(export, own=with_personal(export.own))
    codebook, said = _codebook(export, given, path, job.least_given)
    said = [*said, *(personal_problems(given, codebook, path.name) if given else ())]
    binding = bind(export.columns, codebook, CardWords(job.columns, job.aliases))
    if export.own is not None and export.own is not codebook:
        translate(binding, export.own)
    told = [*unread, *said, *disagreements(export, codebook, binding, path.name)]
    refused = [each for each in (*export.all_problems(), *told) if each.outcome in {Outcome.QUAR, Outcome.STOP}]
    if refused:
        raise SourceError(refused)
    design = DesignColumns.of(job.design, export.columns, binding, path.name)
    told += binding_problems(binding, codebook, design.places, path.name)
    reading = _Reading(path, folder, export, codebook, binding, design, ResponseRules(**job.rules))
    reading.run()
    facts = reading.facts(told)
    (folder / FACTS).write_text(json.dumps(facts.to_plain(), ensure_ascii=False), encoding="utf-8")
    return facts


def _codebook(export: Export, given: Codebook | None, path: Path, least_given: int) -> tuple[Codebook, list[Problem]]:
    """The codebook of the card before that of the file, before one that is guessed."""
    if given is not None:
        return with_personal(with_repeats(given, export)), []
    if export.own is not None:
        return export.own, []
    guessed = infer_codebook(export, least_given)
    return guessed, [problem("survey_codebook_inferred", Place(path.name), n=len(guessed.questions))]


class _Reading:
    """An export on its way into the folder."""

    def __init__(
        self, path: Path, folder: Path, export: Export, codebook: Codebook, binding: Binding, design: DesignColumns,
        rules: ResponseRules,
    ) -> None:  # fmt: skip
        self.path, self.folder, self.export, self.codebook, self.rules = path, folder, export, codebook, rules
        self.table, self.design = WideTable(binding, export.convention), design
        self.repeats = [(each, self._repeat_table(each)) for each in export.repeats]
        self.roles = _roles(export.columns)
        self.asked_twice = AskedTwice(binding)
        self.collected: list[pa.RecordBatch] = []
        self.content: list[Any] = []
        self.keys: dict[str, int] = {}
        self.n_rows = 0
        self.problems: list[Problem] = []
        self.duplicate_rule = ""

    def _repeat_table(self, repeat: Repeat) -> WideTable:
        return WideTable(bind(repeat.columns, self.codebook, CardWords(), repeat.code), self.export.convention)

    def _codes(self) -> tuple[str, ...]:
        return ("", *(repeat.code for repeat in self.export.repeats))

    def run(self) -> None:
        """Write every file."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        with identity_store(self.folder / IDENTITIES) as store:
            self._write_main(store)
            for repeat, table in self.repeats:
                self._write_repeat(repeat, table, store)
        self.problems += store.problems(self.path.name)
        if not self.collected:
            raise SourceError([problem("survey_no_responses", Place(self.path.name, sheet=self.export.sheet))])
        collected = pa.Table.from_batches(self.collected, self._collected_schema())
        collected = collected.append_column("content_key", self._content_keys())
        self.collected.clear()
        convention = self.export.convention
        responses = responses_of(collected, convention, self.rules)
        self.problems += response_problems(collected, responses, convention, self.rules, self.path.name)
        self.duplicate_rule = duplicate_rule(self.rules, collected)
        responses, covered = open_responses(responses)
        for role, count in covered.items():
            header = self.roles[role].header
            self.problems.append(problem("survey_text_redacted", Place(self.path.name), question=header, count=count))
        self.design.judge(responses["is_counted"])
        # For the pseudonyms, which need a key that this process does not have; they land nowhere.
        for role in RESPONDENT_ROLES:
            if role in self.roles:
                responses = responses.append_column(IDENTITY_PREFIX + role, collected[role])
        pq.write_table(responses, self.folder / RESPONSES, **WIDE_OPTIONS)

    def _write_main(self, store: IdentityStore) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        fields = list(self.table.schema_fields())
        schema = pa.schema([(RESPONSE_NO, pa.int64()), *fields, *self.design.fields()])
        texts = [each.name for each in schema if pa.types.is_dictionary(each.type)]
        # Small numbers packed by their differences are written in half the time of a dictionary, and take less room.
        packed = {each.name: "DELTA_BINARY_PACKED" for each in schema if pa.types.is_integer(each.type)}
        options = {**WIDE_OPTIONS, "use_dictionary": texts, "column_encoding": packed, "write_statistics": False}
        with pq.ParquetWriter(self.folder / WIDE, schema, **options) as writer:
            # The next batch is read and decoded while the last one is written.
            for table in read_ahead(self._wide_batches(schema, store)):
                writer.write_table(table)

    def _wide_batches(self, schema: pa.Schema, store: IdentityStore) -> Iterator[pa.Table]:
        """The batches of the wide file; what else is kept of them is kept on the way."""
        import pyarrow as pa

        for batch in self.export.batches(self._encoded()):
            if not batch.num_rows:
                continue
            numbers = _numbers(self.n_rows, batch.num_rows)
            decoded = decode(self.table, batch)
            self.asked_twice.look(batch)
            self._keep_identities(batch, numbers, decoded, store)
            self._collect(batch, numbers, decoded)
            columns = {RESPONSE_NO: numbers, **decoded.columns, **self.design.columns(batch, self.table, decoded)}
            self.n_rows += batch.num_rows
            yield pa.table([columns[name] for name in schema.names], schema=schema)

    def _encoded(self) -> frozenset[int]:
        few = {"language", "finished", "status", "collector", "last_page"}
        return self.table.encoded_places() | {self.roles[role].place for role in few & set(self.roles)}

    def _keep_identities(
        self, batch: pa.RecordBatch, numbers: pa.Array, decoded: Decoded, store: IdentityStore
    ) -> None:
        for column in self.export.columns:
            if column.role in PERSONAL_ROLES:
                store.add(column.role, column.header, numbers, batch[f"c{column.place + 1}"])
        self._keep_texts(decoded, numbers, store)

    def _keep_texts(self, decoded: Decoded, numbers: pa.Array, store: IdentityStore) -> None:
        """The originals of answers that are withheld: to personal questions, and texts with contact data."""
        import pyarrow as pa

        for question, (rows, texts) in decoded.identities.items():
            role = PERSONAL_ANSWER if self.codebook.by_code[question].is_personal else FREE_TEXT
            store.add(role, question, numbers.take(pa.array(rows)), pa.array(texts, pa.string()))

    def _collect(self, batch: pa.RecordBatch, numbers: pa.Array, decoded: Decoded) -> None:
        """What the rules for whole responses need to know."""
        import pyarrow as pa

        columns = {"response_no": numbers, "row_number": batch["row_number"]}
        columns |= {role: self._text(batch, column) for role, column in self.roles.items() if role in COLLECTED}
        columns |= {
            "respondent_id": pa.nulls(batch.num_rows, pa.string()),
            "n_applicable": pa.array(decoded.n_applicable),
            "n_answered": pa.array(decoded.n_answered),
            "is_straight_lined": pa.array(decoded.is_straight_lined, pa.bool_()),
        }
        self.content.append(content_of(decoded.columns, batch.num_rows))
        self.collected.append(pa.RecordBatch.from_pydict(columns, self._collected_schema()))
        if self.repeats and "row_key" in self.roles:
            for key, number in zip(
                self._text(batch, self.roles["row_key"]).to_pylist(), numbers.to_pylist(), strict=True
            ):
                # The rows of a repeat say nothing of which of two they belong to.
                self.keys[key] = number if key and key not in self.keys else AMBIGUOUS

    def _collected_schema(self) -> pa.Schema:
        import pyarrow as pa

        count = pa.int16() if len(self.table.bound) <= MOST_SMALL else pa.int32()
        counts = [("n_applicable", count), ("n_answered", count), ("is_straight_lined", pa.bool_())]
        texts = [(role, pa.string()) for role in (*(each for each in self.roles if each in COLLECTED), "respondent_id")]
        return pa.schema([("response_no", pa.int64()), ("row_number", pa.int32()), *texts, *counts])

    def _text(self, batch: pa.RecordBatch, column: SourceColumn) -> pa.Array:
        import pyarrow as pa

        return batch[f"c{column.place + 1}"].cast(pa.string())

    def _content_keys(self) -> pa.Array:
        """A key of the whole content for responses that answered just as another one did, empty for all others."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        keys = np.concatenate(self.content) if self.content else np.empty(0, dtype=np.uint64)
        self.content.clear()
        ordered = np.sort(keys)
        repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        del ordered
        if not len(repeated):
            return pa.repeat(pa.scalar(""), len(keys))
        group = np.searchsorted(repeated, keys).clip(max=len(repeated) - 1)
        is_repeated = pa.array(repeated[group] == keys)
        return pc.if_else(is_repeated, pa.array(group).cast(pa.string()), "")

    def _write_repeat(self, repeat: Repeat, table: WideTable, store: IdentityStore) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        fields = list(table.schema_fields())
        schema = pa.schema([(RESPONSE_NO, pa.int64()), (REPEAT_NO, pa.int64()), *fields])
        key = _roles(repeat.columns)["parent_key"]
        counted: dict[int, int] = {}
        n_orphans = 0
        path = self.folder / wide_file(self._codes(), repeat.code)
        with pq.ParquetWriter(path, schema, **WIDE_OPTIONS) as writer:
            for batch in repeat.batches(table.encoded_places()):
                numbers = pa.array(
                    [self.keys.get(each) or None for each in self._text(batch, key).to_pylist()], pa.int64()
                )
                n_orphans += numbers.null_count
                kept = pc.is_valid(numbers)
                batch, numbers = batch.filter(kept), numbers.filter(kept)  # noqa: PLW2901 - rows without a response
                decoded = decode(table, batch)
                self._keep_texts(decoded, numbers, store)
                places = []
                for number in numbers.to_pylist():
                    counted[number] = counted.get(number, 0) + 1
                    places.append(counted[number])
                columns = {RESPONSE_NO: numbers, REPEAT_NO: pa.array(places, pa.int64()), **decoded.columns}
                writer.write_table(pa.table([columns[name] for name in schema.names], schema=schema))
        if n_orphans:
            where = Place(self.path.name, sheet=repeat.code)
            self.problems.append(problem("survey_orphan_rows", where, repeat=repeat.code, count=n_orphans))

    def facts(self, told: Sequence[Problem]) -> WaveFacts:
        """What there is to say once everything was read."""
        tables = [("", self.table), *((repeat.code, table) for repeat, table in self.repeats)]
        problems = [*self.export.all_problems(), *told, *self.problems, *self.design.problems()]
        problems += self.asked_twice.problems(Place(self.path.name, sheet=self.export.sheet))
        where = Place(self.path.name, sheet=self.export.sheet)
        quoted, unquoted = (
            [each for _, table in tables for each in table_problems(table, self.codebook, where, is_quoting=is_quoting)]
            for is_quoting in (True, False)
        )
        described = [column for code, table in tables for column in described_columns(code, table)]
        codebook, columns, n_covered = without_contacts(asdict(self.codebook), described)
        if n_covered:
            problems.append(problem("survey_label_redacted", Place(self.path.name), n=n_covered))
        return WaveFacts(
            tool=self.export.tool,
            form=self.export.form,
            options=dict(self.export.options),
            exported_at=self.export.exported_at,
            limits=self.export.limits,
            codebook=codebook,
            columns=columns,
            tables=self._codes(),
            n_rows=self.n_rows,
            n_redacted=sum(table.tally.n_redacted for _, table in tables),
            n_unreadable=sum(unread.count for _, table in tables for unread in table.tally.unread.values()),
            duplicate_rule=self.duplicate_rule,
            weights=self.design.judgement(),
            problems=(*problems, *quoted),
            unquoted=(*problems, *unquoted),
        )


def _roles(columns: Sequence[SourceColumn]) -> dict[str, SourceColumn]:
    """The first column of each role that is no answer."""
    roles: dict[str, SourceColumn] = {}
    for column in columns:
        if column.role != "answer":
            roles.setdefault(column.role, column)
    return roles


def _numbers(before: int, n: int) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    return pa.array(np.arange(before + 1, before + n + 1))
