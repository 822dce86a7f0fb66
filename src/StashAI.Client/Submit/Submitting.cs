using System.Text.Json.Nodes;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Submit;

/// <summary>Makes a job of items.</summary>
internal static class Submitting
{
    /// <param name="api">The server.</param>
    /// <param name="target">The service, or <c>SERVICE.OPERATION</c>.</param>
    /// <param name="items">The items.</param>
    /// <param name="options">What else is asked for.</param>
    /// <param name="cancellationToken">Ends the submit.</param>
    public static Task<Submission> RunAsync(
        ApiSender api, string target, IAsyncEnumerable<SubmitItem> items, SubmitOptions options, CancellationToken cancellationToken)
    {
        var dot = target.IndexOf('.', StringComparison.Ordinal);
        var (service, operation) = dot < 0 ? (target, null) : (target[..dot], target[(dot + 1)..]);
        var route = operation is null ? Routes.Submit : Routes.SubmitOperation;
        var path = operation is null ? route.Fill([service]) : route.Fill([]);
        var key = options.IdempotencyKey ?? Guid.NewGuid().ToString();
        var config = ConfigOf(options);
        FilePlace? place = null;
        return api.UploadAsync(
            route,
            path,
            () => new ItemContent(
                operation is null ? null : target,
                config,
                items,
                async stop => place ??= await FilePlace.FindAsync(api, service, operation, stop).ConfigureAwait(false),
                options.Progress),
            key,
            options.ItemsCanBeReadAgain,
            StashJsonContext.Default.Submission,
            cancellationToken);
    }

    private static JsonObject ConfigOf(SubmitOptions options)
    {
        var config = options.Config?.DeepClone().AsObject() ?? [];
        if (options.Name is { } name) config["job_name"] = name;
        if (options.Tags.Count > 0) config["tags"] = new JsonArray([.. options.Tags.Select(tag => JsonValue.Create(tag))]);
        if (options.Priority is { } priority) config["priority"] = priority;
        if (options.MaxParallel is { } parallel) config["max_parallel"] = parallel;
        if (options.MaxRetries is { } retries) config["max_retries"] = retries;
        if (options.StartAt is { } start) config["start_at"] = Rfc3339(start);
        if (options.Deadline is { } deadline) config["deadline"] = Rfc3339(deadline);
        return config;
    }

    private static string Rfc3339(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
