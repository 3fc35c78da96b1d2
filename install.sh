# shellcheck shell=sh
# What ./run and ./test share: put in .venv exactly what a lock says, and install or name the
# Debian packages that are missing. Sourced from the folder of the project.

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    say "Installation de : $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" \
        </dev/null >/dev/null 2>&1 && return
    apt-get update -qq >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" \
            </dev/null >/dev/null
}

# Print those of the Debian packages named that are not installed.
missing_packages() {
    command -v dpkg >/dev/null || return 0
    for package in "$@"; do
        dpkg -s "$package" 2>/dev/null | grep -q '^Status: .* installed$' || printf '%s ' "$package"
    done
}

# need_packages WHY PACKAGE…: install the missing ones as root, else say what goes without them.
need_packages() {
    why=$1
    shift
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return
    # shellcheck disable=SC2086
    if can_install && apt_install $missing; then return; fi
    say "Il manque : $missing($why)." "Pour les ajouter : sudo apt install $missing"
}

need_python() {
    if ! command -v python3 >/dev/null && can_install; then apt_install python3 || true; fi
    command -v python3 >/dev/null || stop "Il manque Python 3 : sudo apt install python3"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Recueil demande Python 3.11 ou plus récent ; ici : $(python3 --version)."
}

# Bare Debian has python3 without ensurepip: `python3 -m venv` then fails half-way.
make_venv() {
    .venv/bin/python -c '' 2>/dev/null && return
    rm -rf .venv
    python3 -m venv .venv >/dev/null 2>&1 && return
    if can_install && apt_install python3-venv; then
        rm -rf .venv
        python3 -m venv .venv && return
    fi
    rm -rf .venv
    if python3 -m pip --version >/dev/null 2>&1; then
        python3 -m venv --without-pip .venv 2>/dev/null && return
    fi
    rm -rf .venv
    stop "Il manque de quoi préparer Python : sudo apt install python3-venv"
}

pip_install() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
    else
        python3 -m pip --python .venv/bin/python install --quiet --disable-pip-version-check "$@"
    fi
}

# install_lock FILE: nothing to do while the lock and the Python are those of the last time.
install_lock() {
    need_python
    make_venv
    stamp=".venv/$1.installed"
    wanted=$(cat "$1" pyproject.toml | cksum)$(pwd)
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
    say "Installation des bibliothèques (quelques minutes la première fois)…"
    pip_install --require-hashes --requirement "$1"
    pip_install --no-deps --no-build-isolation --editable .
    printf '%s' "$wanted" >"$stamp"
}
