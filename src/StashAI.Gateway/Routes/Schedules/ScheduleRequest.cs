using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Schedules;
using StashAI.Queue.Services;
using StashAI.Streams.Texts;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>Reads a schedule from a body, and checks all that a run would stumble over.</summary>
internal sealed class ScheduleRequest(ServiceCatalog catalog, ServiceRegistry registry, AllowedFolders folders, TimeProvider clock)
{
    private const int MaxName = 100;

    private const int MaxDeadline = 366 * 24 * 3600;

    private static readonly string[] Fields =
        ["name", "cron", "time_zone", "overlap", "service", "operation", "config", "deadline_seconds", "source", "paused"];

    /// <summary>A new schedule.</summary>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public Schedule Read(JsonElement body, string? owner)
    {
        var fields = JsonFields.Root(body);
        fields.RefuseUnknown(Fields);
        var schedule = Read(fields) with { Owner = owner };
        CheckTarget(schedule);
        return schedule with { DueAt = schedule.IsPaused ? null : NextOf(schedule) };
    }

    /// <summary>A schedule with changes: members of the body replace its own, and null takes the default.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="body">The changes.</param>
    /// <param name="caller">The name of the caller's key, for <c>take_over</c>.</param>
    /// <returns>The changed schedule, and whether files that were submitted count as new again.</returns>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public (Schedule Changed, bool ForgetFiles) Change(Schedule schedule, JsonElement body, string? caller)
    {
        var given = JsonFields.Root(body);
        given.RefuseUnknown([.. Fields, "take_over"]);
        if (!body.EnumerateObject().Any())
            throw RequestException.Missing("body", $"The body names nothing to change: {Excerpt.List([.. Fields, "take_over"])}.");
        var merged = ScheduleJson.BodyOf(schedule);
        foreach (var member in body.EnumerateObject().Where(one => one.Name != "take_over"))
            merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        using var whole = JsonDocument.Parse(merged.ToJsonString());
        var read = Read(JsonFields.Root(whole.RootElement));
        var changed = schedule with
        {
            Name = read.Name,
            Cron = read.Cron,
            TimeZone = read.TimeZone,
            Overlap = read.Overlap,
            Service = read.Service,
            Operation = read.Operation,
            Config = read.Config,
            DeadlineSeconds = read.DeadlineSeconds,
            Source = read.Source,
            IsPaused = read.IsPaused,
            Owner = given.Flag("take_over") ?? false ? caller : schedule.Owner,
        };
        var isElsewhere = (changed.Service, changed.Operation) != (schedule.Service, schedule.Operation)
            || FolderOf(changed) != FolderOf(schedule);
        // A pause must work, whatever has become of the service.
        if (isElsewhere || changed.Config != schedule.Config || changed.Source != schedule.Source) CheckTarget(changed);
        var isRescheduled = (changed.Cron, changed.TimeZone, changed.IsPaused) != (schedule.Cron, schedule.TimeZone, schedule.IsPaused);
        if (isRescheduled) changed = changed with { DueAt = changed.IsPaused ? null : NextOf(changed) };
        return (changed, isElsewhere);
    }

    private Schedule Read(JsonFields fields)
    {
        var config = fields.Object("config");
        CheckConfig(new JsonFields("config", config));
        var schedule = new Schedule
        {
            Id = Guid.CreateVersion7(),
            Name = ReadName(fields),
            Cron = Required(fields, "cron", "five fields, such as 0 3 * * * for three o'clock each night").Trim(),
            TimeZone = ScheduleZones.NameOf(fields.Text("time_zone"), clock.LocalTimeZone),
            Overlap = fields.Text("overlap") switch
            {
                null or "skip" => ScheduleOverlap.Skip,
                "queue" => ScheduleOverlap.Queue,
                var other => throw fields.Invalid("overlap", $"'{Excerpt.Of(other)}' is not valid; use skip or queue."),
            },
            Service = Required(fields, "service", "one of those that GET /api/services lists"),
            Operation = fields.Text("operation"),
            Config = config is { } given ? JsonSerializer.Serialize(given) : null,
            DeadlineSeconds = fields.Integer("deadline_seconds", 1, MaxDeadline),
            Source = fields.Object("source") is { } source ? JsonSerializer.Serialize(source) : "",
            IsPaused = fields.Flag("paused") ?? false,
        };
        _ = ScheduleSource.Read(fields.Object("source"));
        _ = NextOf(schedule);
        return schedule;
    }

    private DateTimeOffset NextOf(Schedule schedule) =>
        CronLine.Parse(schedule.Cron, schedule.TimeZone).Next(clock.GetUtcNow()) ?? throw RequestException.Invalid(
            "cron", $"'{Excerpt.Of(schedule.Cron)}' never comes: no year has such a day.");

    private static string ReadName(JsonFields fields)
    {
        var name = Required(fields, "name", "a unique name, such as new-photos");
        if (Characters.CountOf(name) > MaxName || name.Any(char.IsControl) || name.Contains('/', StringComparison.Ordinal)
            || name != name.Trim())
        {
            throw fields.Invalid("name", $"must have at most {MaxName} characters, on one line, without / and outer spaces.");
        }

        return Guid.TryParse(name, out _) ? throw fields.Invalid("name", "must not look like an id.") : name;
    }

    private static string Required(JsonFields fields, string name, string what) => fields.Text(name) is { Length: > 0 } text
        ? text
        : throw RequestException.Missing(name, $"{name} is missing: {what}.");

    private void CheckConfig(JsonFields config)
    {
        foreach (var name in (ReadOnlySpan<string>)["start_at", "deadline"])
        {
            if (config.Has(name))
                throw config.Invalid(name, "is a fixed time, and a schedule repeats; leave it out, or send deadline_seconds.");
        }

        _ = JobSettings.Read(config, clock.GetUtcNow());
    }

    /// <summary>Checks the service, its configuration and the source, as each run does again.</summary>
    private void CheckTarget(Schedule schedule)
    {
        var target = ScheduleTarget.Find(catalog, registry, schedule.Service, schedule.Operation);
        using var config = JsonDocument.Parse(schedule.Config ?? "{}");
        CheckSecrets(target, new JsonFields("config", config.RootElement));
        CheckOwnConfig(schedule, config.RootElement);
        switch (ScheduleSource.Parse(schedule.Source))
        {
            case FolderSource folder:
                if (target.FileField is null)
                    throw RequestException.Invalid("source.type", $"an item of {schedule.Service} holds no file; use ndjson or body.");
                if (folders.FindFolder(folder.Path) is { Reason: { } reason }) throw RequestException.Invalid("source.path", reason);
                break;
            case NdjsonSource lines:
                if (folders.Find(lines.Path) is { Reason: { } why }) throw RequestException.Invalid("source.path", why);
                break;
            case BodySource fixedBody:
                using (var body = JsonDocument.Parse(fixedBody.Body))
                {
                    var own = new JsonFields("source.body.config", new JsonFields("source.body", body.RootElement).Object("config"));
                    CheckConfig(own);
                    CheckSecrets(target, own);
                }

                break;
        }
    }

    /// <summary>A schedule is shown to everybody who may read, and its runs send what it keeps.</summary>
    private static void CheckSecrets(ScheduleTarget target, JsonFields config)
    {
        foreach (var name in target.Secrets)
        {
            if (config.Has(name))
                throw config.Invalid(name, "is a secret, and schedules keep none; set it in the declaration of the service.");
        }
    }

    /// <summary>The keys of a declared service; services in code check theirs at the submit.</summary>
    private void CheckOwnConfig(Schedule schedule, JsonElement config)
    {
        if (catalog.Find(schedule.Service) is not { } entry) return;
        var own = new JsonObject();
        foreach (var member in config.EnumerateObject().Where(member => !JobSettings.Keys.Contains(member.Name)))
            own[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        using var document = JsonDocument.Parse(own.ToJsonString());
        // The body of a source may hold the required keys.
        if (ScheduleSource.Parse(schedule.Source) is not BodySource) _ = DeclaredRequest.CheckConfig(entry, document.RootElement);
    }

    private static string? FolderOf(Schedule schedule) => (ScheduleSource.Parse(schedule.Source) as FolderSource)?.Path;
}
