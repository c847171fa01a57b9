using System.Runtime.InteropServices;

namespace MtlHybrid.Pilot;

/// <summary>Where a pilot ran.</summary>
/// <param name="System">Operating system.</param>
/// <param name="Architecture">Architecture of the process.</param>
/// <param name="Processors">Logical processors the process may use.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Library">Version of MtlHybrid.</param>
/// <param name="Device">The device trained on, as it describes itself.</param>
public sealed record PilotMachine(string System, string Architecture, int Processors, string Runtime, string Library, string Device)
{
    /// <summary>This machine.</summary>
    /// <param name="device">Description of the device trained on.</param>
    public static PilotMachine Current(string device) => new(
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        RuntimeInformation.FrameworkDescription,
        typeof(PilotMachine).Assembly.GetName().Version?.ToString(3) ?? "unknown",
        device);
}
