using System.Text.RegularExpressions;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Architecture;

/// <summary>Files are opened for reading through RegularFile, which never waits for a pipe; .NET's own ways do.</summary>
public sealed partial class FileOpeningTests
{
    /// <summary>These read files of the system under /proc, whose kind is known, or look at the kind themselves.</summary>
    private static readonly string[] Exempt = ["FileLimit.cs", "SqliteFileSystem.cs", "RegularFile.cs", "SegmentDisk.cs"];

    [Fact]
    public void No_file_is_opened_for_reading_in_another_way()
    {
        var wrong = from file in Directory.EnumerateFiles(Path.Combine(SourceTree.Folder, "src"), "*.cs", SearchOption.AllDirectories)
                    where !file.Contains("/obj/", StringComparison.Ordinal)
                        // The client library opens what its own caller names, and references nothing of the product.
                        && !file.Contains("/StashAI.Client/", StringComparison.Ordinal)
                        && !Exempt.Contains(Path.GetFileName(file))
                    from line in File.ReadLines(file)
                    where Opening().IsMatch(line)
                    select $"{Path.GetRelativePath(SourceTree.Folder, file)}: {line.Trim()}";

        Assert.Empty(wrong);
    }

    [GeneratedRegex(
        @"(?<!Regular)\bFile\.(ReadAll|ReadLines|OpenRead|OpenText|Open\()|FileMode\.Open, FileAccess\.Read\b|new StreamReader\((path|file)|SKCodec\.Create\([a-z.]*[Pp]ath|SKBitmap\.Decode\([a-z.]*[Pp]ath",
        RegexOptions.CultureInvariant)]
    private static partial Regex Opening();
}
