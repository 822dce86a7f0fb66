using StashAI.Server.Cli;
using StashAI.Server.Options;

namespace StashAI.Server.Tests.Cli;

/// <summary>Keeps the options that a command line became.</summary>
internal sealed class RecordedHandlers : ICommandHandlers
{
    public object? Options { get; private set; }

    public Exception? Throws { get; init; }

    public Task<int> ServeAsync(ServeOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> RunWorkerAsync(WorkerOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> RunVisageAsync(VisageCommandOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> FetchModelsAsync(FetchModelsOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> MigrateAsync(MigrateOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> CreateKeyAsync(CreateKeyOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> ListKeysAsync(ListKeysOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> RevokeKeyAsync(RevokeKeyOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> AskHealthAsync(HealthOptions options, CancellationToken cancellationToken) => Keep(options);

    public Task<int> RunDemoAsync(DemoOptions options, CancellationToken cancellationToken) => Keep(options);

    private Task<int> Keep(object options)
    {
        Options = options;
        return Throws is null ? Task.FromResult(0) : Task.FromException<int>(Throws);
    }
}
