using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`services`: what a running server can call, and how that is.</summary>
internal static class ServicesCommand
{
    public static Command Create(RemoteGroup group) => group.Create(
        "services", "List the services of a running server, with their operations and how they are.", ListAsync, [],
        "stashai services", "stashai services --json=name,paused,lanes");

    private static async Task<int> ListAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var services = await call.Client.ServicesAsync(cancellationToken);
        var table = new TextTable("SERVICE", "STATE", "RUNNING", "LIMIT", "OPERATIONS");
        foreach (var service in services)
        {
            if (call.Json is { } json)
            {
                await json.WriteAsync(call.Output, service);
                continue;
            }

            table.Add(
                service.Name, StateOf(service), service.Running.ToString(CultureInfo.InvariantCulture),
                service.Limits?.MaxRunning?.ToString(CultureInfo.InvariantCulture) ?? "-",
                string.Join(", ", (service.Operations ?? []).Select(operation => operation.Name)));
        }

        if (call.Json is null) await table.WriteAsync(call.Output);
        return ExitCodes.Success;
    }

    /// <summary>One word for how a service is.</summary>
    public static string StateOf(Service service) => service switch
    {
        { Paused: true } => "paused",
        { Configured: false } => "no address",
        { AllowedHours.Open: false } => "closed",
        _ when service.Lanes.Any(lane => lane.Circuit == "open") => "down",
        _ when service.Lanes.Any(lane => lane.Waiting is not null) => "waiting",
        { Called: false } => "not called yet",
        _ => "ready",
    };
}
