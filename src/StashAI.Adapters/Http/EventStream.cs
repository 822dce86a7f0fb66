using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>
/// Follows the events of one answer while they arrive, and lets whole events pass. What is no stream at all does not pass, and neither
/// does an event that reports an error.
/// </summary>
/// <param name="form">What a whole stream is.</param>
/// <param name="rules">Tell what an error means.</param>
internal sealed class EventStream(EventForm form, AnswerRules rules)
{
    /// <summary>The errors are in answers whose status is 200.</summary>
    private static readonly CallReport Call = new(200);

    private readonly ArrayBufferWriter<byte> begun = new();
    private readonly ArrayBufferWriter<byte> ready = new();
    private readonly ArrayBufferWriter<byte> data = new();
    private bool? isStream;
    private bool endsInReturn;

    /// <summary>What a whole stream is.</summary>
    public EventForm Form => form;

    /// <summary>True when the answer begins as a stream of events does.</summary>
    public bool IsStream => isStream is true;

    /// <summary>True when the stream ended as it should.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The events before the one that was an error; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Ready => ready.WrittenMemory;

    private static ReadOnlySpan<byte> DataField => "data:"u8;

    /// <summary>Takes whole lines; returns the events that they end, which are valid until the next call.</summary>
    /// <exception cref="EventFault">An event is an error; <see cref="Ready"/> has those before it.</exception>
    public ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> lines)
    {
        ready.ResetWrittenCount();
        if (lines.IsEmpty) return default;
        // The pieces of an answer may end between the CR and the LF of one end.
        if (endsInReturn && lines.Span[0] == (byte)'\n')
        {
            if (IsStream) (begun.WrittenCount > 0 ? begun : ready).Write(lines.Span[..1]);
            lines = lines[1..];
        }

        endsInReturn = lines.Span.EndsWith("\r"u8);
        while (!lines.IsEmpty)
        {
            var end = EventLines.LengthOfFirst(lines.Span);
            var line = end > 0 ? lines[..end] : lines;
            lines = lines[line.Length..];
            AddLine(line.Span);
        }

        return ready.WrittenMemory;
    }

    /// <summary>Ends the answer; returns a last event without a blank line behind it.</summary>
    /// <exception cref="EventFault">The event is an error.</exception>
    public ReadOnlyMemory<byte> End()
    {
        ready.ResetWrittenCount();
        // A comment alone says nothing, and would begin the answer.
        if (data.WrittenCount > 0) EndEvent();
        return ready.WrittenMemory;
    }

    /// <summary>True for a line that a stream of events may begin with: a field or a comment.</summary>
    public static bool IsField(ReadOnlySpan<byte> line) => line.StartsWith(DataField) || line.StartsWith("event:"u8)
        || line.StartsWith(":"u8) || line.StartsWith("id:"u8) || line.StartsWith("retry:"u8);

    private void AddLine(ReadOnlySpan<byte> line)
    {
        var text = line.TrimEnd("\r\n"u8);
        if (isStream is null && text.StartsWith("\uFEFF"u8)) text = text[3..];
        if (isStream is null && !text.Trim(" \t"u8).IsEmpty) isStream = IsField(text);
        if (isStream is not true) return;
        begun.Write(line);
        if (text.IsEmpty)
        {
            EndEvent();
        }
        else if (text.StartsWith(DataField))
        {
            if (data.WrittenCount > 0) data.Write("\n"u8);
            data.Write(text[DataField.Length..].TrimStart((byte)' '));
        }
    }

    private void EndEvent()
    {
        if (data.WrittenCount > 0) Check();
        ready.Write(begun.WrittenSpan);
        begun.ResetWrittenCount();
        data.ResetWrittenCount();
    }

    private void Check()
    {
        if (data.WrittenSpan.Trim(" \t"u8).SequenceEqual("[DONE]"u8))
        {
            IsWhole |= form.EndsWithDone;
            return;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(data.WrittenMemory);
        }
        catch (JsonException)
        {
            throw new EventFault(new TaskOutcome.Failed(
                ErrorKind.InvalidAnswer, "An event of the service's stream is not JSON.",
                Call with { AnswerHead = JsonText.Head(data.WrittenSpan) }));
        }

        using (document)
        {
            var place = EventForm.PlaceOfError(document.RootElement);
            if (rules.FindError(place, JsonMarshal.GetRawUtf8Value(place), Call) is { } outcome)
            {
                // A response that failed has an event of its own for it, with all that it is.
                if (EventForm.IsFailedResponse(document.RootElement)) ready.Write(begun.WrittenSpan);
                throw new EventFault(outcome);
            }

            if (EventForm.IsFailedResponse(document.RootElement))
            {
                throw new EventFault(new TaskOutcome.Failed(
                    ErrorKind.Rejected, "The service reports that the response failed, and not why.",
                    Call with { AnswerHead = JsonText.Head(data.WrittenSpan) }));
            }

            IsWhole |= form.IsEnd(document.RootElement);
        }
    }
}
