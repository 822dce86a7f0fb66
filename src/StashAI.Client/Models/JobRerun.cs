using System.Text.Json.Nodes;

namespace StashAI.Client.Models;

/// <summary>Which items of a job run again as a new job, and what differs.</summary>
public sealed record JobRerun
{
    /// <summary>True for the items whose tasks failed; false, the default, for all.</summary>
    public bool OnlyFailed { get; init; }

    /// <summary>Put over the configuration of the first job; a null takes a key away. Null for no change.</summary>
    public JsonObject? Config { get; init; }

    /// <summary>What the new job is called; null for the name of the first.</summary>
    public string? Name { get; init; }

    /// <summary>What people find the new job by; null for the tags of the first.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>0 to 9; null for the priority of the first job.</summary>
    public int? Priority { get; init; }

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["only"] = OnlyFailed ? "failed" : "all" };
        if (Config is { } config) json["config"] = config.DeepClone();
        if (Name is { } name) json["name"] = name;
        if (Tags is { } tags) json["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]);
        if (Priority is { } priority) json["priority"] = priority;
        return json;
    }
}
