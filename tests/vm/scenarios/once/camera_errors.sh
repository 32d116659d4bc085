#!/bin/bash
# What cannot be a camera is refused in words.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

refused missing 'cannot open /dev/video77: no such device; there is /dev/video0' read 77
refused file 'cannot open /etc/hostname: it is not a device' read /etc/hostname
refused null '/dev/null gives no pictures: it is not a video device' read /dev/null
refused idle '(/dev/video10) gives no pictures: it is a virtual camera' read /dev/video10

start reader v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=1000
wait_for reader '<'
refused busy 'vivid (/dev/video0): it is used by v4l2-ctl (process [0-9]*)' read /dev/video0
says busy '^busy=true'
kill "$started"; wait "$started" 2>/dev/null
probe freed read /dev/video0 --frames 2 || fail "cannot read after the other program ended"
