using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace StashAI.Hosting.Bodies;

/// <summary>Puts a <see cref="GuardedBody"/> before the body of each request, and a <see cref="CodedBody"/> before one that is compressed, whichever way a route reads it.</summary>
public static class GuardedBodies
{
    /// <summary>It stands behind what turns errors into answers.</summary>
    public static void UseGuardedBodies(this IApplicationBuilder app, UploadPace pace, TimeProvider clock) => app.Use(async (context, next) =>
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } || context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            await next(context);
            return;
        }

        using var body = new GuardedBody(context.Request.BodyReader, pace, clock, () => context.Response.OnStarting(CloseAsync, context), context.RequestAborted);
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
            context.Features.Set<IRequestBodyPipeFeature>(new BodyFeature(PipeReader.Create(decoded, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true))));
        }

        await next(context);
    });

    /// <summary>What the client still sends of a refused body is nobody's.</summary>
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
