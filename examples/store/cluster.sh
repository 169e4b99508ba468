#!/usr/bin/env bash
# Runs two replicas of the store behind nginx, on a private PostgreSQL and a private Valkey or Redis: what `make run-cluster` starts. Everything
# lies in a temporary directory and listens on free ports of the loopback interface; PORT is that of nginx (8080). It ends all of it with itself.
set -euo pipefail
store=$(realpath "${1:?the program of the store}")
PATH=$PATH:/usr/sbin:$(printf '%s:' /usr/lib/postgresql/*/bin)

missing=()
for program in initdb nginx; do
	command -v "$program" >/dev/null || missing+=("$program")
done
valkey=$(command -v valkey-server || command -v redis-server || true)
[ -n "$valkey" ] || missing+=("valkey-server or redis-server")
if [ ${#missing[@]} -gt 0 ]; then
	echo "run-cluster: please install what has $(printf '%s, ' "${missing[@]}" | sed 's/, $//'); make setup does so as root on Debian" >&2
	exit 1
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/store.XXXXXX")
pids=()
finish() {
	trap - EXIT INT TERM
	for ((i = ${#pids[@]} - 1; i >= 0; i--)); do # what was started last, first: nginx, the replicas, what they need
		kill "${pids[i]}" 2>/dev/null && wait "${pids[i]}" 2>/dev/null || true
	done
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 0' INT TERM

# until_line FILE PATTERN: the first match of the extended pattern in a log, once it is there. It gives up when the last program has ended.
until_line() {
	for _ in {1..600}; do
		grep -oEm1 "$2" "$1" && return
		kill -0 "${pids[-1]}" 2>/dev/null || break
		sleep 0.1
	done
	echo "run-cluster: this did not start:" >&2
	cat "$1" >&2
	return 1
}

# PostgreSQL refuses to run as root.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
	as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
fi
chmod 755 "$dir"
mkdir "$dir/postgres"
[ "$(id -u)" != 0 ] || chown postgres: "$dir/postgres"
secret=$("$store" keygen)
(
	cd "$dir/postgres"
	as initdb -D data -U store --auth=trust --no-sync >initdb.log
)
as postgres -D "$dir/postgres/data" -c listen_addresses= -c unix_socket_directories="$dir/postgres" >"$dir/postgres.log" 2>&1 &
pids+=($!)
until_line "$dir/postgres.log" 'ready to accept connections' >/dev/null
as createdb -h "$dir/postgres" -U store store

# It forgets nothing to make room, since counts of limits are in it too. A port that another has is tried once, and then another.
for _ in {1..20}; do
	port=$((20000 + RANDOM % 10000))
	"$valkey" --port "$port" --bind 127.0.0.1 --save '' --dir "$dir" --maxmemory 64mb --maxmemory-policy noeviction >"$dir/valkey.log" 2>&1 &
	pids+=($!)
	until_line "$dir/valkey.log" 'Ready to accept connections' >/dev/null 2>&1 && break
	unset 'pids[-1]'
done
[ ${#pids[@]} = 2 ] || { cat "$dir/valkey.log" >&2; exit 1; }

export STORE_ROOT_KEY=$secret
export STORE_DB="postgres:///store?host=$dir/postgres&user=store" STORE_VALKEY="valkey://127.0.0.1:$port"
export STORE_ADMIN_PASSWORD=${STORE_ADMIN_PASSWORD:-$(head -c 15 /dev/urandom | base64)}
upstreams=
for replica in 1 2; do
	"$store" serve --addr=127.0.0.1:0 --trusted-proxies=127.0.0.1/32 --log=text >"$dir/$replica.log" 2>&1 &
	pids+=($!)
	address=$(until_line "$dir/$replica.log" '127\.0\.0\.1:[0-9]+')
	upstreams+="server $address; "
	echo "Replica $replica  http://$address  (log: $dir/$replica.log)"
done

cat >"$dir/nginx.conf" <<EOF
daemon off;
pid $dir/nginx.pid;
error_log stderr warn;
events {}
http {
	access_log off;
	client_body_temp_path $dir/body;
	proxy_temp_path $dir/proxy;
	fastcgi_temp_path $dir/fastcgi;
	uwsgi_temp_path $dir/uwsgi;
	scgi_temp_path $dir/scgi;
	upstream store { $upstreams keepalive 32; }
	server {
		listen 127.0.0.1:${PORT:-8080};
		client_max_body_size 0; # the service has its own bounds
		location / {
			proxy_pass http://store;
			proxy_http_version 1.1;
			proxy_request_buffering off;
			proxy_buffering off;
			proxy_set_header Connection "";
			proxy_set_header Host \$http_host;
			proxy_set_header X-Forwarded-For \$remote_addr;
			proxy_set_header X-Forwarded-Proto \$scheme;
		}
	}
}
EOF
nginx -c "$dir/nginx.conf" >"$dir/nginx.log" 2>&1 &
pids+=($!)
ready=
for _ in {1..100}; do
	curl -fs -o "$dir/ready" "127.0.0.1:${PORT:-8080}/readyz" && ready=yes && break
	kill -0 "${pids[-1]}" 2>/dev/null || { cat "$dir/nginx.log" >&2; exit 1; }
	sleep 0.1
done
[ "$ready" ] || { echo "run-cluster: the store is not ready behind nginx after 10 seconds; see $dir" >&2; exit 1; }
echo "Cluster    http://127.0.0.1:${PORT:-8080}  (nginx, PostgreSQL and $(basename "$valkey") in $dir)"
echo "Docs       http://127.0.0.1:${PORT:-8080}/docs"
echo "Admin      admin@example.com, password $STORE_ADMIN_PASSWORD"
wait -n "${pids[@]}" || true
echo "run-cluster: a part of the cluster has ended; see $dir" >&2
exit 1
