using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>The text between the parts of a form.</summary>
internal static class FormBoundary
{
    /// <summary>
    /// The most characters of a boundary. RFC 2046 (section 5.1.1) allows 70, and some clients send more; the reader of forms fails at
    /// some thousands.
    /// </summary>
    public const int MaxLength = 200;

    /// <summary>The boundary, which is not empty and not too long.</summary>
    /// <exception cref="RequestException">It is missing or too long.</exception>
    public static string Require(string? boundary)
    {
        if (string.IsNullOrEmpty(boundary)) throw RequestException.Missing("body", "The Content-Type of a form must have a boundary.");
        return boundary.Length <= MaxLength
            ? boundary
            : throw RequestException.Missing(
                "body", $"The boundary of the form has {boundary.Length} characters; {MaxLength} are the most.");
    }
}
