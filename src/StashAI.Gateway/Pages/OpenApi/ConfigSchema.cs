using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>The schema of a service's <c>config</c>: its own keys, and the keys of every job.</summary>
internal static class ConfigSchema
{
    public static JsonObject Of(ServiceEntry entry)
    {
        var schema = entry.Config.Type == FieldType.Record
            ? FieldSchemaNode.Of(entry.Config)
            : new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() };
        var properties = schema["properties"]!.AsObject();
        foreach (var (name, shared) in Shared()) properties[name] = shared;
        foreach (var name in AddressFields(entry)) properties[name] = Address();
        return schema;
    }

    /// <summary>True when a request cannot go without one.</summary>
    public static bool IsRequired(ServiceEntry entry) =>
        entry.Config.Properties.Any(property => property.Value is { IsRequired: true, Default: null });

    /// <summary>The fields in which a client names another instance of the service.</summary>
    public static IReadOnlyList<string> AddressFields(ServiceEntry entry) => [$"{entry.Name.Replace('-', '_')}_api_url", "api_url"];

    public static JsonObject Address() => Text("Another instance of the service, under the server's outbound policy.");

    /// <summary>The fields of <c>config</c> for every job; a test compares them with the names that declarations may not use.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Shared() => new Dictionary<string, JsonObject>
    {
        ["job_name"] = Text("For people."),
        ["user_id"] = Text("Shown with the job; lists of jobs can be filtered by it."),
        ["session_id"] = Text("Shown with the job; lists of jobs can be filtered by it."),
        ["priority"] = new()
        {
            ["description"] = "Higher first.",
            ["default"] = 5,
            ["oneOf"] = new JsonArray(
                Whole(0, 9), new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("low", "normal", "high") }),
        },
        ["batch_size"] = Whole(1, 100_000, "The most tasks of the job at once."),
        ["max_parallel"] = Whole(1, 100_000, "The same; the smaller one holds."),
        ["max_retries"] = Whole(0, 100, "How often a failed call is tried again; 3 unless given."),
        ["start_at"] = Time("Its tasks wait until then."),
        ["deadline"] = Time("What is not over by then fails."),
        [ResultReuse.Field] = new()
        {
            ["description"] = "Whether its tasks take known results: off, use, or refresh, which computes each anew once.",
            ["type"] = "string",
            ["enum"] = new JsonArray("off", "use", "refresh"),
        },
        ["tags"] = new()
        {
            ["description"] = "What people find the job by.",
            ["type"] = "array",
            ["maxItems"] = JobSettings.MaxTags,
            ["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = JobSettings.MaxTagLength },
        },
        ["webhook"] = Text("Who is told of its end: a webhook by its name, or an address under the server's outbound policy."),
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Time(string description) =>
        new() { ["type"] = "string", ["format"] = "date-time", ["description"] = description };

    private static JsonObject Whole(int least, int most, string? description = null)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };
        if (description is not null) schema["description"] = description;
        return schema;
    }
}
