using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace StashAI.Streams.Files;

/// <summary>
/// Opens files that somebody else names. A named pipe would hold the thread until somebody writes into it, and a device may do anything;
/// both are refused without waiting, also when the file becomes one in the meantime.
/// </summary>
public static partial class RegularFile
{
    private const int ReadOnly = 0;
    private const int NoControllingTerminal = 0x100; // O_NOCTTY
    private const int NonBlocking = 0x800; // O_NONBLOCK
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int NamedPipe = 0x1000; // S_IFIFO
    private const int Socket = 0xC000; // S_IFSOCK
    private const int Folder = 0x4000; // S_IFDIR
    private const int NoSuchType = 0;
    private const int ModeOffset = 28;
    private const int StatxSize = 256;

    /// <summary>The file, to be read from its beginning.</summary>
    /// <exception cref="IOException">
    /// It is not there, may not be read, or is not a regular file; the message says which, and the path.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        const FileOptions Options = FileOptions.Asynchronous | FileOptions.SequentialScan;
        if (!OperatingSystem.IsLinux())
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, Options);
        }

        Check(TypeOf(CurrentFolder, path, 0), path);
        var descriptor = Open(path, ReadOnly | NonBlocking | CloseOnExec | NoControllingTerminal);
        if (descriptor < 0) throw new IOException($"{path} {Unreadable(Marshal.GetLastPInvokeError())}.");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            Check(TypeOf(descriptor, "", EmptyPath), path);
            return new FileStream(handle, FileAccess.Read, bufferSize: 1, isAsync: false);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>All of the file as text: UTF-8 unless it begins with a mark of another encoding.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static string ReadAllText(string path)
    {
        using var reader = new StreamReader(OpenRead(path), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>All lines of the file.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static IReadOnlyList<string> ReadAllLines(string path)
    {
        using var reader = new StreamReader(OpenRead(path), Encoding.UTF8);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines;
    }

    /// <summary>All bytes of the file.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static byte[] ReadAllBytes(string path)
    {
        using var file = OpenRead(path);
        using var bytes = new MemoryStream(LengthOf(file));
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <inheritdoc cref="ReadAllBytes"/>
    public static async Task<byte[]> ReadAllBytesAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = OpenRead(path);
        using var bytes = new MemoryStream(LengthOf(file));
        await file.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Why a file cannot be opened, as the end of a sentence whose subject is the file; null when it is a regular file.</summary>
    public static string? ReasonToRefuse(string path) =>
        OperatingSystem.IsLinux() ? WordsOf(TypeOf(CurrentFolder, path, 0)) : File.Exists(path) ? null : "is not there";

    private static int LengthOf(FileStream file) =>
        file.Length <= Array.MaxLength ? (int)file.Length : throw new IOException($"{file.Name} is larger than 2 GB.");

    private static void Check(int type, string path)
    {
        if (WordsOf(type) is { } words) throw new IOException($"{path} {words}.");
    }

    private static string? WordsOf(int type) => type switch
    {
        Regular => null,
        < 0 => Unreadable(Marshal.GetLastPInvokeError()),
        NoSuchType => "has a zero byte in its name, which no file has",
        NamedPipe => "is a named pipe, not a regular file",
        Socket => "is a socket, not a regular file",
        Folder => "is a folder, not a regular file",
        _ => "is a device, not a regular file",
    };

    private static string Unreadable(int error) => $"cannot be opened ({Marshal.GetPInvokeErrorMessage(error)})";

    /// <summary>The type bits of the file's mode; negative when the file cannot be looked at.</summary>
    private static int TypeOf(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        // The system would read the path as far as the zero only.
        if (path.Contains('\0', StringComparison.Ordinal)) return NoSuchType;
        return Statx(folder, path, flags, TypeOnly, status) == 0 ? MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask : -1;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);
}
