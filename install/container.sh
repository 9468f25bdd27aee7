#!/bin/sh
# What the container runs: it applies the plans, and then busybox crond looks every five minutes, until it is stopped.
set -eu
umask 022

refuse() {
    printf 'delcia: error: %s\n    hint: %s\n' "$1" "$2" >&2
    exit 78
}

[ -e "/usr/share/zoneinfo/${TZ:-UTC}" ] || refuse "TZ is '$TZ', which is no time zone" "write one like Europe/Paris"

# A secret has the owner and mode of a file of the engine's host: the runs get a copy that they alone can read.
mkdir -p /etc/delcia/credentials
for secret in /run/secrets/*.json; do
    [ ! -e "$secret" ] || install -o delcia -g delcia -m 0400 "$secret" "/etc/delcia/credentials/${secret##*/}"
done

# The runs speak to syslog, as under every cron; here it is what the container says.
syslogd -n -O - &
# crond comes first: apply asks its clock for the zone.
crond -f -l 9 &
crond=$!
trap 'kill "$crond" 2>/dev/null; exit 0' TERM INT

if ! delcia apply --yes; then
    echo "delcia: the plans could not be applied; going on with what was applied before" >&2
    delcia apply --again --yes || refuse "nothing is applied, so nothing can run" "mend what is said above, then start the container again"
fi
if [ -z "$(ls /etc/delcia/credentials)" ]; then
    echo "delcia: no account is connected: see docs/hosts.md, 'delcia login' in a container" >&2
fi
status=0
wait "$crond" || status=$?
refuse "crond has ended (status $status)" "start the container again"
