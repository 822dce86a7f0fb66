using System.Net;
using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client.Http;

/// <summary>Makes exceptions from answers that are no success.</summary>
internal static class ApiAnswers
{
    private const int MaxProblem = 1024 * 1024;

    public static async Task<StashException> ExceptionOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var problem = await ReadProblemAsync(response, cancellationToken).ConfigureAwait(false);
        return ExceptionOf(response.StatusCode, problem, RetryAfterOf(response));
    }

    public static StashException ExceptionOf(HttpStatusCode status, WireProblem? problem, TimeSpan? retryAfter)
    {
        var text = problem?.Detail ?? problem?.Title ?? $"The server answered with status {(int)status} and no explanation.";
        IReadOnlyList<FieldProblem> errors =
            [.. (problem?.Errors ?? []).Select(error => new FieldProblem(error.Field, error.Item, error.Reason))];
        var (type, setting, trace) = (problem?.Type, problem?.Setting, problem?.TraceId);
        return (int)status switch
        {
            400 or 413 or 415 or 422 => new StashInvalidRequestException(text)
            {
                Status = status,
                Type = type,
                Setting = setting,
                TraceId = trace,
                RetryAfter = retryAfter,
                Errors = errors,
            },
            401 or 403 => new StashNotAllowedException(text)
            {
                Status = status,
                Type = type,
                Setting = setting,
                TraceId = trace,
                RetryAfter = retryAfter,
            },
            404 => new StashNotFoundException(text) { Status = status, Type = type, Setting = setting, TraceId = trace, Errors = errors },
            409 => new StashConflictException(text)
            {
                Status = status,
                Type = type,
                Setting = setting,
                TraceId = trace,
                RetryAfter = retryAfter,
            },
            429 or 502 or 503 or 504 or 507 => new StashUnavailableException(text)
            {
                Status = status,
                Type = type,
                Setting = setting,
                TraceId = trace,
                RetryAfter = retryAfter,
            },
            _ => new StashException(text)
            {
                Status = status,
                Type = type,
                Setting = setting,
                TraceId = trace,
                RetryAfter = retryAfter,
                Errors = errors,
            },
        };
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    private static async Task<WireProblem?> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not { } media
            || !media.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(MaxProblem, cancellationToken).ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonSerializer.DeserializeAsync(stream, StashJsonContext.Default.WireProblem, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
        {
            return null; // The status says enough.
        }
    }
}
