"""Run the job `build` in this process and say in sentences how it went.

Belongs here: calling Dagster and reading its outcome. Does not belong here: what is shown on a terminal (``cli``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from orchestration.failure_notice import check_sentence, write_failure_notice
from orchestration.interruption import was_interrupted
from orchestration.progress import stage
from orchestration.settings import PROJECT, Settings

if TYPE_CHECKING:
    import dagster as dg


@dataclass(frozen=True)
class Outcome:
    """How a build ended: the release folder, or the reasons why there is none; warnings in both cases."""

    folder: Path | None
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def prepare_dagster_home(settings: Settings) -> None:
    """The folder of the run history with its configuration; nothing is ever sent anywhere."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    config = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "concurrency": {"runs": {"max_concurrent_runs": 1}},
        # Steps print nothing; what they have to say is in their events.
        "compute_logs": {
            "module": "dagster._core.storage.noop_compute_log_manager",
            "class": "NoOpComputeLogManager",
        },
        "event_log_storage": {
            "module": "orchestration.run_history",
            "class": "RunHistory",
            "config": {"base_dir": str(settings.dagster_home / "history")},
        },
    }
    location = {
        "module_name": "orchestration.definitions",
        "working_directory": str(PROJECT),
        "location_name": "cluster-observatory",
    }
    workspace = {"load_from": [{"python_module": location}]}
    for name, content in (("dagster.yaml", config), ("workspace.yaml", workspace)):
        (settings.dagster_home / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    os.environ["DAGSTER_EVENT_BATCH_SIZE"] = "1000"


def run_build(settings: Settings) -> Outcome:
    """Materialise everything once; the caller holds the build lock.

    Raises:
        SourceError: a card or the set of cards is wrong.
        KeyboardInterrupt: the user or the system ended the build; its run is marked as cancelled.
    """
    with stage("start", "starting"):
        prepare_dagster_home(settings)
        import dagster as dg

        from orchestration.build_job import JOB_NAME
        from orchestration.definitions import defs

        job = defs().resolve_job_def(JOB_NAME)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        if not result.success and was_interrupted():
            run = instance.get_run_by_id(result.run_id)
            if run is not None:
                instance.report_run_canceled(run)
            raise KeyboardInterrupt
    warnings, failed_checks = _checks(result.all_events)
    if result.success:
        return Outcome(settings.latest.resolve(), warnings=warnings)
    reasons = (*failed_checks, *_failures(result.all_events))
    write_failure_notice(settings, reasons)
    return Outcome(None, reasons=reasons, warnings=warnings)


def _checks(events: Sequence[dg.DagsterEvent]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Messages of the checks that did not hold: warnings, and those that stop a release."""
    warnings: list[str] = []
    errors: list[str] = []
    for event in events:
        if event.event_type_value != "ASSET_CHECK_EVALUATION":
            continue
        evaluation = event.asset_check_evaluation_data
        if not evaluation.passed:
            (errors if evaluation.severity.value == "ERROR" else warnings).append(check_sentence(evaluation))
    return tuple(warnings), tuple(errors)


def _failures(events: Sequence[dg.DagsterEvent]) -> tuple[str, ...]:
    """Why steps failed: the sentence given with the failure, or the error itself where nobody foresaw it."""
    reasons: list[str] = []
    for event in events:
        if event.is_step_failure:
            data: Any = event.step_failure_data
            # The check itself has said what it found.
            if data.error is not None and data.error.cls_name == "DagsterAssetCheckFailedError":
                continue
            told = data.user_failure_data.description if data.user_failure_data else None
            error = data.error
            while error is not None and error.cause is not None:
                error = error.cause
            reasons.append(told or f"step {event.step_key}: {(error.message if error else 'failed').strip()}")
    return tuple(reasons)
