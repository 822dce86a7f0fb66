using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`tasks` and `task`: the items of jobs, and one of them with its history.</summary>
internal static class TaskCommands
{
    public static IEnumerable<Command> Create(RemoteGroup group)
    {
        var job = new Argument<string?>("JOB") { Description = "The job; all jobs if none is given.", Arity = ArgumentArity.ZeroOrOne };
        var state =
            new Option<string?>("--state")
            {
                HelpName = "STATE,...",
                Description = "Only tasks in these states: waiting, scheduled, running, completed, failed, cancelled."
            };
        var service = new Option<string?>("--service") { HelpName = "NAME", Description = "Only tasks of this service." };
        var fingerprint = new Option<string?>("--fingerprint")
        {
            HelpName = "GROUP",
            Description = "Only failed tasks of this group, as 'stashai failures' names it.",
        };
        var text = new Option<string?>("--text") { HelpName = "TEXT", Description = "Only tasks with this in their item or their error." };
        var attempts = new Option<int?>("--attempts") { HelpName = "N", Description = "Only tasks that were tried at least so often." };
        var limit =
            new Option<int>("--limit")
            {
                HelpName = "N",
                Description = "The most tasks to show; 0 for all.",
                DefaultValueFactory = _ => 50,
            };
        var web = WebPages.Flag();
        yield return group.Create(
            "tasks", "List the tasks of a job, or of all jobs.",
            (call, cancellationToken) =>
                ListAsync(
                    call,
                    call.Value(web),
                    call.Value(job),
                    new TaskQuery
                    {
                        States = Words.States<TaskState>(call.Value(state), state.Name),
                        Service = call.Value(service),
                        Fingerprint = call.Value(fingerprint),
                        Text = call.Value(text),
                        MinAttempts = call.Value(attempts),
                    },
                    call.Value(limit),
                    cancellationToken),
            [job, state, service, fingerprint, text, attempts, limit, web],
            "stashai tasks 0199f0a2 --state failed --text summer", "stashai tasks --state running --json=id,service");

        var id = new Argument<string>("TASK") { Description = "The id of the task, or JOB/INDEX." };
        var curl = new Option<bool>("--curl") { Description = "Print its call as a curl command; secrets are variables." };
        yield return group.Create(
            "task", "Show one task: its attempts, its errors and its result.",
            async (call, cancellationToken) =>
            {
                var found = await call.Client.FindTaskIdAsync(call.Value(id)!, cancellationToken);
                if (call.Value(curl)) return await CurlAsync(call, found, cancellationToken);
                return call.Value(web)
                    ? await WebPages.OpenAsync(call, $"dashboard/tasks/{found}", $"api/tasks/{found}", cancellationToken)
                    : await ShowAsync(call, found, cancellationToken);
            },
            [id, curl, web],
            "stashai task 0199f0a2/3", "stashai task 0199f0a2/3 --curl");
    }

    private static async Task<int> ListAsync(
        RemoteCall call, bool isWeb, string? job, TaskQuery query, int limit, CancellationToken cancellationToken)
    {
        if (limit < 0) throw new UsageException($"--limit must be 0 or more, not '{limit}'.");
        if (job is null && query.Text is not null)
            throw new UsageException("--text searches one job: name it, as in 'stashai tasks JOB --text TEXT'.");
        if (job is not null && query.Service is not null)
            throw new UsageException("--service is for the tasks of all jobs: a job has one service.");
        query = query with
        {
            JobId = job is null ? null : await call.Client.FindJobIdAsync(job, cancellationToken),
            PageSize = limit is > 0 and < 1000 ? limit : 1000,
        };
        if (isWeb)
        {
            var path = query.JobId is { } id ? $"jobs/{id}/tasks" : "tasks";
            var filter = query.ToQueryString();
            var page = query.JobId is { } own
                ? WebPages.WithQuery($"dashboard/jobs/{own}", $"tab=tasks&{filter}".TrimEnd('&'))
                : WebPages.WithQuery("dashboard/tasks", filter);
            return await WebPages.OpenAsync(call, page, WebPages.WithQuery($"api/{path}", filter), cancellationToken);
        }

        var tasks = new List<JobTask>();
        var count = 0;
        await foreach (var task in call.Client.TasksAsync(query, cancellationToken))
        {
            if (call.Json is { } json) await json.WriteAsync(call.Output, task);
            else tasks.Add(task);
            if (++count == limit) break;
        }

        if (call.Json is not null || tasks.Count == 0)
        {
            if (count == 0) await call.SayAsync("No task.");
            return ExitCodes.Success;
        }

        var shorten = Words.Shorten([.. tasks.Select(task => task.JobId)]);
        var table = new TextTable("TASK", "STATE", "SERVICE", "ITEM", "ATTEMPT", "MS", "ERROR");
        foreach (var task in tasks)
        {
            table.Add(
                $"{shorten(task.JobId)}/{task.Index}",
                Words.Of(task.State),
                task.Service,
                task.ItemName ?? task.ItemId?.ToString() ?? task.ItemText,
                $"{task.Attempt}/{task.MaxAttempts}",
                task.ProcessingMs?.ToString("0", CultureInfo.InvariantCulture), task.ErrorMessage);
        }

        await table.WriteAsync(call.Output);
        if (count == limit) await call.SayAsync($"There may be more; --limit {limit * 10} shows more of them.");
        return ExitCodes.Success;
    }

    private static async Task<int> CurlAsync(RemoteCall call, Guid id, CancellationToken cancellationToken)
    {
        var command = await call.Client.TaskCurlAsync(id, cancellationToken);
        if (call.Json is { } json) await json.WriteAsync(call.Output, new JsonObject { ["command"] = command });
        else await call.Output.WriteLineAsync(command);
        return ExitCodes.Success;
    }

    private static async Task<int> ShowAsync(RemoteCall call, Guid id, CancellationToken cancellationToken)
    {
        var task = await call.Client.TaskAsync(id, cancellationToken);
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, task);
            return ExitCodes.Success;
        }

        var lines = new Details(call.Output);
        await lines.AddAsync("task", task.Id.ToString());
        await lines.AddAsync("item", $"{task.Index} of job {task.JobId}");
        await lines.AddAsync("service", $"{task.Service}.{task.Operation}");
        await lines.AddAsync("state", task.CancelRequested ? $"{Words.Of(task.State)}, being cancelled" : Words.Of(task.State));
        await lines.AddAsync("attempt", $"{task.Attempt} of {task.MaxAttempts}");
        await lines.AddAsync("again at", Words.At(task.DueAt));
        await lines.AddAsync("error", task.ErrorMessage);
        foreach (var attempt in task.Attempts)
        {
            var status = attempt.HttpStatus is { } code ? $", status {code}" : "";
            var took = FormattableString.Invariant($"{attempt.Outcome} after {attempt.DurationMs:0} ms");
            await lines.AddAsync(
                $"  attempt {attempt.Attempt}", $"{Words.At(attempt.StartedAt)}: {took}{status} {attempt.ErrorMessage}".TrimEnd());
        }

        if (task.Output is { ValueKind: not System.Text.Json.JsonValueKind.Null } output)
        {
            await lines.AddAsync("result", JsonLines.Text(output));
        }

        return ExitCodes.Success;
    }
}
