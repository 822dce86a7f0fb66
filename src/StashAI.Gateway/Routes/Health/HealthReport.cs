using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Health;

/// <summary>Reports whether this process works, from a quick read of the database and from the contributors.</summary>
internal sealed class HealthReport(IRead store, IEnumerable<IHealthContributor> contributors, TimeProvider clock)
{
    public async Task<Result> ReadAsync(CancellationToken cancellationToken)
    {
        var isConnected = await HealthRoutes.IsConnectedAsync(store, clock, cancellationToken);
        PartHealth[] parts = [.. contributors.SelectMany(contributor => contributor.Check())];
        var worst = parts.Length == 0 ? HealthStatus.Healthy : parts.Max(part => part.Status);
        return new Result(isConnected, isConnected ? worst : HealthStatus.Unhealthy, parts);
    }

    /// <param name="IsConnected">True when the database answered.</param>
    /// <param name="Status">The worst status of all parts.</param>
    /// <param name="Parts">Every part.</param>
    internal sealed record Result(bool IsConnected, HealthStatus Status, IReadOnlyList<PartHealth> Parts)
    {
        /// <summary>False when a part does not work.</summary>
        public bool CanWork => Status != HealthStatus.Unhealthy;

        /// <summary>The status on the wire.</summary>
        public string Word => WordOf(Status);

        /// <summary>Writes the parts as the field <c>checks</c>.</summary>
        public void WriteChecks(Utf8JsonWriter json)
        {
            json.WriteStartArray("checks");
            foreach (var part in Parts)
            {
                json.WriteStartObject();
                json.WriteString("name", part.Name);
                json.WriteString("status", WordOf(part.Status));
                if (part.Since is { } since) json.WriteTime("since", since);
                if (part.Detail is { } detail) json.WriteString("detail", detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private static string WordOf(HealthStatus status) => status switch
        {
            HealthStatus.Healthy => "healthy",
            HealthStatus.Degraded => "degraded",
            _ => "unhealthy",
        };
    }
}
