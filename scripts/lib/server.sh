# A rolecall of the release build for a while. Sets server_url.

server_pid=
server_url=
server_log=

# start_server BINARY DATABASE_URL LOG: on a free loopback port.
start_server() {
  server_log=$3
  ROLECALL__HTTP__BIND=127.0.0.1:0 ROLECALL__DATABASE__URL=$2 "$1" serve \
    >"$server_log" 2>"$server_log.err" &
  server_pid=$!
  local try
  for try in $(seq 1 150); do
    server_url=$(sed -n 's/^rolecall listens on \(http:[^ ]*\).*/\1/p' "$server_log")
    [ -n "$server_url" ] && return 0
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.2
  done
  echo "the server did not start:" >&2
  cat "$server_log" "$server_log.err" >&2
  stop_server
  return 1
}

# Stops it as a supervisor would; it has to end by itself and say that all is well.
stop_server() {
  [ -n "$server_pid" ] || return 0
  local pid=$server_pid
  server_pid=
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid"
}
