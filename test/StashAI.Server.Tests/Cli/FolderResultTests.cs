using System.Text.Json;
using StashAI.Client.Models;
using StashAI.Server.Cli.Work;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Cli;

/// <summary>A file for each result: none takes the place of another, whatever the items are called.</summary>
public sealed class FolderResultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a", "a-000002", "a")]
    [InlineData("a-000001", "a", "A", "a", "a-000003")]
    [InlineData("000001", null, "000001", "000001-000001")]
    [InlineData("x/a", "y/a", "z\\a", "..", "")]
    public async Task Each_item_has_a_file_of_its_own(params string?[] names)
    {
        using var folder = new TempFolder();
        await using var results = new FolderResults(folder.File("out"), []);

        for (var i = 0; i < names.Length; i++) await results.WriteAsync(Result(i, names[i]), Cancellation);

        var texts = Directory.GetFiles(folder.File("out")).Select(File.ReadAllText).Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, names.Length).Select(i => $"result {i}"), texts);
    }

    private static TaskResult Result(int index, string? name) => JsonSerializer.Deserialize<TaskResult>(
        JsonSerializer.Serialize(
            new { index, id = Guid.NewGuid(), item_name = name, state = "completed", result = $"result {index}" }),
        StashJson.Options)!;
}
