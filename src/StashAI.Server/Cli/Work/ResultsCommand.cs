using System.CommandLine;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`results`: what a job brought, as lines, tables or files.</summary>
internal static class ResultsCommand
{
    public static Command Create(RemoteGroup group)
    {
        var job = new Argument<string>("JOB") { Description = "The id of the job, or its beginning." };
        var form =
            new Option<string?>("--output", "-o")
            {
                HelpName = "FORM",
                Description = "ndjson (default), csv, json, zip or FILE.zip, or a folder that gets a file for each item."
            };
        var failed = new Option<bool>("--failed") { Description = "Only items that failed." };
        var follow = new Option<bool>("--follow") { Description = "Also wait for the items that have not ended, until the job has ended." };
        var finished =
            new Option<bool>("--as-finished")
            {
                Description = "In the order in which they finished; with --follow each result as soon as it is there."
            };
        var select = Select();
        return group.Create(
            "results", "Read the results of a job, in the order of its items.",
            (call, cancellationToken) => RunAsync(
                call,
                call.Value(job)!,
                call.Value(form) ?? "ndjson",
                new ResultQuery
                {
                    States = call.Value(failed) ? [TaskState.Failed] : [],
                    Follow = call.Value(follow),
                    AsFinished = call.Value(finished),
                },
                [.. (call.Value(select) ?? []).Select(Pointer.Parse)],
                cancellationToken),
            [job, form, failed, follow, finished, select],
            "stashai results 0199f0a2 -o csv --select text=/text", "stashai results 0199f0a2 -o texts --select /text");
    }

    public static Option<string[]> Select() => new("--select")
    {
        HelpName = "POINTER",
        Description = "Only this part of each result: /text, or NAME=/data/*/name; may come several times.",
        AllowMultipleArgumentsPerToken = false,
    };

    private static async Task<int> RunAsync(
        RemoteCall call,
        string text,
        string form,
        ResultQuery query,
        IReadOnlyList<Pointer> select,
        CancellationToken cancellationToken)
    {
        var isArchive = form == "zip" || form.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
        if (isArchive && (query.Follow || select.Count > 0))
        {
            throw new UsageException(
                "--output zip has whole results of what has ended: leave --follow and --select out, or name a folder.");
        }

        var job = await call.Client.FindJobIdAsync(text, cancellationToken);
        if (isArchive) return await ArchiveAsync(call, job, form == "zip" ? $"{job}.zip" : form, query.States, cancellationToken);
        await using var format = FormatOf(call, form, select);
        var (written, missing) = (0, 0);
        await foreach (var result in call.Client.ResultsAsync(job, query, cancellationToken))
        {
            await format.WriteAsync(result, cancellationToken);
            written++;
            if (result.State != TaskState.Completed) missing++;
        }

        if (format is FolderResults folder) await call.SayAsync($"{folder.Count} files are in {form}; {missing} items have no result.");
        else if (written == 0) await call.SayAsync("No results yet.");
        return ExitCodes.Success;
    }

    /// <summary>Writes an archive, which has its name only when it is complete.</summary>
    private static async Task<int> ArchiveAsync(
        RemoteCall call, Guid job, string path, IReadOnlyList<TaskState> states, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path)) throw new UsageException($"--output must be a file for an archive; '{path}' is a folder.");
        var partial = $"{path}.part";
        try
        {
            await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
                await call.Client.WriteArchiveAsync(job, file, states, cancellationToken);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--output cannot be written: {exception.Message}");
        }
        finally
        {
            if (File.Exists(partial)) File.Delete(partial);
        }

        await call.SayAsync($"The results are in {path}.");
        return ExitCodes.Success;
    }

    private static IResultFormat FormatOf(RemoteCall call, string form, IReadOnlyList<Pointer> select) => form switch
    {
        "ndjson" => new NdjsonResults(call.Output, select, call.Json ?? JsonLines.Of(RemoteFlags.AllFields)!),
        "csv" => new CsvResults(call.Output, select),
        "json" => new JsonListResults(call.Output, select),
        _ => File.Exists(form)
            ? throw new UsageException($"--output must be ndjson, csv, json, zip or a folder; '{form}' is a file.")
            : new FolderResults(form, select),
    };
}
