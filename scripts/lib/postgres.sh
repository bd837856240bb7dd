# One PostgreSQL cluster for a run, on loopback, thrown away at its end.
# Needs tools.sh. Sets and exports TEST_POSTGRES_URL.
# What PG_SETTINGS holds comes after the settings here and wins.

pg_folder=
pg_bin=

# PostgreSQL refuses to run as root.
as_postgres() {
  if as_root; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_postgres() {
  local password port try
  pg_bin=$(postgres_bin) || return 1
  pg_folder=$(mktemp -d "${TMPDIR:-/tmp}/rolecall-postgres.XXXXXX")
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s' "$password" >"$pg_folder/password"
  chmod 600 "$pg_folder/password"
  if as_root; then chown -R postgres "$pg_folder"; fi
  as_postgres "$pg_bin/initdb" -D "$pg_folder/data" -U postgres -A scram-sha-256 -E UTF8 \
    --no-sync --pwfile="$pg_folder/password" >/dev/null || return 1
  # Nothing here has to survive a crash of the machine, so nothing waits for the disk.
  for try in 1 2 3; do
    port=$(free_port)
    if as_postgres "$pg_bin/pg_ctl" -D "$pg_folder/data" -s -w -t 60 -l "$pg_folder/log" -o \
      "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off \
       -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 ${PG_SETTINGS:-}" start; then
      export TEST_POSTGRES_URL="postgres://postgres:$password@127.0.0.1:$port/postgres"
      return 0
    fi
    echo "try $try: PostgreSQL did not start on port $port" >&2
  done
  cat "$pg_folder/log" >&2
  return 1
}

stop_postgres() {
  [ -n "$pg_folder" ] || return 0
  as_postgres "$pg_bin/pg_ctl" -D "$pg_folder/data" -s -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$pg_folder"
  pg_folder=
}

# new_database NAME: prints its URL.
new_database() {
  "$pg_bin/psql" -q "$TEST_POSTGRES_URL" -c "CREATE DATABASE $1" >/dev/null || return 1
  printf '%s/%s\n' "${TEST_POSTGRES_URL%/*}" "$1"
}
