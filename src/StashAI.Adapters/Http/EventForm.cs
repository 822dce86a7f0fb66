using System.Text.Json;

namespace StashAI.Adapters.Http;

/// <summary>What a whole stream of events is on a route: how it ends, and which events are errors.</summary>
/// <param name="End">How it ends, for people.</param>
/// <param name="EndsWithDone">True when <c>data: [DONE]</c> ends it.</param>
/// <param name="EndTypes">The types of events that end it.</param>
internal sealed record EventForm(string End, bool EndsWithDone, params IReadOnlyList<string> EndTypes)
{
    private const string FailedResponse = "response.failed";

    /// <summary>Makes the events of an answer that came as one JSON object; null for one of another form.</summary>
    public Func<JsonElement, byte[]?> FromWhole { get; init; } = static _ => null;

    /// <summary>True for an item that asks for a stream, as JSON or as the text of a form.</summary>
    public static bool IsAskedBy(ReadOnlyMemory<byte> item)
    {
        if (!MayAsk(item.Span)) return false;
        using var document = JsonText.ParseOrNull(item);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object) return false;
        return JsonText.FindMember(document.RootElement, "stream") is { } stream
            && (stream.ValueKind == JsonValueKind.True
                || (stream.ValueKind == JsonValueKind.String && JsonText.Of(stream).ToUpperInvariant() is "TRUE" or "1" or "YES"));
    }

    /// <summary>
    /// False for an item without the name, written as it is or with an escape. A line of a batch has none, and needs no document for it.
    /// </summary>
    private static bool MayAsk(ReadOnlySpan<byte> item) => item.IndexOf("\"stream\""u8) >= 0 || item.IndexOf("\\u"u8) >= 0;

    /// <summary>
    /// The events of an answer that came as one JSON object, since some servers take no notice of <c>stream</c>; null for an answer of
    /// another form.
    /// </summary>
    public byte[]? EventsOf(JsonElement answer)
    {
        try
        {
            return FromWhole(answer);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ArgumentException)
        {
            // A field has another type, half of a surrogate pair, or a name that is there twice.
            return null;
        }
    }

    /// <summary>True for the data of an event that ends the stream.</summary>
    public bool IsEnd(JsonElement data) => TypeOf(data) is { } type && EndTypes.Contains(type);

    /// <summary>True for the data of an event that ends a stream of a response with its failure.</summary>
    public static bool IsFailedResponse(JsonElement data) => TypeOf(data) == FailedResponse;

    /// <summary>Where the data of an event has its error, if it has one.</summary>
    public static JsonElement PlaceOfError(JsonElement data) =>
        IsFailedResponse(data) && JsonText.FindMember(data, "response") is { ValueKind: JsonValueKind.Object } response
            ? response
            : data;

    private static string? TypeOf(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object && JsonText.FindMember(data, "type") is { ValueKind: JsonValueKind.String } type
            ? JsonText.Of(type)
            : null;
}
