#!/bin/bash
# A viewer does not notice that the writer was killed and came back. Two viewers where the driver
# lets two in; where it does not, the second one is told why.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

size=(--width 320 --height 240)
write_in_background() {
    start "$1" timeout 120 "$VM_PROBE" write /dev/video10 "${size[@]}" --fps 20 --frames 4000
    wait_for "$1" '^name='
}

write_in_background writer
writer=$started
start first timeout 60 v4l2-ctl -d /dev/video10 --stream-mmap --stream-count=120 --stream-to="$tmp/raw"
first=$started
wait_for first '<<<'
# With -9, so that nothing is put in order before it goes.
kill -9 "$(pgrep -P "$writer" || echo "$writer")"
wait "$writer" 2>/dev/null
write_in_background back
wait "$first" || fail "the viewer saw an error"
probe seen check "$tmp/raw" "${size[@]}" || fail "cannot check the pictures"
expect seen frames -eq 120
expect seen unstamped -eq 0
expect seen stamps -ge 40
expect seen stamps_back -le 2   # the new writer counts from nought

# What becomes of the other viewer when one leaves is not asked: up to 0.13 its DQBUF gives EINVAL.
start other timeout 60 v4l2-ctl -d /dev/video10 --stream-mmap --stream-count=100000
wait_for other '<<<'
if [ "$VM_LOOPBACK" = 0.12.7 ]; then
    probe second read /dev/video10 --stamps --frames 30 || fail "no second viewer"
    expect second decoded -eq 30
    expect second unstamped -eq 0
    expect second stamps_back -eq 0
    expect second backwards -eq 0
elif [ "$VM_LOOPBACK" = 0.13.2 ]; then
    # It may let a second one in at first, and then gives EINVAL to both.
    refused second '\(it is used by\|cannot read from\) ' read /dev/video10 --frames 1000
else
    refused second 'it is used by ' read /dev/video10
    says second '^busy=true'
fi
