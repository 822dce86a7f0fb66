using StashAI.Server.Cli.Options;

namespace StashAI.Server.Cli;

/// <summary>Joins the commands with the parts of the product that do them.</summary>
internal sealed class CommandHandlers : ICommandHandlers
{
    public Task<int> ServeAsync(ServeOptions options, CancellationToken cancellationToken) =>
        throw new StartException("the gateway is not part of this build.");

    public Task<int> RunWorkerAsync(WorkerOptions options, CancellationToken cancellationToken) =>
        throw new StartException("the workers are not part of this build.");

    public Task<int> RunVisageAsync(VisageCommandOptions options, CancellationToken cancellationToken) =>
        throw new StartException("the Visage service is not part of this build.");

    public Task<int> MigrateAsync(MigrateOptions options, CancellationToken cancellationToken) =>
        throw new StartException("the queue's database is not part of this build.");

    public Task<int> RunDemoAsync(DemoOptions options, CancellationToken cancellationToken) =>
        throw new StartException("the demo is not part of this build.");
}
