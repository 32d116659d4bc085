#!/bin/bash
# A camera gives pictures of the size that was asked for, with numbers and times that go up.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

probe first read - --frames 40 || fail "cannot read the first camera"
says first '^name=vivid (/dev/video0), 640x480 YU12 at 25/s'   # 1280x720 is too slow there
expect first decoded -eq 40
expect first backwards -eq 0
expect first dropped -eq 0
expect first gaps -le 20
expect first interval_ms -ge 35
expect first interval_ms -le 200
expect first oldest_ms -lt 1000

probe large read 0 --width 1280 --height 720 --fps 30 --frames 5 || fail "cannot read 1280x720"
says large '^size=1280x720'
says large 'gives 12.5 pictures a second at 1280x720, not 30'
expect large decoded -eq 5

probe near read /dev/video0 --width 700 --height 500 --frames 2 || fail "cannot read 700x500"
says near 'the camera has no 700x500; 640x480 is nearest'

# A consumer that holds more than the driver can spare gets copies, and the pictures live on when
# the source is gone, while the camera is free for the next.
probe held read - --frames 30 --hold 8 --outlive || fail "cannot hold pictures"
expect held decoded -eq 30
expect held alive -eq 8
says held '^reopened=true'

# A consumer that comes late gets the newest picture; those before it are passed over.
probe late read - --frames 12 --slow 0.2 || fail "cannot read slowly"
expect late decoded -eq 12
expect late stale -ge 11
expect late backwards -eq 0

probe stopped read - --frames 100000 --interrupt-after 1 || fail "cannot be interrupted"
says stopped '^end=interrupted'
