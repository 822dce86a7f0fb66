using static StashAI.Gateway.Pages.OpenApi.ApiParameter;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Routes that change what the queue does.</summary>
internal static class ControlChapter
{
    public const string Tag = "Control";

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        Control("/api/queue/cancel/{id}", "cancel", "Cancel a task, or the open tasks of a job") with
        {
            Description = "200 for every known id; `cancelled` says whether there was anything to cancel. Running calls are aborted.", Parameters = [Id, Dialect],
        },
        Control("/api/queue/retry/{id}", "retry", "Run what failed or was cancelled again") with
        {
            Description = "`{\"only\":\"failed\"}` leaves cancelled tasks as they are.", Parameters = [Id, Dialect], NeedsBody = false,
        },
        Control("/api/queue/jobs/{id}/pause", "pause-job", "Pause a job") with { Description = "What runs goes on, nothing new begins.", Parameters = [Id] },
        Control("/api/queue/jobs/{id}/resume", "resume-job", "Let a job go on") with { Parameters = [Id] },
        Control("/api/services/{name}/pause", "pause-service", "Pause a service") with { Parameters = [ServiceName] },
        Control("/api/services/{name}/resume", "resume-service", "Let a service go on") with { Parameters = [ServiceName] },
        Control("/api/queue/pause", "pause", "Pause everything"),
        Control("/api/queue/resume", "resume", "Let everything go on"),
    ];

    private static ApiRoute Control(string path, string id, string summary) => new("POST", path, id, Tag, summary);
}
