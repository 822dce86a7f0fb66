using System.CommandLine;
using System.Globalization;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Work;

/// <summary>`limits`: how much a service is called, and when, changed while it is called.</summary>
internal sealed class LimitsCommand
{
    private readonly Argument<string> service = new("SERVICE") { Description = "The service; 'stashai services' lists them." };
    private readonly Option<int?> parallel =
        new("--max-parallel") { HelpName = "N", Description = "The most calls at once to each address, over all processes." };
    private readonly Option<double?> rate = new("--rate") { HelpName = "N", Description = "The most calls a second to each address." };
    private readonly Option<double?> burst =
        new("--burst") { HelpName = "N", Description = "How many calls may be made at once after a rest." };
    private readonly Option<string?> hours = new("--hours")
    {
        HelpName = "HOURS",
        Description = "Call it then only: \"22:00-07:00 Europe/Berlin\", \"Mon-Fri 18:00-24:00\"; without a zone, UTC.",
    };
    private readonly Option<bool> reset = new("--reset") { Description = "Take the declaration's values again, except for those given." };

    public static Command Create(RemoteGroup group)
    {
        var limits = new LimitsCommand();
        return group.Create(
            "limits", "Show or change how much a service is called, and when.", limits.RunAsync,
            [limits.service, limits.parallel, limits.rate, limits.burst, limits.hours, limits.reset],
            "stashai limits visage --max-parallel 2 --hours 22:00-07:00", "stashai limits visage --reset");
    }

    private async Task<int> RunAsync(RemoteCall call, CancellationToken cancellationToken)
    {
        var name = call.Value(service)!;
        var change = new ServiceChange
        {
            MaxParallel = call.Value(parallel),
            Rate = call.Value(rate),
            Burst = call.Value(burst),
            AllowedHours = call.Value(hours),
            Reset = call.Value(reset) ? ServiceLimit.All : ServiceLimit.None,
        };
        var now = change == new ServiceChange()
            ? await call.Client.ServiceAsync(name, cancellationToken)
            : await call.Client.ChangeServiceAsync(name, change, cancellationToken);
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, now);
            return ExitCodes.Success;
        }

        var lines = new Details(call.Output);
        await lines.AddAsync("service", $"{now.Name}, {ServicesCommand.StateOf(now)}");
        await lines.AddAsync("at once", Text(now.Limits?.MaxRunning, now.Set?.MaxParallel is not null));
        await lines.AddAsync("a second", Text(now.Limits?.RatePerSecond, now.Set?.Rate is not null));
        if (now.Limits?.RateBurst is { } most) await lines.AddAsync("burst", Text(most, now.Set?.Burst is not null));
        await lines.AddAsync("hours", HoursOf(now));
        return ExitCodes.Success;
    }

    private static string HoursOf(Service service)
    {
        if (service.AllowedHours is not { } hours) return "always";
        var (word, time) = hours.Open ? ("open, closes", hours.ClosesAt) : ("closed, opens", hours.OpensAt);
        var state = time is null ? hours.Open ? "open" : "closed" : $"{word} {Words.At(time)}";
        return $"{hours.Hours} ({state}){(service.Set?.AllowedHours is null ? "" : ", set here")}";
    }

    private static string Text(double? number, bool isSet) =>
        $"{number?.ToString("0.######", CultureInfo.InvariantCulture) ?? "no limit"}{(isSet ? ", set here" : "")}";
}
