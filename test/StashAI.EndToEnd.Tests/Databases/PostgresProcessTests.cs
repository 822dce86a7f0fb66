using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Databases;

/// <summary>The same binary on PostgreSQL: `serve` and `worker` as processes of their own, and kill -9 of either.</summary>
public sealed class PostgresProcessTests(PostgresFixture postgres)
{
    private const int Tasks = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Photos => Enumerable.Range(0, Tasks).Select(i => $"photo {i}");

    [Fact]
    public async Task Gateway_and_worker_share_a_job_and_each_photo_is_called_once()
    {
        await using var gateway = await StartAsync(leaseSeconds: 60);
        await using var worker = await gateway.WorkAsync(2);
        using var gate = new Gate();
        gateway.Visage.Script = call => Reply.Hold(gate, Answer(call));
        var jobId = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(4, Cancellation);
        gate.Open();

        CheckAllEndedOnce(gateway, await gateway.EndOfAsync(jobId));

        Assert.Equal(Tasks, gateway.Visage.Ledger.Count);
        Assert.False(File.Exists(Path.Combine(gateway.Folder, "data", "queue.db")));
        await worker.SignalAsync(UnixSignal.Terminate, Cancellation);
        Assert.Equal(0, await worker.WaitForExitAsync(Cancellation));
    }

    [Fact]
    public async Task What_killed_processes_held_is_done_by_those_that_come_after()
    {
        await using var gateway = await StartAsync(leaseSeconds: 3);
        await using var worker = await gateway.WorkAsync(2);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number <= 100 ? Answer(call) : Reply.Hold(gate, Answer(call));
        var jobId = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(4, Cancellation);
        await worker.KillAsync();
        await gateway.Process.KillAsync();
        await gateway.Visage.Ledger.WaitForDisconnectAsync(Cancellation, 4);

        gateway.Visage.Script = Answer;
        await gateway.ServeAsync();

        CheckAllEndedOnce(gateway, await gateway.EndOfAsync(jobId));
        // Recorded outcomes stay: only what was in flight, and what was answered and not recorded yet, is called again.
        Assert.InRange(gateway.Visage.Ledger.Count, Tasks + 4, Tasks + 100);
    }

    [Fact]
    public async Task The_password_is_shown_nowhere()
    {
        const string Password = "s3cret-of-the-queue";
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        var url = database.Url.Replace("postgres@", $"postgres:{Password}@", StringComparison.Ordinal);
        await using var gateway = await ServedGateway.StartAsync(database: database with { Url = url });
        gateway.Settings["LOG_LEVEL"] = "debug";
        var secret = Path.Combine(gateway.Folder, "secret");
        await File.WriteAllTextAsync(secret, url + "\n", Cancellation);
        gateway.Settings["DATABASE_URL"] = null;
        gateway.Settings["DATABASE_URL_FILE"] = secret;
        await gateway.ServeAsync();
        gateway.Visage.Script = Answer;
        await gateway.EndOfAsync((await gateway.SubmitAsync(["one"])).GetProperty("job_id").GetString()!);

        Assert.Equal("connected", (await gateway.GetAsync("/health")).GetProperty("database").GetString());
        var cluster = await postgres.ClusterAsync(Cancellation);
        await cluster.QueryAsync("postgres", $"DROP DATABASE {database.Name} WITH (FORCE)", Cancellation);
        using (var sick = await gateway.Http.GetAsync("/health", Cancellation))
        {
            Assert.Equal(503, (int)sick.StatusCode);
            Assert.DoesNotContain(Password, await sick.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await gateway.Process.KillAsync();
        var said = string.Join('\n', gateway.Process.StandardError.Concat(gateway.Process.StandardOutput));
        Assert.Contains($"127.0.0.1:{cluster.Port}/{database.Name}", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, said, StringComparison.Ordinal);
    }

    private async Task<ServedGateway> StartAsync(int leaseSeconds) =>
        await ServedGateway.StartAsync(workers: 2, leaseSeconds: leaseSeconds, database: await postgres.CreateDatabaseAsync(Cancellation));

    private static Reply Answer(ScriptedCall call) => Reply.Json($"{{\"item\":\"{call.Item}\"}}");

    private static void CheckAllEndedOnce(ServedGateway gateway, JsonElement job)
    {
        Assert.Equal("completed", job.GetProperty("status").GetString());
        Assert.Equal(Tasks, job.GetProperty("completed_tasks").GetInt32());
        Assert.Equal(
            Photos,
            job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("output_json").GetProperty("item").GetString()!));
        Assert.Equal([Tasks], gateway.Query("SELECT COUNT(*) FROM queue_tasks WHERE state = 3"));
        Assert.Equal([Tasks], gateway.Query("SELECT COUNT(*) FROM task_results"));
    }
}
