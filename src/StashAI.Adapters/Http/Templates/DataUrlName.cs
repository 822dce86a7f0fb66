using System.Text;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// The name that a client gave a file, kept in the prefix of its data URL: `data:audio/x-m4a;name=memo.m4a;base64,`. Browsers and notebooks
/// write it the same way.
/// </summary>
public static class DataUrlName
{
    /// <summary>Longer names are cut in their middle, so that their extension stays.</summary>
    private const int MaxLength = 120;

    private const string Parameter = ";name=";

    /// <summary>The prefix of a file with a type and a name; null when both are unknown.</summary>
    /// <param name="contentType">The type; null for none.</param>
    /// <param name="name">The name as the client gave it, perhaps with folders; null for none.</param>
    public static string? Prefix(string? contentType, string? name)
    {
        var plain = Plain(name);
        if (contentType is null && plain is null) return null;
        return $"data:{contentType ?? FileKind.Unknown}{(plain is null ? "" : Parameter + Uri.EscapeDataString(plain))};base64,";
    }

    /// <summary>The name in a prefix, or null.</summary>
    public static string? Read(string? prefix) => Plain(ReadWhole(prefix));

    /// <summary>The name in a prefix as the client gave it, perhaps with folders; null for none.</summary>
    public static string? ReadWhole(string? prefix)
    {
        var at = prefix?.IndexOf(Parameter, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (at < 0) return null;
        var value = prefix![(at + Parameter.Length)..].Split(';', ',')[0].Trim('"');
        return Uri.UnescapeDataString(value);
    }

    /// <summary>The name without folders and control characters.</summary>
    private static string? Plain(string? name)
    {
        if (name is null) return null;
        var text = new StringBuilder();
        foreach (var rune in name[(name.LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && rune.Value is not ('"' or 0xFFFD)) text.Append(rune);
        }

        var plain = text.ToString().Trim();
        if (plain.Length > MaxLength) plain = Shortened(plain);
        return plain is "" or "." or ".." ? null : plain;
    }

    private static string Shortened(string name)
    {
        var extension = Path.GetExtension(name) is { Length: <= 12 } end ? end : "";
        var length = MaxLength - extension.Length;
        if (char.IsHighSurrogate(name[length - 1])) length--;
        return name[..length] + extension;
    }
}
