using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`costs`: what calls cost.</summary>
internal static class CostsCommand
{
    public static Command Create(RemoteGroup group)
    {
        var from = new Option<DateOnly?>("--from") { HelpName = "DAY", Description = "The first day, such as 2030-01-31." };
        var to = new Option<DateOnly?>("--to") { HelpName = "DAY", Description = "The last day; today unless given." };
        var key = new Option<string?>("--submitted-by") { HelpName = "NAME", Description = "Only what this key has submitted." };
        var service = new Option<string?>("--service") { HelpName = "NAME", Description = "Only this service." };
        return group.Create(
            "costs", "List what calls cost, by day, key and service.",
            async (call, cancellationToken) =>
            {
                var costs = await call.Client.CostsAsync(
                    call.Value(from), call.Value(to), call.Value(key), call.Value(service), cancellationToken);
                if (call.Json is { } json)
                {
                    foreach (var one in costs.GetProperty("data").EnumerateArray()) await json.WriteAsync(call.Output, one);
                    return ExitCodes.Success;
                }

                var table = new TextTable("DAY", "KEY", "SERVICE", "TASKS", "COST");
                foreach (var one in costs.GetProperty("data").EnumerateArray())
                {
                    table.Add(
                        Text(one, "day"), Text(one, "key"), Text(one, "service"), Text(one, "tasks"), Text(one, "cost"));
                }

                await table.WriteAsync(call.Output);
                await call.Output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Text(costs, "cost")} for {Text(costs, "tasks")} tasks from {Text(costs, "from")} to {Text(costs, "to")}"));
                return ExitCodes.Success;
            },
            [from, to, key, service],
            "stashai costs --from 2030-01-01 --service chat --json=day,key,cost", "stashai costs --submitted-by nightly");
    }

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value
        ? value.ToString() : "-";
}
