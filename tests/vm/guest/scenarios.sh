#!/bin/bash
# In the guest: scenarios.sh FILE...  - runs scenarios one after another, a line for each and below
# it what the scenario has measured.
failed=0
for scenario in "$@"; do
    name="v4l2loopback $VM_LOOPBACK: $(basename "$scenario" .sh)"
    began=$SECONDS
    text=$(bash "$scenario" 2>&1); status=$?
    case $status in
        0)  echo "PASS $name ($((SECONDS - began)) s)"; [ -z "$text" ] || sed 's/^/    /' <<<"$text";;
        77) echo "SKIP $name: $text";;
        *)  echo "FAIL $name (status $status): $text"; failed=1;;
    esac
done
exit $failed
