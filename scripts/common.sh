# shellcheck shell=bash disable=SC2034
# Read by the scripts beside it; not a program.
# Sets `root` (the checkout), and HOME where CI or a chroot left it out.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
export HOME="${HOME:-/}"

# step WORDS...: what is being done now.
step() { printf '==> %s\n' "$*"; }

# note WORDS...: something to know, not an error.
note() { printf '    %s\n' "$*"; }

# die WORDS...: why the script cannot go on.
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# usage: the comment at the head of the script, which is its help.
usage() { sed -n '2,/^$/{s/^# \{0,1\}//p}' "$0"; }

# model_dir: where the networks are kept, as the program itself looks for them.
model_dir() { printf '%s\n' "${SCRIM_MODEL_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/scrim/models}"; }

# jobs: how many compilers at once: one a core, and a gigabyte of memory for each.
jobs_at_once() {
    local cores gigabytes
    cores=$(nproc)
    gigabytes=$(awk '/^MemAvailable:/ {print int($2 / 1048576)}' /proc/meminfo 2>/dev/null)
    if ((${gigabytes:-cores} < cores)); then cores=$((gigabytes > 0 ? gigabytes : 1)); fi
    printf '%s\n' "$cores"
}

# seconds_since START: whole seconds, START being an earlier value of SECONDS.
seconds_since() { printf '%d:%02d' $(((SECONDS - $1) / 60)) $(((SECONDS - $1) % 60)); }
