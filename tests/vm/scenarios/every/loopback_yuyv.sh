# Another program reads YUYV pictures from our virtual camera: all are whole, in the right order.
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

start writer timeout 60 "$VM_PROBE" write /dev/video10 --width 640 --height 360 --fps 15 --frames 2000
wait_for writer '^name=/dev/video10 (Virtual Camera), YUYV 640x360'
v4l2-ctl -d /dev/video10 --get-fmt-video --get-parm >"$tmp/format.out" 2>&1
says format "Width/Height *: 640/360"
says format "'YUYV'"
says format 'Frames per second: 15.000'
read_with 4
# Old drivers then fold the writer's buffers onto two.
read_with 2
