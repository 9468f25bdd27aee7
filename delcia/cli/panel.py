"""`delcia panel`: a page to see the cars and say a word, for a phone on the home network."""

import asyncio
import sys
from pathlib import Path

import click

from delcia.cli.hosts import root_option
from delcia.cli.paneling import as_panel_user, panel_of, settings_of
from delcia.cli.panelplaces import Places, places_of, secrets_of, write_secrets
from delcia.errors import Exit
from delcia.panel.secrets import LONGEST, new_token, with_password

IDLE_MIN = 5.0


@click.command(epilog="Example: delcia panel --lang fr")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="For everybody; else as each browser asks.")
@click.option("--idle-min", type=click.FloatRange(0, 1440), help="End after so many idle minutes; 0: never.")
@click.option("--enable/--disable", "on", default=None, help="Have systemd start it when somebody looks, or no more.")
@click.option("--home-network", is_flag=True, help="With --enable: for the home network too, by a password.")
@click.option("--set-password", is_flag=True, help="Set the password, from the terminal or stdin.")
@click.option("--new-token", "renew", is_flag=True, help="Print a new token for GET /api/status.")
@root_option
def command(
    *,
    lang: str | None,
    idle_min: float | None,
    on: bool | None,
    home_network: bool,
    set_password: bool,
    renew: bool,
    root: Path | None,
) -> int:
    """Serve the panel until it is interrupted; at http://127.0.0.1:8470 unless panel: in host.yaml says otherwise."""
    if home_network and not on:
        raise click.UsageError("--home-network goes with --enable")
    places = places_of(root)
    set_password = set_password or (home_network and not secrets_of(places).has_password)
    if set_password or renew:
        _change(places, password=set_password, token=renew)
    if on is not None:
        from delcia.cli.panelunits import switch

        switch(places, root, on=on, home_network=home_network)
    if set_password or renew or on is not None:
        return Exit.OK
    return _serve(places, lang, idle_min)


def _change(places: Places, *, password: bool, token: bool) -> None:
    found = secrets_of(places)
    if password:
        found = with_password(found, _typed())
    told = ""
    if token:
        found, told = new_token(found)
    write_secrets(places, found)
    if password:
        click.echo("the password is set; whoever was logged in has to do so again", err=True)
    if told:
        click.echo(told)


def _typed() -> str:
    """Return a password that a person types twice, or the first line of stdin."""
    if sys.stdin.isatty():
        answer: str = click.prompt("password of the panel", hide_input=True, confirmation_prompt="once more", err=True)
        return answer
    return sys.stdin.readline(LONGEST + 2).rstrip("\n")


def _serve(places: Places, lang: str | None, idle_min: float | None) -> int:
    from delcia.panel.app import application
    from delcia.panel.serving import own_socket, serve_until_signal, sockets_given

    sockets = sockets_given()
    settings = settings_of(places)
    as_panel_user(places)
    panel = panel_of(places, lang, settings)
    if not sockets:
        if not panel.secrets.has_password and not panel.settings.is_local:
            from delcia.cli.panelunits import no_password

            raise no_password(panel.settings)
        sockets = [own_socket(panel.settings)]
        idle_min = 0.0 if idle_min is None else idle_min
    idle_s = 60 * (IDLE_MIN if idle_min is None else idle_min)
    shown = f"[{panel.settings.address}]" if ":" in panel.settings.address else panel.settings.address

    def ready() -> None:
        click.echo(f"the panel is at http://{shown}:{sockets[0].getsockname()[1]}", err=True)

    asyncio.run(serve_until_signal(application(panel), panel.hall, sockets, idle_s, ready))
    return Exit.OK
