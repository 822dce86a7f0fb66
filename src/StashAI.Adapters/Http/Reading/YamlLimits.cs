using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace StashAI.Adapters.Http.Reading;

/// <summary>
/// Refuses documents that would crash the process: documents that are nested too deeply, are infinite because of an alias inside its own
/// anchor, or are too large because of aliases of aliases.
/// </summary>
internal static class YamlLimits
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 100_000;

    /// <summary>Checks the text before it is parsed to nodes.</summary>
    public static DeclarationError? CheckText(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            return CheckEvents(parser);
        }
        catch (Exception exception) when (YamlFaults.Is(exception))
        {
            return YamlFaults.Of(parser);
        }
    }

    /// <summary>Checks the nodes; every use of an alias counts.</summary>
    public static DeclarationError? CheckNodes(YamlNode root)
    {
        var nodes = 0;
        return Check(root, 1, ref nodes);
    }

    private static DeclarationError? CheckEvents(Parser parser)
    {
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
                    return new DeclarationError(
                        (int)alias.Start.Line,
                        (int)alias.Start.Column,
                        $"*{alias.Value} is inside the value that it repeats, which would be infinite: remove it.");
            }
        }

        return null;
    }

    private static DeclarationError? Check(YamlNode node, int depth, ref int nodes)
    {
        if (depth > MaxDepth) return TooDeep(node.Start);
        if (++nodes > MaxNodes)
        {
            return new DeclarationError(
                (int)node.Start.Line,
                (int)node.Start.Column,
                $"A file may have at most {MaxNodes} values, counting every use of an alias: use fewer.");
        }

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

    private static DeclarationError TooDeep(Mark mark) =>
        new((int)mark.Line, (int)mark.Column, $"This is nested more than {MaxDepth} levels deep: use fewer levels.");
}
