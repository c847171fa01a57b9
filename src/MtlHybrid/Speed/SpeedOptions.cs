using MtlHybrid.Engine;

namespace MtlHybrid.Speed;

/// <summary>What a <see cref="SpeedTest"/> measures on, and for how long.</summary>
public sealed record SpeedOptions
{
    /// <summary>Device and threads.</summary>
    /// <value>The defaults of <see cref="DeviceOptions"/>.</value>
    public DeviceOptions Device { get; init; } = new();

    /// <summary>About how long each step of each network is measured; predictions half as long.</summary>
    /// <value>Above 0, at most an hour; 0.6 seconds by default, about 8 seconds in all.</value>
    public TimeSpan TimePerNumber { get; init; } = TimeSpan.FromSeconds(0.6);

    /// <summary>Throws when a value is outside its range.</summary>
    /// <exception cref="InvalidOptionException">Names the value.</exception>
    public void Validate()
    {
        Device.Validate();
        InvalidOptionException.Require(
            TimePerNumber > TimeSpan.Zero && TimePerNumber <= TimeSpan.FromHours(1), nameof(TimePerNumber), "above 0 and at most an hour", TimePerNumber);
    }
}
