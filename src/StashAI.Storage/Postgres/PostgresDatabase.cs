using Npgsql;

namespace StashAI.Storage.Postgres;

/// <summary>Opens connections to one database, all set up alike.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>The oldest server that is supported.</summary>
    public const int OldestVersion = 14;

    // Every statement of this store is made to go through an index. Statistics of a table that is still empty, in a plan that is
    // kept, must not talk the server into reading a table from end to end once it has a million rows.
    private static readonly string[] Session =
    [
        "synchronous_commit=on",
        @"default_transaction_isolation=read\ committed",
        "plan_cache_mode=force_generic_plan",
        "enable_seqscan=off",
        "enable_bitmapscan=off",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        "jit=off",
        // A process that is stopped within a transaction must not hold its locks for longer than this.
        "idle_in_transaction_session_timeout=10s",
        "lock_timeout=20s",
        // Longer than a client waits: what nobody waits for any more must end by itself.
        "statement_timeout=60s",
    ];

    private readonly NpgsqlDataSource source;
    private readonly NpgsqlDataSource dedicated;
    private readonly NpgsqlDataSource listeners;
    private readonly TimeProvider? clock;

    public PostgresDatabase(PostgresSettings settings)
    {
        clock = settings.Clock;
        var builder = PostgresUrl.Parse(settings.Url);
        Name = PostgresUrl.NameOf(builder);
        PlainConnection = builder.ConnectionString;
        builder.ApplicationName ??= "stashai-server";
        builder.Options = string.Join(' ', new[] { builder.Options }.Concat(Session.Select(setting => $"-c {setting}"))).Trim();
        builder.MaxPoolSize = settings.MaxConnections;
        // A claim of some hundred tasks is some hundred kilobytes: with small buffers each few of them cost a system call.
        builder.ReadBufferSize = 64 * 1024;
        builder.WriteBufferSize = 64 * 1024;
        builder.MaxAutoPrepare = 100;
        builder.AutoPrepareMinUsages = 2;
        // Nothing is left behind on a connection that would have to be reset.
        builder.NoResetOnClose = true;
        source = NpgsqlDataSource.Create(builder);
        builder.Pooling = false;
        builder.CommandTimeout = 5;
        dedicated = NpgsqlDataSource.Create(builder);
        // Nothing else would notice that a listener's server is gone without a word.
        builder.KeepAlive = 30;
        builder.ApplicationName += " listener";
        listeners = NpgsqlDataSource.Create(builder);
    }

    /// <summary>Where it is, for messages: without user and password.</summary>
    public string Name { get; }

    /// <summary>What Npgsql needs to connect as this store does.</summary>
    public string SessionConnection => source.ConnectionString;

    /// <summary>What Npgsql needs to connect, without this store's session settings.</summary>
    public string PlainConnection { get; }

    /// <summary>When ids are made. Nothing that the database decides depends on it.</summary>
    public TimeProvider Clock => clock ?? TimeProvider.System;

    /// <summary>A connection from the pool.</summary>
    public async ValueTask<PostgresSession> OpenAsync(CancellationToken cancellationToken) =>
        new(await source.OpenConnectionAsync(cancellationToken), clock);

    /// <summary>A connection of its own, for synchronous use, that no other work can delay.</summary>
    public PostgresSession OpenDedicated() => new(dedicated.OpenConnection(), clock);

    /// <summary>A connection of its own that waits for notifications.</summary>
    public ValueTask<NpgsqlConnection> OpenListenerAsync(CancellationToken cancellationToken) => listeners.OpenConnectionAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await dedicated.DisposeAsync();
        await listeners.DisposeAsync();
    }
}
