using StashAI.Visage.Recognition;

namespace StashAI.Visage.Api;

/// <summary>Lets only so many requests with photos in at a time, before their bodies are read.</summary>
internal static class Admission
{
    public static void MapPhotoPost(this IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapPost(pattern, handler).AddEndpointFilter(async (context, next) =>
    {
        var gate = context.HttpContext.RequestServices.GetRequiredService<WorkGate>();
        using var admission = gate.TryAdmit() ?? throw new RequestRefusedException(
            StatusCodes.Status429TooManyRequests,
            "As many photos wait as may wait (setting MaxQueued, VISAGE_MAX_QUEUED). Try again after the time in Retry-After.")
        {
            RetryAfterSeconds = 1,
        };
        return await next(context);
    });
}
