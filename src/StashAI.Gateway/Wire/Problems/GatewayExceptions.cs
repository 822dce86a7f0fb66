using Microsoft.AspNetCore.Diagnostics;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Engine;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>
/// Converts exceptions of routes to problems. Refusals keep their message; unexpected exceptions are logged and answered with a 500 without
/// internal details. The framework handles disconnected clients.
/// </summary>
internal sealed partial class GatewayExceptions(IServiceProvider services, ILogger<GatewayExceptions> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            RequestException refusal => refusal.Problem,
            UploadLostException refusal => Problem.Unavailable(refusal.Message),
            TooManyTasksException refusal => Problem.Invalid(refusal.Message),
            IntakeException refusal => Problem.From(refusal),
            OutboundRefusedException refusal => Problem.From(refusal),
            PayloadLostException lost => Problem.Unavailable(lost.Message),
            OutOfMemoryException => OutOfMemory(httpContext),
            BadHttpRequestException refusal => Problem.From(refusal),
            _ => await FromStoreAsync(exception),
        };
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogUnexpected(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private Problem OutOfMemory(HttpContext context)
    {
        LogOutOfMemory(context.Request.Method, context.Request.Path);
        return Problem.Unavailable("The server has no memory left for this request; try again, or send smaller items.");
    }

    private async Task<Problem> FromStoreAsync(Exception error)
    {
        var trouble = StoreTroubles.Of(error);
        if (trouble == StoreTrouble.None)
        {
            // Damaged pages may be read without a database error, as invalid rows.
            if (services.GetService<IStoreProbe>() is not { } store || !await store.IsDamagedAsync(CancellationToken.None))
            {
                return Problem.Unexpected();
            }

            LogDamaged(error);
            return Problem.DatabaseDamaged();
        }

        LogTrouble(services.GetService<IStoreProbe>()?.Explain(error) ?? error.Message);
        // An unreachable database is noticed anyway; damage is noticed only by requests that read it.
        if (trouble == StoreTrouble.Damaged) services.GetService<QueueEngine>()?.Health.Failed(WorkHealth.Requests, error);
        return trouble switch
        {
            StoreTrouble.DiskFull => Problem.DiskFull(),
            StoreTrouble.Damaged => Problem.DatabaseDamaged(),
            _ when error is PayloadFileException => Problem.PayloadsUnavailable(),
            _ => Problem.DatabaseUnavailable(),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request was refused because the queue's storage cannot be used: {Reason}")]
    private partial void LogTrouble(string reason);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "{Method} {Path} was refused because memory ran out; give the process more, or let it take less")]
    private partial void LogOutOfMemory(string method, PathString path);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request was refused because the database is damaged")]
    private partial void LogDamaged(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogUnexpected(Exception error, string method, PathString path);
}
