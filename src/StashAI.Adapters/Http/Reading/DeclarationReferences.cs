using StashAI.Adapters.Http.Templates;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace StashAI.Adapters.Http.Reading;

/// <summary>What a declaration takes from the machine of the server: found in its values as YAML reads them, not as they stand.</summary>
public static class DeclarationReferences
{
    private const string Environment = "env";

    /// <summary>
    /// The variables and files (<c>file:/path</c>) that the text refers to: <c>${NAME}</c>, <c>${file:/path}</c>, and values of keys called
    /// <c>env</c>. A text that is not YAML has none from its error on.
    /// </summary>
    public static IReadOnlySet<string> Of(string text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var parser = new Parser(new StringReader(text));
        var before = "";
        try
        {
            while (parser.MoveNext())
            {
                if (parser.Current is not Scalar { Value: var value }) continue;
                found.UnionWith(EnvironmentText.References(value).Select(match => match.Groups["what"].Value));
                if (before == Environment) found.Add(value);
                before = value;
            }
        }
        catch (Exception exception) when (exception is YamlException || YamlFaults.Is(exception))
        {
            // The reader of declarations says where.
        }

        return found;
    }
}
