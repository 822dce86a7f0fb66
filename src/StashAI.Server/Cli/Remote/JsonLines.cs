using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Hosting.Settings;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Remote;

/// <summary>Prints objects as JSON, one a line, whole or only some of their fields.</summary>
internal sealed class JsonLines
{
    private static readonly JsonSerializerOptions Readable =
        new(StashJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string[] fields;

    private JsonLines(string[] fields) => this.fields = fields;

    /// <summary>What the value of `--json` asks for; null when it was not given.</summary>
    public static JsonLines? Of(string? value) => value switch
    {
        null => null,
        RemoteFlags.AllFields or "" => new JsonLines([]),
        var list => new JsonLines(list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    };

    public static string Text(JsonNode? node) => node?.ToJsonString(Readable) ?? "null";

    public static string Text(JsonElement element) => JsonSerializer.Serialize(element, Readable);

    public Task WriteAsync<T>(TextWriter output, T value) =>
        WriteAsync(output, JsonSerializer.SerializeToNode(value, Readable)!.AsObject());

    public Task WriteAsync(TextWriter output, JsonObject value) => output.WriteLineAsync(Text(Chosen(value)));

    private JsonObject Chosen(JsonObject all)
    {
        if (fields.Length == 0) return all;
        var chosen = new JsonObject();
        foreach (var field in fields)
        {
            if (!all.TryGetPropertyValue(field, out var value))
            {
                var names = all.Select(one => one.Key).ToList();
                var nearest = NearestName.Of(field, names) is { } name ? $" Did you mean '{name}'?" : "";
                throw new UsageException(
                    $"{RemoteFlags.JsonName} has no field '{field}'.{nearest} The fields are {string.Join(", ", names)}.");
            }

            chosen[field] = value?.DeepClone();
        }

        return chosen;
    }
}
