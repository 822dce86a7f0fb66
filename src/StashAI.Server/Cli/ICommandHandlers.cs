using StashAI.Server.Exits;
using StashAI.Server.Options;

namespace StashAI.Server.Cli;

/// <summary>
/// Runs the commands. Each runs until its work is done or a signal cancels <c>cancellationToken</c>, and returns the exit code. A
/// <see cref="StartException"/> becomes one sentence and exit code 1.
/// </summary>
internal interface ICommandHandlers
{
    Task<int> ServeAsync(ServeOptions options, CancellationToken cancellationToken);

    Task<int> RunWorkerAsync(WorkerOptions options, CancellationToken cancellationToken);

    Task<int> RunVisageAsync(VisageCommandOptions options, CancellationToken cancellationToken);

    Task<int> FetchModelsAsync(FetchModelsOptions options, CancellationToken cancellationToken);

    Task<int> MigrateAsync(MigrateOptions options, CancellationToken cancellationToken);

    Task<int> CreateKeyAsync(CreateKeyOptions options, CancellationToken cancellationToken);

    Task<int> ListKeysAsync(ListKeysOptions options, CancellationToken cancellationToken);

    Task<int> RevokeKeyAsync(RevokeKeyOptions options, CancellationToken cancellationToken);

    Task<int> AskHealthAsync(HealthOptions options, CancellationToken cancellationToken);

    Task<int> RunDemoAsync(DemoOptions options, CancellationToken cancellationToken);
}
