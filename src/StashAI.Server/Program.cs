using StashAI.Hosting.Files;
using StashAI.Hosting.Terminal;
using StashAI.Server.Cli;
using StashAI.Server.Cli.Submit;

PrivateFiles.RestrictCreation();
var (terminal, errorTerminal) = (Console.Out, Console.Error);
Console.SetOut(EscapingWriter.Over(terminal));
Console.SetError(EscapingWriter.Over(Console.Error));
// Text that is not UTF-8 is refused, never replaced.
var input = Console.IsInputRedirected ? new StreamReader(Console.OpenStandardInput(), TextFiles.Strict) : Console.In;
var app = new CommandLineApp(new CommandHandlers(terminal), Environment.GetEnvironmentVariable, Console.Out, Console.Error,
    [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()], input, Console.IsErrorRedirected ? null : errorTerminal,
    isInteractive: !Console.IsInputRedirected && !Console.IsErrorRedirected);
return await app.RunAsync(args, CancellationToken.None);
