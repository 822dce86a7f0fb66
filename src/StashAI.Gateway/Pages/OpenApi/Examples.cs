using System.Text.Json.Nodes;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>The example files, which are part of the program.</summary>
internal static class Examples
{
    /// <summary>An example of its own to be put somewhere; null when there is none of that name.</summary>
    public static JsonNode? Find(string name)
    {
        using var stream = typeof(Examples).Assembly.GetManifestResourceStream($"examples/{name}.json");
        return stream is null ? null : JsonNode.Parse(stream);
    }

    public static JsonNode Get(string name) => Find(name) ?? throw new InvalidOperationException($"OpenApi/Examples has no {name}.json.");
}
