using System.Net;
using System.Net.Http.Headers;
using StashAI.Sdk;

namespace StashAI.Testing.Queue;

/// <summary>
/// The smallest real adapter: posts the task's input to its upstream and takes the JSON answer as the result. 429 and 503 with
/// `Retry-After` throttle, other 5xx and broken connections are tried again, 4xx are final.
/// </summary>
public sealed class JsonPostAdapter : IServiceAdapter
{
    /// <inheritdoc/>
    public AdapterManifest Manifest { get; init; } = new()
    {
        Name = TestJobs.Service,
        Operations = [new AdapterOperation("echo", "echo", "echo_batch")],
    };

    /// <inheritdoc/>
    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, context.Upstream)
        {
            Content = new ReadOnlyMemoryContent(context.Input) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("X-Item", context.TaskId.ToString());
        try
        {
            using var response = await context.Http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return Outcome(response, body);
        }
        catch (HttpRequestException exception)
        {
            return new TaskOutcome.Retry(ErrorKind.Connection, exception.Message, CallReport.None);
        }
    }

    private static TaskOutcome Outcome(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        if (status < 300) return new TaskOutcome.Completed(body, new CallReport(status));
        var call = new CallReport(status, System.Text.Encoding.UTF8.GetString(body));
        var wait = response.Headers.RetryAfter?.Delta;
        if (response.StatusCode == HttpStatusCode.TooManyRequests
            || (response.StatusCode == HttpStatusCode.ServiceUnavailable && wait is not null))
        {
            return new TaskOutcome.Throttled(wait, $"The service answered {status}.", call);
        }

        return status < 500
            ? new TaskOutcome.Failed(ErrorKind.Rejected, $"The service answered {status}.", call)
            : new TaskOutcome.Retry(ErrorKind.ServiceError, $"The service answered {status}.", call);
    }
}
