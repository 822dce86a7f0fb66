using System.Text.Json;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Lanes;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Services;

/// <summary>Writes services.</summary>
internal static class ServiceJson
{
    /// <summary>Writes a service as it is now.</summary>
    public static void Write(
        Utf8JsonWriter json, ServiceList.Entry entry, long waiting, ServiceSnapshot services, Pauses pauses,
        IReadOnlyDictionary<long, WaitReason?> reasons, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteBoolean("configured", services.IsConfigured(entry.Name));
        json.WriteString("address", services.AddressOf(entry.Name) is { } own ? $"{own.Scheme}://{own.Authority}" : null);
        json.WriteBoolean("called", entry.Lanes.Count > 0);
        json.WriteBoolean("paused", pauses.Includes(entry.Name));
        json.WriteTime("paused_until", pauses.EndOf(entry.Name));
        json.WriteNumber("running", entry.Lanes.Sum(lane => lane.Running));
        json.WriteNumber("waiting", waiting);
        if (entry.Manifest is { } manifest) WriteManifest(json, manifest, entry.Limits.InForce);
        else json.WriteNull("declared");
        WriteView(json, entry.Manifest?.View);
        WriteValues(json, "set", entry.Limits.Set);
        WriteHours(json, entry.Limits, now);
        json.WriteStartArray("lanes");
        foreach (var lane in entry.Lanes)
        {
            json.WriteStartObject();
            json.WriteString("authority", lane.Authority);
            json.WriteString("address", AddressOf(entry.Name, lane, services));
            json.WriteNumber("running", lane.Running);
            json.WriteString("circuit", Word(lane.Circuit));
            json.WriteTime("asked_again_at", lane.NextProbeAt);
            json.WriteTime("blocked_until", lane.BlockedUntil > now ? lane.BlockedUntil : null);
            WaitJson.Write(json, reasons[lane.Key]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>
    /// What the lane calls. The lane of the address that a service is configured with has the service's name, so that its tasks follow when
    /// the address changes.
    /// </summary>
    private static string? AddressOf(string service, LaneView lane, ServiceSnapshot services) => lane.Authority != service
        ? lane.Authority
        : services.AddressOf(service) is { } address ? $"{address.Scheme}://{address.Authority}" : null;

    private static void WriteManifest(Utf8JsonWriter json, AdapterManifest manifest, LimitValues inForce)
    {
        json.WriteStartArray("operations");
        foreach (var operation in manifest.Operations)
        {
            json.WriteStartObject();
            json.WriteString("name", operation.Name);
            json.WriteString("task_type", operation.TaskType);
            json.WriteString("job_type", operation.JobType);
            json.WriteBoolean("aggregates", operation.Fold is not null);
            WriteView(json, operation.View ?? manifest.View);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("limits");
        json.WriteNumberOrNull("max_running", inForce.MaxRunning);
        json.WriteNumberOrNull("rate_per_second", inForce.RatePerSecond);
        json.WriteNumberOrNull("rate_burst", inForce.RateBurst);
        json.WriteNumber("attempt_timeout_seconds", manifest.AttemptTimeout.TotalSeconds);
        json.WriteStartArray("required_labels");
        foreach (var label in manifest.RequiredLabels) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("circuit_settings");
        json.WriteNumber("failures", manifest.Circuit.Failures);
        json.WriteNumber("first_pause_seconds", manifest.Circuit.FirstPause.TotalSeconds);
        json.WriteNumber("longest_pause_seconds", manifest.Circuit.LongestPause.TotalSeconds);
        json.WriteString("health_path", manifest.HealthPath);
        json.WriteEndObject();
        WriteValues(
            json, "declared",
            new LimitValues(
                manifest.MaxRunning, manifest.Rate?.PerSecond, manifest.Rate?.Burst, manifest.AllowedHours?.ToString()));
    }

    private static void WriteView(Utf8JsonWriter json, ResultView? view)
    {
        if (view is null)
        {
            json.WriteNull("view");
            return;
        }

        json.WriteStartObject("view");
        json.WriteString("kind", view.Kind);
        foreach (var (part, pointer) in view.Parts) json.WriteString(part, pointer);
        json.WriteEndObject();
    }

    /// <summary>Writes limits under the names that <c>PATCH</c> takes.</summary>
    private static void WriteValues(Utf8JsonWriter json, string name, LimitValues values)
    {
        json.WriteStartObject(name);
        json.WriteNumberOrNull("max_parallel", values.MaxRunning);
        json.WriteNumberOrNull("rate", values.RatePerSecond);
        json.WriteNumberOrNull("burst", values.RateBurst);
        json.WriteString("allowed_hours", values.Hours);
        json.WriteEndObject();
    }

    private static void WriteHours(Utf8JsonWriter json, ServiceLimits limits, DateTimeOffset now)
    {
        if (limits.InForce.Hours is not { } hours)
        {
            json.WriteNull("allowed_hours");
            return;
        }

        var closes = limits.OpenUntil > now && limits.OpenUntil.Value.Year < 9999 ? limits.OpenUntil : null;
        json.WriteStartObject("allowed_hours");
        json.WriteString("hours", hours);
        json.WriteBoolean("open", !limits.IsClosed(now));
        json.WriteTime("opens_at", limits.OpenFrom > now ? limits.OpenFrom : null);
        json.WriteTime("closes_at", closes);
        json.WriteEndObject();
    }

    private static string Word(CircuitState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
