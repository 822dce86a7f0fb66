using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>A database that can no longer be worked with is noticed, in words that help.</summary>
public sealed class ProbeTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ALTER TABLE queue_jobs RENAME COLUMN finished_at TO ended_at", "finished_at")]
    [InlineData("ALTER TABLE queue_tasks RENAME TO others", "queue_tasks")]
    [InlineData("DROP INDEX queue_jobs_overdue", "queue_jobs_overdue")]
    public async Task A_schema_that_was_altered_is_noticed_while_it_is_used_and_refused_at_the_start(string change, string named)
    {
        await using var host = new PostgresHost(postgres);
        await using (var store = (PostgresStore)await host.OpenAsync(TimeProvider.System, Cancellation))
        {
            await store.Probe.ProbeAsync(Cancellation);
            host.Scalar(change);

            Assert.Contains(named, (await Assert.ThrowsAsync<StoreTroubleException>(() => store.Probe.ProbeAsync(Cancellation))).Message);
        }

        var refused = await Assert.ThrowsAsync<StoreOpenException>(async () => await host.OpenAsync(TimeProvider.System, Cancellation));
        Assert.Contains(named, refused.Message);
    }

    [Theory]
    [InlineData("ALTER TABLE queue_jobs ADD CONSTRAINT theirs CHECK (total > 100)")]
    [InlineData("ALTER TABLE queue_jobs ADD COLUMN theirs int NOT NULL")]
    [InlineData("""
        CREATE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        CREATE TRIGGER theirs BEFORE INSERT ON queue_jobs FOR EACH ROW EXECUTE FUNCTION theirs()
        """)]
    public async Task What_somebody_else_made_of_a_table_is_another_schema_and_no_fault_of_the_request(string change)
    {
        await using var host = new PostgresHost(postgres);
        await using var store = (PostgresStore)await host.OpenAsync(TimeProvider.System, Cancellation);
        var node = store.Nodes.Register("node", TimeSpan.FromMinutes(1));
        host.Scalar(change);

        var error = await Record.ExceptionAsync(() => store.EnqueueAsync(node, 1, null, Cancellation));

        Assert.Equal(StoreTrouble.Damaged, StoreTroubles.Of(error!));
        Assert.Contains("does not have the schema", store.Probe.Explain(error!));
    }
}
