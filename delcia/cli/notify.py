"""`delcia notify`: what `delcia-notify@.service` runs when a service of delcia's failed."""

import click


@click.command(epilog="Example: delcia notify --unit=delcia-reconcile.service")
@click.option("--unit", required=True, help="The unit that failed.")
def command(unit: str) -> None:
    """Put a failure where the owner of the host looks: into the journal, as an error with its way out."""
    click.echo(f"<3>{unit} failed, so the car may not charge as planned; why: journalctl -u {unit} -n 20")
