#!/bin/bash
# `scrim devices --measure` says how fast cameras really are, and which mode Scrim takes.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "${VM_SCRIM:-}" ] || skip "scrim is not built"

scrim() { local out=$tmp/$1.out; shift; timeout 90 "$VM_SCRIM" devices --measure "$@" >"$out" 2>&1; }

scrim vivid /dev/video0 --only 640x480 || fail "cannot measure vivid"
says vivid '^vivid (/dev/video0)'
says vivid '^\* YU12 640x480 '
says vivid '^  YUYV 640x480 .*/s .* ms .* ms$'

read -r camera device < <(usb-camera)
[ -n "${device:-}" ] || fail "no USB webcam"
children+=("$camera")
scrim usb "$device" --only 1280x720 --seconds 1 || fail "cannot measure the webcam"
says usb '^\* MJPG 1280x720 *30/s .*/s .* ms .* ms$'
says usb '^  YUYV 1280x720 *10/s '
scrim none "$device" --only H264 && fail "measured nothing"
says none 'offers no such mode'

# One that is used is explained; the others are measured all the same.
start reader v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=10000
wait_for reader '<'
scrim used /dev/video0 --only 640x480 && fail "measured a camera that is used"
says used 'vivid (/dev/video0): it is used by v4l2-ctl (process [0-9]*)'
scrim all --only 'YUYV 640x480' --seconds 0.5 || fail "cannot measure all"
says all 'it is used by v4l2-ctl'
says all 'YUYV 640x480 .*ms$'
kill "$started"
sed -n '2,9p' "$tmp/usb.out"
