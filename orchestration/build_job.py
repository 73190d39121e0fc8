"""The job `build`, when it runs by itself, and what is written when it fails.

Belongs here: job, schedule, hook. Does not belong here: what the job does.
"""

import dagster as dg

from orchestration.settings import Settings

JOB_NAME = "build"
FAILURE_FILE = "last-failure.md"


@dg.failure_hook
def write_reason(context: dg.HookContext) -> None:
    """Write why the build stopped, in plain language, where the officer looks: beside `latest`."""
    error = context.op_exception
    reason = (error.description if isinstance(error, dg.Failure) else None) or f"{type(error).__name__}: {error}"
    settings = Settings.from_environment()
    page = (
        "# The build stopped\n\n"
        f"Step: {context.op.name}\n\nRun: {context.run_id}\n\n"
        f"{reason}\n\n"
        "Nothing was published; the last release is unchanged.\n"
    )
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / FAILURE_FILE).write_text(page, encoding="utf-8")
    context.log.error(reason)


build_job = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    hooks={write_reason},
    description="Read all sources, build the warehouse, compute the statistics, check and publish a release.",
)

nightly_build = dg.ScheduleDefinition(
    name="nightly_build",
    job=build_job,
    cron_schedule="0 5 * * *",
    execution_timezone="Asia/Tokyo",
    description="Every morning before office hours in Tokyo.",
)
