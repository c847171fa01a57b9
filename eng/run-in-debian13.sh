#!/usr/bin/env bash
# Runs a command in the repository's folder, but on Debian 13's system libraries (as root):
#   run-in-debian13.sh COMMAND [ARGUMENT...]      e.g. run-in-debian13.sh dotnet program.dll
# The root is made by debootstrap in artifacts/debian13 the first time. This machine lends it the repository and the SDK.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
((EUID == 0)) || { echo "run-in-debian13.sh must run as root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "run-in-debian13.sh needs the package debootstrap" >&2; exit 1; }
(($#)) || { echo "usage: run-in-debian13.sh COMMAND [ARGUMENT...]" >&2; exit 2; }
# shellcheck source=eng/environment.sh
source eng/environment.sh

root=$PWD/artifacts/debian13
if [[ ! -e $root/complete ]]; then
  rm -rf "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase trixie "$root" >"$root.log" || { tail "$root.log" >&2; exit 1; }
  touch "$root/complete"
fi
mkdir -p "$root/usr/share/dotnet" "$root/repository"

# A mount and process namespace of its own: whatever is mounted or left running inside ends with it.
export root
# shellcheck disable=SC2016
inside='
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/dev/shm"
  mount --bind "$DOTNET_ROOT" "$root/usr/share/dotnet"
  mount --bind "$PWD" "$root/repository"
  env -i HOME=/root PATH=/usr/share/dotnet:/usr/sbin:/usr/bin:/sbin:/bin \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    chroot "$root" bash -c '"'"'cd /repository && exec "$@"'"'"' repository "$@"
'
exec unshare --mount --pid --fork --kill-child bash -euo pipefail -c "$inside" run-in-debian13 "$@"
