using System.Buffers;
using System.Text;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Adapters.Http;

/// <summary>
/// Passes an answer on while it arrives, by whole lines, because a secret that the service echoes is hidden in each of them. A line may be
/// an event, with JSON behind <c>data:</c>; of a stream, whole events are passed on.
/// </summary>
/// <param name="mask">Hides secrets.</param>
/// <param name="receive">Receives the lines; null where nobody waits for them.</param>
/// <param name="events">Follows the events of a stream; null for an answer of any form.</param>
internal sealed class AnswerLines(
    SecretMask mask, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? receive, EventStream? events = null)
{
    private readonly ArrayBufferWriter<byte> begun = new();

    /// <summary>Follows the events of a stream; null for an answer of any form.</summary>
    public EventStream? Events => events;

    /// <summary>True when somebody has a part of the answer.</summary>
    public bool HasPassed { get; private set; }

    private static ReadOnlySpan<byte> EventData => "data:"u8;

    /// <summary>Adds bytes, and passes on the lines that they end.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var end = EventLines.LengthOfWhole(bytes.Span);
        begun.Write(bytes.Span[..end]);
        if (end > 0) await PassBegunAsync(cancellationToken);
        begun.Write(bytes.Span[end..]);
    }

    /// <summary>Passes on what is left.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await PassBegunAsync(cancellationToken);
        if (events is not null) await CheckedAsync(events.End, events, cancellationToken);
    }

    /// <summary>Passes on lines that are whole.</summary>
    public async ValueTask PassAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        if (lines.IsEmpty || receive is null) return;
        HasPassed = true;
        await receive(mask.IsEmpty ? lines : Hidden(lines), cancellationToken);
    }

    private async ValueTask PassBegunAsync(CancellationToken cancellationToken)
    {
        var lines = begun.WrittenMemory;
        if (lines.IsEmpty) return;
        if (events is null) await PassAsync(lines, cancellationToken);
        else await CheckedAsync(() => events.Take(lines), events, cancellationToken);
        begun.ResetWrittenCount();
    }

    /// <summary>Passes on the events of a stream, also those before one that is an error.</summary>
    private async ValueTask CheckedAsync(Func<ReadOnlyMemory<byte>> take, EventStream stream, CancellationToken cancellationToken)
    {
        EventFault? fault = null;
        try
        {
            take();
        }
        catch (EventFault found)
        {
            fault = found;
        }

        await PassAsync(stream.Ready, cancellationToken);
        if (fault is not null) throw fault;
    }

    private ReadOnlyMemory<byte> Hidden(ReadOnlyMemory<byte> lines)
    {
        var hidden = new ArrayBufferWriter<byte>(lines.Length);
        while (!lines.IsEmpty)
        {
            var end = EventLines.LengthOfFirst(lines.Span);
            var line = end > 0 ? lines[..end] : lines;
            lines = lines[line.Length..];
            var start = line.Span.StartsWith(EventData) ? EventData.Length : 0;
            hidden.Write(line.Span[..start]);
            var text = line[start..];
            hidden.Write(JsonText.IsValid(text.Span)
                ? mask.Hide(text).Span
                : Encoding.UTF8.GetBytes(mask.Hide(Encoding.UTF8.GetString(text.Span))));
        }

        return hidden.WrittenMemory;
    }
}
