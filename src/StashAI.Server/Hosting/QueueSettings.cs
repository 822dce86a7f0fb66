using System.Globalization;
using StashAI.Queue.Engine;
using StashAI.Queue.Policies;
using StashAI.Server.Cli;

namespace StashAI.Server.Hosting;

/// <summary>Settings of the queue that are not flags.</summary>
internal static class QueueSettings
{
    private const string LeaseSetting = "NODE_LEASE_SECONDS";
    private const string LabelsSetting = "WORKER_LABELS";

    /// <summary>Reads them; throws one sentence for a value that cannot be.</summary>
    public static QueueOptions From(IConfiguration configuration, int workers)
    {
        var options = new QueueOptions { Workers = workers, Labels = Labels(configuration) };
        if (configuration[LeaseSetting] is not { Length: > 0 } text) return options;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is not (>= 1 and <= 3600))
            throw new StartException($"{LeaseSetting} must be a number of seconds from 1 to 3600, but it is '{text}'.");
        return options with { Lease = TimeSpan.FromSeconds(seconds), Heartbeat = TimeSpan.FromSeconds(seconds / 5) };
    }

    private static LabelSet Labels(IConfiguration configuration)
    {
        try
        {
            return LabelSet.Parse(configuration[LabelsSetting] ?? "");
        }
        catch (FormatException error)
        {
            throw new StartException($"{LabelsSetting} must be labels joined by commas, such as gpu,fast: {error.Message}");
        }
    }
}
