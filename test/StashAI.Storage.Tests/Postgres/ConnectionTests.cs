using StashAI.Queue.Model.Work;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Work;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using PostgresDatabase = StashAI.Storage.Postgres.Database.PostgresDatabase;
using TaskEvent = StashAI.Queue.Model.Tasks.TaskEvent;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>
/// As few sessions of the server do the work as can, so that few of them plan the statements; those of claims and outcomes are planned
/// before the first task comes.
/// </summary>
public sealed class ConnectionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly PostgresHost host = new(postgres);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await (await host.OpenAsync(TimeProvider.System, Cancellation)).DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        host.Verify();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task One_session_does_what_follows_one_after_the_other_however_many_are_open()
    {
        await using var database = await DatabaseAsync();
        var busy = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => database.OpenAsync(Cancellation).AsTask()));
        foreach (var session in busy) await session.DisposeAsync();

        var sessions = new List<int>();
        for (var i = 0; i < 6; i++) sessions.Add(await SessionAsync(database, PostgresUse.Other));

        Assert.Single(sessions.Distinct());
    }

    [Fact]
    public async Task Claims_and_outcomes_have_sessions_of_their_own_while_there_are_enough()
    {
        await using var database = await DatabaseAsync();
        PostgresUse[] uses = [PostgresUse.Claims, PostgresUse.Outcomes, PostgresUse.Other];

        var first = new List<int>();
        foreach (var use in uses) first.Add(await SessionAsync(database, use));
        var again = new List<int>();
        foreach (var use in uses.Reverse()) again.Insert(0, await SessionAsync(database, use));

        Assert.Equal(3, first.Distinct().Count());
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task A_connection_that_cannot_be_made_leaves_its_place_to_the_next()
    {
        using var connections = new PostgresConnections(2, TimeSpan.Zero, _ => throw new IOException("Broken by a test."));

        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<IOException>(() => connections.TakeAsync(PostgresUse.Claims, Cancellation).AsTask());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_more_sessions_are_opened_than_allowed_and_each_use_can_have_any(int limit)
    {
        await using var database = await DatabaseAsync($"?connection_limit={limit}");
        PostgresUse[] uses = [PostgresUse.Outcomes, PostgresUse.Other, PostgresUse.Claims, PostgresUse.Other, PostgresUse.Outcomes];

        var sessions = await Task.WhenAll(uses.Concat(uses).Select(use => Task.Run(() => SessionAsync(database, use), Cancellation)));
        var held = new List<PostgresSession>();
        for (var i = 0; i < limit; i++) held.Add(await database.OpenAsync(PostgresUse.Claims, Cancellation));
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = database.OpenAsync(PostgresUse.Other, impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        foreach (var session in held) await session.DisposeAsync();

        Assert.InRange(sessions.Distinct().Count(), 1, limit);
        await SessionAsync(database, PostgresUse.Other);
    }

    [Fact]
    public async Task One_failure_is_enough_when_the_server_has_ended_all_sessions()
    {
        await using var database = await DatabaseAsync();
        var busy = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.OpenAsync(Cancellation).AsTask()));
        foreach (var session in busy) await session.DisposeAsync();
        host.Scalar(
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        await Assert.ThrowsAnyAsync<Exception>(() => SessionAsync(database, PostgresUse.Other));

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.OpenAsync(Cancellation).AsTask()));
        foreach (var session in all)
        {
            await AskAsync(session, "SELECT 1");
            await session.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_statements_of_claims_and_outcomes_are_planned_before_they_are_needed()
    {
        await using var store = await host.OpenAsync(TimeProvider.System, Cancellation);
        var node = store.Nodes.Register("one", TimeSpan.FromMinutes(5));
        await store.EnqueueAsync(node, 2, null, Cancellation);
        await using var database = await DatabaseAsync();

        await using (var claims = await database.OpenAsync(PostgresUse.Claims, Cancellation))
        {
            Assert.Equal(1, await PlansAsync(claims, "UPDATE queue_tasks"));
            var request = new ClaimRequest
            {
                NodeKey = node,
                Slots = 2,
                Services = [TestJobs.Service],
            };
            var batch = await PostgresClaim.RunAsync(claims, request, Cancellation);
            // The claim has used the plan: its parameters are those for which it was made.
            Assert.Equal(2, await PlansAsync(claims, "UPDATE queue_tasks"));
            await using var outcomes = await database.OpenAsync(PostgresUse.Outcomes, Cancellation);
            Assert.Equal(1, await PlansAsync(outcomes, "INSERT INTO task_results"));
            await PostgresApply.RunAsync(outcomes, node, [.. batch.Tasks.Select(Done)]);
            Assert.Equal(2, await PlansAsync(outcomes, "INSERT INTO task_results"));
        }
    }

    private async Task<PostgresDatabase> DatabaseAsync(string parameters = "") =>
        new(new PostgresSettings { Url = await host.UrlAsync(Cancellation) + parameters }) { OnOpened = PostgresPlans.MakeAsync };

    private static async Task<int> SessionAsync(PostgresDatabase database, PostgresUse use)
    {
        await using var session = await database.OpenAsync(use, Cancellation);
        return await AskAsync(session, "SELECT pg_backend_pid()");
    }

    /// <summary>How often a prepared statement ran with the plan that is kept.</summary>
    private static Task<int> PlansAsync(PostgresSession session, string part) => AskAsync(
        session,
        $"SELECT generic_plans::int FROM pg_prepared_statements WHERE statement LIKE '%{part}%' AND statement NOT LIKE '%pg_prepared%'");

    private static async Task<int> AskAsync(PostgresSession session, string sql)
    {
        await using var batch = session.Batch().Add(sql);
        await using var rows = await batch.ReadAsync(Cancellation);
        Assert.True(await rows.ReadAsync(Cancellation));
        return rows.GetInt32(0);
    }

    private static AttemptResult Done(ClaimedTask task) => new()
    {
        Task = task,
        Event = TaskEvent.Succeed,
        Output = "{}"u8.ToArray(),
        Call = new CallReport(200),
        Duration = TimeSpan.FromMilliseconds(1),
    };
}
