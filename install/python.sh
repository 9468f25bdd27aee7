# shellcheck shell=sh
# Python 3.11 or newer: found on the host, installed by its package manager, or how its owner gets one.

# Kept by hand on some hosts: uv's (see no_python), and the packages of Synology's community.
ELSEWHERE="/opt/python/*/bin/python3 /var/packages/python3*/target/bin/python3 /usr/local/bin/python3.1[1-9]"

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
# shellcheck disable=SC2086 # patterns of paths
any_python() {
    first_python python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 /usr/local/bin/python3 $ELSEWHERE
}
# shellcheck disable=SC2086 # as above
system_python() {
    homeless=yes
    first_python /usr/bin/python3 /usr/local/bin/python3 /usr/bin/python3.14 /usr/bin/python3.13 /usr/bin/python3.12 \
        /usr/bin/python3.11 $ELSEWHERE python3 python3.14 python3.13 python3.12 python3.11
}

apt_update() {
    [ -z "${apt_updated-}" ] || return 0
    apt-get update -qq || return 1
    apt_updated=yes
}
apt_install() {
    have apt-get || return 1
    apt_update || return 1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}
# Prints which packages give this host a Python 3.11 or newer, by the manager that it has; fails where none does.
python_packages() {
    if have apt-get; then
        # Older releases have a second, newer one beside python3 (Ubuntu 22.04: python3.11).
        for name in python3 python3.14 python3.13 python3.12 python3.11; do
            if [ "$name" = python3 ]; then
                version=$(apt-cache policy python3 2>/dev/null | sed -n 's/^ *Candidate: //p')
                case $version in 3.[0-9].* | 3.10.* | 2.* | "(none)") continue ;; esac
            else
                apt-cache show "$name-venv" >/dev/null 2>&1 || continue
            fi
            echo "$name $name-venv"
            return 0
        done
        return 1
    fi
    if have apk; then
        echo "python3"
        return 0
    fi
    return 1
}
install_packages() {
    if have apt-get; then
        apt_install "$@" || die "apt could not install: $*" "run apt-get update and look at what it says; is the network up?"
    else
        apk add --quiet --no-cache "$@" || die "apk could not install: $*" "run apk update and look at what it says; is the network up?"
    fi
}

no_python() {
    found=$(python3 --version 2>/dev/null || echo "none")
    uv="with uv (https://docs.astral.sh/uv): uv python install --install-dir /opt/python 3.13; ./install.sh finds it there"
    if is_synology; then
        hint="in Package Center, install SynoCommunity's package 'Python 3.12' or newer (not verified without a DSM); or $uv"
    elif have apt-get && ! is_root; then
        hint="sudo apt install python3 python3-venv (Debian 12, Ubuntu 24.04 or newer); or $uv"
    else
        hint="on Debian 12, Ubuntu 24.04 or newer: apt install python3 python3-venv; on Alpine: apk add python3; or $uv"
    fi
    die "delcia needs Python 3.11 or newer with its 'venv' module; python3 here: $found" "$hint; or name one: PYTHON=/path/to/python3 ./install.sh"
}

# make_venv PYTHON DIRECTORY: makes it, or keeps it when it still works.
make_venv() {
    if works "$2"; then return 0; fi
    if [ -e "$2" ] && [ ! -e "$2/pyvenv.cfg" ] && [ -n "$(ls -A "$2" 2>/dev/null)" ]; then
        die "$2 is there already and is no virtual environment" "move it away, then run this again"
    fi
    "$1" -m venv --clear "$2"
}
works() { [ -x "$1/bin/python" ] && recent "$1/bin/python" && "$1/bin/python" -m pip --version >/dev/null 2>&1; }
