#!/usr/bin/env bash
# Sees to what the tests need besides Go: a C compiler (race detector), PostgreSQL, PgBouncer, Valkey or Redis, nginx, strace, Chromium, and Node with the
# modules of the browser test. It is silent and quick when all is there. As root on Debian it installs what is missing; elsewhere it says what is.
set -euo pipefail
cd "$(dirname "$0")/../.."

browser=internal/judge/browser
missing=()
need() { # need PACKAGE COMMAND...: any one of the commands will do
	local package=$1 command
	shift
	for command in "$@"; do
		if command -v "$command" >/dev/null; then return; fi
	done
	missing+=("$package")
}

need gcc "${CC:-gcc}" clang
need git git
need curl curl
need jq jq
need postgresql postgres /usr/lib/postgresql/*/bin/postgres
need pgbouncer pgbouncer /usr/sbin/pgbouncer
need redis-server valkey-server redis-server
need nginx-light nginx /usr/sbin/nginx
need strace strace
if [ -f "$browser/package.json" ]; then
	need chromium chromium chromium-browser google-chrome
	need nodejs node
	need npm npm
fi

if [ ${#missing[@]} -gt 0 ]; then
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		echo "setup: please install: ${missing[*]}" >&2
		exit 1
	fi
	echo "setup: installing ${missing[*]}"
	apt-get update -q
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" libc6-dev
fi

if [ -f "$browser/package.json" ] && ! [ "$browser/node_modules/.package-lock.json" -nt "$browser/package-lock.json" ]; then
	echo "setup: installing the node modules of $browser"
	(cd "$browser" && npm ci --no-audit --no-fund && touch node_modules/.package-lock.json)
fi
