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
    hint="its words are above; most often the network is down, or there is no wheel for that Python and machine"
    step "preparing pip"
    make_tools "$aside/tools" || die "pip could not get what builds delcia" "$hint"
    step "building delcia $version"
    build_delcia "$aside/tools" "$aside/$name/wheels" || die "pip could not build delcia" "$hint"
    step "downloading what it needs"
    set -- download "--dest=$aside/$name/wheels"
    if [ -n "$bundle_for" ]; then
        # shellcheck disable=SC2046 # a list of words
        set -- "$@" "--python-version=${bundle_for%%-*}" $(platforms_of "${bundle_for#*-}")
    fi
    if is_pinned "$python" "${bundle_for:-$own}"; then
        set -- "$@" --no-deps --require-hashes "--requirement=$here/install/requirements.txt"
    else
        say "!! no hashes are known for this machine: packages are taken as the package index has them"
        # pip judges by this Python which requirements another one has; what 3.11 and 3.12 need beyond 3.13 is small.
        set -- "$@" --only-binary=:all: "$(echo "$aside/$name/wheels"/delcia-*.whl)[panel]" typing-extensions
    fi
    pinned_pip "$aside/tools" "$@" --no-build-isolation || die "pip could not download what delcia needs" "$hint"
    # What comes as source is built on the host.
    for source in "$aside/$name/wheels"/*.tar.gz; do
        [ -e "$source" ] || continue
        pinned_pip "$aside/tools" download --no-deps --require-hashes "--dest=$aside/$name/wheels" \
            "--requirement=$here/install/build.txt" || die "pip could not download what builds ${source##*/}" "$hint"
        break
    done
    step "packing"
    cp -R "$here/install.sh" "$here/install" "$here/README.md" "$here/LICENSE" "$aside/$name/"
    "$python" "$here/install/sbom.py" "$version" "$aside/$name/wheels" >"$aside/$name/sbom.cdx.json"
    rm -rf "$aside/$name/install/__pycache__"
    (cd "$aside/$name" && find . -type f | sort | xargs sha256sum >"$aside/sums")
    mv "$aside/sums" "$aside/$name/SHA256SUMS"
    (cd "$aside" && tar -czf "$name.tar.gz" "$name" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
    mv -f "$aside/$name.tar.gz" "$aside/$name.tar.gz.sha256" "$here/dist/"
    sum=$(cut -c1-64 "$here/dist/$name.tar.gz.sha256")
    doing=
    cat <<END

dist/$name.tar.gz installs delcia $version on a host with Python ${name##*-py}. Its SHA-256 is $sum. There:

  tar xzf $name.tar.gz
  cd $name
  sudo ./install.sh
END
}
