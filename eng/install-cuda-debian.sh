#!/usr/bin/env bash
# Installs what the CUDA plug-in is compiled with on Debian 12: nvcc 11.8, cuBLASLt, NVTX, and g++ 11, its host compiler:
#   install-cuda-debian.sh [--yes]
# It adds `contrib non-free` to the components of Debian's own source and installs from there; no other host is used.
# Without --yes it asks first, and where nobody can be asked it prints the commands and exits with 1.
# Nothing is done where nvcc 11.8 or newer and the headers are there. No GPU and no driver are needed.
#
# One package less is not to be had: nvcc's depends on nvidia-cuda-dev, and that one, half of the download, on every
# CUDA library. What is not needed at all, about a third, would only be saved by unpacking archives past the package manager.
set -euo pipefail

packages=(nvidia-cuda-toolkit g++-11)
release=bookworm
size="1.6 GB to download, 5 GB on disk"

fail() {
  echo "install-cuda-debian.sh: $1" >&2
  exit 1
}

yes=false
case ${1:-} in
  --yes) yes=true ;;
  "") ;;
  *)
    echo "usage: install-cuda-debian.sh [--yes]" >&2
    exit 2
    ;;
esac

finds_headers() { "$1" -x cu -E - >/dev/null <<<$'#include <cublasLt.h>\n#include <nvtx3/nvToolsExt.h>'; }

# Where native/cmake/MtlCuda.cmake looks.
if compiler=$(command -v nvcc || compgen -G "${CUDA_PATH:-/usr/local/cuda}/bin/nvcc" || compgen -G /usr/local/cuda/bin/nvcc); then
  version=$("$compiler" --version | sed -n 's/.*release \([0-9.]*\).*/\1/p')
  if printf '%s\n' 11.8 "$version" | sort -V -C; then
    if finds_headers "$compiler"; then
      echo "nvcc $version is there: $compiler"
      exit
    fi
    echo "nvcc $version is there, but does not find the headers of cuBLASLt or NVTX, or has no host compiler (see above)"
  else
    fail "$compiler is version $version; 11.8 or newer is needed. Install a newer CUDA toolkit, or remove this one and run this again."
  fi
fi

# shellcheck disable=SC1091
system=$(. /etc/os-release && echo "${ID:-unknown} ${VERSION_ID:-}")
machine=$(uname -m)
if [[ $system != "debian 12" || $machine != x86_64 ]]; then
  fail "this is $system on $machine; the script knows Debian 12 on x86_64 only.
Needed are nvcc 11.8 or newer, cuBLASLt and NVTX with their headers, and a g++ that this nvcc takes as host compiler. Debian's and
Ubuntu's package is nvidia-cuda-toolkit (Debian: component non-free, Ubuntu: multiverse; 'nvcc --version' must then say 11.8 or
newer). From NVIDIA's own packages of CUDA 13.0: cuda-nvcc-13-0, cuda-cudart-dev-13-0, libcublas-dev-13-0 and cuda-nvtx-13-0."
fi

# The packages bring a libcuda.so.1 of their own, which must not be laid over that of a driver installed by hand.
driver=$(/sbin/ldconfig -p | awk '/libcuda\.so\.1 / { print $NF; exit }')
if [[ -n $driver ]] && ! dpkg -S "$(readlink -f "$driver")" >/dev/null 2>&1; then
  fail "$driver belongs to a driver that did not come as a Debian package, and Debian's CUDA packages would bring another beside it.
Install NVIDIA's CUDA toolkit without its driver instead; it is found on PATH or in /usr/local/cuda."
fi

has_candidate() { LC_ALL=C apt-cache policy nvidia-cuda-toolkit 2>/dev/null | grep 'Candidate: [0-9]' >/dev/null; }

# Source files of the release, and of its updates, that lack a component.
add_components() {
  local file changed
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    [[ -f $file ]] || continue
    changed=$(awk -v release="$release" -v blocks="$([[ $file == *.sources ]] && echo 1)" '
      function complete(line) {
        if (line !~ /[ \t]contrib([ \t]|$)/) line = line " contrib"
        if (line !~ /[ \t]non-free([ \t]|$)/) line = line " non-free"
        return line
      }
      function flush_block(  i) {
        for (i = 1; i <= lines; i++) print debian && suite && block[i] ~ /^Components:.*[ \t]main([ \t]|$)/ ? complete(block[i]) : block[i]
        lines = debian = suite = 0
      }
      !blocks {
        ours = $0 ~ ("^deb[ \t].*debian.*[ \t]" release "(-updates)?[ \t].*main")
        print ours ? complete($0) : $0
        next
      }
      /^[ \t]*$/ { flush_block(); print; next }
      /^URIs:.*debian/ { debian = 1 }
      $0 ~ ("^Suites:.*[ \t]" release "([ \t]|$)") { suite = 1 }
      { block[++lines] = $0 }
      END { flush_block() }' "$file")
    [[ $changed != "$(cat "$file")" ]] || continue
    echo "adding contrib and non-free to the components in $file"
    "${as_root[@]}" tee "$file" >/dev/null <<<"$changed"
  done
}

as_root=()
may_install=true
if ((EUID != 0)); then
  if { command -v sudo && sudo -n true; } >/dev/null 2>&1; then
    as_root=(sudo -n)
  elif command -v sudo >/dev/null && [[ -t 0 ]]; then
    as_root=(sudo)
  else
    may_install=false
  fi
fi
what="${packages[*]} from Debian's component non-free ($size; 'contrib non-free' is added to the components of Debian's source)"
if $may_install && ! $yes && [[ -t 0 ]]; then
  read -rp "Install $what? [y/N] " answer
  [[ $answer == [yY]* ]] || fail "nothing was installed"
elif ! $may_install || ! $yes; then
  fail "nvcc is missing. To install $what, run this as root or with a sudo that asks nothing:
  $0 --yes
or by hand: add 'contrib non-free' to the Components of Debian's source under /etc/apt, then
  sudo apt-get update && sudo apt-get install --no-install-recommends ${packages[*]}"
fi

apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
has_candidate || add_components
"${apt[@]}" update || echo "apt-get update reported errors; going on with the lists that are there" >&2
has_candidate || fail "no package nvidia-cuda-toolkit is to be had from the sources under /etc/apt. Debian's component non-free must be
reachable, and named in the source of $release."

start=$SECONDS
echo "installing $what"
"${apt[@]}" install -y --no-install-recommends "${packages[@]}" >/dev/null
echo "$(nvcc --version | grep -o 'release.*') installed in $((SECONDS - start)) s"
