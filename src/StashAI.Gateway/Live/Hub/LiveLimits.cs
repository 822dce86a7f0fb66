namespace StashAI.Gateway.Live.Hub;

/// <summary>What one client may cost.</summary>
internal sealed record LiveLimits
{
    /// <summary>Bytes of one message from a client; a longer one closes the socket with 1009.</summary>
    public int MaxMessage { get; init; } = 64 * 1024;

    /// <summary>Jobs and tasks that one client may follow.</summary>
    public int MaxSubscriptions { get; init; } = 10_000;

    /// <summary>Messages that a client may send at once; a faster client is read more slowly, and loses nothing.</summary>
    public int MessageBurst { get; init; } = 2_000;

    /// <summary>Messages a second that a client may send in the long run.</summary>
    public double MessagesPerSecond { get; init; } = 200;

    /// <summary>Messages in a row that cannot be read; then the socket is closed with 1008.</summary>
    public int MaxUnreadable { get; init; } = 100;

    /// <summary>Interactions that wait for a slow client; the oldest are dropped above that.</summary>
    public int MaxInteractions { get; init; } = 256;

    /// <summary>Sockets and event streams at once; further ones get a 503.</summary>
    public int MaxClients { get; init; } = 10_000;

    /// <summary>A client that takes nothing for so long is cut off.</summary>
    public TimeSpan Stalled { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What a client has to take its last message, and to close its side.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often changes of other processes are looked for while somebody follows something; 50 ms at least.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>What a socket that was opened without a key has to show one.</summary>
    public TimeSpan AuthPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is looked whether a client's key still holds.</summary>
    public TimeSpan KeyCheck { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the statistics are read while somebody follows them.</summary>
    public TimeSpan StatsPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an event stream gets a comment, so that nothing between takes it for dead.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);
}
