using System.Runtime.InteropServices;
using MtlHybrid.Benchmarks.Paired;
using MtlHybrid.Engine;
using TorchSharp;

namespace MtlHybrid.Benchmarks.TorchSharpPeer;

/// <summary>Whether TorchSharp works on this machine, and what it is.</summary>
internal static class TorchSharpLibrary
{
    private const string WhatToDo =
        "It needs a C++ run time as new as Debian 13's or Ubuntu 24.04's; on an older system: eng/run-in-debian13.sh (docs/building.md).";

    /// <summary>Makes it load its libraries, and computes something.</summary>
    /// <returns>Null when it works; otherwise what happened and what to do.</returns>
    public static string? WhyNot()
    {
        // First by hand: TorchSharp's own message blames a missing package whatever the reason, and it copies libtorch about
        // before it gives up.
        if (LoaderWords() is { } words) return $"TorchSharp cannot be loaded: {words}\n{WhatToDo}";
        try
        {
            using torch.Tensor one = torch.ones(1);
            return one.item<float>() == 1 ? null : "TorchSharp's ones(1) is not 1.";
        }
        catch (Exception failure) when (failure is NotSupportedException or TypeInitializationException or DllNotFoundException)
        {
            return $"TorchSharp cannot be loaded: {failure.GetBaseException().Message.Trim()}\n{WhatToDo}";
        }
    }

    public static string Describe() =>
        $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}, libtorch {torch.__version__}, {torch.get_num_threads()} threads";

    public static ITrainingSide Create(StepProblem problem, IReadOnlyList<(ParameterTensor Where, float[] Values)> parameters, StepKind kind) =>
        new TorchSharpSide(problem, parameters, kind);

    // Null: it can be loaded.
    private static string? LoaderWords()
    {
        string[] folders = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")];
        string? library = folders.Select(folder => Path.Combine(folder, "libLibTorchSharp.so")).FirstOrDefault(File.Exists);
        if (library is null) return $"libLibTorchSharp.so is not in {string.Join(" or ", folders)}";
        try
        {
            NativeLibrary.Load(library);
            return null;
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            return failure.Message.Trim();
        }
    }
}
