using System.Globalization;
using System.Text.Json;

namespace StashAI.Adapters.Http;

/// <summary>
/// The error that the body of an answer reports, also where its status says that all is well: llama.cpp, Ollama and many proxies answer
/// <c>{"error":…}</c> with 200.
/// </summary>
/// <param name="Message">What went wrong, in the service's words.</param>
/// <param name="Status">The status that such an error usually has, by its code or its type; null when neither says it.</param>
public sealed record AnswerError(string Message, int? Status)
{
    /// <summary>Words in codes and types, and the statuses that errors with them have.</summary>
    private static readonly (string Word, int Status)[] Words =
    [
        ("rate_limit", 429), ("too_many", 429), ("quota", 429), ("throttl", 429), ("overloaded", 503), ("unavailable", 503),
        ("timeout", 504), ("authentication", 401), ("api_key", 401), ("permission", 403), ("forbidden", 403), ("not_found", 404),
        ("notfound", 404), ("too_large", 413), ("context_length", 400), ("bad_request", 400), ("badrequest", 400), ("invalid", 400),
        ("server_error", 500), ("api_error", 500), ("internal", 500),
    ];

    /// <summary>The error of an answer; null when it reports none.</summary>
    /// <param name="answer">The whole answer, or the data of an event of a stream.</param>
    public static AnswerError? Find(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) return null;
        // The errors of vLLM and the events of OpenAI's responses have their fields at the top.
        if (JsonText.FindMember(answer, "error") is not { } error || IsNothing(error))
            return IsWord(answer, "type") || IsWord(answer, "object") ? Of(answer) : null;
        return error.ValueKind == JsonValueKind.Object ? Of(error) : new AnswerError(Shortened(JsonText.Of(error)), StatusOf(answer));
    }

    /// <summary>The status of the error that the beginning of an answer reports; null where it reports none.</summary>
    /// <param name="head">The beginning of the answer.</param>
    /// <param name="unknown">The status of an error whose own words do not say it.</param>
    public static int? StatusIn(string? head, int unknown)
    {
        if (head?.TrimStart() is not ['{', ..]) return null;
        try
        {
            using var document = JsonDocument.Parse(head);
            return Find(document.RootElement) is { } error ? error.Status ?? unknown : null;
        }
        catch (JsonException)
        {
            // Of a long answer only the beginning is kept.
            return null;
        }
    }

    private static AnswerError Of(JsonElement error)
    {
        var message = JsonText.FindMember(error, "message") is { ValueKind: JsonValueKind.String } text ? text : error;
        return new AnswerError(Shortened(JsonText.Of(message)), StatusOf(error));
    }

    private static int? StatusOf(JsonElement error)
    {
        foreach (var name in (ReadOnlySpan<string>)["code", "status", "status_code"])
        {
            if (JsonText.FindMember(error, name) is { ValueKind: JsonValueKind.Number or JsonValueKind.String } value
                && int.TryParse(JsonText.Of(value), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                && status is >= 400 and <= 599)
            {
                return status;
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["code", "type", "status"])
        {
            if (JsonText.FindMember(error, name) is not { ValueKind: JsonValueKind.String } value) continue;
            var text = JsonText.Of(value);
            foreach (var (word, status) in Words)
            {
                if (text.Contains(word, StringComparison.OrdinalIgnoreCase)) return status;
            }
        }

        return null;
    }

    private static bool IsWord(JsonElement answer, string name) =>
        JsonText.FindMember(answer, name) is { ValueKind: JsonValueKind.String } value && JsonText.Of(value) == "error";

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetRawText().Length == 2,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };

    private static string Shortened(string text) => JsonText.Truncate(text, 500);
}
