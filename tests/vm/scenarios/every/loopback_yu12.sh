#!/bin/bash
# Our own source reads YU12 pictures from our virtual camera, found by itself; it starts again for
# the next size as soon as nobody holds the old one.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

start writer timeout 60 "$VM_PROBE" write - --width 640 --height 360 --fps 20 --format yu12 --frames 2000
wait_for writer '^name=/dev/video10 (Virtual Camera), YU12 640x360'
probe reader read /dev/video10 --stamps --frames 30 || fail "cannot read the virtual camera"
says reader '^name=Virtual Camera (/dev/video10), 640x360 YU12 at 20/s'
expect reader decoded -eq 30
expect reader unstamped -eq 0
expect reader stamps -ge 25
expect reader stamps_back -eq 0
expect reader backwards -eq 0
kill "$started"; wait "$started" 2>/dev/null

start other timeout 60 "$VM_PROBE" write - --width 320 --height 240 --fps 20 --frames 2000
wait_for other '^name=/dev/video10 (Virtual Camera), YUYV 320x240'
probe smaller read /dev/video10 --stamps --frames 5 || fail "cannot read at the new size"
says smaller '^size=320x240'
expect smaller unstamped -eq 0
