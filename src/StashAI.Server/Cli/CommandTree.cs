using System.CommandLine;
using System.CommandLine.Help;
using StashAI.Gateway.Settings;
using StashAI.Hosting.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Server.Cli.Account;
using StashAI.Server.Cli.Backups;
using StashAI.Server.Cli.Batches;
using StashAI.Server.Cli.Config;
using StashAI.Server.Cli.Guide;
using StashAI.Server.Cli.Parsing;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Cli.Services;
using StashAI.Server.Cli.Submit;
using StashAI.Server.Cli.Work;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>The commands with their flags, and the conversion of a parsed command to its options record.</summary>
internal sealed class CommandTree
{
    private const string DefaultDatabaseName = "queue.db";

    private readonly Flags flags = new();
    private readonly Dictionary<Command, IReadOnlyList<string>> examples = [];
    private readonly Func<string, string?> environment;
    private readonly TimeProvider clock;

    /// <param name="handlers">Runs the commands.</param>
    /// <param name="environment">Returns a variable by name.</param>
    /// <param name="variables">The names of all variables.</param>
    /// <param name="surroundings">What the commands for work find; null for an empty input and no terminal.</param>
    public CommandTree(
        ICommandHandlers handlers,
        Func<string, string?> environment,
        IReadOnlyCollection<string> variables,
        Surroundings? surroundings = null)
    {
        this.environment = environment;
        surroundings ??= new Surroundings { Environment = environment, Input = TextReader.Null };
        clock = surroundings.Clock;
        Root = new RootCommand("StashAI Server turns a one-item-at-a-time AI service into a durable, observable batch system.");
        var help = Root.Options.OfType<HelpOption>().Single();
        help.Description = "Show help.";
        Root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        Add("serve", "Run the gateway, its workers and the Visage face service.", ReadServe, handlers.ServeAsync,
            flags.Urls, flags.Data, flags.Workers, flags.VisageUrl, flags.VisagePort, flags.Models, flags.Database,
            flags.ExitWithStdin);
        Add("worker", "Run more workers on a server's queue, without HTTP.", ReadWorker, handlers.RunWorkerAsync,
            flags.Data, flags.Workers, flags.VisageUrl, flags.Database, flags.ExitWithStdin);
        Add("visage", "Run only the Visage face service.", ReadVisage, handlers.RunVisageAsync,
            flags.VisageUrls, flags.Data, flags.Models, flags.ExitWithStdin);
        Add("migrate", "Migrate the queue's database to this version and exit.", ReadMigrate, handlers.MigrateAsync,
            flags.Data, flags.Database);
        var models = new Command("models", "Manage the models of the Visage face service.");
        Root.Subcommands.Add(models);
        Add(
            models, "fetch", "Fetch the face models and verify their checksums; does nothing if they exist already.", ReadFetchModels,
            handlers.FetchModelsAsync, flags.Models, flags.Data);
        var keys = new Command("keys", "Create, list and revoke the API keys of clients.");
        Root.Subcommands.Add(keys);
        Add(keys, "create", "Create an API key and show it once.", ReadCreateKey, handlers.CreateKeyAsync,
            flags.KeyName, flags.KeyScope, flags.KeyExpiry, flags.Data, flags.Database);
        Add(keys, "list", "List the API keys, without their secrets.", ReadListKeys, handlers.ListKeysAsync, flags.Data, flags.Database);
        Add(keys, "revoke", "Revoke an API key permanently.", ReadRevokeKey, handlers.RevokeKeyAsync, flags.Data, flags.Database)
            .Arguments.Add(flags.Key);
        Add("health", "Ask a running server whether it is healthy, and exit with 0 if it is.", ReadHealth, handlers.AskHealthAsync,
            flags.ServerUrl);
        Add(
            "demo", "Find faces in sample photos or in your own, and write a report.", reader => ReadDemo(reader, surroundings),
            handlers.RunDemoAsync, flags.Data, flags.Photos, flags.People, flags.Keep, flags.Workers, flags.Models);
        Root.Subcommands.Add(BackupCommand.Create(surroundings));
        Root.Subcommands.Add(RestoreCommand.Create(surroundings));
        Root.Subcommands.Add(ServiceCommands.Create(environment, surroundings));
        Root.Subcommands.Add(new ConfigCommands(environment, variables).Create(
            flags.Urls, flags.Data, flags.Workers, flags.VisageUrl, flags.VisagePort, flags.Models, flags.Database, flags.LogLevel));
        AddWork(surroundings);
        help.Action = new ExampleHelp((HelpAction)help.Action!, ExamplesOf);
    }

    public RootCommand Root { get; }

    /// <summary>The examples in the help of a command; empty for a group of commands.</summary>
    public IReadOnlyList<string> ExamplesOf(Command command) => examples.GetValueOrDefault(command) ?? LocalExamples.Of(command);

    /// <summary>The examples of the commands for work.</summary>
    public IReadOnlyDictionary<Command, IReadOnlyList<string>> Examples => examples;

    /// <summary>The commands that work through a server.</summary>
    private void AddWork(Surroundings surroundings)
    {
        var group = new RemoteGroup(new RemoteFlags(), surroundings, examples);
        Root.Subcommands.Add(SubmitCommand.Create(group));
        Root.Subcommands.Add(RerunCommand.Create(group));
        Root.Subcommands.Add(BatchCommand.Create(group));
        Root.Subcommands.Add(RematchCommand.Create(group));
        Root.Subcommands.Add(ClustersCommand.Create(group));
        Root.Subcommands.Add(WatchCommand.Create(group));
        foreach (var command in JobCommands.Create(group).Concat(TaskCommands.Create(group))) Root.Subcommands.Add(command);
        Root.Subcommands.Add(FailuresCommand.Create(group));
        Root.Subcommands.Add(ResultsCommand.Create(group));
        foreach (var command in ControlCommands.Create(group)) Root.Subcommands.Add(command);
        foreach (var command in PauseCommands.Create(group)) Root.Subcommands.Add(command);
        Root.Subcommands.Add(BulkCommand.Create(group));
        Root.Subcommands.Add(ServicesCommand.Create(group));
        Root.Subcommands.Add(LimitsCommand.Create(group));
        foreach (var command in ScheduleCommands.Create(group)) Root.Subcommands.Add(command);
        Root.Subcommands.Add(WebhookCommands.Create(group));
        Root.Subcommands.Add(PeopleCommands.Create(group));
        Root.Subcommands.Add(AuditCommand.Create(group));
        Root.Subcommands.Add(CostsCommand.Create(group));
        Root.Subcommands.Add(NodesCommand.Create(group));
        Root.Subcommands.Add(LoginCommand.Create(group));
        Root.Subcommands.Add(MeCommand.Create(group));
        Root.Subcommands.Add(OpenCommand.Create(group));
        Root.Subcommands.Add(DoctorCommand.Create(group));
        Root.Subcommands.Add(CompletionCommand.Create(Root));
        Root.Subcommands.Add(HelpTopics.Create(Root));
    }

    private void Add<TOptions>(
        string name,
        string description,
        Func<CommandReader, TOptions> read,
        Func<TOptions, CancellationToken, Task<int>> run,
        params ReadOnlySpan<Option> options) =>
        Add(Root, name, description, read, run, options);

    private Command Add<TOptions>(
        Command parent,
        string name,
        string description,
        Func<CommandReader, TOptions> read,
        Func<TOptions, CancellationToken, Task<int>> run,
        params ReadOnlySpan<Option> options)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
        command.Options.Add(flags.LogLevel);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var parsed = SettingsReader.Bind(
                new SettingsReader(environment, parse.FlagText), settings => read(new CommandReader(parse, settings)));
            using var termination = new Termination(
                withStandardInput: command.Options.Contains(flags.ExitWithStdin) && parse.GetValue(flags.ExitWithStdin),
                cancellationToken);
            return await run(parsed, termination.Token);
        });
        parent.Subcommands.Add(command);
        return command;
    }

    private ServeOptions ReadServe(CommandReader reader)
    {
        var data = Data(reader);
        var queue = reader.Read(ServerSettings.DatabaseUrl);
        return new ServeOptions
        {
            Urls = reader.Read(ServerSettings.Urls) ?? [ServeOptions.DefaultUrl],
            DataDirectory = data,
            QueueDatabasePath = QueueDatabase(reader, data),
            DatabaseServer = queue,
            Payloads = Payloads(reader),
            GalleryServer = reader.Read(ServerSettings.VisageDatabase) is { } gallery ? gallery.Server : queue,
            ModelsDirectory = Models(reader, data),
            Workers = Workers(reader),
            VisageUrl = reader.Read(ServerSettings.VisageAddress)?.Url,
            HasVisage = reader.Read(ServerSettings.VisageAddress) is not { Url: null },
            VisagePort = reader.Read(ServerSettings.VisagePort),
            LogLevel = reader.Read(ServerSettings.LogLevel),
        };
    }

    private WorkerOptions ReadWorker(CommandReader reader)
    {
        var data = Data(reader);
        return new WorkerOptions
        {
            DataDirectory = data,
            QueueDatabasePath = QueueDatabase(reader, data),
            DatabaseServer = reader.Read(ServerSettings.DatabaseUrl),
            Payloads = Payloads(reader),
            Workers = Workers(reader),
            VisageUrl = reader.Read(ServerSettings.VisageAddress)?.Url,
            HasVisage = reader.Read(ServerSettings.VisageAddress) is not { Url: null },
            LogLevel = reader.Read(ServerSettings.LogLevel),
        };
    }

    private VisageCommandOptions ReadVisage(CommandReader reader)
    {
        var data = Data(reader);
        return new VisageCommandOptions
        {
            Urls = reader.Read(ServerSettings.VisageUrls) ?? [VisageCommandOptions.DefaultUrl],
            DataDirectory = data,
            Database = reader.Read(ServerSettings.VisageDatabase)?.Server,
            ModelsDirectory = Models(reader, data),
            LogLevel = reader.Read(ServerSettings.LogLevel),
        };
    }

    private FetchModelsOptions ReadFetchModels(CommandReader reader) => new() { ModelsDirectory = Models(reader, Data(reader)) };

    private MigrateOptions ReadMigrate(CommandReader reader)
    {
        var data = Data(reader);
        return new MigrateOptions
        {
            DataDirectory = data,
            QueueDatabasePath = QueueDatabase(reader, data),
            DatabaseServer = reader.Read(ServerSettings.DatabaseUrl),
            LogLevel = reader.Read(ServerSettings.LogLevel),
        };
    }

    private CreateKeyOptions ReadCreateKey(CommandReader reader)
    {
        var scope = reader.Text(flags.KeyScope);
        return new CreateKeyOptions
        {
            QueueDatabasePath = QueueDatabase(reader, Data(reader)),
            DatabaseServer = reader.Read(ServerSettings.DatabaseUrl),
            Name = KeyName(reader),
            Scope = scope is null ? ApiScope.Submit : ApiScopeWords.Parse(scope)
                ?? throw new UsageException($"{flags.KeyScope.Name} must be {ApiScopeWords.All}, not '{scope}'."),
            ExpiresAt = KeyExpiry(reader),
            LogLevel = reader.Read(ServerSettings.LogLevel),
        };
    }

    private DateTimeOffset? KeyExpiry(CommandReader reader)
    {
        var (text, flag) = (reader.Text(flags.KeyExpiry), flags.KeyExpiry.Name);
        var expiry = Words.Time(text, flag, 1, clock);
        return expiry <= clock.GetUtcNow() ? throw new UsageException($"{flag} must be in the future, not '{text}'.") : expiry;
    }

    private string KeyName(CommandReader reader)
    {
        var name = reader.Text(flags.KeyName) ?? throw new UsageException("--name must have a value: a name for the key, such as laptop.");
        return ApiKeyName.Problem(name) is { } problem
            ? throw new UsageException($"{flags.KeyName.Name} '{name}' is not valid: it {problem}")
            : name;
    }

    private ListKeysOptions ReadListKeys(CommandReader reader) => new()
    {
        QueueDatabasePath = QueueDatabase(reader, Data(reader)),
        DatabaseServer = reader.Read(ServerSettings.DatabaseUrl),
        LogLevel = reader.Read(ServerSettings.LogLevel),
    };

    private RevokeKeyOptions ReadRevokeKey(CommandReader reader) => new()
    {
        QueueDatabasePath = QueueDatabase(reader, Data(reader)),
        DatabaseServer = reader.Read(ServerSettings.DatabaseUrl),
        Key = reader.Argument(flags.Key),
        LogLevel = reader.Read(ServerSettings.LogLevel),
    };

    private HealthOptions ReadHealth(CommandReader reader) =>
        new() { Url = reader.Read(ServerSettings.HealthUrl) ?? new Uri(ServeOptions.DefaultUrl) };

    private DemoOptions ReadDemo(CommandReader reader, Surroundings surroundings)
    {
        var data = Data(reader);
        var photos = reader.ExistingFolder(flags.Photos);
        var people = reader.ExistingFolder(flags.People);
        if (photos is null != people is null)
        {
            throw new UsageException(photos is null
                ? "--people needs --photos DIR, the photos in which to find these people."
                : "--photos needs --people DIR, with a folder for each person to find.");
        }
        return new DemoOptions
        {
            DataDirectory = data,
            ModelsDirectory = Models(reader, data),
            PhotosDirectory = photos,
            PeopleDirectory = people,
            Workers = Workers(reader),
            Keep = reader.IsSet(flags.Keep),
            OpenPage = surroundings.Browser is { } browser ? browser.Open : null,
            LogLevel = reader.Read(ServerSettings.LogLevel),
        };
    }

    private static string Data(CommandReader reader) => reader.Read(ServerSettings.DataDirectory) ?? Path.GetFullPath("data");

    private static string Models(CommandReader reader, string data) =>
        reader.Read(ServerSettings.ModelsDirectory) ?? Path.Combine(data, "models");

    private static string QueueDatabase(CommandReader reader, string data) =>
        reader.Read(ServerSettings.QueueDatabasePath) ?? Path.Combine(data, DefaultDatabaseName);

    private static PayloadStore? Payloads(CommandReader reader) => reader.Read(PayloadStore.Read) switch
    {
        { InFiles: true, Folder: null } when reader.Read(ServerSettings.DatabaseUrl) is not null => throw new UsageException(
            "PAYLOADS is files, and a queue in PostgreSQL has no folder of its own: set PAYLOADS to files: and a folder that all processes "
            + "of the queue have, to s3:// and a bucket, or to database."),
        var chosen => chosen,
    };

    private static int Workers(CommandReader reader) => reader.Read(ServerSettings.Workers);
}
