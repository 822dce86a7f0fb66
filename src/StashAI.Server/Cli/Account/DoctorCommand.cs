using System.CommandLine;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Hosting.Files;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;
using StashAI.Server.Options;

namespace StashAI.Server.Cli.Account;

/// <summary>
/// `doctor`: looks at settings, files, disk, models, server, key, database, backups, services and clock, and says what to do.
/// </summary>
internal sealed class DoctorCommand
{
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(7);

    private readonly RemoteCall call;
    private bool isWrong;

    private DoctorCommand(RemoteCall call) => this.call = call;

    public static Command Create(RemoteGroup group) => group.Create(
        "doctor", "Check settings, files, disk, models, server, key, database, backups, services and clock, and say what to do.",
        (call, cancellationToken) => new DoctorCommand(call).RunAsync(cancellationToken), [],
        "stashai doctor", "stashai doctor --server https://stash.example.org");

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await CheckSettingsAsync();
        await CheckFilesAsync(cancellationToken);
        try
        {
            await CheckHealthAsync(await call.Client.HealthAsync(cancellationToken));
            await CheckKeyAsync(cancellationToken);
            await CheckBackupAsync(cancellationToken);
            await CheckServicesAsync(await call.Client.ServicesAsync(cancellationToken), cancellationToken);
        }
        catch (StashUnreachableException exception)
        {
            await SayAsync(
                FindingLevel.Error, "server", $"{exception.Message} Start it with 'stashai serve', or name another with --server.");
        }
        catch (StashNotAllowedException exception)
        {
            await SayAsync(FindingLevel.Error, "key", $"{exception.Message} 'stashai login' keeps a key.");
        }
        catch (StashException exception)
        {
            await SayAsync(FindingLevel.Error, "server", exception.Message);
        }

        return isWrong ? ExitCodes.Failure : ExitCodes.Success;
    }

    private async Task CheckSettingsAsync()
    {
        var reader = new SettingsReader(call.Surroundings.Environment, _ => null);
        SettingsCatalog.Check(reader);
        foreach (var problem in reader.Problems) await SayAsync(FindingLevel.Error, "settings", problem);
        if (reader.Problems.Count == 0) await SayAsync(FindingLevel.Ok, "settings", "The variables of this shell are valid.");
    }

    private async Task CheckFilesAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in PrivateFiles.Warnings(call.ProfilePath)) await SayAsync(FindingLevel.Warning, "profile", warning);
        var folder =
            Path.GetFullPath(call.Surroundings.Environment(ServerSettings.DataDirectory.Name) is { Length: > 0 } given ? given : "data");
        if (!call.Server.IsLoopback || !Directory.Exists(folder)) return;
        await SayAsync(DataFolderChecks.Space(folder));
        await SayAsync(await DataFolderChecks.FlushAsync(folder, call.Surroundings.Clock, cancellationToken));
        foreach (var finding in DataFolderChecks.Permissions(folder)) await SayAsync(finding);
        var models = call.Surroundings.Environment(ServerSettings.ModelsDirectory.Name);
        await SayAsync(DataFolderChecks.Models(models is { Length: > 0 } ? Path.GetFullPath(models) : Path.Combine(folder, "models")));
    }

    private async Task CheckHealthAsync(ServerHealth health)
    {
        var level = health.Status switch
        {
            "healthy" => FindingLevel.Ok,
            "degraded" => FindingLevel.Warning,
            _ => FindingLevel.Error,
        };
        await SayAsync(level, "server", $"{call.Server} is {health.Status}, version {health.Version}.");
        if (health.Database != "connected")
            await SayAsync(FindingLevel.Error, "database", "The server has no connection to its database; its log says why.");
        else if (health.DatabaseWarning is { } warning) await SayAsync(FindingLevel.Warning, "database", warning);
        else await SayAsync(FindingLevel.Ok, "database", "The database answers.");
        foreach (var check in health.Checks.Where(check => check.Status != "healthy"))
        {
            await SayAsync(
                check.Status == "degraded" ? FindingLevel.Warning : FindingLevel.Error, check.Name, check.Detail ?? $"is {check.Status}.");
        }

        if (health.Timestamp is not { } time) return;
        var skew = (call.Surroundings.Clock.GetUtcNow() - time).Duration();
        if (skew <= MaxClockSkew)
        {
            await SayAsync(FindingLevel.Ok, "clock", "The clocks agree.");
        }
        else
        {
            await SayAsync(
                FindingLevel.Warning, "clock", $"This machine and the server differ by {Words.Span(skew)}; set the clocks by NTP.");
        }
    }

    /// <summary>A server without <c>/api/me</c> is asked for its services next, which also needs the key.</summary>
    private async Task CheckKeyAsync(CancellationToken cancellationToken)
    {
        try
        {
            var me = await call.Client.MeAsync(cancellationToken);
            var left = me.ExpiresAt - call.Surroundings.Clock.GetUtcNow();
            if (left < ExpiresSoon)
                await SayAsync(FindingLevel.Warning, "key", $"The key {me.Name} expires in {Words.Span(left.Value)}: ask for another.");
            else await SayAsync(FindingLevel.Ok, "key", $"The server lets you in: {MeCommand.Describe(me)}.");
        }
        catch (StashOutdatedServerException exception)
        {
            await SayAsync(FindingLevel.Warning, "version", exception.Message);
        }
    }

    /// <summary>A server of an older version, or one without a queue, has nothing to say of backups.</summary>
    private async Task CheckBackupAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (BackupFinding.Of(await call.Client.ServerAsync(cancellationToken), call.Surroundings.Clock) is { } finding)
                await SayAsync(finding);
        }
        catch (StashOutdatedServerException)
        {
            // What it lacks was said for the key already.
        }
    }

    /// <summary>What listens can be seen from the machine of the server only.</summary>
    private async Task CheckServicesAsync(IReadOnlyList<Service> services, CancellationToken cancellationToken)
    {
        var listens = call.Server.IsLoopback
            ? await ServiceProbe.RunAsync(services, call.Surroundings.Clock, cancellationToken)
            : new Dictionary<string, bool>();
        foreach (var service in services)
            await SayAsync(ServiceFinding.Of(service, listens.TryGetValue(service.Name, out var does) ? does : null));
    }

    private Task SayAsync(Finding finding) => SayAsync(finding.Level, finding.Check, finding.Detail);

    private Task SayAsync(FindingLevel level, string what, string text)
    {
        isWrong |= level == FindingLevel.Error;
        return call.Json is { } json
            ? json.WriteAsync(call.Output, new JsonObject { ["level"] = Words.Of(level), ["check"] = what, ["detail"] = text })
            : call.Output.WriteLineAsync($"{Words.Of(level),-8} {what,-12} {text}");
    }

}
