using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace StashAI.Hosting.Answers;

/// <summary>
/// Answers HEAD wherever GET is answered, with the head that GET would have: the route runs as for a GET, and what it writes is dropped. A
/// route that goes on writing ends with an exception, since nobody reads it.
/// </summary>
public static class HeadRequests
{
    /// <summary>It stands before routing, and behind what turns errors into answers.</summary>
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(AllowHead, context);
        return HttpMethods.IsHead(context.Request.Method) ? AnswerAsync(context, next) : next(context);
    });

    /// <summary>True for a request that came as HEAD; its route sees a GET. For routes that would wait before they write.</summary>
    public static bool IsHead(HttpContext context) => context.Features.Get<IHttpResponseBodyFeature>() is DroppedBody;

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var dropped = new DroppedBody(context.Response, body);
        context.Request.Method = HttpMethods.Get;
        context.Features.Set<IHttpResponseBodyFeature>(dropped);
        try
        {
            await next(context);
        }
        catch (HeadSentException)
        {
            // The head is sent, and there is no more to an answer to HEAD.
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.Features.Set(body);
        }
    }

    /// <summary>A 405 names HEAD beside GET.</summary>
    private static Task AllowHead(object state)
    {
        var headers = ((HttpContext)state).Response.Headers;
        var methods = headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head))
        {
            headers.Allow = string.Join(", ", [.. methods, HttpMethods.Head]);
        }

        return Task.CompletedTask;
    }
}
