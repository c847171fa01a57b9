using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using MtlHybrid.Benchmarks;
using MtlHybrid.Benchmarks.Gradients;
using MtlHybrid.Benchmarks.Growth;
using MtlHybrid.Benchmarks.Paired;

if (args is ["--growth", ..]) return GrowthRun.Run(args);
if (args is [GradientRunOptions.Flag, ..]) return GradientRun.Execute(args);
if (args is [PairedOptions.Flag, ..]) return PairedRun.Execute(args);

IConfig config = DefaultConfig.Instance.WithArtifactsPath("artifacts/benchmarks");
// Without a filter BenchmarkDotNet would ask which to run.
string[] arguments = args.Contains("--filter") ? args : [.. args, "--filter", "*"];
BenchmarkSwitcher.FromAssembly(typeof(StepBenchmark).Assembly).Run(arguments, config);
return 0;
