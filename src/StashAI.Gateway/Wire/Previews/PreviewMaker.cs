using System.Collections.Concurrent;
using System.Threading.Channels;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Previews;

/// <summary>
/// Makes the previews of large jobs in the background, one job after the other: the first ones after their submit, and others when a reader
/// finds some missing.
/// </summary>
internal sealed partial class PreviewMaker(IRead store, IPreviews previews, PreviewShelf shelf, ILogger<PreviewMaker> logger)
    : BackgroundService
{
    /// <summary>So many tasks have their previews before anybody has read the job: more would take the time of its calls.</summary>
    public const int Ahead = 50;

    /// <summary>The most tasks of a job in one run. Reading further pages requests more.</summary>
    private const int MaxTasks = 1000;
    private const int Page = 200;

    private readonly Channel<(long Job, int From, int Count)> wanted = Channel.CreateBounded<(long Job, int From, int Count)>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly ConcurrentDictionary<long, int> waiting = new();

    /// <summary>
    /// Requests the previews of a job's tasks from an ordinal on. A job is queued once; when the queue is full, reading the job requests
    /// them again.
    /// </summary>
    public void Request(long jobKey, int from, int count = MaxTasks)
    {
        if (!waiting.TryAdd(jobKey, from)) return;
        if (waiting.Count > 256 || !wanted.Writer.TryWrite((jobKey, from, count))) waiting.TryRemove(jobKey, out _);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await shelf.StopAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (job, from, count) in wanted.Reader.ReadAllAsync(stoppingToken))
            {
                waiting.TryRemove(job, out _);
                await MakeAsync(job, from, count, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping. Missing previews are made when they are read.
        }
    }

    private async Task MakeAsync(long jobKey, int from, int count, CancellationToken stoppingToken)
    {
        try
        {
            for (var at = from; at < from + count;)
            {
                var tasks = await store.ListTasksAsync(jobKey, at, Math.Min(Page, from + count - at), withOutput: false, stoppingToken);
                if (tasks.Count == 0) return;
                var parts = await store.ListPayloadsAsync([.. tasks.Select(task => task.Key)], stoppingToken);
                PayloadRef[] photos = [.. parts.SelectMany(part => part)];
                var settled = await previews.FindPreviewsAsync([.. photos.Select(photo => photo.Key)], stoppingToken);
                foreach (var photo in photos.Where(photo => !settled.Contains(photo.Key)))
                {
                    await shelf.MakeAsync(photo).WaitAsync(stoppingToken);
                }

                at = tasks[^1].Ordinal + 1;
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            LogLeft(exception.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Previews of a job could not be made; they will be made when it is read again: {Reason}")]
    private partial void LogLeft(string reason);
}
