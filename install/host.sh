# shellcheck shell=sh
# delcia for a whole host, by root: /opt/delcia, /usr/local/bin/delcia, the user 'delcia', /etc/delcia.

PROGRAM=/usr/local/bin/delcia
CODE=/opt/delcia
STATE=/var/lib/delcia
HOST_YAML="# Settings of this host, which never stand in git. None is needed."

has_user() { grep -q "^${1:-delcia}:" /etc/passwd || { have getent && getent passwd "${1:-delcia}" >/dev/null; }; }
has_group() { grep -q "^${1:-delcia}:" /etc/group || { have getent && getent group "${1:-delcia}" >/dev/null; }; }

make_user() {
    if have useradd && have groupadd; then
        has_group || groupadd --system delcia
        has_user ||
            useradd --system --gid delcia --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin delcia
    elif have adduser && have addgroup; then
        has_group || addgroup -S delcia
        has_user || adduser -S -D -H -h "$STATE" -s /sbin/nologin -G delcia delcia
    elif ! has_user; then
        die "this host has no program that adds a system user" \
            "make a user and a group 'delcia' without rights (DSM: Control Panel, User & Group), then run this again"
    fi
}
# remove_user NAME HOME
remove_user() {
    if has_user "$1"; then
        case $(grep "^$1:" /etc/passwd) in
        *:"$2":*nologin) ;;
        *)
            say "!! the user '$1' was not made by delcia, and stays"
            return 0
            ;;
        esac
        if have userdel; then userdel "$1"; else deluser "$1"; fi ||
            die "the user '$1' could not be removed" "a run of delcia's may still be going: wait five minutes and run this again"
    fi
    if has_group "$1"; then if have groupdel; then groupdel "$1"; else delgroup "$1"; fi; fi
}

make_etc() {
    install -d -m 0755 /etc/delcia
    [ -d /etc/delcia/plans ] || install -d -m 0755 /etc/delcia/plans
    install -d -m 0711 /etc/delcia/credentials
    [ -e /etc/delcia/host.yaml ] || {
        # Written aside first: a half-written file must never be taken for the owner's.
        printf '%s\n' "$HOST_YAML" >/etc/delcia/host.yaml.new
        if has_group; then chgrp delcia /etc/delcia/host.yaml.new; fi
        chmod 0640 /etc/delcia/host.yaml.new
        mv /etc/delcia/host.yaml.new /etc/delcia/host.yaml
    }
}

# Finds what has to change outside of delcia's own places, and asks once for all of it.
prepare_host() {
    may_link "$PROGRAM"
    may_link "$CODE"
    may_fill "$CODE-a"
    may_fill "$CODE-b"
    may_write "$CODE"
    [ -z "$offline$dry_run" ] || say "packages come from: ${offline:-the package index that pip is set up for}"
    missing_packages='' outside=''
    if ! python=$(system_python); then
        if [ -z "$dry_run" ] && have apt-get; then apt_update || say "!! apt-get update failed; its old lists are used"; fi
        missing_packages=$(python_packages) || without_python
        python="the Python of $missing_packages"
    fi
    if have apk && [ ! -d /usr/share/zoneinfo ]; then missing_packages="$missing_packages tzdata"; fi
    [ -z "$missing_packages" ] || outside="install the packages: $missing_packages; "
    has_user || outside="${outside}add the system user and group 'delcia'; "
    [ -z "$outside" ] || agree "outside of its own folders delcia has to ${outside%; }. Go on?"
    if [ -n "$missing_packages" ]; then
        # shellcheck disable=SC2086 # a list of words
        act "installing packages: $missing_packages" install_packages $missing_packages
        if [ -z "$dry_run" ]; then python=$(system_python) || no_python; fi
    fi
}
without_python() {
    python=$(any_python) || no_python
    die "the only suitable Python, $python, lies in a home folder, which the service's sandbox (ProtectHome) hides" \
        "install one for all users (Debian: apt install python3 python3-venv), then run this again"
}

put_on_host() {
    prepare_host
    has_user || act "adding the user and group 'delcia'" make_user
    act "making /etc/delcia" make_etc
    install_into "$CODE"
    act "putting the command on PATH: $PROGRAM" link_program
    apply_again "$STATE"
}
link_program() {
    mkdir -p "${PROGRAM%/*}"
    ln -sfn "$CODE/bin/delcia" "$PROGRAM"
}

install_for_host() {
    put_on_host
    doing=
    [ -z "$dry_run" ] || return 0
    cat <<END

$version is installed: $PROGRAM. Next:

  delcia init /etc/delcia/plans       write a first plan, by questions (or: git clone yours there)
  delcia validate                     all problems at once
  delcia report --soc 45              when would the car be ready?
  delcia login                        connect the account at Renault or Dacia; the password is not kept
  delcia apply /etc/delcia/plans      make it run, by timers or by cron, whichever this host has
  delcia doctor                       is anything in the way?
  delcia panel --enable               a page to charge by, for this host; with --home-network for your phone too

To let others than root see 'delcia status' and 'delcia report': $(how_to_join)
END
    if is_synology; then for_synology; fi
}
how_to_join() { if have useradd; then echo "usermod -aG delcia NAME"; else echo "addgroup NAME delcia"; fi; }
for_synology() {
    cat <<END

On a Synology, three things are yours to do; none of them could be verified without a DSM:
  (not verified)  after each 'delcia apply': synosystemctl restart crond, for DSM's cron reads /etc/crontab when it starts
  (not verified)  after an update of DSM: ./install.sh, then delcia apply, for it may empty /opt and /etc/crontab
  (not verified)  if DSM takes delcia's lines out of /etc/crontab: Control Panel, Task Scheduler, a user-defined script
                  as root, every 5 minutes: $PROGRAM charge --all --scheduled --cron
'delcia doctor' says whether delcia really runs every five minutes.
END
}

upgrade_for_host() {
    [ -x "$CODE/bin/delcia" ] || die "delcia is not installed in $CODE" "without --upgrade, ./install.sh installs it"
    before=$("$CODE/bin/delcia" --version 2>/dev/null || echo "a delcia that does not start")
    put_on_host
    [ -n "$dry_run" ] || say "$before was replaced by $version; plans, logins and history are as they were"
}

uninstall_for_host() {
    may_link "$PROGRAM"
    may_link "$CODE"
    may_fill "$CODE-a"
    may_fill "$CODE-b"
    if [ -n "$purge" ]; then
        agree "give the car back and take delcia off this host, with its logins, its history and the users 'delcia', 'delcia-panel' and 'delcia-sync'?"
    else
        agree "give the car back and take delcia off this host?"
    fi
    if [ -e "$STATE/current" ] || [ -e "$STATE/journal.json" ] || [ -e "$STATE/manifest.json" ]; then
        "$CODE/bin/delcia" --version >/dev/null 2>&1 ||
            die "what is applied here cannot be taken back: the installed delcia does not start" "run ./install.sh first, then this again"
        act "giving the car back, and removing what apply made (delcia remove)" "$CODE/bin/delcia" remove --yes
    fi
    act "removing $CODE and $PROGRAM" remove_environment "$CODE" "$PROGRAM"
    if [ -n "$purge" ]; then
        act "removing logins, history, and what the panel and the sync kept" \
            rm -rf "$STATE" "$STATE-panel" "$STATE-sync" /var/cache/delcia /etc/delcia/credentials \
            /etc/delcia/panel /etc/delcia/panel.json
        act "removing what nobody has written in, of /etc/delcia" remove_etc
        for part in panel sync; do
            if has_user "delcia-$part" || has_group "delcia-$part"; then
                act "removing the user and group 'delcia-$part'" remove_user "delcia-$part" "$STATE-$part"
            fi
        done
        act "removing the user and group 'delcia'" remove_user delcia "$STATE"
    fi
    [ -z "$dry_run" ] || return 0
    doing=
    if [ -z "$purge" ]; then
        say "delcia is gone. Kept: $STATE (history), /etc/delcia (plans, logins), the user 'delcia'; --uninstall --purge removes them."
    elif [ -e /etc/delcia ]; then
        say "delcia is gone. Kept, for it is yours: $(find /etc/delcia -type f | head -n 3 | tr '\n' ' ')"
    else
        say "delcia is gone, and nothing of it is left; Python, if it was installed for delcia, stays."
    fi
}
remove_etc() {
    if [ "$(cat /etc/delcia/host.yaml 2>/dev/null)" = "$HOST_YAML" ]; then rm /etc/delcia/host.yaml; fi
    rm -f /etc/delcia/host.yaml.new
    if [ -d /etc/delcia/plans ]; then rmdir /etc/delcia/plans 2>/dev/null || :; fi
    if [ -d /etc/delcia ]; then rmdir /etc/delcia 2>/dev/null || :; fi
}
