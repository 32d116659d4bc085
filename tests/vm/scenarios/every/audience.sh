#!/bin/bash
# The virtual camera knows whether somebody watches it: fifty viewers coming and going are all
# noticed in time, and who only asks for its name is no viewer.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

write_and_watch() {
    start "$1" timeout 200 "$VM_PROBE" write /dev/video10 --width 320 --height 240 --fps 10 \
        --frames 4000 --watch
}
times() { grep -c "^$2=" "$tmp/$1.out"; }
# soon NAME KEY COUNT: that often within a few seconds.
soon() {
    local i
    for ((i = 0; i < 60; i++)); do
        [ "$(times "$1" "$2")" -ge "$3" ] && return
        sleep 0.1
    done
    fail "$1: $2 $(times "$1" "$2") times, not $3"
}

write_and_watch writer
writer=$started
soon writer unwatched 1
[ "$(times writer watched)" = 0 ] || fail "watched by nobody"

# Questions; not by v4l2-ctl, which needs more than a second for one in the emulated machine.
probe asked ask /dev/video10 --times 50 --slow 0.03 || fail "cannot ask"
sleep 1.2
[ "$(times writer watched)" = 0 ] || fail "a question was taken for a viewer"

# Viewers. Each one must be noticed, and noticed in time.
start visitor timeout 150 "$VM_PROBE" visit /dev/video10 --times 50 --stay 0.35 --slow 0.3
wait "$started" || fail "a viewer saw an error"
expect visitor visits -eq 50
soon writer unwatched 51
[ "$(times writer watched)" = 50 ] || fail "noticed $(times writer watched) viewers of 50"
late() { paste <(sed -n "s/^$1=//p" "$tmp/visitor.out") <(sed -n "s/^$2=//p" "$tmp/writer.out" | tail -n 50) |
    awk '{d = $2 - $1; if (d > worst) worst = d; sum += d} END {printf "%d %d\n", worst, sum / NR}'; }
read -r worst mean < <(late came watched)
[ "$worst" -le 900 ] || fail "a viewer was noticed only after $worst ms"
read -r gone gone_mean < <(late left unwatched)
[ "$gone" -le 900 ] || fail "that nobody watches was noticed only after $gone ms"

# While nothing happens, the thread that waits does not run.
ticks() {
    local task
    for task in /proc/"$1"/task/*; do
        [ "$(cat "$task/comm")" = audience ] && awk '{print $14 + $15}' "$task/stat"
    done
}
writer_process=$(pgrep -P "$writer" || echo "$writer")
before=$(ticks "$writer_process")
sleep 3
used=$(($(ticks "$writer_process") - before))
[ "$used" -le 1 ] || fail "$used hundredths of a second of CPU for waiting"

# Who reads without a stream is noticed, too, if not at once; also who is killed.
seen=$(times writer watched)
v4l2-ctl -d /dev/video10 --stream-count=10000 --stream-mmap --stream-to=/dev/null >/dev/null 2>&1 &
killed=$!; children+=("$killed")
soon writer watched $((seen + 1))
kill -9 "$killed"; wait "$killed" 2>/dev/null
soon writer unwatched $((seen + 2))
start dd dd if=/dev/video10 of=/dev/null bs=153600 count=100000
soon writer watched $((seen + 2))
kill "$started"; wait "$started" 2>/dev/null
soon writer unwatched $((seen + 3))

# A viewer stays while the writer comes back: it is there first.
start viewer timeout 60 v4l2-ctl -d /dev/video10 --stream-mmap --stream-count=100000
viewer=$started
soon writer watched $((seen + 3))
kill "$writer"; wait "$writer" 2>/dev/null
write_and_watch again
soon again watched 1
kill "$viewer"; wait "$viewer" 2>/dev/null
soon again unwatched 1
kill "$started"
echo "viewers noticed after $mean ms (mean), $worst ms (most); their leaving after $gone_mean ms, $gone ms; $used ticks of CPU in 3 idle s"
