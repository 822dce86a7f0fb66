using System.Net.Http.Headers;
using StashAI.Sdk;

namespace StashAI.Bench.Load;

/// <summary>Posts the task's input and keeps the answer.</summary>
internal sealed class PostAdapter(int? maxRunning = null) : IServiceAdapter
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public AdapterManifest Manifest { get; } = new()
    {
        Name = "bench",
        MaxRunning = maxRunning,
        Operations = [new AdapterOperation("post", "bench_post", "bench_batch_post")],
    };

    public async Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(context.Http, context.Upstream, context.Input, cancellationToken);
        var output = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new TaskOutcome.Completed(output, new CallReport((int)response.StatusCode));
    }

    /// <summary>The call itself; the bare loop makes the same.</summary>
    public static Task<HttpResponseMessage> PostAsync(
        HttpClient http, Uri url, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = Json;
        return http.PostAsync(url, content, cancellationToken);
    }
}
