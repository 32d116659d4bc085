#!/bin/bash
# Broken pictures are dropped and counted; a camera that hangs, fails or is unplugged says so.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

set_control() { v4l2-ctl -d /dev/video0 -c "$1" >/dev/null 2>&1; }
# read_while NAME ACTION...: reads from the camera while something is done to it.
read_while() {
    local name=$1; shift
    start "$name" timeout 60 "$VM_PROBE" read /dev/video0 --frames 100
    wait_for "$name" '^size='
    sleep 1
    "$@"
    wait "$started"
}

three_errors() { for _ in 1 2 3; do set_control inject_v4l2_buf_flag_error=1; sleep 0.4; done; }
read_while flagged three_errors || fail "stopped at a broken picture"
# On a busy machine one may hit a picture that was not captured at all.
expect flagged dropped -ge 2
expect flagged dropped -le 3
expect flagged decoded -eq 100
expect flagged gaps -ge 2
expect flagged backwards -eq 0

three_refusals() { for _ in 1 2 3; do set_control inject_vidioc_qbuf_error=1; sleep 0.2; done; }
read_while refused three_refusals || fail "stopped when a buffer was refused"
expect refused decoded -eq 100

read_while fatal set_control inject_fatal_streaming_error=1 && fail "went on after a fatal error"
says fatal 'error: cannot read from vivid (/dev/video0): its driver reports an error'

read_while hung set_control percentage_of_dropped_buffers=100 && fail "went on without pictures"
says hung 'error: vivid (/dev/video0), .* gives no pictures (waited 1 s)'
set_control percentage_of_dropped_buffers=0

read_while unplugged vivid-plug out && fail "went on without a camera"
says unplugged 'error: cannot read from vivid (/dev/video0): the camera is gone'
refused absent 'no camera found; there is Virtual Camera (/dev/video10)' read -
vivid-plug in
probe again read - --frames 3 || fail "cannot read after plugging in"
