using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages;

/// <summary>The descriptions of the pages in the API's document.</summary>
internal static class PageDocs
{
    public static RouteDoc Demo { get; } = Page("demo", "A batch of photos, live", "text/html");

    public static RouteDoc DemoFile { get; } =
        Page("demo-file", "A file of that page", "application/octet-stream") with { Parameters = [ParameterDoc.Path("file", "Its name.")] };

    public static RouteDoc Metrics { get; } = Page("metrics", "Metrics for Prometheus", "text/plain");

    private static RouteDoc Page(string id, string summary, string contentType) => new(id, Chapter.Server, summary)
    {
        Answers = [AnswerDoc.File(contentType)],
        HasFreeQuery = FreeQuery.OfPages,
    };
}
