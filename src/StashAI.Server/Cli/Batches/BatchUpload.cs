using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Batches;

/// <summary>Brings a file of requests to the server: a small one in one request, a large one in parts that stay there.</summary>
/// <param name="server">The server.</param>
/// <param name="file">The file.</param>
/// <param name="keep">Keeps what has been reached, before the next step.</param>
internal sealed class BatchUpload(BatchServer server, RequestFile file, Action<BatchRun> keep)
{
    /// <summary>Bytes of a part, and the most bytes of a file in one request.</summary>
    private const int PartBytes = 16 * 1024 * 1024;

    /// <summary>Goes on until the file is there.</summary>
    /// <param name="run">How far it has come.</param>
    /// <param name="show">Is told how many bytes have arrived.</param>
    /// <param name="cancellationToken">Ends it; what was sent stays.</param>
    public async Task<BatchRun> RunAsync(BatchRun run, Action<long> show, CancellationToken cancellationToken)
    {
        if (run.File is not null) return run;
        if (file.Length > PartBytes)
        {
            try
            {
                return await SendPartsAsync(run, show, cancellationToken);
            }
            catch (StashException exception) when (run.Upload is not null
                && exception is StashNotFoundException or StashInvalidRequestException or StashConflictException)
            {
                // What was begun has expired, or somebody has cancelled it.
                return await SendPartsAsync(
                    run with { Upload = null, Parts = [], Key = $"run-{Guid.NewGuid():N}" }, show, cancellationToken);
            }
        }

        var answer = await server.PostFileAsync(
            "v1/files", [("purpose", "batch")], ("file", file.Name, () => RegularFile.OpenRead(file.Path)), $"{run.Key}-file",
            cancellationToken);
        return Keep(run with { File = (string)answer["id"]! });
    }

    private async Task<BatchRun> SendPartsAsync(BatchRun run, Action<long> show, CancellationToken cancellationToken)
    {
        if (run.Upload is null)
        {
            var upload = await server.PostAsync(
                "v1/uploads",
                new JsonObject
                {
                    ["filename"] = file.Name,
                    ["purpose"] = "batch",
                    ["bytes"] = file.Length,
                    ["mime_type"] = "application/jsonl",
                },
                $"{run.Key}-upload",
                cancellationToken);
            run = Keep(run with { Upload = (string)upload["id"]! });
        }

        for (var next = run.Parts.Count; next * (long)PartBytes < file.Length; next++)
        {
            show(next * (long)PartBytes);
            var (from, length) = (next * (long)PartBytes, (int)Math.Min(PartBytes, file.Length - (next * (long)PartBytes)));
            var part = await server.PostFileAsync(
                $"v1/uploads/{run.Upload}/parts", [], ("data", file.Name, () => Part(from, length)), null, cancellationToken);
            run = Keep(run with { Parts = [.. run.Parts, (string)part["id"]!] });
        }

        show(file.Length);
        var parts = new JsonArray([.. run.Parts.Select(part => (JsonNode?)part)]);
        var done = await server.PostAsync(
            $"v1/uploads/{run.Upload}/complete", new JsonObject { ["part_ids"] = parts }, null, cancellationToken);
        return Keep(run with { File = (string)done["file"]!["id"]! });
    }

    private BatchRun Keep(BatchRun run)
    {
        keep(run);
        return run;
    }

    private MemoryStream Part(long from, int length)
    {
        var bytes = new byte[length];
        using var stream = RegularFile.OpenRead(file.Path);
        stream.Position = from;
        stream.ReadExactly(bytes);
        return new MemoryStream(bytes, writable: false);
    }
}
