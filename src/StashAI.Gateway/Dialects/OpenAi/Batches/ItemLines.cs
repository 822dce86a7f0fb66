using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// Stores the bodies of lines as items of a declared service: they become the list of items of a request as this server's own routes read
/// it, so every rule of those routes holds. No more than a few lines are in memory.
/// </summary>
internal sealed class ItemLines : IAsyncDisposable
{
    private readonly Pipe pipe = new();
    private readonly ConcurrentQueue<string> ids = new();
    private readonly List<long> lines = [];
    private readonly JobForm form;
    private readonly CancellationTokenSource stop;
    private readonly Task<BodyEnvelope> reading;
    private bool isRead;

    /// <param name="form">The form of the job.</param>
    /// <param name="limits">The limits of bodies and items.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public ItemLines(JobForm form, IntakeLimits limits, CancellationToken cancellationToken)
    {
        this.form = form;
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        reading = ReadAsync(limits, stop.Token);
    }

    /// <summary>Adds the body of a line.</summary>
    public async Task AddAsync(CheckedLine line, long number, CancellationToken cancellationToken)
    {
        lines.Add(number);
        ids.Enqueue(line.Id);
        pipe.Writer.Write(lines.Count == 1 ? "{\"items\":["u8 : ","u8);
        pipe.Writer.Write(line.Body);
        // A reader that met an error has ended, and the rest is not looked at.
        await pipe.Writer.FlushAsync(cancellationToken);
    }

    /// <summary>The job of all lines; null, with errors, when some are not valid.</summary>
    /// <param name="config">The <c>config</c> of the lines as JSON; empty for none.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <param name="cancellationToken">Cancels remaining look-ups.</param>
    public async Task<Submission?> CompleteAsync(ReadOnlyMemory<byte> config, LineErrors errors, CancellationToken cancellationToken)
    {
        pipe.Writer.Write("]"u8);
        if (!config.IsEmpty)
        {
            pipe.Writer.Write(",\"config\":"u8);
            pipe.Writer.Write(config.Span);
        }

        pipe.Writer.Write("}"u8);
        try
        {
            await pipe.Writer.FlushAsync(cancellationToken);
            await pipe.Writer.CompleteAsync();
            isRead = true;
            using var envelope = await reading;
            return await form.CompleteAsync(envelope, cancellationToken);
        }
        catch (RequestException exception)
        {
            Report(exception.Problem, errors);
        }
        catch (IntakeException exception)
        {
            Report(errors, exception.Field, exception.Item, exception.Message);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await pipe.Writer.CompleteAsync();
        try
        {
            if (!isRead) (await reading).Dispose();
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Nobody asks for what was read.
        }

        stop.Dispose();
    }

    private async Task<BodyEnvelope> ReadAsync(IntakeLimits limits, CancellationToken cancellationToken)
    {
        // A writer that waits for its reader must not wait for one that has not begun.
        await Task.Yield();
        try
        {
            return await ItemIntake.ReadJsonAsync(pipe.Reader, form.Shape, new NamedItems(form.Sink, ids), limits, cancellationToken);
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
        }
    }

    private void Report(Problem problem, LineErrors errors)
    {
        if (problem.Errors is not { Count: > 0 } found)
        {
            Report(errors, null, null, problem.Detail);
            return;
        }

        foreach (var error in found) Report(errors, error.Field, error.Item, error.Reason);
    }

    /// <summary>Adds an error with the line and the field that the client wrote.</summary>
    private void Report(LineErrors errors, string? field, int? item, string reason)
    {
        var place = field;
        if (field is not null && field.StartsWith(BodyShape.Items, StringComparison.Ordinal) && field.IndexOf(']') is > 0 and var end)
        {
            place = $"body{field[(end + 1)..]}";
            if (reason.StartsWith(field, StringComparison.Ordinal)) reason = $"{place}{reason[field.Length..]}";
        }

        var isNamed = place is null || reason.StartsWith(place, StringComparison.Ordinal);
        errors.Add(
            "invalid_parameter", isNamed ? reason : $"{place} {reason}", place,
            item is { } index && index >= 0 && index < lines.Count ? lines[index] : lines.Count > 0 ? lines[0] : null);
    }

    /// <summary>Names each item by the <c>custom_id</c> of its line.</summary>
    private sealed class NamedItems(IItemSink inner, ConcurrentQueue<string> ids) : IItemSink
    {
        public void BeginItem(PayloadPath path)
        {
            inner.BeginItem(path);
            if (ids.TryDequeue(out var id)) inner.NameItem(new ItemName(null, id));
        }

        public void NameItem(ItemName name) => inner.NameItem(name);

        public void BeginFile(string field, string? dataUrlPrefix) => inner.BeginFile(field, dataUrlPrefix);

        public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            inner.WriteFileAsync(bytes, cancellationToken);

        public void EndFile() => inner.EndFile();

        public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
            inner.EndItemAsync(json, cancellationToken);
    }
}
