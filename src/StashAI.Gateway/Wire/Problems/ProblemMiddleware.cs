using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>
/// Turns every error of the pipeline into a problem: refusals keep their words, a bare error status gets a body, and what nobody expected
/// is logged and answered with a 500 that shows nothing of the inside. It stands first in the pipeline.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, IServiceProvider services, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, error);
            return;
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
        {
            await Problem.FromStatus(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception error)
    {
        if (context.RequestAborted.IsCancellationRequested && error is OperationCanceledException or IOException and not BadHttpRequestException)
        {
            // The client is gone, so nobody reads an answer; 499 is for the access log.
            LogGone(context.Request.Method, context.Request.Path);
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }

        var problem = error switch
        {
            RequestException refusal => refusal.Problem,
            UploadLostException refusal => Problem.Unavailable(refusal.Message),
            TooManyTasksException refusal => Problem.Invalid(refusal.Message),
            IntakeException refusal => Problem.From(refusal),
            OutboundRefusedException refusal => Problem.From(refusal),
            BadHttpRequestException refusal => Problem.From(refusal),
            _ => await FromStoreAsync(error),
        };
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogUnexpected(error, context.Request.Method, context.Request.Path);
        }

        context.Response.Clear();
        await problem.ExecuteAsync(context);
    }

    private async Task<Problem> FromStoreAsync(Exception error)
    {
        var trouble = StoreTroubles.Of(error);
        if (trouble == StoreTrouble.None)
        {
            // Damaged pages may be read without an error of the database, as rows that make no sense.
            if (services.GetService<IStoreProbe>() is not { } store || !await store.IsDamagedAsync(CancellationToken.None)) return Problem.Unexpected();
            LogDamaged(error);
            return Problem.DatabaseDamaged();
        }

        LogTrouble(services.GetService<IStoreProbe>()?.Explain(error) ?? error.Message);
        // Whether it can be reached shows by itself; damage shows only to those who meet it.
        if (trouble == StoreTrouble.Damaged) services.GetService<QueueEngine>()?.Health.Failed(WorkHealth.Requests, error);
        return trouble switch
        {
            StoreTrouble.DiskFull => Problem.DiskFull(),
            StoreTrouble.Damaged => Problem.DatabaseDamaged(),
            _ => Problem.DatabaseUnavailable(),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request was refused since the database cannot be used: {Reason}")]
    private partial void LogTrouble(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request was refused since the database is damaged")]
    private partial void LogDamaged(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogUnexpected(Exception error, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client of {Method} {Path} went away")]
    private partial void LogGone(string method, PathString path);
}
