using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using StashAI.Visage.Api.Responses.Service;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Turns exceptions into problem documents. Bad input never results in a 500.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, VisageOptions options, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Pictures are untrusted; a browser must not interpret one as a page.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
            if (context.Response is { StatusCode: 404 or 405, HasStarted: false, ContentLength: null, ContentType: null })
                await WriteAsync(context, RouteNotFound(context));
        }
        catch (RequestRefusedException exception)
        {
            await WriteAsync(context, exception);
        }
        catch (PhotoRefusedException exception)
        {
            await WriteAsync(context, Refused(exception, "image_data", "The picture"));
        }
        catch (BadHttpRequestException exception)
        {
            await WriteAsync(context, new(exception.StatusCode, exception.StatusCode == 413 ? TooLarge(options) : exception.Message));
        }
        catch (Exception exception) when (exception is ConnectionResetException || context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected, so there is nobody to answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            LogFailure(exception, context.Request.Method, context.Request.Path);
            await WriteAsync(context, new(500, "The service failed to handle this request. See the service's log for the reason."));
        }
    }

    public static RequestRefusedException Refused(PhotoRefusedException refused, string field, string subject) => new(
        refused.Refusal == PhotoRefusal.TooManyPixels ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity,
        $"{subject} {refused.Message}.")
    {
        Field = field,
    };

    public static string TooLarge(VisageOptions options) =>
        $"The request body is larger than {options.MaxBodyBytes:N0} bytes (setting VISAGE_MAX_BODY_BYTES). Send fewer or smaller photos.";

    private static RequestRefusedException RouteNotFound(HttpContext context) => context.Response.StatusCode == 404
        ? new(404, $"Not found: the service has no route {context.Request.Path}.")
        : new(405, $"{context.Request.Method} is not allowed on {context.Request.Path}; use {context.Response.Headers.Allow}.");

    private static Task WriteAsync(HttpContext context, RequestRefusedException refused)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = refused.Status;
        if (refused.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var problem = new ProblemDto("about:blank", ReasonPhrases.GetReasonPhrase(refused.Status), refused.Status, refused.Message)
        {
            Field = refused.Field,
            PersonId = refused.PersonId,
            Faces = refused.Faces,
        };
        return context.Response.WriteAsJsonAsync(problem, VisageJson.Default.ProblemDto, "application/problem+json", context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed; answering 500")]
    private partial void LogFailure(Exception failure, string method, string path);
}
