using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Batches;

/// <summary>
/// A file of results that grows: a line for each request. What an earlier run wrote stays, but for a last line that it did not finish, and
/// no request comes twice.
/// </summary>
internal sealed class ResultLines(string path) : IAsyncDisposable
{
    private readonly HashSet<string> written = [];
    private FileStream? file;

    /// <summary>How many results are in the file.</summary>
    public int Count => written.Count;

    /// <summary>Reads what an earlier run wrote.</summary>
    /// <exception cref="StashException">It cannot be opened, for instance because it belongs to somebody else.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }

        var lines = new LineReader(file);
        var whole = 0L;
        while (await lines.ReadAsync(cancellationToken) is { } line && lines.IsWhole)
        {
            if (IdOf(line) is not { } id)
                throw new UsageException($"{path} has a line that is no result of this run. Move it away, or give another --output.");
            written.Add(id);
            whole = lines.Position;
        }

        file.SetLength(whole);
        file.Position = whole;
    }

    /// <summary>Adds a result, unless its request has one in the file.</summary>
    /// <exception cref="StashException">It cannot be written, for instance because the disk is full.</exception>
    public async Task AddAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (IdOf(line) is not { } id || !written.Add(id)) return;
        try
        {
            file ??= new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            await file.WriteAsync(line, cancellationToken);
            file.WriteByte((byte)'\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
    }

    /// <summary>Hands what was added to the system, for readers of the file.</summary>
    /// <exception cref="StashException">It cannot be written, for instance because the disk is full.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (file is null) return;
        try
        {
            await file.FlushAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            throw Unwritable(exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (file is null) return;
        try
        {
            await file.DisposeAsync();
        }
        catch (IOException)
        {
            // What could not be written was said, and is read from the server again.
        }
    }

    private StashException Unwritable(Exception exception) =>
        new($"{path}: {exception.Message.TrimEnd('.')}. The same command again goes on.", exception);

    private static string? IdOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var result = JsonDocument.Parse(line);
            return result.RootElement.GetProperty("custom_id").GetString();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
