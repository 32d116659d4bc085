#!/bin/bash
# A USB webcam whose raw pictures are too slow at 1280x720: MJPEG is taken, and decodes.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

read -r camera device < <(usb-camera)
[ -n "${device:-}" ] || fail "no USB webcam"
children+=("$camera")

probe chosen read "$device" --frames 25 || fail "cannot read $device"
says chosen '^name=.*, 1280x720 MJPG at 30/s'
expect chosen decoded -eq 25
expect chosen backwards -eq 0

probe raw read "$device" --mjpeg no --width 1280 --height 720 --frames 2 || fail "cannot read raw"
says raw '^name=.*, 1280x720 YUYV at 10/s'
expect raw decoded -eq 2

probe small read "$device" --width 640 --height 480 --frames 2 || fail "cannot read 640x480"
says small '^name=.*, 640x480 YUYV at 30/s'

metadata=/dev/video$((${device#/dev/video} + 1))
refused metadata "($metadata) gives no pictures: it gives only data.*come from $device" read "$metadata"

# Half a JPEG costs that picture; pulling the plug ends the stream. On a busy machine the driver
# may lose the very picture that was cut, so there are some more.
start cut timeout 60 "$VM_PROBE" read "$device" --frames 60
wait_for cut '^size='
cuts=0
while kill -0 "$started" 2>/dev/null && [ $cuts -lt 8 ]; do
    kill -USR2 "$camera"
    cuts=$((cuts + 1))
    sleep 0.3
done
wait "$started" || fail "stopped at half a picture"
[ $(($(value cut undecodable) + $(value cut dropped))) -ge 1 ] || fail "half pictures passed"
expect cut undecodable -le $cuts

start pulled timeout 60 "$VM_PROBE" read "$device" --frames 1000
wait_for pulled '^size='
sleep 0.5
kill "$camera"
wait "$started" && fail "went on without a camera"
says pulled 'error: .*\(the camera is gone\|its driver reports an error\)'
