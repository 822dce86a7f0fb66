using System.Globalization;
using StashAI.Adapters.Visage;
using StashAI.Sdk;
using StashAI.Server.Exits;

namespace StashAI.Server.Hosting;

/// <summary>What the operator allows the calls to the Visage service; it holds over all processes of one queue.</summary>
internal static class VisageSettings
{
    private const string MaxParallel = "VISAGE_MAX_PARALLEL";
    private const string PerSecond = "VISAGE_RATE_PER_SECOND";
    private const string Burst = "VISAGE_RATE_BURST";

    /// <summary>The adapter with these limits; throws one sentence for a value that cannot be.</summary>
    public static VisageAdapter Adapter(IConfiguration configuration)
    {
        var parallel = Read(configuration, MaxParallel, 1, 10_000);
        if (parallel is { } count && count != Math.Floor(count)) throw Refuse(configuration, MaxParallel, 1, 10_000);
        var rate = Read(configuration, PerSecond, 0.001, 100_000);
        var burst = Read(configuration, Burst, 1, 100_000);
        if (burst is not null && rate is null) throw new StartException($"{Burst} needs {PerSecond} beside it.");
        return new VisageAdapter((int?)parallel, rate is { } tokens ? new RateLimit(tokens, burst ?? Math.Max(1, tokens)) : null);
    }

    private static double? Read(IConfiguration configuration, string setting, double least, double most)
    {
        if (configuration[setting] is not { Length: > 0 } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Refuse(configuration, setting, least, most);
    }

    private static StartException Refuse(IConfiguration configuration, string setting, double least, double most) => new(string.Create(
        CultureInfo.InvariantCulture, $"{setting} must be a number from {least} to {most}, but it is '{configuration[setting]}'."));
}
