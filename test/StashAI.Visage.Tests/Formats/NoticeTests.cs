using System.Text.RegularExpressions;

namespace StashAI.Visage.Tests.Formats;

/// <summary>The notices of native libraries are beside the program, and docs/licences.md names the parts under the LGPL.</summary>
public sealed partial class NoticeTests
{
    private const string Notice = "Magick.NET-Notice.txt";

    /// <summary>Their notices have the text of the LGPL too; the document says why it does not apply.</summary>
    private static readonly string[] Exempt = ["liblzma"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Notice)]
    [InlineData("OnnxRuntime-Notice.txt")]
    [InlineData("SkiaSharp-Notice.txt")]
    public async Task Notices_come_with_the_program_and_the_document_names_them(string file)
    {
        Assert.True(new FileInfo(Path.Combine(AppContext.BaseDirectory, file)).Length > 1000);
        Assert.Contains($"`{file}`", await DocumentAsync(), StringComparison.Ordinal);
    }

    /// <summary>Fails when another version of ImageMagick has other parts.</summary>
    [Fact]
    public async Task The_document_names_each_part_under_the_lgpl_and_none_is_under_the_gpl()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, Notice), Cancellation);
        var starts = Part().Matches(text).ToList();
        var underLgpl = new List<string>();
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1].Index : text.Length;
            if (Lgpl().IsMatch(text[starts[i].Index..end])) underLgpl.Add(starts[i].Groups[1].Value);
        }

        var document = await DocumentAsync();
        var section = document[document.IndexOf("## Parts under the LGPL", StringComparison.Ordinal)..];
        var named = Row().Matches(section).SelectMany(row => row.Groups[1].Value.Split(", "));
        Assert.Equal(underLgpl.Except(Exempt).Order(), named.Order());
        Assert.All(Exempt, part => Assert.Contains(part, section, StringComparison.Ordinal));
        Assert.DoesNotContain("x265", starts.Select(start => start.Groups[1].Value));
    }

    private static async Task<string> DocumentAsync()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StashAI.slnx"))) folder = folder.Parent!;
        return await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs", "licences.md"), Cancellation);
    }

    [GeneratedRegex(@"^\[ ?([A-Za-z0-9.+_-]+) [0-9]\S* \(", RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex("(lesser|library) general public", RegexOptions.IgnoreCase)]
    private static partial Regex Lgpl();

    [GeneratedRegex(@"^\| (?!part|---)([a-z0-9, -]+) \| .* \| LGPL", RegexOptions.Multiline)]
    private static partial Regex Row();
}
