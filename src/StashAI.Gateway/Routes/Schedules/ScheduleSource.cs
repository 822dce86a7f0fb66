using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>Where the items of a schedule come from.</summary>
internal abstract record ScheduleSource
{
    private const string Name = "source";

    private static readonly string[] Types = ["folder", "ndjson", "body"];

    /// <exception cref="RequestException">It is not valid.</exception>
    public static ScheduleSource Read(JsonElement? given)
    {
        var fields = new JsonFields(
            Name,
            given ?? throw RequestException.Missing(
                Name, """A source is needed, such as {"type":"folder","path":"/photos","only":"changed"}."""));
        return fields.Text("type") switch
        {
            "folder" => FolderSource.Read(fields),
            "ndjson" => NdjsonSource.Read(fields),
            "body" => BodySource.Read(fields),
            null => throw RequestException.Missing($"{Name}.type", $"source.type is missing; use {string.Join(", ", Types)}."),
            var other => throw fields.Invalid("type", $"'{other}' is not valid; use {string.Join(", ", Types)}."),
        };
    }

    /// <summary>A source as it was stored.</summary>
    public static ScheduleSource Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    protected static string PathOf(JsonFields fields, string what) => fields.Text("path") is { Length: > 0 } path
        ? path
        : throw RequestException.Missing($"{Name}.path", $"source.path is missing: the absolute path of {what} on the server.");
}

/// <summary>The files of a folder, an item each.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="IsRecursive">True with the folders inside it.</param>
/// <param name="Extensions">Only files with these endings, without dots; null for those that the service takes.</param>
/// <param name="OnlyChanged">True for files that are new or changed since they were submitted.</param>
internal sealed record FolderSource(string Path, bool IsRecursive, IReadOnlyList<string>? Extensions, bool OnlyChanged) : ScheduleSource
{
    private const int MaxExtensions = 50;

    public static FolderSource Read(JsonFields fields)
    {
        fields.RefuseUnknown("type", "path", "recursive", "types", "only");
        var only = fields.Text("only");
        if (only is not (null or "all" or "changed")) throw fields.Invalid("only", $"'{only}' is not valid; use all or changed.");
        return new FolderSource(
            PathOf(fields, "a folder"), fields.Flag("recursive") ?? true, ReadTypes(fields), OnlyChanged: only == "changed");
    }

    private static List<string>? ReadTypes(JsonFields fields)
    {
        if (fields.Array("types") is not { } list) return null;
        var types = new List<string>();
        foreach (var one in list.EnumerateArray())
        {
            var type = one.ValueKind == JsonValueKind.String ? one.GetString()!.TrimStart('*').TrimStart('.').ToLowerInvariant() : "";
            if (type.Length is 0 or > 20 || type.AsSpan().ContainsAny('/', '\\', '*'))
                throw fields.Invalid("types", "must be a list of endings of file names, such as [\"jpg\",\"png\"].");
            types.Add(type);
        }

        return types.Count is > 0 and <= MaxExtensions
            ? types
            : throw fields.Invalid("types", $"must have 1 to {MaxExtensions} endings; leave it out for all that the service takes.");
    }
}

/// <summary>A file with an item on each line.</summary>
internal sealed record NdjsonSource(string Path) : ScheduleSource
{
    public static NdjsonSource Read(JsonFields fields)
    {
        fields.RefuseUnknown("type", "path");
        return new NdjsonSource(PathOf(fields, "a file with an item on each line"));
    }
}

/// <summary>The same body each time.</summary>
/// <param name="Body">The body of a submit, as JSON.</param>
internal sealed record BodySource(string Body) : ScheduleSource
{
    public static BodySource Read(JsonFields fields)
    {
        fields.RefuseUnknown("type", "body");
        return new BodySource((fields.Object("body") ?? throw RequestException.Missing(
            "source.body", """source.body is missing: the body of a submit, such as {"items":["a text"]}.""")).GetRawText());
    }
}
