using System.CommandLine;
using System.Text.Json.Nodes;
using StashAI.Client.Errors;
using StashAI.Client.Models;
using StashAI.Hosting.Files;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Cli.Work;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;
using StashAI.Server.Options;

namespace StashAI.Server.Cli.Account;

/// <summary>`doctor`: looks at settings, server, key, services, clock and disk, and says what to do.</summary>
internal sealed class DoctorCommand
{
    private const long LittleSpace = 1_000_000_000;

    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(30);

    private readonly RemoteCall call;
    private bool isWrong;

    private DoctorCommand(RemoteCall call) => this.call = call;

    public static Command Create(RemoteGroup group) => group.Create(
        "doctor", "Check settings, server, key, services, clock and disk, and say what to do.",
        (call, cancellationToken) => new DoctorCommand(call).RunAsync(cancellationToken), [],
        "stashai doctor", "stashai doctor --server https://stash.example.org");

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await CheckSettingsAsync();
        await CheckFilesAsync();
        try
        {
            await CheckHealthAsync(await call.Client.HealthAsync(cancellationToken));
            await CheckServicesAsync(await call.Client.ServicesAsync(cancellationToken));
        }
        catch (StashUnreachableException exception)
        {
            await SayAsync(Level.Error, "server", $"{exception.Message} Start it with 'stashai serve', or name another with --server.");
        }
        catch (StashNotAllowedException exception)
        {
            await SayAsync(Level.Error, "key", $"{exception.Message} 'stashai login' keeps a key.");
        }
        catch (StashException exception)
        {
            await SayAsync(Level.Error, "server", exception.Message);
        }

        return isWrong ? ExitCodes.Failure : ExitCodes.Success;
    }

    private async Task CheckSettingsAsync()
    {
        var reader = new SettingsReader(call.Surroundings.Environment, _ => null);
        SettingsCatalog.Check(reader);
        foreach (var problem in reader.Problems) await SayAsync(Level.Error, "settings", problem);
        if (reader.Problems.Count == 0) await SayAsync(Level.Ok, "settings", "The variables of this shell are valid.");
    }

    private async Task CheckFilesAsync()
    {
        foreach (var warning in PrivateFiles.Warnings(call.ProfilePath)) await SayAsync(Level.Warning, "profile", warning);
        var folder =
            Path.GetFullPath(call.Surroundings.Environment(ServerSettings.DataDirectory.Name) is { Length: > 0 } given ? given : "data");
        if (!call.Server.IsLoopback || !Directory.Exists(folder)) return;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = FormattableString.Invariant($"{free / 1_000_000_000d:0.0} GB are free for {folder}.");
        if (free < LittleSpace) await SayAsync(Level.Warning, "disk", $"{text} Free some: a full disk stops the queue.");
        else await SayAsync(Level.Ok, "disk", text);
    }

    private async Task CheckHealthAsync(ServerHealth health)
    {
        var level = health.Status switch
        {
            "healthy" => Level.Ok,
            "degraded" => Level.Warning,
            _ => Level.Error,
        };
        await SayAsync(level, "server", $"{call.Server} is {health.Status}, version {health.Version}.");
        if (health.Database != "connected")
            await SayAsync(Level.Error, "database", "The server has no connection to its database; its log says why.");
        else if (health.DatabaseWarning is { } warning) await SayAsync(Level.Warning, "database", warning);
        else await SayAsync(Level.Ok, "database", "The database answers.");
        foreach (var check in health.Checks.Where(check => check.Status != "healthy"))
            await SayAsync(check.Status == "degraded" ? Level.Warning : Level.Error, check.Name, check.Detail ?? $"is {check.Status}.");
        if (health.Timestamp is not { } time) return;
        var skew = (call.Surroundings.Clock.GetUtcNow() - time).Duration();
        if (skew <= MaxClockSkew) await SayAsync(Level.Ok, "clock", "The clocks agree.");
        else await SayAsync(Level.Warning, "clock", $"This machine and the server differ by {Words.Span(skew)}; set the clocks by NTP.");
    }

    private async Task CheckServicesAsync(IReadOnlyList<Service> services)
    {
        await SayAsync(Level.Ok, "key", call.Key is null ? "The server lets this machine in without a key." : "The key is accepted.");
        foreach (var service in services)
        {
            var waiting = service.Lanes.Select(lane => lane.Waiting).FirstOrDefault(one => one is not null);
            var resume = $"'stashai resume --service {service.Name}'";
            var (level, text) = (waiting, service.Paused) switch
            {
                ({ } reason, _) => (Level.Warning, $"Tasks wait for {reason.Address}: {reason.ErrorMessage} {resume} calls it at once."),
                (_, true) => (Level.Warning, $"The service is paused; {resume} lets it go on."),
                _ => (Level.Ok, $"The service is {ServicesCommand.StateOf(service)}."),
            };
            await SayAsync(level, service.Name, text);
        }
    }

    private Task SayAsync(Level level, string what, string text)
    {
        isWrong |= level == Level.Error;
        return call.Json is { } json
            ? json.WriteAsync(call.Output, new JsonObject { ["level"] = Words.Of(level), ["check"] = what, ["detail"] = text })
            : call.Output.WriteLineAsync($"{Words.Of(level),-8} {what,-12} {text}");
    }

    private enum Level
    {
        Ok,
        Warning,
        Error,
    }
}
