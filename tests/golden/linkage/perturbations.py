"""Belongs here: ways in which rosters print one name differently, each a function of the name and a generator.
Does not belong here: which body is printed where (make_mentions.py).

Every function returns the changed name, or the name unchanged when it has nothing to change.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

OLD_KANJI = str.maketrans(
    "学国広沢浜会医薬団総経済産業業県関鉄区団駅図芸気", "學國廣澤濱會醫藥團總經濟產業業縣關鐵區團驛圖藝氣"
)
ABBREVIATED = (
    (r"\bUniversity\b|\bUniversität\b|\bUniversité\b|\bUniversidade?\b|\bUniversità\b|\bUniwersytet\b", "Univ."),
    (r"\bInstitute\b|\bInstitut\b|\bInstituto\b|\bIstituto\b", "Inst."),
    (r"\bTechnology\b|\bTechnische\b|\bTechnical\b", "Tech."),
    (r"\bNational\b|\bNacional\b|\bNazionale\b", "Nat."),
    (r"\bResearch\b", "Res."),
    (r"\bScience\b|\bSciences\b", "Sci."),
    (r"\bMinistry\b", "Min."),
    (r"\bAssociation\b", "Assoc."),
    (r"\bDevelopment\b", "Dev."),
    (r"\bInternational\b", "Int."),
    (r"\bMedical\b", "Med."),
    (r"\bEngineering\b", "Eng."),
    (r"\bHochschule\b", "HS"),
)
# Legal forms, honorific parts and the like that one roster prints and the next leaves out.
DROPPED = re.compile(
    r"^The |, The (?=University)|^Fundación |^Fondazione |^Stiftung |^Stiftelsen |"
    r" e\. ?V\.$| GmbH$| mbH$| AB$| Oy$| Ab$| Ltd$| EEIG$| z\.s\.$|"
    r"^国立研究開発法人|^独立行政法人|^国立大学法人|^一般財団法人|(?<=Università )degli Studi |"
    r" [„«“\"][^”»“\"]+[”»“\"]| im\. .+?(?= w[e]? |$)| імені .+$| имени .+$|(?<=[a-zà-ÿ]) - Hellas$|"
    r"^(?:Rheinische |Westfälische |Johann |Königliche )|, JAPAN$|, Japan$| Japan$"
)
# Each word order that an index or a translation makes of another one.
REORDERED = (
    (re.compile(r"^(?:The )?University of ([^\W\d]+)$"), r"\1 University"),
    (re.compile(r"^([^\W\d]+) University$"), r"University of \1"),
    (re.compile(r"^(?:The )?(Ministry|Bank|Academy|Institute|University|Office|Association) of (.+)$"), r"\2, \1 of"),
    (re.compile(r"^(.+) (Institute|University|School|College) of (Technology|Science|Medicine)$"), r"\2 of \3, \1"),
    (re.compile(r"^(Université|Universidad|Universitat|Universidade|Università) (?:de |di |do )(\w+)$"), r"\2, \1"),
    (re.compile(r"^(Universität|Hochschule|Fachhochschule) (\w+)$"), r"\2, \1"),
    (re.compile(r"^(Technische (?:Universität|Universiteit|Hochschule)) (\w+)$"), r"\2, \1"),
    (re.compile(r"^(Ministère|Ministero|Ministerio|Banque|Banco|Banca) (.+)$"), r"\2 (\1)"),
    (re.compile(r"^(.+), The University of (\w+)$"), r"University of \2, \1"),
    (re.compile(r"^(.+), (\w+ University)$"), r"\2 \1"),
)


def typo(name: str, draws: np.random.Generator) -> str:
    """One slip in one longer word: two letters swapped, one left out, doubled or replaced by its neighbour."""
    places = [found.span() for found in re.finditer(r"[^\W\d_]{5,}", name)]
    if not places or not name.isascii():
        places = [span for span in places if unicodedata.name(name[span[0]]).startswith(("LATIN", "GREEK", "CYRILLIC"))]
    if not places:
        return name
    start, end = places[draws.integers(len(places))]
    at = int(draws.integers(start + 1, end - 1))
    kind = draws.integers(4)
    if kind == 0:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + name[at] + name[at:]
    return name[:at] + "aeiourstnl"[draws.integers(10)] + name[at + 1 :]


def abbreviated(name: str, draws: np.random.Generator) -> str:
    """Usual words cut short; all of them or, half of the time, only the first kind found."""
    changed = name
    only_first = draws.random() < 0.5
    for pattern, short in ABBREVIATED:
        shorter = re.sub(pattern, short, changed)
        if shorter != changed and only_first:
            return shorter
        changed = shorter
    return changed


def dropped_part(name: str, _: np.random.Generator) -> str:
    """Legal form, article or honorific part left out."""
    return DROPPED.sub("", name).strip(" ,")


def reordered(name: str, draws: np.random.Generator) -> str:
    """Another word order, as an alphabetical index or a translation has it."""
    fitting = [(pattern, order) for pattern, order in REORDERED if pattern.match(name)]
    if not fitting:
        return name
    pattern, order = fitting[draws.integers(len(fitting))]
    return pattern.sub(order, name)


def truncated(name: str, draws: np.random.Generator) -> str:
    """Cut off where a column of an old table ended."""
    if len(name) < 34:
        return name
    kept = name[: int(draws.integers(26, min(len(name) - 4, 40)))].rstrip(" ,-")
    return kept + ("..." if draws.random() < 0.5 else "")


def old_kanji(name: str) -> str:
    """Old forms of the characters that have one."""
    return name.translate(OLD_KANJI)


def without_macrons(name: str, draws: np.random.Generator) -> str:
    """Romanised with long vowels as plain vowels or as two letters."""
    pairs = str.maketrans({"ō": "ou", "ū": "uu", "Ō": "Ou", "ā": "aa"}) if draws.random() < 0.3 else {}
    return plain_letters(name.translate(pairs), draws)


def plain_letters(name: str, draws: np.random.Generator) -> str:
    """Marks above and below letters left out, as old systems printed them; German umlauts sometimes as two letters."""
    if draws.random() < 0.3:
        name = name.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}))
    bare = "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))
    return bare.translate(str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ß": "ss", "ı": "i"}))


def capitals(name: str, draws: np.random.Generator) -> str:
    """ALL CAPS, or all lower case."""
    return name.upper() if draws.random() < 0.8 else name.lower()


def full_width(name: str, draws: np.random.Generator) -> str:
    """Latin letters and digits in the wide forms of East Asian type; a Japanese name gets a blank between two signs."""
    if any("\u3040" <= each <= "\u9fff" for each in name):
        at = int(draws.integers(1, max(2, len(name) - 1)))
        return name[:at] + "\u3000" + name[at:]
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name).replace(" ", "\u3000")


def other_signs(name: str, draws: np.random.Generator) -> str:
    """Hyphens, dashes, quotation marks, commas and doubled blanks set otherwise."""
    if draws.random() < 0.3:
        return name.replace(" ", "  ", 1)
    return name.translate(
        str.maketrans({"-": " ", "–": "-", ",": "", "'": "’", "’": "'", ".": "", '"': "'", "・": " "})
    )
