using System.Collections.Concurrent;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>Several writers of one file, each with more to do all the time, as busy processes are.</summary>
public sealed class WriterTurnTests
{
    private const int Operations = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_writer_waits_while_another_has_turn_after_turn(int count)
    {
        using var folder = new TempFolder();
        var databases = Enumerable.Range(0, count)
            .Select(_ => new SqliteDatabase(new SqliteSettings { Path = folder.File("t.db") })).ToArray();
        using (var session = databases[0].OpenWriter()) SqliteStatement.Execute(session.Handle, "CREATE TABLE t (id INTEGER PRIMARY KEY)");
        var writers = databases.Select(database => new SqliteWriter(database, long.MaxValue)).ToArray();
        var turns = new ConcurrentQueue<int>();
        // Nobody begins before all have their work. Bulk operations go in groups of four.
        var held = databases[0].OpenWriter();
        SqliteStatement.Execute(held.Handle, "BEGIN IMMEDIATE");
        var work = Enumerable.Range(0, Operations).SelectMany(_ => writers.Select((writer, i) => writer.RunAsync(
            session =>
            {
                session.Use("INSERT INTO t DEFAULT VALUES").Run();
                turns.Enqueue(i);
                return 0;
            },
            Cancellation,
            isBulk: true))).ToArray();
        SqliteStatement.Execute(held.Handle, "ROLLBACK");
        held.Dispose();

        await Task.WhenAll(work);

        foreach (var writer in writers) await writer.DisposeAsync();
        // Once a writer is done the others have the file to themselves.
        var order = turns.ToList();
        var contested = order.Take(Enumerable.Range(0, count).Min(order.LastIndexOf)).ToList();
        var waits = LongestWait(contested, count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{contested.Count} contested operations; the longest wait was {waits} of others.");
        Assert.InRange(waits, 0, 40 * count);
        Assert.True(contested.Count >= Operations, $"{contested.Count} operations were contested.");
    }

    [Fact]
    public async Task A_writer_that_is_frozen_in_its_turn_does_not_stop_the_others()
    {
        using var folder = new TempFolder();
        var database = new SqliteDatabase(new SqliteSettings { Path = folder.File("t.db") });
        using var frozen = new WriterTurn(database.Path);
        frozen.Take();
        await using var writer = new SqliteWriter(database, long.MaxValue);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, await writer.RunAsync(_ => i, Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        }
    }

    /// <summary>A job of a million tasks is cancelled in group after group; the lease of the process must not end meanwhile.</summary>
    [Fact]
    public async Task A_lease_is_renewed_between_the_groups_of_a_writer_that_has_always_more_to_do()
    {
        using var folder = new TempFolder();
        var settings = new SqliteSettings { Path = folder.File("t.db") };
        await using var store = await SqliteStore.OpenAsync(settings, Cancellation);
        await using var writer = new SqliteWriter(new SqliteDatabase(settings), long.MaxValue);
        var node = store.Nodes.Register("node", TimeSpan.FromMinutes(5));
        var (count, stop) = (0, false);
        var busy = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                while (!Volatile.Read(ref stop))
                {
                    await writer.RunAsync(
                        session =>
                        {
                            session.Use("UPDATE nodes SET name = 'node'").Run();
                            Thread.SpinWait(100_000);
                            return Interlocked.Increment(ref count);
                        },
                        Cancellation,
                        isBulk: true);
                }
            },
            Cancellation)).ToArray();
        SpinWait.SpinUntil(() => Volatile.Read(ref count) > 100);

        var waits = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            var before = Volatile.Read(ref count);
            Assert.True(store.Nodes.Renew(node, TimeSpan.FromMinutes(5)).Alive);
            waits.Add(Volatile.Read(ref count) - before);
        }

        Volatile.Write(ref stop, true);
        await Task.WhenAll(busy);
        TestContext.Current.TestOutputHelper?.WriteLine($"Operations of the writer while a lease was renewed: {string.Join(", ", waits)}.");
        Assert.InRange(waits.Max(), 0, 40);
    }

    /// <summary>The most operations in a row, up to four of them in a group, in which some writer had none.</summary>
    private static int LongestWait(List<int> order, int writers)
    {
        var longest = 0;
        for (var writer = 0; writer < writers; writer++)
        {
            var wait = 0;
            foreach (var turn in order)
            {
                wait = turn == writer ? 0 : wait + 1;
                longest = Math.Max(longest, wait);
            }
        }

        return longest;
    }
}
