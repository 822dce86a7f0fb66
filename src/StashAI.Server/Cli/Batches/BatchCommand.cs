using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Cli.Work;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Batches;

/// <summary>`batch run`: an OpenAI batch file goes through a server, and its results into a file.</summary>
internal sealed class BatchCommand
{
    /// <summary>As many errors of a file as a person reads; the server names up to 1,000.</summary>
    private const int ShownErrors = 20;

    /// <summary>How often results are read again that do not come whole.</summary>
    private const int Rounds = 5;

    private readonly Argument<string> input =
        new("FILE") { Description = "The requests: JSONL, one request a line, as OpenAI's batches have it." };

    private readonly Option<string> output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "Where the results go, a line each, as they come.",
        Required = true,
    };

    private readonly Option<string?> errors =
        new("--errors") { HelpName = "FILE", Description = "Where failed requests go; otherwise OUTPUT with .errors in its name." };
    private readonly Option<string?> window =
        new("--window") { HelpName = "SPAN", Description = "How long the batch may take, from 1h to 30d; otherwise 24h." };
    private readonly Option<string?> priority =
        new("--priority") { HelpName = "N", Description = "0 to 9, low, normal or high; higher goes first." };
    private readonly Option<int?> maxParallel = new("--max-parallel") { HelpName = "N", Description = "The most requests at once." };
    private readonly Option<string?> timeout = WatchCommand.Timeout();

    public static Command Create(RemoteGroup group)
    {
        var run = new BatchCommand();
        var batch = new Command("batch", "Run files of requests, as OpenAI's batches have them.");
        batch.Subcommands.Add(group.Create(
            "run", "Run a file of requests as a batch; the same command again goes on where it was interrupted.", run.RunAsync,
            [run.input, run.output, run.errors, run.window, run.priority, run.maxParallel, run.timeout],
            "stashai batch run requests.jsonl -o results.jsonl",
            "stashai batch run requests.jsonl -o results.jsonl --window 7d --max-parallel 8"));
        return batch;
    }

    private async Task<int> RunAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var limit = WatchCommand.LimitOf(call.Value(timeout));
        var (results, failures) = (call.Value(output)!, call.Value(errors) ?? ErrorsBeside(call.Value(output)!));
        var body = Body(call);
        var statePath = BatchRun.PathFor(results);
        CheckPaths(call.Value(input)!, results, failures);
        var file = await RequestFile.ReadAsync(call.Value(input)!, cancellationToken);
        await using var alone = BatchRun.KeepOthersOut(results);
        var run = Begun(call, file, $"{body.ToJsonString()} {failures}", results, failures);
        using var server = new BatchServer(call.Server, call.Key, call.Surroundings.Clock);
        using var timer = new CancellationTokenSource(limit, call.Surroundings.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            run = await new BatchUpload(server, file, state => state.Write(statePath)).RunAsync(
                run, bytes => ShowUpload(call, bytes, file.Length), stop.Token);
            if (run.Batch is null)
            {
                body["input_file_id"] = run.File;
                body["endpoint"] = run.Endpoint;
                run = run with { Batch = (string)(await server.PostAsync("v1/batches", body, $"{run.Key}-batch", stop.Token))["id"]! };
                run.Write(statePath);
            }

            call.Progress.Clear();
            var over = await FollowAsync(call, server, run.Batch!, results, failures, stop.Token);
            call.Progress.Clear();
            File.Delete(statePath);
            return await ReportAsync(call, over, failures);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync(run.Batch is null
                ? "No batch was made. The same command again goes on from there."
                : $"{run.Batch} goes on. The same command again follows it.");
            return cancellationToken.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.TimedOut;
        }
        catch (StashNotFoundException exception) when (run is { File: not null } or { Upload: not null })
        {
            throw new StashNotFoundException(
                $"{exception.Message} What {statePath} says was begun is gone: delete it to begin anew.", exception);
        }
    }

    private JsonObject Body(RemoteCall call)
    {
        var body = new JsonObject { ["completion_window"] = call.Value(window) ?? "24h" };
        if (ConfigPairs.Priority(call.Value(priority)) is { } level) body["priority"] = level;
        if (call.Value(maxParallel) is { } most) body["concurrency"] = most;
        return body;
    }

    private static string ErrorsBeside(string output) => Path.ChangeExtension(output, $".errors{Path.GetExtension(output)}");

    /// <summary>No file may be written over another.</summary>
    private static void CheckPaths(string input, string results, string failures)
    {
        if (results.Trim().Length == 0 || failures.Trim().Length == 0) throw new UsageException("--output and --errors must name files.");
        var state = BatchRun.PathFor(results);
        string[] all = [input, results, failures, state, $"{state}.next", $"{state}.lock"];
        var same = all.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1);
        if (same is not null) throw new UsageException($"{same.Key} cannot be two of the files of this run at once. Give other names.");
    }

    /// <summary>The run that this command goes on with, or a new one.</summary>
    private static BatchRun Begun(RemoteCall call, RequestFile file, string options, string results, string failures)
    {
        var statePath = BatchRun.PathFor(results);
        var begun = BatchRun.Read(statePath);
        if (begun?.Batch is not null)
        {
            var other = begun.Input != file.Sha256 ? "of another file of requests"
                : begun.Server != call.Server.AbsoluteUri ? $"on {begun.Server}"
                : begun.Options != options ? "with other options"
                : null;
            return other is null
                ? begun
                : throw new UsageException(
                    $"{results} is of another run, {other}. Give another --output, or delete {statePath} and {results}.");
        }

        if (new[] { results, failures }.FirstOrDefault(Path.Exists) is { } there)
            throw new UsageException($"{there} is there already. Delete it, or give another name.");
        var fresh = new BatchRun
        {
            Server = call.Server.AbsoluteUri,
            Input = file.Sha256,
            Endpoint = file.Endpoint(),
            Options = options,
            Key = $"run-{Guid.NewGuid():N}",
        };
        // What was sent to this server is not sent again, whatever the batch shall be like.
        return begun is not null && (begun.Input, begun.Server) == (fresh.Input, fresh.Server)
            ? begun with { Options = options, Key = begun.Options == options ? begun.Key : fresh.Key }
            : fresh;
    }

    private static async Task<JsonObject> FollowAsync(
        RemoteCall call, BatchServer server, string batch, string results, string failures, CancellationToken cancellationToken)
    {
        if (call.Json is null) await call.Output.WriteLineAsync(batch);
        var follower = new BatchFollower(server, batch, call.Surroundings.Clock);
        var state = await follower.WaitAsync(
            state => (string?)state["status"] != "validating", state => Show(call, state), cancellationToken);
        // One that failed its check, or was cancelled within it, has no lines.
        if (BatchFollower.IsOver(state) && Count(state, "total") == 0) return state;
        await using var good = new ResultLines(results);
        await using var bad = new ResultLines(failures);
        await good.OpenAsync(cancellationToken);
        await bad.OpenAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (var round = 0; round < Rounds; round++)
        {
            Task[] all =
            [
                follower.FollowAsync("output", good, stop.Token),
                follower.FollowAsync("errors", bad, stop.Token),
                follower.WaitAsync(BatchFollower.IsOver, one => Show(call, state = one), stop.Token),
            ];
            try
            {
                // The first that fails ends the others.
                await foreach (var one in Task.WhenEach(all)) await one;
            }
            catch
            {
                await stop.CancelAsync();
                await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            // A proxy may make an end of what broke off.
            if (good.Count + bad.Count >= Count(state, "total")) return state;
        }

        throw new StashException(
            $"Only {good.Count + bad.Count} of {Requests(Count(state, "total"))} came: something on the way to the server cuts its "
            + "answers. The same command again goes on.");
    }

    private static async Task<int> ReportAsync(RemoteCall call, JsonObject batch, string failures)
    {
        if (call.Json is { } json) await json.WriteAsync(call.Output, batch);
        var (status, completed, failed) = ((string?)batch["status"], Count(batch, "completed"), Count(batch, "failed"));
        if (status == "failed")
        {
            var found = batch["errors"]?["data"]?.AsArray() ?? [];
            await call.Error.WriteLineAsync("Nothing ran: the file is not right.");
            foreach (var error in found.Take(ShownErrors))
                await call.Error.WriteLineAsync($"{(error!["line"] is { } line ? $"Line {line}: " : "")}{(string?)error["message"]}");
            if (found.Count > ShownErrors) await call.Error.WriteLineAsync($"and {found.Count - ShownErrors} more.");
            return ExitCodes.Usage;
        }

        var how = status == "completed" ? "" : $" The batch is {status}.";
        var others = Path.Exists(failures) ? $" {failures} says what became of the others." : "";
        await call.SayAsync($"{Requests(completed)} completed.{how}{others}");
        return failed == 0 && status == "completed" ? ExitCodes.Success : ExitCodes.JobFailed;
    }

    private static void Show(RemoteCall call, JsonObject batch)
    {
        var (total, completed, failed) = (Count(batch, "total"), Count(batch, "completed"), Count(batch, "failed"));
        var over = completed + failed;
        if (total > 0) Show(call, "batch", 100d * over / total, $"{over} of {total} requests, {failed} failed");
    }

    private static void ShowUpload(RemoteCall call, long bytes, long total) =>
        Show(call, "upload", 100d * bytes / total, $"{bytes / 1_000_000d:0.0} of {total / 1_000_000d:0.0} MB sent");

    private static void Show(RemoteCall call, string name, double percent, FormattableString text) => call.Progress.Show(
        [(name, $"{ProgressLines.Bar(percent)}  {text.ToString(CultureInfo.InvariantCulture)}", (int)percent / 10)]);

    private static int Count(JsonObject batch, string name) => (int?)batch["request_counts"]?[name] ?? 0;

    private static string Requests(int count) => count == 1 ? "1 request" : $"{count} requests";
}
