#!/bin/bash
# Two viewers where the driver lets two in; where it does not, the second one is told why. A viewer
# does not notice that the writer was killed and came back.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

size=(--width 320 --height 240)
write_in_background() {
    start "$1" timeout 120 "$VM_PROBE" write /dev/video10 "${size[@]}" --fps 20 --frames 4000
    wait_for "$1" '^name='
}

write_in_background writer
writer=$started
start first timeout 60 "$VM_PROBE" read /dev/video10 --stamps --frames 100000 --interrupt-after 12
first=$started
wait_for first '^size='
if [ "$VM_LOOPBACK" = 0.12.7 ]; then
    probe second read /dev/video10 --stamps --frames 30 || fail "no second viewer"
    expect second decoded -eq 30
    expect second unstamped -eq 0
    expect second stamps_back -eq 0
    expect second backwards -eq 0
else
    refused second 'it is used by vm_probe (process [0-9]*)' read /dev/video10
fi

kill -9 "$(pgrep -P "$writer" || echo "$writer")"
wait "$writer" 2>/dev/null
write_in_background back
wait "$first" || fail "the viewer saw an error"
says first '^end=interrupted'
expect first undecodable -eq 0
expect first unstamped -eq 0
expect first backwards -eq 0
expect first decoded -ge 60
expect first stamps -ge 30
kill "$started"
