using Spectre.Console;
using StashAI.Hosting.Settings;
using StashAI.Server.Demo;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;
using StashAI.Server.Options;
using StashAI.Server.Processes;
using StashAI.Storage.Postgres.Database;
using StashAI.Visage;
using StashAI.Visage.Models;
using StashAI.Visage.Settings;

namespace StashAI.Server.Cli;

/// <summary>Connects the commands to the parts of the product that run them.</summary>
/// <param name="terminal">Standard output itself, for parts that draw on the terminal.</param>
internal sealed class CommandHandlers(TextWriter terminal) : ICommandHandlers
{
    /// <summary>The most connections of a face service to the gallery's database.</summary>
    private const int MaxGalleryConnections = 8;

    public Task<int> ServeAsync(ServeOptions options, CancellationToken cancellationToken) =>
        ServerHost.RunAsync(options, cancellationToken);

    public Task<int> RunWorkerAsync(WorkerOptions options, CancellationToken cancellationToken) =>
        ServerHost.RunWorkerAsync(options, cancellationToken);

    public Task<int> RunVisageAsync(VisageCommandOptions options, CancellationToken cancellationToken)
    {
        var settings = SettingsReader.Bind(new SettingsReader(Environment.GetEnvironmentVariable), VisageServiceSettings.Read);
        return VisageApp.RunAsync(
            settings with
            {
                Urls = string.Join(';', options.Urls),
                Database = options.Database is { } server ? DatabaseOf(server) : null,
                DataDirectory = Path.Combine(options.DataDirectory, "visage"),
                ModelsDirectory = options.ModelsDirectory,
            },
            cancellationToken,
            builder =>
            {
                builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
                builder.Logging.SetMinimumLevel(options.LogLevel);
            });
    }

    private static GalleryDatabase DatabaseOf(DatabaseServer server)
    {
        var access = PostgresAccess.Prepare(server.Url, "stashai-visage", MaxGalleryConnections);
        return new(access.Name, access.Source, access.Settings);
    }

    public async Task<int> FetchModelsAsync(FetchModelsOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await ModelStore.EnsureForAllAsync(options.ModelsDirectory, new ConsoleProgress(), cancellationToken);
        }
        catch (ModelsUnavailableException exception)
        {
            throw new StartException(exception.Message);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartException(
                $"The face models are in {options.ModelsDirectory}, but not every user may read them: {exception.Message}");
        }

        Console.WriteLine($"The face models are in {options.ModelsDirectory}.");
        return ExitCodes.Success;
    }

    public Task<int> MigrateAsync(MigrateOptions options, CancellationToken cancellationToken) =>
        ServerHost.MigrateAsync(options, cancellationToken);

    public Task<int> CreateKeyAsync(CreateKeyOptions options, CancellationToken cancellationToken) =>
        KeyCommands.CreateAsync(options, cancellationToken);

    public Task<int> ListKeysAsync(ListKeysOptions options, CancellationToken cancellationToken) =>
        KeyCommands.ListAsync(options, cancellationToken);

    public Task<int> RevokeKeyAsync(RevokeKeyOptions options, CancellationToken cancellationToken) =>
        KeyCommands.RevokeAsync(options, cancellationToken);

    public Task<int> AskHealthAsync(HealthOptions options, CancellationToken cancellationToken) =>
        HealthCommand.RunAsync(options, Console.Out, cancellationToken);

    public Task<int> RunDemoAsync(DemoOptions options, CancellationToken cancellationToken) =>
        new DemoCommand(
            new DemoTerminal(AnsiConsole.Create(new TerminalOutput(terminal).Settings)),
            OwnProgram.Current(),
            TimeProvider.System)
            .RunAsync(options, cancellationToken);

    private sealed class ConsoleProgress : IProgress<string>
    {
        public void Report(string value) => Console.WriteLine(value);
    }
}
