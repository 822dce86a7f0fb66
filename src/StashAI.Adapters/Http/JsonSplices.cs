using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace StashAI.Adapters.Http;

/// <summary>
/// Replaces single values of a JSON text, whose other bytes stay as they are. Large texts with small changes are copied once, and not at
/// all if nothing changes.
/// </summary>
/// <param name="text">A JSON object with at least one member.</param>
internal sealed class JsonSplices(ReadOnlyMemory<byte> text)
{
    private readonly List<Splice> splices = [];

    /// <summary>Replaces a value of the text by one of any document.</summary>
    /// <param name="value">The value, of a document that was parsed from the text itself and not from a copy.</param>
    /// <param name="by">The new value.</param>
    public void Replace(JsonElement value, JsonElement by) => Replace(value, JsonMarshal.GetRawUtf8Value(by));

    /// <summary>The same with a number.</summary>
    public void Replace(JsonElement value, long by) => Replace(value, Utf8(by));

    /// <summary>Adds a member to the end of the text.</summary>
    /// <param name="name">Its name, which needs no escapes.</param>
    /// <param name="value">Its value.</param>
    public void Append(string name, long value) =>
        splices.Add(new Splice(text.Span.LastIndexOf((byte)'}'), 0, [.. ","u8, .. Encoding.UTF8.GetBytes($"\"{name}\":"), .. Utf8(value)]));

    /// <summary>The text with all changes; the text itself if there are none.</summary>
    public ReadOnlyMemory<byte> Apply()
    {
        if (splices.Count == 0) return text;
        splices.Sort((a, b) => a.At.CompareTo(b.At));
        var written = GC.AllocateUninitializedArray<byte>(text.Length + splices.Sum(splice => splice.By.Length - splice.Length));
        var (from, to) = (0, 0);
        foreach (var (at, length, by) in splices)
        {
            text.Span[from..at].CopyTo(written.AsSpan(to));
            by.CopyTo(written.AsSpan(to + at - from));
            (from, to) = (at + length, to + at - from + by.Length);
        }

        text.Span[from..].CopyTo(written.AsSpan(to));
        return written;
    }

    private static byte[] Utf8(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private void Replace(JsonElement value, ReadOnlySpan<byte> by)
    {
        var old = JsonMarshal.GetRawUtf8Value(value);
        if (old.SequenceEqual(by)) return;
        if (!text.Span.Overlaps(old, out var at)) throw new ArgumentException("The value is not part of the text.", nameof(value));
        splices.Add(new Splice(at, old.Length, by.ToArray()));
    }

    private readonly record struct Splice(int At, int Length, byte[] By);
}
