using System.Buffers.Text;
using System.Text;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// Removes a person from the answers of the face service, the faces that are kept for another judgement, the inputs that name the person,
/// and the summaries of jobs.
/// </summary>
internal sealed class VisageErasure : IResultErasure
{
    public ErasedResult? Erase(ErasedSubject subject, ReadOnlyMemory<byte> output, ReadOnlyMemory<byte> derived)
    {
        if (!MayName(subject, output.Span)) return null;
        var eraser = new PersonEraser(subject);
        if (eraser.Erase(output) is not { } erased) return null;
        return new ErasedResult(erased, eraser.ErasedFaces.Count == 0 ? derived : KeptFaces.Erase(derived, eraser.ErasedFaces));
    }

    public ReadOnlyMemory<byte>? EraseInput(ErasedSubject subject, ReadOnlyMemory<byte> input) => Erase(subject, input);

    public ReadOnlyMemory<byte>? EraseAggregate(ErasedSubject subject, ReadOnlyMemory<byte> aggregate) => Erase(subject, aggregate);

    private static ReadOnlyMemory<byte>? Erase(ErasedSubject subject, ReadOnlyMemory<byte> json) =>
        MayName(subject, json.Span) ? new PersonEraser(subject).Erase(json) : null;

    /// <summary>Most results show other people: finding that out must not cost their parsing.</summary>
    private static bool MayName(ErasedSubject subject, ReadOnlySpan<byte> json)
    {
        if (Contains(json, "person"u8) || HasNeedlessEscape(json)) return true;
        foreach (var id in subject.Ids)
        {
            if (Contains(json, Encoding.UTF8.GetBytes(id))) return true;
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<byte> json, ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty) return false;
        var (lower, upper) = ((byte)char.ToLowerInvariant((char)word[0]), (byte)char.ToUpperInvariant((char)word[0]));
        while (json.IndexOfAny(lower, upper) is >= 0 and var at && at + word.Length <= json.Length)
        {
            if (Ascii.EqualsIgnoreCase(json.Slice(at, word.Length), word)) return true;
            json = json[(at + 1)..];
        }

        return false;
    }

    /// <summary>An escape of a letter, a digit or a hyphen, which may be part of an id or a name. Few programs write any.</summary>
    private static bool HasNeedlessEscape(ReadOnlySpan<byte> json)
    {
        var escape = @"\u00"u8;
        while (json.IndexOf(escape) is >= 0 and var at)
        {
            json = json[(at + escape.Length)..];
            if (Utf8Parser.TryParse(json[..Math.Min(2, json.Length)], out byte code, out _, 'x')
                && (char.IsAsciiLetterOrDigit((char)code) || code == '-'))
            {
                return true;
            }
        }

        return false;
    }
}
