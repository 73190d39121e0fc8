"""Belongs here: Splink on DuckDB as a way of linking the labelled set, modelled as its guides advise.
Does not belong here: the other ways (linkage_rivals.py), scoring (linkage_set.py).

What it may use is what the other ways may: the name, the country, the web site and the rule of one mention a roster.
u from random pairs with a seed, m by expectation maximisation over two blockings, the threshold and the kind of
clustering from the development half.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import pandas as pd
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_level_library as level
from splink import comparison_library as compare
from splink.internals.splink_dataframe import SplinkDataFrame

from tests.benchmarks.linkage_rivals import normalised
from tests.benchmarks.linkage_set import Mention, Pair, cross_edition_pairs, quality

SEED = 20161231
THRESHOLDS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
Trained = tuple[Linker, SplinkDataFrame]


def table_name(edition: str) -> str:
    """The edition as Splink can use it in SQL."""
    return "roster_" + re.sub(r"\W+", "_", edition)


def columns_of(mentions: Sequence[Mention]) -> pd.DataFrame:
    """The mentions with the columns that Splink compares."""
    plain = {each.mention_id: normalised(each.name) for each in mentions}
    seen = Counter(word for name in plain.values() for word in set(name.split()))
    rows = []
    for each in mentions:
        words = plain[each.mention_id].split()
        rare = sorted(set(words), key=lambda word: (seen[word], word))
        bracketed = re.findall(r"\(([^)]+)\)", each.name)
        initials = "".join(word[0] for word in re.findall(r"\w+", each.name) if word[0].isupper())
        short = {normalised(part) for part in (*bracketed, initials, each.name) if 2 <= len(part) <= 12}
        domain = re.sub(r"^\w+://|^www\.|(?<=//)www\.", "", each.website).removeprefix("www.").split("/")[0]
        rows.append(
            {
                "unique_id": each.mention_id,
                "source_dataset": table_name(each.edition),
                "name": plain[each.mention_id],
                "words": sorted(set(words)),
                "rarest": rare[0] if rare else None,
                "second": rare[1] if len(rare) > 1 else None,
                "short": sorted(short) or None,
                "country": each.country or None,
                "domain": domain or None,
            }
        )
    return pd.DataFrame(rows)


def settings() -> SettingsCreator:
    """The model: one comparison for the name from letters to words, and one each for acronym, country and web site."""
    shared = "len(list_intersect(words_l, words_r)) >= {} * least(len(words_l), len(words_r))"
    either = "len(list_intersect(words_l, words_r)) >= {} * greatest(len(words_l), len(words_r))"
    name = compare.CustomComparison(
        [
            level.NullLevel("name"),
            level.ExactMatchLevel("name", term_frequency_adjustments=True),
            level.CustomLevel(either.format(1), "the same words"),
            level.JaroWinklerLevel("name", 0.96),
            level.CustomLevel(f"len(words_l) > 1 AND len(words_r) > 1 AND {shared.format(1)}", "words within words"),
            level.JaroWinklerLevel("name", 0.92),
            level.CustomLevel(either.format(0.66), "two thirds of the words"),
            level.JaroWinklerLevel("name", 0.85),
            level.CustomLevel(either.format(0.5), "half of the words"),
            level.ElseLevel(),
        ],
        "name",
    )
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            name,
            compare.JaroWinklerAtThresholds("rarest", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            compare.ArrayIntersectAtSizes("short", [1]),
            compare.ExactMatch("country").configure(term_frequency_adjustments=True),
            compare.ExactMatch("domain"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name"),
            block_on("rarest"),
            block_on("second"),
            block_on("domain"),
            block_on("country", "substr(name, 1, 5)"),
            block_on("country", "words", arrays_to_explode=["words"]),
            block_on("short", arrays_to_explode=["short"]),
        ],
    )


def predicted(mentions: Sequence[Mention]) -> Trained:
    """A trained linker and its scored pairs."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    table = columns_of(mentions)
    database = DuckDBAPI()
    frames = [
        database.register(part.reset_index(drop=True), dataset_display_name=str(edition))
        for edition, part in table.groupby("source_dataset", sort=True)
    ]
    linker = Linker(frames, settings(), log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("name"), block_on("domain")], recall=0.65)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("rarest"), record_sample_proportion=1.0)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("country", "substr(name, 1, 5)"), record_sample_proportion=1.0
    )
    return linker, linker.inference.predict(threshold_match_probability=THRESHOLDS[0])


def linked(trained: Trained, mentions: Sequence[Mention], one_each: bool, threshold: float) -> set[Pair]:
    """The pairs at a threshold, clustered to one mention a roster or, as the guides do, by connected components."""
    linker, scored = trained
    if one_each:
        clusters = linker.clustering.cluster_using_single_best_links(
            scored,
            duplicate_free_datasets=sorted({table_name(each.edition) for each in mentions}),
            threshold_match_probability=threshold,
        )
    else:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            scored, threshold_match_probability=threshold
        )
    known = {each.mention_id: each for each in mentions}
    groups = defaultdict(list)
    for row in clusters.as_pandas_dataframe().itertuples():
        groups[row.cluster_id].append(known[row.unique_id])
    return cross_edition_pairs(groups.values())


def best_threshold(trained: Trained, development: Sequence[Mention], one_each: bool) -> float:
    """The threshold that does best on the development half."""
    return max(THRESHOLDS, key=lambda cut: quality(development, linked(trained, development, one_each, cut)).f1)
