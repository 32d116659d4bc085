#!/bin/bash
# `scrim latency`: codes through a virtual camera, and through a running Scrim between two of them.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "${VM_SCRIM:-}" ] || skip "scrim is not built"

# measured NAME: says how many codes came back, and how late; none can be read before it is shown.
measured() {
    says "$1" '^median [0-9.]* ms, p95 [0-9.]* ms'
    local codes least
    codes=$(sed -n 's/^\([0-9]*\) pictures with a code.*/\1/p' "$tmp/$1.out")
    least=$(sed -n 's/.*least \([0-9]*\).*/\1/p' "$tmp/$1.out")
    [ "$codes" -ge 20 ] || fail "$1: only $codes codes came back"
    [ "$least" -lt 2000 ] || fail "$1: the least delay is $least ms"
    echo "$1: $(grep '^median' "$tmp/$1.out")"
}

timeout 60 "$VM_SCRIM" latency --through /dev/video10 --seconds 6 >"$tmp/alone.out" 2>&1 ||
    fail "latency through the loopback alone failed"
measured alone

cat >"$tmp/config.yaml" <<'YAML'
real_video_device: /dev/video10
virtual_video_device: /dev/video11
layers:
  - input: []
YAML
start chain timeout 60 "$VM_SCRIM" latency --through /dev/video10 --source /dev/video11 --seconds 8
chain=$started
shown
start scrim "$VM_SCRIM" run --config "$tmp/config.yaml"
wait "$chain" || fail "latency through scrim failed"
measured chain

# What nobody can see is said.
timeout 60 "$VM_SCRIM" latency --source /dev/video0 --through /dev/video10 --seconds 1 >"$tmp/other.out" 2>&1 &&
    fail "a camera that sees no code should be an error"
says other 'none with a code from /dev/video10'
