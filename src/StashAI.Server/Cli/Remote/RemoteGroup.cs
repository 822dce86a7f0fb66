using System.CommandLine;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Remote;

/// <summary>Makes commands that work through a server.</summary>
internal sealed class RemoteGroup(RemoteFlags flags, Surroundings surroundings, Dictionary<Command, IReadOnlyList<string>> examples)
{
    /// <param name="name">The name of the command.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="run">What it does; returns the exit code.</param>
    /// <param name="symbols">Its arguments and its own flags.</param>
    /// <param name="lines">Examples for its help, of which each begins with `stashai`.</param>
    public Command Create(
        string name,
        string description,
        Func<RemoteCall, CancellationToken, Task<int>> run,
        IEnumerable<Symbol> symbols,
        params IReadOnlyList<string> lines)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        flags.AddTo(command);
        examples[command] = lines;
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var termination = new Termination(withStandardInput: false, cancellationToken);
            using var call = new RemoteCall(parse, flags, surroundings);
            try
            {
                return await run(call, termination.Token);
            }
            finally
            {
                call.Progress.Clear();
            }
        });
        return command;
    }
}
