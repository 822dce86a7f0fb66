using System.Text.Json;
using System.Text.RegularExpressions;

namespace StashAI.EndToEnd.Tests.Deployment;

/// <summary>What the Dockerfile says: enough of its language for ours.</summary>
internal sealed partial class ImageFile
{
    private readonly List<(string Word, string Value)> lines = [];

    /// <summary>Reads the repository's Dockerfile.</summary>
    public ImageFile(string text)
    {
        foreach (var line in Continued().Replace(text, " ").Split('\n').Select(line => line.Trim()))
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            lines.Add((line[..space], line[(space + 1)..].Trim()));
        }
    }

    /// <summary>The one command that builds the program.</summary>
    public string Publish =>
        Assert.Single(lines, line => line.Word == "RUN" && line.Value.StartsWith("dotnet publish ", StringComparison.Ordinal)).Value;

    /// <summary>The folder in which a stage works, and its commands.</summary>
    public (string Folder, IReadOnlyList<string> Commands) Stage(string name)
    {
        var own = lines.SkipWhile(line => line.Word != "FROM" || !line.Value.EndsWith($" AS {name}", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.Word != "FROM").ToList();
        return (own.Single(line => line.Word == "WORKDIR").Value, [.. own.Where(line => line.Word == "RUN").Select(line => line.Value)]);
    }

    /// <summary>Where a stage puts what another one made in its folder, or in a folder below it.</summary>
    public string PlaceOf(string stage, string below = "")
    {
        var words = Assert.Single(
            lines, line => line.Word == "COPY" && line.Value.StartsWith($"--from={stage} ", StringComparison.Ordinal)).Value.Split(' ');
        Assert.Equal($"{Stage(stage).Folder}/{below}".TrimEnd('/'), words[1]);
        return words[2];
    }

    public IReadOnlyList<string> EntryPoint => Words("ENTRYPOINT");

    public IReadOnlyList<string> Command => Words("CMD");

    public string User => Assert.Single(lines, line => line.Word == "USER").Value;

    public string Volume => Assert.Single(lines, line => line.Word == "VOLUME").Value;

    public string Folder => lines.Last(line => line.Word == "WORKDIR").Value;

    /// <summary>The command that says whether a container works.</summary>
    public IReadOnlyList<string> HealthCheck
    {
        get
        {
            var rest = Assert.Single(lines, line => line.Word == "HEALTHCHECK").Value;
            return JsonSerializer.Deserialize<string[]>(rest[(rest.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
        }
    }

    public IReadOnlyDictionary<string, string> Environment => lines.Where(line => line.Word == "ENV")
        .SelectMany(line => line.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private string[] Words(string word) => JsonSerializer.Deserialize<string[]>(Assert.Single(lines, line => line.Word == word).Value)!;

    [GeneratedRegex(@"\\\r?\n\s*")]
    private static partial Regex Continued();
}
