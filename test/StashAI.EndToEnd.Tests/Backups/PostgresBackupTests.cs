using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;
using static StashAI.EndToEnd.Tests.Backups.BackupProgram;

namespace StashAI.EndToEnd.Tests.Backups;

/// <summary>A queue in PostgreSQL with its photos in a folder: the dump first, then the rest, and both restored elsewhere.</summary>
public sealed class PostgresBackupTests(PostgresFixture postgres)
{
    private const int Workers = 4;
    private const int Tasks = 30;
    private const int Answered = 10;
    private const int ShortLease = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dump_and_the_files_are_restored_and_the_job_ends()
    {
        using var folder = new TempFolder();
        var (backup, dump) = (folder.File("backup"), folder.File("backup.dump"));
        var (database, other) = (await postgres.CreateDatabaseAsync(Cancellation), await postgres.CreateDatabaseAsync(Cancellation));
        (string Name, string Value)[] settings = [("PAYLOADS", $"files:{folder.File("photos")}"), ("SECRETS_KEY", new string('k', 32))];
        await using var gateway = await ServedGateway.StartAsync(Workers, leaseSeconds: ShortLease, database: database, settings: settings);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number <= Answered ? Answer(call) : Reply.Hold(gate, Answer(call));
        var job = (await gateway.SubmitAsync(Photos(Tasks))).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForEndedAsync(Answered, Cancellation);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(Workers, Cancellation);
        (string, string?)[] environment = [("DATABASE_URL", database.Url), ("PAYLOADS", settings[0].Value)];
        string[] arguments = ["backup", backup, "--data", gateway.Data];

        var rest = await RunWithAsync(environment, arguments);
        var photos = Directory.GetFiles(Path.Combine(backup, "payloads"));
        var (code, _, error) = await RunWithAsync([environment[0]], arguments);
        Assert.True(code == 2 && error.Contains("PAYLOADS=files:FOLDER", StringComparison.Ordinal), $"{code} {error}");
        Assert.NotEmpty(photos);
        Assert.Equal(photos, Directory.GetFiles(Path.Combine(backup, "payloads")));
        await PostgresAsync("pg_dump", "--format=custom", $"--file={dump}", $"--dbname={database.Url}");
        var whole = await RunWithAsync(environment, [.. arguments, "--dump", dump]);
        gate.Open();
        await gateway.EndOfAsync(job);
        await PostgresAsync("pg_restore", "--no-owner", $"--dbname={other.Url}", dump);
        var restored = await RunWithAsync([("PAYLOADS", $"files:{folder.File("other")}")], "restore", backup, "--to", folder.File("data"));

        Assert.True(rest.Code == 0 && whole.Code == 0 && restored.Code == 0, $"{rest}\n{whole}\n{restored}");
        Assert.Contains("pg_dump --format=custom", rest.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pg_dump", whole.Error, StringComparison.Ordinal);
        Assert.Contains("pg_restore --no-owner", restored.Error, StringComparison.Ordinal);
        await SucceedAsync("backup", "verify", backup);
        settings[0].Value = $"files:{folder.File("other")}";
        await using var second = await ServedGateway.StartAsync(
            Workers, leaseSeconds: ShortLease, database: other, script: Answer, settings: settings);
        Assert.Equal("completed", (await second.EndOfAsync(job)).GetProperty("status").GetString());
        Assert.Equal(await ReadAsync(gateway, job), await ReadAsync(second, job));
    }

    private static Task<string> PostgresAsync(string program, params string[] arguments) => ProgramRun.OutputAsync(
        [PostgresInstallation.Find()!.Program(program), .. arguments], "/", Cancellation);

    private static Reply Answer(ScriptedCall call) => Reply.Json($"{{\"item\":\"{call.Item![..9]} of {call.Item.Length} letters\"}}");
}
