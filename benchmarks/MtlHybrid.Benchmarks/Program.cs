using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using MtlHybrid.Benchmarks;

IConfig config = DefaultConfig.Instance.WithArtifactsPath("artifacts/benchmarks");
BenchmarkSwitcher.FromAssembly(typeof(StepBenchmark).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
