using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Live;
using StashAI.Client.Models;

namespace StashAI.Client;

public sealed partial class StashClient
{
    private const string OnlyFailed = """{"only":"failed"}""";

    /// <summary>Lists jobs, newest first. Pages are read as they are needed.</summary>
    /// <param name="query">Which jobs; null for all.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<Job> JobsAsync(
        JobQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new JobQuery();
        // A job that starts later is pending in the words of the filter.
        var states = query.States.Select(state => state == JobState.Scheduled ? JobState.Pending : state).Distinct()
            .Select(WordConverter<JobState>.WordOf);
        var status = string.Join(',', states);
        for (var offset = 0; ; offset += query.PageSize)
        {
            var path = Routes.Jobs.Fill(
                [], ("status", status), ("adapter_name", query.Service),
                ("limit", Text(query.PageSize)), ("offset", offset == 0 ? null : Text(offset)));
            var page = await api.ReadAsync(Routes.Jobs, path, StashJsonContext.Default.JobPage, cancellationToken).ConfigureAwait(false);
            foreach (var job in page.Jobs)
            {
                if (job.CreatedAt < query.CreatedAfter) yield break;
                if (Matches(query, job)) yield return job;
            }

            if (!page.HasMore) yield break;
        }
    }

    /// <summary>Reads a job.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<Job> JobAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        JobReading.ReadAsync(api, jobId, cancellationToken);

    /// <summary>Lists tasks, the newest jobs first. Pages are read as they are needed.</summary>
    /// <param name="query">Which tasks; null for all.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<JobTask> TasksAsync(
        TaskQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new TaskQuery();
        var status = string.Join(',', query.States.Select(WordConverter<TaskState>.WordOf));
        for (var offset = 0; ; offset += query.PageSize)
        {
            var path = Routes.Tasks.Fill(
                [], ("job_id", query.JobId?.ToString()), ("status", status), ("adapter_name", query.Service),
                ("limit", Text(query.PageSize)), ("offset", offset == 0 ? null : Text(offset)));
            var page = await api.ReadAsync(Routes.Tasks, path, StashJsonContext.Default.TaskPage, cancellationToken).ConfigureAwait(false);
            foreach (var task in page.Tasks) yield return task;
            if (!page.HasMore) yield break;
        }
    }

    /// <summary>Reads a task with its result and its attempts.</summary>
    /// <param name="taskId">The id of the task.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such task.</exception>
    public Task<JobTaskDetail> TaskAsync(Guid taskId, CancellationToken cancellationToken = default) => api.ReadAsync(
        Routes.Task, Routes.Task.Fill([taskId.ToString()]), StashJsonContext.Default.JobTaskDetail, cancellationToken);

    /// <summary>Reads results in the order of the items, as a stream that goes on where a connection broke.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="query">Which results; null for all that are there.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public async IAsyncEnumerable<TaskResult> ResultsAsync(
        Guid jobId, ResultQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new ResultQuery();
        var results = query.Follow
            ? ResultFollower.ReadAsync(api, watch, jobId, query.From, cancellationToken)
            : ResultStream.ReadAsync(api, jobId, query.From, isInOrder: false, cancellationToken);
        await foreach (var result in results.ConfigureAwait(false))
        {
            if (query.States.Count == 0 || query.States.Contains(result.State)) yield return result;
        }
    }

    /// <summary>Reads results, with the service's answers as objects.</summary>
    /// <typeparam name="T">The form of the answers.</typeparam>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="type">How the answers are read, such as <c>MyContext.Default.MyAnswer</c>.</param>
    /// <param name="query">Which results; null for all that are there.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="StashProtocolException">An answer does not have this form; the message names the item.</exception>
    public async IAsyncEnumerable<TaskResult<T>> ResultsAsync<T>(
        Guid jobId, JsonTypeInfo<T> type, ResultQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var result in ResultsAsync(jobId, query, cancellationToken).ConfigureAwait(false))
            yield return new TaskResult<T>(result, OutputOf(result, type));
    }

    /// <summary>
    /// Follows a job: its state now, and every change until it has ended. Changes that follow each other fast may be joined.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the watch; the job goes on.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public IAsyncEnumerable<JobProgress> WatchAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        watch.RunAsync([jobId], cancellationToken);

    /// <summary>Follows several jobs until all of them have ended.</summary>
    /// <param name="jobIds">The ids of the jobs, up to 10,000.</param>
    /// <param name="cancellationToken">Ends the watch; the jobs go on.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public IAsyncEnumerable<JobProgress> WatchAsync(IReadOnlyCollection<Guid> jobIds, CancellationToken cancellationToken = default) =>
        watch.RunAsync(jobIds, cancellationToken);

    /// <summary>Waits until a job has ended, and returns its last state.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the wait; the job goes on.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public async Task<JobProgress> WaitAsync(Guid jobId, CancellationToken cancellationToken = default)
    {
        JobProgress? last = null;
        await foreach (var progress in watch.RunAsync([jobId], cancellationToken).ConfigureAwait(false)) last = progress;
        return last!;
    }

    /// <summary>Cancels a job or a task. What has ended stays as it is.</summary>
    /// <param name="id">The id of the job or the task.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job or task.</exception>
    public Task<CancelAnswer> CancelAsync(Guid id, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Cancel, id.ToString(), null, StashJsonContext.Default.CancelAnswer, cancellationToken);

    /// <summary>Runs the failed and cancelled tasks of a job again, or one such task, with a full budget of attempts.</summary>
    /// <param name="id">The id of the job or the task.</param>
    /// <param name="onlyFailed">True leaves cancelled tasks as they are.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job or task.</exception>
    public Task<RetryAnswer> RetryAsync(Guid id, bool onlyFailed = false, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.Retry, id.ToString(), onlyFailed ? OnlyFailed : null, StashJsonContext.Default.RetryAnswer, cancellationToken);

    /// <summary>Pauses a job: running tasks go on, and no further task starts.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<PauseAnswer> PauseJobAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.PauseJob, jobId.ToString(), null, StashJsonContext.Default.PauseAnswer, cancellationToken);

    /// <summary>Lets a paused job go on.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<PauseAnswer> ResumeJobAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.ResumeJob, jobId.ToString(), null, StashJsonContext.Default.PauseAnswer, cancellationToken);

    /// <summary>
    /// The id of a job by its beginning: at least 4 hexadecimal digits, hyphens or not. A whole id is returned without asking the server.
    /// The newest 10,000 jobs are searched.
    /// </summary>
    /// <param name="text">The id, or its beginning.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="IdPrefixException">No job's id begins so, or several do.</exception>
    public Task<Guid> FindJobIdAsync(string text, CancellationToken cancellationToken = default) =>
        IdSearch.FindJobAsync(this, text, cancellationToken);

    /// <summary>
    /// The id of a task: a whole id, or <c>JOB/INDEX</c> with the id of its job (or its beginning) and the place of the item, from 0.
    /// </summary>
    /// <param name="text">The id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="IdPrefixException">The text names no task, or the job is not clear.</exception>
    public async Task<Guid> FindTaskIdAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Guid.TryParse(text, out var id)) return id;
        if (text.Split('/') is not [var job, var place]
            || !int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            throw new IdPrefixException($"'{text}' is not the id of a task; use a whole id, or JOB/INDEX such as 0199f0a2/3.");
        }

        var jobId = await FindJobIdAsync(job, cancellationToken).ConfigureAwait(false);
        var path = Routes.Job.Fill([jobId.ToString()], ("limit", "1"), ("offset", Text(index)), ("inputs", "none"));
        var page = await api.ReadAsync(Routes.Job, path, StashJsonContext.Default.TaskPage, cancellationToken).ConfigureAwait(false);
        return page.Tasks is [var task] ? task.TaskId : throw new IdPrefixException($"Job {jobId} has no item {index}.");
    }

    private static bool Matches(JobQuery query, Job job) =>
        (query.States.Count == 0 || query.States.Contains(job.State))
        && (query.CreatedBefore is null || job.CreatedAt < query.CreatedBefore)
        && (query.Name is null || job.JobName?.Contains(query.Name, StringComparison.OrdinalIgnoreCase) == true);

    private static T? OutputOf<T>(TaskResult result, JsonTypeInfo<T> type)
    {
        if (result.State != TaskState.Completed || result.Output is not { } output) return default;
        try
        {
            return output.Deserialize(type);
        }
        catch (JsonException exception)
        {
            throw new StashProtocolException(
                $"The answer for item {result.Index} is not a {typeof(T).Name}: {exception.Message}", exception);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<T> PostAsync<T>(Route route, string id, string? json, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Func<HttpContent>? body = json is null ? null : () => new StringContent(json, Encoding.UTF8, "application/json");
        return api.ReadAsync(route, route.Fill([id]), body, type, [], cancellationToken);
    }
}
