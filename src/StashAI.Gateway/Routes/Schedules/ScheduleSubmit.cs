using System.IO.Pipelines;
using System.Security.Claims;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Batch;
using StashAI.Gateway.Submit;
using StashAI.Queue.Model.Schedules;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>
/// Submits what a schedule says by the route that clients use, <c>POST /api/{service}/batch</c>, as its owner. There is no other way into
/// the queue, so every rule of that route holds here too.
/// </summary>
internal sealed class ScheduleSubmit(DeclaredRoutes routes, IServiceScopeFactory scopes)
{
    /// <param name="schedule">The schedule.</param>
    /// <param name="caller">The owner, with its present rights.</param>
    /// <param name="key">The idempotency key of the run.</param>
    /// <param name="write">Writes the JSON body.</param>
    /// <param name="cancellationToken">Ends the submit.</param>
    public async Task RunAsync(
        Schedule schedule, Caller caller, string key, Func<PipeWriter, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var pipe = new Pipe();
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            User = new ClaimsPrincipal(new CallerIdentity(caller)),
            RequestAborted = cancellationToken,
        };
        context.Features.Set(caller);
        context.Features.Set(DurableOnly.Instance);
        context.Request.Method = HttpMethods.Post;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("localhost");
        context.Request.Path = $"/api/{schedule.Service}/batch{(schedule.Operation is { } operation ? $"/{operation}" : "")}";
        context.Request.ContentType = "application/json";
        context.Request.Headers[IdempotencyKeys.Header] = key;
        // Also in direct mode, nobody waits for the results.
        context.Request.Headers["Prefer"] = "wait=0";
        await using var body = pipe.Reader.AsStream();
        context.Request.Body = body;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = WriteAsync(pipe.Writer, write, stop.Token);
        try
        {
            await routes.SubmitAsync(context, schedule.Service, schedule.Operation, isSingle: false);
        }
        finally
        {
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <summary>Writes the body; its reader meets what goes wrong.</summary>
    private static async Task WriteAsync(
        PipeWriter pipe, Func<PipeWriter, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await write(pipe, cancellationToken);
            await pipe.CompleteAsync();
        }
        catch (Exception exception)
        {
            await pipe.CompleteAsync(exception);
        }
    }
}
