using System.Diagnostics;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>
/// Marks the requests of clients that speak OpenAI's API: all of <c>/v1</c> answers errors in their form, and every answer has an id.
/// </summary>
internal sealed class OpenAiEdge(RequestDelegate next)
{
    /// <summary>Where OpenAI's routes begin.</summary>
    public const string Root = "/v1";

    private const string IdHeader = "x-request-id";

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase)) return next(context);
        context.Features.Set<IProblemForm>(OpenAiProblems.Instance);
        context.Response.OnStarting(AddId, context);
        return next(context);
    }

    private static Task AddId(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[IdHeader] = $"req_{Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier}";
        return Task.CompletedTask;
    }
}
