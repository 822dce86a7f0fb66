using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Bodies;
using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>
/// An error answer as RFC 9457 problem details (<c>application/problem+json</c>), to be returned from a route. <see cref="Type"/> is
/// <c>urn:stashai:problem:</c> and a word that stays the same over versions; <see cref="Detail"/> says what is wrong and the way out.
/// </summary>
internal sealed record Problem : IResult
{
    public const string ContentType = "application/problem+json";

    // An answer is for people to read, and what it quotes may be as long as the body.
    private const int MaxDetail = 2000;
    private const int MaxErrors = 50;
    private const int MaxField = 300;
    private const int MaxReason = 1000;

    private const string TypePrefix = "urn:stashai:problem:";

    /// <summary>Leaves quotes and plus signs readable in a terminal; no browser takes this content type for a page.</summary>
    private static readonly ProblemJson Readable =
        new(new JsonSerializerOptions(ProblemJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <param name="word">The end of the type, such as <c>not-found</c>.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">The same for every problem of this type.</param>
    /// <param name="detail">This occurrence: what is wrong, and the way out.</param>
    public Problem(string word, int status, string title, string detail)
    {
        Type = TypePrefix + word;
        Status = status;
        Title = title;
        Detail = Excerpt.Of(detail, MaxDetail);
    }

    public string Type { get; }

    public string Title { get; }

    public int Status { get; }

    public string Detail { get; init; }

    /// <summary>The path of the request; filled in when written.</summary>
    public string? Instance { get; init; }

    /// <summary>The setting of the server that decides this, such as <c>MAX_ITEMS</c>.</summary>
    public string? Setting { get; init; }

    public IReadOnlyList<ProblemError>? Errors
    {
        get;
        init => field = value is null ? null : [.. value.Take(MaxErrors).Select(error => error with { Field = error.Field is { } at ? Excerpt.Of(at, MaxField) : null, Reason = Excerpt.Of(error.Reason, MaxReason) })];
    }

    /// <summary>When to try again, in seconds; sent as Retry-After.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Finds this request in logs and traces; filled in when written.</summary>
    public string? TraceId { get; init; }

    public static Problem BadRequest(string detail, string? field = null) =>
        new("bad-request", StatusCodes.Status400BadRequest, "The request is malformed", detail) { Errors = At(field, detail) };

    public static Problem Forbidden(string detail) =>
        new("forbidden", StatusCodes.Status403Forbidden, "This is not allowed", detail);

    public static Problem NotFound(string detail) =>
        new("not-found", StatusCodes.Status404NotFound, "There is no such thing here", detail);

    public static Problem Conflict(string detail) =>
        new("conflict", StatusCodes.Status409Conflict, "The request does not fit the current state", detail);

    public static Problem Invalid(string detail, string? field = null, int? item = null) =>
        new("invalid", StatusCodes.Status422UnprocessableEntity, "The request cannot be used", detail) { Errors = At(field, detail, item) };

    public static Problem TooLarge(string detail, string setting) =>
        new("too-large", StatusCodes.Status413PayloadTooLarge, "The request is over a limit", detail) { Setting = setting };

    public static Problem Unavailable(string detail) =>
        new("unavailable", StatusCodes.Status503ServiceUnavailable, "The server cannot do this at the moment", detail) { RetryAfterSeconds = 5 };

    public static Problem DatabaseUnavailable() => Unavailable(
        "The queue's database cannot do this at the moment, and nothing of the request was taken: try again later. The server goes on by itself when it can.");

    public static Problem DatabaseDamaged() => Unavailable(
        "The queue's database is damaged or has another schema, so that this cannot be done: GET /health says what an operator can do about it.");

    public static Problem DiskFull() =>
        new(
            "disk-full",
            StatusCodes.Status507InsufficientStorage,
            "The server's disk is full",
            "The queue has no room on its disk, and nothing of the request was taken: free room on the server, and try again. It goes on by itself.")
        {
            RetryAfterSeconds = 30,
        };

    public static Problem Unexpected() =>
        new(
            "unexpected",
            StatusCodes.Status500InternalServerError,
            "The server failed",
            "The request met an error in the server; its log has the cause under this trace_id. Trying again may help.");

    /// <summary>A bare status as a problem, for answers that have no text of their own.</summary>
    public static Problem FromStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound("No route of this server has this path; GET / lists what it serves."),
        StatusCodes.Status405MethodNotAllowed => new(
            "method-not-allowed", status, "The method does not fit the path", "The Allow header of this answer lists the methods of this path."),
        StatusCodes.Status415UnsupportedMediaType => new(
            "unsupported-media-type", status, "The content type cannot be read", "Send the body as application/json."),
        StatusCodes.Status408RequestTimeout => new(
            "request-timeout", status, "The request arrived too slowly", "The body did not arrive in time; send it again."),
        _ => new("http-" + status, status, "The request was refused", $"The request was refused with status {status}."),
    };

    public static Problem From(IntakeException error) => error.Status switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge(error.Message, error.Setting ?? "") with { Errors = At(error.Field, error.Reason, error.Item) },
        StatusCodes.Status422UnprocessableEntity => Invalid(error.Message) with { Errors = At(error.Field, error.Reason, error.Item) },
        _ => BadRequest(error.Message) with { Errors = At(error.Field, error.Reason, error.Item) },
    };

    public static Problem From(OutboundRefusedException error) =>
        new("upstream-refused", StatusCodes.Status422UnprocessableEntity, "The address may not be called", error.Message)
        {
            Setting = error.Setting,
            Errors = At(error.Field, error.Message),
        };

    public static Problem From(BadHttpRequestException error) => error.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout when error is SlowUploadException =>
            FromStatus(error.StatusCode) with { Detail = error.Message, Setting = UploadPace.Setting },
        StatusCodes.Status413PayloadTooLarge => TooLarge(
            $"The body has too many bytes; send less at once, or raise {IntakeLimits.MaxBodyBytesSetting} on the server.",
            IntakeLimits.MaxBodyBytesSetting),
        StatusCodes.Status400BadRequest => BadRequest(error.Message),
        var status => FromStatus(status),
    };

    /// <summary>Writes the problem as the answer; the response must not have started.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var problem = this with
        {
            Instance = Instance ?? httpContext.Request.PathBase + httpContext.Request.Path,
            TraceId = TraceId ?? Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier,
        };
        httpContext.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds) httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await httpContext.Response.WriteAsJsonAsync(
            problem, Readable.Problem, ContentType, httpContext.RequestAborted);
    }

    private static ProblemError[]? At(string? field, string reason, int? item = null) =>
        field is null ? null : [new ProblemError(field, item, reason)];
}
