using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Subjects;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Queue.Tests.Engine;
using StashAI.Sdk;
using StashAI.Testing.Queue;

namespace StashAI.Queue.Tests.Maintenance;

/// <summary>
/// What results show is read within limits, whatever the adapter does, and also of results that were stored before it was kept.
/// </summary>
public sealed class SubjectIndexerTests : IServiceAdapter, IResultSubjects
{
    /// <summary>More than two steps.</summary>
    private const int Tasks = (2 * ISubjects.MaxUnindexed) + 4;

    public AdapterManifest Manifest => TestJobs.Manifest with
    {
        Operations = [new AdapterOperation("echo", "echo", "echo_batch") { Subjects = this }],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Results are objects of subjects and scores; others cannot be read.</summary>
    public IReadOnlyList<ResultSubject> Read(ReadOnlyMemory<byte> output)
    {
        using var document = JsonDocument.Parse(output);
        return [.. document.RootElement.EnumerateObject().Select(one => new ResultSubject(one.Name, one.Value.GetDouble()))];
    }

    public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing is called.");

    [Fact]
    public void Only_what_databases_can_keep_is_read_and_each_subject_once()
    {
        var reader = new SubjectReader(new ServiceRegistry([new Fixed()]), NullLogger.Instance);
        var read = reader.Read(TestJobs.Service, "echo", Guid.NewGuid(), "{}"u8.ToArray());

        Assert.Equal([new("😀", 3), new(new string('x', IResultSubjects.MaxIdLength), 2.5), new("ann", 2), new("ben", 2)], read.Take(4));
        Assert.Equal(IResultSubjects.MaxSubjects, read.Count);
        Assert.Equal(read.Count, read.Select(one => one.Id).Distinct().Count());
        Assert.Equal(1 - (251 / 1000.0), read[^1].Score);
        Assert.Empty(reader.Read("other", "echo", Guid.NewGuid(), "{}"u8.ToArray()));
    }

    [Fact]
    public async Task Old_results_are_read_in_the_background_and_those_that_cannot_be_read_stay_as_they_are()
    {
        await using var house = await EngineHouse.OpenAsync();
        var store = await house.OpenStoreAsync();
        var node = store.Nodes.Register("test", TimeSpan.FromHours(9));
        var job = await store.EnqueueAsync(node, Tasks, TestJobs.Job, Cancellation);
        for (var ended = 0; ended < Tasks;)
        {
            var batch = await store.Work.ClaimAsync(node, 1000, 0, [TestJobs.Service], Cancellation);
            ended += batch.Tasks.Count;
            await store.Work.ApplyAsync(node, [.. batch.Tasks.Select(Old)], Cancellation);
        }

        await using (var connection = new SqliteConnection($"Data Source={house.Path};Pooling=False"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = $"INSERT INTO subject_backlog (job_id) VALUES ({job.Key})";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var services = new ServiceRegistry([this]);
        var indexer = new SubjectIndexer(store, services, new SubjectReader(services, NullLogger.Instance));
        var steps = 1;
        while (await indexer.RunOnceAsync(Cancellation) == TimeSpan.Zero) steps++;

        // Three steps of results, one that ends the job, and one that finds nothing.
        Assert.Equal(5, steps);
        var page = await store.Subjects.ListTasksAsync(new SubjectQuery("ann", null, null, null, 3), Cancellation);
        Assert.Equal(Enumerable.Range(0, Tasks).Count(ordinal => ordinal % 10 != 0), page.Total);
        Assert.Equal([259, 258, 257], page.Tasks.Select(task => task.Score));
    }

    private static AttemptResult Old(ClaimedTask task)
    {
        var ordinal = TaskKey.OrdinalOf(task.Key);
        return new()
        {
            Task = task,
            Event = TaskEvent.Succeed,
            Output = Encoding.UTF8.GetBytes(ordinal % 10 == 0 ? "[]" : $$"""{"ann":{{ordinal}}}"""),
        };
    }

    private sealed class Fixed : IServiceAdapter, IResultSubjects
    {
        public AdapterManifest Manifest => TestJobs.Manifest with
        {
            Operations = [new AdapterOperation("echo", "echo", "echo_batch") { Subjects = this }],
        };

        public IReadOnlyList<ResultSubject> Read(ReadOnlyMemory<byte> output) =>
        [
            new("ann", 1), new("", 9), new(null!, 9), new("a\0b", 9), new("\ud83d", 9), new("\ude00\ud83d", 9), new("nan", double.NaN),
            new("endless", double.PositiveInfinity), new(new string('y', IResultSubjects.MaxIdLength + 1), 9), new("😀", 3), new("ben", 2),
            new("ann", 2), new("ann", 0), new(new string('x', IResultSubjects.MaxIdLength), 2.5),
            .. Enumerable.Range(0, 400).Select(i => new ResultSubject($"p{i:000}", 1 - (i / 1000.0))),
        ];

        public Task<TaskOutcome> ExecuteAsync(TaskContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing is called.");
    }
}
