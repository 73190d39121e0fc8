"""Land a survey wave: its export, its codebook and its card as the relations of ``schema``, one Parquet file each.

Belongs here: where the wave lands, whose pseudonyms stand in it, who is left out, and the rows of the relations. Does
not belong here: reading the export (``wave``, in a process of its own for a foreign file by ``foreign``), the rows made
of the card (``card_rows``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ingest.disk import READING
from ingest.restricted import make_store_folder, private_file, restricted_path
from ingest.source_card import SourceCard
from ingest.survey.card_rows import rows_of
from ingest.survey.codebook import Codebook
from ingest.survey.codebook_rows import column_rows, limit_rows, option_rows, question_rows, wide_name
from ingest.survey.export_mark import published_hash
from ingest.survey.forgotten import Forgotten, forgotten_problems, read_forgotten
from ingest.survey.pseudonym import RESPONDENT_ROLES, key_id, key_of, respondent_ids
from ingest.survey.rare_answer import LEAST_GIVEN
from ingest.survey.response_report import partial_rule
from ingest.survey.schema import KEYS, RELATIONS, relation_schema
from ingest.survey.wave import WIDE_OPTIONS, read_wave
from ingest.survey.wave_card import PUBLISHED, WaveCard, check_codebook, wave_card
from ingest.survey.wave_facts import IDENTITIES, IDENTITY_PREFIX, RESPONSES, WIDE, WaveFacts, WaveJob, wide_file
from ingest.survey.weights import WeightsJudgement
from ingest.tables.printed import Facts

if TYPE_CHECKING:
    import pyarrow as pa

Rows = TypeVar("Rows", "pa.Table", "pa.RecordBatch")
RESPONSE, FILE = "survey__response", "survey__file"
WIDE_FOLDER = "survey_wide"
NOTE = b"facts"


def wave_hash(card: SourceCard, code_hash: str, home: Path) -> str:
    """By what the files of a wave are named: export, codebook, card, code, key, and who is forgotten."""
    codebook = card.content.get("survey", {}).get("codebook", {}).get("sha256", "")
    forgotten = read_forgotten(home)
    key = key_id(key_of(home, is_synthetic=card.is_synthetic))
    parts = (card.content["sha256"], codebook, card.fingerprint(), code_hash, key, forgotten.digest)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def home_of(raw: Path) -> Path:
    """The home that a folder of landed files belongs to: they stand below its folder ``work``."""
    return next((folder.parent for folder in raw.parents if folder.name == "work"), raw.parent)


def land_wave(card: SourceCard, raw: Path, name: str, *, is_foreign: bool) -> Path:
    """Land a wave under ``raw/<relation>/<source id>/<name>.parquet``; returns the file of its responses.

    Raises:
        SourceError: the export or its codebook is missing, altered or refused, or the two disagree.
    """
    wave = wave_card(card)
    check_codebook(wave)
    target = _place(raw, RESPONSE, card, name)
    raw.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=READING, dir=raw) as given:
        folder = Path(given)
        facts = _read(wave, folder, is_foreign=is_foreign)
        writing = _Writing(wave, raw, name, folder, facts)
        writing.write()
    return target


def remove_stale(card: SourceCard, raw: Path, name: str) -> None:
    """Take away what landed of a wave before ``name``, whoever was stopped on the way to do so."""
    for relation in (*RELATIONS, WIDE_FOLDER):
        folder = _place(raw, relation, card, name).parent
        for stale in (*folder.glob("*.parquet"), *folder.glob("*.partial")):
            if stale.stem.partition(".")[0] != name:
                stale.unlink()


def read_wave_facts(path: Path) -> WaveFacts:
    """What the file of a wave's responses says of its export."""
    import pyarrow.parquet as pq

    return WaveFacts.from_plain(json.loads(pq.read_metadata(path).metadata[NOTE]))


def table_facts(wave: WaveFacts) -> Facts:
    """What is known of an export as it is known of a table: its columns, its rows, what was found."""
    headers = tuple(dict.fromkeys(str(each["source_header"]) for each in wave.columns if each["source_header"]))
    return Facts(
        file_kind=wave.tool, header=headers, columns=tuple(range(1, len(headers) + 1)), header_rows=(1,),
        encoding=wave.options.get("encoding", ""), delimiter=wave.options.get("delimiter", ""), n_rows=wave.n_rows,
        problems=wave.problems,
    )  # fmt: skip


def remove_other_waves(raw: Path, active: Iterable[str]) -> None:
    """Take away what landed of waves that are no longer active."""
    keep = {*active, "_empty"}
    for relation in (*RELATIONS, WIDE_FOLDER):
        for folder in (raw / relation).glob("*"):
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)


def _place(raw: Path, relation: str, card: SourceCard, name: str) -> Path:
    return raw / relation / card.source_id / f"{name}.parquet"


def job_of(wave: WaveCard) -> WaveJob:
    """What the reading of a wave's export is told."""
    content = wave.card.content
    return WaveJob(
        codebook=str(wave.codebook.path) if wave.codebook else "",
        tool=wave.tool,
        columns=wave.columns,
        aliases=wave.aliases,
        rules=asdict(wave.rules),
        design=wave.design.variables,
        # Where the answers are published their words are no secret.
        least_given=1 if wave.microdata == PUBLISHED else wave.disclosure_threshold or LEAST_GIVEN,
        **{name: str(content.get(name, "")) for name in ("encoding", "delimiter", "sheet")},
    )


def _read(wave: WaveCard, folder: Path, *, is_foreign: bool) -> WaveFacts:
    job = job_of(wave)
    if is_foreign:
        from ingest.survey.foreign import read_foreign_wave

        return read_foreign_wave(wave.card.file, folder, job)
    return read_wave(wave.card.file, folder, job)


class _Writing:
    """The relations of one wave while they are written."""

    def __init__(self, wave: WaveCard, raw: Path, name: str, folder: Path, facts: WaveFacts) -> None:
        self.wave, self.raw, self.name, self.folder, self.facts = wave, raw, name, folder, facts
        self.card = wave.card
        self.home = home_of(raw)
        self.key = key_of(self.home, is_synthetic=wave.card.is_synthetic)
        self.forgotten = read_forgotten(self.home)
        self.n_forgotten = 0

    def write(self) -> None:
        """Every file, that of the responses last: while it is missing the wave has not landed."""
        import pyarrow.parquet as pq

        responses = pq.read_table(self.folder / RESPONSES)
        responses, dropped = self._named(responses, self.forgotten)
        tables = {code: self._wide(code, dropped) for code in self.facts.tables}
        self._keep_identities(dropped)
        rows: dict[str, Iterable[Mapping[str, Any]]] = {
            FILE: [self._file_row(responses, code, path) for code, path in tables.items()],
            "survey__question": question_rows(self.facts),
            "survey__option": option_rows(self.facts),
            "survey__column": column_rows(self.card, self.facts),
            "survey__limit": limit_rows(self.facts),
            **self._card_rows(responses),
        }
        for relation, found in rows.items():
            self._write_rows(relation, found)
        said = forgotten_problems(self.card.file.name, self.n_forgotten)
        # A text that could not be read may be that of somebody who is left out, and it is an answer.
        is_quoted = self.wave.microdata == PUBLISHED and not self.n_forgotten
        problems = self.facts.problems if is_quoted else self.facts.unquoted
        facts = replace(self.facts, problems=(*problems, *said), unquoted=())
        note = json.dumps(facts.to_plain(), ensure_ascii=False).encode()
        self._write_table(RESPONSE, self._keyed(responses, RESPONSE).replace_schema_metadata({NOTE: note}))

    def _card_rows(self, responses: pa.Table) -> Mapping[str, Iterable[Mapping[str, Any]]]:
        weights = WeightsJudgement(**self.facts.weights) if self.facts.weights else None
        return rows_of(
            self.wave, responses, Codebook.from_plain(self.facts.codebook), self.facts.duplicate_rule, weights
        )

    def _named(self, responses: pa.Table, forgotten: Forgotten) -> tuple[pa.Table, pa.Array]:
        """The responses with the pseudonyms of who gave them and without the forgotten, and the numbers of those."""
        import pyarrow.compute as pc

        card = self.card
        identities = {
            role: responses[IDENTITY_PREFIX + role]
            for role in RESPONDENT_ROLES
            if IDENTITY_PREFIX + role in responses.column_names
        }
        ids = respondent_ids(identities, card.family, card.edition, self.key) if identities else None
        if ids is not None:
            place = responses.column_names.index("respondent_id")
            responses = responses.set_column(place, "respondent_id", ids)
        asked = {**identities, "response_id": responses["response_id"]}
        mask = forgotten.mask(asked, card.family, card.edition, self.key)
        responses = responses.drop_columns([IDENTITY_PREFIX + role for role in identities])
        dropped = responses["response_no"].filter(mask).combine_chunks()
        self.n_forgotten = len(dropped)
        return (responses.filter(pc.invert(mask)) if self.n_forgotten else responses), dropped

    def _wide(self, code: str, dropped: pa.Array) -> Path:
        """Move the wide file of a table to its place, without the responses that are left out."""
        import pyarrow.parquet as pq

        source = self.folder / wide_file(self.facts.tables, code)
        target = self.raw / WIDE_FOLDER / self.card.source_id / source.name.replace(Path(WIDE).stem, self.name, 1)
        target.parent.mkdir(parents=True, exist_ok=True)
        if len(dropped):
            partial = self.folder / "kept.parquet"
            with pq.ParquetFile(source) as file, pq.ParquetWriter(partial, file.schema_arrow, **WIDE_OPTIONS) as writer:
                for batch in file.iter_batches():
                    writer.write_batch(_with_own_words(_without(batch, dropped)))
            source = partial
        os.replace(source, target)
        return target

    def _keep_identities(self, dropped: pa.Array) -> None:
        """Move the identities to the restricted store, without those of the forgotten."""
        import pyarrow.parquet as pq

        source = self.folder / IDENTITIES
        target = restricted_path(self.raw.parent, self.card.source_id, self.card.content["sha256"])
        if not source.exists():
            target.unlink(missing_ok=True)
            return
        make_store_folder(target)
        if len(dropped):
            table = pq.read_table(source)
            with private_file(target, table.schema) as write:
                write(_without(table, dropped))
            return
        source.chmod(0o600)
        os.replace(source, target)

    def _file_row(self, responses: pa.Table, code: str, wide: Path) -> dict[str, Any]:
        import pyarrow.compute as pc

        facts, wave = self.facts, self.wave
        n_counted = pc.sum(responses["is_counted"]).as_py() or 0
        return {
            "file_name": self.card.file.name,
            "file_sha256": published_hash(self.card, self.home),
            "tool": facts.tool,
            "form": facts.form,
            "options": json.dumps(dict(facts.options), ensure_ascii=False, sort_keys=True),
            "exported_at": facts.exported_at or None,
            "title_en": wave.title.get("en") or str(self.card.content["title"]),
            "title_ja": wave.title.get("ja"),
            "languages": ",".join(facts.codebook["languages"]),
            "codebook_origin": facts.codebook["origin"],
            "codebook_file": wave.codebook.path.name if wave.codebook else None,
            "codebook_sha256": wave.codebook.sha256 if wave.codebook else None,
            "n_rows": facts.n_rows,
            "n_responses": n_counted,
            "n_not_counted": responses.num_rows - n_counted,
            "n_duplicates": pc.sum(responses["is_duplicate"]).as_py() or 0,
            "n_forgotten": self.n_forgotten,
            "n_redacted": facts.n_redacted,
            "n_unreadable": facts.n_unreadable,
            "duplicate_rule": self.facts.duplicate_rule,
            "partial_rule": partial_rule(wave.rules),
            "timezone": wave.timezone or None,
            "retention_until": wave.retention_until.isoformat() if wave.retention_until else None,
            "wide_table": wide_name(self.card, facts.tables, code),
            "repeat_code": code or None,
            "wide_file": wide.relative_to(self.raw).as_posix(),
        }

    def _keyed(self, table: pa.Table, relation: str) -> pa.Table:
        import pyarrow as pa

        same = (self.card.source_id, self.card.family, self.card.edition, self.card.is_synthetic)
        columns = {name: pa.repeat(pa.scalar(value), table.num_rows) for name, value in zip(KEYS, same, strict=True)}
        columns |= {name: table[name] for name in RELATIONS[relation]}
        return pa.table(columns).cast(relation_schema(relation))

    def _write_rows(self, relation: str, rows: Iterable[Mapping[str, Any]]) -> None:
        import pyarrow as pa

        schema = relation_schema(relation)
        fields = [schema.field(name) for name in RELATIONS[relation]]
        found: Sequence[Mapping[str, Any]] = [{name: row.get(name) for name in RELATIONS[relation]} for row in rows]
        self._write_table(relation, self._keyed(pa.Table.from_pylist(found, pa.schema(fields)), relation))

    def _write_table(self, relation: str, table: pa.Table) -> None:
        import pyarrow.parquet as pq

        target = _place(self.raw, relation, self.card, self.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        pq.write_table(table, partial, compression="zstd")
        os.replace(partial, target)


def _without(rows: Rows, dropped: pa.Array) -> Rows:
    """The rows of all other responses."""
    import pyarrow.compute as pc

    return rows.filter(pc.invert(pc.is_in(rows["response_no"], value_set=dropped)))


def _with_own_words(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with dictionaries of what stands in it: those of a filtered batch still hold what was filtered out."""
    import pyarrow as pa

    columns = [
        column.dictionary_decode().dictionary_encode() if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)
