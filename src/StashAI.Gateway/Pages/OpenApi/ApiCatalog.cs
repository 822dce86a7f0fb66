namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>All routes of the server. A test compares them with what is mapped, and their examples with real answers.</summary>
internal static class ApiCatalog
{
    /// <summary>The chapters, in their order, with a sentence for each.</summary>
    public static IReadOnlyList<(string Tag, string Meaning)> Tags { get; } =
    [
        (SubmitChapter.Tag, "Make jobs. A 202 means that the job is durable."),
        (ReadChapter.Tag, "Follow jobs and tasks, and read their results."),
        (ControlChapter.Tag, "Cancel, retry, pause and resume."),
        (RecordChapter.Tag, "What users did, and their sessions."),
        (ServerChapter.Tag, "The server, its services and its pages."),
    ];

    public static IReadOnlyList<ApiRoute> Routes { get; } =
    [
        .. SubmitChapter.All, .. ReadChapter.All, .. ControlChapter.All, .. RecordChapter.All, .. ServerChapter.All,
    ];
}
