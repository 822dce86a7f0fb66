using StashAI.Gateway.Dialects.Anthropic;
using StashAI.Gateway.Dialects.OpenAi;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Dialects;

/// <summary>
/// Marks the requests of clients that speak another API: errors under <c>/v1/messages</c> have Anthropic's form, all others under
/// <c>/v1</c> OpenAI's, and every answer has an id in the header that the SDKs of its API read.
/// </summary>
internal sealed class DialectEdge(RequestDelegate next)
{
    private const string Root = "/v1";
    private const string Messages = "/v1/messages";

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase)) return next(context);
        var isAnthropic = context.Request.Path.StartsWithSegments(Messages, StringComparison.OrdinalIgnoreCase);
        context.Features.Set<IProblemForm>(isAnthropic ? AnthropicProblems.Instance : OpenAiProblems.Instance);
        context.Response.OnStarting(isAnthropic ? AddAnthropicId : AddOpenAiId, context);
        return next(context);
    }

    private static Task AddOpenAiId(object state) => AddId((HttpContext)state, "x-request-id");

    private static Task AddAnthropicId(object state) => AddId((HttpContext)state, "request-id");

    private static Task AddId(HttpContext context, string header)
    {
        context.Response.Headers[header] = RequestId.Of(context);
        return Task.CompletedTask;
    }
}
