using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// A prepared statement that uses SQLite's own interface, because ADO.NET would box parameters and columns. As in SQLite, parameters count
/// from 1 and columns from 0.
/// </summary>
internal sealed class SqliteStatement(sqlite3 handle, string sql) : IDisposable
{
    private readonly sqlite3_stmt statement = Prepare(handle, sql);

    /// <summary>True while it has neither parameters nor a row: a reset is two calls, and most statements end by themselves.</summary>
    private bool isReset = true;

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public SqliteStatement Bind(int index, double value)
    {
        Check(raw.sqlite3_bind_double(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, double? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        Check(raw.sqlite3_bind_text(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span would bind NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, Guid? value) => value is { } guid ? Bind(index, guid) : BindNull(index);

    public SqliteStatement Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(index, bytes);
    }

    public SqliteStatement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(statement, index));
        return this;
    }

    /// <summary>Moves to the next row. False when there is none; the statement is then reset.</summary>
    public bool Step()
    {
        isReset = false;
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        Reset();
        if (code != raw.SQLITE_DONE) throw Error(handle, code);
        return false;
    }

    /// <summary>Runs to the end; returns how many rows changed.</summary>
    public int Run()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(handle);
    }

    /// <summary>The first column of the only row, or null.</summary>
    public long? Scalar()
    {
        long? value = null;
        while (Step()) value = IsNull(0) ? null : Int64(0);
        return value;
    }

    public void Reset()
    {
        if (isReset) return;
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
        isReset = true;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public int Int32(int column) => raw.sqlite3_column_int(statement, column);

    public double Real(int column) => raw.sqlite3_column_double(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column)
    {
        var blob = raw.sqlite3_column_blob(statement, column);
        // Results are large: their memory need not be cleared first.
        var copy = GC.AllocateUninitializedArray<byte>(blob.Length);
        blob.CopyTo(copy);
        return copy;
    }

    /// <summary>Copies a blob; returns its length.</summary>
    public int CopyBlob(int column, Span<byte> destination)
    {
        var blob = raw.sqlite3_column_blob(statement, column);
        blob.CopyTo(destination);
        return blob.Length;
    }

    public Guid Guid(int column) => new(raw.sqlite3_column_blob(statement, column), bigEndian: true);

    public void Dispose() => statement.Dispose();

    /// <summary>Runs SQL without parameters and rows.</summary>
    public static void Execute(sqlite3 handle, string sql)
    {
        var code = raw.sqlite3_exec(handle, sql);
        if (code != raw.SQLITE_OK) throw Error(handle, code);
    }

    public static SqliteException Error(sqlite3 handle, int code)
    {
        var extended = raw.sqlite3_extended_errcode(handle);
        return new SqliteException($"SQLite error {extended}: {raw.sqlite3_errmsg(handle).utf8_to_string()}", code & 0xff, extended);
    }

    private void Check(int code)
    {
        isReset = false;
        if (code != raw.SQLITE_OK) throw Error(handle, code);
    }

    private static sqlite3_stmt Prepare(sqlite3 handle, string sql)
    {
        var code = raw.sqlite3_prepare_v3(handle, Encoding.UTF8.GetBytes(sql), raw.SQLITE_PREPARE_PERSISTENT, out var prepared);
        return code == raw.SQLITE_OK ? prepared : throw Error(handle, code);
    }
}
