using StashAI.Queue.Policies;
using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>Validates the manifests of services.</summary>
internal static class ManifestRules
{
    /// <summary>Throws when a manifest is not valid; the message names the service, the setting and what it must be.</summary>
    public static void Check(AdapterManifest manifest)
    {
        if (manifest.MaxRunning is < 1) throw Refuse(nameof(manifest.MaxRunning), "at least 1");
        if (manifest.Rate is { } rate)
        {
            if (!(rate.PerSecond > 0 && double.IsFinite(rate.PerSecond))) throw Refuse("Rate.PerSecond", "above 0");
            if (!(rate.Burst >= 1 && double.IsFinite(rate.Burst))) throw Refuse("Rate.Burst", "at least 1");
        }

        if (manifest.Operations.FirstOrDefault(operation => operation.Pack < 1) is { } invalid)
        {
            throw Refuse($"Pack of the operation {invalid.Name}", "at least 1");
        }

        var circuit = manifest.Circuit;
        if (circuit.Failures < 1) throw Refuse("Circuit.Failures", "at least 1");
        if (circuit.FirstPause < TimeSpan.FromMilliseconds(1)) throw Refuse("Circuit.FirstPause", "at least a millisecond");
        if (circuit.LongestPause < circuit.FirstPause) throw Refuse("Circuit.LongestPause", "at least Circuit.FirstPause");
        if (manifest.HealthPath is { } path && !path.StartsWith('/'))
        {
            throw Refuse(nameof(manifest.HealthPath), "a path that begins with /");
        }

        try
        {
            LabelSet.Of(manifest.RequiredLabels);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException($"RequiredLabels of the service {manifest.Name}: {exception.Message}", exception);
        }

        ArgumentException Refuse(string setting, string requirement) =>
            new($"{setting} of the service {manifest.Name} must be {requirement}.");
    }
}
