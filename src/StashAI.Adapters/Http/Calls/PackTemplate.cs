using System.Text.Json;
using DotLiquid.Exceptions;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>How several items go into one call, and how its answer is taken apart again.</summary>
internal sealed record PackTemplate
{
    /// <summary>The most items of one call.</summary>
    public required int Max { get; init; }

    /// <summary>How long the first item waits for others.</summary>
    public required TimeSpan Linger { get; init; }

    public required RequestTemplate Request { get; init; }

    /// <summary>Where the answer has a list with an element for each item, in their order.</summary>
    public required JsonPointer Results { get; init; }

    /// <summary>What an element means.</summary>
    public required DeclaredRules Element { get; init; }

    /// <summary>
    /// Makes the call. Null when the fault may be that of a single item: then each is called by itself, so that it fails alone.
    /// </summary>
    public async Task<IReadOnlyList<TaskOutcome>?> CallAsync(
        IReadOnlyList<TaskContext> tasks, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        HttpRequestMessage request;
        try
        {
            request = await Request.BuildAsync(tasks[0].Upstream, headers, TemplateValues.OfMany(tasks), cancellationToken);
        }
        catch (Exception error) when (error is LiquidException or FormatException or System.ArgumentException or InvalidOperationException)
        {
            return null;
        }

        using (request)
        {
            var outcome = await UpstreamCall.SendAsync(tasks[0].Http, request, AnswerRules.Usual, cancellationToken);
            return outcome switch
            {
                TaskOutcome.Completed done => Unpack(done, tasks.Count),
                // No item is to blame: single calls would only meet the same again, many times.
                TaskOutcome.Throttled or TaskOutcome.Retry { Kind: ErrorKind.Connection } or TaskOutcome.Failed { Kind: ErrorKind.OutboundRefused } =>
                    [.. Enumerable.Repeat(outcome, tasks.Count)],
                _ => null,
            };
        }
    }

    private List<TaskOutcome>? Unpack(TaskOutcome.Completed done, int count)
    {
        using var document = JsonDocument.Parse(done.Output);
        if (Results.Find(document.RootElement) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() != count) return null;
        var outcomes = new List<TaskOutcome>(count);
        foreach (var element in list.EnumerateArray())
        {
            if (Element.Read(System.Text.Encoding.UTF8.GetBytes(element.GetRawText()), done.Call) is not TaskOutcome.Completed one) return null;
            outcomes.Add(one);
        }

        return outcomes;
    }
}
