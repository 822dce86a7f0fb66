using StashAI.EndToEnd.Tests.Deployment;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.EndToEnd.Tests.Clients;

/// <summary>Examples of a page of the documentation, as they stand.</summary>
internal static class DocumentedExample
{
    /// <summary>The first block of a language on a page of <c>docs</c>.</summary>
    public static string Block(string page, string language)
    {
        var text = Repository.Read(Path.Combine("docs", page));
        var start = text.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return text[start..text.IndexOf("\n```", start, StringComparison.Ordinal)];
    }

    /// <summary>
    /// Runs the program in C# of a page, as <c>dotnet run batch.cs</c> does, against a server, and returns what it wrote. Its packages are
    /// those of this test, so that nothing is downloaded.
    /// </summary>
    /// <param name="page">The page of <c>docs</c>.</param>
    /// <param name="url">The server's address.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    public static async Task<string> RunProgramAsync(string page, string url, TempFolder folder, CancellationToken cancellationToken)
    {
        var program = Block(page, "csharp").Replace("http://127.0.0.1:9998", url, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("batch.cs"), program, cancellationToken);
        return await ProgramRun.OutputAsync(["dotnet", "run", "batch.cs"], folder.Path, cancellationToken);
    }
}
