namespace MtlHybrid.Benchmarks.Paired;

/// <summary>The peer that this program was built with.</summary>
/// <param name="Description">Its name and version, or why there is none.</param>
/// <param name="Create">Null: there is none.</param>
internal sealed record Peer(string Description, PeerFactory? Create)
{
    /// <summary>Finds out whether it works here; says so on standard error when not.</summary>
    public static Peer Find()
    {
#if WITH_TORCHSHARP
        if (TorchSharpPeer.TorchSharpLibrary.WhyNot() is not { } reason)
            return new Peer(TorchSharpPeer.TorchSharpLibrary.Describe(), TorchSharpPeer.TorchSharpLibrary.Create);
        Console.Error.WriteLine($"{reason}\nGoing on with our side alone.");
        return new Peer("none: TorchSharp cannot be loaded on this system", Create: null);
#else
        Console.Error.WriteLine("Built without TorchSharp, so our side alone; with it: dotnet run -p:WithTorchSharp=true ...");
        return new Peer("none: built without TorchSharp", Create: null);
#endif
    }
}
