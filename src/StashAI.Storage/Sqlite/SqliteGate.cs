using StashAI.Queue.Policies;
using StashAI.Sdk;

namespace StashAI.Storage.Sqlite;

/// <summary>What services declare of themselves.</summary>
internal static class SqliteGate
{
    private const string Declared = """
        INSERT OR REPLACE INTO services (name, max_running, rate_per_second, rate_burst, required_labels,
            circuit_failures, circuit_first_pause, circuit_longest_pause, health_path)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    public static int Declare(SqliteSession session, IReadOnlyCollection<AdapterManifest> manifests)
    {
        foreach (var manifest in manifests)
        {
            var row = session.Use(Declared).Bind(1, manifest.Name).Bind(2, manifest.MaxRunning)
                .Bind(5, LabelSet.Of(manifest.RequiredLabels).ToString()).Bind(6, manifest.Circuit.Failures)
                .Bind(7, (long)manifest.Circuit.FirstPause.TotalMilliseconds)
                .Bind(8, (long)manifest.Circuit.LongestPause.TotalMilliseconds).Bind(9, manifest.HealthPath);
            if (manifest.Rate is { } rate) row.Bind(3, rate.PerSecond).Bind(4, rate.Burst);
            row.Run();
        }

        return manifests.Count;
    }
}
