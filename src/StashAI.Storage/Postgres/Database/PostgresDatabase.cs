using System.Data.Common;
using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>
/// Opens connections to one database, all with the same settings. Settings are made by SQL, because poolers refuse them as startup
/// parameters: once per connection, or, if a pooler gives each transaction another session, at the start of each transaction.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>The oldest server that is supported.</summary>
    public const int OldestVersion = 14;

    // Every statement of this store is designed to use an index. Statistics of a table that is still empty, in a plan that is
    // kept, must not make the server scan a table once it has a million rows.
    private static readonly (string Name, string Value)[] Session =
    [
        ("synchronous_commit", "on"),
        ("default_transaction_isolation", "read committed"),
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_seqscan", "off"),
        ("enable_bitmapscan", "off"),
        ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
        ("jit", "off"),
        // A process that is frozen within a transaction must not keep its locks for longer than this.
        ("idle_in_transaction_session_timeout", "10s"),
        ("lock_timeout", "20s"),
        // Longer than any client waits: a statement that nobody waits for any more must end by itself.
        ("statement_timeout", "60s"),
    ];

    // A change of a large table may take long, whatever a hoster's default timeouts are.
    private static readonly (string Name, string Value)[] Migration =
    [
        ("synchronous_commit", "on"),
        ("idle_in_transaction_session_timeout", "0"),
        ("lock_timeout", "0"),
        ("statement_timeout", "0"),
    ];

    private readonly PostgresAddress address;
    private readonly TimeProvider? clock;
    private readonly Lock gate = new();
    private readonly List<DbDataSource> opened = [];
    private readonly PostgresConnections connections;
    private NpgsqlDataSource? dedicated;
    private NpgsqlDataSource? listeners;

    public PostgresDatabase(PostgresSettings settings)
    {
        clock = settings.Clock;
        address = PostgresUrl.Read(settings.Url);
        address.Connection.ApplicationName ??= "stashai-server";
        Name = PostgresUrl.NameOf(address.Connection);
        connections = new PostgresConnections(
            Math.Min(address.MaxConnections ?? int.MaxValue, settings.MaxConnections),
            address.Connection.Timeout > 0 ? TimeSpan.FromSeconds(address.Connection.Timeout) : Timeout.InfiniteTimeSpan, CreateOne);
        HasTransactionPooling = address.HasTransactionPooling;
    }

    /// <summary>The database's address for messages, without user and password.</summary>
    public string Name { get; }

    /// <summary>The connection settings, for messages.</summary>
    public NpgsqlConnectionStringBuilder Connection => address.Connection;

    /// <summary>Parameters of the URL without an effect.</summary>
    public IReadOnlyList<string> UnusedParameters => address.Unused;

    /// <summary>
    /// True when each transaction may get another session, as behind a pooler in transaction mode. Must be set before the store opens its
    /// first connection. Then statements are not prepared, notifications are not used, and settings are made for each transaction.
    /// </summary>
    public bool HasTransactionPooling { get; set; }

    /// <summary>Prepares the first connection for a use when it is opened; not called where statements are not prepared.</summary>
    public Func<NpgsqlConnection, PostgresUse, Task>? OnOpened { get; init; }

    /// <summary>The table of applied migrations; set by the migration.</summary>
    public (string Schema, string Table) Journal { get; set; }

    /// <summary>The settings for migrations, as a statement for the current transaction.</summary>
    public string MigrationSettings => SettingsSql([.. address.Settings, .. Migration], isLocal: true);

    /// <summary>The clock for creating ids. Nothing that the database decides depends on it.</summary>
    public TimeProvider Clock => clock ?? TimeProvider.System;

    /// <summary>True for a setting that this program sets itself.</summary>
    public static bool IsOwn(string name) =>
        Array.Exists(Session, setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens a connection from the pool.</summary>
    public ValueTask<PostgresSession> OpenAsync(CancellationToken cancellationToken) => OpenAsync(PostgresUse.Other, cancellationToken);

    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    public async ValueTask<PostgresSession> OpenAsync(PostgresUse use, CancellationToken cancellationToken)
    {
        var (connection, place) = await connections.TakeAsync(use, cancellationToken);
        return Begin(connection, isBroken => connections.Return(place, isBroken));
    }

    /// <summary>Runs a call with a connection from the pool.</summary>
    public Task<T> RunAsync<T>(Func<PostgresSession, Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(PostgresUse.Other, call, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Func{PostgresSession, Task{T}}, CancellationToken)"/>
    public async Task<T> RunAsync<T>(PostgresUse use, Func<PostgresSession, Task<T>> call, CancellationToken cancellationToken)
    {
        await using var session = await OpenAsync(use, cancellationToken);
        return await call(session);
    }

    /// <summary>Opens a separate connection for synchronous use, which no other work can delay.</summary>
    public PostgresSession OpenDedicated() => Begin(Dedicated().OpenConnection());

    /// <summary>Opens a separate connection that waits for notifications.</summary>
    public ValueTask<NpgsqlConnection> OpenListenerAsync(CancellationToken cancellationToken) =>
        Listeners().OpenConnectionAsync(cancellationToken);

    /// <summary>Opens a source of connections without this store's settings and without pooling.</summary>
    public NpgsqlDataSource OpenPlain()
    {
        lock (gate) return Create(Unpooled(), settings: null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in opened) await one.DisposeAsync();
        connections.Dispose();
    }

    private static string SettingsSql(IReadOnlyList<(string Name, string Value)> settings, bool isLocal) =>
        "SELECT " + string.Join(
            ", ",
            settings.Select(setting => $"set_config({Quoted(setting.Name)}, {Quoted(setting.Value)}, {(isLocal ? "true" : "false")})"));

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private PostgresSession Begin(NpgsqlConnection connection, Action<bool>? onClosed = null) => new(
        connection, clock, HasTransactionPooling ? SettingsSql([.. address.Settings, .. Session], isLocal: true) : null, onClosed);

    private NpgsqlDataSource CreateOne(PostgresUse? use)
    {
        var builder = StoreConnection();
        builder.MaxPoolSize = 1;
        if (use is not null)
        {
            // It stays open where the driver would close it, because it is idle whenever the driver looks.
            builder.MinPoolSize = 1;
            if (!builder.TcpKeepAlive) (builder.TcpKeepAlive, builder.TcpKeepAliveTime) = (true, 60);
        }

        lock (gate) return Create(builder, [.. address.Settings, .. Session], use);
    }

    private NpgsqlDataSource Dedicated()
    {
        lock (gate) return dedicated ??= Create(StoreConnection(Unpooled()), [.. address.Settings, .. Session]);
    }

    private NpgsqlDataSource Listeners()
    {
        lock (gate)
        {
            if (listeners is not null) return listeners;
            var builder = StoreConnection(Unpooled());
            // Nothing else would notice that a listener's server has disappeared without closing the connection.
            builder.KeepAlive = 30;
            builder.ApplicationName += " listener";
            return listeners = Create(builder, [.. address.Settings, .. Session]);
        }
    }

    private NpgsqlConnectionStringBuilder Unpooled() => new(address.Connection.ConnectionString) { Pooling = false };

    private NpgsqlConnectionStringBuilder StoreConnection(NpgsqlConnectionStringBuilder? unpooled = null)
    {
        var builder = unpooled ?? new NpgsqlConnectionStringBuilder(address.Connection.ConnectionString);
        if (unpooled is not null) builder.CommandTimeout = 5;
        // A claim of some hundred tasks takes some hundred kilobytes; small buffers would need many system calls.
        builder.ReadBufferSize = 64 * 1024;
        builder.WriteBufferSize = 64 * 1024;
        builder.MaxAutoPrepare = HasTransactionPooling ? 0 : 100;
        builder.AutoPrepareMinUsages = 2;
        // Connections keep no state that would have to be reset.
        builder.NoResetOnClose = true;
        return builder;
    }

    private NpgsqlDataSource Create(
        NpgsqlConnectionStringBuilder connection, IReadOnlyList<(string Name, string Value)>? settings, PostgresUse? use = null)
    {
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        // All types are PostgreSQL's own; to read the list of all types would take every source a query over the catalogs.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        if (settings is not null && !HasTransactionPooling)
        {
            var sql = SettingsSql(settings, isLocal: false);
            builder.UsePhysicalConnectionInitializer(
                connection =>
                {
                    using var command = new NpgsqlCommand(sql, connection);
                    command.ExecuteNonQuery();
                },
                async connection =>
                {
                    await using (var command = new NpgsqlCommand(sql, connection)) await command.ExecuteNonQueryAsync();
                    if (use is { } first && OnOpened is { } prepare) await prepare(connection, first);
                });
        }

        if (!address.HasSeveralHosts)
        {
            var single = builder.Build();
            opened.Add(single);
            return single;
        }

        // A queue writes, so it needs the host that is not a standby.
        var several = builder.BuildMultiHost();
        opened.Add(several);
        return several.WithTargetSession(TargetSessionAttributes.Primary);
    }
}
