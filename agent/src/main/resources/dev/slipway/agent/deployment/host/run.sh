#!/bin/sh
# Runs one release of a deployment folder, in a session of its own and outside of any job.
#
#   setsid sh run.sh TOKEN
#
# Written by Slipway into FOLDER/starts/NUMBER/, beside `start`, `env` and `log`.
here=$(cd "$(dirname "$0")" && pwd -P) || exit 1
# A start that comes too late, after its agent was killed and another start was made, does nothing.
[ "$(cat "$here/../token")" = "$1" ] || exit 0
cd "$here/../../releases/${here##*/}" || exit 1
. "$here/env"
# This shell stays to record the end; the service gets the signals as well.
trap : HUP INT TERM
sh -e "$here/start" </dev/null >>"$here/log" 2>&1 &
service=$!
wait "$service"
code=$?
while kill -0 "$service" 2>/dev/null; do
    wait "$service"
    code=$?
done
echo "$code" >"$here/exit.new" && mv "$here/exit.new" "$here/exit"
