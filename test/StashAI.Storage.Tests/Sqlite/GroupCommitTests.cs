using Microsoft.Data.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;

namespace StashAI.Storage.Tests.Sqlite;

public sealed class GroupCommitTests : IAsyncDisposable
{
    private const string Insert = "INSERT INTO t (id) VALUES (?1)";

    private readonly TempFolder folder = new();
    private readonly SqliteDatabase database;
    private readonly SqliteWriter writer;

    public GroupCommitTests()
    {
        database = new SqliteDatabase(new SqliteSettings { Path = folder.File("t.db") });
        using (var session = database.OpenWriter()) SqliteStatement.Execute(session.Handle, "CREATE TABLE t (id INTEGER PRIMARY KEY)");
        writer = new SqliteWriter(database, long.MaxValue);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task An_operation_that_fails_takes_nothing_of_its_group_with_it()
    {
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var first = writer.RunAsync(
            session =>
            {
                begun.Set();
                go.Wait(Cancellation);
                return session.Use(Insert).Bind(1, 1).Run();
            },
            Cancellation);
        begun.Wait(Cancellation);
        var good = writer.RunAsync(session => session.Use(Insert).Bind(1, 2).Run(), Cancellation);
        var bad = writer.RunAsync(
            session =>
            {
                session.Use(Insert).Bind(1, 3).Run();
                return session.Use(Insert).Bind(1, 2).Run();
            },
            Cancellation);
        var thrown = writer.RunAsync<int>(_ => throw new InvalidOperationException("mine"), Cancellation);
        var last = writer.RunAsync(session => session.Use(Insert).Bind(1, 4).Run(), Cancellation);
        go.Set();

        await Task.WhenAll(first, good, last);

        var error = await Assert.ThrowsAsync<SqliteException>(() => bad);
        Assert.Equal(19, error.SqliteErrorCode);
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => thrown)).Message);
        Assert.Equal([1, 2, 4], Ids());
    }

    [Fact]
    public async Task An_operation_that_fails_alone_leaves_nothing_and_the_next_one_works()
    {
        var bad = writer.RunAsync<int>(
            session =>
            {
                session.Use(Insert).Bind(1, 1).Run();
                throw new InvalidOperationException("mine");
            },
            Cancellation);
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);

        await writer.RunAsync(session => session.Use(Insert).Bind(1, 2).Run(), Cancellation);

        Assert.Equal([2], Ids());
    }

    [Fact]
    public async Task A_transaction_that_cannot_begin_fails_its_whole_group_and_the_next_one_works()
    {
        var before = writer.RunAsync(
            session =>
            {
                // The writer itself waits ten seconds for the lock; a test need not.
                SqliteStatement.Execute(session.Handle, "PRAGMA busy_timeout = 1");
                return 0;
            },
            Cancellation);
        await before;
        using (var other = database.OpenWriter())
        {
            SqliteStatement.Execute(other.Handle, "BEGIN IMMEDIATE");
            var one = writer.RunAsync(session => session.Use(Insert).Bind(1, 1).Run(), Cancellation);
            var two = writer.RunAsync(session => session.Use(Insert).Bind(1, 2).Run(), Cancellation);
            Assert.Equal(5, (await Assert.ThrowsAsync<SqliteException>(() => one)).SqliteErrorCode);
            Assert.Equal(5, (await Assert.ThrowsAsync<SqliteException>(() => two)).SqliteErrorCode);
            SqliteStatement.Execute(other.Handle, "ROLLBACK");
        }

        await writer.RunAsync(session => session.Use(Insert).Bind(1, 3).Run(), Cancellation);

        Assert.Equal([3], Ids());
    }

    [Fact]
    public async Task An_operation_whose_caller_gave_up_before_it_began_does_nothing()
    {
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        using var giveUp = new CancellationTokenSource();
        var first = writer.RunAsync(
            _ =>
            {
                begun.Set();
                go.Wait(Cancellation);
                return 0;
            },
            Cancellation);
        begun.Wait(Cancellation);
        var second = writer.RunAsync(session => session.Use(Insert).Bind(1, 2).Run(), giveUp.Token);
        await giveUp.CancelAsync();
        go.Set();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        Assert.Empty(Ids());
    }

    [Fact]
    public async Task What_was_handed_in_before_the_end_is_written()
    {
        var writes = Enumerable.Range(1, 600)
            .Select(id => writer.RunAsync(session => session.Use(Insert).Bind(1, id).Run(), Cancellation)).ToArray();

        await writer.DisposeAsync();
        await Task.WhenAll(writes);

        Assert.Equal(600, Ids().Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.RunAsync(_ => 0, Cancellation));
    }

    private List<long> Ids()
    {
        using var session = database.OpenReader();
        var ids = new List<long>();
        var rows = session.Use("SELECT id FROM t ORDER BY id");
        while (rows.Step()) ids.Add(rows.Int64(0));
        return ids;
    }
}
