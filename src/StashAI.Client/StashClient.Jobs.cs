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
        var order = query.Order switch
        {
            JobOrder.MostFailed => "-failed",
            JobOrder.MostUrgent => "priority",
            JobOrder.Oldest => "created",
            JobOrder.Furthest => "-progress",
            JobOrder.ByName => "name",
            _ => null,
        };
        var pages = PagesAsync(
            Routes.Jobs, [], [.. query.Parameters(), ("sort", order), ("limit", Text(query.PageSize))],
            StashJsonContext.Default.WirePageJob, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var job in page.Data) yield return job;
        }
    }

    /// <summary>
    /// How many jobs match, and whether that is exact: of very many the server counts a part. One request that reads no job.
    /// </summary>
    /// <param name="filter">Which jobs; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<(long Count, bool IsExact)> CountJobsAsync(JobFilter? filter = null, CancellationToken cancellationToken = default)
    {
        var path = Routes.Jobs.Fill([], [.. (filter ?? new JobFilter()).Parameters(), ("limit", "1")]);
        var page = await api.ReadAsync(Routes.Jobs, path, StashJsonContext.Default.WirePageJob, cancellationToken).ConfigureAwait(false);
        return (page.Total, page.TotalIsExact);
    }

    /// <summary>Reads a job.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<JobDetail> JobAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        JobReading.ReadAsync(api, jobId, cancellationToken);

    /// <summary>Lists tasks, the newest jobs first. Pages are read as they are needed.</summary>
    /// <param name="query">Which tasks; null for all.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<JobTask> TasksAsync(
        TaskQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        query ??= new TaskQuery();
        var route = query.JobId is null ? Routes.Tasks : Routes.TasksOfJob;
        List<(string, string?)> parameters = [.. query.Parameters(), ("limit", Text(query.PageSize))];
        var pages = PagesAsync(
            route, query.JobId is { } job ? [job.ToString()] : [], parameters, StashJsonContext.Default.WirePageJobTask, cancellationToken);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var task in page.Data) yield return task;
        }
    }

    /// <summary>Reads a task with its result and its attempts.</summary>
    /// <param name="taskId">The id of the task.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such task.</exception>
    public Task<JobTaskDetail> TaskAsync(Guid taskId, CancellationToken cancellationToken = default) => api.ReadAsync(
        Routes.Task, Routes.Task.Fill([taskId.ToString()]), StashJsonContext.Default.JobTaskDetail, cancellationToken);

    /// <summary>The failed tasks of a job in groups of one reason each, the largest group first.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public async Task<IReadOnlyList<FailureGroup>> FailuresAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        (await api.ReadAsync(
            Routes.Failures, Routes.Failures.Fill([jobId.ToString()]), StashJsonContext.Default.WirePageFailureGroup, cancellationToken)
            .ConfigureAwait(false)).Data;

    /// <summary>Runs the tasks of one group of failures again.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="fingerprint">The group, as <see cref="FailuresAsync"/> names it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job, or it has no such failures now.</exception>
    public Task<FailureAnswer> RetryFailuresAsync(Guid jobId, string fingerprint, CancellationToken cancellationToken = default) =>
        api.ReadAsync(
            Routes.RetryFailures, Routes.RetryFailures.Fill([jobId.ToString(), fingerprint]), StashJsonContext.Default.FailureAnswer,
            cancellationToken);

    /// <summary>Cancels the tasks of one group of failures; they keep the message of their failure.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="fingerprint">The group, as <see cref="FailuresAsync"/> names it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job, or it has no such failures now.</exception>
    public Task<FailureAnswer> SkipFailuresAsync(Guid jobId, string fingerprint, CancellationToken cancellationToken = default) =>
        api.ReadAsync(
            Routes.SkipFailures, Routes.SkipFailures.Fill([jobId.ToString(), fingerprint]), StashJsonContext.Default.FailureAnswer,
            cancellationToken);

    /// <summary>Reads results in the order of the items, as a stream that goes on where a connection broke.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="query">Which results; null for all that are there.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public IAsyncEnumerable<TaskResult> ResultsAsync(
        Guid jobId, ResultQuery? query = null, CancellationToken cancellationToken = default) =>
        ResultStream.ReadAsync(api, jobId, query ?? new ResultQuery(), watchPatience, cancellationToken);

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

    /// <summary>
    /// Follows a list of jobs without an end: a page of it, then every change of a matching job, new and deleted jobs too. Changes are told
    /// at most five times a second, each job in its newest state. A broken connection is made again, and then a page comes again.
    /// </summary>
    /// <param name="filter">Which jobs; null for all.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="StashInvalidRequestException">The filter is not valid.</exception>
    public IAsyncEnumerable<JobListUpdate> WatchJobsAsync(JobFilter? filter = null, CancellationToken cancellationToken = default) =>
        lists.JobsAsync(filter ?? new JobFilter(), cancellationToken);

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

    /// <summary>Pauses a job until a time, at which the server lets it go on. One that is paused already gets another end.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="until">When the pause ends; later than now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    /// <exception cref="StashInvalidRequestException">The time has passed.</exception>
    public Task<PauseAnswer> PauseJobUntilAsync(Guid jobId, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        PauseUntilAsync(Routes.PauseJob, [jobId.ToString()], until, cancellationToken);

    /// <summary>Lets a paused job go on.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task<PauseAnswer> ResumeJobAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        PostAsync(Routes.ResumeJob, jobId.ToString(), null, StashJsonContext.Default.PauseAnswer, cancellationToken);

    /// <summary>Changes a job, also while it runs. What is null stays as it is.</summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="change">What to change.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    /// <exception cref="StashInvalidRequestException">A value is not valid; the errors name it.</exception>
    public Task<JobDetail> ChangeJobAsync(Guid jobId, JobChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return SendAsync(
            Routes.ChangeJob, [jobId.ToString()], change, StashJsonContext.Default.JobChange, StashJsonContext.Default.JobDetail,
            cancellationToken);
    }

    /// <summary>Makes a new job of the items of another; they are not sent again.</summary>
    /// <param name="jobId">The id of the first job.</param>
    /// <param name="rerun">Which items, and what differs; null for all of them and nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    /// <exception cref="StashConflictException">No task of the job has failed, or items of it were removed.</exception>
    public Task<Submission> RerunAsync(Guid jobId, JobRerun? rerun = null, CancellationToken cancellationToken = default) => SendAsync(
        Routes.Rerun, [jobId.ToString()], (rerun ?? new JobRerun()).ToJson(), StashJsonContext.Default.JsonObject,
        StashJsonContext.Default.Submission, cancellationToken);

    /// <summary>
    /// Deletes a job with its items and results. A job that runs is cancelled first; the server removes it when its calls have ended.
    /// </summary>
    /// <param name="jobId">The id of the job.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StashNotFoundException">There is no such job.</exception>
    public Task DeleteJobAsync(Guid jobId, CancellationToken cancellationToken = default) =>
        api.SendAsync(Routes.DeleteJob, Routes.DeleteJob.Fill([jobId.ToString()]), cancellationToken);

    /// <summary>
    /// The id of a job by its beginning: at least 4 hexadecimal digits, hyphens or not. A whole id is returned without asking the server.
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
        var path = Routes.Item.Fill([jobId.ToString()], ("limit", "1"), ("offset", Text(index)), ("inputs", "none"));
        var page = await api.ReadAsync(Routes.Item, path, StashJsonContext.Default.WireItemPage, cancellationToken).ConfigureAwait(false);
        return page.Tasks is [var task] ? task.TaskId : throw new IdPrefixException($"Job {jobId} has no item {index}.");
    }

    /// <summary>Reads a list page by page.</summary>
    private async IAsyncEnumerable<WirePage<T>> PagesAsync<T>(
        Route route,
        IReadOnlyList<string> values,
        IReadOnlyCollection<(string Name, string? Value)> parameters,
        JsonTypeInfo<WirePage<T>> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string? cursor = null; ;)
        {
            var path = route.Fill(values, [.. parameters, ("cursor", cursor)]);
            var page = await api.ReadAsync(route, path, type, cancellationToken).ConfigureAwait(false);
            yield return page;
            if ((cursor = page.Next) is null) yield break;
        }
    }

    /// <summary>
    /// Writes the results that a job has as a ZIP archive, one JSON document an item, called by its position and its id.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="destination">Receives the archive.</param>
    /// <param name="states">Only items in these states; null for all that have ended.</param>
    /// <param name="cancellationToken">Ends the call; the archive is then incomplete.</param>
    /// <exception cref="StashUnreachableException">The connection broke; the archive is incomplete.</exception>
    public async Task WriteArchiveAsync(
        Guid jobId, Stream destination, IReadOnlyList<TaskState>? states = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var path = Routes.Results.Fill(
            [jobId.ToString()], ("format", "zip"), ("state", string.Join(',', (states ?? []).Select(WordConverter<TaskState>.WordOf))));
        using var response = await api.OpenAsync(Routes.Results, path, "application/zip", cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                throw new StashUnreachableException($"The connection to {Server} broke, and the archive is incomplete.", exception);
            }

            if (read == 0) return;
            await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

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

    private Task<TAnswer> SendAsync<TBody, TAnswer>(
        Route route,
        IReadOnlyList<string> values,
        TBody body,
        JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, bodyType);
        return api.ReadAsync(route, route.Fill(values), () => JsonBody(json), answerType, [], cancellationToken);
    }

    private Task<PauseAnswer> PauseUntilAsync(
        Route route, IReadOnlyList<string> values, DateTimeOffset until, CancellationToken cancellationToken) =>
        SendAsync(
            route, values, new PauseEnd(until), StashJsonContext.Default.PauseEnd, StashJsonContext.Default.PauseAnswer, cancellationToken);

    private static ByteArrayContent JsonBody(byte[] json) =>
        new(json) { Headers = { ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/json") } };

    private Task<T> PostAsync<T>(Route route, string id, string? json, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Func<HttpContent>? body = json is null ? null : () => new StringContent(json, Encoding.UTF8, "application/json");
        return api.ReadAsync(route, route.Fill([id]), body, type, [], cancellationToken);
    }
}
