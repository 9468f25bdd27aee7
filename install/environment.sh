# shellcheck shell=sh
# Where delcia's code lies: LINK leads to LINK-a or LINK-b. A new version is made whole in the other one, then the
# link is replaced by one rename: whenever this is cut short, what ran before still runs.

NEEDS_MB=200
new=""   # the environment that is made
index="" # the package index, once it is known

# may_link NAME: said before anything is made, for nothing of another's is ever replaced.
may_link() {
    if [ -e "$1" ] && [ ! -L "$1" ]; then
        die "$1 is there already and is not delcia's link" "move it away, then run this again"
    fi
    case $(readlink "$1" 2>/dev/null) in
    "" | */delcia/bin/delcia | */delcia/venv/bin/delcia | delcia-[ab] | venv-[ab]) ;;
    *) die "$1 leads to $(readlink "$1"), which is not delcia's" "move it away, then run this again" ;;
    esac
}
may_fill() {
    if [ -e "$1" ] && [ ! -e "$1/pyvenv.cfg" ] && [ -n "$(ls -A "$1" 2>/dev/null)" ] && [ ! -e "$1/.delcia" ]; then
        die "$1 is there already and is no environment of delcia's" "move it away, then run this again"
    fi
}

# may_write FOLDER: the folder, or the first above it that is there, can be written and has room.
may_write() {
    folder=$1
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    if [ ! -w "$folder" ]; then
        die "$folder cannot be written, or is on a read-only file system" \
            "mount -o remount,rw makes it writable; a card or disk that fails often becomes read-only: see dmesg"
    fi
    free_mb=$(df -Pk "$folder" | awk 'NR == 2 { print int($4 / 1024) }')
    if [ "$free_mb" -lt "$NEEDS_MB" ]; then
        die "$free_mb MB are free for $1, and delcia needs $NEEDS_MB" "free some space, then run this again"
    fi
}

# A bundle knows the hash of each of its files: what was damaged on its way is not installed.
check_bundle() {
    [ -e "$here/SHA256SUMS" ] || return 0
    have sha256sum || { say "!! this host has no sha256sum: the files of this bundle are not compared"; return 0; }
    changed=$(cd "$here" && sha256sum -c SHA256SUMS 2>/dev/null | grep -v ': OK$') || return 0
    die "files of this bundle are not as they were made: $changed" "unpack it again, or make another: ./install.sh --bundle"
}

# install_into LINK: makes the new environment, of the old one where that saves time, and leads the link to it.
install_into() {
    check_bundle
    link=$1 old=$1-b new=$1-a
    if [ "$(readlink "$link" 2>/dev/null)" = "$(basename "$new")" ]; then old=$1-a new=$1-b; fi
    act "making a new environment with $python" begin_environment
    act "installing delcia and what it needs into it" fill_environment
    act "putting it in the place of $link" swap_environment
}
begin_environment() {
    mkdir -p "$(dirname "$link")"
    rm -rf "$new"
    mkdir "$new"
    : >"$new/.delcia"
    if [ "$action" = upgrade ] && works "$link"; then
        cp -a "$link/." "$new/"
        "$new/bin/python" -m pip uninstall --quiet --quiet --yes --disable-pip-version-check delcia
    else
        "$python" -m venv "$new"
    fi
}
fill_environment() {
    what=$here failed="pip could not install delcia; an earlier installation, if any, is as it was"
    if [ -n "$offline" ]; then
        set -- --no-index "--find-links=$offline" "--find-links=$new/.wheels"
        mkdir "$new/.wheels"
        for source in "$offline"/*.tar.gz; do
            [ ! -e "$source" ] || build_offline "$source" || die "$failed" "$(pip_hint)"
        done
        for wheel in "$offline"/delcia-*.whl; do [ ! -e "$wheel" ] || what=$wheel; done
        [ -e "$what/pyproject.toml" ] || [ "$what" != "$here" ] || die "$offline has no wheel of delcia" "$(pip_hint)"
    elif is_pinned "$new/bin/python"; then
        { make_tools "$new/.tools" && gather "$new/.tools" "$new/.wheels"; } || die "$failed" "$(pip_hint)"
        what=$(echo "$new/.wheels"/delcia-*.whl)
        set -- --no-index "--find-links=$new/.wheels"
    else
        say "!! no hashes are known for this machine: packages are taken as the package index has them"
    fi
    # By the environment: an older pip builds in a process of its own, which is not told the option.
    PIP_NO_CACHE_DIR=1 "$new/bin/python" -m pip install --quiet --quiet --disable-pip-version-check --upgrade \
        --upgrade-strategy=eager "$@" "${what}[panel]" || die "$failed" "$(pip_hint)"
    rm -rf "$new/.tools" "$new/.wheels"
    version=$("$new/bin/delcia" --version) || die "the installed delcia does not start" "please report what stands above"
}

# is_pinned PYTHON [MACHINE]: whether install/pins.py has asked which files this machine takes.
is_pinned() {
    machine=${2:-$("$1" -c '
import sys, sysconfig
musl = "-musl" if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "") else ""
print("%d.%d" % sys.version_info[:2] + sysconfig.get_platform().replace("linux", "", 1) + musl)')}
    case $machine in
    3.1[1-4]-x86_64 | 3.1[1-4]-aarch64 | 3.1[1-4]-armv[78]l | 3.1[1-4]-x86_64-musl | 3.1[1-4]-aarch64-musl) ;;
    *) return 1 ;;
    esac
}
# pinned_pip FOLDER ARGUMENT...: pip of the tools, which takes nothing but files whose hash is known. It asks one index,
# the one that pip is set up for: packages that a distribution builds and adds (piwheels) are other files.
pinned_pip() {
    tools=$1
    shift
    : "${index:=${PIP_INDEX_URL:-$(pip_for "$tools" config get global.index-url 2>/dev/null ||
        "${new:-$tools}/bin/python" -c 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)')}}"
    PIP_EXTRA_INDEX_URL=$index PIP_NO_CACHE_DIR=1 pip_for "$tools" --quiet --quiet --disable-pip-version-check "$@"
}
# pip_for FOLDER ARGUMENT...: the pip of the new environment works for the tools too; a bundle has none, and uses its own.
pip_for() {
    for_tools=$1
    shift
    if [ -n "${new-}" ]; then
        "$new/bin/python" -m pip --python "$for_tools/bin/python" "$@"
    else
        "$for_tools/bin/python" -m pip "$@"
    fi
}
# make_tools FOLDER: an environment that builds delcia, and what comes as source alone. It is thrown away afterwards:
# a pip of its own, and compiling what is imported once, would take most of the time.
make_tools() {
    "$python" -m venv "$1" ${new:+--without-pip} &&
        pinned_pip "$1" install --no-compile --no-deps --require-hashes "--requirement=$here/install/build.txt"
}
# gather TOOLS FOLDER: all that install/requirements.txt names as wheels, and delcia.
gather() {
    pinned_pip "$1" wheel --no-deps --no-build-isolation --require-hashes "--requirement=$here/install/requirements.txt" \
        "--wheel-dir=$2" && build_delcia "$1" "$2"
}
# build_offline SOURCE: by the tools that a bundle brings along with it.
build_offline() (
    export PIP_NO_INDEX=1 PIP_FIND_LINKS="$offline"
    [ -e "$new/.tools" ] || make_tools "$new/.tools"
    pinned_pip "$new/.tools" wheel --no-deps --no-build-isolation "--wheel-dir=$new/.wheels" "$1"
)
build_delcia() { pinned_pip "$1" wheel --no-deps --no-build-isolation --no-index "--wheel-dir=$2" "$here"; }

pip_hint() {
    if [ -n "$offline" ]; then
        echo "its words are above; $offline must hold wheels for this machine and its Python: ./install.sh --bundle --for … makes them"
    else
        echo "its words are above; most often the network is down or pip has no package index. Then run this again; without a network: --bundle, on another machine. A hash that differs: the file is not the one that was pinned"
    fi
}
swap_environment() {
    # Its programs name the place in which they were made.
    for file in "$new"/bin/*; do
        if [ -f "$file" ] && [ ! -L "$file" ]; then sed -i "s|$new|$link|g" "$file"; fi
    done
    rm -f "$link.new"
    ln -s "$(basename "$new")" "$link.new"
    mv -fT "$link.new" "$link"
    rm -rf "$old"
}

# apply_again DATA: what was applied, made anew by this version.
apply_again() {
    [ -e "$1/current" ] || return 0
    act "applying again what is applied" "$link/bin/delcia" apply --again --yes
}

# remove_environment LINK COMMAND
remove_environment() {
    [ ! -L "$2" ] || rm "$2"
    # First the link: without it, what is left is nobody's and may be removed by another run.
    rm -f "$1" "$1.new"
    rm -rf "$1-a" "$1-b"
}
