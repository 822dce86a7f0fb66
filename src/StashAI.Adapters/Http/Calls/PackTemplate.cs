using System.Text.Json;
using StashAI.Adapters.Http.Templates;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Builds one call for several items, and splits its answer into one outcome for each item.</summary>
internal sealed record PackTemplate
{
    /// <summary>The largest number of items per call.</summary>
    public required int MaxItems { get; init; }

    public required RequestTemplate Request { get; init; }

    /// <summary>Where the answer has the list of results, one for each item in their order.</summary>
    public required JsonPointer Results { get; init; }

    /// <summary>Interprets the answer as a whole: its errors.</summary>
    public required DeclaredRules Answer { get; init; }

    /// <summary>Interprets an element of the list.</summary>
    public required DeclaredRules Element { get; init; }

    /// <summary>
    /// Makes the call. If it fails, every item gets the failure as its outcome; the queue then calls each item separately.
    /// </summary>
    public async Task<IReadOnlyList<TaskOutcome>> CallAsync(
        IReadOnlyList<TaskContext> tasks, CallTarget target, CancellationToken cancellationToken)
    {
        HttpRequestMessage request;
        try
        {
            var values = TemplateValues.ForPack(tasks, Request.Scope, target.Values, cancellationToken);
            request = await target.Adapt(Request).BuildAsync(target.Instance, target.Headers, values, cancellationToken);
        }
        catch (Exception exception)
            when (exception is RenderException or FormatException or System.ArgumentException or InvalidOperationException)
        {
            return All(new TaskOutcome.Failed(
                ErrorKind.InvalidInput, $"The request for {tasks.Count} items could not be made: {exception.Message}", CallReport.None));
        }

        using (request)
        {
            var outcome = await UpstreamCall.SendAsync(tasks[0], request, Answer, cancellationToken);
            return outcome is TaskOutcome.Completed done ? Unpack(done, tasks.Count) : All(outcome);
        }

        IReadOnlyList<TaskOutcome> All(TaskOutcome outcome) => [.. Enumerable.Repeat(outcome, tasks.Count)];
    }

    private IReadOnlyList<TaskOutcome> Unpack(TaskOutcome.Completed done, int count)
    {
        using var document = JsonDocument.Parse(done.Output);
        if (Results.Find(document.RootElement) is not { ValueKind: JsonValueKind.Array } list)
            return Wrong($"The service's answer has no list of results at '{Results}'.");
        if (list.GetArrayLength() != count) return Wrong($"The service's answer has {list.GetArrayLength()} results for {count} items.");
        var outcomes = new List<TaskOutcome>(count);
        foreach (var element in list.EnumerateArray())
        {
            // An element without a result fails only its own item.
            outcomes.Add(Element.ReadSuccess(System.Text.Encoding.UTF8.GetBytes(element.GetRawText()), null, done.Call));
        }

        return outcomes;

        IReadOnlyList<TaskOutcome> Wrong(string message) =>
            [.. Enumerable.Repeat(
                new TaskOutcome.Retry(ErrorKind.InvalidAnswer, message, done.Call with { AnswerHead = JsonText.Head(done.Output.Span) }),
                count)];
    }
}
