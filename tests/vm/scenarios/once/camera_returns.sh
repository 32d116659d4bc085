#!/bin/bash
# A camera that is lost is found again by what it is, not by its number, and soon.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

set_control() { v4l2-ctl -d /dev/video0 -c "$1" >/dev/null 2>&1; }
# follow NAME DEVICE LOSSES: in the background, holding two pictures.
follow() {
    start "$1" timeout 120 "$VM_PROBE" follow "$2" --losses "$3" --hold 2
    wait_for "$1" '^frames=5$'
}
measured() { echo "$1: noticed after $(value "$1" noticed_ms) ms, back after $(value "$1" back_ms) ms"; }

# A camera that hangs is noticed within seconds.
follow hung /dev/video0 1
set_control percentage_of_dropped_buffers=100
wait_for hung '^lost=vivid (/dev/video0), .* gives no pictures (waited 1 s)'
set_control percentage_of_dropped_buffers=0
wait "$started" || fail "not read on after it hung"
expect hung noticed_ms -le 3000
says hung '^back=vivid (/dev/video0)'
expect hung held -eq 2

follow fatal /dev/video0 1
set_control inject_fatal_streaming_error=1
wait "$started" || fail "not read on after a fatal error"
says fatal '^lost=.*its driver reports an error'

# Pictures that are still held do not keep the node from being free for the camera's return.
follow pulled /dev/video0 1
vivid-plug out
wait_for pulled '^reason=the camera vivid.* is not plugged in'
sleep 0.5
vivid-plug in
wait "$started" || fail "not read on after it was plugged in again"
says pulled '^back=vivid (/dev/video0)'
expect pulled held -eq 2

# Another camera of the same make has taken the number; and the camera is in another socket.
read -r camera device < <(usb-camera --serial A1 --port 0)
[ -n "${device:-}" ] || fail "no USB webcam"
children+=("$camera")
follow moved "$device" 1
moved=$started
kill "$camera"
wait_for moved '^lost='
read -r other other_device < <(usb-camera --serial B1 --port 1)
children+=("$other")
[ "$other_device" = "$device" ] || fail "the other camera is $other_device, not $device"
wait_for moved '^reason=the camera .* is not plugged in'
read -r camera new_device < <(usb-camera --serial A1 --port 2)
children+=("$camera")
[ "$new_device" != "$device" ] || fail "two cameras are $device"
wait "$moved" || fail "not read on from $new_device"
says moved "^back=.*($new_device)"
kill "$other"; wait "$other" 2>/dev/null

for name in hung fatal pulled moved; do measured "$name"; done
