#!/usr/bin/env bash
# Runs the same fan-out against the floor, against nchan in nginx and against a gateway that is running already, in turn, and
# prints what each took with its ratio to nchan. Only ratios of one run hold; a run with a loss is a failed run.
#
#   src/jmh/compare/compare.sh --port 8080 --pid PID --header "Authorization: Bearer $VIEWER" \
#       --pub-header "Authorization: Bearer $PUBLISHER"
#
# Needs gcc, python3 and, of Debian's packages, nginx and libnginx-mod-nchan.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); work=$(mktemp -d); streams=1000 events=1000 burst=1000
port= pid= path='/api/events?topics=bench' publish=/api/events header= pubheader= body='{"topic":"bench","type":"bench.tick","data":"{T}{P}"}'
while [ $# -gt 0 ]; do case $1 in
  --port) port=$2;; --pid) pid=$2;; --path) path=$2;; --publish) publish=$2;; --header) header=$2;; --pub-header) pubheader=$2;;
  --body) body=$2;; --streams) streams=$2;; --events) events=$2;; *) echo "unknown option $1" >&2; exit 2;; esac; shift 2; done
gcc -O2 -w -o "$work/sseload" "$here/sseload.c"; gcc -O2 -w -o "$work/floor" "$here/floor.c"
trap 'kill $(jobs -p) 2>/dev/null || true; [ -f "$work/nginx.pid" ] && kill "$(cat "$work/nginx.pid")" 2>/dev/null || true; sleep .3; rm -rf "$work"' EXIT
run() { # name, then sseload options; three measurements each: one at a time, 16 in flight, 50 a second
  local name=$1; shift
  "$work/sseload" --name "$name|single" "$@" --streams "$streams" --events "$events" --warm 300 --size 100 --limit-s 150
  "$work/sseload" --name "$name|burst" "$@" --streams "$streams" --events "$burst" --warm 100 --size 100 --window 16 --limit-s 150
  "$work/sseload" --name "$name|rate" "$@" --streams "$streams" --events 400 --warm 100 --size 100 --rate 50 --limit-s 150
}
{
  "$work/floor" 9100 & fpid=$!; sleep .3
  run floor --port 9100 --path /sub --publish /pub --body '{T}{P}' --type text/plain --pid "$fpid"; kill "$fpid"
  if command -v nginx >/dev/null && dpkg -s libnginx-mod-nchan >/dev/null 2>&1; then
    sed "s#WORK#$work#g" "$here/nginx-nchan.conf" > "$work/nginx.conf"; nginx -c "$work/nginx.conf" 2>/dev/null; sleep 1
    npid=$(cat "$work/nginx.pid"); run nchan --port 9001 --path /sub --publish /pub --body '{T}{P}' --type text/plain --pid "$npid,$(pgrep -P "$npid" | tr '\n' ,)"
  else echo "nchan is not installed: apt-get install nginx libnginx-mod-nchan" >&2; fi
  if [ -n "$port" ]; then run gateway --port "$port" --path "$path" --publish "$publish" --body "$body" --pid "$pid" --header "$header" --pub-header "$pubheader"; fi
} > "$work/rows.jsonl"
python3 - "$work/rows.jsonl" <<'PY'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1])]
base = {r["name"].split("|")[1]: r for r in rows if r["name"].startswith("nchan")}
print(f'{"":18} {"lost":>6} {"cpu us/delivery":>16} {"deliveries/s":>13} {"p50 ms":>8} {"p99 ms":>8} {"KiB/stream":>11} {"MiB whole":>10}   against nchan')
for r in rows:
    b = base.get(r["name"].split("|")[1]); note = ""
    if b and r is not b: note = f'cpu x{r["cpu_us_per_delivery"]/b["cpu_us_per_delivery"]:.2f}  rate x{r["deliveries_per_s"]/b["deliveries_per_s"]:.1f}  p99 x{r["p99_us"]/max(1,b["p99_us"]):.2f}'
    print(f'{r["name"]:18} {r["lost"]:>6} {r["cpu_us_per_delivery"]:>16.2f} {r["deliveries_per_s"]:>13.0f} {r["p50_us"]/1000:>8.1f} {r["p99_us"]/1000:>8.1f} {r["kib_per_stream"]:>11.1f} {r["pss_kib_connected"]/1024:>10.0f}   {note}')
sys.exit(1 if any(r["lost"] or r["refused"] for r in rows) else 0)
PY
