using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using StashAI.Hosting.Bodies;

namespace StashAI.Hosting.Problems;

/// <summary>
/// An error answer as RFC 9457 problem details (<c>application/problem+json</c>), to be returned from a route. <see cref="Type"/> is
/// <c>urn:stashai:problem:</c> and a word that stays the same over versions; <see cref="Detail"/> says what is wrong and the way out.
/// </summary>
public sealed record Problem : IResult
{
    public const string ContentType = "application/problem+json";

    // An answer is for people to read, and what it quotes may be as long as the body.
    private const int MaxDetail = 2000;
    private const int MaxErrors = 50;
    private const int MaxField = 300;
    private const int MaxReason = 1000;

    private const string TypePrefix = "urn:stashai:problem:";

    /// <summary>Leaves quotes and plus signs readable in a terminal; no browser takes this content type for a page.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="word">The end of the type, such as <c>not-found</c>.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">The same for every problem of this type.</param>
    /// <param name="detail">This occurrence: what is wrong, and the way out.</param>
    public Problem(string word, int status, string title, string detail)
    {
        Type = TypePrefix + word;
        Status = status;
        Title = title;
        Detail = Shorten(detail, MaxDetail);
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
        init => field = value is null ? null : [.. value.Take(MaxErrors).Select(error =>
            error with { Field = error.Field is { } at ? Shorten(at, MaxField) : null, Reason = Shorten(error.OwnReason, MaxReason) })];
    }

    /// <summary>When to try again, in seconds; sent as Retry-After.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>True when the same request would fail again. Only the forms of other APIs say it.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Finds this request in logs and traces; filled in when written.</summary>
    public string? TraceId { get; init; }

    /// <summary>Members that only some problems have, as RFC 9457 allows.</summary>
    public Dictionary<string, JsonElement>? More { get; init; }

    public static Problem BadRequest(string detail, string? field = null) =>
        new("bad-request", StatusCodes.Status400BadRequest, "The request is malformed", detail) { Errors = ProblemError.At(field, detail) };

    public static Problem Forbidden(string detail) =>
        new("forbidden", StatusCodes.Status403Forbidden, "This is not allowed", detail);

    public static Problem NotFound(string detail) =>
        new("not-found", StatusCodes.Status404NotFound, "Not found", detail);

    public static Problem Conflict(string detail) =>
        new("conflict", StatusCodes.Status409Conflict, "The request does not fit the current state", detail);

    public static Problem Invalid(string detail, string? field = null, int? item = null) =>
        new("invalid", StatusCodes.Status422UnprocessableEntity, "The request cannot be used", detail)
        {
            Errors = ProblemError.At(field, detail, item),
        };

    public static Problem TooLarge(string detail, string setting) =>
        new("too-large", StatusCodes.Status413PayloadTooLarge, "The request is over a limit", detail) { Setting = setting };

    public static Problem Unavailable(string detail) =>
        new("unavailable", StatusCodes.Status503ServiceUnavailable, "The server cannot do this at the moment", detail)
        {
            RetryAfterSeconds = 5,
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
            "method-not-allowed", status, "The method does not fit the path",
            "The Allow header of this answer lists the methods of this path."),
        StatusCodes.Status415UnsupportedMediaType => new(
            "unsupported-media-type", status, "The content type cannot be read", "Send the body as application/json."),
        StatusCodes.Status408RequestTimeout => new(
            "request-timeout", status, "The request arrived too slowly", "The body did not arrive in time; send it again."),
        _ => new("http-" + status, status, "The request was refused", $"The request was refused with status {status}."),
    };

    /// <summary>What the web server refused; <paramref name="bodyLimit"/> is the setting that limits the bytes of a body.</summary>
    public static Problem FromRefusal(BadHttpRequestException error, string bodyLimit) => error.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge when error is CodedBodyException =>
            new("too-large", error.StatusCode, "The request is over a limit", error.Message),
        StatusCodes.Status415UnsupportedMediaType when error is CodedBodyException =>
            FromStatus(error.StatusCode) with { Detail = error.Message },
        StatusCodes.Status408RequestTimeout when error is SlowUploadException =>
            FromStatus(error.StatusCode) with { Detail = error.Message, Setting = UploadPace.Setting },
        StatusCodes.Status413PayloadTooLarge => TooLarge(
            $"The body has too many bytes; send less at once, or raise {bodyLimit} on the server.", bodyLimit),
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
        try
        {
            if (httpContext.Features.Get<IProblemForm>() is { } form)
            {
                await form.WriteAsync(httpContext, problem);
                return;
            }

            httpContext.Response.ContentType = ContentType;
            await using (var json = new Utf8JsonWriter(httpContext.Response.BodyWriter, Readable)) problem.Write(json);
            await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client is gone. Thrown on, this would be logged as a fault of the error handler.
        }
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<ProblemError> errors)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            WriteIfAny(json, "field", error.Field);
            if (error.Item is { } item) json.WriteNumber("item", item);
            json.WriteString("reason", error.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", Type);
        json.WriteString("title", Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        WriteIfAny(json, "instance", Instance);
        WriteIfAny(json, "setting", Setting);
        if (Errors is not null) WriteErrors(json, Errors);
        WriteIfAny(json, "trace_id", TraceId);
        foreach (var (name, value) in More ?? [])
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>The text, or its beginning and three dots.</summary>
    private static string Shorten(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = most - 3;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "...";
    }
}
