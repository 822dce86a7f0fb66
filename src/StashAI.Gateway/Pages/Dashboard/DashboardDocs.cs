using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages.Dashboard;

/// <summary>The descriptions of the dashboard's routes in the API's document.</summary>
internal static class DashboardDocs
{
    public static RouteDoc Page { get; } = new("dashboard", Chapter.Server, "The dashboard for browsers")
    {
        Description = "One page for every address below it: its script shows what the address names, such as `/dashboard/jobs/ID`.",
        Parameters = [ParameterDoc.Path("page", "What the page shows.")],
        Answers = [AnswerDoc.File("text/html")],
        HasFreeQuery = FreeQuery.OfPages,
    };

    public static RouteDoc FirstPage { get; } = new("demo", Chapter.Server, "The first page of the dashboard")
    {
        Description = "It runs the sample job. A page of its own was here once.",
        Answers = [AnswerDoc.Redirect("The address of the page, relative to this one.")],
        HasFreeQuery = FreeQuery.OfPages,
    };

    public static RouteDoc File { get; } = new("dashboard-file", Chapter.Server, "A file of the dashboard")
    {
        Description = "Its name has a hash of its content, so browsers may keep it for good.",
        Parameters = [ParameterDoc.Path("file", "Its name.")],
        Answers = [AnswerDoc.File("application/octet-stream")],
        HasFreeQuery = FreeQuery.OfPages,
    };
}
