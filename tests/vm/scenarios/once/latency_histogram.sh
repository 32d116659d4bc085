#!/bin/bash
# A network slower than the camera, waited for at every picture: no queue grows, a picture is never
# older than the time to make it and one more interval.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/config.yaml" <<'YAML'
real_video_device: /dev/video0
virtual_video_device: /dev/video10
width: 320
height: 180
fps: 60
mask_every: 1
on_demand: false
layers:
  - empty: [["solid_color", 0, 0, 255]]
  - foreground: []
YAML
network=150 interval=17 rest=150  # ms; the rest under emulation, on a busy machine: a queue is seconds
echo "slow $network" >"$tmp/fault"
start slow "$VM_TOOLS/vm_faulty" "$tmp/config.yaml" "$tmp/fault"
slow=$started
shown
sleep 15
kill -TERM "$slow"
wait "$slow" || fail "it ended with status $?"
expect slow frames -gt 40
expect slow skipped -gt 200
expect slow latency_p50 -ge $((network - 10))
expect slow latency_p95 -le $((network + interval + rest))
sed -n 's/^latency_p\([0-9]*\)=\(.*\)/\1% of the pictures were at most \2 ms old/p' "$tmp/slow.out"
