namespace StashAI.Server.Cli.Remote;

/// <summary>Names with their values, one a line; what has no value is left out.</summary>
internal sealed class Details(TextWriter output)
{
    private const int NameWidth = 13;

    public Task AddAsync(string name, string? value) =>
        string.IsNullOrEmpty(value) ? Task.CompletedTask
            : output.WriteLineAsync($"{name.PadRight(NameWidth)} {value.ReplaceLineEndings(" ")}");
}
