using System.CommandLine;
using System.CommandLine.Help;
using StashAI.Gateway.Settings;
using StashAI.Queue.Model.Access;
using StashAI.Server.Cli.Services;
using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>The commands with their flags, and how a parsed command becomes its options record.</summary>
internal sealed class CommandTree
{
    /// <summary>Where a gateway listens unless it is told otherwise.</summary>

    private const string DefaultDatabaseName = "queue.db";

    private readonly Flags flags = new();
    private readonly Func<string, string?> environment;

    public CommandTree(ICommandHandlers handlers, Func<string, string?> environment)
    {
        this.environment = environment;
        Root = new RootCommand("StashAI Server turns a one-item-at-a-time AI service into a durable, observable batch system.");
        Root.Options.OfType<HelpOption>().Single().Description = "Show help.";
        Root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        Add("serve", "Run the gateway, its workers and the Visage face service.", ReadServe, handlers.ServeAsync,
            flags.Urls, flags.Data, flags.Workers, flags.VisageUrl, flags.VisagePort, flags.Models, flags.Database,
            flags.ExitWithStdin);
        Add("worker", "Run more workers on a server's queue, without HTTP.", ReadWorker, handlers.RunWorkerAsync,
            flags.Data, flags.Workers, flags.WorkerVisageUrl, flags.Database, flags.ExitWithStdin);
        Add("visage", "Run the Visage face service alone.", ReadVisage, handlers.RunVisageAsync,
            flags.VisageUrls, flags.Data, flags.Models, flags.ExitWithStdin);
        Add("migrate", "Bring the queue's database to this version and exit.", ReadMigrate, handlers.MigrateAsync,
            flags.Data, flags.Database);
        var models = new Command("models", "Manage the models of the Visage face service.");
        Root.Subcommands.Add(models);
        Add(models, "fetch", "Fetch the face models and verify their checksums; does nothing when they are there.", ReadFetchModels, handlers.FetchModelsAsync,
            flags.Models, flags.Data);
        var keys = new Command("keys", "Make, list and revoke the API keys that clients show.");
        Root.Subcommands.Add(keys);
        Add(keys, "create", "Make an API key and show it, once.", ReadCreateKey, handlers.CreateKeyAsync,
            flags.KeyName, flags.KeyScope, flags.Data, flags.Database);
        Add(keys, "list", "List the API keys, without their secrets.", ReadListKeys, handlers.ListKeysAsync, flags.Data, flags.Database);
        Add(keys, "revoke", "Make an API key worthless, for good.", ReadRevokeKey, handlers.RevokeKeyAsync, flags.Data, flags.Database)
            .Arguments.Add(flags.Key);
        Add("health", "Ask a running server whether it is healthy, and exit with 0 if it is.", ReadHealth, handlers.AskHealthAsync,
            flags.ServerUrl);
        Add("demo", "Find faces in sample photos, or in your own, from start to report.", ReadDemo, handlers.RunDemoAsync,
            flags.Data, flags.Photos, flags.People, flags.Keep, flags.Workers, flags.Models);
        Root.Subcommands.Add(ServiceCommands.Create(environment));
    }

    public RootCommand Root { get; }

    private void Add<TOptions>(
        string name,
        string description,
        Func<SettingReader, TOptions> read,
        Func<TOptions, CancellationToken, Task<int>> run,
        params ReadOnlySpan<Option> options) =>
        Add(Root, name, description, read, run, options);

    private Command Add<TOptions>(
        Command parent,
        string name,
        string description,
        Func<SettingReader, TOptions> read,
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
            var parsed = read(new SettingReader(parse, environment));
            using var termination = new Termination(
                withStandardInput: command.Options.Contains(flags.ExitWithStdin) && parse.GetValue(flags.ExitWithStdin),
                cancellationToken);
            return await run(parsed, termination.Token);
        });
        parent.Subcommands.Add(command);
        return command;
    }

    private ServeOptions ReadServe(SettingReader reader)
    {
        var data = Data(reader);
        return new ServeOptions
        {
            Urls = reader.Urls(flags.Urls, ServeOptions.DefaultUrl),
            DataDirectory = data,
            QueueDatabasePath = QueueDatabase(reader, data),
            DatabaseServer = reader.DatabaseServer(flags.Database),
            ModelsDirectory = Models(reader, data),
            Workers = Workers(reader),
            VisageUrl = reader.ServiceUrl(flags.VisageUrl, "VISAGE_API_URL", "VISAGE_URL"),
            HasVisage = !reader.IsNone(flags.VisageUrl, "VISAGE_API_URL", "VISAGE_URL"),
            VisagePort = reader.Integer(flags.VisagePort, null, 9997, 0, 65535),
            LogLevel = reader.LogLevel(flags.LogLevel),
        };
    }

    private WorkerOptions ReadWorker(SettingReader reader)
    {
        var data = Data(reader);
        return new WorkerOptions
        {
            DataDirectory = data,
            QueueDatabasePath = QueueDatabase(reader, data),
            DatabaseServer = reader.DatabaseServer(flags.Database),
            Workers = Workers(reader),
            VisageUrl = reader.ServiceUrl(flags.WorkerVisageUrl, "VISAGE_API_URL", "VISAGE_URL"),
            HasVisage = !reader.IsNone(flags.WorkerVisageUrl, "VISAGE_API_URL", "VISAGE_URL"),
            LogLevel = reader.LogLevel(flags.LogLevel),
        };
    }

    private VisageCommandOptions ReadVisage(SettingReader reader)
    {
        var data = Data(reader);
        return new VisageCommandOptions
        {
            Urls = reader.Urls(flags.VisageUrls, "http://127.0.0.1:9997"),
            DataDirectory = data,
            ModelsDirectory = Models(reader, data),
            LogLevel = reader.LogLevel(flags.LogLevel),
        };
    }

    private FetchModelsOptions ReadFetchModels(SettingReader reader) => new() { ModelsDirectory = Models(reader, Data(reader)) };

    private MigrateOptions ReadMigrate(SettingReader reader)
    {
        var data = Data(reader);
        return new MigrateOptions
        {
            DataDirectory = data,
            QueueDatabasePath = QueueDatabase(reader, data),
            DatabaseServer = reader.DatabaseServer(flags.Database),
            LogLevel = reader.LogLevel(flags.LogLevel),
        };
    }

    private CreateKeyOptions ReadCreateKey(SettingReader reader)
    {
        var scope = reader.Find(flags.KeyScope);
        return new CreateKeyOptions
        {
            QueueDatabasePath = QueueDatabase(reader, Data(reader)),
            DatabaseServer = reader.DatabaseServer(flags.Database),
            Name = KeyName(reader),
            Scope = scope is not { } setting ? ApiScope.Submit : ApiScopeWords.Parse(setting.Value) ?? throw setting.Refuse(ApiScopeWords.All),
            LogLevel = reader.LogLevel(flags.LogLevel),
        };
    }

    private string KeyName(SettingReader reader)
    {
        var setting = reader.Find(flags.KeyName) ?? throw new UsageException("--name must have a value: what the key is called, such as laptop.");
        return setting.Value.Length <= 100 && !setting.Value.Any(char.IsControl)
            ? setting.Value
            : throw setting.Refuse("a name of 100 characters at most, on one line");
    }

    private ListKeysOptions ReadListKeys(SettingReader reader) => new()
    {
        QueueDatabasePath = QueueDatabase(reader, Data(reader)),
        DatabaseServer = reader.DatabaseServer(flags.Database),
        LogLevel = reader.LogLevel(flags.LogLevel),
    };

    private RevokeKeyOptions ReadRevokeKey(SettingReader reader) => new()
    {
        QueueDatabasePath = QueueDatabase(reader, Data(reader)),
        DatabaseServer = reader.DatabaseServer(flags.Database),
        Key = reader.Argument(flags.Key),
        LogLevel = reader.LogLevel(flags.LogLevel),
    };

    private HealthOptions ReadHealth(SettingReader reader) =>
        new() { Url = reader.ServiceUrl(flags.ServerUrl) ?? new Uri("http://127.0.0.1:9998") };

    private DemoOptions ReadDemo(SettingReader reader)
    {
        var data = Data(reader);
        var photos = reader.ExistingFolder(flags.Photos);
        var people = reader.ExistingFolder(flags.People);
        if (photos is null != people is null)
        {
            throw new UsageException(photos is null
                ? "--people needs --photos DIR, the photos to look for these people in."
                : "--photos needs --people DIR, a folder per person to look for.");
        }
        return new DemoOptions
        {
            DataDirectory = data,
            ModelsDirectory = Models(reader, data),
            PhotosDirectory = photos,
            PeopleDirectory = people,
            Workers = Workers(reader),
            Keep = reader.IsSet(flags.Keep),
            LogLevel = reader.LogLevel(flags.LogLevel),
        };
    }

    private string Data(SettingReader reader) => reader.Folder(flags.Data, "DATA_DIR", "data");

    private string Models(SettingReader reader, string data) =>
        reader.Folder(flags.Models, "MODELS_DIR", Path.Combine(data, "models"));

    private static string QueueDatabase(SettingReader reader, string data) =>
        reader.DatabaseFile("QUEUE_DB_PATH") ?? Path.Combine(data, DefaultDatabaseName);

    private int Workers(SettingReader reader) => reader.Integer(flags.Workers, "WORKERS", 4, 1, 1024);
}
