using System.Runtime.InteropServices;
using SQLitePCL;

namespace StashAI.SqliteFiles;

/// <summary>
/// A file that SQLite has open, used through SQLite's own descriptor. A second descriptor of the database would be dangerous: when a
/// process closes one, it loses all POSIX locks that it has on that file.
/// </summary>
internal sealed unsafe partial class OpenFile
{
    private const int DatabasePointer = 7; // SQLITE_FCNTL_FILE_POINTER
    private const int LogPointer = 28; // SQLITE_FCNTL_JOURNAL_POINTER
    private const int NormalSync = 2; // SQLITE_SYNC_NORMAL

    private readonly File* file;

    private OpenFile(File* file) => this.file = file;

    /// <summary>The size in bytes.</summary>
    public long Size
    {
        get
        {
            long size;
            Check(file->Methods->FileSize(file, &size), "measured");
            return size;
        }
    }

    /// <summary>The database. Valid while the connection is open.</summary>
    public static OpenFile OfDatabase(sqlite3 connection) => Of(connection, DatabasePointer);

    /// <summary>The write-ahead log. Valid while a transaction of the connection is open.</summary>
    public static OpenFile OfLog(sqlite3 connection) => Of(connection, LogPointer);

    /// <summary>Fills <paramref name="destination"/> with what the file has from <paramref name="offset"/> on.</summary>
    public void Read(Span<byte> destination, long offset)
    {
        fixed (byte* bytes = destination) Check(file->Methods->Read(file, bytes, destination.Length, offset), "read");
    }

    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        fixed (byte* bytes = source) Check(file->Methods->Write(file, bytes, source.Length, offset), "written");
    }

    /// <summary>Makes what was written durable.</summary>
    public void Sync() => Check(file->Methods->Sync(file, NormalSync), "flushed");

    private static OpenFile Of(sqlite3 connection, int operation)
    {
        File* file = null;
        Check(FileControl(connection.DangerousGetHandle(), "main", operation, &file), "found");
        return file is not null && file->Methods is not null
            ? new OpenFile(file)
            : throw new InvalidOperationException("SQLite has not opened this file.");
    }

    private static void Check(int code, string what)
    {
        if (code != raw.SQLITE_OK) throw new IOException($"A file of the database could not be {what} (SQLite error {code}).");
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(IntPtr connection, string database, int operation, File** argument);

    /// <summary>The beginning of <c>sqlite3_file</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct File
    {
        public Functions* Methods;
    }

    /// <summary>The beginning of <c>sqlite3_io_methods</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Functions
    {
        public int Version;
        public IntPtr Close;
        public delegate* unmanaged[Cdecl]<File*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<File*, byte*, int, long, int> Write;
        public IntPtr Truncate;
        public delegate* unmanaged[Cdecl]<File*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<File*, long*, int> FileSize;
    }
}
