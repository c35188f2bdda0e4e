#!/usr/bin/env bash
# Compares the gateway as a reverse proxy with nginx: both pass the same small GETs to the same origin, another nginx, in
# alternating rounds. Then compares the full route, through nginx and the gateway, with nginx alone. Prints throughput,
# latency and CPU per request of each, and the ratios of medians; only ratios of one run are reliable.
#
#   src/compare/proxy.sh --gateway target/tidegate --rounds 3 --seconds 8 --connections 32,64
#
# Each proxy has one process with one event loop on a core of its own; origin and load generator share another core. Set
# JAVA_OPTS=-XX:TieredStopAtLevel=4 to use both compilers, as a busy proxy may need. Needs wrk, nginx and python3.
set -euo pipefail
gateway=target/tidegate rounds=3 seconds=8 connections=32,64 warm=10 size=200 whole=yes
while [ $# -gt 0 ]; do case $1 in
  --gateway) gateway=$2;; --rounds) rounds=$2;; --seconds) seconds=$2;; --connections) connections=$2;; --warm) warm=$2;;
  --size) size=$2;; --whole) whole=$2;; *) echo "unknown option $1" >&2; exit 2;; esac; shift 2; done
work=$(mktemp -d); chmod 755 "$work"; mine=0; others=$(($(nproc) > 1 ? 1 : 0))
trap 'for p in "$work"/*.pid; do kill "$(cat "$p")" 2>/dev/null || true; done; wait; rm -rf "$work"' EXIT
head -c "$size" /dev/zero | tr '\0' x > "$work/small"
base() { # name, core: the configuration that the three nginx have in common
  printf 'worker_processes 1; worker_cpu_affinity %s; pid %s/%s.pid; error_log %s/error.log;\n' "$2" "$work" "$1" "$work"
  printf 'events { worker_connections 4096; }\nhttp { access_log off; keepalive_requests 1000000000; default_type text/plain;\n'
  printf 'client_body_temp_path %s/c; proxy_temp_path %s/p; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u; scgi_temp_path %s/s;\n' "$work" "$work" "$work" "$work" "$work"
}
mask() { [ "$1" = 0 ] && echo 01 || echo 10; }
passing() { # port, port of the origin
  cat <<EOF
upstream behind$1 { server 127.0.0.1:$2; keepalive 128; keepalive_requests 1000000000; }
server { listen 127.0.0.1:$1 reuseport backlog=4096; location / { proxy_pass http://behind$1; proxy_http_version 1.1; proxy_set_header Connection "";
  proxy_set_header Host \$http_host; proxy_set_header X-Forwarded-For \$remote_addr; proxy_set_header X-Forwarded-Proto \$scheme; } }
EOF
}
{ base origin "$(mask "$others")"; echo "server { listen 127.0.0.1:9501 backlog=4096; root $work; open_file_cache max=8; } }"; } > "$work/origin.conf"
{ base proxy "$(mask "$mine")"; passing 9502 9501; echo '}'; } > "$work/proxy.conf"
# The full route: the nginx in front shares a core with the load generator, on the browser's side of the gateway.
{ base front "$(mask "$others")"; passing 9504 9503; passing 9505 9501; echo '}'; } > "$work/front.conf"
for one in origin proxy front; do nginx -c "$work/$one.conf" -e "$work/error.log"; done
cat > "$work/gateway.yaml" <<EOF
data: $work/data
http: {port: 9503, event-loops: 1, trusted-proxies: [127.0.0.0/8]}
management: {port: 9506}
origins: [{prefix: /, url: "http://127.0.0.1:9501"}]
limits: {requests: {exempt: [/]}}
EOF
taskset -c "$mine" $gateway run --config "$work/gateway.yaml" > "$work/gateway.log" 2>&1 & echo $! > "$work/gateway.pid"
for _ in $(seq 300); do curl -sf -o /dev/null http://127.0.0.1:9503/small && break; sleep .1; done
curl -sf http://127.0.0.1:9503/small | cmp - "$work/small" || { cat "$work/gateway.log" >&2; exit 1; }
worker() { pgrep -P "$(cat "$work/$1.pid")"; }
ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
load() { # name, port, connections, pid
  local before after; before=$(ticks "$4")
  taskset -c "$others" wrk -t1 -c"$3" -d"${seconds}s" --latency "http://127.0.0.1:$2/small" > "$work/wrk"
  after=$(ticks "$4"); echo "== $1 $3 $((after - before))"; cat "$work/wrk"
}
taskset -c "$others" wrk -t1 -c64 -d"${warm}s" http://127.0.0.1:9503/small > /dev/null
for _ in $(seq "$rounds"); do for c in ${connections//,/ }; do
  load nginx 9502 "$c" "$(worker proxy)"; load gateway 9503 "$c" "$(cat "$work/gateway.pid")"
  if [ "$whole" = yes ]; then
    load nginx+nginx 9505 "$c" "$(worker front)"; load nginx+gateway 9504 "$c" "$(cat "$work/gateway.pid")"
  fi
done; done > "$work/rows"
python3 - "$work/rows" "$(getconf CLK_TCK)" <<'PY'
import re, sys, statistics as st
unit = {"us": .001, "ms": 1, "s": 1000}
rows, failed = {}, 0
for part in open(sys.argv[1]).read().split("== ")[1:]:
    name, connections, ticks = part.split("\n", 1)[0].split()
    latency = lambda p: next(float(v) * unit[u] for v, u in re.findall(rf"{p}%\s+([\d.]+)(us|ms|s)\b", part))
    requests = int(re.search(r"(\d+) requests in", part)[1])
    failed += "Socket errors" in part or "Non-2xx" in part
    rows.setdefault((int(connections), name), []).append((float(re.search(r"Requests/sec:\s+([\d.]+)", part)[1]),
        latency(50), latency(99), int(ticks) / int(sys.argv[2]) * 1e6 / requests))
median = {k: [st.median(c) for c in zip(*v)] for k, v in rows.items()}
print(f'{"conn.":>5} {"":14} {"requests/s":>11} {"p50 ms":>8} {"p99 ms":>8} {"CPU us/request":>15}   rounds, requests/s')
for (c, name), (rate, p50, p99, cpu) in sorted(median.items(), key=lambda r: (r[0][0], len(r[0][1]) > 7, r[0][1] != "nginx", r[0][1])):
    b = median.get((c, {"gateway": "nginx", "nginx+gateway": "nginx+nginx"}.get(name)))
    against = f'   1/{b[0]/rate:.2f} of the throughput, p50 x{p50/b[1]:.2f}, p99 x{p99/b[2]:.2f}' if b else ""
    print(f'{c:>5} {name:14} {rate:>11.0f} {p50:>8.2f} {p99:>8.2f} {cpu:>15.1f}   {" ".join(f"{r[0]:.0f}" for r in rows[(c, name)])}{against}')
if failed: print(f"{failed} rounds had errors"); sys.exit(1)
PY
