using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Refuses documents that would take the process down when they are walked: nested too deeply, without end by an alias inside of its own
/// anchor, or grown too large by aliases of aliases.
/// </summary>
internal static class YamlBounds
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 100_000;

    /// <summary>Looks at the text before it becomes nodes.</summary>
    public static DeclarationError? CheckText(string text)
    {
        var parser = new Parser(new StringReader(text));
        var open = new Stack<AnchorName>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case MappingStart or SequenceStart when open.Count == MaxDepth:
                    return TooDeep(parser.Current.Start);
                case MappingStart or SequenceStart:
                    open.Push(((NodeEvent)parser.Current).Anchor);
                    break;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    break;
                case AnchorAlias alias when open.Contains(alias.Value):
                    return new DeclarationError((int)alias.Start.Line, (int)alias.Start.Column, $"*{alias.Value} stands inside of what it repeats, which has no end: leave it out.");
            }
        }

        return null;
    }

    /// <summary>Looks at the nodes, with each alias as often as it stands there.</summary>
    public static DeclarationError? CheckNodes(YamlNode root)
    {
        var nodes = 0;
        return Check(root, 1, ref nodes);
    }

    private static DeclarationError? Check(YamlNode node, int depth, ref int nodes)
    {
        if (depth > MaxDepth) return TooDeep(node.Start);
        if (++nodes > MaxNodes) return new DeclarationError((int)node.Start.Line, (int)node.Start.Column, $"A file has at most {MaxNodes} values, with all aliases written out: use fewer.");
        var children = node switch
        {
            YamlMappingNode mapping => mapping.Children.SelectMany(child => (YamlNode[])[child.Key, child.Value]),
            YamlSequenceNode sequence => sequence.Children,
            _ => [],
        };
        foreach (var child in children)
        {
            if (Check(child, depth + 1, ref nodes) is { } error) return error;
        }

        return null;
    }

    private static DeclarationError TooDeep(Mark at) =>
        new((int)at.Line, (int)at.Column, $"This is nested more than {MaxDepth} deep: leave levels out.");
}
