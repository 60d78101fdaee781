#!/bin/sh
# Sees to what only the system can provide: `system.sh python|libraries|chromium`. Where it may install it does; elsewhere
# it stops with the exact command to type.
set -eu

say() { printf '%s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
  else return 1
  fi
}

# Installs packages, or returns false; the caller checks again, since a package may exist and hold nothing (Ubuntu's chromium).
apt() {
  command -v apt-get >/dev/null || return 1
  as_root true || return 1
  say "Installation de $* …"
  as_root apt-get -qq update >&2 || true
  log=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" 2>&1) ||
    { say "$log"; return 1; }
}

stop() {
  say ""
  for line in "$@"; do say "$line"; done
  say ""
  exit 1
}

is_recent() { command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if is_recent "$name"; then command -v "$name"; return; fi
  done
  return 1
}

need_python() {
  found=$(find_python) || { apt python3 python3-venv && found=$(find_python); } || stop \
    "Il faut Python 3.11 ou plus récent, et cette machine n'en a pas." \
    "Sur Debian 12, Ubuntu 24.04 ou plus récent, tapez :" "    sudo apt-get install python3 python3-venv" \
    "Si un Python récent est installé ailleurs : make install PYTHON=/chemin/vers/python3"
  version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  "$found" -c 'import venv; from ensurepip import version' 2>/dev/null || apt "python$version-venv" || stop \
    "Il manque à Python de quoi préparer son dossier .venv. Tapez, puis recommencez :" \
    "    sudo apt-get install python$version-venv"
  printf '%s\n' "$found"
}

# The names WeasyPrint itself opens.
missing_libraries() {
  "${PYTHON:-python3}" - <<'EOF'
import ctypes
names = ["gobject-2.0.so.0", "pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz.so.0", "harfbuzz-subset.so.0", "fontconfig.so.1"]
for name in names:
    try:
        ctypes.CDLL(f"lib{name}")
    except OSError:
        print(f"lib{name}")
EOF
}

need_libraries() {
  missing=$(missing_libraries)
  [ -z "$missing" ] && return
  apt libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 || true
  missing=$(missing_libraries)
  [ -z "$missing" ] || stop \
    "Il manque au système de quoi composer le compte-rendu en PDF ($(echo "$missing" | tr '\n' ' ' | sed 's/ $//'))." \
    "Tapez, puis recommencez :" "    sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
}

# Ubuntu's chromium package is a stub that answers with a sentence until its snap is installed: only a version counts.
# The headless shell is the same Chromium without its windows: pages open in half the time.
find_chromium() {
  for name in ${CHROMIUM:-} chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null && "$name" --version 2>/dev/null | grep -q '[0-9]'; then command -v "$name"; return; fi
  done
  return 1
}

need_chromium() {
  find_chromium && return
  if ! grep -qs '^ID=ubuntu' /etc/os-release; then { apt chromium-headless-shell || apt chromium; } && find_chromium && return; fi
  stop "Les essais ouvrent les pages dans un vrai navigateur, et Chromium n'est pas là." \
    "Sur Debian :  sudo apt-get install chromium" \
    "Sur Ubuntu, où ce paquet n'est qu'un renvoi :  sudo snap install chromium" \
    "Chrome convient aussi ; s'il est ailleurs :  make test CHROMIUM=/chemin/vers/chrome"
}

case "${1:-}" in
  python | libraries | chromium) "need_$1" ;;
  *) stop "Usage : deploy/system.sh python|libraries|chromium" ;;
esac
