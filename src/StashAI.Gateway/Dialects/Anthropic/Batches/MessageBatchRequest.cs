using System.Buffers;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Dialects.Batches;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>What a client asks for when it makes a batch, besides its requests.</summary>
/// <param name="Time">How long the batch may take.</param>
/// <param name="IsPartial">True when results may be read while it runs.</param>
internal sealed record MessageBatchRequest(TimeSpan Time, bool IsPartial)
{
    /// <summary>Asks for results while the batch runs.</summary>
    public const string PartialHeader = "StashAI-Partial-Results";

    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(24);

    private static readonly string[] Fields = [RequestSink.List, "completion_window", "priority", "concurrency"];

    /// <summary>0 to 9, higher first.</summary>
    public int Priority { get; private init; } = 5;

    /// <summary>The most requests that run at once; null for no limit of its own.</summary>
    public int? Concurrency { get; private init; }

    /// <summary>Reads what stands beside the requests.</summary>
    /// <exception cref="RequestException">A field is not known or not valid.</exception>
    public static MessageBatchRequest Read(JsonFields fields, bool isPartial)
    {
        fields.RefuseUnknown(Fields);
        var time = UsualTime;
        if (fields.Text("completion_window") is { } window)
            time = CompletionWindow.TimeOf(window) ?? throw fields.Invalid("completion_window", CompletionWindow.Requirement);
        return new MessageBatchRequest(time, isPartial)
        {
            Priority = JobSettings.ReadPriority(fields),
            Concurrency = fields.Integer("concurrency", 1, 100_000),
        };
    }

    /// <summary>True when a request asks for results while the batch runs.</summary>
    /// <exception cref="RequestException">The header has another value than true or false.</exception>
    public static bool WantsPartial(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(PartialHeader, out var values)) return false;
        return values.Count == 1 && bool.TryParse(values[0], out var wants)
            ? wants
            : throw RequestException.Missing(PartialHeader, $"{PartialHeader} must be given once, as true or false.");
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static MessageBatchRequest Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        var fields = new JsonFields("", document.RootElement);
        return new MessageBatchRequest(
            TimeSpan.FromSeconds(fields.LongInteger("seconds", 0, long.MaxValue) ?? 0), fields.Flag("partial") is true);
    }

    /// <summary>What is kept of the request, as JSON for the store.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("seconds", (long)Time.TotalSeconds);
            json.WriteBoolean("partial", IsPartial);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
