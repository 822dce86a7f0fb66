using System.Globalization;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Server.Exits;

namespace StashAI.Server.Hosting;

/// <summary>Settings of the queue that are not flags.</summary>
internal static class QueueSettings
{
    private const string LeaseSetting = "NODE_LEASE_SECONDS";
    private const string PauseSetting = "RETRY_AFTER_MAX_SECONDS";
    private const string LabelsSetting = "WORKER_LABELS";

    /// <summary>In place of a number of days: it is kept for ever.</summary>
    private const string ForEver = "never";

    /// <summary>Reads them; throws one sentence for a value that cannot be.</summary>
    public static QueueOptions From(IConfiguration configuration, int workers)
    {
        var options = new QueueOptions { Workers = workers, Labels = Labels(configuration), Retention = ReadRetention(configuration) };
        if (configuration[PauseSetting] is { Length: > 0 } longest)
        {
            if (!TryNumber(longest, out var pause) || pause is not (>= 1 and <= 86400))
                throw new StartException($"{PauseSetting} must be a number of seconds from 1 to 86400, but it is '{longest}'.");
            options = options with { LongestPause = TimeSpan.FromSeconds(pause) };
        }

        if (configuration[LeaseSetting] is not { Length: > 0 } text) return options;
        if (!TryNumber(text, out var seconds) || seconds is not (>= 1 and <= 3600))
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

    private static RetentionPolicy ReadRetention(IConfiguration configuration)
    {
        var defaults = RetentionPolicy.Default;
        return defaults with
        {
            Completed = ReadDays(configuration, "RETENTION_COMPLETED_DAYS", defaults.Completed),
            Partial = ReadDays(configuration, "RETENTION_FAILED_DAYS", defaults.Partial),
            Failed = ReadDays(configuration, "RETENTION_FAILED_DAYS", defaults.Failed),
            Cancelled = ReadDays(configuration, "RETENTION_CANCELLED_DAYS", defaults.Cancelled),
            Inputs = ReadDays(configuration, "RETENTION_INPUTS_DAYS", defaults.Inputs),
        };
    }

    private static TimeSpan? ReadDays(IConfiguration configuration, string setting, TimeSpan? usual)
    {
        if (configuration[setting] is not { Length: > 0 } text) return usual;
        if (text.Equals(ForEver, StringComparison.OrdinalIgnoreCase)) return null;
        return TryNumber(text, out var days) && days is >= 0 and <= 36500
            ? TimeSpan.FromDays(days)
            : throw new StartException($"{setting} must be a number of days from 0 to 36500, or '{ForEver}' to remove nothing, but it is '{text}'.");
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
