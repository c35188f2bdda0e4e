#!/usr/bin/env bash
# Runs the same fan-out against the floor, against nchan in nginx and against a gateway that is already running, in
# turn, and prints the cost of each with its ratios to the other two. Only ratios of one run are reliable, and machines
# drift within a run too: with --rounds the three take turns several times, and medians are printed, also of the ratios.
# A run in which an event is lost has failed.
#
#   src/compare/compare.sh --port 8080 --pid PID --header "Authorization: Bearer $VIEWER" \
#       --pub-header "Authorization: Bearer $PUBLISHER" [--rounds 7] [--only single,burst,rate] [--streams 10000]
#
# Needs gcc, python3 and, of Debian's packages, nginx and libnginx-mod-nchan.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); work=$(mktemp -d); streams=1000 events=1000 rounds=1 only=single,burst,rate
port= pid= path='/api/events?topics=bench' publish=/api/events header= pubheader= body='{"topic":"bench","type":"bench.tick","data":"{T}{P}"}'
while [ $# -gt 0 ]; do case $1 in
  --port) port=$2;; --pid) pid=$2;; --path) path=$2;; --publish) publish=$2;; --header) header=$2;; --pub-header) pubheader=$2;;
  --body) body=$2;; --streams) streams=$2;; --events) events=$2;; --rounds) rounds=$2;; --only) only=$2;;
  *) echo "unknown option $1" >&2; exit 2;; esac; shift 2; done
gcc -O2 -w -o "$work/sseload" "$here/sseload.c"; gcc -O2 -w -o "$work/floor" "$here/floor.c"
trap 'kill $(jobs -p) 2>/dev/null || true; [ -f "$work/nginx.pid" ] && kill "$(cat "$work/nginx.pid")" 2>/dev/null || true; sleep .3; rm -rf "$work"' EXIT
measure() { # name, then sseload options: one at a time, 16 connections, 50 a second; those that --only selects
  local name=$1 kind load; shift
  for kind in ${only//,/ }; do
    case $kind in
      single) load=(--events "$events" --warm 300);;
      burst) load=(--events "$events" --warm 100 --connections 16);;
      rate) load=(--events 400 --warm 100 --rate 50);;
      *) echo "unknown kind of run $kind" >&2; exit 2;;
    esac
    "$work/sseload" --name "$name|$kind" "$@" --streams "$streams" --size 100 --limit-s 150 "${load[@]}"
  done
}
plain=(--path /sub --publish /pub --body '{T}{P}' --type text/plain)
"$work/floor" 9100 & fpid=$!
npid=
if command -v nginx >/dev/null && dpkg -s libnginx-mod-nchan >/dev/null 2>&1; then
  sed "s#WORK#$work#g" "$here/nginx-nchan.conf" > "$work/nginx.conf"; nginx -c "$work/nginx.conf" 2>/dev/null
else echo "nchan is not installed: apt-get install nginx libnginx-mod-nchan" >&2; fi
sleep 1
[ ! -f "$work/nginx.pid" ] || { npid=$(cat "$work/nginx.pid"); npid="$npid,$(pgrep -P "$npid" | tr '\n' ,)"; }
for _ in $(seq "$rounds"); do
  measure floor --port 9100 "${plain[@]}" --pid "$fpid"
  [ -z "$npid" ] || measure nchan --port 9001 "${plain[@]}" --pid "$npid"
  [ -z "$port" ] || measure gateway --port "$port" --path "$path" --publish "$publish" --body "$body" --pid "$pid" --header "$header" --pub-header "$pubheader"
done > "$work/rows.jsonl"
python3 - "$work/rows.jsonl" <<'PY'
import json, sys
from statistics import median
rows = [json.loads(l) for l in open(sys.argv[1])]
runs = {}
for r in rows: runs.setdefault(tuple(r["name"].split("|")), []).append(r)
of = lambda rs, key: median(r[key] for r in rs)
def against(rs, other):  # round by round
    ratio = lambda key: median(a[key] / max(1e-9, b[key]) for a, b in zip(rs, other))
    return f'cpu x{ratio("cpu_us_per_delivery"):.2f} rate x{ratio("deliveries_per_s"):.1f} p50 x{ratio("p50_us"):.2f} p99 x{ratio("p99_us"):.2f}'
print(f'{"":15} {"lost":>4} {"cpu us/delivery":>22} {"deliveries/s":>12} {"p50 ms":>7} {"p99 ms":>7} {"KiB/stream":>10} {"MiB whole":>9}')
for (name, kind), rs in runs.items():
    cpu = [r["cpu_us_per_delivery"] for r in rs]
    spread = f'{median(cpu):.2f} ({min(cpu):.2f}-{max(cpu):.2f})'
    notes = [f'{server}: {against(rs, runs[server, kind])}' for server in ("floor", "nchan") if server != name and (server, kind) in runs]
    print(f'{name + "|" + kind:15} {sum(r["lost"] for r in rs):>4} {spread:>22} {of(rs, "deliveries_per_s"):>12.0f} {of(rs, "p50_us")/1000:>7.1f} {of(rs, "p99_us")/1000:>7.1f} {of(rs, "kib_per_stream"):>10.1f} {of(rs, "pss_kib_connected")/1024:>9.0f}   {" | ".join(notes)}')
sys.exit(1 if any(r["lost"] or r["refused"] for r in rows) else 0)
PY
