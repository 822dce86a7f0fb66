using System.Buffers;
using System.Text;
using StashAI.Adapters.Http.Secrets;

namespace StashAI.Adapters.Http;

/// <summary>
/// Passes an answer on while it arrives, by whole lines, because a secret that the service echoes is hidden in each of them. A line may be
/// an event, with JSON behind <c>data:</c>.
/// </summary>
/// <param name="mask">Hides secrets.</param>
/// <param name="receive">Receives the lines.</param>
internal sealed class AnswerLines(SecretMask mask, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> receive)
{
    private readonly ArrayBufferWriter<byte> begun = new();

    private static ReadOnlySpan<byte> EventData => "data:"u8;

    /// <summary>Adds bytes, and passes on the lines that they end.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var end = bytes.Span.LastIndexOf((byte)'\n') + 1;
        begun.Write(bytes.Span[..end]);
        if (end > 0) await EndAsync(cancellationToken);
        begun.Write(bytes.Span[end..]);
    }

    /// <summary>Passes on what is left.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (begun.WrittenCount > 0) await receive(mask.IsEmpty ? begun.WrittenMemory : Hidden(begun.WrittenMemory), cancellationToken);
        begun.ResetWrittenCount();
    }

    private ReadOnlyMemory<byte> Hidden(ReadOnlyMemory<byte> lines)
    {
        var hidden = new ArrayBufferWriter<byte>(lines.Length);
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf((byte)'\n') + 1;
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
