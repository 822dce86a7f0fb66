namespace StashAI.Server.Demo;

/// <summary>Writes each line at once and in order, which <see cref="Progress{T}"/> does not guarantee.</summary>
internal sealed class TerminalProgress(DemoTerminal terminal) : IProgress<string>
{
    public void Report(string value) => terminal.Say(value);
}
