namespace StashAI.Sdk;

/// <summary>How people see the results of an operation, and where the parts of a result are that its view needs.</summary>
/// <param name="Kind">
/// The view: <c>faces</c>, <c>video</c>, <c>comparison</c>, <c>transcript</c>, <c>translation</c>, <c>chat</c>, <c>ocr</c>,
/// <c>embedding</c> or <c>table</c>. A page that does not know a view shows a table.
/// </param>
public sealed record ResultView(string Kind)
{
    /// <summary>JSON pointers into a result by the name of the part, such as <c>text</c> with <c>/text</c>.</summary>
    public IReadOnlyDictionary<string, string> Parts { get; init; } = new Dictionary<string, string>();
}
