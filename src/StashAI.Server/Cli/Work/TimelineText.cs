using System.Globalization;
using System.Text.Json;
using StashAI.Server.Cli.Remote;

namespace StashAI.Server.Cli.Work;

/// <summary>Shows the timeline of a job to people.</summary>
internal static class TimelineText
{
    /// <summary>The widest bar, in characters.</summary>
    private const int Widest = 30;

    public static async Task WriteAsync(Details lines, JsonElement timeline)
    {
        foreach (var one in timeline.GetProperty("events").EnumerateArray())
        {
            await lines.AddAsync(
                one.GetProperty("event").GetString()!.Replace('_', ' '), Words.At(one.GetProperty("at").GetDateTimeOffset()));
        }

        var steps = timeline.GetProperty("steps").EnumerateArray().Select(step => (
            At: step.GetProperty("at").GetDateTimeOffset(), Completed: step.GetProperty("completed").GetInt32(),
            Failed: step.GetProperty("failed").GetInt32())).ToList();
        var most = steps.Select(step => step.Completed + step.Failed).DefaultIfEmpty(1).Max();
        foreach (var (at, completed, failed) in steps)
        {
            var bar = new string('#', Math.Max(1, (int)((long)(completed + failed) * Widest / most)));
            var counts = failed == 0
                ? completed.ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{completed}, {failed} failed");
            await lines.AddAsync("ended from", $"{Words.At(at)} {bar} {counts}");
        }
    }
}
