"""Propose clusters for many mentions at two sizes, each in a process of its own: `make bench`. Prints a table.

Sizes may be given as arguments; without any it takes 20,000 and 200,000, which need some minutes. Seconds are those of
`propose`, memory is the peak of the whole process with its tables. Asserts nothing, since machines differ.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SIZES = (20_000, 200_000)
TARGET_SECONDS, TARGET_GIB, TARGET_GROWTH = 300, 4, 1.2
LIMIT = 5


def child(size: int) -> None:
    """Make a world, propose in it, print what it took as JSON."""
    from analytics.match_candidates import propose
    from tests.benchmarks import linkage_world as world

    known = world.clusters(size)
    table, truth = world.mentions(size, known)
    started, busy = time.perf_counter(), time.process_time()
    found = propose(table, known.drop(columns="is_synthetic"), limit=LIMIT)
    seconds, processor = time.perf_counter() - started, time.process_time() - busy
    is_one = truth >= 0
    wanted = dict(zip(table["id"][is_one], known["id"].to_numpy()[truth[is_one]], strict=True))
    right = found[found["cluster_id"] == found["mention_key"].map(wanted)]
    counts = {"one": int((right["rank"] == 1).sum()), "five": int(right["mention_key"].nunique())}
    taken = {"seconds": seconds, "processor": processor}
    print(json.dumps({**taken, **counts, "proposals": len(found), "known": int(is_one.sum())}))


def measured(size: int) -> tuple[dict[str, float], float]:
    """What a child process says, and its peak memory in GiB; a failing child ends the benchmark with its output."""
    command = [sys.executable, "-m", "tests.benchmarks.linkage_scale", "--child", str(size)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, env={**os.environ}) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit(f"{' '.join(command)} failed: {said.decode()}")
    return json.loads(said), usage.ru_maxrss / 1024**2


def main(arguments: list[str]) -> None:
    """Measure and print."""
    if arguments[:1] == ["--child"]:
        child(int(arguments[1]))
        return
    sizes = [int(each) for each in arguments] or list(SIZES)
    columns = ("mentions", "clusters", "wall s", "cpu s", "GiB", "proposals", "recall@1", f"recall@{LIMIT}")
    print("".join(f"{each:>10}" for each in columns))
    taken = []
    for size in sizes:
        result, memory = measured(size)
        taken.append((result["seconds"], result["processor"]))
        shares = (result["one"] / result["known"], result["five"] / result["known"])
        print(
            f"{size:>10}{size:>10}{result['seconds']:>10.1f}{result['processor']:>10.1f}{memory:>10.2f}"
            f"{result['proposals']:>10}" + "".join(f"{share:>10.3f}" for share in shares),
            flush=True,
        )
    print(f"target at {SIZES[-1]}: under {TARGET_SECONDS} s and {TARGET_GIB} GiB on two cores")
    if len(sizes) > 1:
        wall, processor = (
            math.log(last / first) / math.log(sizes[-1] / sizes[0])
            for first, last in zip(taken[0], taken[-1], strict=True)
        )
        print(
            f"from {sizes[0]} to {sizes[-1]} wall time grows as n^{wall:.2f} and processor time as n^{processor:.2f} "
            f"(target at most n^{TARGET_GROWTH})"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
