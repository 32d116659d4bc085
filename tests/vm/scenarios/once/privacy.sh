#!/bin/bash
# The network fails, hangs, says nonsense: nobody sees the room behind the person, at any time.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

cat >"$tmp/config.yaml" <<'YAML'
real_video_device: /dev/video0
virtual_video_device: /dev/video10
width: 640
height: 360
on_demand: false
layers:
  - empty: [["solid_color", 0, 0, 255]]
  - foreground: []
YAML
fault() { echo "$*" >"$tmp/fault"; sleep 3; }

echo none >"$tmp/fault"
start faulty "$VM_TOOLS/vm_faulty" "$tmp/config.yaml" "$tmp/fault"
faulty=$started
shown
viewer watcher 45 --person-left
watcher=$started
sees watcher live
fault none
for kind in fail nan hang "slow 200" fail hang "slow 200" nan none; do fault "$kind"; done
wait "$watcher" || fail "the viewer saw an error"
kill -TERM "$faulty"
wait "$faulty" || fail "it ended with status $?"
expect watcher live -gt 100
expect watcher room -eq 0
expect faulty without_mask -gt 10

# That the viewer would have seen it: the same without the layer in front of the room.
sed -i 's/empty: .*/input: []/' "$tmp/config.yaml"
start open "$VM_TOOLS/vm_faulty" "$tmp/config.yaml" "$tmp/fault"
shown
viewer check 4 --person-left
wait "$started"
expect check room -gt 0
