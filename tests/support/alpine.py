"""A root that looks like Alpine to an installer: busybox for every tool, its crond, no apt-get, no useradd.

Alpine's own packages are not in it: it is a Debian, whose busybox lacks `adduser` and whose C library is glibc.
"""

import shutil
from pathlib import Path

from support.image import bare
from support.real_crons import FAKETIME, debian_13
from support.roots import Root

DISGUISE = """
    set -e
    for applet in $(busybox --list); do
        case $applet in dpkg* | rpm*) continue ;; esac
        rm -f "/usr/sbin/$applet"
        ln -sf busybox "/usr/bin/$applet"
    done
    mkdir /usr/libexec/debian
    for tool in useradd groupadd userdel groupdel; do mv "/usr/sbin/$tool" /usr/libexec/debian/; done
    rm -f /usr/bin/apt-get /usr/bin/apt-cache /usr/sbin/addgroup /usr/sbin/adduser /usr/sbin/delgroup /usr/sbin/deluser
    ln -sf busybox /usr/bin/crond
    mkdir -p /etc/crontabs /var/spool/cron
    ln -s ../../../etc/crontabs /var/spool/cron/crontabs
    printf '17 3 * * *\\tbackup\\n' >/etc/crontabs/root
    chmod 600 /etc/crontabs/root
"""
STAND_INS = {
    "addgroup": 'exec /usr/libexec/debian/groupadd --system $(numbered "$@")',
    "adduser": 'exec /usr/libexec/debian/useradd --system --no-create-home $(numbered "$@")',
    "deluser": 'exec /usr/libexec/debian/userdel "$1"',
    "delgroup": 'exec /usr/libexec/debian/groupdel "$1"',
    "apk": '[ "$1" = add ] && shift; for it in "$@"; do case $it in --no-cache | --quiet | python3 | tzdata) ;; '
    '*) echo "no such package: $it" >&2; exit 1 ;; esac; done',
}
WORDS = """#!/bin/sh
# Alpine's words in those of Debian's tools; any other is an error.
numbered() {
    while [ $# -gt 1 ]; do
        case $1 in
        -S | -D | -H) shift ;;
        -g | -u | -h | -s | -G)
            case $1 in -h) printf -- '-d ' ;; -G) printf -- '-g ' ;; *) printf '%s ' "$1" ;; esac
            printf '%s ' "$2"
            shift 2
            ;;
        *) printf -- '--not-known-%s ' "$1"; shift ;;
        esac
    done
    printf '%s' "$1"
}
"""


def alpine_like(folder: Path) -> Root:
    """Return such a root, with libfaketime at /usr/lib/faketime.so."""
    crons = debian_13()
    root = Root((bare("trixie"),), folder)
    shutil.copy2(crons / "usr/bin/busybox", root.place("/usr/bin/busybox"))
    (faketime,) = crons.glob(FAKETIME.removeprefix("/"))
    shutil.copy2(faketime, root.place("/usr/lib/faketime.so"))
    root.run(["sh", "-c", DISGUISE])
    for name, does in STAND_INS.items():
        root.put(f"/usr/sbin/{name}", f"{WORDS}{does}\n", mode=0o755)
    return root
