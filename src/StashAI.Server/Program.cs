using StashAI.Hosting.Files;
using StashAI.Hosting.Terminal;
using StashAI.Server.Cli;

PrivateFiles.RestrictCreation();
var (terminal, errorTerminal) = (Console.Out, Console.Error);
Console.SetOut(EscapingWriter.Over(terminal));
Console.SetError(EscapingWriter.Over(Console.Error));
var app = new CommandLineApp(new CommandHandlers(terminal), Environment.GetEnvironmentVariable, Console.Out, Console.Error,
    [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()], Console.In, Console.IsErrorRedirected ? null : errorTerminal,
    isInteractive: !Console.IsInputRedirected && !Console.IsErrorRedirected);
return await app.RunAsync(args, CancellationToken.None);
