namespace StashAI.Gateway.Wire.Docs;

/// <summary>The chapters of the API's document, in order.</summary>
internal static class Chapter
{
    public const string Submit = "Submit";
    public const string Read = "Read";
    public const string Control = "Control";
    public const string Records = "Interactions and sessions";
    public const string Server = "Server";

    public const string OpenAi = "OpenAI";
    public const string Anthropic = "Anthropic";

    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        (Submit, "Create jobs. A 202 means that the job is durable."),
        (Read, "Follow jobs and tasks, and read their results."),
        (Control, "Cancel, retry, pause and resume."),
        (Records, "What users did, and their sessions."),
        (Server, "The server, its services and its pages."),
        (OpenAi, "Files, batches and direct calls for the SDKs of OpenAI, over the declared services."),
        (Anthropic, "Message batches and direct calls for the SDKs of Anthropic, over the declared services."),
    ];
}
