namespace StashAI.Gateway.Live.Hub;

/// <summary>Limits for live clients.</summary>
internal sealed record LiveLimits
{
    /// <summary>Largest message from a client, in bytes; a longer one closes the socket with code 1009.</summary>
    public int MaxMessage { get; init; } = 64 * 1024;

    /// <summary>Most jobs and tasks that one client may follow.</summary>
    public int MaxSubscriptions { get; init; } = 10_000;

    /// <summary>Burst of messages that a client may send; a faster client is read more slowly and loses nothing.</summary>
    public int MessageBurst { get; init; } = 2_000;

    /// <summary>Messages per second that a client may send on average.</summary>
    public double MessagesPerSecond { get; init; } = 200;

    /// <summary>Invalid messages in a row after which the socket is closed with code 1008.</summary>
    public int MaxUnreadable { get; init; } = 100;

    /// <summary>Interactions queued for a slow client; beyond that the oldest are dropped.</summary>
    public int MaxInteractions { get; init; } = 256;

    /// <summary>Most sockets and event streams at the same time; further ones get a 503.</summary>
    public int MaxClients { get; init; } = 10_000;

    /// <summary>A client that reads nothing for this long is disconnected.</summary>
    public TimeSpan Stalled { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for a client to read its last message and to close its side.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause between two searches for changes of other processes while a client follows something; at least 50 ms.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Time in which a socket that was opened without a key must send one.</summary>
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause between two checks whether a client's key is still valid.</summary>
    public TimeSpan KeyCheck { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause between two reads of the statistics while a client follows them.</summary>
    public TimeSpan StatsPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause between two comments on an event stream, which keep proxies from closing it as idle.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most lists that one client may follow.</summary>
    public int MaxLists { get; init; } = 16;

    /// <summary>Most different lists that all clients together may follow.</summary>
    public int MaxFilters { get; init; } = 1_000;

    /// <summary>Most entries of a list that wait for a slow client; beyond that it gets a page again.</summary>
    public int MaxListChanges { get; init; } = 2_000;

    /// <summary>Shortest time between two messages about changes of a list.</summary>
    public TimeSpan ListPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Pause between two reads of the services while a client follows them.</summary>
    public TimeSpan ServicesPause { get; init; } = TimeSpan.FromMilliseconds(500);
}
