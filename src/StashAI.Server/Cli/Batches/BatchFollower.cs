using System.Text.Json.Nodes;
using StashAI.Client.Errors;

namespace StashAI.Server.Cli.Batches;

/// <summary>Follows one batch: its state, and its results as they come.</summary>
internal sealed class BatchFollower(BatchServer server, string batch, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A stream is silent while requests run; after so long it is opened again, in case the connection is dead.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(10);

    private string Path => $"v1/batches/{batch}";

    /// <summary>True when nothing of the batch changes any more.</summary>
    public static bool IsOver(JsonObject state) =>
        (string?)state["status"] is "completed" or "failed" or "expired" or "cancelled";

    /// <summary>Reads the state, a few times a second, until the condition holds.</summary>
    public async Task<JsonObject> WaitAsync(
        Func<JsonObject, bool> condition, Action<JsonObject> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await server.ReadAsync(Path, cancellationToken);
            show(state);
            if (condition(state)) return state;
            await Task.Delay(Interval, clock, cancellationToken);
        }
    }

    /// <summary>
    /// Adds each result as it ends, to the end of the batch. A connection that breaks begins anew; what came before is known.
    /// </summary>
    /// <param name="kind"><c>output</c> or <c>errors</c>.</param>
    /// <param name="results">Takes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(string kind, ResultLines results, CancellationToken cancellationToken)
    {
        while (!await ReadToEndAsync(kind, results, cancellationToken)) await Task.Delay(Pause, clock, cancellationToken);
    }

    private async Task<bool> ReadToEndAsync(string kind, ResultLines results, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(MaxSilence, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            using var response = await server.OpenAsync($"{Path}/{kind}?follow=1", stop.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(stop.Token);
            var lines = new LineReader(stream);
            while (await lines.ReadAsync(stop.Token) is { } line && lines.IsWhole)
            {
                await results.AddAsync(line, cancellationToken);
                if (lines.HasNext) continue;
                await results.FlushAsync(cancellationToken);
                silence.CancelAfter(MaxSilence);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException
            || (exception is StashException refusal && BatchServer.MayPass(refusal)))
        {
            return false; // The server starts again, or the way to it broke.
        }

        // A server that stops ends its streams before the batch is over.
        return IsOver(await server.ReadAsync(Path, cancellationToken));
    }
}
