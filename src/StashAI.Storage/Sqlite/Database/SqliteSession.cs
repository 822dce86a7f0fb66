using SQLitePCL;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>One connection with its prepared statements. Not thread-safe.</summary>
internal sealed class SqliteSession(sqlite3 handle) : IDisposable
{
    // Statements are constants, so comparing references is enough.
    private readonly Dictionary<string, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);

    public sqlite3 Handle => handle;

    /// <summary>
    /// Returns the prepared statement for a text, reset. Pass a constant, because each statement is prepared once and kept.
    /// </summary>
    public SqliteStatement Use(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(handle, sql);
            statements.Add(sql, statement);
        }

        statement.Reset();
        return statement;
    }

    public long LastInsertRowId => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>The time of the database's clock, for statements that run once per task.</summary>
    public long Now() => Use("SELECT stashai_now()").Scalar()!.Value;

    /// <summary>False once SQLite has ended the transaction by itself, as it does when the disk is full.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>Closes all open cursors, so that no read transaction outlives its page.</summary>
    public void ResetAll()
    {
        foreach (var statement in statements.Values) statement.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values) statement.Dispose();
        handle.Dispose();
    }
}
