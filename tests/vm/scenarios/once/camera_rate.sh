#!/bin/bash
# In the dark the camera keeps its rate while Scrim reads it, and has its own setting back after.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

read -r camera device < <(usb-camera --dark)
[ -n "${device:-}" ] || fail "no USB webcam"
children+=("$camera")
setting() { v4l2-ctl -d "$device" -C exposure_dynamic_framerate 2>&1 | sed 's/.*: //'; }
size=(--mjpeg yes --width 640 --height 480 --fps 30)

[ "$(setting)" = 1 ] || fail "the camera has no exposure_dynamic_framerate: $(setting)"
start kept timeout 60 "$VM_PROBE" read "$device" "${size[@]}" --frames 40
wait_for kept '^size='
sleep 0.3
[ "$(setting)" = 0 ] || fail "the rate is not kept"
wait "$started" || fail "cannot read"
expect kept interval_ms -le 70
[ "$(setting)" = 1 ] || fail "the setting was not put back"

probe free read "$device" "${size[@]}" --frames 20 --any-rate || fail "cannot read at any rate"
expect free interval_ms -ge 85
[ "$(setting)" = 1 ] || fail "the setting was changed"

# Also after an error.
start hung timeout 60 "$VM_PROBE" read "$device" "${size[@]}" --frames 1000
wait_for hung '^size='
sleep 1
kill -USR1 "$camera"
wait "$started" && fail "went on without pictures"
kill -USR1 "$camera"
[ "$(setting)" = 1 ] || fail "the setting was not put back after an error"
echo "interval $(value kept interval_ms) ms kept, $(value free interval_ms) ms left free"
