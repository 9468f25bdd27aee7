# shellcheck shell=sh
# delcia for one person, without root: below ~/.local, and by their own crontab.

person_places() {
    code=${XDG_DATA_HOME:-$HOME/.local/share}/delcia/venv
    program=$HOME/.local/bin/delcia
    data=${XDG_STATE_HOME:-$HOME/.local/state}/delcia
    may_link "$program"
    may_link "$code"
}

put_at_home() {
    python=$(any_python) || no_python
    may_write "$code"
    install_into "$code"
    act "putting the command at $program" link_at_home
    apply_again "$data"
}
link_at_home() {
    mkdir -p "${program%/*}"
    ln -sfn "$code/bin/delcia" "$program"
}

install_for_person() {
    person_places
    put_at_home
    doing=
    [ -z "$dry_run" ] || return 0
    say
    say "$version is installed: $program"
    case ":$PATH:" in
    *":$HOME/.local/bin:"*) ;;
    *) say "!! $HOME/.local/bin is not on your PATH; add it: export PATH=\"\$HOME/.local/bin:\$PATH\"" ;;
    esac
    cat <<END
Next:

  delcia init plans                   write a first plan, by questions
  delcia validate plans               all problems at once
  delcia report plans --soc 45        when would the car be ready?

Your own crontab can run it: delcia apply plans --target crontab. Timers for a whole host: sudo ./install.sh
END
}

upgrade_for_person() {
    person_places
    [ -x "$code/bin/delcia" ] || die "delcia is not installed in $code" "without --upgrade, ./install.sh installs it"
    put_at_home
    [ -n "$dry_run" ] || say "$version is in its place; plans, logins and history are as they were"
}

# remove_empty FOLDER...: those that are empty, which installing may have made.
remove_empty() {
    for folder in "$@"; do rmdir "$folder" 2>/dev/null || :; done
}

uninstall_for_person() {
    person_places
    agree "give the car back and remove delcia from your home${purge:+, with its logins and its history}?"
    if [ -e "$data/current" ] || [ -e "$data/journal.json" ]; then
        "$code/bin/delcia" --version >/dev/null 2>&1 ||
            die "what is applied here cannot be taken back: the installed delcia does not start" "run ./install.sh first, then this again"
        act "giving the car back, and clearing your crontab (delcia remove)" "$code/bin/delcia" remove --yes
    fi
    act "removing $code and $program" remove_environment "$code" "$program"
    [ -n "$dry_run" ] || rmdir "${code%/*}" 2>/dev/null || :
    config=${XDG_CONFIG_HOME:-$HOME/.config}/delcia cache=${XDG_CACHE_HOME:-$HOME/.cache}/delcia
    if [ -n "$purge" ]; then
        act "removing $data, $cache, $config/credentials" rm -rf "$data" "$cache" "$config/credentials"
        [ -n "$dry_run" ] || remove_empty "$config" "${config%/*}" "${cache%/*}" "${data%/*}" "${code%/*/*}" \
            "${program%/*}" "$HOME/.local"
    fi
    [ -n "$dry_run" ] || say "delcia is gone; plans are yours, and stay"
}
