using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Health;

/// <summary>The descriptions of the health routes in the API's document.</summary>
internal static class HealthDocs
{
    private static readonly IReadOnlyList<CheckShape> Checks =
        [Check("visage"), Check("claims"), Check("database"), Check("outcomes"), Check("requests"), Check("disk"), Check("lease")];

    public static RouteDoc Root { get; } = new("root", Chapter.Server, "What runs here, and its routes")
    {
        HasFreeQuery = FreeQuery.OfProbes,
        Description = "A browser, whose `Accept` names `text/html`, gets the dashboard instead.",
        Answers = [AnswerDoc.Of(
            new RootShape("StashAI Server is running", HealthWordShape.Healthy, HealthRoutes.Version, ["GET /", "GET /health"]))],
    };

    public static RouteDoc Health { get; } = new("health", Chapter.Server, "How the server is")
    {
        HasFreeQuery = FreeQuery.OfProbes,
        Description = "200 while it can take work; 503 with the same fields while its database cannot be reached.",
        Answers =
        [
            AnswerDoc.Of(new HealthShape
            {
                Status = HealthWordShape.Healthy,
                Timestamp = Samples.Time,
                Database = ConnectionShape.Connected,
                Version = HealthRoutes.Version,
                Queue = new(true, true, true, false),
                Checks = Checks,
            }),
        ],
    };

    public static RouteDoc Live { get; } = new("health-live", Chapter.Server, "Whether the process answers")
    {
        Answers = [AnswerDoc.Of(new LiveShape("live"))],
        HasFreeQuery = FreeQuery.OfProbes,
    };

    public static RouteDoc Ready { get; } = new("health-ready", Chapter.Server, "Whether it can take work")
    {
        HasFreeQuery = FreeQuery.OfProbes,
        Description = "503 with the same fields while its database cannot be reached.",
        Answers = [AnswerDoc.Of(new ReadyShape("ready", Checks))],
    };

    private static CheckShape Check(string name) => new(name, HealthWordShape.Healthy);
}

/// <summary>How a part of the server is.</summary>
internal sealed record CheckShape(string Name, HealthWordShape Status)
{
    public DateTimeOffset? Since { get; init; }
    public string? Detail { get; init; }
}

/// <summary>How something is.</summary>
internal enum HealthWordShape
{
    Healthy,
    Degraded,
    Unhealthy,
}

/// <summary>Whether the database answers.</summary>
internal enum ConnectionShape
{
    Connected,
    Disconnected,
}

/// <summary>What runs here.</summary>
internal sealed record RootShape(string Message, HealthWordShape Status, string Version, IReadOnlyList<string> Routes);

/// <summary>The process answers.</summary>
internal sealed record LiveShape(string Status);

/// <summary>Whether the server can take work.</summary>
internal sealed record ReadyShape(string Status, IReadOnlyList<CheckShape> Checks);

/// <summary>How the server is.</summary>
internal sealed record HealthShape
{
    public required HealthWordShape Status { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required ConnectionShape Database { get; init; }
    public string? DatabaseWarning { get; init; }
    public required string Version { get; init; }
    public required QueueHealthShape Queue { get; init; }
    public required IReadOnlyList<CheckShape> Checks { get; init; }
}

/// <summary>How the queue is.</summary>
internal sealed record QueueHealthShape(bool QueueHealthy, bool ManagerHealthy, bool QueueEnabled, bool DirectMode);
