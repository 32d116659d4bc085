#!/bin/bash
# What the scenarios share; they run in the guest as root, with
#   VM_PROBE     the test program          VM_SCRIM      the scrim binary, if it is built
#   VM_TOOLS     the folder of vm_viewer and vm_faulty
#   VM_MODELS    the folder of the installed networks
#   VM_LOOPBACK  the version of v4l2loopback
# A scenario passes with status 0, is skipped with 77 and fails with anything else.
set -u
tmp=$(mktemp -d)
children=()
# Only what a scenario has started itself is ended.
end_children() {
    local child
    for child in ${children[@]+"${children[@]}"}; do kill "$child" 2>/dev/null; done
    rm -rf "$tmp"
}
trap end_children EXIT

fail() {
    echo "$*"
    for f in "$tmp"/*.out; do [ -s "$f" ] && sed "s|^|    ${f##*/}: |" "$f" | tail -n 25; done
    exit 1
}
skip() { echo "$*"; exit 77; }

# probe NAME ARG...: runs the probe, both outputs to NAME.out; status as the probe's.
probe() { local out=$tmp/$1.out; shift; timeout 60 "$VM_PROBE" "$@" >"$out" 2>&1; }
# start NAME COMMAND...: in the background; its process number in $started.
start() {
    local out=$tmp/$1.out; shift
    "$@" >"$out" 2>&1 &
    started=$!; children+=("$started")
}
# wait_for NAME TEXT: until the output contains the text.
wait_for() {
    local i
    for ((i = 0; i < 150; i++)); do
        grep -q -- "$2" "$tmp/$1.out" 2>/dev/null && return
        sleep 0.1
    done
    fail "$1 never said \"$2\""
}
# value NAME KEY
value() { sed -n "s/^$2=//p" "$tmp/$1.out" | head -n 1; }
# expect NAME KEY OPERATOR NUMBER: as in [ ... ].
expect() {
    local v; v=$(value "$1" "$2")
    test -n "$v" || fail "$1 has no $2"
    test "$v" "$3" "$4" || fail "$1: $2 is $v, not $3 $4"
}
# says NAME PATTERN: the output has a line that matches the basic regular expression.
says() { grep -q -- "$2" "$tmp/$1.out" || fail "$1 does not say \"$2\""; }
# refused NAME PATTERN ARG...: the probe must fail with exactly one line of error, which matches.
refused() {
    local name=$1 pattern=$2; shift 2
    probe "$name" "$@" && fail "$name: \"$*\" should have failed"
    says "$name" "scrim: error: .*$pattern"
    [ "$(grep -c 'error:' "$tmp/$name.out")" = 1 ] || fail "$name: more than one error"
}
# viewer NAME SECONDS [OPTION]: an application that looks at the virtual camera, in the background.
viewer() { local name=$1; shift; start "$name" "$VM_TOOLS/vm_viewer" /dev/video10 "$@"; }
# shown: until the virtual camera shows itself as a camera, which it does once pictures flow. Who
# writes to it was started last.
shown() {
    local i
    for ((i = 0; i < 200; i++)); do
        v4l2-ctl -d /dev/video10 --info 2>/dev/null | grep -q 'Video Capture' && return
        kill -0 "$started" 2>/dev/null || fail "who writes to the virtual camera has ended"
        sleep 0.2
    done
    fail "the virtual camera never showed itself"
}
# changes NAME: what a viewer saw so far, one word a change: "cover live cover".
changes() { sed -n 's/^at=[0-9.]* //p' "$tmp/$1.out" | tr '\n' ' '; }
# seen NAME WHAT: how often the viewer saw a change to that.
seen() { grep -c "^at=[0-9.]* $2$" "$tmp/$1.out"; }
# sees NAME WHAT [COUNT]: until the viewer sees that, or has seen a change to it so often; the
# seconds that it took are in $took.
sees() {
    local i began=${EPOCHREALTIME/./} last
    for ((i = 0; i < 300; i++)); do
        last=$(sed -n 's/^at=[0-9.]* //p' "$tmp/$1.out" | tail -n 1)
        if [ -n "${3:-}" ]; then [ "$(seen "$1" "$2")" -ge "$3" ]; else [ "$last" = "$2" ]; fi && {
            took=$(awk -v us=$((${EPOCHREALTIME/./} - began)) 'BEGIN { printf "%.1f", us / 1e6 }')
            return
        }
        sleep 0.05
    done
    fail "the viewer $1 never saw $2, only: $(changes "$1")"
}
# run_scrim DEVICE WIDTH HEIGHT: from that camera to the virtual one, all of its picture; the process
# is $scrim.
run_scrim() {
    cat >"$tmp/config.yaml" <<YAML
real_video_device: $1
virtual_video_device: /dev/video10
width: $2
height: $3
layers: [input: []]
YAML
    start scrim "$VM_SCRIM" run --config "$tmp/config.yaml"
    scrim=$started
    shown
}
# end_scrim: it must be there still, and end well.
end_scrim() {
    kill -0 "$scrim" 2>/dev/null || fail "scrim has ended"
    kill -TERM "$scrim"
    wait "$scrim" || fail "scrim ended with status $?"
}
