namespace StashAI.Sdk;

/// <summary>
/// Reads who or what a result shows, such as the people of a photo. The queue keeps it with the result, so that all results that show a
/// subject can be found, the best first. The function must be pure.
/// </summary>
public interface IResultSubjects
{
    /// <summary>The most subjects of a result; those with lower scores are not kept.</summary>
    const int MaxSubjects = 256;

    /// <summary>The longest id of a subject, in characters; a subject with a longer one is not kept.</summary>
    const int MaxIdLength = 200;

    /// <summary>Reads the subjects of one result.</summary>
    /// <param name="output">The result, UTF-8 JSON.</param>
    /// <returns>The subjects, in any order; of one that is listed twice, the higher score counts.</returns>
    IReadOnlyList<ResultSubject> Read(ReadOnlyMemory<byte> output);
}

/// <summary>Someone or something that a result shows.</summary>
/// <param name="Id">The subject's id in the service.</param>
/// <param name="Score">How certain the result is of it; a higher score comes first in lists. It must be finite.</param>
public readonly record struct ResultSubject(string Id, double Score);
