using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// Finds what the template engine would let pass or report without a place: unknown names, unknown filters, forgotten ends.
/// </summary>
internal static partial class TemplateCheck
{
    /// <summary>Throws at the first fault.</summary>
    /// <exception cref="TemplateException">Where and what.</exception>
    public static void Check(string text, TemplateScope scope)
    {
        var tokens = TemplateToken.Scan(text);
        var locals = new HashSet<string>(scope.Roots) { "forloop" };
        foreach (var token in tokens.Where(token => !token.IsOutput))
        {
            foreach (Match match in Local().Matches(token.Inner)) locals.Add(match.Groups["name"].Value);
        }

        foreach (var token in tokens)
        {
            var plain = Quoted().Replace(token.Inner, match => new string('~', match.Length));
            if (token.IsOutput) CheckOutput(token, plain, locals);
            foreach (Match match in Property().Matches(plain))
            {
                if (scope.Refuse(match.Groups["root"].Value, match.Groups["name"].Value) is { } reason)
                    throw new TemplateException(token.InnerOffset + match.Index, reason);
            }
        }
    }

    /// <param name="token">The output.</param>
    /// <param name="plain">Its text, with texts in quotes blanked out.</param>
    /// <param name="locals">The names that may stand at the root.</param>
    private static void CheckOutput(TemplateToken token, string plain, HashSet<string> locals)
    {
        var parts = plain.Split('|');
        var offset = token.InnerOffset;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i].Trim().Trim('-').Trim();
            var at = offset + parts[i].Length - parts[i].TrimStart().Length;
            offset += parts[i].Length + 1;
            if (i == 0)
            {
                var value = Value().Match(part);
                if (!value.Success) throw new TemplateException(at, $"'{token.Inner.Trim()}' is not a value such as item, item.name or config.key, with filters behind |.");
                if (value.Groups["root"] is { Success: true, Value: var root } && !locals.Contains(root))
                    throw new TemplateException(at, $"'{root}' is not known: a template has {string.Join(", ", locals.Where(one => one != "forloop"))}.{FieldCheck.Suggest(root, locals)}");
                continue;
            }

            var filter = Filter().Match(part);
            if (!filter.Success) throw new TemplateException(at, "a filter's name must follow |, such as | json.");
            var name = filter.Groups["name"].Value;
            if (!TemplateFilters.Names.Contains(name))
                throw new TemplateException(at, $"there is no filter '{name}'.{FieldCheck.Suggest(name, TemplateFilters.Names)}");
        }
    }

    [GeneratedRegex("""(?:assign|capture|for|increment|decrement)\s+(?<name>[A-Za-z_]\w*)""", RegexOptions.CultureInvariant)]
    private static partial Regex Local();

    [GeneratedRegex("""'[^']*'|"[^"]*"  """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Quoted();

    [GeneratedRegex("""(?<![\w.~])(?<root>item|config|job)\.(?<name>[A-Za-z_][\w-]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex Property();

    [GeneratedRegex("""^(?:~+|-?\d+(?:\.\d+)?|true|false|nil|null|empty|blank|(?<root>[A-Za-z_]\w*)(?:\.[A-Za-z_][\w-]*|\[[^\]]+\])*)$""", RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    [GeneratedRegex("""^(?<name>[a-z_0-9]+)\s*(?::.*)?$""", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Filter();
}
