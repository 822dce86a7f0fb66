using System.Net.Http.Headers;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Engine;

/// <summary>Posts the task's input to its address and judges the answer by its status, as adapters of real services do.</summary>
internal sealed class HttpAdapter(AdapterManifest manifest) : IServiceAdapter
{
    public AdapterManifest Manifest => manifest;

    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, context.Upstream) { Content = new ReadOnlyMemoryContent(context.Input) };
        request.Headers.Add("X-Item", context.TaskId.ToString());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await context.Http.SendAsync(request, cancellationToken);
            var call = new CallReport((int)response.StatusCode);
            return (int)response.StatusCode switch
            {
                < 300 => new TaskOutcome.Completed(await response.Content.ReadAsByteArrayAsync(cancellationToken), call),
                429 => new TaskOutcome.Throttled(response.Headers.RetryAfter?.Delta, "Too many calls.", call),
                >= 500 => new TaskOutcome.Retry(ErrorKind.ServiceError, "It failed.", call),
                _ => new TaskOutcome.Failed(ErrorKind.Rejected, "It refused.", call),
            };
        }
        catch (HttpRequestException error)
        {
            return new TaskOutcome.Retry(ErrorKind.Connection, error.Message, CallReport.None);
        }
    }
}
