using System.Text;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// References to the environment in templates. Each becomes an output of a variable that no template can name, so that a value is put in
/// (and escaped) like any other and is never itself read as a template.
/// </summary>
internal static class References
{
    private const string Prefix = "stashai_environment_";

    /// <summary>True for the variable of a reference.</summary>
    public static bool IsName(string variable) => variable.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The template with outputs in place of its references.</summary>
    /// <exception cref="TemplateException">A reference is not valid, or stands inside of an output or a tag.</exception>
    public static string Compile(string text)
    {
        if (text.Contains(Prefix, StringComparison.Ordinal)) throw new TemplateException(text.IndexOf(Prefix, StringComparison.Ordinal), $"no name begins with {Prefix}.");
        if (!text.Contains("${", StringComparison.Ordinal)) return text;
        if (EnvironmentText.Refuse(text) is { } reason) throw new TemplateException(text.IndexOf("${", StringComparison.Ordinal), reason);
        foreach (var token in TemplateToken.Scan(text))
        {
            if (token.Inner.Contains("${", StringComparison.Ordinal))
                throw new TemplateException(token.InnerOffset, "a reference such as ${NAME} stands beside {{ }} and {% %}, not inside of them.");
        }

        return EnvironmentText.Replace(text, match => $"{{{{ {NameOf(match.Value)} }}}}");
    }

    /// <summary>The variables of a text's references with their values.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Resolve(string text, Func<string, string?> environment) =>
        EnvironmentText.References(text).Select(match => new KeyValuePair<string, string>(NameOf(match.Value), new EnvironmentText(match.Value).Resolve(environment)!));

    private static string NameOf(string reference) => Prefix + Convert.ToHexString(Encoding.UTF8.GetBytes(reference));
}
