using System.Buffers;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>What a client asks for when it makes a batch, besides its file.</summary>
internal sealed record BatchRequest
{
    private const int MaxPairs = 16;
    private const int MaxKey = 64;
    private const int MaxValue = 512;
    private const int MaxConcurrency = 100_000;

    /// <summary>In the metadata of a batch whose output may be read while it runs.</summary>
    public const string PartialKey = "stashai_partial";

    /// <summary>The route that every line calls.</summary>
    public required string Endpoint { get; init; }

    /// <summary>How long the batch may take, as the client wrote it.</summary>
    public required string Window { get; init; }

    /// <summary>The client's own pairs, in order; null for none.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>>? Metadata { get; init; }

    /// <summary>How long the files of results are found after the end; null for as long as the job.</summary>
    public TimeSpan? OutputLifetime { get; init; }

    /// <summary>0 to 9, higher first.</summary>
    public int Priority { get; init; } = 5;

    /// <summary>The most lines that run at once; null for no limit of its own.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Whether lines take known results; null for the service's default.</summary>
    public ResultCache? Cache { get; init; }

    /// <summary>The batch whose failed lines this one repeats; null for the lines of its file.</summary>
    public Guid? SourceBatch { get; init; }

    /// <summary>The window as a time.</summary>
    public TimeSpan Time => CompletionWindow.TimeOf(Window)!.Value;

    /// <summary>True when the output may be read while the batch runs.</summary>
    public bool IsPartial => Metadata?.Any(pair => pair is { Key: PartialKey, Value: "true" }) == true;

    /// <summary>Reads a request. Unknown fields are left alone, as OpenAI does.</summary>
    /// <exception cref="RequestException">A field is missing or not valid.</exception>
    public static BatchRequest Read(JsonFields fields)
    {
        var endpoint = Required(fields, "endpoint");
        return new BatchRequest
        {
            Endpoint = endpoint,
            Window = ReadWindow(fields, Required(fields, "completion_window")),
            Metadata = ReadMetadata(fields),
            OutputLifetime = Lifetime.Read(fields, "output_expires_after"),
            Priority = JobSettings.ReadPriority(fields),
            Concurrency = fields.Integer("concurrency", 1, MaxConcurrency),
            Cache = ResultReuse.Read(fields),
        };
    }

    /// <summary>Reads what differs of a batch that repeats the failed lines of another.</summary>
    /// <param name="fields">The body; empty for no difference.</param>
    /// <param name="source">The id of the other batch.</param>
    /// <exception cref="RequestException">A field is not valid.</exception>
    public BatchRequest ForRetry(JsonFields fields, Guid source) => this with
    {
        SourceBatch = source,
        Window = fields.Text("completion_window") is { } window ? ReadWindow(fields, window) : Window,
        Metadata = fields.Has("metadata") ? ReadMetadata(fields) : Metadata,
        OutputLifetime = Lifetime.Read(fields, "output_expires_after") ?? OutputLifetime,
        Priority = fields.Has("priority") ? JobSettings.ReadPriority(fields) : Priority,
        Concurrency = fields.Integer("concurrency", 1, MaxConcurrency) ?? Concurrency,
        Cache = ResultReuse.Read(fields) ?? Cache,
    };

    /// <summary>A text that must be given.</summary>
    public static string Required(JsonFields fields, string name) => fields.Text(name) is { Length: > 0 } text
        ? text
        : throw RequestException.Missing(name, $"{name} is missing: send it as a text.");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static BatchRequest Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        var fields = new JsonFields("", document.RootElement);
        return new BatchRequest
        {
            Endpoint = fields.Text("endpoint")!,
            Window = fields.Text("window")!,
            Metadata = ReadMetadata(fields),
            OutputLifetime = fields.LongInteger("output_seconds", 0, long.MaxValue) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Priority = fields.Integer("priority", 0, 9) ?? 5,
            Concurrency = fields.Integer("concurrency", 1, int.MaxValue),
            Cache = ResultReuse.Read(fields),
            SourceBatch = fields.Text("source") is { } source ? Guid.Parse(source) : null,
        };
    }

    /// <summary>The request as JSON, for the store.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("endpoint", Endpoint);
            json.WriteString("window", Window);
            WriteMetadata(json);
            if (OutputLifetime is { } lifetime) json.WriteNumber("output_seconds", (long)lifetime.TotalSeconds);
            json.WriteNumber("priority", Priority);
            if (Concurrency is { } concurrency) json.WriteNumber("concurrency", concurrency);
            if (Cache is { } cache) json.WriteString(ResultReuse.Field, CacheWords.Of(cache));
            if (SourceBatch is { } source) json.WriteString("source", source);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the client's own pairs.</summary>
    public void WriteMetadata(Utf8JsonWriter json)
    {
        json.WritePropertyName("metadata");
        if (Metadata is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        foreach (var (key, value) in Metadata) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static string ReadWindow(JsonFields fields, string window) => CompletionWindow.TimeOf(window) is not null
        ? window
        : throw fields.Invalid("completion_window", CompletionWindow.Requirement);

    private static List<KeyValuePair<string, string>>? ReadMetadata(JsonFields fields)
    {
        if (fields.Object("metadata") is not { } given) return null;
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var pair in given.EnumerateObject())
        {
            if (pair.Name.Length > MaxKey) throw fields.Invalid("metadata", $"a key has more than {MaxKey} characters.");
            if (pair.Value.ValueKind != JsonValueKind.String || pair.Value.GetString() is not { Length: <= MaxValue } value)
                throw fields.Invalid("metadata", $"each value must be a text of at most {MaxValue} characters.");
            pairs.Add(new(pair.Name, value));
        }

        return pairs.Count <= MaxPairs ? pairs : throw fields.Invalid("metadata", $"has {pairs.Count} pairs; {MaxPairs} are the most.");
    }
}
