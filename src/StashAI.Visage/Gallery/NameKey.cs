using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace StashAI.Visage.Gallery;

/// <summary>
/// Computes a key that is the same for all spellings of a name: it ignores case, repeated blanks, full-width letters, and whether an accent
/// is a separate character (as in macOS file names). The program does not ship ICU, so it contains its own table of accents.
/// </summary>
internal static class NameKey
{
    // Korean syllables are decomposed by formula.
    private const int Syllables = 0xAC00, SyllableCount = 11172, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7, VowelCount = 21,
        TailCount = 28;

    private static readonly (FrozenDictionary<int, int[]> Parts, FrozenDictionary<int, int> Classes) CanonicalForms = Load();

    public static string Of(string name)
    {
        var runes = new List<int>(name.Length + 8);
        foreach (var rune in name.EnumerateRunes())
            Decompose(rune.Value, runes);
        Order(runes);

        var key = new StringBuilder(name.Length);
        foreach (var value in runes)
        {
            var rune = new Rune(value is >= 0xFF01 and <= 0xFF5E ? value - 0xFEE0 : value);
            if (!Rune.IsWhiteSpace(rune))
                key.Append(Rune.ToUpperInvariant(rune).ToString());
            else if (key.Length > 0 && key[^1] != ' ')
                key.Append(' ');
        }

        return key.ToString().TrimEnd(' ');
    }

    /// <summary>
    /// Finds the stored keys that differ from those of this version. If two names that an earlier version told apart now have the same key,
    /// the later person gets a unique one.
    /// </summary>
    /// <param name="rows">The people in the order of enrolment.</param>
    public static IReadOnlyList<(long Key, string NameKey)> Changes(IReadOnlyList<(long Key, string Name, string NameKey)> rows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var changed = new List<(long, string)>();
        foreach (var row in rows)
        {
            var wanted = Of(row.Name);
            if (!seen.Add(wanted))
                wanted = $"{wanted}\n{row.Key}";
            if (wanted != row.NameKey)
                changed.Add((row.Key, wanted));
        }

        return changed;
    }

    private static void Decompose(int value, List<int> runes)
    {
        var syllable = value - Syllables;
        if (syllable is >= 0 and < SyllableCount)
        {
            runes.Add(Leads + (syllable / (VowelCount * TailCount)));
            runes.Add(Vowels + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount > 0)
                runes.Add(Tails + (syllable % TailCount));
        }
        else if (CanonicalForms.Parts.TryGetValue(value, out var parts))
        {
            runes.AddRange(parts);
        }
        else
        {
            runes.Add(value);
        }
    }

    /// <summary>
    /// Sorts the accents of a letter by their combining class; accents of the same class keep their order (Unicode canonical ordering).
    /// </summary>
    private static void Order(List<int> runes)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var (rune, combiningClass) = (runes[i], ClassOf(runes[i]));
            if (combiningClass == 0)
                continue;
            var to = i;
            for (; to > 0 && ClassOf(runes[to - 1]) > combiningClass; to--)
                runes[to] = runes[to - 1];
            runes[to] = rune;
        }
    }

    private static int ClassOf(int value) => CanonicalForms.Classes.GetValueOrDefault(value);

    private static (FrozenDictionary<int, int[]> Parts, FrozenDictionary<int, int> Classes) Load()
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream("StashAI.Visage.Gallery.CanonicalForms.txt")!);
        var parts = new Dictionary<int, int[]>();
        var classes = new Dictionary<int, int>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('=') is [var composed, var decomposed] && !line.StartsWith('#'))
            {
                parts.Add(Hex(composed), [.. decomposed.Split(' ').Select(Hex)]);
            }
            else if (line.Split('-', ':') is [var first, var last, var combiningClass])
            {
                for (var value = Hex(first); value <= Hex(last); value++)
                    classes.Add(value, int.Parse(combiningClass, CultureInfo.InvariantCulture));
            }
        }

        return (parts.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
