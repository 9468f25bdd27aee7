#!/bin/sh
# Installs delcia, upgrades and removes it, shows it, or tests it. POSIX sh; every step may be repeated.
set -eu
umask 022
unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
here=${here%/}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

usage() {
    cat <<END
usage: ./install.sh [--upgrade | --uninstall [--purge]] [--offline DIR] [--yes] [--dry-run]
       ./install.sh --bundle [--for PYTHON-MACHINE]
       ./install.sh --demo | --test | --help

  (nothing)    install delcia for this host. As root: into /opt/delcia, with the command on PATH,
               the user 'delcia' and /etc/delcia. Otherwise: for you alone, below ~/.local.
  --upgrade    replace it by this version, all at once; plans, logins and history stay, and what
               was applied is applied again.
  --uninstall  give the car back, and take delcia off this host; plans, logins and history stay.
  --purge      with --uninstall: these too, and the users that delcia made; only plans and
               settings that you wrote stay.
  --offline DIR  take all packages from wheels in DIR: no package index is asked.
  --yes        do not ask. --dry-run: only say what would be done.

  --bundle     make an archive in dist/ that installs delcia without a package index, for this
               machine or, for example, --for 3.11-aarch64, 3.13-armv7l, 3.12-x86_64-musl (Alpine).

  --demo       show what delcia does, with a simulated car: no root, no account, nothing outside
               this folder.
  --test       lint, types, import contracts and all tests. As root it installs the Debian
               packages that the tests need; otherwise it says which tests it skips.

PYTHON=/path/to/python3 chooses the Python; it must be 3.11 or newer. Other hosts: docs/hosts.md
END
}

# shellcheck source=install/words.sh
. "$here/install/words.sh"
# shellcheck source=install/python.sh
. "$here/install/python.sh"

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
    for pair in systemd-analyze:systemd systemd-nspawn:systemd-container mmdebstrap:mmdebstrap dbus-daemon:dbus \
        shellcheck:shellcheck git:git ssh-keygen:openssh-client pgrep:procps nsenter:util-linux cron:cron \
        chromium:chromium zsh:zsh fish:fish; do
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
    shellcheck --external-sources --check-sourced install.sh .ci/run $(find tests templates -name '*.sh')
}

# First what computes, for the others wait until there are Debians to boot; but what waits for minutes must not come last.
LONG="tests/core/test_agreement.py tests/core/test_ownership.py tests/core/test_timetable.py tests/integration
    tests/systemd tests/packaging tests/cron tests/host tests/docs tests/runtime
    tests/core/test_whatever_happens.py tests/core/test_cronlines.py tests/core/test_triggers.py
    tests/cli/test_quiet.py tests/panel/test_attacks.py"

# long_tests &: the tests of LONG, which say what they say into a file.
long_tests() {
    # Measuring coverage doubles their time: those that live whole nights go without. One more at once than there are
    # cores: while one waits for a systemd or a cron, another computes.
    # shellcheck disable=SC2086 # a list of words
    exec python -m pytest -n "$(($(nproc) + 1))" --dist loadfile --no-loadscope-reorder --durations=12 $LONG \
        </dev/null >"$venv/long-tests.log" 2>&1
}

# fuzz &: hostile plan files for a minute of computing, which yields to the others and takes the time in which they wait.
fuzz() {
    export DELCIA_FUZZ_S="${DELCIA_FUZZ_S:-60}"
    exec nice -n 10 python -m pytest tests/fuzz </dev/null >"$venv/fuzz.log" 2>&1
}

# end_of PID LOG: what ran beside, with all that it said.
end_of() {
    ended_with=0
    wait "$1" || ended_with=$?
    cat "$2"
    return "$ended_with"
}

run_tests() {
    failed=
    packages
    clone_venv ".[test]"
    if ! is_root; then
        say
        say "!! not root: the tests that boot a real systemd are SKIPPED (they need mmdebstrap and systemd-nspawn as root)"
    fi
    say
    say "The long tests run beside all that follows, and are reported last; until then: .venv/long-tests.log"
    PYTHONPATH=tests python -m support.image </dev/null >/dev/null 2>&1 &
    beside=$!
    long_tests &
    long=$!
    fuzz &
    fuzz=$!
    beside="$beside $long $fuzz"
    stage "shellcheck" shell_check
    stage "codespell" codespell
    stage "ruff check" ruff check .
    stage "ruff format" ruff format --check .
    stage "mypy" mypy
    stage "import contracts" lint-imports --no-logo
    # shellcheck disable=SC2046,SC2086 # lists of words
    stage "tests" python -m pytest -n auto --dist loadfile --cov --cov-report=term $(printf -- '--ignore=%s ' $LONG tests/fuzz)
    stage "long tests" end_of "$long" "$venv/long-tests.log"
    beside=$fuzz
    stage "fuzz" end_of "$fuzz" "$venv/fuzz.log"
    beside=
    say
    doing=
    if [ -n "$failed" ]; then
        say "FAILED:$failed"
        exit 1
    fi
    say "All stages passed."
}

# --- install, upgrade, uninstall, bundle -------------------------------------------------------------------------

# shellcheck source=install/environment.sh
. "$here/install/environment.sh"
# shellcheck source=install/host.sh
. "$here/install/host.sh"
# shellcheck source=install/person.sh
. "$here/install/person.sh"
# shellcheck source=install/bundle.sh
. "$here/install/bundle.sh"

misuse() {
    usage >&2
    [ $# -eq 0 ] || printf '\ninstall.sh: error: %s\n' "$1" >&2
    doing=
    exit 2
}

needs_clone() { [ -e "$here/pyproject.toml" ] || die "this is a bundle, which only installs" "clone delcia for --demo, --test and --bundle"; }

action=install
while [ $# -gt 0 ]; do
    case $1 in
    --upgrade | --uninstall | --bundle | --demo | --test)
        [ "$action" = install ] || misuse "--$action and $1 do not go together"
        action=${1#--}
        ;;
    --purge) purge=yes ;;
    --offline)
        [ -d "${2-}" ] || misuse "--offline needs a folder with wheels"
        offline=$(cd -- "$2" && pwd -P)
        shift
        ;;
    --for)
        [ -n "${2-}" ] || misuse "--for needs a Python and a machine, for example 3.11-aarch64"
        bundle_for=$2
        shift
        ;;
    --yes | -y) yes=yes ;;
    --dry-run) dry_run=yes ;;
    -h | --help)
        usage
        doing=
        exit 0
        ;;
    *) misuse "there is no '$1'" ;;
    esac
    shift
done
[ -z "$purge" ] || [ "$action" = uninstall ] || misuse "--purge goes with --uninstall"
[ -z "$bundle_for" ] || [ "$action" = bundle ] || misuse "--for goes with --bundle"

if is_root; then whose=host; else whose=person; fi
case $action in
demo | test | bundle) needs_clone ;;
esac
case $action in
demo) demo ;;
test) run_tests ;;
bundle) make_bundle ;;
install) "install_for_$whose" ;;
upgrade) "upgrade_for_$whose" ;;
uninstall) "uninstall_for_$whose" ;;
esac
doing=
