using System.CommandLine;
using StashAI.Hosting.Settings;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Guide;

/// <summary>`help TOPIC`: the five ideas.</summary>
internal static class HelpTopics
{
    private static readonly Dictionary<string, string> Topics = new()
    {
        ["job"] = """
            A job is a batch of items that one service works through. 'stashai submit' makes it; it survives crashes and power cuts.

            States: pending, scheduled (starts later), running, completed (every item has a result), partial (some have), failed (none has),
            cancelled. A pause is no state: a paused job keeps its state, and starts no further items.

              stashai submit visage.identify photos/ --name Summer --wait
              stashai jobs --state running
              stashai failures JOB                     (why items failed)
              stashai retry JOB --failed               (the same job again, what failed)
              stashai rerun JOB --config threshold=0.6 (a new job of the same items)

            An id may be shortened while it is clear: 0199f0a2.
            """,
        ["task"] = """
            A task is one item of a job and the call to the service that it becomes. The server tries it again when the service is busy, away or
            answers with an error that may pass; after the last attempt it is failed. Every attempt is kept.

            States: waiting, scheduled (waits for its start or its next attempt), running, completed, failed, cancelled.

              stashai tasks JOB --state failed
              stashai tasks JOB --text summer
              stashai task JOB/3
            """,
        ["service"] = """
            A service is an AI program that takes one item per HTTP call: face recognition, transcription, translation, chat. It has operations,
            such as visage.identify, and limits that hold over all processes of the server.

              stashai services
              stashai service import "curl http://127.0.0.1:5000/translate -d q=hello"
              stashai limits translation --max-parallel 2 --hours "22:00-07:00 Europe/Berlin"
              stashai pause --service translation
            """,
        ["lane"] = """
            A lane is one address of a service. Limits, pauses and the circuit belong to it, so one dead address does not stop the others. When an
            address fails again and again its circuit opens: tasks wait, one at a time asks whether it is back, and then all go on.

              stashai services --json=name,lanes
              stashai resume --service translation     (asks at once)
            """,
        ["key"] = """
            A key says who may do what, once the server has keys: read looks; submit also makes jobs and changes its own; operate changes all jobs;
            admin may do everything. The server shows a key once.

              stashai keys create --name laptop --scope submit      (on the server's machine)
              stashai login --server https://stash.example.org      (here; asks for the key)

            --key and STASHAI_KEY go before the kept key, which goes to no other server than its own.
            """,
    };

    public static Command Create(RootCommand root)
    {
        var topic =
            new Argument<string?>("TOPIC") { Description = $"One of {string.Join(", ", Topics.Keys)}.", Arity = ArgumentArity.ZeroOrOne };
        topic.CompletionSources.Add([.. Topics.Keys]);
        var command = new Command("help", "Explain an idea: job, task, service, lane or key.") { topic };
        command.SetAction((parse, cancellationToken) => parse.GetValue(topic) switch
        {
            null => root.Parse("--help").InvokeAsync(parse.InvocationConfiguration, cancellationToken),
            var name => WriteAsync(name, parse.InvocationConfiguration.Output),
        });
        return command;
    }

    private static async Task<int> WriteAsync(string name, TextWriter output)
    {
        if (!Topics.TryGetValue(name, out var text))
        {
            var nearest = NearestName.Of(name, Topics.Keys) is { } near ? $" Did you mean '{near}'?" : "";
            throw new UsageException($"There is no topic '{name}'.{nearest} The topics are {string.Join(", ", Topics.Keys)}.");
        }

        await output.WriteLineAsync(text);
        return ExitCodes.Success;
    }
}
