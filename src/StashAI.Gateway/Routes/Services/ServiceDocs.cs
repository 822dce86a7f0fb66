using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Services;

/// <summary>The descriptions of the routes for services in the API's document.</summary>
internal static class ServiceDocs
{
    private static readonly ServiceShape Visage =
        new("visage", true, true, false, 0, 0, [new("visage", "http://127.0.0.1:9997", 0, CircuitShape.Closed, null, null, null)])
        {
            Operations = [new("identify", "face_identify", "visage_batch_face_identification", true) { View = new("faces") }],
            Address = "http://127.0.0.1:9997",
            Limits = new(4, null, null, 120, []),
            CircuitSettings = new(5, 5, 120, null),
            Declared = new(null, null, null, null),
            View = new("faces"),
            Set = new(4, null, null, "22:00-07:00 Europe/Berlin"),
            AllowedHours = new("22:00-07:00 Europe/Berlin", false, Samples.Time.AddHours(3), Samples.Time.AddHours(12)),
        };

    public static RouteDoc List { get; } = new("services", Chapter.Server, "All services, their operations, limits and lanes")
    {
        Answers = [AnswerDoc.Of(new ServiceListShape(false, null, [Visage], Samples.Time))],
    };

    public static RouteDoc Change { get; } = new("change-service", Chapter.Control, "Change the limits of a service while it runs")
    {
        Description = "What is left out stays as it is; null takes the declaration's value again. The values hold in every process "
            + "from the next claim on, and over restarts; running calls finish. `rate` is in calls a second.",
        Parameters = [ParameterDoc.ServiceName],
        Body = BodyDoc.Of(new ServiceChangeShape { MaxParallel = 4, Paused = false, AllowedHours = "22:00-07:00 Europe/Berlin" }),
        Answers = [AnswerDoc.Of(Visage)],
    };

    public static RouteDoc Declaration { get; } = new(
        "service-declaration", Chapter.Server, "The declaration of a service, with its errors by line")
    {
        Description = "The file is read and checked now. While it has errors, the server goes on with its last valid content. A file that "
            + "was never valid is found by its own name. 404 for built-in services and plug-ins.",
        Parameters = [ParameterDoc.ServiceName],
        Answers =
        [
            AnswerDoc.Of(DeclarationOf("name: translation\n...", false, [new(3, 1, "max_parallel must be a whole number.")])),
        ],
    };

    public static RouteDoc ChangeDeclaration { get; } = new(
        "change-declaration", Chapter.Control, "Change the declaration of a service that was made of a curl command")
    {
        Description = "The whole text. The name stays. It is checked, stored and in use when this answers; what runs is finished with the "
            + "text of before. It may use no variable that the server has for something else, and no file of the server. 409 for a "
            + "service that is declared in a file of the operator, which says which, and for a text that lacks an operation of open jobs "
            + "or schedules, which are named.",
        Parameters = [ParameterDoc.ServiceName],
        Body = BodyDoc.Of(new DeclarationTextShape("name: translation\n...")),
        Answers = [AnswerDoc.Of(DeclarationOf("# Made from a curl command.\nname: translation\n...", true, []))],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Remove { get; } = new("remove-service", Chapter.Control, "Remove a service that was made of a curl command")
    {
        Description = "Its jobs and results stay; limits and a pause that were set for it go. 409 while tasks of it wait or run, or "
            + "schedules submit to it, which are named; for a built-in service; and for one that is declared in a file of the operator or "
            + "a plug-in, which says where.",
        Parameters = [ParameterDoc.ServiceName],
        Answers = [new AnswerDoc(StatusCodes.Status204NoContent, "It is gone.", null, null, null)],
        Refusals = [StatusCodes.Status409Conflict],
    };

    private static DeclarationShape DeclarationOf(string text, bool isOwn, IReadOnlyList<DeclarationErrorShape> errors) => new(
        "translation", "translation.yaml", "/data/services/translation.yaml", isOwn, text, errors, null);

    public static RouteDoc Show { get; } = new("service", Chapter.Server, "A service")
    {
        Parameters = [ParameterDoc.ServiceName],
        Answers = [AnswerDoc.Of(Visage)],
    };
}

/// <summary>All services.</summary>
/// <param name="EverythingPausedUntil">When the pause of everything ends by itself; null without one, or until somebody resumes.</param>
internal sealed record ServiceListShape(
    bool EverythingPaused, DateTimeOffset? EverythingPausedUntil, IReadOnlyList<ServiceShape> Services, DateTimeOffset Timestamp);

/// <summary>A service. One that this process cannot call has no operations, limits and circuit settings.</summary>
internal sealed record ServiceShape(
    string Name, bool Configured, bool Called, bool Paused, int Running, long Waiting, IReadOnlyList<LaneShape> Lanes)
{
    /// <summary>When its pause, and that of everything, ends by itself; null when it is not paused, or until somebody resumes.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The address that the service is configured with, without its path; null while none is.</summary>
    public string? Address { get; init; }

    public IReadOnlyList<OperationShape>? Operations { get; init; }
    public LimitsShape? Limits { get; init; }
    public CircuitSettingsShape? CircuitSettings { get; init; }

    /// <summary>The limits that the declaration states; null as operations.</summary>
    public LimitValuesShape? Declared { get; init; }

    /// <summary>How results are shown unless an operation says otherwise; null for a table of their fields.</summary>
    public ViewShape? View { get; init; }

    /// <summary>The limits that people have set instead.</summary>
    public required LimitValuesShape Set { get; init; }

    /// <summary>The allowed hours in force.</summary>
    public AllowedHoursShape? AllowedHours { get; init; }
}

/// <summary>What `PATCH` changes; null takes the declaration's value again.</summary>
internal sealed record ServiceChangeShape
{
    /// <summary>The most calls at once to each address, over all processes.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>How many calls a second each address accepts.</summary>
    public double? Rate { get; init; }

    /// <summary>How many calls may start at the same moment.</summary>
    public double? Burst { get; init; }

    public bool? Paused { get; init; }

    /// <summary>When the service may be called, such as `22:00-07:00 Europe/Berlin`.</summary>
    public string? AllowedHours { get; init; }
}

/// <summary>How results are shown. All other members are JSON pointers into a result.</summary>
/// <param name="Kind">`faces`, `video`, `comparison`, `transcript`, `translation`, `chat`, `ocr`, `embedding` or `table`.</param>
internal sealed record ViewShape(string Kind)
{
    public string? Text { get; init; }
    public string? Segments { get; init; }
    public string? Language { get; init; }
    public string? Duration { get; init; }
    public string? Tokens { get; init; }
    public string? FinishReason { get; init; }
    public string? Vector { get; init; }
}

/// <summary>The file of a declared service.</summary>
/// <param name="File">The name of the file, without its folder.</param>
/// <param name="Path">The path of the file on the server's machine.</param>
/// <param name="MadeHere">True for a file that the server made of a curl command, and changes and removes.</param>
/// <param name="Text">The content. References to variables and secrets are as they stand there.</param>
/// <param name="NotUsedBecause">Why the file as it is now is not used, such as a missing variable; null when it is, or has errors.</param>
internal sealed record DeclarationShape(
    string Name, string File, string Path, bool MadeHere, string Text, IReadOnlyList<DeclarationErrorShape> Errors, string? NotUsedBecause);

/// <summary>Another text for a declaration.</summary>
internal sealed record DeclarationTextShape(string Text);

/// <summary>An error in a declaration; lines and columns begin at 1.</summary>
internal sealed record DeclarationErrorShape(int Line, int Column, string Message);

/// <summary>Limits of a service; null where none is stated.</summary>
internal sealed record LimitValuesShape(int? MaxParallel, double? Rate, double? Burst, string? AllowedHours);

/// <summary>When a service may be called.</summary>
internal sealed record AllowedHoursShape(string Hours, bool Open, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt);

/// <summary>What a service can do.</summary>
internal sealed record OperationShape(string Name, string TaskType, string JobType, bool Aggregates)
{
    /// <summary>How its results are shown: its own view, or that of the service; null for a table of their fields.</summary>
    public ViewShape? View { get; init; }
}

/// <summary>How much a service is asked at once: the limits in force.</summary>
internal sealed record LimitsShape(
    int? MaxRunning, double? RatePerSecond, double? RateBurst, double AttemptTimeoutSeconds, IReadOnlyList<string> RequiredLabels);

/// <summary>When a service counts as down, and for how long it is left alone.</summary>
internal sealed record CircuitSettingsShape(int Failures, double FirstPauseSeconds, double LongestPauseSeconds, string? HealthPath);

/// <summary>An address of a service.</summary>
internal sealed record LaneShape(
    string Authority, string? Address, int Running, CircuitShape Circuit, DateTimeOffset? AskedAgainAt, DateTimeOffset? BlockedUntil,
    WaitShape? Waiting);

/// <summary>Whether a lane is called.</summary>
internal enum CircuitShape
{
    Closed,
    Open,
    HalfOpen,
    Doubted,
}
