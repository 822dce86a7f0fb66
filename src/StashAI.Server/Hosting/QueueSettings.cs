using System.Globalization;
using StashAI.Queue.Engine;
using StashAI.Server.Cli;

namespace StashAI.Server.Hosting;

/// <summary>Settings of the queue that are not flags.</summary>
internal static class QueueSettings
{
    private const string LeaseSetting = "NODE_LEASE_SECONDS";

    /// <summary>Reads them; throws one sentence for a value that cannot be.</summary>
    public static QueueOptions From(IConfiguration configuration, int workers)
    {
        var defaults = new QueueOptions { Workers = workers };
        if (configuration[LeaseSetting] is not { Length: > 0 } text) return defaults;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 1 and <= 3600))
            throw new StartException($"{LeaseSetting} must be a number of seconds from 1 to 3600, but it is '{text}'.");
        return defaults with { Lease = TimeSpan.FromSeconds(seconds), Heartbeat = TimeSpan.FromSeconds(seconds / 5) };
    }
}
