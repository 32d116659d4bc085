#!/bin/bash
# What is in the way of writing to a virtual camera is said in words.

# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$(dirname "$0")/../lib.sh"

size=(--width 640 --height 360 --fps 15)
refused camera 'vivid (/dev/video0) is no virtual camera (its driver is vivid)' write /dev/video0 "${size[@]}"
refused missing 'cannot open /dev/video77: no such device' write 77 "${size[@]}"
says missing '^busy=false'
refused odd 'needs an even width and height, not 321x240' write - --width 321 --height 240

# A second writer; the next free device; none left.
start first timeout 120 "$VM_PROBE" write /dev/video10 "${size[@]}" --frames 4000
first=$started
wait_for first '^name='
refused second '(/dev/video10) is used by vm_probe (process [0-9]*)' write /dev/video10 "${size[@]}"
says second '^busy=false'  # not to be waited for: a second Scrim says who holds it, and ends
start next timeout 120 "$VM_PROBE" write - "${size[@]}" --frames 4000
next=$started
wait_for next '^name=/dev/video11 (Second Camera)'
refused none 'every virtual camera is written to already: /dev/video10 by vm_probe' write - "${size[@]}"
kill "$next"; wait "$next" 2>/dev/null

# A reader keeps the format. It survives when the writer comes back with the same one.
start reader timeout 120 v4l2-ctl -d /dev/video10 --stream-mmap --stream-count=4000
reader=$started
wait_for reader '<'
kill "$first"; wait "$first" 2>/dev/null
refused held '(/dev/video10) .*used by .*v4l2-ctl (process [0-9]*)' \
    write /dev/video10 --width 320 --height 240 --fps 15
says held '^busy=true'
start back timeout 120 "$VM_PROBE" write /dev/video10 "${size[@]}" --frames 4000
wait_for back '^name='
pictures() { tr -cd '<' <"$tmp/reader.out" | wc -c; }
before=$(pictures)
for ((i = 0; i < 80 && $(pictures) < before + 10; i++)); do sleep 0.1; done
[ "$(pictures)" -ge $((before + 10)) ] || fail "the reader gets no more pictures"
kill "$reader" "$started"; wait "$reader" "$started" 2>/dev/null

modprobe -r v4l2loopback || fail "the module is still used"
refused unloaded 'v4l2loopback is not loaded.*load it with `sudo modprobe v4l2loopback exclusive_caps=1' \
    write - "${size[@]}"
sh /run/vm/devices.sh || fail "cannot load the module again"
