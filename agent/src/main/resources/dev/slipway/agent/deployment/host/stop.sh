#!/bin/sh
# Stops what Slipway has deployed in this folder, if it runs. The next deployment starts it again.
set -fu
here=$(cd "$(dirname "$0")" && pwd -P) || exit 1

# Sets pids to the processes that were started with this folder in their environment, and to those
# of the sessions that such processes lead.
find_service() {
    pids='' leaders=' '
    set +f
    for found in $(LC_ALL=C grep -lszxF -e "SLIPWAY_SERVICE=$here" /proc/[0-9]*/environ 2>/dev/null)
    do
        found=${found#/proc/}
        found=${found%/environ}
        [ "$found" = "$$" ] || leaders="$leaders$found "
    done
    for stat in /proc/[0-9]*/stat; do
        [ "$leaders" != ' ' ] && { read -r line <"$stat"; } 2>/dev/null || continue
        pid=${line%% *}
        set -- ${line##*) }
        case "$1" in Z | X) continue ;; esac
        case "$leaders" in
            *" $pid "*) pids="$pids $pid" ;;
            *" $4 "*) [ "$pid" = "$$" ] || pids="$pids $pid" ;;
        esac
    done
    set -f
    [ -n "$pids" ]
}

patience=10
own=$(readlink "$here/current") && own="$here/starts/${own##*/}"
if [ -n "$own" ] && [ -r "$own/patience" ]; then
    patience=$(cat "$own/patience")
fi
if [ -n "$own" ] && [ -s "$own/stop" ]; then
    (cd "$here/current" && . "$own/env" && sh -e "$own/stop" </dev/null) ||
        echo "the stop command ended with exit code $?" >&2
fi
signal=TERM
tenths=$((patience * 10))
# A process has no environment for a moment when it becomes another program: who is not found is
# looked for again.
while find_service || { sleep 0.1; find_service; }; do
    if [ "$signal" = TERM ]; then
        kill -s TERM $pids 2>/dev/null
        signal=waiting
    elif [ "$tenths" -le 0 ]; then
        kill -s KILL $pids 2>/dev/null
    fi
    sleep 0.1
    tenths=$((tenths - 1))
    if [ "$tenths" -le -100 ]; then
        echo "these processes do not end:$pids" >&2
        exit 1
    fi
done
