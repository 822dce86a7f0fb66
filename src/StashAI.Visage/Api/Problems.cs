using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using StashAI.Visage.Api.Responses.Service;
using StashAI.Visage.Hosting;
using StashAI.Visage.Imaging;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Turns everything that goes wrong into a problem document. What a client sends never ends as a 500.</summary>
internal sealed partial class Problems(RequestDelegate next, VisageOptions options, ILogger<Problems> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Pictures come from strangers; a browser must not take one for a page.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
            if (context.Response is { StatusCode: 404 or 405, HasStarted: false, ContentLength: null, ContentType: null })
                await WriteAsync(context, NoSuchRoute(context));
        }
        catch (RequestRefusedException refused)
        {
            await WriteAsync(context, refused);
        }
        catch (PhotoRefusedException refused)
        {
            await WriteAsync(context, Refused(refused, "image_data", "The picture"));
        }
        catch (BadHttpRequestException bad)
        {
            await WriteAsync(context, new(bad.StatusCode, bad.StatusCode == 413 ? TooLarge(options) : bad.Message));
        }
        catch (Exception gone) when (gone is ConnectionResetException || context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            LogFailure(failure, context.Request.Method, context.Request.Path);
            await WriteAsync(context, new(500, "The service failed on this request; its log says why."));
        }
    }

    public static RequestRefusedException Refused(PhotoRefusedException refused, string field, string subject) => new(
        refused.Refusal == PhotoRefusal.TooManyPixels ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status422UnprocessableEntity,
        $"{subject} {refused.Message}.".Replace("..", ".", StringComparison.Ordinal))
    {
        Field = field,
    };

    public static string TooLarge(VisageOptions options) =>
        $"The request body is larger than {options.MaxBodyBytes:N0} bytes (setting MaxBodyBytes, VISAGE_MAX_BODY_BYTES). Send fewer or smaller photos.";

    private static RequestRefusedException NoSuchRoute(HttpContext context) => context.Response.StatusCode == 404
        ? new(404, $"There is nothing at {context.Request.Path}.")
        : new(405, $"{context.Request.Method} is not possible on {context.Request.Path}; try {context.Response.Headers.Allow}.");

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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailure(Exception failure, string method, string path);
}
