using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A schedule to create.</summary>
public sealed record NewSchedule
{
    /// <summary>A unique name of at most 100 characters, without <c>/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// When it runs: five fields (minutes, hours, days of the month, months, days of the week), or <c>@hourly</c>, <c>@daily</c>,
    /// <c>@weekly</c>, <c>@monthly</c> or <c>@yearly</c>.
    /// </summary>
    public required string Cron { get; init; }

    /// <summary>The IANA name of a time zone, such as <c>Europe/Berlin</c>; null for the server's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }

    /// <summary>What happens while the job of the run before is not over; null for <see cref="ScheduleOverlap.Skip"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScheduleOverlap? Overlap { get; init; }

    /// <summary>The service to submit to.</summary>
    public required string Service { get; init; }

    /// <summary>The operation; null for the only or the default one of the service.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Operation { get; init; }

    /// <summary>The <c>config</c> of each submit, such as <c>{"threshold":0.6,"tags":["nightly"]}</c>; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Config { get; init; }

    /// <summary>How many seconds after its submit a job may take, 1 or more; null for no deadline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DeadlineSeconds { get; init; }

    /// <summary>Where the items come from: made by <see cref="ScheduleSource"/>.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>True to create it paused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Paused { get; init; }
}

/// <summary>What to change of a schedule. What is null stays as it is.</summary>
public sealed record ScheduleChange
{
    /// <summary>The unique name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>When it runs, as <see cref="NewSchedule.Cron"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cron { get; init; }

    /// <summary>The IANA name of a time zone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }

    /// <summary>What happens while the job of the run before is not over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScheduleOverlap? Overlap { get; init; }

    /// <summary>The <c>config</c> of each submit, in place of the present one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Config { get; init; }

    /// <summary>How many seconds after its submit a job may take.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DeadlineSeconds { get; init; }

    /// <summary>Where the items come from. Another folder makes all its files new.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Source { get; init; }

    /// <summary>True stops it from running by itself; false lets it run again from its next moment on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Paused { get; init; }

    /// <summary>True makes the key of this client the owner, with whose rights it submits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakeOver { get; init; }
}

/// <summary>Sources of schedules.</summary>
public static class ScheduleSource
{
    /// <summary>The files of a folder of the server, an item each.</summary>
    /// <param name="path">The absolute path, under a folder of the server's <c>ALLOWED_FOLDERS</c>.</param>
    /// <param name="onlyChanged">True for files that are new or changed since they were submitted; false for all, each time.</param>
    /// <param name="types">Only files with these endings, such as <c>jpg</c>; null for those that the service takes.</param>
    /// <param name="recursive">True with the folders inside.</param>
    public static JsonObject Folder(string path, bool onlyChanged = true, IEnumerable<string>? types = null, bool recursive = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var source = new JsonObject
        {
            ["type"] = "folder",
            ["path"] = path,
            ["recursive"] = recursive,
            ["only"] = onlyChanged ? "changed" : "all",
        };
        if (types is not null) source["types"] = new JsonArray([.. types.Select(type => JsonValue.Create(type))]);
        return source;
    }

    /// <summary>The lines of a file of the server, an item each.</summary>
    /// <param name="path">The absolute path, under a folder of the server's <c>ALLOWED_FOLDERS</c>.</param>
    public static JsonObject Ndjson(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new JsonObject { ["type"] = "ndjson", ["path"] = path };
    }

    /// <summary>The same body each time.</summary>
    /// <param name="body">The body of a submit, with <c>items</c>.</param>
    public static JsonObject Body(JsonObject body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new JsonObject { ["type"] = "body", ["body"] = body.DeepClone() };
    }
}
