using Npgsql;
using NpgsqlTypes;

namespace StashAI.Visage.Gallery.Postgres;

/// <summary>
/// Statements that take one round trip. Without a transaction they are one themselves. Settings are made here and not once for each
/// connection, because a pooler may give each transaction another session.
/// </summary>
internal sealed class PostgresGalleryBatch : IAsyncDisposable
{
    private readonly NpgsqlBatch batch;
    private readonly bool hasSettings;

    /// <param name="connection">The connection.</param>
    /// <param name="settings">Settings for the transaction that begins with this batch; none for a later batch of it.</param>
    /// <param name="timeout">The longest wait for the database, in seconds; 0 for no limit.</param>
    public PostgresGalleryBatch(NpgsqlConnection connection, IEnumerable<(string Name, string Value)>? settings = null, int timeout = 30)
    {
        batch = new NpgsqlBatch(connection) { Timeout = timeout };
        var all = settings?.ToList() ?? [];
        hasSettings = all.Count > 0;
        if (!hasSettings) return;
        Add(
            "SELECT set_config(name, value, true) FROM unnest($1, $2) AS s (name, value)",
            Texts([.. all.Select(setting => setting.Name)]), Texts([.. all.Select(setting => setting.Value)]));
    }

    /// <summary>The settings of a change: durable, and never in the way of others for long.</summary>
    public static IReadOnlyList<(string Name, string Value)> ChangeSettings { get; } =
    [
        ("synchronous_commit", "on"),
        // A process that is frozen within a change must not keep the gallery locked for longer than this.
        ("idle_in_transaction_session_timeout", "10s"),
        ("lock_timeout", "20s"),
        ("statement_timeout", "60s"),
    ];

    /// <summary>The settings of what may take long, whatever a hoster's default timeouts are.</summary>
    public static IReadOnlyList<(string Name, string Value)> UnlimitedSettings { get; } =
    [
        ("synchronous_commit", "on"),
        ("idle_in_transaction_session_timeout", "0"),
        ("lock_timeout", "0"),
        ("statement_timeout", "0"),
    ];

    public PostgresGalleryBatch Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return this;
    }

    public Task RunAsync(CancellationToken cancellationToken) => batch.ExecuteNonQueryAsync(cancellationToken);

    /// <summary>Runs the statements; the reader is at the rows of the first one that was added.</summary>
    public async Task<NpgsqlDataReader> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = await batch.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken);
        if (hasSettings) await reader.NextResultAsync(cancellationToken);
        return reader;
    }

    public ValueTask DisposeAsync() => batch.DisposeAsync();

    public static NpgsqlParameter Integer(int value) =>
        new NpgsqlParameter<int> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Bigint(long value) =>
        new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Bigints(long[] values) =>
        new NpgsqlParameter<long[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    public static NpgsqlParameter Uuid(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    public static NpgsqlParameter Uuids(Guid[] values) =>
        new NpgsqlParameter<Guid[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    public static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Texts(string[] values) =>
        new NpgsqlParameter<string[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Bytes(byte[] value) =>
        new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter Blobs(byte[]?[] values) =>
        new NpgsqlParameter<byte[]?[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    public static NpgsqlParameter Doubles(double[] values) =>
        new NpgsqlParameter<double[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double };
}
