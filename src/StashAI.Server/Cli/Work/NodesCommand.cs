using System.CommandLine;
using System.Globalization;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`nodes`: the processes of the server.</summary>
internal static class NodesCommand
{
    public static Command Create(RemoteGroup group) => group.Create(
        "nodes", "List the processes of the server that are alive.",
        async (call, cancellationToken) =>
        {
            var table = new TextTable("NODE", "ROLE", "HOST", "PROCESS", "VERSION", "LABELS", "RUNNING", "STARTED", "LEASE");
            await foreach (var node in call.Client.NodesAsync(cancellationToken))
            {
                if (call.Json is { } json)
                {
                    await json.WriteAsync(call.Output, node);
                    continue;
                }

                var clock = call.Surroundings.Clock;
                table.Add(
                    Text(node.Id), node.Role ?? "-", node.Host, Text(node.ProcessId), node.Version ?? "-",
                    node.Labels.Count == 0 ? "-" : string.Join(",", node.Labels), Text(node.Running), Words.Ago(node.StartedAt, clock),
                    $"{Words.Span(node.LeaseUntil - clock.GetUtcNow())} left");
            }

            if (call.Json is null) await table.WriteAsync(call.Output);
            return ExitCodes.Success;
        },
        [],
        "stashai nodes", "stashai nodes --json=host,role,version,running");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
