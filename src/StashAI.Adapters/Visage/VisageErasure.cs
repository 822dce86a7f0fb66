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
        if (json.IndexOf("person"u8) >= 0) return true;
        foreach (var id in subject.Ids)
        {
            if (json.IndexOf(Encoding.UTF8.GetBytes(id)) >= 0) return true;
        }

        return false;
    }
}
