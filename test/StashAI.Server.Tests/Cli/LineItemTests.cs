using System.Text;
using StashAI.Server.Cli.Submit;
using StashAI.Server.Exits;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Cli;

/// <summary>Items of lines: a text that is not UTF-8 is refused, never changed.</summary>
public sealed class LineItemTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("items.csv", "text\nfine\nM\u00fcnchen\n")]
    [InlineData("items.jsonl", "\"fine\"\n\"M\u00fcnchen\"\n")]
    [InlineData("-", "fine\nM\u00fcnchen\n")]
    public async Task Text_of_another_encoding_is_refused(string name, string text)
    {
        using var folder = new TempFolder();
        var bytes = Encoding.Latin1.GetBytes(text);
        using var input = new StreamReader(new MemoryStream(bytes), TextFiles.Strict);
        var path = folder.File(name);
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        var source = name == "-" ? LineItems.Texts(input) : LineItems.Items(path, [], TextReader.Null);

        var refusal = await Assert.ThrowsAsync<UsageException>(async () => await source.Items.ToListAsync(Cancellation));

        var place = name == "-" ? "standard input" : name;
        Assert.Contains($"{place}: not text in UTF-8", refusal.Message, StringComparison.Ordinal);
    }
}
