namespace StashAI.Visage.Hosting;

/// <summary>Progress lines on stderr, in order.</summary>
internal sealed class ConsoleProgress : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine(value);
}
