using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Limits how many requests that need the models are accepted at a time, before their bodies are read.</summary>
internal static class AdmissionFilter
{
    public static RouteHandlerBuilder MapWithAdmission(
        this IEndpointRouteBuilder routes, string pattern, Delegate handler, bool hasBodyInMemory = true) =>
        routes.MapPost(pattern, handler).AddEndpointFilter(async (context, next) =>
    {
        var gate = context.HttpContext.RequestServices.GetRequiredService<WorkGate>();
        using var admission = gate.TryAdmit(hasBodyInMemory ? context.HttpContext.Request.ContentLength : 0)
            ?? throw new RequestRefusedException(
                StatusCodes.Status429TooManyRequests,
                "Too many queued requests (settings VISAGE_MAX_QUEUED and, for their size, VISAGE_MAX_BODY_BYTES). "
                + "Try again after the time in Retry-After.")
            {
                RetryAfterSeconds = 1,
            };
        return await next(context);
    });
}
