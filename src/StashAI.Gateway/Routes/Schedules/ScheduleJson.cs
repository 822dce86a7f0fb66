using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Schedules;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>Schedules and their runs as <c>/api/schedules</c> shows them.</summary>
internal static class ScheduleJson
{
    /// <summary>A schedule as the body that would create it.</summary>
    public static JsonObject BodyOf(Schedule schedule) => new()
    {
        ["name"] = schedule.Name,
        ["cron"] = schedule.Cron,
        ["time_zone"] = schedule.TimeZone,
        ["overlap"] = WordOf(schedule.Overlap),
        ["service"] = schedule.Service,
        ["operation"] = schedule.Operation,
        ["config"] = schedule.Config is { } config ? JsonNode.Parse(config) : null,
        ["deadline_seconds"] = schedule.DeadlineSeconds,
        ["source"] = JsonNode.Parse(schedule.Source),
        ["paused"] = schedule.IsPaused,
    };

    /// <param name="json">The writer.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="withAddresses">True for a caller who may change it, who gets it as it was sent.</param>
    /// <param name="names">The names of jobs by id; those of removed jobs are missing.</param>
    public static void Write(Utf8JsonWriter json, Schedule schedule, bool withAddresses, IReadOnlyDictionary<Guid, string> names)
    {
        json.WriteStartObject();
        json.WriteString("id", schedule.Id);
        var body = BodyOf(schedule);
        if (!withAddresses)
        {
            WebhookAddress.HideIn(body["config"]);
            WebhookAddress.HideIn((body["source"]?["body"] as JsonObject)?["config"]);
        }

        foreach (var (name, value) in body)
        {
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }

        json.WriteString("owner", schedule.Owner);
        json.WriteTime("next_run_at", schedule.DueAt);
        json.WritePropertyName("last_run");
        if (schedule.LastRun is { } last) Write(json, last, names);
        else json.WriteNullValue();
        json.WriteTime("created_at", schedule.CreatedAt);
        json.WriteTime("updated_at", schedule.UpdatedAt);
        json.WriteEndObject();
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, Schedule, bool, IReadOnlyDictionary{Guid, string})"/>
    public static void Write(Utf8JsonWriter json, ScheduleRun run, IReadOnlyDictionary<Guid, string> names)
    {
        json.WriteStartObject();
        json.WriteTime("moment", run.Moment);
        json.WriteBoolean("asked", run.IsAsked);
        json.WriteString("state", WordOf(run.State));
        json.WriteTime("started_at", run.StartedAt);
        json.WriteTime("finished_at", run.FinishedAt);
        if (run.JobId is { } job) json.WriteString("job_id", job);
        else json.WriteNull("job_id");
        json.WriteString("job_name", run.JobId is { } named ? names.GetValueOrDefault(named) : null);
        json.WriteNumberOrNull("items", run.Items);
        json.WriteString("reason", run.Reason);
        json.WriteEndObject();
    }

    private static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
