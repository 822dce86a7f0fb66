using System.CommandLine;
using StashAI.Client.Models;
using StashAI.Server.Cli.Remote;

namespace StashAI.Server.Cli.Work;

/// <summary>The flags that say which jobs are meant, the same for lists and for commands that act on many jobs.</summary>
internal sealed class JobFilterFlags
{
    private readonly Option<string?> state = Text(
        "--state", "STATE,...", "Only jobs in these states: pending, running, completed, partial, failed, cancelled.");
    private readonly Option<string?> operation = Text("--operation", "NAME", "Only jobs of this operation.");
    private readonly Option<string?> name = Text("--name", "TEXT", "Only jobs whose name contains this.");
    private readonly Option<string?> tag = Text("--tag", "TAG", "Only jobs with this tag.");
    private readonly Option<string?> owner = Text("--owner", "NAME", "Only jobs that were submitted with the API key of this name.");
    private readonly Option<string?> error = Text(
        "--error", "TEXT", "Only jobs with failed items of this kind, fingerprint, or part of a message.");
    private readonly Option<string?> since = Text("--since", "TIME", "Only jobs submitted after then: 2h, 22:00, 2030-01-31.");
    private readonly Option<string?> until = Text("--until", "TIME", "Only jobs submitted before then.");
    private readonly Option<bool> paused = new("--paused") { Description = "Only paused jobs." };

    /// <param name="service">What <c>--service</c> means; null for the usual.</param>
    public JobFilterFlags(string? service = null) => Service = Text("--service", "NAME", service ?? "Only jobs of this service.");

    public Option<string?> Service { get; }

    public IReadOnlyList<Symbol> All => [state, Service, operation, name, tag, owner, error, since, until, paused];

    /// <summary>The filter of a command line; null when none of the flags was given.</summary>
    public JobFilter? Read(RemoteCall call)
    {
        var clock = call.Surroundings.Clock;
        var filter = new JobFilter
        {
            States = Words.States<JobState>(call.Value(state), state.Name),
            Paused = call.Value(paused) ? true : null,
            Service = call.Value(Service),
            Operation = call.Value(operation),
            Name = call.Value(name),
            Tag = call.Value(tag),
            Owner = call.Value(owner),
            Error = call.Value(error),
            CreatedAfter = Words.Time(call.Value(since), since.Name, -1, clock),
            CreatedBefore = Words.Time(call.Value(until), until.Name, -1, clock),
        };
        return filter == new JobFilter { States = filter.States } && filter.States.Count == 0 ? null : filter;
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
