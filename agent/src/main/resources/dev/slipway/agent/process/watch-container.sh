# Kills a container when the lease of its job ends, also when Slipway's agent is dead.
#
#   sh -c THIS watch CONTROL_FOLDER LEASE_FILE GRACE CONTAINER SOCKET
#
# GRACE is in hundredths of a second; SOCKET is the engine's, or empty when only the docker program
# can reach it. Ends when the folder has an exit or is gone.
set -fu
cd "$1" || exit 72
lease=$2 grace=$3 container=$4 socket=$5

read -r boot </proc/sys/kernel/random/boot_id
read -r stat </proc/self/stat
set -- "${stat%% *}" ${stat##*) }
printf '%s %s %s\n' "$boot" "$1" "${21}" >watchdog

# As in supervise.sh: when the lease cannot be read, the end that was read last holds.
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

kill_container() {
    if [ -n "$socket" ] && command -v curl >/dev/null; then
        curl -s --max-time 20 --unix-socket "$socket" -X POST "http://docker/containers/$container/kill" >/dev/null
    elif command -v docker >/dev/null; then
        docker kill "$container" >/dev/null
    else
        perl -MIO::Socket::UNIX -e '
            my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 1;
            print $s "POST /containers/$ARGV[1]/kill HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
            my $answer = <$s>; exit($answer =~ / (204|404|409) / ? 0 : 1)' "$socket" "$container"
    fi
}

while read_lease && [ "$left" -gt 0 ]; do
    [ -e intent ] && [ ! -e exit ] || exit 0
    nap=$((left < 1500 ? left : 1500))
    sleep "$((nap / 100)).$((nap / 10 % 10))$((nap % 10))"
done
[ -e intent ] && [ ! -e exit ] || exit 0
: >lease-lost
tries=0
until kill_container || [ "$tries" -ge 60 ]; do
    tries=$((tries + 1))
    sleep 1
done
