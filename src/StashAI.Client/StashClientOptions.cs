namespace StashAI.Client;

/// <summary>How a client talks to its server.</summary>
public sealed record StashClientOptions
{
    /// <summary>The API key; null for a server without keys. It is sent as a bearer token.</summary>
    public string? Key { get; init; }

    /// <summary>How long one attempt of a request may take, uploads and streams excepted. The default is 100 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How often a request is sent again after a broken connection or a 429, 502, 503 or 504, 0 for never. The default is 3. Only requests
    /// that may be repeated are: reads, submits (by their idempotency key), cancels, pauses and resumes.
    /// </summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>
    /// How often a job is asked for its state where neither WebSocket nor event stream get through. The default is 1 second.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After so long without news and without a connection a watch gives up. The default is 10 minutes.</summary>
    public TimeSpan WatchPatience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After so long without an answer a large upload gives up; what was sent stays on the server for a day. The default is 2 minutes.
    /// With <see cref="MaxRetries"/> of 0 it gives up at once.
    /// </summary>
    public TimeSpan UploadPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Tells the time. The default is the system's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
