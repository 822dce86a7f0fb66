namespace StashAI.Queue.Policies;

/// <summary>The labels of a node, or the labels that a service requires. As text, they are sorted and joined by commas.</summary>
public sealed class LabelSet
{
    private readonly SortedSet<string> labels;

    private LabelSet(SortedSet<string> labels) => this.labels = labels;

    /// <summary>No labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <summary>
    /// Creates a set; throws <see cref="FormatException"/> for a label that is not 1 to 100 letters, digits and <c>-_./=:</c>.
    /// </summary>
    public static LabelSet Of(IEnumerable<string> labels)
    {
        var set = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var label in labels)
        {
            if (!IsLabel(label)) throw new FormatException($"'{label}' is not a label: use 1 to 100 letters, digits and -_./=: only.");
            set.Add(label);
        }

        return new LabelSet(set);
    }

    /// <summary>Parses labels that are separated by commas; spaces around them are ignored.</summary>
    public static LabelSet Parse(string text) =>
        text.Length == 0 ? Empty : Of(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>True when these labels include all <paramref name="required"/> ones.</summary>
    public bool Satisfies(LabelSet required) => required.labels.IsSubsetOf(labels);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', labels);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 100
        && label.All(sign => char.IsAsciiLetterOrDigit(sign) || "-_./=:".Contains(sign, StringComparison.Ordinal));
}
