#!/usr/bin/env bash
# Installs the system packages that are missing, on Debian and Ubuntu: setup-debian.sh build|test|bindings|ci
# As root, or with a sudo that asks nothing, they are installed; otherwise the command to run is printed and the exit code is 1.
set -euo pipefail

missing=()

# What is there counts, wherever it came from; the package is only the way to get it.
need_command() { command -v "$1" >/dev/null || missing+=("$2"); }
need_file() { compgen -G "$1" >/dev/null || missing+=("$2"); }

# Not grep -q: it stops reading early, and with pipefail the broken pipe would read as "none".
has_candidate() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep 'Candidate: [0-9]' >/dev/null; }

need_native() {
  [[ -n ${CXX:-} ]] || need_command g++ g++
  need_command cmake cmake
  need_command ninja ninja-build
  need_file /etc/ssl/certs/ca-certificates.crt ca-certificates # restoring packages goes over https
  [[ -n ${MTL_BLAS_LIBRARY:-} ]] || need_file '/usr/lib/*/openblas-pthread/libopenblas.a' libopenblas-pthread-dev
}

# Distributions carry different versions of libclang: any from 14 on reads the header.
need_libclang() {
  [[ -z ${LIBCLANG_PATH:-} ]] || return 0
  local version
  for version in 14 15 16 17 18 19 20 21 22; do
    if compgen -G "/usr/lib/llvm-$version/lib/libclang-$version*.so*" >/dev/null &&
      compgen -G "/usr/lib/llvm-$version/lib/clang/*/include/stddef.h" >/dev/null; then
      return
    fi
  done
  missing+=(libclang)
}

# Only this version formats as the committed code is formatted.
need_clang_format() { need_command clang-format-14 clang-format-14; }

choose_libclang() {
  local version
  for version in 14 15 16 17 18 19 20 21 22; do
    if has_candidate "libclang1-$version"; then
      echo "libclang1-$version libclang-common-$version-dev"
      return
    fi
  done
  echo libclang1-14 libclang-common-14-dev # nothing is known before the first apt-get update
}

case ${1:-} in
  build) need_native ;;
  bindings) need_libclang ;;
  test | ci)
    need_native
    need_file '/usr/lib/*/libgtest.a' libgtest-dev
    need_libclang
    need_command castxml castxml # a second reader of the header, beside libclang
    need_command git git
    [[ $1 == test ]] || need_clang_format
    ;;
  *)
    echo "usage: setup-debian.sh build|test|bindings|ci" >&2
    exit 2
    ;;
esac
# Installing cannot help where a distribution is too old; CMake's own words on this are about preset files.
check_cmake() {
  [[ $1 != bindings ]] || return 0
  local version
  version=$(cmake --version | sed -n '1s/[^0-9]*//p')
  if ! printf '%s\n' 3.25 "$version" | sort -V -C; then
    echo "CMake 3.25 or newer is needed, and this one is $version. Debian 12 and Ubuntu 24.04 carry a newer one." >&2
    exit 1
  fi
}

if ((${#missing[@]} == 0)); then
  check_cmake "$1"
  exit
fi

if ! command -v apt-get >/dev/null; then
  echo "These are missing, and this system has no apt-get to install them with: ${missing[*]} (names of Debian's packages)" >&2
  exit 1
fi

as_root=()
may_install=true
if ((EUID != 0)); then
  as_root=(sudo -n)
  { command -v sudo && sudo -n true; } >/dev/null 2>&1 || may_install=false
fi
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600)

if $may_install; then
  # A failing third-party source must not stop us: the install below decides.
  "${apt[@]}" update || echo "apt-get update reported errors; going on with the lists that are there" >&2
fi

packages=()
for name in "${missing[@]}"; do
  if [[ $name == libclang ]]; then
    read -ra chosen <<<"$(choose_libclang)"
    packages+=("${chosen[@]}")
  else
    packages+=("$name")
  fi
done

if ! $may_install; then
  {
    echo "System packages are missing. Install them, then run this again:"
    echo "  sudo apt-get install --no-install-recommends ${packages[*]}"
  } >&2
  exit 1
fi
echo "installing ${packages[*]}"
"${apt[@]}" install -y --no-install-recommends "${packages[@]}" >/dev/null
check_cmake "$1"
