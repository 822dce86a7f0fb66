using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages;

/// <summary>The descriptions of the pages in the API's document.</summary>
internal static class PageDocs
{
    public static RouteDoc Metrics { get; } = new("metrics", Chapter.Server, "Metrics for Prometheus")
    {
        Answers = [AnswerDoc.File("text/plain")],
        HasFreeQuery = FreeQuery.OfPages,
    };
}
