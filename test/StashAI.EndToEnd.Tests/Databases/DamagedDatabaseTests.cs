using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Databases;

/// <summary>
/// A database that cannot be worked with any more: no route answers 500, and health says what is wrong, since when, and what to do.
/// </summary>
public sealed class DamagedDatabaseTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_file_is_removed_and_put_back()
    {
        await using var gateway = await ServedGateway.StartAsync(workers: 2);
        var job = await RunOneAsync(gateway);
        var file = Path.Combine(gateway.Folder, "data", "queue.db");
        File.Move(file, file + ".away");

        await UntilAsync(gateway, 503, "put it back");
        await AskAllAsync(gateway, job);

        File.Move(file + ".away", file);
        await UntilAsync(gateway, 200, null);
        await RunOneAsync(gateway);
    }

    [Fact]
    public async Task Its_pages_are_damaged()
    {
        await using var gateway = await ServedGateway.StartAsync(workers: 2);
        var job = await RunOneAsync(gateway);
        var file = Path.Combine(gateway.Folder, "data", "queue.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            for (var page = 3; (page + 1) * 4096L <= stream.Length; page++)
            {
                stream.Position = page * 4096L;
                await stream.WriteAsync(new byte[2048], Cancellation);
            }
        }

        await AskAllAsync(gateway, job);
        await UntilAsync(gateway, 503, "backup");
        await AskAllAsync(gateway, job);
    }

    [Theory]
    [InlineData(false, "DROP TABLE task_results", "task_results")]
    [InlineData(true, "DROP TABLE lanes CASCADE", "lanes")]
    [InlineData(true, "ALTER TABLE queue_tasks RENAME COLUMN fence TO fences", "fence")]
    public async Task Its_schema_is_altered(bool isPostgres, string change, string named)
    {
        var database = isPostgres ? await postgres.CreateDatabaseAsync(Cancellation) : null;
        await using var gateway = await ServedGateway.StartAsync(workers: 2, database: database);
        var job = await RunOneAsync(gateway);
        gateway.Query(change);

        await UntilAsync(gateway, 503, named);
        await AskAllAsync(gateway, job);
    }

    [Fact]
    public async Task Its_database_is_dropped()
    {
        var cluster = await postgres.ClusterAsync(Cancellation);
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var gateway = await ServedGateway.StartAsync(workers: 2, database: database);
        var job = await RunOneAsync(gateway);
        await cluster.QueryAsync("postgres", $"DROP DATABASE {database.Name} WITH (FORCE)", Cancellation);

        await UntilAsync(gateway, 503, "does not exist");
        await AskAllAsync(gateway, job);
    }

    private static async Task<string> RunOneAsync(ServedGateway gateway)
    {
        gateway.Visage.Script = _ => Reply.Json("""{"is":"x"}""");
        var job = (await gateway.SubmitAsync(["a", "b", "c"])).GetProperty("job_id").GetString()!;
        await gateway.EndOfAsync(job);
        return job;
    }

    /// <summary>Waits until both kinds of health say so.</summary>
    private static async Task UntilAsync(ServedGateway gateway, int status, string? words)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            using var health = await gateway.Http.GetAsync("/health", patience.Token);
            using var ready = await gateway.Http.GetAsync("/health/ready", patience.Token);
            var text = await health.Content.ReadAsStringAsync(patience.Token);
            if ((int)health.StatusCode == status && (int)ready.StatusCode == status
                && (words is null || Details(text).Contains(words, StringComparison.Ordinal)))
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(patience.Token));
    }

    private static string Details(string health)
    {
        using var document = JsonDocument.Parse(health);
        return string.Join('\n', document.RootElement.GetProperty("checks").EnumerateArray()
            .Where(check => check.TryGetProperty("since", out _)).Select(check => check.GetProperty("detail").GetString()));
    }

    private static async Task AskAllAsync(ServedGateway gateway, string job)
    {
        string[] reads =
        [
            "/", "/health", "/api/queue/jobs", $"/api/queue/job/{job}", $"/api/queue/status/{job}", $"/api/queue/results/{job}",
            "/api/queue/stats", "/api/queue/health", "/api/queue/tasks", "/api/services", "/api/services/visage",
            $"/api/visage/job/{job}/results", "/api/sessions", "/api/interactions?session_id=s",
        ];
        foreach (var path in reads)
        {
            using var answer = await gateway.Http.GetAsync(path, Cancellation);
            Assert.True((int)answer.StatusCode != 500, $"GET {path} answered 500");
        }

        string[] writes =
        [
            "/api/visage/job", $"/api/queue/cancel/{job}", $"/api/queue/retry/{job}", $"/api/queue/jobs/{job}/pause",
            $"/api/queue/jobs/{job}/resume", "/api/services/visage/pause", "/api/services/visage/resume", "/api/queue/resume",
            "/api/interactions", "/api/tickets",
        ];
        foreach (var path in writes)
        {
            using var content = new StringContent(
                """{"images":["YQ=="],"session_id":"s","action_type":"a"}""", Encoding.UTF8, "application/json");
            using var answer = await gateway.Http.PostAsync(path, content, Cancellation);
            Assert.True((int)answer.StatusCode != 500, $"POST {path} answered 500");
        }
    }
}
