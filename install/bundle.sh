# shellcheck shell=sh
# An archive with wheels, for hosts without a package index: unpack it there and run its install.sh.

# Prints pip's words for a machine: the C library and the processor that wheels are made for.
platforms_of() {
    case $1 in
    *-musl) kinds="musllinux_1_1 musllinux_1_2" machine=${1%-musl} ;;
    *) kinds="manylinux1 manylinux2014 manylinux_2_17 manylinux_2_28 manylinux_2_31 manylinux_2_34" machine=$1 ;;
    esac
    case $machine in
    x86_64 | i686 | aarch64 | armv7l | armv6l | ppc64le | riscv64) ;;
    *) die "'$machine' is no machine that wheels are known for" "uname -m says it; for example --for 3.11-aarch64" ;;
    esac
    for kind in $kinds; do printf -- '--platform=%s_%s ' "$kind" "$machine"; done
}

make_bundle() {
    python=$(any_python) || no_python
    own=$("$python" -c 'import platform, sys; print("%d.%d-%s" % (*sys.version_info[:2], platform.machine()))')
    case ${bundle_for:-$own} in
    3.1[1-9]-?*) ;;
    *) die "'$bundle_for' is no Python and machine" "for example --for 3.11-aarch64, 3.13-armv7l, 3.12-x86_64-musl" ;;
    esac
    version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$here/delcia/__init__.py")
    name=delcia-$version-py${bundle_for:-$own}
    if [ -n "$dry_run" ]; then
        say "would be done: making $here/dist/$name.tar.gz, with wheels from the package index that pip is set up for"
        return 0
    fi
    [ -w "$here" ] || die "$here cannot be written" "clone delcia into a folder of your own"
    mkdir -p "$here/dist"
    aside=$(mktemp -d "$here/dist/.bundle-XXXXXX")
    step "preparing pip"
    "$python" -m venv "$aside/venv"
    set -- "$aside/venv/bin/python" -m pip --quiet --quiet --disable-pip-version-check --no-cache-dir
    hint="its words are above; most often the network is down, or there is no wheel for that Python and machine"
    step "building delcia $version"
    "$@" wheel --no-deps "--wheel-dir=$aside/$name/wheels" "$here" || die "pip could not build delcia" "$hint"
    step "downloading what it needs"
    # pip judges by this Python which requirements another one has; what 3.11 and 3.12 need beyond 3.13 is small.
    built=$(echo "$aside/$name/wheels"/delcia-*.whl)
    set -- "$@" download --only-binary=:all: "--dest=$aside/$name/wheels" "${built}[panel]" typing-extensions
    if [ -n "$bundle_for" ]; then
        # shellcheck disable=SC2046 # a list of words
        set -- "$@" "--python-version=${bundle_for%%-*}" $(platforms_of "${bundle_for#*-}")
    fi
    "$@" || die "pip could not download what delcia needs" "$hint"
    step "packing"
    cp -R "$here/install.sh" "$here/install" "$here/README.md" "$here/LICENSE" "$aside/$name/"
    (cd "$aside" && tar -czf "$name.tar.gz" "$name")
    mv -f "$aside/$name.tar.gz" "$here/dist/$name.tar.gz"
    doing=
    cat <<END

dist/$name.tar.gz installs delcia $version on a host with Python ${name##*-py}. There:

  tar xzf $name.tar.gz
  cd $name
  sudo ./install.sh
END
}
