namespace StashAI.Server.Demo;

/// <summary>Says each line at once and in order, which <see cref="Progress{T}"/> does not promise.</summary>
internal sealed class SpokenProgress(DemoTerminal terminal) : IProgress<string>
{
    public void Report(string value) => terminal.Say(value);
}
