using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace StashAI.Server.Cli.Guide;

/// <summary>The usual help, with the examples of the command below it.</summary>
internal sealed class ExampleHelp(HelpAction usual, Func<Command, IReadOnlyList<string>> examples)
    : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        var lines = examples(parseResult.CommandResult.Command);
        if (lines.Count == 0) return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var line in lines) output.WriteLine($"  {line}");
        output.WriteLine();
        return code;
    }
}
