using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Statements that go to the server together. Parameters are `$1`, `$2` and so on, in the order in which they are given.</summary>
internal sealed class PostgresBatch(NpgsqlBatch batch) : IAsyncDisposable, IDisposable
{
    /// <summary>Begins a transaction that later batches on the same connection go on with.</summary>
    public const string Begin = "BEGIN";

    /// <summary>Ends it.</summary>
    public const string Commit = "COMMIT";

    /// <summary>Ends it as if it had never been.</summary>
    public const string Rollback = "ROLLBACK";

    private int skipped;

    /// <summary>Adds a statement. Pass a constant: its plan is kept.</summary>
    public PostgresBatch Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return this;
    }

    /// <summary>Sets what stashai_now() answers on this connection from here on, or for this transaction.</summary>
    public void SetClock(DateTimeOffset now, bool isLocal)
    {
        skipped++;
        Add("SELECT set_config('stashai.now', $1, $2)", Text(now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)), Value(isLocal));
    }

    /// <summary>Makes settings for the transaction of this batch, before the clock and all else.</summary>
    public void AddSettings(string sql)
    {
        skipped++;
        Add(sql);
    }

    /// <summary>Sends it and stands before the rows of the first statement that gives some. Read to the end with <see cref="EndAsync"/>.</summary>
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

    /// <summary>Sends it and waits for its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var rows = await ReadAsync(cancellationToken);
        await EndAsync(rows, cancellationToken);
    }

    /// <summary>Reads what is left: only then is it certain that no statement failed.</summary>
    public static async Task EndAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        while (await rows.NextResultAsync(cancellationToken))
        {
        }
    }

    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A number, or NULL.</summary>
    public static NpgsqlParameter Maybe(long? value) => new() { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (object?)value ?? DBNull.Value };

    /// <inheritdoc cref="Maybe(long?)"/>
    public static NpgsqlParameter Maybe(int? value) => new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)value ?? DBNull.Value };

    /// <inheritdoc cref="Maybe(long?)"/>
    public static NpgsqlParameter Maybe(double? value) => new() { NpgsqlDbType = NpgsqlDbType.Double, Value = (object?)value ?? DBNull.Value };

    /// <inheritdoc cref="Maybe(long?)"/>
    public static NpgsqlParameter Maybe(Guid? value) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)value ?? DBNull.Value };

    public static NpgsqlParameter Text(string? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)PostgresText.Storable(value) ?? DBNull.Value };

    public void Dispose() => batch.Dispose();

    public ValueTask DisposeAsync() => batch.DisposeAsync();
}
