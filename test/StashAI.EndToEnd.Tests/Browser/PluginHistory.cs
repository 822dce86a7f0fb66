using System.Text;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.EndToEnd.Tests.Browser;

/// <summary>A queue with a long history: jobs of twenty pictures that are over, made and finished through the store.</summary>
internal static class PluginHistory
{
    public const int Jobs = 1000;
    public const int Pictures = 20;

    /// <summary>The jobs that the plugin's history shows; theirs are pictures of a size that browsers make.</summary>
    private const int Recent = 50;
    private const int SmallPicture = 2 * 1024;
    private const int LargePicture = 64 * 1024;

    private static readonly byte[] Output = Encoding.UTF8.GetBytes(
        """{"data":[[{"image":"/9j/","confidence":0.99,"performers":[{"id":"1","name":"Ann","confidence":87,"image":"","country":"","hits":1,"distance":87.0,"performer_url":""}]}]]}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task MakeAsync(string dataFolder)
    {
        await using var store = await SqliteStore.OpenAsync(
            new SqliteSettings { Path = Path.Combine(dataFolder, "queue.db") }, Cancellation);
        await store.Gate.DeclareAsync([new VisageAdapter().Manifest], Cancellation);
        var node = store.Nodes.Register("history", TimeSpan.FromMinutes(30));
        for (var i = 1; i <= Jobs; i++) await EnqueueAsync(store, node, i);
        while (await store.Work.ClaimAsync(Everything(node), Cancellation) is { Tasks: { Count: > 0 } claimed })
            await store.Work.ApplyAsync(node, [.. claimed.Select(Outcome)], Cancellation);
        store.Nodes.Leave(node);
    }

    private static async Task EnqueueAsync(SqliteStore store, long node, int number)
    {
        var picture = Picture(number > Jobs - Recent ? LargePicture : SmallPicture);
        await using var upload = store.OpenUpload(node);
        for (var i = 0; i < Pictures; i++)
        {
            upload.BeginTask();
            upload.BeginPayload("image", null);
            await upload.WriteAsync(picture, Cancellation);
            upload.EndPayload();
            await upload.EndTaskAsync(ReadOnlyMemory<byte>.Empty, Cancellation);
        }

        await upload.CommitAsync(
            new NewJob
            {
                Service = VisageAdapter.Name,
                JobType = VisageAdapter.Identify.JobType,
                TaskType = VisageAdapter.Identify.TaskType,
                Upstream = ServiceUri.For(VisageAdapter.Name, "/api/predict_1"),
                Name = $"Gallery Batch: {number}",
                UserId = "ai_overhaul_button",
                SessionId = "gallery_batch_session",
                Config = """{"threshold":0.7,"additional_params":{"entity_type":"gallery","gallery_id":"7"}}"""u8.ToArray(),
            },
            Cancellation);
    }

    private static ClaimRequest Everything(long node) => new() { NodeKey = node, Slots = 500, Services = [VisageAdapter.Name] };

    /// <summary>One picture of some jobs failed, so that jobs of all kinds are there.</summary>
    private static AttemptResult Outcome(ClaimedTask task) => TaskKey.OrdinalOf(task.Key) == 3 && TaskKey.JobOf(task.Key) % 10 == 0
        ? new AttemptResult
        {
            Task = task,
            Event = TaskEvent.Fail,
            ErrorKind = ErrorKind.ServiceError,
            ErrorMessage = "It said no.",
            Call = new CallReport(500, "no"),
        }
        : new AttemptResult
        {
            Task = task,
            Event = TaskEvent.Succeed,
            Output = Output,
            Call = new CallReport(200),
            Duration = TimeSpan.FromMilliseconds(212),
        };

    /// <summary>Bytes that begin like a JPEG.</summary>
    private static byte[] Picture(int size)
    {
        var picture = new byte[size];
        new Random(size).NextBytes(picture);
        ReadOnlySpan<byte> start = [0xFF, 0xD8, 0xFF, 0xE0];
        start.CopyTo(picture);
        return picture;
    }
}
