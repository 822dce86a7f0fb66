using StashAI.Adapters.Visage;
using StashAI.Hosting.Settings;
using StashAI.Sdk;
using StashAI.Server.Options;

namespace StashAI.Server.Hosting;

/// <summary>The operator's limits for calls to the Visage service; they apply over all processes of one queue.</summary>
internal static class VisageSettings
{
    /// <summary>Creates the adapter with these limits.</summary>
    public static VisageAdapter Read(SettingsReader reader)
    {
        var rate = reader.Read(ServerSettings.VisageRatePerSecond);
        var burst = reader.Read(ServerSettings.VisageRateBurst);
        if (burst is not null && reader.Find(ServerSettings.VisageRatePerSecond) is null)
            reader.Refuse(ServerSettings.VisageRateBurst, $"needs {ServerSettings.VisageRatePerSecond.Name} as well.");
        return new VisageAdapter(
            reader.Read(ServerSettings.VisageMaxParallel), rate is { } tokens ? new RateLimit(tokens, burst ?? Math.Max(1, tokens)) : null,
            reader.Read(ServerSettings.VisageTimeout));
    }
}
