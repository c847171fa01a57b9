# The verbs of build.sh for Windows, and for PowerShell on Linux: ./build.ps1 help
# On Windows it needs, installed beforehand: the .NET 10 SDK, CMake 3.25 or newer, Ninja, Visual Studio 2022 or its Build Tools with
# the C++ workload (run this from a developer prompt, so that cl is found), and OpenBLAS (built for threads): MTL_BLAS_LIBRARY must name its .lib file.
# For the CUDA plug-in (-Cuda on, or auto where nvcc is found) the CUDA toolkit, 11.8 or newer, with nvcc on PATH or CUDA_PATH set.
# Tests need GoogleTest where CMake finds it, bindings need libclang: set LIBCLANG_PATH to libclang.dll.
[CmdletBinding()]
param(
  [Parameter(Position = 0)] [ValidateSet('demo', 'test', 'build', 'pack', 'bindings', 'clean', 'help')] [string] $Verb = 'help',
  [ValidateSet('Release', 'Debug')] [string] $Configuration = 'Release',
  [ValidateSet('auto', 'on', 'off')] [string] $Cuda = 'auto'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

if ($PSVersionTable.PSEdition -eq 'Core' -and $IsLinux) {
  & ./build.sh $Verb --configuration $Configuration --cuda $Cuda
  exit $LASTEXITCODE
}
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Stop-Build([string] $Message) {
  [Console]::Error.WriteLine("build.ps1: $Message")
  exit 1
}

# Runs a program and ends the script with its exit code when that is not 0.
function Invoke-Checked([string] $Program, [string[]] $Arguments) {
  & $Program @Arguments
  if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Assert-Command([string] $Name, [string] $What) {
  if (-not (Get-Command $Name -ErrorAction SilentlyContinue)) { Stop-Build "'$Name' is not on PATH. Install $What, then run this again." }
}

$preset = $Configuration.ToLowerInvariant()

function Build-Native([string] $Tests) {
  Assert-Command cmake 'CMake 3.25 or newer'
  Assert-Command ninja 'Ninja'
  Assert-Command cl 'Visual Studio 2022 or its Build Tools with the C++ workload, and start this from its developer prompt'
  if (-not $env:MTL_BLAS_LIBRARY) { Stop-Build 'MTL_BLAS_LIBRARY is not set. Set it to the .lib file of OpenBLAS.' }
  Invoke-Checked cmake @('--preset', $preset, "-DMTL_CUDA=$Cuda", "-DMTL_BUILD_TESTS=$Tests", "-DMTL_BLAS_LIBRARY=$env:MTL_BLAS_LIBRARY")
  Invoke-Checked cmake @('--build', "artifacts/build/$preset")
  Invoke-Checked cmake @('--install', "artifacts/build/$preset", '--prefix', 'artifacts/native')
}

function Publish-Command {
  if (Test-Path artifacts/mtl) { Remove-Item artifacts/mtl -Recurse -Force }
  Invoke-Checked dotnet @('publish', 'src/MtlHybrid.Cli', '-c', $Configuration, '-o', 'artifacts/mtl')
}

if ($Verb -notin 'help', 'clean') { Assert-Command dotnet 'the .NET SDK 10.0 from https://dotnet.microsoft.com/download/dotnet/10.0' }

switch ($Verb) {
  'help' { 'usage: ./build.ps1 demo|test|build|pack|bindings|clean|help [-Configuration Release|Debug] [-Cuda auto|on|off]' }
  'build' { Build-Native OFF; Publish-Command }
  'demo' {
    Build-Native OFF; Publish-Command
    Invoke-Checked artifacts/mtl/mtl @('pilot', '--data', 'datasets/tecator.csv', '--targets', 'moisture,fat,protein', '--out', 'artifacts/demo')
  }
  'test' {
    Build-Native ON; Publish-Command
    Invoke-Checked dotnet @('build', 'MtlHybrid.sln', '-c', $Configuration)
    Invoke-Checked ctest @('--test-dir', "artifacts/build/$preset", '--output-on-failure')
    Invoke-Checked dotnet @('test', '--solution', 'MtlHybrid.sln', '-c', $Configuration, '--no-build', '--max-parallel-test-modules', '1')
  }
  'pack' {
    Build-Native OFF
    $projects = @('bindings/MtlHybrid.Bindings', 'src/MtlHybrid')
    if (Test-Path artifacts/native/mtlhybrid_cuda.dll) { $projects += 'bindings/MtlHybrid.Cuda' }
    foreach ($project in $projects) {
      Invoke-Checked dotnet @('pack', $project, '-c', $Configuration, '-o', 'artifacts/packages')
    }
  }
  'bindings' {
    Invoke-Checked dotnet @('run', '--project', 'bindings/generator', '--', 'native/include/mtl/mtl.h', 'bindings/MtlHybrid.Bindings/Generated')
  }
  'clean' {
    'artifacts', 'BenchmarkDotNet.Artifacts' | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
    $built = Get-ChildItem src, bindings, tests, benchmarks -Recurse -Directory -Include bin, obj, TestResults
    $built | Where-Object { Test-Path $_.FullName } | Remove-Item -Recurse -Force
  }
}
