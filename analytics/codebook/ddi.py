"""A wave as DDI-Codebook 2.5 XML, which data archives take: study, files, variables with categories and counts.

Belongs here: the elements and their order, which is that of the public schema (``ddi:codebook:2_5``, codebook.xsd of
2012-01-17). Does not belong here: what is said in them (``wave``).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping

from analytics.codebook.wave import BY_OPTION, Question, WaveCodebook, WideColumn, total

NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold at all, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NO_ID_SIGN = re.compile(r"[^A-Za-z0-9_.-]")
DOMAINS = {"choice": "category", "tick": "multiple", "rank": "numeric", "number": "numeric", "text": "text"}
DOMAINS |= {"date": "datetime", "datetime": "datetime", "time": "datetime", "state": "code"}
TITLES = {"en": "Codebook: {title}", "ja": "コードブック：{title}"}


def ddi_document(wave: WaveCodebook, release_id: str) -> str:
    """The document as text, UTF-8 declared; the same wave gives the same text."""
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5", LANGUAGE: wave.languages[0]})
    _document(root, wave, release_id)
    _study(root, wave)
    for table in wave.tables:
        _file(root, wave, table)
    _variables(ET.SubElement(root, "dataDscr"), wave)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add(parent: ET.Element, tag: str, text: object = None, language: str = "", /, **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, tag, {key: FORBIDDEN.sub(" ", value) for key, value in attributes.items()})
    if language:
        found.set(LANGUAGE, language)
    if text is not None:
        found.text = FORBIDDEN.sub(" ", str(text))
    return found


def _add_texts(parent: ET.Element, tag: str, texts: Mapping[str, str], /, **attributes: str) -> None:
    for language, text in texts.items():
        _add(parent, tag, text, language, **attributes)


def _titles(wave: WaveCodebook) -> dict[str, str]:
    found = {language: wave.facts[f"title_{language}"] for language in ("en", "ja")}
    return {language: text for language, text in found.items() if text} or {"en": wave.edition_id}


def _document(root: ET.Element, wave: WaveCodebook, release_id: str) -> None:
    citation = ET.SubElement(ET.SubElement(root, "docDscr"), "citation")
    titles = {language: TITLES[language].format(title=title) for language, title in _titles(wave).items()}
    _title(citation, titles, f"{wave.edition_id}/{release_id}")
    _add(ET.SubElement(citation, "prodStmt"), "software", "Cluster Observatory", version=release_id)


def _title(citation: ET.Element, titles: Mapping[str, str], identifier: str) -> None:
    statement = ET.SubElement(citation, "titlStmt")
    (language, text), *others = titles.items()
    _add(statement, "titl", text, language)
    for other, translated in others:
        _add(statement, "parTitl", translated, other)
    _add(statement, "IDNo", identifier)


def _study(root: ET.Element, wave: WaveCodebook) -> None:
    study, facts, source = ET.SubElement(root, "stdyDscr"), wave.facts, wave.source
    design = {row["aspect"]: row["statement"] for row in wave.design if row["statement"]}
    citation = ET.SubElement(study, "citation")
    _title(citation, _titles(wave), wave.edition_id)
    if source:
        _add(ET.SubElement(citation, "rspStmt"), "AuthEnty", source["publisher_name"])
        _add(ET.SubElement(citation, "distStmt"), "distrbtr", source["publisher_name"], URI=source["page_address"])
    summary = ET.SubElement(ET.SubElement(study, "stdyInfo"), "sumDscr")
    if facts["reference_date"]:
        _add(summary, "collDate", facts["reference_date"], date=str(facts["reference_date"]), event="single")
    _add_all(summary, (("anlyUnit", design.get("unit")), ("universe", design.get("population"))))
    _add(summary, "dataKind", "survey data", "en")
    _method(study, wave, design)
    if source:
        statement = ET.SubElement(ET.SubElement(study, "dataAccs"), "useStmt")
        _add(statement, "conditions", source["licence_name"])
    if facts["is_synthetic"]:
        _add(study, "notes", "The answers were made up and describe no real organisation or person.", "en")
        _add(study, "notes", "回答は架空のものであり、実在の組織や個人とは関係ありません。", "ja")
    for limit in wave.limits:
        texts = {"en": limit["sentence_en"], "ja": limit["sentence_ja"]}
        _add_texts(study, "notes", texts, type="limit", subject=limit["question_code"] or "all questions")


def _add_all(parent: ET.Element, elements: Iterable[tuple[str, object]]) -> None:
    for name, text in elements:
        if text:
            _add(parent, name, text)


def _method(study: ET.Element, wave: WaveCodebook, design: Mapping[str, str]) -> None:
    method, facts = ET.SubElement(study, "method"), wave.facts
    collected = ET.SubElement(method, "dataColl")
    aspects = ("strata", "primary_sampling_unit", "stages")
    sampling = [f"{aspect}: {design[aspect]}" for aspect in aspects if aspect in design]
    _add_all(collected, [("sampProc", text) for text in sampling])
    if design.get("frame"):
        _add(ET.SubElement(collected, "sampleFrame"), "sampleFrameName", design["frame"])
    _add(collected, "collMode", f"questionnaire; export of {facts['tool']} ({facts['export_form']})", "en")
    _add_all(collected, (("weight", design.get("weights")),))
    rules = {"duplicates": facts["duplicate_rule"], "partial": facts["partial_rule"]}
    _add_all(collected, [("cleanOps", f"{name}: {rule}") for name, rule in rules.items() if rule])
    appraisal = ET.SubElement(method, "anlyInfo")
    counts = ", ".join(f"{row['disposition']} ({row['origin']}): {row['n']}" for row in wave.dispositions)
    told = f"rows in the file: {facts['n_rows']}; responses counted: {facts['n_counted']}; dispositions: {counts}"
    _add(appraisal, "respRate", told, "en")


def _file(root: ET.Element, wave: WaveCodebook, table: str) -> None:
    columns = [column for column in wave.columns if column.table == table]
    description = _add(
        root, "fileDscr", ID=_file_id(wave, table), URI=f"../../parquet/{table.replace('.', '/', 1)}.parquet"
    )
    text = ET.SubElement(description, "fileTxt")
    _add(text, "fileName", f"{table.partition('.')[2]}.parquet")
    _add(text, "fileCont", f"Answers of the wave {wave.edition_id}, one row per response or repetition.", "en")
    size = ET.SubElement(text, "dimensns")
    if table == wave.facts["wide_table"]:
        _add(size, "caseQnty", wave.facts["n_responses"])
    _add(size, "varQnty", len(columns))
    _add(text, "fileType", "Apache Parquet", charset="UTF-8")
    _add(text, "dataMsng", "Numbers below zero are no answers; their categories are marked as missing.", "en")


def _file_id(wave: WaveCodebook, table: str) -> str:
    return f"F{wave.tables.index(table) + 1}"


def _variables(data: ET.Element, wave: WaveCodebook) -> None:
    names = {(column.table, column.name): f"V{number}" for number, column in enumerate(wave.columns, start=1)}
    for number, (question, columns) in enumerate(_groups(wave), start=1):
        ids = " ".join(names[column.table, column.name] for column in columns)
        group = _add(data, "varGrp", ID=f"G{number}", type="multipleResp", var=ids, name=question.code)
        _add_texts(group, "labl", question.texts)
    for column in wave.columns:
        _variable(data, wave, column, names[column.table, column.name])


def _groups(wave: WaveCodebook) -> Iterator[tuple[Question, list[WideColumn]]]:
    """Questions whose answer is in several columns."""
    for question in wave.questions:
        columns = [column for column in wave.columns if column.question is question and column.part in {"tick", "rank"}]
        if question.kind in BY_OPTION and columns:
            yield question, columns


def _variable(data: ET.Element, wave: WaveCodebook, column: WideColumn, name: str) -> None:
    variable = _add(
        data, "var", ID=name, name=column.name, files=_file_id(wave, column.table),
        intrvl="contin" if column.part == "number" else "discrete",
    )  # fmt: skip
    _add_texts(variable, "labl", column.texts)
    question = column.question
    if question is not None and column.part != "raw":
        _asked(variable, question, column)
        if question.routing:
            _add(variable, "universe", question.routing, clusion="I")
        _counts(variable, question, column)
        if column.part != "state":
            _add_texts(variable, "txt", question.notes)
    for category in column.categories:
        told = _add(variable, "catgry", missing="Y" if category.is_missing else "N", missType=category.state)
        if not category.is_missing:
            del told.attrib["missType"]
        _add(told, "catValu", category.number)
        _add_texts(told, "labl", category.texts)
        if category.n is not None:
            _add(told, "catStat", category.n, type="freq")
    kind = "character" if column.type == "VARCHAR" else "numeric"
    _add(variable, "varFormat", type=kind, schema="other", otherSchema="DuckDB",
         formatname=column.type)  # fmt: skip


def _asked(variable: ET.Element, question: Question, column: WideColumn) -> None:
    asked = _add(variable, "qstn", ID=f"Q{NO_ID_SIGN.sub('_', variable.get('ID') or '')}", seqNo=str(question.number),
                 responseDomainType=DOMAINS.get(column.part, "other"))  # fmt: skip
    _add_texts(asked, "preQTxt", question.parent_texts)
    _add_texts(asked, "qstnLit", question.texts)


def _counts(variable: ET.Element, question: Question, column: WideColumn) -> None:
    """Valid and other cases: of the option where the column is about one, of the question else."""
    option = column.option.code if column.option else None
    lines = [line for line in question.lines if column.option is None or line.option == option]
    for is_in_base, kind in ((True, "vald"), (False, "invd")):
        cases = total(line.n for line in lines if line.is_in_base == is_in_base)
        if cases is not None:
            _add(variable, "sumStat", cases, type=kind)
