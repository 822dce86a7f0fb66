using System.Runtime.CompilerServices;
using System.Text;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies.Circuits;

namespace StashAI.Queue.Tests.Model;

/// <summary>docs/state-machine.md shows the tables as the program has them.</summary>
public sealed class StateMachineDocumentTests
{
    [Fact]
    public async Task The_page_shows_the_circuits_table() => Assert.Contains(
        Drawing(
            ["[*] --> Closed"],
            CircuitPolicy.Transitions.Select(row => ($"{row.From}", $"{row.Event}", $"{row.To}", $"{row.Effect}"))),
        await PageAsync(), StringComparison.Ordinal);

    [Fact]
    public async Task The_page_shows_the_tasks_table() => Assert.Contains(
        Drawing(
            ["[*] --> Available: submit", "[*] --> Scheduled: submit, to start later"],
            TaskStateMachine.Transitions.Select(row => ($"{row.From}", $"{row.Event}", $"{row.To}", $"{row.Effect}"))),
        await PageAsync(), StringComparison.Ordinal);

    [Fact]
    public async Task The_page_shows_the_jobs_table_and_every_way_between_its_states()
    {
        var text = new StringBuilder("| state | when |\n|---|---|\n");
        foreach (var rule in JobStateMachine.Rules) text.Append($"| {rule.State} | {rule.When} |\n");
        text.Append("\n```mermaid\nstateDiagram-v2\n    [*] --> Pending\n");
        foreach (var (from, to) in JobWays()) text.Append($"    {from} --> {to}\n");
        text.Append("```\n");

        Assert.Contains(text.ToString(), await PageAsync(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Every change of a job's state that some task's transition can make, found by trying them all on jobs of up to three tasks.
    /// </summary>
    private static List<(JobState From, JobState To)> JobWays()
    {
        var ways = new SortedSet<(JobState, JobState)>();
        for (var total = 1; total <= 3; total++)
        {
            var start = (Counts: $"{total}00000", Started: false);
            var seen = new HashSet<(string, bool)> { start };
            var open = new Queue<(string Counts, bool Started)>(seen);
            while (open.TryDequeue(out var job))
            {
                foreach (var row in TaskStateMachine.Transitions.Where(row => job.Counts[(int)row.From] > '0'))
                {
                    var counts = job.Counts.ToCharArray();
                    counts[(int)row.From]--;
                    counts[(int)row.To]++;
                    var next = (new string(counts), job.Started || row.Event == TaskEvent.Claim);
                    var (before, after) = (State(job.Counts, job.Started), State(next.Item1, next.Item2));
                    if (before != after) ways.Add((before, after));
                    if (seen.Add(next)) open.Enqueue(next);
                }
            }
        }

        return [.. ways];
    }

    private static JobState State(string counts, bool started)
    {
        var n = counts.Select(digit => digit - '0').ToArray();
        return JobStateMachine.From(new JobCounters(n.Sum(), n[0], n[1], n[2], n[3], n[4], n[5]), started);
    }

    private static string Drawing(string[] starts, IEnumerable<(string From, string Event, string To, string Effect)> rows)
    {
        var table = rows.ToList();
        var text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        foreach (var start in starts) text.Append($"    {start}\n");
        foreach (var row in table) text.Append($"    {row.From} --> {row.To}: {row.Event}\n");
        text.Append("```\n\n| from | event | to | effect |\n|---|---|---|---|\n");
        foreach (var row in table) text.Append($"| {row.From} | {row.Event} | {row.To} | {row.Effect} |\n");
        return text.ToString();
    }

    private static Task<string> PageAsync([CallerFilePath] string path = "") =>
        File.ReadAllTextAsync(
            Path.Combine(Path.GetDirectoryName(path)!, "../../../docs/state-machine.md"), TestContext.Current.CancellationToken);
}
