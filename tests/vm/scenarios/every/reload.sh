#!/bin/bash
# The configuration changes under a viewer: other layers, a wrong file, another size of the camera,
# another camera. The virtual camera stays what it is.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "${VM_SCRIM:-}" ] || skip "scrim is not built"

# save WIDTH HEIGHT LAYERS [CAMERA]: as an editor does, beside the file and then in its place.
save() {
    cat >"$tmp/new.yaml" <<YAML
real_video_device: ${4:-/dev/video0}
virtual_video_device: /dev/video10
width: $1
height: $2
fps: 15
layers: $3
YAML
    mv "$tmp/new.yaml" "$tmp/config.yaml"
}
# loaded N: until the configuration was loaded anew N times.
loaded() {
    local i
    for ((i = 0; i < 150; i++)); do
        [ "$(grep -c 'loaded anew' "$tmp/scrim.out")" -ge "$1" ] && return
        sleep 0.1
    done
    fail "the configuration was not loaded anew $1 times"
}

save 640 360 '[input: []]'
start scrim "$VM_SCRIM" run --config "$tmp/config.yaml"
scrim=$started
shown
start viewer "$VM_PROBE" read /dev/video10 --frames 100000 --interrupt-after 14
viewer=$started
sleep 2
save 640 360 '[input: ["grayscale"]]'
loaded 1
echo 'layers: [inptu: []]' >"$tmp/config.yaml"
wait_for scrim 'did you mean "input"?'
save 320 180 '[input: []]'
loaded 2
save 320 180 '[input: []]' pattern
loaded 3
save 640 360 '[input: []]' /dev/video9999
wait_for scrim 'video9999'
save 640 360 '[input: []]'
loaded 4
kill -0 "$viewer" 2>/dev/null || fail "the viewer ended before the changes did"
wait "$viewer" || fail "the viewer saw an error"
says viewer '^size=640x360'
says viewer '^end=interrupted'
expect viewer undecodable -eq 0
expect viewer decoded -ge 40
kill -INT "$scrim"
wait "$scrim"; status=$?
[ $status = 0 ] || fail "scrim ended with status $status"
