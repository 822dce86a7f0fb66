using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;

namespace StashAI.EndToEnd.Tests.Recovery;

/// <summary>kill -9 of the server in the middle of bulk operations on 20,000 tasks, and a restart on the same data.</summary>
public abstract class BulkCrashTests(PostgresFixture? postgres)
{
    private const int Jobs = 400;
    private const int TasksOfJob = 50;
    private const int Tasks = Jobs * TasksOfJob;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class OnSqlite() : BulkCrashTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : BulkCrashTests(postgres);

    [Fact]
    public async Task An_operation_goes_on_after_a_kill_and_does_nothing_twice_and_nothing_to_later_jobs()
    {
        await using var gateway = await ServedGateway.StartAsync(
            leaseSeconds: 3, database: postgres is null ? null : await postgres.CreateDatabaseAsync(Cancellation));
        // Nothing is called: what changes the tasks are the operations alone.
        await SendAsync(gateway, HttpMethod.Post, "/api/queue/pause", "{}");
        for (var i = 0; i < Jobs; i++)
        {
            var deadline = TimeProvider.System.GetUtcNow().AddSeconds(2);
            await SubmitAsync(gateway, TasksOfJob, $$"""{"tags":["old"],"deadline":"{{deadline:O}}"}""");
        }

        await UntilAsync(() => gateway.Query("SELECT CAST(COALESCE(SUM(failed), 0) AS bigint) FROM queue_jobs") is [Tasks]);
        var failed = Assert.Single(gateway.Query("SELECT DISTINCT version FROM queue_tasks"));

        await RunKilledAsync(gateway, "retry");
        Assert.Equal([Tasks], gateway.Query($"SELECT COUNT(*) FROM queue_tasks WHERE state = 0 AND version = {failed + 1}"));
        Assert.Equal([Tasks], gateway.Query("SELECT CAST(SUM(available) AS bigint) FROM queue_jobs WHERE state <> 6"));
        Assert.Equal([0], gateway.Query("SELECT COUNT(*) FROM job_failures"));

        await RunKilledAsync(gateway, "cancel");
        Assert.Equal([Tasks], gateway.Query($"SELECT COUNT(*) FROM queue_tasks WHERE state = 5 AND version = {failed + 2}"));
        Assert.Equal([Tasks], gateway.Query("SELECT CAST(SUM(cancelled) AS bigint) FROM queue_jobs WHERE state <> 6"));

        await RunKilledAsync(gateway, "delete");
        Assert.Equal(0, (await gateway.GetAsync("/api/jobs")).GetProperty("total").GetInt32());
        Assert.Empty(gateway.Query("SELECT CAST(SUM(count) AS bigint) FROM totals GROUP BY service, kind, state HAVING SUM(count) <> 0"));
        await UntilAsync(() => gateway.Query("SELECT COUNT(*) FROM queue_jobs") is [0]);
        foreach (var table in (string[])["queue_tasks", "task_inputs", "task_payloads", "job_labels", "job_errors", "job_failures"])
            Assert.Equal([0], gateway.Query($"SELECT COUNT(*) FROM {table}"));
    }

    /// <summary>
    /// Starts an operation on the jobs with the tag, adds one more such job, kills the server while the operation is under way, and starts
    /// the server again until the operation is over. The job that came later must be as it was; it is then removed.
    /// </summary>
    private static async Task RunKilledAsync(ServedGateway gateway, string action)
    {
        var bulk = await SendAsync(gateway, HttpMethod.Post, "/api/bulk", $$$"""{"action":"{{{action}}}","filter":{"tag":"old"}}""");
        var path = $"/api/bulk/{bulk.GetProperty("id").GetString()}";
        var later = (await SubmitAsync(gateway, 1, """{"tags":["old"]}""")).GetProperty("job_id").GetString();
        JsonElement seen = default;
        await UntilAsync(async () => (seen = await gateway.GetAsync(path)).GetProperty("done").GetInt32() > 0);
        await gateway.Process.KillAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{action}: killed at {seen}");

        await gateway.ServeAsync();
        await UntilAsync(async () => (seen = await gateway.GetAsync(path)).GetProperty("state").GetString() != "running");
        Assert.Equal("completed", seen.GetProperty("state").GetString());
        Assert.Equal(
            (Jobs, Jobs, 0),
            (seen.GetProperty("matched").GetInt32(), seen.GetProperty("done").GetInt32(), seen.GetProperty("failed").GetInt32()));
        var untouched = await gateway.GetAsync($"/api/jobs/{later}");
        Assert.Equal(
            ("pending", 1),
            (untouched.GetProperty("state").GetString(), untouched.GetProperty("tasks").GetProperty("available").GetInt32()));
        using var deleted = await gateway.Http.DeleteAsync($"/api/jobs/{later}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await UntilAsync(() => gateway.Query("SELECT COUNT(*) FROM queue_jobs WHERE state = 6") is [0] || action == "delete");
    }

    private static async Task<JsonElement> SubmitAsync(ServedGateway gateway, int tasks, string config)
    {
        var images = string.Join(
            ',', Enumerable.Range(0, tasks).Select(i => $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{i}"))}\""));
        return await SendAsync(gateway, HttpMethod.Post, "/api/visage/job", $$"""{"images":[{{images}}],"config":{{config}}}""");
    }

    private static async Task<JsonElement> SendAsync(ServedGateway gateway, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await gateway.Http.SendAsync(request, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>Asks again and again: there is no message of what is waited for here.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition()) await timer.WaitForNextTickAsync(Cancellation);
    }
}
