#!/bin/bash
# The whole program: camera in, virtual camera out, ended by Ctrl-C.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "${VM_SCRIM:-}" ] || skip "scrim is not built"

cat >"$tmp/config.yaml" <<'YAML'
real_video_device: /dev/video0
virtual_video_device: /dev/video10
width: 640
height: 360
fps: 15
layers:
  - input: []
  - input: ["grayscale"]
YAML
start scrim "$VM_SCRIM" run --config "$tmp/config.yaml"
shown
probe seen read /dev/video10 --frames 15 || fail "cannot read scrim's pictures"
says seen '^size=640x360'
expect seen decoded -eq 15
kill -INT "$started"
wait "$started"; status=$?
[ $status = 0 ] || fail "scrim ended with status $status"
