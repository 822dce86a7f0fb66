using System.Security.Cryptography;
using StashAI.Streams.Files;

namespace StashAI.Server.Backups;

/// <summary>Copies and reads files with their SHA-256.</summary>
internal static class HashedCopy
{
    private const int BufferSize = 1024 * 1024;

    /// <summary>Copies a file, and returns when the copy is on the disk. Only this user can read it.</summary>
    /// <returns>How many bytes it has, and their SHA-256 in hexadecimal digits.</returns>
    public static async Task<(long Size, string Sha256)> CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        await using var from = RegularFile.OpenRead(source);
        await using var to = CreatePrivate(target);
        var found = await ReadAsync(from, to, cancellationToken);
        to.Flush(flushToDisk: true);
        return found;
    }

    /// <summary>Reads a file to its end.</summary>
    /// <inheritdoc cref="CopyAsync" path="/returns"/>
    public static async Task<(long Size, string Sha256)> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = RegularFile.OpenRead(path);
        return await ReadAsync(file, null, cancellationToken);
    }

    /// <summary>A new file that only this user can read.</summary>
    public static FileStream CreatePrivate(string path)
    {
        BackupFolder.CreatePrivate(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static async Task<(long Size, string Sha256)> ReadAsync(Stream from, Stream? to, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var size = 0L;
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            if (to is not null) await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            size += read;
        }

        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
