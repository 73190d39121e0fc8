"""Link the labelled set in four ways in one run: `make bench`. Prints a table; asserts nothing, since machines differ.

Every way gets the name, the country, the web site and the roster of a mention. rapidfuzz and Splink choose their
threshold on the development half; ours has none to choose. Pairs are counted across rosters; seconds are those of
linking, with training and reading of dictionaries and without imports and the choice of a threshold.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence

from tests.benchmarks import linkage_splink as splink_way
from tests.benchmarks.linkage_ours import our_groups
from tests.benchmarks.linkage_rivals import best_fuzzy, fuzzy_pairs, plain_pairs
from tests.benchmarks.linkage_set import (
    ALL,
    DEVELOPMENT,
    HELD_OUT,
    UNSEEN,
    Mention,
    Pair,
    cross_edition_pairs,
    labelled,
    quality,
)

# Wall and processor seconds.
Taken = tuple[float, float]
Way = Callable[[Sequence[Mention]], set[Pair]]
OURS, SPLINK = "ours", "Splink, one mention a roster"
SPLINK_GUIDE = "Splink, connected components"
PARTS = (DEVELOPMENT, HELD_OUT, UNSEEN, ALL)
TARGET_GAIN, TARGET_F1 = 0.15, 0.85


def ways() -> dict[str, Way]:
    """The ways with what they chose on the development half."""
    development = labelled(DEVELOPMENT)
    scorer, cut = best_fuzzy(development)
    trained = splink_way.predicted(development)
    splink = {
        name: (one_each, splink_way.best_threshold(trained, development, one_each))
        for name, one_each in ((SPLINK_GUIDE, False), (SPLINK, True))
    }
    print(
        f"Chosen on the development half: rapidfuzz {scorer} from {cut:g} of 100; "
        + "; ".join(f"{name} from {threshold:g}" for name, (_, threshold) in splink.items())
    )

    def splink_pairs(choice: tuple[bool, float]) -> Way:
        return lambda mentions: splink_way.linked(splink_way.predicted(mentions), mentions, *choice)

    return {
        "plain normalisation": plain_pairs,
        "rapidfuzz, one to one": lambda mentions: fuzzy_pairs(mentions, scorer, cut),
        **{name: splink_pairs(choice) for name, choice in splink.items()},
        OURS: lambda mentions: cross_edition_pairs(our_groups(mentions)),
    }


def line(name: str, mentions: Sequence[Mention], part: str, found: set[Pair], taken: Taken | None) -> float:
    """Print one line and return F1."""
    result = quality(mentions, found)
    figures = (result.precision, result.recall, result.f1)
    print(
        f"{name:<30}{part:<14}{len(mentions):>11}{result.true_pairs:>11}"
        + "".join(f"{figure:>11.3f}" for figure in figures)
        + "".join(f"{seconds:>11.1f}" for seconds in taken or ()),
        flush=True,
    )
    return result.f1


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    chosen = ways()
    columns = ("mentions", "true pairs", "precision", "recall", "F1", "wall s", "cpu s")
    print(f"{'':<30}{'part':<14}" + "".join(f"{each:>11}" for each in columns))
    f1: dict[tuple[str, str], float] = {}
    taken: dict[tuple[str, str], Taken] = {}
    for name, way in chosen.items():
        for part in PARTS:
            mentions = labelled(part)
            started, busy = time.perf_counter(), time.process_time()
            found = way(mentions)
            taken[name, part] = (time.perf_counter() - started, time.process_time() - busy)
            f1[name, part] = line(name, mentions, part, found, taken[name, part])
        for part, made_up in (("real bodies", "false"), ("made-up ones", "true")):
            some = [each for each in mentions if each.is_synthetic == made_up]
            inside = {each.mention_id for each in some}
            line(name, some, part, {pair for pair in found if inside.issuperset(pair)}, None)
    for rival in (SPLINK, SPLINK_GUIDE):
        print(
            f"{OURS} against {rival}: F1 "
            + ", ".join(f"{f1[OURS, part] - f1[rival, part]:+.3f} {part}" for part in PARTS)
            + f" (target {TARGET_GAIN:+.2f}); {taken[OURS, ALL][0]:.1f} s against {taken[rival, ALL][0]:.1f} s on all"
            + " (target: less)"
        )
    print(
        f"{OURS}: F1 {f1[OURS, HELD_OUT]:.3f} {HELD_OUT}, {f1[OURS, UNSEEN]:.3f} {UNSEEN} "
        f"(target {TARGET_F1} on a set not seen)"
    )


if __name__ == "__main__":
    main()
