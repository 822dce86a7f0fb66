using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Statements that are sent to the server together. Parameters are <c>$1</c>, <c>$2</c> and so on, in the given order.</summary>
internal sealed class PostgresBatch(NpgsqlBatch batch) : IAsyncDisposable, IDisposable
{
    /// <summary>Begins a transaction that later batches on the same connection continue.</summary>
    public const string Begin = "BEGIN";

    public const string Commit = "COMMIT";

    /// <summary>Rolls the transaction back.</summary>
    public const string Rollback = "ROLLBACK";

    private int skipped;

    /// <summary>Adds a statement. Pass a constant, because its plan is kept.</summary>
    public PostgresBatch Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return this;
    }

    /// <summary>Sets the result of stashai_now(), for this connection or for this transaction.</summary>
    public void SetClock(DateTimeOffset now, bool isLocal)
    {
        skipped++;
        Add(
            "SELECT set_config('stashai.now', $1, $2)",
            Text(now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            Value(isLocal));
    }

    /// <summary>Adds settings for the transaction of this batch, before all other statements.</summary>
    public void AddSettings(string sql)
    {
        skipped++;
        Add(sql);
    }

    /// <summary>
    /// Sends the batch and returns a reader of the first statement with rows. Read to the end with <see cref="EndAsync"/>.
    /// </summary>
    public async Task<NpgsqlDataReader> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await batch.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; i < skipped; i++) await rows.NextResultAsync(cancellationToken);
        return rows;
    }

    /// <inheritdoc cref="ReadAsync"/>
    public NpgsqlDataReader Read()
    {
        var rows = batch.ExecuteReader();
        for (var i = 0; i < skipped; i++) rows.NextResult();
        return rows;
    }

    /// <summary>Sends the batch and waits for its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var rows = await ReadAsync(cancellationToken);
        await EndAsync(rows, cancellationToken);
    }

    /// <summary>Reads the remaining rows: only then is it certain that no statement failed.</summary>
    public static async Task EndAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        while (await rows.NextResultAsync(cancellationToken))
        {
        }
    }

    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A number parameter that may be NULL.</summary>
    public static NpgsqlParameter OrNull(long? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (object?)value ?? DBNull.Value };

    /// <inheritdoc cref="OrNull(long?)"/>
    public static NpgsqlParameter OrNull(int? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)value ?? DBNull.Value };

    /// <inheritdoc cref="OrNull(long?)"/>
    public static NpgsqlParameter OrNull(double? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Double, Value = (object?)value ?? DBNull.Value };

    /// <inheritdoc cref="OrNull(long?)"/>
    public static NpgsqlParameter OrNull(Guid? value) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)value ?? DBNull.Value };

    public static NpgsqlParameter Text(string? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)PostgresText.ToStorable(value) ?? DBNull.Value };

    public void Dispose() => batch.Dispose();

    public ValueTask DisposeAsync() => batch.DisposeAsync();
}
