#!/bin/bash
# Another program reads YUYV pictures from our virtual camera: all are whole, in the right order.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

# read_with BUFFERS: v4l2-ctl as the reader, with so many buffers of its own.
read_with() {
    v4l2-ctl -d /dev/video10 --stream-mmap="$1" --stream-count=25 --stream-to="$tmp/raw" \
        >"$tmp/v4l2-ctl.out" 2>&1
    probe "seen$1" check "$tmp/raw" --width 640 --height 360 || fail "cannot check the pictures"
    expect "seen$1" frames -eq 25
    expect "seen$1" unstamped -eq 0
    expect "seen$1" stamps -ge 20
    expect "seen$1" stamps_back -eq 0
}

write_in_background() {
    start writer timeout 60 "$VM_PROBE" write /dev/video10 --width 640 --height 360 --fps 15 --frames 2000
    wait_for writer '^name=/dev/video10 (.*), YUYV 640x360'
}

write_in_background
v4l2-ctl -d /dev/video10 --get-fmt-video --get-parm >"$tmp/format.out" 2>&1
says format "Width/Height *: 640/360"
says format "'YUYV'"
says format 'Frames per second: 15.000'
read_with 4
kill "$started"; wait "$started" 2>/dev/null

# With more buffers than its reader wants, the driver folds the writer's onto the reader's while
# pictures flow (up to 0.13).
modprobe -r v4l2loopback || fail "the module is still used"
modprobe v4l2loopback video_nr=10 exclusive_caps=1 max_buffers=4 || fail "cannot load the module"
write_in_background
read_with 2
kill "$started"; wait "$started" 2>/dev/null
modprobe -r v4l2loopback || fail "the module is still used"
sh /run/vm/devices.sh || fail "cannot load the module again"
