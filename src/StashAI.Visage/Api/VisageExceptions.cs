using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using StashAI.Hosting.Bodies;
using StashAI.Hosting.Problems;
using StashAI.Visage.Gallery.Postgres;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Turns exceptions of the routes into problems. What a client sends never ends as a 500.</summary>
internal sealed partial class VisageExceptions(VisageOptions options, ILogger<VisageExceptions> logger) : IExceptionHandler
{
    private const string BodyLimit = "VISAGE_MAX_BODY_BYTES";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // The client is gone; there is nobody to answer.
        if (exception is ConnectionResetException) return true;
        var problem = exception switch
        {
            RequestRefusedException refused => Of(refused),
            PhotoRefusedException refused => Of(Refused(refused, "image_data", "The picture")),
            CodedBodyException coded => Of(new RequestRefusedException(coded.StatusCode, coded.Message)),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.TooLarge(TooLarge(options), BodyLimit),
            BadHttpRequestException bad => Of(new RequestRefusedException(bad.StatusCode, bad.Message)),
            _ when TroubleOf(exception) is { } trouble => Unavailable(trouble),
            _ => Problem.Unexpected(),
        };
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailure(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Why the gallery's database cannot be used for now; null for other errors.</summary>
    private string? TroubleOf(Exception exception) =>
        options.Database is { } database ? PostgresGalleryTroubles.Explain(exception, database.Name) : null;

    private Problem Unavailable(string trouble)
    {
        LogTrouble(trouble);
        return Problem.Unavailable(
            "The gallery's database cannot be used at the moment. Try again after the time in Retry-After; the log of the face service has "
            + "the reason.");
    }

    /// <summary>A bare status as a problem.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Problem.NotFound("The service has no route with this path."),
        _ => Problem.FromStatus(status),
    };

    public static RequestRefusedException Refused(PhotoRefusedException refused, string field, string subject) => new(
        refused.Refusal == PhotoRefusal.TooManyPixels ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity,
        $"{subject} {refused.Message}.")
    {
        Field = field,
    };

    public static string TooLarge(VisageOptions options) =>
        $"The request body is larger than {options.MaxBodyBytes:N0} bytes (setting {BodyLimit}). Send fewer or smaller photos.";

    private static Problem Of(RequestRefusedException refused)
    {
        var plain = refused.Status switch
        {
            StatusCodes.Status400BadRequest => Problem.BadRequest(refused.Message, refused.Field),
            StatusCodes.Status403Forbidden => Problem.Forbidden(refused.Message),
            StatusCodes.Status404NotFound => Problem.NotFound(refused.Message),
            StatusCodes.Status409Conflict => Problem.Conflict(refused.Message),
            StatusCodes.Status422UnprocessableEntity => Problem.Invalid(refused.Message, refused.Field),
            _ => Problem.FromStatus(refused.Status) with { Detail = refused.Message },
        };
        return plain with { RetryAfterSeconds = refused.RetryAfterSeconds, More = MoreOf(refused) };
    }

    /// <summary>The members that clients of this service read besides <c>errors</c>.</summary>
    private static Dictionary<string, JsonElement>? MoreOf(RequestRefusedException refused)
    {
        var more = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (refused.Field is { } field) more["field"] = JsonSerializer.SerializeToElement(field, VisageJson.Default.String);
        if (refused.PersonId is { } person) more["person_id"] = JsonSerializer.SerializeToElement(person, VisageJson.Default.Guid);
        if (refused.Faces is { } faces)
        {
            more["faces"] = JsonSerializer.SerializeToElement(faces, VisageJson.Default.IReadOnlyListFaceOptionDto);
        }

        return more.Count > 0 ? more : null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request was refused: {Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed; answering 500")]
    private partial void LogFailure(Exception failure, string method, string path);
}
