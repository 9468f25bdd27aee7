"""`delcia charge`: bring cars to what their plans want, or explain what would be done."""

import json
from pathlib import Path

import click

from delcia.cli.clock import now as clock_now
from delcia.cli.running import applied, as_service_user, named_vehicles, run_each, worst
from delcia.core.clock import zone
from delcia.report.words import instant
from delcia.runtime.charge import explain, run
from delcia.runtime.job import Outcome


@click.command(epilog="Example: delcia charge --all --dry-run")
@click.argument("plan", required=False)
@click.option("--all", "everything", is_flag=True, help="All vehicles.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and why; ask nothing of the car.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema delcia/decision/1).")
@click.option("--scheduled", is_flag=True, help="As timers run it: silent when there is nothing new.")
@click.option("--cron", is_flag=True, help="With --scheduled: as cron runs it, which watches over nobody.")
@click.option("--root", type=click.Path(path_type=Path), help="Use the files below this folder.")
def command(
    plan: str | None, *, everything: bool, dry_run: bool, as_json: bool, scheduled: bool, cron: bool, root: Path | None
) -> int:
    """Look at the clock, the applied plans and the car, and do what is wanted now.

    PLAN is the name of a plan or of a vehicle; timers run this, and running it once more does no harm.
    """
    del scheduled, cron  # delcia.__main__ has taken that way already
    if everything == (plan is not None):
        message = "name a plan or a vehicle, or say --all"
        raise click.UsageError(message)
    now = clock_now()
    host = applied(root)
    vehicles = named_vehicles(host.site, plan)
    as_service_user(host.paths)
    outcomes = list(run_each(host, vehicles, lambda job: (explain if dry_run else run)(job, now), now))
    if as_json:
        data = {"schema": "delcia/decision/1", "now": instant(now), "dry_run": dry_run}
        click.echo(json.dumps({**data, "decisions": [_data(item) for item in outcomes]}, indent=2))
    else:
        tz = zone(host.site.timezone)
        for item in outcomes:
            if item.error is None:
                click.echo(item.words)
            else:
                click.echo(f"{item.error.text()} ({item.vehicle}, {now.astimezone(tz):%H:%M})", err=True)
    return worst([item.status for item in outcomes])


def _data(outcome: Outcome) -> dict[str, object]:
    decision, error = outcome.decision, outcome.error
    wish = decision.wish if decision else None
    return {
        "vehicle": outcome.vehicle,
        "status": int(outcome.status),
        "words": outcome.words,
        "action": decision.action if decision else None,
        "reason": decision.slug if decision else None,
        "wanted": wish.wanted if wish else None,
        "plans": list(wish.plans) if wish else [],
        "until": instant(wish.until) if wish else None,
        "target_soc_pct": wish.target_soc_pct if wish else None,
        "next_start": instant(wish.next_start) if wish else None,
        "error": error and {"slug": error.slug, "message": error.message, "hint": error.hint},
    }
