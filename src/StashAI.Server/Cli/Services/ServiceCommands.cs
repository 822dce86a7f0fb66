using System.CommandLine;
using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Parsing;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli.Services;

/// <summary><c>stashai service</c>: check, list, test and import declarations. The commands need only files; with
/// <c>--server</c>, test and import ask that server.</summary>
internal static class ServiceCommands
{
    public static Command Create(Func<string, string?> environment, Surroundings surroundings)
    {
        var command = new Command("service", "Check, list, try and import declared AI services.");
        command.Subcommands.Add(Check(environment));
        command.Subcommands.Add(List(environment));
        command.Subcommands.Add(Test(environment, surroundings));
        command.Subcommands.Add(Import(environment, surroundings));
        return command;
    }

    /// <summary>The data folder, which has the declarations unless their folder is set.</summary>
    private static Option<string?> Data() =>
        new("--data") { HelpName = "DIR", Description = "The server's data folder (DATA_DIR; default ./data)." };

    /// <summary>The environment with the flag's value for its variable.</summary>
    private static Func<string, string?> With(ParseResult parse, Func<string, string?> environment)
    {
        var data = new SettingsReader(environment, parse.FlagText);
        var folder = SettingsReader.Bind(data, reader => reader.Read(ServerSettings.DataDirectory));
        return name => name == ServerSettings.DataDirectory.Name ? folder : environment(name);
    }

    private static Command Check(Func<string, string?> environment)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files to check; by default all files in the folders of services.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("check", "Check declarations, and show errors with file, line and column.") { files, Data() };
        command.SetAction(parse => ServiceCheck.Run(
            parse.GetValue(files) is { Length: > 0 } given ? given : ServiceFolders.Files(With(parse, environment)),
            environment,
            parse.InvocationConfiguration.Output));
        return command;
    }

    private static Command List(Func<string, string?> environment)
    {
        var command = new Command("list", "List the declared services.") { Data() };
        command.SetAction(
            parse => ServiceCheck.List(ServiceFolders.Files(With(parse, environment)), environment, parse.InvocationConfiguration.Output));
        return command;
    }

    private static Command Test(Func<string, string?> environment, Surroundings surroundings)
    {
        var service = new Argument<string>("NAME") { Description = "The service's name, or the file of its declaration." };
        var item = new Option<string>("--item") { Description = "The item: a text, JSON, or @FILE for a file.", Required = true };
        var operation = new Option<string?>("--operation") { Description = "The operation; default: the first." };
        var config = new Option<string[]>("--config")
        {
            Description = "A configuration key, as KEY=VALUE; may be repeated.",
            AllowMultipleArgumentsPerToken = false,
        };
        var command =
            new Command("test", "Make one real call, and show the request and the answer.") { service, item, operation, config, Data() };
        var flags = new RemoteFlags();
        flags.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var termination = new Termination(withStandardInput: false, cancellationToken);
            if (IsRemote(parse, flags))
            {
                using var call = new RemoteCall(parse, flags, surroundings);
                return await RemoteTrial.TestAsync(
                    call, parse.GetValue(service)!, parse.GetValue(operation), parse.GetValue(item)!, parse.GetValue(config) ?? [],
                    termination.Token);
            }

            var declaration = ServiceFolders.Find(parse.GetValue(service)!, With(parse, environment));
            var trial = new ServiceTrial(declaration, environment, TimeProvider.System);
            return await trial.RunAsync(
                parse.GetValue(operation), parse.GetValue(item)!, parse.GetValue(config) ?? [], parse.InvocationConfiguration.Output,
                termination.Token)
                ? ExitCodes.Success
                : ExitCodes.Failure;
        });
        return command;
    }

    private static Command Import(Func<string, string?> environment, Surroundings surroundings)
    {
        var curl = new Argument<string>("CURL") { Description = "A curl command line, in one pair of quotes." };
        var name = new Option<string?>("--name") { Description = "The service's name; default: derived from the address." };
        var item = new Option<string?>("--item") { Description = "The field that holds the item; default: guessed." };
        var folder = new Option<string?>("--folder")
        {
            Description = $"Where the file goes ({ServiceSettings.DeclarationsSetting}; default: services in the data folder).",
        };
        var noCall = new Option<bool>("--no-call") { Description = "Do not make a trial call." };
        var force = new Option<bool>("--force") { Description = "Overwrite an existing file." };
        var save = new Option<bool>("--save") { Description = "With --server: save the declaration there (scope admin)." };
        var command = new Command("import", "Create a declaration from a curl command, and make a trial call.")
        {
            curl, name, item, folder, noCall, force, save, Data(),
        };
        var flags = new RemoteFlags();
        flags.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var termination = new Termination(withStandardInput: false, cancellationToken);
            if (IsRemote(parse, flags))
            {
                using var call = new RemoteCall(parse, flags, surroundings);
                return await RemoteTrial.ImportAsync(
                    call, parse.GetValue(curl)!, parse.GetValue(name), parse.GetValue(item), parse.GetValue(save), parse.GetValue(force),
                    !parse.GetValue(noCall), termination.Token);
            }

            if (parse.GetValue(save)) throw new UsageException("--save is for --server; without it, the file is always written here.");
            var import = new ServiceImport(With(parse, environment), TimeProvider.System);
            return await import.RunAsync(
                parse.GetValue(curl)!, parse.GetValue(name), parse.GetValue(item), parse.GetValue(folder), !parse.GetValue(noCall),
                parse.GetValue(force), parse.InvocationConfiguration.Output, termination.Token);
        });
        return command;
    }

    /// <summary>True when the line names a server; settings and a kept login alone leave these commands on this machine.</summary>
    private static bool IsRemote(ParseResult parse, RemoteFlags flags) => parse.GetResult(flags.Server) is { Implicit: false };
}
