using System.Text.Json.Nodes;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Submit;

/// <summary>Makes a job of items: in one request, or in chunks when there is much to send.</summary>
internal static class Submitting
{
    /// <summary>Up to so many bytes go in one request.</summary>
    public const int MaxInOne = 8_000_000;

    /// <param name="api">The server.</param>
    /// <param name="patience">After so long without an answer a large upload gives up.</param>
    /// <param name="target">The service, or <c>SERVICE.OPERATION</c>.</param>
    /// <param name="items">The items.</param>
    /// <param name="options">What else is asked for.</param>
    /// <param name="cancellationToken">Ends the submit.</param>
    public static async Task<Submission> RunAsync(
        ApiSender api,
        TimeSpan patience,
        string target,
        IAsyncEnumerable<SubmitItem> items,
        SubmitOptions options,
        CancellationToken cancellationToken)
    {
        var dot = target.IndexOf('.', StringComparison.Ordinal);
        var (service, operation) = dot < 0 ? (target, null) : (target[..dot], target[(dot + 1)..]);
        var config = ConfigOf(options);
        var key = Guid.NewGuid().ToString();
        FilePlace? place = null;
        ItemContent Body(IProgress<SubmitProgress>? progress) => new(
            config,
            items,
            async stop => place ??= await FilePlace.FindAsync(api, service, operation, stop).ConfigureAwait(false),
            progress);
        Task<Submission> SendAsync(Func<SentContent> body, bool isRepeatable) => api.UploadAsync(
            operation is null ? Routes.Submit : Routes.SubmitOperation,
            operation is null ? Routes.Submit.Fill([service]) : Routes.SubmitOperation.Fill([service, operation]),
            body,
            options.IdempotencyKey ?? key,
            isRepeatable,
            StashJsonContext.Default.Submission,
            cancellationToken);

        var upload = new ChunkedUpload(api, patience, service, operation, options);
        if (options.ItemsCanBeReadAgain)
        {
            using var measured = new MeasuringStream(MaxInOne, upload.IsOfferedAsync);
            var read = new LastProgress();
            if (await measured.TryReadAsync(Body(read), cancellationToken).ConfigureAwait(false))
            {
                if (measured.Size <= MaxInOne)
                    return await SendAsync(() => new BytesContent(measured.Held, options.Progress, read.Value), true).ConfigureAwait(false);
                if (await upload.TryRunAsync(measured.Size, measured.Sha256(), Body, cancellationToken).ConfigureAwait(false) is { } made)
                    return made;
            }

            return await SendAsync(() => Body(options.Progress), true).ConfigureAwait(false);
        }

        if (!await upload.IsOfferedAsync(cancellationToken).ConfigureAwait(false))
            return await SendAsync(() => Body(options.Progress), false).ConfigureAwait(false);
        using var holding = new HoldingStream(MaxInOne, upload);
        using (var body = Body(options.Progress)) await body.CopyAsync(holding, cancellationToken).ConfigureAwait(false);
        return await holding.TryCommitAsync(cancellationToken).ConfigureAwait(false)
            ?? await SendAsync(() => new BytesContent(holding.Held, null, default), true).ConfigureAwait(false);
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

    private sealed class LastProgress : IProgress<SubmitProgress>
    {
        public SubmitProgress Value { get; private set; }

        public void Report(SubmitProgress value) => Value = value;
    }
}
