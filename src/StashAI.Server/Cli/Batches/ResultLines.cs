using System.Text.Json;

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
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return;
        file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var lines = new LineReader(file);
        var whole = 0L;
        while (await lines.ReadAsync(cancellationToken) is { } line && lines.IsWhole)
        {
            if (IdOf(line) is not { } id) break;
            written.Add(id);
            whole = lines.Position;
        }

        file.SetLength(whole);
        file.Position = whole;
    }

    /// <summary>Adds a result, unless its request has one in the file.</summary>
    public async Task AddAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (IdOf(line) is not { } id || !written.Add(id)) return;
        file ??= new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        await file.WriteAsync(line, cancellationToken);
        file.WriteByte((byte)'\n');
    }

    /// <summary>Hands what was added to the system, for readers of the file.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => file?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (file is not null) await file.DisposeAsync();
    }

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
