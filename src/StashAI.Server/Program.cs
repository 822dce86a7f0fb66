using StashAI.Server.Cli;

var app = new CommandLineApp(new CommandHandlers(), Environment.GetEnvironmentVariable, Console.Out, Console.Error);
return await app.RunAsync(args, CancellationToken.None);
