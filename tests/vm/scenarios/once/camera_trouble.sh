#!/bin/bash
# A camera fails in every way while somebody watches: the viewer sees the cover, then the camera
# again, and never an error or an end.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "${VM_SCRIM:-}" ] || skip "scrim is not built"

# trouble NAME BREAK MEND: the cover within seconds, and the camera again.
trouble() {
    local covered before
    sees watcher live
    before=$(seen watcher cover)
    $2
    sees watcher cover $((before + 1)); covered=$took
    $3
    sees watcher live
    printf '%-34s cover after %4s s, camera back %4s s after it was mended\n' "$1" "$covered" "$took"
}
set_control() { v4l2-ctl -d /dev/video0 -c "$1" >/dev/null 2>&1; }
nothing() { :; }
hang() { set_control percentage_of_dropped_buffers=100; }
go_on() { set_control percentage_of_dropped_buffers=0; }
fatal() { set_control inject_fatal_streaming_error=1; }
unplug() { vivid-plug out; }
plug() { vivid-plug in; }
# Another program has the camera: it takes it in the moment that it is plugged in.
plug_and_take() {
    plug
    start thief timeout 4 v4l2-ctl -d /dev/video0 --stream-mmap --stream-count=1000
}

run_scrim /dev/video0 640 480
viewer watcher 75
sees watcher live
trouble "fatal error of the driver" fatal nothing
trouble "camera hangs" hang go_on
trouble "unplugged and plugged in" unplug plug
trouble "unplugged, taken by another program" unplug plug_and_take
# Broken pictures are dropped, nothing else is seen of them.
before=$(changes watcher)
for _ in 1 2 3; do set_control inject_v4l2_buf_flag_error=1; sleep 0.3; done
set_control inject_vidioc_qbuf_error=1
sleep 1
[ "$(changes watcher)" = "$before" ] || fail "a broken picture was more than a dropped one"
wait "${children[1]}" || fail "the viewer saw an error"
expect watcher backwards -eq 0
expect watcher live -gt 50
end_scrim

# A USB webcam that hangs and is plugged in anew; see camera_returns for other numbers.
read -r camera device < <(usb-camera --serial same)
run_scrim "$device" 640 480
viewer usb 40
usb_viewer=$started
sees usb live
kill -USR1 "$camera"
sees usb cover; hung=$took
kill "$camera"
sleep 1
read -r camera device2 < <(usb-camera --serial same)
children+=("$camera")
sees usb live
printf '%-34s cover after %4s s, camera back %4s s after it was mended (%s, then %s)\n' \
    "USB webcam hangs, is plugged in anew" "$hung" "$took" "$device" "$device2"
wait "$usb_viewer" || fail "the viewer saw an error"
expect usb backwards -eq 0
end_scrim
grep -c warning "$tmp/scrim.out" | sed 's/^/warnings of the last run: /'
