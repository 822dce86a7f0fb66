using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Secrets;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>The values that a declaration takes from the environment, and the addresses that may receive them.</summary>
internal sealed partial class DeclaredSecrets
{
    private readonly ServiceDeclaration declaration;
    private readonly Uri address;

    public DeclaredSecrets(ServiceDeclaration declaration, Uri address, Func<string, string?> environment)
    {
        (this.declaration, this.address) = (declaration, address);
        var texts = declaration.Operations.SelectMany(TemplatesOf).Where(text => text.HasReferences).ToList();
        var references = texts.SelectMany(text => EnvironmentReferences.Resolve(text.Source, environment)).DistinctBy(pair => pair.Key)
            .ToDictionary();
        Values = new ConfiguredValues(
            references, FromEnvironment(declaration).ToDictionary(pair => pair.Key, pair => environment(pair.Value.Environment!)!));
        HealthPath = declaration.Health?.ResolveEscaped(environment);
        List<EnvironmentText> all =
        [
            .. texts.Select(text => new EnvironmentText(text.Source)),
            .. declaration.Headers.Select(header => header.Value),
            .. declaration.Health is { } health ? [health] : Array.Empty<EnvironmentText>(),
        ];
        Mask = new SecretMask([.. all.SelectMany(text => text.Values(environment)), .. Values.Config.Values,
            .. SecretsInUrl(declaration.Url, address, environment), .. SecretsInHeaders(declaration)]);
        ResultMask = new SecretMask(all.SelectMany(text => text.SecretValues(environment)).Concat(Values.Config.Values)
            .Concat(SecretsInHeaders(declaration)).Where(IsLongEnough));
    }

    /// <summary>The values from the environment that templates use.</summary>
    public ConfiguredValues Values { get; }

    /// <summary>The health path with its references resolved; null when there is none.</summary>
    public string? HealthPath { get; }

    /// <summary>Hides all of these values in messages.</summary>
    public SecretMask Mask { get; }

    /// <summary>Hides secrets in results, in case a service echoes what it was sent.</summary>
    public SecretMask ResultMask { get; }

    /// <summary>The configuration keys whose values come from the environment.</summary>
    public static IEnumerable<KeyValuePair<string, FieldSchema>> FromEnvironment(ServiceDeclaration declaration) =>
        declaration.Config.Properties.Where(property => property.Value.Environment is not null);

    /// <summary>All templates of an operation, including those of its packed call.</summary>
    public static IEnumerable<TextTemplate> TemplatesOf(DeclaredOperation operation) =>
        operation.Request.Templates.Concat(operation.Pack?.Request.Templates ?? []);

    /// <summary>
    /// True when an address may receive the headers and the values from the environment: it is the service's own address or one that the
    /// declaration lists. Values for an https address are never sent over http.
    /// </summary>
    public bool MayGoTo(Uri instance)
    {
        if (address.Scheme == Uri.UriSchemeHttps && instance.Scheme != Uri.UriSchemeHttps) return false;
        return (instance.Scheme == address.Scheme && instance.Port == address.Port
            && string.Equals(instance.IdnHost, address.IdnHost, StringComparison.OrdinalIgnoreCase))
            || declaration.CredentialsFor.Any(target => target.Matches(instance));
    }

    /// <summary>True when a template uses a value from the environment.</summary>
    public bool UsesEnvironment(TextTemplate template) =>
        template.HasReferences || (Values.Config.Count > 0 && ConfigReference().Matches(template.Source)
            .Any(match => !match.Groups["key"].Success || Values.Config.ContainsKey(match.Groups["key"].Value)));

    /// <summary>Whether a value is so long that finding it in an answer cannot be a coincidence.</summary>
    public static bool IsLongEnough(string value) => value.Length >= 8;

    /// <summary>The secrets in the URL: the path and the query if they come from the environment; host and port are not secret.</summary>
    private static IEnumerable<string> SecretsInUrl(EnvironmentText url, Uri address, Func<string, string?> environment)
    {
        foreach (var value in url.Values(environment))
        {
            if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                if (uri.Query.Length > 1) yield return uri.Query[1..];
                foreach (var segment in uri.AbsolutePath.Split('/').Select(Uri.UnescapeDataString).Where(LooksLikeToken))
                {
                    yield return segment;
                }
            }
            else if (!address.Authority.Contains(value, StringComparison.OrdinalIgnoreCase))
            {
                yield return value;
            }
        }
    }

    /// <summary>
    /// The secrets that the declaration itself contains as values of secret headers: the whole value, and its longer words, because a
    /// service that echoes a token may omit <c>Bearer</c>.
    /// </summary>
    private static IEnumerable<string> SecretsInHeaders(ServiceDeclaration declaration) => declaration.Headers
        .Where(header => EnvironmentText.IsSecretName(header.Key.ToUpperInvariant()) && !header.Value.HasReferences)
        .SelectMany(header => header.Value.Source.Split(' ', ';', ',', '=').Where(IsLongEnough).Prepend(header.Value.Source));

    /// <summary>
    /// Whether a path segment may be a token: tokens are long and mix letters and digits, unlike <c>v1</c> or <c>completions</c>.
    /// </summary>
    private static bool LooksLikeToken(string segment) =>
        segment.Length >= 12 && segment.Any(char.IsAsciiDigit) && segment.Any(char.IsAsciiLetter);

    /// <summary><c>config.key</c>; without a key it means the whole configuration, or a key that is not known before rendering.</summary>
    [GeneratedRegex("""(?<![\w.])config\b(?:\.(?<key>[A-Za-z_][\w-]*))?""", RegexOptions.CultureInvariant)]
    private static partial Regex ConfigReference();
}
