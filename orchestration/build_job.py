"""The job `build`, when it runs by itself, and what is written when it fails.

Belongs here: job, schedule, hook. Does not belong here: what the job does.
"""

import dagster as dg

from orchestration.build_lock import BuildRunning
from orchestration.failure_notice import failed_checks, write_failure_notice
from orchestration.intake import receive_or_say_why_not
from orchestration.release.identity import is_published
from orchestration.settings import Settings

JOB_NAME = "build"


@dg.failure_hook
def write_reason(context: dg.HookContext) -> None:
    """Write why the build stopped, in plain language, where the officer looks: beside `latest`."""
    error = context.op_exception
    reasons = failed_checks(context.instance, context.run_id)
    if isinstance(error, dg.Failure) and error.description:
        reasons.append(error.description)
    elif not reasons:
        reasons.append(f"{type(error).__name__}: {error}")
    write_failure_notice(Settings.from_environment(), reasons)
    context.log.error("\n".join(reasons))


build_job = dg.define_asset_job(
    JOB_NAME,
    selection=dg.AssetSelection.all(),
    hooks={write_reason},
    description="Read all sources, build the warehouse, compute the statistics, check and publish a release.",
)


def nightly_build(settings: Settings) -> dg.ScheduleDefinition:
    """Every morning before office hours in Tokyo, unless the release of what is there has been published."""

    @dg.schedule(
        name="nightly_build",
        job=build_job,
        cron_schedule="0 5 * * *",
        execution_timezone="Asia/Tokyo",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every morning before office hours in Tokyo, if anything changed.",
    )
    def schedule() -> dg.RunRequest | dg.SkipReason:
        try:
            why_not = receive_or_say_why_not(settings)
        except BuildRunning as error:
            return dg.SkipReason(str(error))
        if why_not:
            return dg.SkipReason(why_not)
        if is_published(settings):
            return dg.SkipReason("Nothing changed since the last release.")
        return dg.RunRequest()

    return schedule
