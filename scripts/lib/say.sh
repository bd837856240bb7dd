# Steps with a name, and a summary at the end. Sourced by the scripts beside this folder.

summary=()
failures=0

say() { printf '\n== %s\n' "$*"; }

# step NAME COMMAND...: runs it, remembers how it went, goes on in either case.
step() {
  local name=$1 began=$SECONDS verdict=ok
  shift
  say "$name"
  if ! "$@"; then
    verdict=FAILED
    failures=$((failures + 1))
  fi
  summary+=("$(printf '%-6s %4ds  %s' "$verdict" $((SECONDS - began)) "$name")")
  [ "$verdict" = ok ]
}

# The last lines of the run; its status is that of the run.
summarize() {
  printf '\n== summary\n'
  printf '%s\n' "${summary[@]}"
  if [ "$failures" -eq 0 ]; then
    printf 'all %d steps passed\n' "${#summary[@]}"
  else
    printf '%d of %d steps FAILED\n' "$failures" "${#summary[@]}"
    return 1
  fi
}
