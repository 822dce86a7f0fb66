using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace StashAI.Hosting.Bodies;

/// <summary>
/// Wraps the body of each request in a <see cref="GuardedBody"/>, and a compressed one in a <see cref="CodedBody"/>, whether a route reads
/// it as a stream or as a pipe.
/// </summary>
public static class GuardedBodies
{
    /// <summary>Register it after the middleware that turns exceptions into responses.</summary>
    public static void UseGuardedBodies(this IApplicationBuilder app, UploadPace pace, TimeProvider clock) =>
        app.Use(async (context, next) =>
        {
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }
                || context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
            {
                await next(context);
                return;
            }

            using var body = new GuardedBody(
                context.Request.BodyReader, pace, clock, () => context.Response.OnStarting(CloseAsync, context), context.RequestAborted);
            using var decoded = CodedBody.Open(context, body);
            if (decoded is null)
            {
                context.Request.Body = body.AsStream(leaveOpen: true);
                context.Features.Set<IRequestBodyPipeFeature>(new BodyFeature(body));
            }
            else
            {
                context.Request.Body = decoded;
                context.Request.ContentLength = null;
                context.Features.Set<IRequestBodyPipeFeature>(
                    new BodyFeature(PipeReader.Create(decoded, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true))));
            }

            await next(context);
        });

    /// <summary>Closes the connection after the response, so that the rest of a refused body is not read.</summary>
    private static Task CloseAsync(object state)
    {
        ((HttpContext)state).Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    private sealed class BodyFeature(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
