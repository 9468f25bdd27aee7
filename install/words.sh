# shellcheck shell=sh
# What install.sh says and asks, how it ends, and what it knows of its own command line.

doing="beginning"
yes="" dry_run="" purge="" bundle_for=""
# A bundle brings its wheels along.
if [ -d "$here/wheels" ]; then offline=$here/wheels; else offline=""; fi

say() { printf '%s\n' "$*"; }
step() {
    doing=$1
    say "-- $1"
}
# act WORDS COMMAND...: says it and does it; with --dry-run it only says it.
act() {
    if [ -n "$dry_run" ]; then
        say "would be done: $1"
        return 0
    fi
    step "$1"
    shift
    "$@"
}
die() {
    printf 'install.sh: error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '    hint: %s\n' "$2" >&2
    doing=
    exit 1
}
# agree QUESTION: returns when the person agrees; nobody there is no agreement.
agree() {
    [ -z "$yes$dry_run" ] || return 0
    [ -t 0 ] || die "nobody is here to agree: $1" "add --yes, or see with --dry-run what would be done"
    printf '%s [y/N] ' "$1"
    read -r answer || answer=
    case $answer in
    y | Y | yes | Yes) ;;
    *) die "nothing was changed" "run it again when you agree" ;;
    esac
}
# Reached by every way out: a step that failed by itself must not leave the reader guessing.
ended() {
    status=$?
    [ -z "${aside-}" ] || rm -rf "$aside"
    if [ -n "${beside-}" ]; then
        # It puts away what it began, and nothing of it runs on.
        # shellcheck disable=SC2086 # a list of numbers
        kill -INT $beside 2>/dev/null || true
        # shellcheck disable=SC2086 # as above
        wait $beside || true
    fi
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
is_synology() { [ -e /etc/synoinfo.conf ] || [ -e /etc.defaults/synoinfo.conf ]; }
