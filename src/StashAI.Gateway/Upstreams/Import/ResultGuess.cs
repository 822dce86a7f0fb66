using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Calls;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Guesses where the result is in the answer to a trial, from the places that well-known services use.</summary>
internal static class ResultGuess
{
    /// <summary>The result of a service that answers with text.</summary>
    public const string Text = "{format: text}";

    private static readonly string[][] Places =
    [
        ["choices", "0", "message", "content"], ["data", "0", "embedding"], ["responseData", "translatedText"], ["translatedText"],
        ["text"], ["result"], ["results"], ["predictions"], ["output"], ["response"], ["embedding"],
    ];

    /// <summary>True for a result that <see cref="Apply"/> may find.</summary>
    public static bool IsKnown(string result) => result == Text || Places.Any(place => result == Pointer(place));

    /// <summary>
    /// The trial as a task would end with the guessed result, and that result: a JSON pointer, <c>{format: text}</c>, or null for the
    /// whole answer. A trial that no result mends stays as it is, without one: what it shows is what a declaration with this result does.
    /// </summary>
    public static (TrialReport Report, string? Result) Apply(TrialReport report) => report.Outcome switch
    {
        TaskOutcome.Completed done => Narrow(report, done),
        TaskOutcome.Failed { Kind: ErrorKind.InvalidAnswer } or TaskOutcome.Retry { Kind: ErrorKind.InvalidAnswer }
            when report.Answer is { } answer && ReadText(report, answer) is { } read => (report with { Outcome = read }, Text),
        _ => (report, null),
    };

    private static (TrialReport Report, string? Result) Narrow(TrialReport report, TaskOutcome.Completed done)
    {
        using var document = JsonDocument.Parse(done.Output);
        foreach (var place in Places)
        {
            if (Find(document.RootElement, place) is not { ValueKind: not JsonValueKind.Null } found) continue;
            return (report with { Outcome = done with { Output = Encoding.UTF8.GetBytes(found.GetRawText()) } }, Pointer(place));
        }

        return (report, null);
    }

    /// <summary>The answer read as a text; null where it is none that a service means as its result.</summary>
    private static TaskOutcome.Completed? ReadText(TrialReport report, byte[] answer) =>
        report.Exchanges.Count > 0 ? PlainAnswer.Read(answer, report.Exchanges[^1].AnswerType, report.Exchanges[^1].Status) : null;

    private static string Pointer(string[] place) => "/" + string.Join('/', place);

    private static JsonElement? Find(JsonElement at, string[] parts)
    {
        foreach (var part in parts)
        {
            if (at.ValueKind == JsonValueKind.Array && part == "0" && at.GetArrayLength() > 0) at = at[0];
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at)) return null;
        }

        return at;
    }
}
