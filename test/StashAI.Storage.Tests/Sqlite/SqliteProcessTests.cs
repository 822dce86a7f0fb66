using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Upkeep;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>Several processes on one file: opening it, and knowing which of them lives.</summary>
public sealed class SqliteProcessTests : IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly SqliteHost host = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        host.Verify();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Many_processes_may_open_a_new_file_at_once()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var fresh = new SqliteHost();
            var opening = Enumerable.Range(0, 8).Select(_ => Task.Run(() => fresh.OpenAsync(clock, Cancellation), Cancellation)).ToArray();

            var stores = await Task.WhenAll(opening);

            await stores[7].EnqueueAsync(stores[0].Nodes.Register("n", Lease), 1, null, Cancellation);
            Assert.Equal(1, (await stores[3].Read.ReadTotalsAsync(Cancellation)).Available);
            foreach (var store in stores) await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_tasks_of_a_dead_process_are_rescued_before_its_lease_is_over()
    {
        await using var survivor = await host.OpenAsync(clock, Cancellation);
        long dead;
        await using (var store = await host.OpenAsync(clock, Cancellation))
        {
            dead = store.Nodes.Register("dies", Lease);
            await store.EnqueueAsync(dead, 2, null, Cancellation);
            Assert.Single((await store.Work.ClaimAsync(dead, 1, 0, [TestJobs.Service], Cancellation)).Tasks);
            Assert.True((await survivor.Maintain.RescueAsync(10, Cancellation)).IsEmpty);
            Assert.True(store.Nodes.Renew(dead, Lease).Alive);
        }

        // The operating system drops a dead process's lock and leaves the file; closing the store removes both.
        await File.WriteAllTextAsync($"{host.Path}-node-{dead}", "", Cancellation);
        var rescued = await survivor.Maintain.RescueAsync(10, Cancellation);

        Assert.Equal(TaskState.Available, Assert.Single(rescued.Tasks).State);
        Assert.False(survivor.Nodes.Renew(dead, Lease).Alive);
        Assert.False(File.Exists($"{host.Path}-node-{dead}"));
    }

    [Fact]
    public async Task Of_what_a_dead_process_held_only_calls_that_had_begun_count_as_crashed()
    {
        await using var survivor = await host.OpenAsync(clock, Cancellation);
        long dead;
        IReadOnlyList<ClaimedTask> tasks;
        await using (var store = await host.OpenAsync(clock, Cancellation))
        {
            dead = store.Nodes.Register("dies", Lease);
            await store.EnqueueAsync(dead, 5, null, Cancellation);
            tasks = (await store.Work.ClaimAsync(dead, 5, 0, [TestJobs.Service], Cancellation)).Tasks;
        }

        // What kill -9 leaves: two calls under way, one whose outcome was recorded; two tasks wait for a slot.
        await using (var file = new FileStream($"{host.Path}-node-{dead}", FileMode.Create, FileAccess.ReadWrite))
        using (var notes = new CallNotes(file))
        {
            var ended = notes.Begin(tasks[0].Key);
            notes.Begin(tasks[1].Key);
            notes.Begin(tasks[2].Key);
            notes.End(ended);
        }

        await survivor.Maintain.RescueAsync(2, RescueScope.Proven, Cancellation);
        var rest = await survivor.Maintain.RescueAsync(10, RescueScope.Proven, Cancellation);

        Assert.Equal(3, rest.Tasks.Count);
        Assert.Equal([0, 1, 1, 0, 0], tasks.Select(task => host.CrashesOf(task.Key)));
        Assert.False(File.Exists($"{host.Path}-node-{dead}"));
    }

    [Fact]
    public async Task A_call_that_found_no_place_for_its_note_makes_all_count()
    {
        using var folder = new TempFolder();
        await using var file = new FileStream(folder.File("notes"), FileMode.Create, FileAccess.ReadWrite);
        using var notes = new CallNotes(file);
        var taken = Enumerable.Range(1, 8192).Select(i => notes.Begin(i)).ToList();
        Assert.Null(CallNotes.Read(file));

        notes.End(taken[^1]);

        Assert.Equal(8191, CallNotes.Read(file)!.Count);
    }

    [Fact]
    public async Task A_running_process_notes_its_calls_and_forgets_those_that_are_recorded()
    {
        await using var store = await host.OpenAsync(clock, Cancellation);
        var node = store.Nodes.Register("one", Lease);

        var note = store.Nodes.BeginCall(node, 7);
        Assert.InRange(note, 1, 8191);
        store.Nodes.EndCall(node, note);
        Assert.Equal(note, store.Nodes.BeginCall(node, 8));

        store.Nodes.Leave(node);
        Assert.Equal(-1, store.Nodes.BeginCall(node, 9));
    }

    [Fact]
    public async Task A_process_that_lives_is_never_taken_for_dead()
    {
        await using var one = await host.OpenAsync(clock, Cancellation);
        await using var two = await host.OpenAsync(clock, Cancellation);
        var nodes = new[] { one.Nodes.Register("one", Lease), one.Nodes.Register("one again", Lease), two.Nodes.Register("two", Lease) };
        await one.EnqueueAsync(nodes[0], 3, null, Cancellation);
        foreach (var node in nodes) await one.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation);

        var rescued = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : two).Maintain.RescueAsync(10, Cancellation)));

        Assert.All(rescued, changes => Assert.True(changes.IsEmpty));
        Assert.All(nodes, node => Assert.True(File.Exists($"{host.Path}-node-{node}")));
        one.Nodes.Leave(nodes[0]);
        Assert.False(File.Exists($"{host.Path}-node-{nodes[0]}"));
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_in_one_sentence()
    {
        await (await host.OpenAsync(clock, Cancellation)).DisposeAsync();
        host.Scalar(
            "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('StashAI.Storage.Migrations.Sqlite.9999_future.sql', '2099-01-01')");

        var error = await Assert.ThrowsAsync<SchemaTooNewException>(() => host.OpenAsync(clock, Cancellation));

        Assert.Contains("9999_future.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_says_so_instead_of_waiting()
    {
        var store = await host.OpenAsync(clock, Cancellation);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => store.Read.ReadTotalsAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Maintain.RemoveUnreferencedAsync(1, Cancellation));
    }

    [Fact]
    public async Task What_was_committed_is_there_when_the_file_is_opened_again()
    {
        EnqueuedJob job;
        await using (var store = await host.OpenAsync(clock, Cancellation))
            job = await store.EnqueueAsync(store.Nodes.Register("n", Lease), 3, null, Cancellation);

        await using var again = await SqliteStore.OpenAsync(new SqliteSettings { Path = host.Path, Clock = clock }, Cancellation);

        Assert.Equal(3, (await again.Read.FindJobAsync(job.JobId, Cancellation))!.Counters.Available);
    }
}
