"""Belongs here: made-up clusters and mentions of them in any number, for the benchmark of scale.
Does not belong here: the labelled set (tests/golden/linkage), any measuring (linkage_scale.py).

Words follow Zipf's law and their number grows with the number of names as Heaps' law has it, since what a matcher
costs hangs on its most frequent words. Every name is made of made-up places and family names; none is a real body.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

SEED = 20161231
# Heaps' law: words = HEAPS_FACTOR * names ** HEAPS_POWER, as in registers of organisations.
HEAPS_FACTOR, HEAPS_POWER = 8, 0.65
CONSONANTS = "b br d f fl g gr h k kl l m n p r s st t tr v w"
VOWELS = "a e i o u ei au"
SYLLABLES = ["".join(each) for each in product(CONSONANTS.split(), VOWELS.split())]
ENDINGS = ("berg", "ville", "stad", "mont", "field", "ona", "ino", "ów", "haven", "elle", "ara", "é", "ö", "heim")
KANJI = (
    "山川田野島浜松原森谷沢崎橋岡村井本木林池石岩坂戸沼津波根江関高中大小上下東西南北"
    "青白黒赤金銀竹梅桜藤菊花草水泉滝湖海星月雲雪風"
)
# Per language: country, share of the clusters, patterns with a place {0}, a family name {1}, and their usual parts.
LANGUAGES = {
    "en": (
        "GB",
        0.25,
        ("{0} {1} Cluster", "University of {0}", "{1} Institute of Technology, {0}", "{0} Energy Cluster"),
    ),
    "de": (
        "DE",
        0.17,
        ("Cluster {1} {0} e. V.", "Technische Universität {0}", "{1}-Institut {0} GmbH", "Hochschule {0}"),
    ),
    "fr": (
        "FR",
        0.14,
        ("Pôle de compétitivité {1} {0}", "Université {1} de {0}", "Institut {1}", "Association {1} {0}"),
    ),
    "it": (
        "IT",
        0.10,
        ("Distretto {1} di {0}", "Università degli Studi di {0}", "Fondazione {1} {0}", "Consorzio {1}"),
    ),
    "es": ("ES", 0.10, ("Clúster {1} de {0}", "Universidad de {0}", "Fundación {1}", "Asociación {1} de {0}")),
    "pl": ("PL", 0.06, ("Klaster {1} {0}", "Politechnika {0}", "Fundacja {1} {0}", "Instytut {1}")),
    "ja": ("JP", 0.18, ("{0}{1}クラスター", "{0}大学", "{1}研究所", "一般社団法人{0}{1}協議会", "{0}バイオ産業振興会")),
}
EDITIONS = ("2013", "2016", "2019", "2022")


def frequencies(count: int) -> np.ndarray:
    """Zipf's law over `count` words."""
    weights = 1 / np.arange(1, count + 1)
    return weights / weights.sum()


def latin_words(count: int, draws: np.random.Generator) -> list[str]:
    """Different made-up words in Latin letters."""
    made: dict[str, None] = {}
    while len(made) < count:
        parts = [SYLLABLES[at] for at in draws.integers(len(SYLLABLES), size=int(draws.integers(2, 4)))]
        ending = ENDINGS[draws.integers(len(ENDINGS))] if draws.random() < 0.6 else ""
        made["".join(parts).capitalize() + ending] = None
    return list(made)


def japanese_words(count: int, draws: np.random.Generator) -> list[str]:
    """Different made-up words of two or three characters."""
    made: dict[str, None] = {}
    while len(made) < count:
        size = 2 if draws.random() < 0.3 else 3
        made["".join(KANJI[at] for at in draws.integers(len(KANJI), size=size))] = None
    return list(made)


def clusters(count: int) -> pd.DataFrame:
    """`count` made-up clusters: id, name, country, website, is_synthetic; no two names are equal."""
    draws = np.random.default_rng([SEED, count])
    size = int(HEAPS_FACTOR * count**HEAPS_POWER)
    latin, japanese = latin_words(size, draws), japanese_words(size, draws)
    chance = frequencies(size)
    shares = np.array([share for _, share, _ in LANGUAGES.values()])
    rows: dict[str, tuple[str, str]] = {}
    while len(rows) < count:
        batch = count - len(rows) + 1000
        languages = draws.choice(list(LANGUAGES), size=batch, p=shares / shares.sum())
        first, second = draws.choice(size, size=batch, p=chance), draws.integers(size, size=batch)
        for language, place, family in zip(languages, first, second, strict=True):
            words = japanese if language == "ja" else latin
            country, _, patterns = LANGUAGES[language]
            pattern = patterns[draws.integers(len(patterns))]
            name = pattern.format(words[place], words[family])
            if name in rows:  # a numbered sister, as real registers have them
                name = f"{name} {int(draws.integers(2, 90))}"
            rows.setdefault(name, (country, language))
    names = list(rows)[:count]
    sites = [f"https://c{at}.example" if draws.random() < 0.15 else "" for at in range(count)]
    return pd.DataFrame(
        {
            "id": [f"C{at:06d}" for at in range(count)],
            "name": names,
            "country": [rows[name][0] for name in names],
            "website": sites,
            "is_synthetic": True,
        }
    )


def printed(name: str, draws: np.random.Generator) -> str:
    """The name as a roster prints it: as it is, in capitals, with a slip, without a part, or in another order."""
    way = draws.random()
    if way < 0.55 or len(name) < 6:
        return name
    if way < 0.65:
        return name.upper()
    if way < 0.80:
        at = int(draws.integers(1, len(name) - 2))
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    words = name.split()
    if way < 0.90 or len(words) < 3:
        for part in (" e. V.", " GmbH", "degli Studi ", "一般社団法人", "de compétitivité ", "The "):
            name = name.replace(part, "")
        return name
    return f"{' '.join(words[1:])}, {words[0]}"


def mentions(count: int, known: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """`count` mentions and the row of the cluster that each one is, -1 for one in ten that is none of them."""
    draws = np.random.default_rng([SEED, count, 1])
    strangers = clusters(len(known) + count // 5)
    strangers = strangers[~strangers["name"].isin(set(known["name"]))].reset_index(drop=True)
    truth = np.where(draws.random(count) < 0.9, draws.integers(len(known), size=count), -1)
    ours, others = (
        list(zip(each["name"], each["country"], each["website"], strict=True)) for each in (known, strangers)
    )
    rows = []
    for number, at in enumerate(truth.tolist()):
        name, country, website = ours[at] if at >= 0 else others[number % len(others)]
        rows.append(
            (
                f"M{number:06d}",
                EDITIONS[number % len(EDITIONS)],
                printed(name, draws),
                country if draws.random() < 0.9 else "",
                website if at >= 0 and draws.random() < 0.5 else "",
            )
        )
    return pd.DataFrame(rows, columns=["id", "edition", "name", "country", "website"]), truth
