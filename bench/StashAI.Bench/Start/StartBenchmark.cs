using System.Diagnostics;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;

namespace StashAI.Bench.Start;

/// <summary>
/// From the start of the process to its ready line, and what it holds in memory when nothing goes on, without the face models (T10).
/// </summary>
internal static class StartBenchmark
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string? program, int runs, CancellationToken cancellationToken)
    {
        using var folder = new TempFolder();
        Console.WriteLine($"{program ?? "the program as built"}: the first start makes the database");
        Console.WriteLine("  ready after   in memory after 15 s");
        var (starts, memories) = (new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var process = await StashAIProcess.StartAsync(
                new StashAIProcessOptions
                {
                    Program = program is null ? null : [program],
                    Arguments =
                        ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.File("data"), "--visage-url", "http://127.0.0.1:9"],
                    Folder = folder.Path,
                },
                cancellationToken);
            var ready = Stopwatch.GetElapsedTime(start);
            await Task.Delay(Idle, cancellationToken);
            var memory = process.ReadMemory().ResidentBytes >> 20;
            starts.Add(ready.TotalMilliseconds);
            memories.Add(memory);
            Console.WriteLine($"  {ready.TotalMilliseconds,8:N0} ms {memory,20} MB");
        }

        Console.WriteLine(
            $"  median {new Quantiles(starts).Median:N0} ms (target 1,500) and {new Quantiles(memories).Median:N0} MB (target 120)");
        return 0;
    }
}
