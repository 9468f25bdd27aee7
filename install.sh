#!/bin/sh
# Installs delcia, shows it, or tests it. POSIX sh; every step may be repeated.
set -eu
umask 022
unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
doing="beginning"

usage() {
    cat <<END
usage: ./install.sh [--demo | --test | --help]

  (nothing)  install delcia for this host. As root: into /opt/delcia, with the command on PATH,
             the user 'delcia' and /etc/delcia. Otherwise: for you alone, below ~/.local.
  --demo     show what delcia does, with a simulated car: no root, no account,
             nothing outside this folder.
  --test     lint, types, import contracts and all tests. As root it installs the Debian
             packages that the tests need; otherwise it says which tests it skips.

PYTHON=/path/to/python3 chooses the Python; it must be 3.11 or newer.
END
}

say() { printf '%s\n' "$*"; }
step() {
    doing=$1
    say "-- $1"
}
die() {
    printf 'install.sh: error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '    hint: %s\n' "$2" >&2
    doing=
    exit 1
}
# Reached by every way out: a step that failed by itself must not leave the reader guessing.
ended() {
    status=$?
    if [ "$status" -ne 0 ] && [ -n "$doing" ]; then
        printf '\ninstall.sh: error: stopped while %s (status %s); the reason is above\n' "$doing" "$status" >&2
        printf '    hint: mend that and run the same command again; what was done already does no harm\n' >&2
    fi
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

is_root() { [ "$(id -u)" -eq 0 ]; }
have() { command -v "$1" >/dev/null 2>&1; }

apt_install() {
    have apt-get || return 1
    if [ -z "${apt_updated-}" ]; then
        apt-get update -qq || return 1
        apt_updated=yes
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

# --- Python ----------------------------------------------------------------------------------------------------

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
in_a_home() {
    # Asks the interpreter, not the path: a link in /usr/local may lead into a home folder.
    case $("$1" -c 'import os, sys; print(os.path.realpath(sys.executable))' 2>/dev/null) in
    /home/* | /root/* | /run/user/*) return 0 ;;
    esac
    return 1
}

# Prints the first Python that is recent enough and passes all the given tests.
first_python() {
    for candidate in "${PYTHON:-}" "$@"; do
        [ -n "$candidate" ] || continue
        path=$(command -v "$candidate" 2>/dev/null) || continue
        if recent "$path" && makes_venvs "$path"; then
            if [ "${homeless-}" = yes ] && in_a_home "$path"; then continue; fi
            printf '%s\n' "$path"
            return 0
        fi
    done
    return 1
}
any_python() { first_python python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 /usr/local/bin/python3; }
system_python() {
    homeless=yes
    first_python /usr/bin/python3 /usr/local/bin/python3 /usr/bin/python3.14 /usr/bin/python3.13 /usr/bin/python3.12 \
        /usr/bin/python3.11 python3 python3.14 python3.13 python3.12 python3.11
}

no_python() {
    found=$(python3 --version 2>/dev/null || echo "none")
    die "delcia needs Python 3.11 or newer with its 'venv' module; python3 here: $found" \
        "on Debian 12, Ubuntu 24.04 or newer: apt install python3 python3-venv; or name one: PYTHON=/path/to/python3 ./install.sh"
}

# make_venv PYTHON DIRECTORY: makes it, or keeps it when it still works.
make_venv() {
    if [ -x "$2/bin/python" ] && recent "$2/bin/python" && "$2/bin/python" -m pip --version >/dev/null 2>&1; then
        return 0
    fi
    if [ -e "$2" ] && [ ! -e "$2/pyvenv.cfg" ] && [ -n "$(ls -A "$2" 2>/dev/null)" ]; then
        die "$2 is there already and is no virtual environment" "move it away, then run this again"
    fi
    "$1" -m venv --clear "$2"
}

# --- the clone's own environment, for --demo and --test -----------------------------------------------------------

# clone_venv WHAT: installs WHAT (".", ".[test]") editable into .venv, unless that was done for this pyproject.toml.
clone_venv() {
    cd "$here"
    [ -w "$here" ] || die "$here cannot be written" "clone delcia into a folder of your own"
    step "preparing .venv (a minute the first time)"
    if [ -z "${python-}" ]; then python=$(any_python) || no_python; fi
    venv=$here/.venv
    make_venv "$python" "$venv"
    wanted="$1 $(cksum <"$here/pyproject.toml") $(cksum <"$here/delcia/__init__.py")"
    done_before=$(cat "$venv/.delcia" 2>/dev/null || true)
    # What --test installed holds for --demo too.
    if [ "$done_before" != "$wanted" ] && [ "$done_before" != ".[test] ${wanted#* }" ]; then
        # pip's cache stays in the clone, like all else.
        PIP_CACHE_DIR="$venv/.cache" "$venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check -e "$1" ||
            die "pip could not install delcia's dependencies" "its words are above; most often the network is down or pip has no package index. Then run this again"
        printf '%s\n' "$wanted" >"$venv/.delcia"
    fi
    PATH=$venv/bin:$PATH
}

# --- --demo ----------------------------------------------------------------------------------------------------

shown() {
    say
    say "\$ $*"
    "$@" || die "'$*' failed" "this is a bug in delcia; please report what stands above"
}

demo() {
    clone_venv .
    # Nothing of the person's settings goes in, and nothing comes out of the clone. The evening is always the same one.
    unset DELCIA_PLANS DELCIA_RENAULT_URL
    folder=$here/.venv/demo
    mkdir -p "$folder"
    export HOME="$folder" XDG_STATE_HOME="$folder" XDG_CACHE_HOME="$folder" XDG_CONFIG_HOME="$folder" \
        XDG_DATA_HOME="$folder" DELCIA_NOW=2026-11-23T18:00:00+01:00
    doing="showing delcia"
    say
    say "delcia charges an electric car by a plan, a YAML file in git. This one comes with it, plans/home.yaml:"
    say
    sed -n '/^[^#]/p' plans/home.yaml
    say
    say "Is it right? 'validate' shows all problems at once, and warns of what may disappoint:"
    shown delcia validate plans
    say
    say "Let it be Monday, 23 November, six in the evening, the car plugged in with 45 % in its battery."
    say "When will it be ready, and what will it cost?"
    shown delcia report plans --soc 45
    say
    say "On a host, 'delcia apply' turns the plan into systemd timers; 'compile' only shows them. One of them:"
    say
    say "\$ delcia compile plans"
    delcia compile plans >"$folder/units" 2>"$folder/said" ||
        die "'delcia compile plans' failed: $(cat "$folder/said")" "this is a bug in delcia; please report it"
    awk '/^# delcia-/ { on = /^# delcia-plan-.*timer$/ } on' "$folder/units"
    say "The timers run 'delcia charge', which looks at the clock, the plans and the car, and decides what should be true"
    say "now. Here is that night, with the code of a real one and a simulated car:"
    shown delcia simulate plans --soc 45
    say
    say "Next: ./install.sh installs delcia for this host, and README.md has the first ten minutes."
}

# --- --test ----------------------------------------------------------------------------------------------------

packages() {
    missing=
    for pair in systemd-analyze:systemd systemd-nspawn:systemd-container debootstrap:debootstrap dbus-daemon:dbus \
        shellcheck:shellcheck git:git pgrep:procps nsenter:util-linux cron:cron chromium:chromium \
        zsh:zsh fish:fish; do
        have "${pair%%:*}" || missing="$missing ${pair#*:}"
    done
    [ -e /usr/share/zoneinfo/Europe/Paris ] || missing="$missing tzdata"
    # A browser without a font draws pages without words.
    if [ -z "$(find /usr/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ]; then missing="$missing fonts-dejavu-core"; fi
    [ -n "$(find /usr/lib -name libfaketime.so.1 -print -quit 2>/dev/null)" ] || missing="$missing libfaketime"
    if is_root && ! any_python >/dev/null; then missing="$missing python3 python3-venv"; fi
    [ -n "$missing" ] || return 0
    if is_root && have apt-get; then
        step "installing Debian packages for the tests:$missing"
        # shellcheck disable=SC2086 # a list of words
        apt_install $missing || say "!! apt could not install all of:$missing; the tests that need them will be skipped or fail"
    else
        say "!! missing here:$missing"
        say "!! the checks and tests that need them are SKIPPED; as root on Debian, --test installs them"
    fi
}

stage() {
    name=$1
    shift
    say
    say "== $name"
    doing="$name"
    if "$@"; then
        say "   ok"
    else
        failed="$failed $name;"
        say "!! $name FAILED"
    fi
}

shell_check() {
    if ! have shellcheck; then
        say "!! shellcheck is not installed: SKIPPED"
        return 0
    fi
    # shellcheck disable=SC2046 # none of our own names has a space
    shellcheck install.sh .ci/run $(find tests templates -name '*.sh')
}

LONG="tests/cron tests/fuzz tests/host tests/integration tests/packaging tests/runtime tests/systemd
    tests/core/test_agreement.py tests/core/test_timetable.py tests/core/test_whatever_happens.py"

run_tests() {
    failed=
    packages
    clone_venv ".[test]"
    if ! is_root; then
        say
        say "!! not root: the tests that boot a real systemd are SKIPPED (they need debootstrap and systemd-nspawn as root)"
    fi
    stage "shellcheck" shell_check
    stage "codespell" codespell
    stage "ruff check" ruff check .
    stage "ruff format" ruff format --check .
    stage "mypy" mypy
    stage "import contracts" lint-imports --no-logo
    # Measuring coverage doubles their time: the long ones, which live whole nights, go without.
    # shellcheck disable=SC2046,SC2086 # lists of words
    stage "tests" python -m pytest -n auto --dist loadfile --cov --cov-report=term $(printf -- '--ignore=%s ' $LONG)
    # More of them at once than there are cores: while one waits for a systemd or a cron, another computes.
    # shellcheck disable=SC2086 # a list of words
    stage "long tests" python -m pytest -n "$(($(nproc) * 2))" --dist loadfile --durations=12 $LONG
    say
    doing=
    if [ -n "$failed" ]; then
        say "FAILED:$failed"
        exit 1
    fi
    say "All stages passed."
}

# --- install ---------------------------------------------------------------------------------------------------

# may_link NAME: said before anything is made, for nothing of another's is ever replaced.
may_link() {
    if [ -e "$1" ] && [ ! -L "$1" ]; then
        die "$1 is there already and is not delcia's link" "move it away, then run this again"
    fi
}

install_into() {
    step "making the environment $1 with $python"
    mkdir -p "$(dirname "$1")"
    make_venv "$python" "$1"
    step "installing delcia and what it needs into $1"
    "$1/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --no-cache-dir --upgrade "$here" ||
        die "pip could not install delcia; an earlier installation, if any, is unchanged or can be repeated" \
            "its words are above; most often the network is down or pip has no package index. Then run this again"
    version=$("$1/bin/delcia" --version) || die "the installed delcia does not start" "please report what stands above"
}

make_user() {
    getent group delcia >/dev/null 2>&1 || {
        if have groupadd; then groupadd --system delcia; else addgroup -S delcia; fi
    }
    getent passwd delcia >/dev/null 2>&1 || {
        if have useradd; then
            useradd --system --gid delcia --home-dir /var/lib/delcia --no-create-home --shell /usr/sbin/nologin delcia
        else
            adduser -S -D -H -h /var/lib/delcia -s /sbin/nologin -G delcia delcia
        fi
    }
}

make_etc() {
    install -d -m 0755 /etc/delcia
    [ -d /etc/delcia/plans ] || install -d -m 0755 /etc/delcia/plans
    install -d -m 0711 /etc/delcia/credentials
    [ -e /etc/delcia/host.yaml ] || {
        # Written aside first: a half-written file must never be taken for the owner's.
        cat >/etc/delcia/host.yaml.new <<'END'
# Settings of this host, which never stand in git. None is needed.
END
        chgrp delcia /etc/delcia/host.yaml.new
        chmod 0640 /etc/delcia/host.yaml.new
        mv /etc/delcia/host.yaml.new /etc/delcia/host.yaml
    }
}

install_for_host() {
    may_link /usr/local/bin/delcia
    step "looking for Python 3.11 or newer"
    if ! python=$(system_python) && have apt-get; then
        step "installing python3 and python3-venv"
        apt_install python3 python3-venv || die "apt could not install python3 and python3-venv" "run apt-get update and look at what it says"
        python=$(system_python) || true
    fi
    if [ -z "$python" ]; then
        python=$(any_python) || no_python
        say "!! the only suitable Python, $python, lies in a home folder, which the service's sandbox (ProtectHome) hides"
        die "no Python 3.11 or newer outside a home folder" "install one for all users (Debian: apt install python3 python3-venv), then run this again"
    fi
    install_into /opt/delcia
    mkdir -p /usr/local/bin
    ln -sfn /opt/delcia/bin/delcia /usr/local/bin/delcia
    step "making the user 'delcia' and /etc/delcia"
    make_user
    make_etc
    doing=
    cat <<END

$version is installed: /usr/local/bin/delcia. Next:

  delcia init /etc/delcia/plans       write a first plan, by questions (or: git clone yours there)
  delcia validate                     all problems at once
  delcia report --soc 45              when would the car be ready?
  delcia login                        connect the account at Renault or Dacia; the password is not kept
  delcia apply /etc/delcia/plans      make the timers

To let others than root see 'delcia status' and 'delcia report': adduser NAME delcia
END
}

install_for_me() {
    may_link "$HOME/.local/bin/delcia"
    step "looking for Python 3.11 or newer"
    python=$(any_python) || no_python
    data=${XDG_DATA_HOME:-$HOME/.local/share}
    install_into "$data/delcia/venv"
    mkdir -p "$HOME/.local/bin"
    ln -sfn "$data/delcia/venv/bin/delcia" "$HOME/.local/bin/delcia"
    doing=
    say
    say "$version is installed: $HOME/.local/bin/delcia"
    case ":$PATH:" in
    *":$HOME/.local/bin:"*) ;;
    *) say "!! $HOME/.local/bin is not on your PATH; add it: export PATH=\"\$HOME/.local/bin:\$PATH\"" ;;
    esac
    cat <<END
Next:

  delcia init plans                   write a first plan, by questions
  delcia validate plans               all problems at once
  delcia report plans --soc 45        when would the car be ready?

Timers for a whole host come from an installation as root: sudo ./install.sh
END
}

case ${1-} in
-h | --help)
    usage
    doing=
    ;;
--demo) demo ;;
--test) run_tests ;;
"") if is_root; then install_for_host; else install_for_me; fi ;;
*)
    usage >&2
    doing=
    exit 2
    ;;
esac
doing=
