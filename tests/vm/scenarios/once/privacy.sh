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
open=$started
shown
viewer check 4 --person-left
wait "$started"
expect check room -gt 0
kill -TERM "$open"
wait "$open" || fail "it ended with status $?"

# The real network, whose file is deleted: what is loaded goes on, and a reload is refused. On a new
# device: this one may still hold a picture of the room from before.
network=$VM_MODELS/selfie_segmentation_landscape.tflite
if ! [ -r "$network" ] || ! [ -x "${VM_SCRIM:-}" ]; then
    echo "without a real network: none is installed"
    exit 0
fi
modprobe -r v4l2loopback || fail "the module is still used"
sh /run/vm/devices.sh || fail "cannot load the module again"
# A plain room, in which no network finds anybody; in colour bars it sometimes finds a little.
v4l2-ctl -d /dev/video0 -c test_pattern=7,osd_text_mode=2 >/dev/null
mkdir "$tmp/models" && cp "$network" "$tmp/models/"
sed -i 's/input: .*/empty: [["solid_color", 0, 0, 255]]/; 1i model: mediapipe-landscape' "$tmp/config.yaml"
export SCRIM_MODEL_DIR=$tmp/models XDG_DATA_HOME=$tmp XDG_DATA_DIRS=$tmp
start scrim "$VM_SCRIM" run --config "$tmp/config.yaml"
scrim=$started
shown
viewer deleted 25 --person-left
watcher=$started
sees deleted live
rm "$tmp/models"/*
kill -HUP "$scrim"
wait_for scrim 'going on as before'
wait "$watcher" || fail "the viewer saw an error"
expect deleted live -gt 20
expect deleted room -eq 0
kill -TERM "$scrim"
wait "$scrim" || fail "scrim ended with status $?"
echo "$(value watcher live) pictures with faults, $(value deleted live) with the network's file deleted: no room in any"
