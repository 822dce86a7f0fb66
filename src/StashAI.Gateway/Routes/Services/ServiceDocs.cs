using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Services;

/// <summary>The descriptions of the routes for services in the API's document.</summary>
internal static class ServiceDocs
{
    private static readonly ServiceShape Visage = new("visage", true, false, 0, [new("visage", 0, CircuitShape.Closed, null, null, null)])
    {
        Operations = [new("identify", "face_identify", "visage_batch_face_identification", true)],
        Limits = new(null, null, null, 30, []),
        CircuitSettings = new(5, 5, 120, null),
    };

    public static RouteDoc List { get; } = new("services", Chapter.Server, "All services, their operations, limits and lanes")
    {
        Answers = [AnswerDoc.Of(new ServiceListShape(false, [Visage], Samples.Time))],
    };

    public static RouteDoc Show { get; } = new("service", Chapter.Server, "A service")
    {
        Parameters = [ParameterDoc.ServiceName],
        Answers = [AnswerDoc.Of(Visage)],
    };
}

/// <summary>All services.</summary>
internal sealed record ServiceListShape(bool EverythingPaused, IReadOnlyList<ServiceShape> Services, DateTimeOffset Timestamp);

/// <summary>A service. One that this process cannot call has no operations, limits and circuit settings.</summary>
internal sealed record ServiceShape(string Name, bool Configured, bool Paused, int Running, IReadOnlyList<LaneShape> Lanes)
{
    public IReadOnlyList<OperationShape>? Operations { get; init; }
    public LimitsShape? Limits { get; init; }
    public CircuitSettingsShape? CircuitSettings { get; init; }
}

/// <summary>What a service can do.</summary>
internal sealed record OperationShape(string Name, string TaskType, string JobType, bool Aggregates);

/// <summary>How much a service is asked at once.</summary>
internal sealed record LimitsShape(
    int? MaxRunning, double? RatePerSecond, double? RateBurst, double AttemptTimeoutSeconds, IReadOnlyList<string> RequiredLabels);

/// <summary>When a service counts as down, and for how long it is left alone.</summary>
internal sealed record CircuitSettingsShape(int Failures, double FirstPauseSeconds, double LongestPauseSeconds, string? HealthPath);

/// <summary>An address of a service.</summary>
internal sealed record LaneShape(
    string Authority, int Running, CircuitShape Circuit, DateTimeOffset? AskedAgainAt, DateTimeOffset? BlockedUntil, WaitShape? Waiting);

/// <summary>Whether a lane is called.</summary>
internal enum CircuitShape
{
    Closed,
    Open,
    HalfOpen,
    Doubted,
}
