using StashAI.Hosting.Terminal;

namespace StashAI.Hosting.Settings;

/// <summary>The form that the values of a setting have.</summary>
/// <param name="Values">The values in a few words, for the table of settings: `1 to 1024`.</param>
/// <param name="Requirement">What a value must be, for an error: `a whole number from 1 to 1024`.</param>
/// <param name="Parse">Reads a value.</param>
public sealed record SettingForm<T>(string Values, string Requirement, TryParse<T> Parse)
{
    private const int LongestQuote = 100;

    private const int LongestDetail = 400;

    /// <summary>Reads a value.</summary>
    /// <param name="text">The value, without spaces around it.</param>
    /// <param name="isSecret">True when no error may repeat the value.</param>
    /// <exception cref="FormatException">
    /// The value is not valid; the message is the end of a sentence that begins with the setting's name.
    /// </exception>
    public T Read(string text, bool isSecret)
    {
        try
        {
            if (Parse(text, out var value)) return value;
        }
        catch (FormatException exception)
        {
            throw new FormatException($"is not valid: {Shorten(exception.Message, LongestDetail)}", exception);
        }

        throw new FormatException(isSecret ? $"must be {Requirement}." : $"must be {Requirement}, not '{Quote(text)}'.");
    }

    /// <summary>A value as an error shows it: on one line, and not endless.</summary>
    internal static string Quote(string text) => Shorten(text, LongestQuote);

    private static string Shorten(string text, int most)
    {
        if (text.Length <= most) return EscapedText.Line(text);
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return EscapedText.Line(text[..end]) + "…";
    }
}
