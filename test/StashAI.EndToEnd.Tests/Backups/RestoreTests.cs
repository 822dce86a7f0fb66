using Microsoft.Data.Sqlite;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;
using static StashAI.EndToEnd.Tests.Backups.BackupProgram;

namespace StashAI.EndToEnd.Tests.Backups;

/// <summary>What a backup and a restore refuse, and what a restore leaves alone.</summary>
public sealed class RestoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_with_files_is_refused_and_with_replace_its_files_move_aside()
    {
        using var folder = new TempFolder();
        var (backup, data) = (folder.File("backup"), folder.File("data"));
        await SucceedAsync("keys", "create", "--name", "first", "--data", data);
        await File.WriteAllTextAsync(Path.Combine(folder.Folder("data", "models"), "model.onnx"), "large", Cancellation);
        await SucceedAsync("backup", backup, "--data", data);
        await SucceedAsync("keys", "create", "--name", "second", "--data", data);

        var refused = await RunAsync("restore", backup, "--to", data);
        Assert.Equal(2, refused.Code);
        Assert.Contains("is not empty", refused.Error, StringComparison.Ordinal);
        Assert.Contains("second", await SucceedAsync("keys", "list", "--data", data), StringComparison.Ordinal);
        var output = await SucceedAsync("restore", backup, "--to", data, "--replace", "--json=replaced");

        var keys = await SucceedAsync("keys", "list", "--data", data);
        Assert.Contains("first", keys, StringComparison.Ordinal);
        Assert.DoesNotContain("second", keys, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(data, "models", "model.onnx")));
        var aside = System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("replaced").GetString()!;
        Assert.Contains("second", await SucceedAsync("keys", "list", "--data", aside), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_server_keeps_its_data_folder()
    {
        using var folder = new TempFolder();
        await using var gateway = await ServedGateway.StartAsync();
        gateway.Visage.Script = call => Reply.Json("{}");
        await SucceedAsync("backup", folder.File("backup"), "--data", gateway.Data);

        var (code, _, error) = await RunAsync("restore", folder.File("backup"), "--to", gateway.Data, "--replace");

        Assert.Equal(2, code);
        Assert.Contains($"A server uses {gateway.Data}", error, StringComparison.Ordinal);
        await gateway.EndOfAsync((await gateway.SubmitAsync(["a photo"])).GetProperty("job_id").GetString()!);
    }

    [Fact]
    public async Task A_backup_of_a_newer_program_is_refused()
    {
        using var folder = new TempFolder();
        var data = folder.File("data");
        await SucceedAsync("keys", "create", "--name", "first", "--data", data);
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(data, "queue.db")};Pooling=False"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('StashAI.Storage.Migrations.Sqlite.9999_later.sql', '')
                """;
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await SucceedAsync("backup", folder.File("backup"), "--data", data);
        var (code, _, error) = await RunAsync("restore", folder.File("backup"), "--to", folder.File("restored"));

        Assert.Equal(1, code);
        Assert.Contains("9999_later.sql", error, StringComparison.Ordinal);
        Assert.Contains("newer version", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_backup_of_another_queue_is_refused_and_replaced_when_somebody_says_so()
    {
        using var folder = new TempFolder();
        var (backup, data, other) = (folder.File("backup"), folder.File("data"), folder.File("other"));
        await SucceedAsync("keys", "create", "--name", "first", "--data", data);
        await SucceedAsync("keys", "create", "--name", "second", "--data", other);
        await SucceedAsync("backup", backup, "--data", data);

        var (code, _, error) = await RunAsync("backup", backup, "--data", other);

        Assert.Equal(2, code);
        Assert.Contains("has the backup of another queue", error, StringComparison.Ordinal);
        // A restored queue is the same one.
        await SucceedAsync("restore", backup, "--to", folder.File("restored"));
        Assert.Contains("first", await SucceedAsync("keys", "list", "--data", folder.File("restored")), StringComparison.Ordinal);
        await SucceedAsync("backup", backup, "--data", folder.File("restored"));
        await SucceedAsync("backup", backup, "--data", other, "--replace");
    }

    [Theory]
    [InlineData("backup", "FULL --data DATA", "is not empty and has no backup")]
    [InlineData("backup verify", "FULL", "has no backup")]
    [InlineData("backup verify", "MISSING", "There is no folder")]
    [InlineData("backup", "verfy", "Did you mean 'verify'?")]
    [InlineData("backup", "EMPTY --data MISSING", "There is no queue")]
    [InlineData("backup", "EMPTY --data DATA --dump FULL", "--dump is for a queue in PostgreSQL")]
    [InlineData("restore", "FULL --to EMPTY", "has no backup")]
    [InlineData("restore", "BACKUP --to FOLDER", "is inside of")]
    public async Task A_folder_that_is_not_what_it_should_be_is_a_usage_error(string command, string arguments, string reason)
    {
        using var folder = new TempFolder();
        await SucceedAsync("keys", "create", "--name", "first", "--data", folder.File("data"));
        await SucceedAsync("backup", folder.File("backup"), "--data", folder.File("data"));
        await File.WriteAllTextAsync(Path.Combine(folder.Folder("full"), "notes.txt"), "mine", Cancellation);
        string Named(string word) => word switch
        {
            "FULL" or "MISSING" or "DATA" or "BACKUP" => folder.File(word.ToLowerInvariant()),
            "EMPTY" => folder.Folder("empty"),
            "FOLDER" => folder.Path,
            _ => word,
        };

        var (code, output, error) = await RunAsync([.. command.Split(' '), .. arguments.Split(' ').Select(Named)]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.File("full", "notes.txt"), Cancellation));
    }
}
