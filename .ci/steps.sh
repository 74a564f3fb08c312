# Functions of the gate and of the nightly run: clone, steps, parallel steps, counts, summary. Source this file.
set -uo pipefail

root=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
work=$(mktemp -d)
started=$SECONDS
passed=0
failed=0
timings=()
declare -A background=()

# Ends what still runs in the background, so that an interrupted run leaves no process behind.
clean_up() {
  local name
  for name in "${!background[@]}"; do kill -- "-${background[$name]}" 2>/dev/null; done
  rm -rf "$work"
}
trap clean_up EXIT

# record NAME STATUS SECONDS
record() {
  local verdict=passed
  if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    verdict=FAILED
  fi
  timings+=("$(printf '%-12s %6s s  %s' "$1" "$3" "$verdict")")
  printf '=== %s %s after %s s\n' "$1" "$verdict" "$3"
  return "$2"
}

# step NAME COMMAND…: runs one step. A step that fails does not prevent the steps after it.
step() {
  local name=$1 since=$SECONDS status=0
  shift
  printf '\n=== %s: %s\n' "$name" "$*"
  "$@" 2>&1 | tee "$work/$name.log" || status=$?
  record "$name" "$status" $((SECONDS - since))
}

# start NAME COMMAND…: starts a step in the background. `await NAME` prints its output and records its verdict.
start() {
  local name=$1
  shift
  # Job control gives each background step a process group of its own, which can be ended as a whole.
  set -m
  (
    since=$SECONDS
    status=0
    "$@" >"$work/$name.log" 2>&1 </dev/null || status=$?
    printf '%s %s\n' "$status" $((SECONDS - since)) >"$work/$name.status"
  ) &
  background[$name]=$!
  set +m
}

await() {
  local name=$1 status=1 seconds=0
  wait "${background[$name]}"
  unset "background[$name]"
  # A background step that was killed leaves no status: it has failed.
  read -r status seconds <"$work/$name.status" || { status=1 seconds=0; }
  printf '\n=== %s\n' "$name"
  cat "$work/$name.log"
  record "$name" "$status" "$seconds"
}

# count_tests NAME: adds up what jest counted in a step, "Tests: 1 failed, 2 skipped, 30 passed, 33 total".
count_tests() {
  local line
  line=$(grep -E '^Tests:' "$work/$1.log" | tail -n 1)
  if [ -z "$line" ]; then
    printf '=== %s ran no test\n' "$1"
    failed=$((failed + 1))
    return 1
  fi
  passed=$((passed + $(grep -oE '[0-9]+ passed' <<<"$line" | grep -oE '[0-9]+' || echo 0)))
  failed=$((failed + $(grep -oE '[0-9]+ failed' <<<"$line" | grep -oE '[0-9]+' || echo 0)))
}

# apt_install PACKAGE:COMMAND…: installs the Debian packages whose commands don't exist.
apt_install() {
  local pair as_root=() missing=()
  for pair in "$@"; do command -v "${pair#*:}" >/dev/null || missing+=("${pair%%:*}"); done
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq "${missing[@]}"
}

# clone: a clean clone of the last commit, which becomes the working directory.
clone() {
  git clone -q "$root" "$work/acr-transfer" && cd "$work/acr-transfer" || exit 1
  export CI=true
}

# finish: prints the seconds of each step and the counts. Exits 0 only if every step and every test passed.
finish() {
  printf '\n'
  printf '%s\n' "${timings[@]}"
  printf 'total %12s s\n' $((SECONDS - started))
  printf '\n%s passed, %s failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit $?
}
