using System.Text.Json.Nodes;

namespace StashAI.Client.Models;

/// <summary>Which jobs a bulk operation acts on: those that match when it is asked for.</summary>
public sealed record BulkFilter : JobFilter
{
    /// <summary>Makes a filter that must be narrowed, or sent with <see cref="All"/>.</summary>
    public BulkFilter()
    {
    }

    private BulkFilter(JobFilter filter)
        : base(filter)
    {
    }

    /// <summary>Only these jobs; empty for all.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>True is needed to act on every job, with a filter that has no condition.</summary>
    public bool All { get; init; }

    /// <summary>A bulk filter with the conditions of another.</summary>
    /// <param name="filter">Which jobs.</param>
    public static BulkFilter Of(JobFilter filter) => new(filter);

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (name, value) in Parameters())
        {
            json[name] = name switch
            {
                "paused" => JsonValue.Create(value == "true"),
                "state" => new JsonArray([.. value!.Split(',').Select(state => JsonValue.Create(state))]),
                _ => JsonValue.Create(value),
            };
        }

        if (Ids.Count > 0) json["ids"] = new JsonArray([.. Ids.Select(id => JsonValue.Create(id))]);
        return json;
    }
}
