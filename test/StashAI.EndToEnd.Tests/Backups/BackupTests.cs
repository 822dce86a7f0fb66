using Microsoft.Data.Sqlite;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;
using static StashAI.EndToEnd.Tests.Backups.BackupProgram;

namespace StashAI.EndToEnd.Tests.Backups;

/// <summary>The real program: a backup while a job runs, restored into another data folder where a second server goes on.</summary>
public sealed class BackupTests
{
    private const int Workers = 4;
    private const int Tasks = 60;
    private const int Answered = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_that_ran_at_the_backup_ends_in_the_restored_queue_as_in_its_own(bool copies)
    {
        using var folder = new TempFolder();
        await using var gateway = await ServedGateway.StartAsync(Workers);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number <= Answered ? Answer(call) : Reply.Hold(gate, Answer(call));
        var done = await gateway.SubmitAsync(["small photo"]);
        await gateway.EndOfAsync(Id(done));
        var job = Id(await gateway.SubmitAsync(Photos(Tasks)));
        var waiting = Id(await gateway.SubmitAsync(Photos(3, size: 40_000)));
        await gateway.Visage.Ledger.WaitForEndedAsync(Answered, Cancellation);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(Workers, Cancellation);

        string[] backup = ["backup", folder.File("backup"), "--data", gateway.Data, .. copies ? (string[])["--copy"] : []];
        await SucceedAsync(backup);
        await SucceedAsync("backup", "verify", folder.File("backup"));
        gate.Open();
        foreach (var one in (string[])[job, waiting]) await gateway.EndOfAsync(one);

        await using var restored = await ServedGateway.StartAsync(
            Workers, prepare: data => SucceedAsync("restore", folder.File("backup"), "--to", data), script: Answer);
        foreach (var one in (string[])[job, waiting])
        {
            var end = await restored.EndOfAsync(one);
            Assert.Equal("completed", end.GetProperty("status").GetString());
        }

        foreach (var one in (string[])[Id(done), job, waiting])
            Assert.Equal(await ReadAsync(gateway, one), await ReadAsync(restored, one));
        // What had a result keeps it, and everything else is called once.
        Assert.Equal(Tasks + 3 + 1 - Answered, restored.Visage.Ledger.Count);
        Assert.All(restored.Visage.Ledger.Items, item => Assert.Single(restored.Visage.Ledger.CallsOf(item)));
        Assert.Equal([0], restored.Query("SELECT COUNT(*) FROM queue_tasks WHERE crashes > 0"));
        await SucceedAsync("backup", "verify", folder.File("backup"));
    }

    [Fact]
    public async Task A_backup_holds_services_adapters_keys_and_the_gallery_and_only_its_user_can_read_it()
    {
        using var folder = new TempFolder();
        var (data, backup, restored) = (folder.File("data"), folder.File("backup"), folder.File("restored"));
        string[] names =
        [
            "secrets.key", "visage/visage.secret", "services/own.yaml", "services/more/other.yaml", "adapters/plug/plug.dll",
        ];
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(data, name))!);
            await File.WriteAllTextAsync(Path.Combine(data, name), $"content of {name}", Cancellation);
        }

        await SucceedAsync("keys", "create", "--name", "laptop", "--data", data);
        // The queue keeps also what failed, and a restored one knows the runs before its snapshot.
        Assert.Equal(2, (await RunAsync("backup", data, "--data", data)).Code);
        // The face service has the gallery open meanwhile, and what it wrote last is in the write-ahead log.
        using var gallery = Open(Path.Combine(data, "visage", "visage.db"));
        Ask(gallery, "PRAGMA journal_mode = WAL");
        Ask(gallery, "CREATE TABLE people (name TEXT)");
        Ask(gallery, "INSERT INTO people VALUES ('Ann')");
        await SucceedAsync("backup", backup, "--data", data);
        await SucceedAsync("restore", backup, "--to", restored);

        await SucceedAsync("backup", "verify", backup, "--data", data);
        var unknown = await RunAsync("backup", "verify", backup, "--data", restored);
        Assert.Contains("does not know this backup", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("backup", "verify", backup, "--data", folder.File("nothing"))).Code);
        const string runs = "SELECT group_concat((error IS NULL) || (checked_at IS NULL) || has_queue) FROM backups";
        using (var queue = Open(Path.Combine(data, "queue.db"))) Assert.Equal("010,101", Ask(queue, runs));
        using (var queue = Open(Path.Combine(restored, "queue.db"))) Assert.Equal("010", Ask(queue, runs));
        foreach (var name in names)
            Assert.Equal($"content of {name}", await File.ReadAllTextAsync(Path.Combine(restored, name), Cancellation));
        using (var copy = Open(Path.Combine(restored, "visage", "visage.db"))) Assert.Equal("Ann", Ask(copy, "SELECT name FROM people"));
        Assert.Contains("laptop", await SucceedAsync("keys", "list", "--data", restored), StringComparison.Ordinal);
        foreach (var path in Directory.EnumerateFiles(backup, "*", SearchOption.AllDirectories).Concat(
            Directory.EnumerateFiles(restored, "*", SearchOption.AllDirectories)))
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task A_second_backup_copies_only_what_is_new_and_drops_what_was_removed()
    {
        using var folder = new TempFolder();
        await using var gateway = await ServedGateway.StartAsync(Workers);
        gateway.Visage.Script = Answer;
        var first = Id(await gateway.SubmitAsync(Photos(4)));
        var second = Id(await gateway.SubmitAsync(Photos(5)));
        await gateway.EndOfAsync(first);
        await gateway.EndOfAsync(second);
        const string Fields = "--json=payload_files,linked_files,known_files,payloads";
        string[] backup = ["backup", folder.File("backup"), "--data", gateway.Data, Fields];

        Assert.Equal("""{"payload_files":2,"linked_files":2,"known_files":0,"payloads":9}""", await SucceedAsync(backup));
        var third = Id(await gateway.SubmitAsync(Photos(6)));
        await gateway.EndOfAsync(third);
        using (var answer = await gateway.Http.DeleteAsync($"/api/jobs/{first}", Cancellation))
            Assert.True(answer.IsSuccessStatusCode);
        await WaitAsync(() => gateway.Query("SELECT COUNT(*) FROM payload_segments")[0] == 2);
        Assert.Equal("""{"payload_files":2,"linked_files":1,"known_files":1,"payloads":11}""", await SucceedAsync(backup));

        await SucceedAsync("backup", "verify", folder.File("backup"));
        Assert.Equal(2, Directory.GetFiles(folder.File("backup", "payloads")).Length);
        Assert.Single(Directory.GetDirectories(folder.File("backup"), "content-*"));
    }

    [Theory]
    [InlineData("queue.db", "missing")]
    [InlineData("queue.db", "altered")]
    [InlineData("queue.db", "bytes")]
    [InlineData("payloads.ndjson", "altered")]
    [InlineData(".seg", "missing")]
    [InlineData(".seg", "altered")]
    [InlineData(".seg", "shorter")]
    [InlineData("backup.json", "cannot be read")]
    public async Task A_damaged_file_is_named_and_nothing_is_restored(string name, string damage)
    {
        using var folder = new TempFolder();
        var backup = folder.File("backup");
        await using (var gateway = await ServedGateway.StartAsync(Workers))
        {
            gateway.Visage.Script = Answer;
            await gateway.EndOfAsync(Id(await gateway.SubmitAsync(Photos(4))));
            await SucceedAsync("backup", backup, "--data", gateway.Data, "--copy");
        }

        var file = Directory.EnumerateFiles(backup, "*", SearchOption.AllDirectories).Single(
            path => path.EndsWith(name, StringComparison.Ordinal));
        await DamageAsync(file, damage);
        var verified = await RunAsync("backup", "verify", backup);
        var restored = await RunAsync("restore", backup, "--to", folder.File("restored"));

        foreach (var (code, _, error) in new[] { verified, restored })
        {
            Assert.Equal(1, code);
            Assert.Contains(file, error, StringComparison.Ordinal);
            Assert.Contains(damage, error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(folder.File("restored", "queue.db")));
        Assert.True(!Directory.Exists(folder.File("restored")) || !Directory.EnumerateFileSystemEntries(folder.File("restored")).Any());
        // The rest of it is there where only photos are lost.
        var accepted = await RunAsync("restore", backup, "--to", folder.File("restored"), "--accept-damage");
        Assert.Equal(name == ".seg", restored.Error.Contains("--accept-damage", StringComparison.Ordinal));
        Assert.Equal(name == ".seg" ? 0 : 1, accepted.Code);
        Assert.Contains(file, accepted.Error, StringComparison.Ordinal);
        Assert.Equal(name == ".seg", File.Exists(folder.File("restored", "queue.db")));
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static async Task DamageAsync(string file, string damage)
    {
        if (damage == "missing")
        {
            File.Delete(file);
            return;
        }

        await using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        if (damage != "altered")
        {
            stream.SetLength(stream.Length / 2);
            return;
        }

        stream.Position = stream.Length / 3;
        var old = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(old ^ 1));
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static string Id(System.Text.Json.JsonElement submitted) => submitted.GetProperty("job_id").GetString()!;

    private static Reply Answer(ScriptedCall call) => Reply.Json($"{{\"item\":\"{call.Item![..9]} of {call.Item.Length} letters\"}}");
}
