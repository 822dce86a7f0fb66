using System.CommandLine;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Client.Submit;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Cli.Work;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Submit;

/// <summary>`submit`: files, lines and tables become a job.</summary>
internal sealed class SubmitCommand
{
    private readonly Argument<string> service =
        new("SERVICE") { Description = "The service, or SERVICE.OPERATION; 'stashai services' lists them." };
    private readonly Argument<string[]> files = new("FILES")
    {
        Description = "Files, folders and patterns: an item each, or an item a line where items are texts; "
            + "- reads lines of standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> texts = Many("--text", "TEXT", "A text that is an item; may come several times.");
    private readonly Option<string?> items =
        Text("--items", "FILE", "Items from a file: JSONL, or CSV by its name; - reads JSONL from standard input.");
    private readonly Option<string[]> columns =
        Many("--column", "FIELD=COLUMN", "Fields of the items from these columns, or the item from one COLUMN.");
    private readonly Option<string[]> config = Many("--config", "KEY=VALUE", "A setting of the service; may come several times.");
    private readonly Option<string?> name = Text("--name", "TEXT", "What the job is called.");
    private readonly Option<string[]> tags = Many("--tag", "TAG", "What people find the job by; may come several times.");
    private readonly Option<string?> priority = Text("--priority", "N", "0 to 9, low, normal or high; higher goes first.");
    private readonly Option<string?> at = Text("--at", "TIME", "Start then: 22:00, 2030-01-31T22:00 or 2h.");
    private readonly Option<string?> deadline = Text("--deadline", "TIME", "Fail what has not ended by then.");
    private readonly Option<int?> maxParallel = new("--max-parallel") { HelpName = "N", Description = "The most items at once." };
    private readonly Option<int?> maxRetries =
        new("--max-retries") { HelpName = "N", Description = "How often a failed call is tried again." };
    private readonly Option<bool> lines =
        new("--lines") { Description = "Each line of the files is an item; usual for a service whose items are texts." };
    private readonly Option<bool> whole = new("--whole") { Description = "Each file is one text, with all its lines." };
    private readonly Option<bool> byPath =
        new("--by-path") { Description = "Send the paths of the files only; the server reads them, under its ALLOWED_FOLDERS." };
    private readonly Option<bool> dryRun =
        new("--dry-run") { Description = "Check all items and settings, say what is wrong by line, and submit nothing." };
    private readonly Option<bool> wait =
        new("--wait") { Description = "Wait until the job has ended; exit code 5 if an item has no result." };
    private readonly Option<bool> follow = new("--follow") { Description = "Wait, and print the results as they come, as NDJSON." };
    private readonly Option<string[]> select = ResultsCommand.Select();
    private readonly Option<string?> timeout = WatchCommand.Timeout();

    public static Command Create(RemoteGroup group)
    {
        var submit = new SubmitCommand();
        return group.Create(
            "submit", "Submit items as one job.", submit.RunAsync,
            [
                submit.service, submit.files, submit.texts, submit.items, submit.columns, submit.config, submit.name, submit.tags,
                submit.priority,
                submit.at, submit.deadline, submit.maxParallel, submit.maxRetries, submit.lines, submit.whole, submit.byPath, submit.dryRun,
                submit.wait, submit.follow, submit.select,
                submit.timeout,
            ],
            "stashai submit visage.identify photos/ --config threshold=0.5 --wait",
            "stashai submit translation --items texts.csv --column text --follow --select /translated_text");
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<string[]> Many(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, AllowMultipleArgumentsPerToken = false };

    private async Task<int> RunAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        // Refused before a job is made.
        _ = WatchCommand.LimitOf(call.Value(timeout));
        var source = await SourceOfAsync(call, cancellationToken);
        var clock = call.Surroundings.Clock;
        var upload = new UploadLine(call.Progress, source.Count, clock);
        var options = new SubmitOptions
        {
            Name = call.Value(name),
            Tags = call.Value(tags) ?? [],
            Priority = ConfigPairs.Priority(call.Value(priority)),
            MaxParallel = call.Value(maxParallel),
            MaxRetries = call.Value(maxRetries),
            StartAt = Words.Time(call.Value(at), at.Name, 1, clock),
            Deadline = Words.Time(call.Value(deadline), deadline.Name, 1, clock),
            Config = ConfigPairs.Read(call.Value(config) ?? []),
            ItemsCanBeReadAgain = source.CanBeReadAgain,
            Progress = upload,
        };
        if (call.Value(dryRun)) return await DryRun.RunAsync(call, call.Value(service)!, source, options.Config!, cancellationToken);
        var parts = (call.Value(select) ?? []).Select(Pointer.Parse).ToList();
        Submission submission;
        try
        {
            submission = await call.Client.SubmitAsync(call.Value(service)!, source.Items, options, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{exception.Message.TrimEnd('.')}. No job was made.");
        }
        catch (Exception exception)
            when (upload.IsResumable && source.CanBeReadAgain && exception is OperationCanceledException or StashUnreachableException)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync(
                "No job was made. The server keeps what it has for a day: the same command again goes on from there.");
            throw;
        }

        call.Progress.Clear();
        var isFollowing = call.Value(follow);
        if (!isFollowing) await ReportAsync(call, submission);
        if (!isFollowing && !call.Value(wait))
        {
            await call.SayAsync($"{Items(submission.TotalTasks)} queued. 'stashai watch {submission.JobId}' follows the job.");
            return ExitCodes.Success;
        }

        try
        {
            return isFollowing
                ? await FollowAsync(call, submission, parts, cancellationToken)
                : await WaitAsync(call, submission, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            call.Progress.Clear();
            await call.Error.WriteLineAsync(
                $"The job goes on: 'stashai watch {submission.JobId}' follows it, 'stashai cancel {submission.JobId}' ends it.");
            return ExitCodes.Interrupted;
        }
    }

    private async Task<ItemSource> SourceOfAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var (paths, given, table) = (call.Value(files)!, call.Value(texts) ?? [], call.Value(items));
        if ((paths.Length > 0 ? 1 : 0) + (given.Length > 0 ? 1 : 0) + (table is null ? 0 : 1) != 1)
        {
            throw new UsageException(
                "Give the items in one way: files and folders, - for lines of standard input, --text, or --items FILE.");
        }

        if (table is null && call.Value(columns) is { Length: > 0 }) throw new UsageException("--column needs --items FILE.");
        var (isLines, isWhole) = (call.Value(lines), call.Value(whole));
        if (isLines && isWhole) throw new UsageException("Give --lines or --whole, not both.");
        if ((isLines || isWhole) && (paths.Length == 0 || call.Value(byPath)))
            throw new UsageException($"{(isLines ? lines : whole).Name} needs files that this command reads.");
        if (call.Value(byPath) && (paths.Length == 0 || paths is ["-"])) throw new UsageException("--by-path needs files or folders.");
        if (table is not null) return LineItems.Items(table, call.Value(columns) ?? [], call.Surroundings.Input);
        if (given.Length > 0) return LineItems.Texts(given);
        if (paths is ["-"])
        {
            return isWhole
                ? LineItems.Texts([await call.Surroundings.Input.ReadToEndAsync(cancellationToken)])
                : LineItems.Texts(call.Surroundings.Input);
        }

        var found = FileItems.Find(paths);
        if (isWhole) return LineItems.Whole([.. (await EmptyFiles.LeaveOutAsync(call, found)).Select(file => file.Path)]);
        if (isLines || (!call.Value(byPath) && await TakesTextsAsync(call, cancellationToken)))
            return LineItems.Lines([.. found.Select(file => file.Path)]);
        return FileItems.Of(await EmptyFiles.LeaveOutAsync(call, found), call.Value(byPath));
    }

    /// <summary>True when the service says that its items are texts.</summary>
    private async Task<bool> TakesTextsAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var target = call.Value(service)!.Split('.', 2);
        try
        {
            var schema = await call.Client.ServiceSchemaAsync(target[0], cancellationToken);
            return schema.GetProperty("operations").EnumerateArray()
                .Where(one => target.Length == 1 || one.GetProperty("name").GetString() == target[1])
                .All(one => SchemaCheck.IsText(one.GetProperty("item_schema")));
        }
        catch (StashNotFoundException)
        {
            return false; // A service in code, or none: the submit says which there are.
        }
    }

    private static Task ReportAsync(RemoteCall call, Submission submission) => call.Json is { } json
        ? json.WriteAsync(call.Output, submission)
        : call.Output.WriteLineAsync(submission.JobId.ToString());

    private Task<int> WaitAsync(RemoteCall call, Submission submission, CancellationToken cancellationToken) => WatchCommand.WaitAsync(
        call,
        [submission.JobId],
        call.Value(timeout),
        progress => call.SayAsync(JobText.Line(progress, progress.JobId.ToString())),
        cancellationToken);

    private async Task<int> FollowAsync(
        RemoteCall call, Submission submission, IReadOnlyList<Pointer> parts, CancellationToken cancellationToken)
    {
        await call.SayAsync($"{submission.JobId}: {Items(submission.TotalTasks)} queued.");
        var limit = call.Value(timeout);
        using var timer = new CancellationTokenSource(
            WatchCommand.LimitOf(limit),
            call.Surroundings.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        await using var format = new NdjsonResults(call.Output, parts, call.Json ?? JsonLines.Of(RemoteFlags.AllFields)!);
        var missing = 0;
        try
        {
            await foreach (var result in call.Client.ResultsAsync(submission.JobId, new ResultQuery { Follow = true }, stop.Token))
            {
                if (result.State != TaskState.Completed) missing++;
                await format.WriteAsync(result, stop.Token);
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await call.Error.WriteLineAsync($"Not over after {limit}; the job goes on. 'stashai watch {submission.JobId}' follows it.");
            return ExitCodes.TimedOut;
        }

        if (missing == 0) return ExitCodes.Success;
        await call.SayAsync($"{Items(missing)} without a result: 'stashai tasks {submission.JobId} --state failed' says why.");
        return ExitCodes.JobFailed;
    }

    private static string Items(int count) => count == 1 ? "1 item" : $"{count} items";

    /// <summary>Says how much of the items was sent, a few times a second.</summary>
    private sealed class UploadLine(ProgressLines lines, int? total, TimeProvider clock) : IProgress<SubmitProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

        private readonly long start = clock.GetTimestamp();
        private long last;

        /// <summary>True when the server keeps what was sent so far.</summary>
        public bool IsResumable { get; private set; }

        public void Report(SubmitProgress value)
        {
            IsResumable = value.IsResumable;
            // Short uploads need no line.
            if (clock.GetElapsedTime(start) < Interval
                || (last != 0 && clock.GetElapsedTime(last) < Interval && value.Items != total))
            {
                return;
            }

            last = clock.GetTimestamp();
            var percent = total > 0 ? 100d * value.Items / total.Value : 0;
            var bar = total > 0 ? $"{ProgressLines.Bar(percent)}  " : "";
            var text = FormattableString.Invariant($"{bar}{value.Items} items, {value.Bytes / 1_000_000d:0.0} MB sent")
                + (value.ResumedFrom > 0
                    ? FormattableString.Invariant($", {value.ResumedFrom / 1_000_000d:0.0} MB of them before") : "");
            lines.Show([("upload", text, total > 0 ? (int)percent / 10 : value.Items / 10_000)]);
        }
    }
}
