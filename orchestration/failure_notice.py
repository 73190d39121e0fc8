"""The notice beside `latest` that says why the last build stopped.

Belongs here: writing and removing it. Does not belong here: deciding that a build failed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

NOTICE_FILE = "last-failure.md"


def write_failure_notice(settings: Settings, reasons: Sequence[str]) -> None:
    """Write the reasons as a page; the notice of an earlier failure is replaced."""
    lines = "\n".join(f"- {reason}" for reason in reasons)
    page = f"# The build stopped\n\n{lines}\n\nNothing was published; the last release is unchanged.\n"
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / NOTICE_FILE).write_text(page, encoding="utf-8")


def remove_failure_notice(settings: Settings) -> None:
    """Take the notice away once a build has gone through."""
    (settings.home / NOTICE_FILE).unlink(missing_ok=True)


def failed_checks(instance: "dg.DagsterInstance", run_id: str) -> list[str]:
    """What the failed checks of a run found, in words; warnings are left out."""
    import dagster as dg

    told = []
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        evaluation = entry.get_dagster_event().asset_check_evaluation_data
        if not evaluation.passed and evaluation.severity is dg.AssetCheckSeverity.ERROR:
            told.append(check_sentence(evaluation))
    return told


def check_sentence(evaluation: "dg.AssetCheckEvaluation") -> str:
    """What a check that did not hold found, and on what."""
    return f"{'/'.join(evaluation.asset_key.path)}, {evaluation.check_name}: {evaluation.description or 'failed'}"
