using System.Text;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// Handles references to the environment in templates. Each becomes an output of a variable that templates cannot name themselves. So its
/// value is inserted and escaped like any other value, and is never parsed as a template.
/// </summary>
internal static class EnvironmentReferences
{
    private const string Prefix = "stashai_environment_";

    /// <summary>Whether a variable stands for a reference.</summary>
    public static bool IsReferenceVariable(string variable) => variable.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The template with its references replaced by outputs.</summary>
    /// <exception cref="TemplateException">A reference is not valid, or is inside an output or a tag.</exception>
    public static string ReplaceWithOutputs(string text)
    {
        if (text.Contains(Prefix, StringComparison.Ordinal))
        {
            throw new TemplateException(text.IndexOf(Prefix, StringComparison.Ordinal), $"names that start with {Prefix} are reserved.");
        }

        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        if (EnvironmentText.ReasonToRefuse(text) is { } reason)
        {
            throw new TemplateException(text.IndexOf("${", StringComparison.Ordinal), reason);
        }

        foreach (var token in TemplateToken.Scan(text))
        {
            if (token.Inner.Contains("${", StringComparison.Ordinal))
            {
                throw new TemplateException(
                    token.InnerOffset, "a reference such as ${NAME} cannot be used inside {{ }} and {% %}: write it outside of them.");
            }
        }

        return EnvironmentText.Replace(text, match => $"{{{{ {VariableOf(match.Value)} }}}}");
    }

    /// <summary>The variables that stand for the references of a text, with their values.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Resolve(string text, Func<string, string?> environment) =>
        EnvironmentText.References(text).Select(match => new KeyValuePair<string, string>(
            VariableOf(match.Value), new EnvironmentText(match.Value).Resolve(environment)!));

    private static string VariableOf(string reference) => Prefix + Convert.ToHexString(Encoding.UTF8.GetBytes(reference));
}
