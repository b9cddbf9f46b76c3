#!/bin/sh
# Supervises one process so that its output and its exit code outlive Slipway's agent.
#
#   setsid sh supervise.sh CONTROL_FOLDER <launch
#
# The agent is not needed after the start. Everything that it must know later is in files of the
# control folder (ControlFolder.java describes them). The launch comes on stdin, never on disk or
# on a command line, because its environment holds secrets. It is a script that sets
#
#   lease     file that holds the boot id and the /proc/uptime at which the lease ends
#   grace     hundredths of a second before the end of the lease at which killing starts
#   drain     seconds during which output is still recorded after the command has ended
#   budget    bytes of output that may wait for acknowledgement before the command is held up
#   reads     reads of 32 KiB per segment of output
#   step      the tracking id of the command's processes
#   cgroup    the folder of the control group that the agent puts the command into, or empty
#   launch    a function that becomes the command
#   complete  1: the launch was not cut off
#
# Written for dash; anything POSIX with GNU or BusyBox tools will do. Builtins do most of the work:
# until the command runs this costs three forks and no other program than setsid.
set -fu

cd "$1" || exit 72

# One start, ever. A restarted agent that finds no claim takes it, and this start has come too late.
# Creating a file that must not exist (O_EXCL) is as atomic as mkdir and, unlike it, a builtin.
set -C
{ true >claim; } 2>/dev/null || exit 0
set +C
# Whoever deletes the folder deletes the intent before the claim, so this claim was the first one
# only if there still is an intent.
[ -e intent ] || exit 0

read -r boot </proc/sys/kernel/random/boot_id

# Writes boot id, process id and start ticks of the shell that calls it to the file $1.
identify() {
    read -r stat </proc/self/stat
    set -- "$1" "${stat%% *}" ${stat##*) }
    printf '%s %s %s\n' "$boot" "$2" "${22}" >"$1"
}

# Records the end. A full disk is waited for; a deleted control folder is given up.
record() {
    until printf 'slipway-exit 1 %s\n' "$*" >exit.new && sync exit.new && mv exit.new exit; do
        if [ ! -e claim ]; then
            kill -s TERM "$watchdog" 2>/dev/null
            exit 74
        fi
        sleep 1
    done
    sync .
}

# Whatever ends this shell before the command was started is said to the agent.
began='' watchdog=''
trap '[ -n "$began" ] || record not-started "The supervisor could not read its launch."' EXIT

# Sets left: hundredths of a second until killing must start. When the lease cannot be read, the
# end that was read last holds.
ends=0
read_lease() {
    lease_boot='' lease_end=''
    { read -r lease_boot lease_end _; } 2>/dev/null <"$lease" || :
    case "$lease_boot $lease_end" in
        "$boot "*[!0-9.]*) ;;
        "$boot "[1-9]*.[0-9][0-9]) ends=${lease_end%.*}${lease_end#*.} ;;
    esac
    read -r up _ </proc/uptime
    left=$((ends - grace - ${up%.*}${up#*.}))
}

# Sleeps for $1 hundredths of a second; a signal ends it early.
nap() {
    sleep "$(($1 / 100)).$(($1 / 10 % 10))$(($1 % 10))" &
    napping=$!
    # A signal that came before the sleep had a name.
    [ -z "$woken" ] || kill "$napping" 2>/dev/null
    wait "$napping"
    napping='' woken=''
}

# Sets pids to the command's processes that are alive; fails when there are none.
find_tree() {
    pids=
    set +f
    for found in $(LC_ALL=C grep -lszxF -e "SLIPWAY_STEP=$step" /proc/[0-9]*/environ 2>/dev/null)
    do
        found=${found#/proc/}
        pids="$pids ${found%/environ}"
    done
    set -f
    if [ -n "$cgroup" ] && [ -r "$cgroup/cgroup.procs" ]; then
        while read -r found; do
            pids="$pids $found"
        done <"$cgroup/cgroup.procs"
    fi
    [ -n "$pids" ]
}

# Not before the end is recorded: until the command has begun there is nothing to find.
kill_tree() {
    patience=$((grace / 2 < 250 ? grace / 2 : 250))
    signal=TERM
    while find_tree || { [ ! -e exit ] && [ -e claim ] && kill -0 "$$"; }; do
        [ -e exit ] || ! read -r _ main _ <main || kill -s "$signal" -- "-$main"
        [ -z "$pids" ] || kill -s "$signal" $pids
        nap "$patience"
        signal=KILL
        patience=10
    done 2>/dev/null
}

# The watchdog. It sleeps at most 15 s at a time, because a suspended machine does not count its
# sleep. It stays after the command's end as long as background children are left.
watch_lease() {
    identify watchdog
    napping='' woken=''
    trap 'woken=1; [ -z "$napping" ] || kill "$napping" 2>/dev/null' TERM
    while read_lease && [ "$left" -gt 0 ]; do
        if [ -e exit ] || [ ! -e claim ] || ! kill -0 "$$" 2>/dev/null; then
            find_tree || exit 0
        fi
        nap "$((left < 1500 ? left : 1500))"
    done
    [ -e exit ] || : >lease-lost
    kill_tree
    exit 0
}

# The pump: copies the pipe (descriptor 3) to segments that are named after the offset at which
# they start. dd writes each read at once, so nothing waits in a buffer. Over the budget it stops
# reading until the agent has deleted segments; the pipe fills and holds the command up.
pump() {
    ended='' late='' poked='' copy='' lost='' eof='' offset=0
    trap 'ended=1 poked=1' USR1
    trap 'late=1 poked=1; [ -z "$copy" ] || kill "$copy" 2>/dev/null' TERM
    identify pump
    set --
    while [ -z "$late$lost$eof" ]; do
        while [ "$#" -gt 0 ] && [ ! -e "out.$1" ]; do shift; done
        if [ -z "$ended" ] && [ "$((offset - ${1:-$offset}))" -ge "$budget" ]; then
            hold "$1"
            continue
        fi
        LC_ALL=C dd bs=32768 count="$reads" <&3 2>counts >"out.$offset" &
        copy=$!
        [ -z "$late" ] || kill "$copy" 2>/dev/null
        set -- "$@" "$offset"
        wait "$copy"
        status=$?
        # A signal interrupts the wait, so it is done again; 127 says that it had been complete.
        while [ -n "$poked" ]; do
            poked=
            wait "$copy"
            again=$?
            [ "$again" -eq 127 ] || status=$again
        done
        copy=
        if [ "$status" -eq 0 ]; then
            bytes='' in=0+0
            while read -r count what where _; do
                case $what-$where in
                    records-in) in=$count ;;
                    byte-* | bytes-*) bytes=$count ;;
                esac
            done <counts
            # Not every BusyBox says how many bytes they were.
            [ -n "$bytes" ] || bytes=$(wc -c <"out.$offset") || bytes=0
            [ "$((${in%+*} + ${in#*+}))" -ge "$reads" ] || eof=1
        else
            bytes=$(wc -c <"out.$offset") || bytes=0
            [ -n "$late" ] || { read -r lost <counts || :; lost=${lost:-dd ended with $status}; }
        fi
        offset=$((offset + bytes))
    done
    end="$offset end"
    [ -z "$late" ] || end="$offset closed"
    [ -z "$lost" ] || end="$offset lost $lost"
    # Who still writes must not be hurt by a closed pipe (a server that a step left running), nor
    # wait for a disk that it may be about to free.
    [ -n "$eof" ] || cat <&3 >/dev/null 2>&1 &
    until printf '%s\n' "$end" >output-end; do
        [ -e claim ] || break
        sleep 1
    done
    exit 0
}

# Waits until the segment out.$1 is gone, or the command has ended. The agent writes to the FIFO
# after each deletion. It deletes only what has a successor, so there must be one.
hold() {
    : >"out.$offset"
    [ -p resume ] || mkfifo -m 666 resume
    exec 5<>resume
    while [ -e "out.$1" ] && [ -z "$ended$late" ]; do
        read -r _ <&5 || :
    done
    exec 5>&-
    rm -f resume
}

identify supervisor
complete=
# In a container it comes through a FIFO, which would not open again once its writer has gone.
if [ -p launch ]; then
    eval "$(cat)"
else
    . /dev/stdin
fi
exec </dev/null
[ -n "$complete" ] || exit 65

read_lease
if [ "$left" -le 0 ]; then
    began=1
    record not-started 'The lease was missing or over when the command was to start.'
    exit 0
fi

# Background children start with the signals ignored that are meant to reach them later; they set
# their traps themselves.
trap '' TERM USR1
watch_lease &
watchdog=$!

# A pipe without a fork: a here-document is one. Some shells use a file for it; then a FIFO.
exec 3<<PIPE
PIPE
if [ -p /proc/self/fd/3 ]; then
    exec 4>/proc/self/fd/3
else
    mkfifo pipe
    exec 4<>pipe
    exec 3<pipe
    exec 4>pipe
fi
{
    # Not "pump 4>&-": around a function the shell would keep a copy of what it closes.
    exec 4>&-
    pump
} &
pump=$!
exec 3<&-
trap - USR1
trap : HUP INT TERM

# The command runs in the foreground, because a shell lets background commands ignore SIGINT; in a
# session of its own, so that "kill 0" in a script does not reach this one; and first in line when
# memory runs out.
began=1
(
    identify main
    { echo 500 >/proc/self/oom_score_adj; } 2>/dev/null
    launch
) >&4 2>&1 4>&-
code=$?
exec 4>&-
result="exited $code"
[ ! -e lease-lost ] || result=lease-lost

kill -s USR1 "$pump" 2>/dev/null
(
    napping=
    trap '[ -z "$napping" ] || kill "$napping" 2>/dev/null; exit 0' TERM
    sleep "$drain" &
    napping=$!
    wait "$napping"
    kill -s TERM "$pump" 2>/dev/null
) &
timer=$!
while kill -0 "$pump" 2>/dev/null; do
    wait "$pump"
done
kill -s TERM "$timer" 2>/dev/null
[ -s output-end ] || printf '? lost The process that records the output was killed.\n' >output-end

record "$result"
kill -s TERM "$watchdog" 2>/dev/null
