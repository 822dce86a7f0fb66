using StashAI.Hosting.Files;
using StashAI.Hosting.Terminal;
using StashAI.Server.Cli;

PrivateFiles.RestrictCreation();
var terminal = Console.Out;
Console.SetOut(EscapingWriter.Over(terminal));
Console.SetError(EscapingWriter.Over(Console.Error));
var app = new CommandLineApp(new CommandHandlers(terminal), Environment.GetEnvironmentVariable, Console.Out, Console.Error,
    [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()]);
return await app.RunAsync(args, CancellationToken.None);
