using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>Which items of a job run again, and what differs.</summary>
internal sealed class RerunRequest
{
    private static readonly string[] Fields = ["only", "config", "name", "tags", "priority"];

    private readonly JsonFields config;
    private readonly JobSettings settings;
    private string? name;
    private IReadOnlyList<string>? tags;
    private int? priority;

    private RerunRequest(JsonFields config, DateTimeOffset now) => (this.config, settings) = (config, JobSettings.Read(config, now));

    /// <summary>True for the items whose tasks failed.</summary>
    public bool OnlyFailed { get; private set; }

    /// <summary>The changes for the service, without the settings that every job may have; null for none.</summary>
    public JsonDocument? Changes { get; private set; }

    /// <param name="body">The body; null when there is none.</param>
    /// <param name="now">The time.</param>
    public static RerunRequest Read(JsonElement? body, DateTimeOffset now)
    {
        if (body is not { } given) return new RerunRequest(new JsonFields("config", null), now);
        var root = JsonFields.Root(given);
        root.RefuseUnknown(Fields);
        var config = root.Object("config");
        var request = new RerunRequest(new JsonFields("config", config), now)
        {
            OnlyFailed = root.Text("only") switch
            {
                null or "all" => false,
                "failed" => true,
                "changed" => throw root.Invalid(
                    "only",
                    "changed is not possible: the items of a job are stored with it and do not change. Use failed, or all with another "
                    + "config."),
                var other => throw root.Invalid("only", $"'{other}' is not valid; use failed or all."),
            },
            name = root.Text("name"),
            tags = root.Has("tags") ? JobSettings.ReadTags(root) : null,
            priority = root.Has("priority") ? JobSettings.ReadPriority(root) : null,
        };
        if (config is { } changes && changes.EnumerateObject().Any(member => !JobSettings.Keys.Contains(member.Name)))
            request.Changes = JsonDocument.Parse(ConfigOnly(changes));
        return request;
    }

    /// <summary>The new job: that of the first, with what differs.</summary>
    public NewJob Apply(JobView source, ReadOnlyMemory<byte> changed, AdapterOperation? operation) => new()
    {
        Service = source.Service,
        JobType = source.JobType,
        TaskType = source.TaskType,
        Upstream = source.Upstream,
        Name = name ?? config.Text("job_name") ?? source.Name,
        IsSingleTask = source.IsSingleTask,
        UserId = config.Text("user_id") ?? source.UserId,
        SessionId = config.Text("session_id") ?? source.SessionId,
        Priority = priority ?? (config.Has("priority") ? settings.Priority : source.Priority),
        MaxParallel = settings.MaxParallel ?? source.MaxParallel,
        MaxAttempts = settings.MaxRetries + 1 ?? source.MaxAttempts,
        StartAt = settings.StartAt,
        Deadline = settings.Deadline,
        Cache = operation is null
            ? ResultCache.Off
            : ResultReuse.Of(settings.Cache ?? (operation.ResultVersion is null ? null : source.Cache), operation),
        Tags = tags ?? (config.Has("tags") ? settings.Tags : source.Tags),
        SourceJob = source.JobId,
        Webhook = settings.Webhook,
        Config = changed,
    };

    private static ReadOnlyMemory<byte> ConfigOnly(JsonElement changes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var member in changes.EnumerateObject().Where(member => !JobSettings.Keys.Contains(member.Name))) member.WriteTo(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
