using System.Text.Json;
using StashAI.Adapters.Http.Costs;

namespace StashAI.Adapters.Http.Calls;

/// <summary>
/// Reads how many tokens an answer took, in the form of OpenAI or of Anthropic, whole or in pieces. Of an answer in pieces, a later event
/// says more than an earlier one.
/// </summary>
internal sealed class UsageReader
{
    /// <summary>The counts that a price is for; others, such as a total, say nothing more.</summary>
    private static readonly string[] Names =
    [
        "prompt_tokens", "input_tokens", "completion_tokens", "output_tokens", "cached_tokens", "cache_read_input_tokens",
        "cache_creation_input_tokens",
    ];

    /// <summary>The counts so far; null for one that is no count, by which the whole usage is not known.</summary>
    private readonly Dictionary<string, long?> counts = new(StringComparer.Ordinal);

    /// <summary>The model that the answer names; null for none.</summary>
    public string? Model { get; private set; }

    /// <summary>The tokens; null where the answer does not say, or says something that is no count.</summary>
    public TokenUsage? Usage
    {
        get
        {
            if (counts.ContainsValue(null)) return null;
            // Only embeddings have no count of the answer; without that of the prompt, a part of the cost would pass for the whole.
            if (Count("prompt_tokens", "input_tokens") is not { } input) return null;
            var output = Count("completion_tokens", "output_tokens") ?? 0;
            var written = Count("cache_creation_input_tokens") ?? 0;
            // Anthropic counts what was read from a cache beside the input, OpenAI within it.
            if (Count("cache_read_input_tokens") is { } read) return new TokenUsage(input, read, written, output);
            var cached = Math.Min(input, Count("cached_tokens") ?? 0);
            return new TokenUsage(input - cached, cached, written, output);
        }
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="body">UTF-8: a JSON document, or lines of events.</param>
    public void Read(ReadOnlySpan<byte> body)
    {
        if (body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            ReadDocument(body);
            return;
        }

        foreach (var data in new EventData(body))
        {
            if (data.IndexOf("\"usage\""u8) >= 0) ReadDocument(data);
        }
    }

    private void ReadDocument(ReadOnlySpan<byte> json)
    {
        try
        {
            // Without a blank line between them, several events are one.
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using var document = JsonDocument.ParseValue(ref reader);
                var root = document.RootElement;
                Add(root);
                // The first event of a message, and the last of a response, hold it.
                if (Member(root, "message") is { } message) Add(message);
                if (Member(root, "response") is { } response) Add(response);
            }
        }
        catch (JsonException)
        {
            // What is not JSON says nothing.
        }
    }

    private void Add(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) return;
        if (answer.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String) Model = JsonText.Of(model);
        if (Member(answer, "usage") is not { } usage) return;
        AddCounts(usage);
        foreach (var details in (ReadOnlySpan<string>)["prompt_tokens_details", "input_tokens_details"])
        {
            if (Member(usage, details) is { } found) AddCounts(found);
        }
    }

    private void AddCounts(JsonElement usage)
    {
        foreach (var count in usage.EnumerateObject())
        {
            // Several servers write null for a count that they do not make.
            if (count.Value.ValueKind == JsonValueKind.Null || !Names.Contains(count.Name)) continue;
            counts[count.Name] = TokenCount.Of(count.Value);
        }
    }

    private long? Count(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (counts.TryGetValue(name, out var tokens)) return tokens;
        }

        return null;
    }

    private static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.Object ? member : null;
}
