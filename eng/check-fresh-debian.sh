#!/usr/bin/env bash
# Runs a command in a clone where nothing is installed but Debian's base system and the .NET SDK (as root):
#   check-fresh-debian.sh COMMAND [ARGUMENT...]      e.g. check-fresh-debian.sh ./build.sh demo
# The last commit is cloned into a new root made by debootstrap. This machine lends it the SDK, the NuGet cache and the
# certificates that its owner trusts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
suite=bookworm
((EUID == 0)) || { echo "check-fresh-debian.sh must run as root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "check-fresh-debian.sh needs the package debootstrap" >&2; exit 1; }
(($#)) || { echo "usage: check-fresh-debian.sh COMMAND [ARGUMENT...]" >&2; exit 2; }
# shellcheck source=eng/environment.sh
source eng/environment.sh

root=$(mktemp -d)
chmod 755 "$root"
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase "$suite" "$root" >"$root.log" || { tail "$root.log" >&2; exit 1; }
rm -f "$root.log"
git clone --quiet . "$root/clone"
mkdir -p "$root/usr/share/dotnet" "$root/root/.nuget" "$root/usr/local/share"
[[ ! -d /usr/local/share/ca-certificates ]] || cp -r /usr/local/share/ca-certificates "$root/usr/local/share/"

# A mount and process namespace of its own: whatever is mounted or left running inside ends with it.
export root
# shellcheck disable=SC2016
inside='
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/dev/shm"
  mount --bind "$DOTNET_ROOT" "$root/usr/share/dotnet"
  mount --bind "$HOME/.nuget" "$root/root/.nuget"
  plain=(env -i HOME=/root PATH=/usr/share/dotnet:/usr/sbin:/usr/bin:/sbin:/bin
    NUGET_CERT_REVOCATION_MODE="${NUGET_CERT_REVOCATION_MODE:-online}")
  cd "$root/clone"
  echo "== without rights: the command to install must be printed, and the exit code must not be 0"
  if said=$("${plain[@]}" chroot --userspec=nobody "$root" /clone/build.sh build 2>&1); then
    echo "expected a failure, got success"; exit 1
  fi
  echo "$said"
  grep -q "apt-get install .*cmake" <<<"$said" || { echo "expected the apt-get command"; exit 1; }
  echo "== as root: $*"
  "${plain[@]}" chroot "$root" bash -c '"'"'cd /clone && exec "$@"'"'"' clone "$@"
'
unshare --mount --pid --fork bash -euo pipefail -c "$inside" check-fresh-debian "$@"
