# Sourced by the other scripts: finds the .NET SDK and settles what would differ from machine to machine.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# No build processes left behind after a script ends.
export MSBUILDDISABLENODEREUSE=1
# Without this the SDK refuses to start on a system that lacks ICU, as small images do. Nothing here depends on culture.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY=false

if ! command -v dotnet >/dev/null && [[ -x ${DOTNET_ROOT:-$HOME/.dotnet}/dotnet ]]; then
  PATH=${DOTNET_ROOT:-$HOME/.dotnet}:$PATH
fi
if ! sdk=$(dotnet --version 2>&1); then
  {
    echo "The .NET SDK 10.0 (10.0.100 or newer) was not found. What 'dotnet --version' says here:"
    echo "$sdk"
    if LC_ALL=C apt-cache policy dotnet-sdk-10.0 2>/dev/null | grep 'Candidate: [0-9]' >/dev/null; then
      echo "Install it with: apt-get install dotnet-sdk-10.0"
    else
      echo "Get it from the .NET download page, https://dotnet.microsoft.com/download/dotnet/10.0 (SDK for Linux),"
      echo "or install the package dotnet-sdk-10.0 where your distribution offers it. Then run this again."
    fi
  } >&2
  exit 1
fi
# The built command looks for the run time here when it is not in the system's usual place.
if [[ -z ${DOTNET_ROOT:-} ]]; then
  DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
fi
export PATH DOTNET_ROOT
