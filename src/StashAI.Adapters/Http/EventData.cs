using System.Buffers;

namespace StashAI.Adapters.Http;

/// <summary>
/// The data of each event of whole events, one after the other: what stands behind <c>data:</c>. An event may have several such lines,
/// which are one text with line breaks in it.
/// </summary>
/// <param name="events">Whole events, UTF-8.</param>
internal ref struct EventData(ReadOnlySpan<byte> events)
{
    private ReadOnlySpan<byte> rest = events;

    /// <summary>The data; valid until the next event.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly EventData GetEnumerator() => this;

    public bool MoveNext()
    {
        ReadOnlySpan<byte> data = default;
        ArrayBufferWriter<byte>? joined = null;
        var hasData = false;
        while (!rest.IsEmpty)
        {
            var length = EventLines.LengthOfFirst(rest);
            var line = length > 0 ? rest[..length] : rest;
            rest = rest[line.Length..];
            line = line.TrimEnd(EventLines.Ends);
            if (line.IsEmpty && hasData) break;
            if (!line.StartsWith("data:"u8)) continue;
            var text = line["data:".Length..].TrimStart((byte)' ');
            if (!hasData)
            {
                data = text;
                hasData = true;
                continue;
            }

            if (joined is null)
            {
                joined = new ArrayBufferWriter<byte>(data.Length + text.Length + 1);
                joined.Write(data);
            }

            joined.Write("\n"u8);
            joined.Write(text);
        }

        Current = joined is null ? data : joined.WrittenSpan;
        return hasData;
    }
}
