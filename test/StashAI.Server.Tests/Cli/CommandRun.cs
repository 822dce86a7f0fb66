using StashAI.Server.Cli;

namespace StashAI.Server.Tests.Cli;

/// <summary>One command line run in this process, with an environment of its own.</summary>
internal sealed record CommandRun(int ExitCode, object? Options, string Output, string Error)
{
    public static Task<CommandRun> OfAsync(string commandLine, params (string Name, string Value)[] environment) =>
        OfAsync(new RecordedHandlers(), commandLine, environment);

    public static async Task<CommandRun> OfAsync(
        RecordedHandlers handlers,
        string commandLine,
        params (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(pair => pair.Name, pair => pair.Value);
        var output = new StringWriter();
        var error = new StringWriter();
        var app = new CommandLineApp(handlers, variables.GetValueOrDefault, output, error, variables.Keys);
        var arguments = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var code = await app.RunAsync(arguments, TestContext.Current.CancellationToken);
        return new CommandRun(code, handlers.Options, output.ToString(), error.ToString());
    }

    public T As<T>() => Assert.IsType<T>(Options);
}
