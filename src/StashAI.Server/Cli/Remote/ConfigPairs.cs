using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Remote;

/// <summary>`--config KEY=VALUE`: a value that is JSON is taken as JSON, any other as text.</summary>
internal static class ConfigPairs
{
    public static JsonObject Read(IEnumerable<string> pairs)
    {
        var config = new JsonObject();
        foreach (var pair in pairs)
        {
            if (pair.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new UsageException($"--config must be KEY=VALUE, not '{pair}'.");

            config[key] = ValueOf(value);
        }

        return config;
    }

    /// <summary>A number of 0 to 9, or a word.</summary>
    public static int? Priority(string? text) => text switch
    {
        null => null,
        "low" => 1,
        "normal" => 5,
        "high" => 9,
        [>= '0' and <= '9'] => text[0] - '0',
        _ => throw new UsageException($"--priority must be 0 to 9, low, normal or high, not '{text}'."),
    };

    private static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
