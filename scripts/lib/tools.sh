# What the tests need from the machine; installed where it is missing and that is possible.

as_root() { [ "$(id -u)" -eq 0 ]; }

# apt_install PACKAGE...
apt_install() {
  if ! as_root || ! command -v apt-get >/dev/null; then
    echo "missing: $*; install it, or run this as root where there is apt-get" >&2
    return 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -q --no-install-recommends "$@" >/dev/null ||
    { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "$@" >/dev/null; }
}

need_compiler() {
  if ! command -v cargo >/dev/null; then
    echo "cargo is missing; https://rustup.rs installs it" >&2
    return 1
  fi
  local missing=()
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  command -v make >/dev/null || missing+=(make)
  command -v perl >/dev/null || missing+=(perl)
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# Prints the folder of initdb and pg_ctl.
postgres_bin() {
  local folder
  for folder in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin \
    "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  return 1
}

need_postgres() {
  postgres_bin >/dev/null && return 0
  # The package would start a cluster of its own, which nobody asked for.
  apt_install postgresql-common || return 1
  sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' \
    /etc/postgresql-common/createcluster.conf
  apt_install postgresql
}

# need_python FOLDER PACKAGE...: a virtual environment with these packages.
need_python() {
  local folder=$1
  shift
  [ -e "$folder/ready" ] && [ "$(cat "$folder/ready")" = "$*" ] && return 0
  command -v python3 >/dev/null || apt_install python3 python3-venv || return 1
  rm -rf "$folder"
  python3 -m venv "$folder" 2>/dev/null ||
    { apt_install python3-venv && python3 -m venv "$folder"; } || return 1
  "$folder/bin/pip" -q --disable-pip-version-check install "$@" || return 1
  printf '%s' "$*" >"$folder/ready"
}
