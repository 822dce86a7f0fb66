namespace StashAI.Hosting.Settings;

/// <summary>Finds what somebody meant who wrote a name a little differently.</summary>
public static class NearestName
{
    /// <summary>The nearest of some names; null when none is near.</summary>
    public static string? Of(string text, IEnumerable<string> names)
    {
        var plain = Plain(text);
        var most = Math.Max(1, Math.Min(3, plain.Length / 4));
        return names.Select(name => (Name: name, Distance: Distance(plain, Plain(name))))
            .Where(one => one.Distance <= most)
            .OrderBy(one => one.Distance).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => one.Name).FirstOrDefault();
    }

    /// <summary>Case and separators are what people mix up first.</summary>
    private static string Plain(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToUpperInvariant)]);

    /// <summary>How many letters must be put in, left out, exchanged or swapped with their neighbour.</summary>
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= other.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = one[i - 1] == other[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = best;
            }
        }

        return rows[one.Length, other.Length];
    }
}
