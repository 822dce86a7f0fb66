using System.Text;
using Microsoft.Data.Sqlite;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Databases;

/// <summary>
/// The queue is part of the server: a submit is answered before its work is done, and all of it lives in one SQLite file.
/// </summary>
public sealed class EmbeddedQueueTests
{
    private const int Photos = 6;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_wait_run_and_end_in_one_sqlite_file_and_nothing_else_has_to_run()
    {
        await using var gateway = await ServedGateway.StartAsync(workers: 2);
        using var gate = new Gate();
        gateway.Visage.Script = call => Reply.Hold(gate, Reply.Json($$"""{"is":"{{call.Item}}"}"""));

        var jobId = (await gateway.SubmitAsync(Enumerable.Range(0, Photos).Select(i => $"photo {i}"))).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(2, Cancellation);

        Assert.Equal(("SQLite format 3", "wal"), (HeaderOf(gateway), JournalOf(gateway)));
        Assert.Equal(
            [1, Photos],
            gateway.Query("SELECT COUNT(*) FROM queue_jobs UNION ALL SELECT COUNT(*) FROM queue_tasks WHERE finished_at IS NULL"));
        Assert.Equal([Photos], gateway.Query("SELECT COUNT(DISTINCT id) FROM payloads"));
        Assert.Empty(ChildrenOf(gateway.Process.ProcessId));
        gate.Open();
        Assert.Equal("completed", (await gateway.EndOfAsync(jobId)).GetProperty("status").GetString());
        Assert.Equal(
            [Photos, Photos],
            gateway.Query("SELECT COUNT(*) FROM queue_tasks WHERE finished_at IS NOT NULL UNION ALL SELECT COUNT(*) FROM task_results"));
    }

    private static string HeaderOf(ServedGateway gateway)
    {
        using var file = new FileStream(FileOf(gateway), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[15];
        file.ReadExactly(header);
        return Encoding.ASCII.GetString(header);
    }

    private static string JournalOf(ServedGateway gateway)
    {
        using var connection = new SqliteConnection($"Data Source={FileOf(gateway)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        return (string)command.ExecuteScalar()!;
    }

    private static string FileOf(ServedGateway gateway) => Path.Combine(gateway.Folder, "data", "queue.db");

    /// <summary>Linux only; elsewhere none are found.</summary>
    private static IEnumerable<string> ChildrenOf(int processId) => OperatingSystem.IsLinux()
        ? Directory.EnumerateDirectories($"/proc/{processId}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        : [];
}
