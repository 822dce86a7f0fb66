using StashAI.Streams.Texts;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>Validates what a client sends about a person.</summary>
internal static class PersonInput
{
    private const int MaxName = 200;
    private const int MaxText = 2000;

    /// <exception cref="RequestRefusedException">A value is missing, too long, or not a web address.</exception>
    public static PersonDetails Validate(string? name, string? country, string? image, string? performerUrl, bool isNew)
    {
        if (isNew && name is null)
            throw RequestRefusedException.BadRequest("name", "name is missing: send the name of the person.");
        if (name is not null && (string.IsNullOrWhiteSpace(name) || Characters.CountOf(name) > MaxName || !IsPrintable(name)))
        {
            throw RequestRefusedException.Unprocessable("name", $"name must be 1 to {MaxName} printable characters.");
        }

        if (country is not null && (Characters.CountOf(country) > MaxName || !IsPrintable(country)))
            throw RequestRefusedException.Unprocessable("country", $"country must be at most {MaxName} printable characters.");

        RefuseUnlessWebAddress("image", image);
        RefuseUnlessWebAddress("performer_url", performerUrl);
        return new(name, country, image, performerUrl);
    }

    /// <summary>Whether a store can keep a text, and a page show it.</summary>
    public static bool IsPrintable(string text) => !text.Any(char.IsControl) && HasPairedSurrogates(text);

    /// <summary>Web pages show these values as links and pictures, so only http and https are allowed.</summary>
    private static void RefuseUnlessWebAddress(string field, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        if (Characters.CountOf(value) > MaxText || !IsPrintable(value) || !Uri.TryCreate(value, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https"))
        {
            throw RequestRefusedException.Unprocessable(
                field, $"{field} must be an http or https address of at most {MaxText} characters.");
        }
    }

    private static bool HasPairedSurrogates(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
