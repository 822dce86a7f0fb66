using System.Text;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Hosting.Terminal;
using StashAI.Sdk;

namespace StashAI.Server.Cli.Services;

/// <summary>Shows a trial call to people.</summary>
internal static class TrialText
{
    public static async Task WriteAsync(TrialReport report, TextWriter output)
    {
        foreach (var exchange in report.Exchanges)
        {
            await output.WriteLineAsync($"> {exchange.Method} {exchange.Url}");
            foreach (var (name, value) in exchange.Headers) await output.WriteLineAsync($"> {name}: {value}");
            if (exchange.Body is { } body) await output.WriteLineAsync($"> {body}");
            if (exchange.Status is not { } status) continue;
            await output.WriteLineAsync($"< {status} {exchange.Reason}");
            await output.WriteLineAsync($"< {exchange.Answer.Replace("\n", "\n< ", StringComparison.Ordinal)}");
        }

        await output.WriteLineAsync(report.Outcome is { } outcome
            ? report.Mask.Hide(Outcome(outcome, report.Time))
            : $"= no answer within {report.Timeout.TotalSeconds:0.#} s");
    }

    private static string Outcome(TaskOutcome outcome, TimeSpan time) => outcome switch
    {
        TaskOutcome.Completed done => $"= result after {time.TotalMilliseconds:0} ms: "
            + $"{Encoding.UTF8.GetString(done.Output.Span[..Math.Min(done.Output.Length, TrialCall.DefaultShown)])}",
        TaskOutcome.Throttled throttled => $"= the service asks to wait: {EscapedText.Line(throttled.Message)}",
        TaskOutcome.Retry retry => $"= would be tried again: {EscapedText.Line(retry.Message)}",
        TaskOutcome.Failed failed => $"= failed: {EscapedText.Line(failed.Message)}",
        _ => "= no outcome",
    };
}
