using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake;

/// <summary>
/// Which places of a body hold payloads (base64 text that is decoded and streamed). A pattern is a dotted path from the root object, with
/// <c>[*]</c> at the end when the payloads are the elements of an array: <c>images[*]</c>, <c>image</c>, <c>image_data.image_base64</c>.
/// A place may be a payload and have places below it: a string there is a payload, an object is descended into.
/// </summary>
internal sealed class IntakeShape
{
    /// <param name="patterns">The patterns; their order gives <see cref="PayloadPath.Pattern"/>.</param>
    /// <exception cref="ArgumentException">A pattern is empty, given twice, or has <c>[*]</c> elsewhere than at its end.</exception>
    public IntakeShape(params string[] patterns)
    {
        Patterns = patterns;
        for (var i = 0; i < patterns.Length; i++)
        {
            Add(patterns[i], i);
        }
    }

    /// <summary>The patterns as given.</summary>
    public IReadOnlyList<string> Patterns { get; }

    internal IntakeShapeNode Root { get; } = new("");

    private void Add(string pattern, int index)
    {
        var ofArray = pattern.EndsWith("[*]", StringComparison.Ordinal);
        var path = ofArray ? pattern[..^3] : pattern;
        var names = path.Split('.');
        if (names.Any(name => name.Length == 0 || name.Contains('[', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"'{pattern}' is not a pattern like images[*] or image_data.image_base64.", nameof(pattern));
        }

        var node = names.Aggregate(Root, (parent, name) => parent.GetOrAdd(name));
        if (node.Pattern >= 0)
        {
            throw new ArgumentException($"'{pattern}' is given twice.", nameof(pattern));
        }

        node.Pattern = index;
        node.IsArray = ofArray;
    }
}
