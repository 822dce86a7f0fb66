namespace StashAI.Visage.Hosting;

/// <summary>Writes progress to stderr at once; <see cref="Progress{T}"/> would not keep the order.</summary>
internal sealed class ConsoleProgress : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine(value);
}
