using System.Text.Json;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Batches;

/// <summary>
/// How far a run of a batch file has come, kept in a file beside its output, so that the same command goes on after whatever ended it.
/// </summary>
internal sealed record BatchRun
{
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The server.</summary>
    public required string Server { get; init; }

    /// <summary>The SHA-256 of the file of requests, in hexadecimal digits.</summary>
    public required string Input { get; init; }

    /// <summary>The endpoint of its lines.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What else the command said: how the batch is made, and where failed requests go.</summary>
    public required string Options { get; init; }

    /// <summary>Makes each step happen once, also when its answer was lost.</summary>
    public required string Key { get; init; }

    /// <summary>The upload in parts; null for a file in one request, and before it has begun.</summary>
    public string? Upload { get; init; }

    /// <summary>The parts that the server has stored, in their order.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>The uploaded file.</summary>
    public string? File { get; init; }

    /// <summary>The batch.</summary>
    public string? Batch { get; init; }

    /// <summary>Where the run that writes this output is kept.</summary>
    public static string PathFor(string output) => $"{output}.run";

    /// <summary>Keeps other runs out, until it is disposed or the process has ended.</summary>
    /// <exception cref="UsageException">Another run is under way, or there is no such folder.</exception>
    public static FileStream KeepOthersOut(string output)
    {
        try
        {
            return new FileStream(
                $"{PathFor(output)}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new UsageException(exception.Message);
        }
        catch (IOException exception)
        {
            throw new UsageException($"Another run writes {output}, or it cannot be written: {exception.Message}");
        }
    }

    /// <summary>The run that was begun; null where none was.</summary>
    /// <exception cref="UsageException">The file is none of a run.</exception>
    public static BatchRun? Read(string path)
    {
        if (!System.IO.File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<BatchRun>(RegularFile.ReadAllBytes(path), Form)
                ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new UsageException($"{path} does not say what was begun. Delete it to begin anew.");
        }
    }

    /// <summary>Keeps it; a process that dies meanwhile leaves the one before.</summary>
    public void Write(string path)
    {
        var next = $"{path}.next";
        System.IO.File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(this, Form));
        System.IO.File.Move(next, path, overwrite: true);
    }
}
