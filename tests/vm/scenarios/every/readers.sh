#!/bin/bash
# Other programs read what scrim publishes: a raw camera at 640x480 with its colours, and a USB
# webcam's MJPEG at 1280x720, by v4l2-ctl, ffmpeg and GStreamer.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"
[ -x "${VM_SCRIM:-}" ] || skip "scrim is not built"

# lower_part FILE FRAME_BYTES: of its last frame a number a line; vivid writes the time above it.
lower_part() { tail -c "$2" "$1" | tail -c $(($2 / 4)) | od -An -v -tu1 -w1; }

frame=$((640 * 480 * 2))
v4l2-ctl -d /dev/video0 --set-fmt-video=width=640,height=480,pixelformat=YUYV --stream-mmap \
    --stream-count=3 --stream-to="$tmp/camera.raw" >/dev/null 2>&1
run_scrim /dev/video0 640 480
v4l2-ctl -d /dev/video10 --stream-mmap --stream-count=40 --stream-to="$tmp/seen.raw" >/dev/null 2>&1
[ "$(stat -c %s "$tmp/seen.raw")" = $((40 * frame)) ] || fail "not 40 pictures of 640x480 YUYV"
worst=$(paste <(lower_part "$tmp/camera.raw" $frame) <(lower_part "$tmp/seen.raw" $frame) |
    awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > worst) worst = d } END { print worst + 0 }')
[ "$worst" -le 2 ] || fail "colours are $worst levels off"
viewer watcher 5
wait "$started" || fail "a viewer saw an error"
expect watcher live -ge 10
expect watcher backwards -eq 0
end_scrim

read -r camera device < <(usb-camera)
[ -n "${device:-}" ] || fail "no USB webcam"
children+=("$camera")
run_scrim "$device" 1280 720
frame=$((1280 * 720 * 2))
# read_by NAME COMMAND...: ten whole pictures to NAME.raw.
read_by() {
    local name=$1; shift
    timeout 90 "$@" >"$tmp/$name.out" 2>&1 || fail "$name cannot read the virtual camera"
    [ "$(stat -c %s "$tmp/$name.raw")" -ge $((10 * frame)) ] || fail "$name got less than ten pictures"
    rm "$tmp/$name.raw"
    by+="$name "
}
by=''
viewer usb 8
reader=$started
wait "$reader" || fail "a viewer saw an error"
expect usb live -ge 10
expect usb backwards -eq 0
read_by v4l2-ctl v4l2-ctl -d /dev/video10 --stream-mmap --stream-skip=8 --stream-count=10 --stream-to="$tmp/v4l2-ctl.raw"
if command -v ffmpeg >/dev/null; then
    read_by ffmpeg ffmpeg -nostdin -loglevel error -f v4l2 -i /dev/video10 -frames:v 10 -f rawvideo "$tmp/ffmpeg.raw"
fi
if command -v gst-launch-1.0 >/dev/null; then
    read_by gst-launch gst-launch-1.0 -q v4l2src device=/dev/video10 num-buffers=10 ! filesink location="$tmp/gst-launch.raw"
fi
end_scrim
echo "colours at most $worst levels off; read by $by"
