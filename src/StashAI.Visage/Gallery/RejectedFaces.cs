using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace StashAI.Visage.Gallery;

/// <summary>
/// The rejected faces of people, in memory. A person does not match a face that is closer to one of the person's rejected faces than to all
/// enrolled ones. Only people who reach a threshold are looked up, so that a search costs no more with a large gallery.
/// </summary>
internal sealed class RejectedFaces
{
    /// <summary>
    /// How much less close a rejected face may be and still count as closer: a stored result has its faces in 16 bits, and a face that is
    /// both enrolled and rejected is rejected.
    /// </summary>
    public const float Tolerance = 0.0005f;

    /// <summary>The lowest cosine of a face and the same face of the same photo.</summary>
    public const float SameFace = 0.999f;

    private readonly ConcurrentDictionary<long, IReadOnlyList<float[]>> people = new();

    /// <summary>The row keys of the people who have rejected faces.</summary>
    public IReadOnlyCollection<long> People => [.. people.Keys];

    /// <summary>Replaces the rejected faces of a person.</summary>
    public void Put(long person, IReadOnlyList<float[]> vectors)
    {
        if (vectors.Count > 0) people[person] = vectors;
        else people.TryRemove(person, out _);
    }

    public void Remove(long person) => Put(person, []);

    /// <summary>True when a face is not of a person.</summary>
    /// <param name="person">The person's row key.</param>
    /// <param name="face">The face.</param>
    /// <param name="closest">The cosine of the face and the closest of the person's enrolled faces.</param>
    public bool Exclude(long person, ReadOnlySpan<float> face, float closest)
    {
        if (!people.TryGetValue(person, out var rejected)) return false;
        foreach (var vector in rejected)
        {
            if (TensorPrimitives.Dot(face, vector) + Tolerance >= closest) return true;
        }

        return false;
    }
}
