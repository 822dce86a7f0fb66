using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Lets only so many requests that mean work in at a time, before their bodies are read.</summary>
internal static class Admission
{
    public static void MapWork(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapPost(pattern, handler).AddEndpointFilter(async (context, next) =>
    {
        var gate = context.HttpContext.RequestServices.GetRequiredService<WorkGate>();
        using var admission = gate.TryAdmit(context.HttpContext.Request.ContentLength) ?? throw new RequestRefusedException(
            StatusCodes.Status429TooManyRequests,
            "As many requests wait as may wait (settings MaxQueued, VISAGE_MAX_QUEUED, and MaxBodyBytes for their size). Try again after the time in Retry-After.")
        {
            RetryAfterSeconds = 1,
        };
        return await next(context);
    });
}
