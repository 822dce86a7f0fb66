using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// A prepared statement that uses SQLite's own interface, because ADO.NET would box parameters and columns. As in SQLite, parameters count
/// from 1 and columns from 0.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    /// <summary>Tells SQLite to copy a value at once.</summary>
    private const nint CopyNow = -1;

    /// <summary>Shorter texts are encoded without memory of their own.</summary>
    private const int StackBytes = 256;

    private readonly sqlite3 handle;
    private readonly nint connection;
    private readonly sqlite3_stmt statement;

    /// <summary>The statement as SQLite knows it, for the calls that are made most often; 0, which SQLite refuses, after the end.</summary>
    private nint native;

    /// <summary>True while it has neither parameters nor a row: a reset is two calls, and most statements end by themselves.</summary>
    private bool isReset = true;

    public SqliteStatement(sqlite3 handle, string sql)
    {
        this.handle = handle;
        connection = handle.DangerousGetHandle();
        statement = Prepare(handle, sql);
        native = statement.DangerousGetHandle();
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(SqliteNative.BindInt64(native, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public SqliteStatement Bind(int index, double value)
    {
        Check(SqliteNative.BindDouble(native, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, double? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var utf8 = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        Check(SqliteNative.BindText(native, index, utf8, Encoding.UTF8.GetBytes(value, utf8), CopyNow));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span would bind NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, index, 0)
            : SqliteNative.BindBlob(native, index, value, value.Length, CopyNow));
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
        Check(SqliteNative.BindNull(native, index));
        return this;
    }

    /// <summary>Moves to the next row. False when there is none; the statement is then reset.</summary>
    public bool Step()
    {
        isReset = false;
        var code = SqliteNative.Step(native);
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

        return SqliteNative.Changes(connection);
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
        if (isReset || native == 0) return;
        _ = SqliteNative.Reset(native);
        _ = SqliteNative.ClearBindings(native);
        isReset = true;
    }

    public bool IsNull(int column) => SqliteNative.ColumnType(native, column) == raw.SQLITE_NULL;

    public long Int64(int column) => SqliteNative.ColumnInt64(native, column);

    public int Int32(int column) => (int)SqliteNative.ColumnInt64(native, column);

    public double Real(int column) => SqliteNative.ColumnDouble(native, column);

    public unsafe string Text(int column)
    {
        // In this order: the length is of what the first call has made of the value. Texts may have a NUL.
        var text = SqliteNative.ColumnText(native, column);
        return text == 0 ? "" : Encoding.UTF8.GetString((byte*)text, SqliteNative.ColumnBytes(native, column));
    }

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column)
    {
        var blob = BlobOf(column);
        // Results are large: their memory need not be cleared first.
        var copy = GC.AllocateUninitializedArray<byte>(blob.Length);
        blob.CopyTo(copy);
        return copy;
    }

    /// <summary>Copies a blob; returns its length.</summary>
    public int CopyBlob(int column, Span<byte> destination)
    {
        var blob = BlobOf(column);
        blob.CopyTo(destination);
        return blob.Length;
    }

    public Guid Guid(int column) => new(BlobOf(column), bigEndian: true);

    public void Dispose()
    {
        native = 0;
        statement.Dispose();
    }

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

    /// <summary>A blob of the current row; valid until the next step.</summary>
    private unsafe ReadOnlySpan<byte> BlobOf(int column)
    {
        var bytes = SqliteNative.ColumnBlob(native, column);
        return new ReadOnlySpan<byte>((void*)bytes, bytes == 0 ? 0 : SqliteNative.ColumnBytes(native, column));
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
