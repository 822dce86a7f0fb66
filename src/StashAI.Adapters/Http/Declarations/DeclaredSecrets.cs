using System.Text.RegularExpressions;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Secrets;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>What a declaration takes from the environment, and which addresses may have it.</summary>
internal sealed partial class DeclaredSecrets
{
    private readonly ServiceDeclaration declaration;
    private readonly Uri address;

    public DeclaredSecrets(ServiceDeclaration declaration, Uri address, Func<string, string?> environment)
    {
        (this.declaration, this.address) = (declaration, address);
        var texts = declaration.Operations.SelectMany(Texts).Where(text => text.HasReferences).ToList();
        var references = texts.SelectMany(text => References.Resolve(text.Source, environment)).DistinctBy(one => one.Key).ToDictionary();
        Values = new ConfiguredValues(references, FromEnvironment(declaration).ToDictionary(one => one.Key, one => environment(one.Value.Environment!)!));
        Health = declaration.Health?.ResolveEscaped(environment);
        List<EnvironmentText> all =
        [
            .. texts.Select(text => new EnvironmentText(text.Source)), .. declaration.Headers.Select(header => header.Value), .. declaration.Health is { } health ? [health] : Array.Empty<EnvironmentText>(),
        ];
        Mask = new SecretMask([.. all.SelectMany(text => text.Values(environment)), .. Values.Config.Values, .. OfUrl(declaration.Url, address, environment)]);
        AnswerMask = new SecretMask(all.SelectMany(text => text.SecretValues(environment)).Concat(Values.Config.Values).Where(IsLong));
    }

    /// <summary>What the environment gives to templates.</summary>
    public ConfiguredValues Values { get; }

    /// <summary>The health path with its references looked up; null for none.</summary>
    public string? Health { get; }

    /// <summary>Hides all of it in texts for people.</summary>
    public SecretMask Mask { get; }

    /// <summary>Hides declared secrets in results, where a service repeats what it was sent.</summary>
    public SecretMask AnswerMask { get; }

    /// <summary>The keys of a configuration whose values the environment has.</summary>
    public static IEnumerable<KeyValuePair<string, FieldSchema>> FromEnvironment(ServiceDeclaration declaration) =>
        declaration.Config.Properties.Where(property => property.Value.Environment is not null);

    /// <summary>All templates of an operation, with those of its packed call.</summary>
    public static IEnumerable<TextTemplate> Texts(DeclaredOperation operation) => operation.Request.Texts.Concat(operation.Pack?.Request.Texts ?? []);

    /// <summary>
    /// True when the headers, and what the environment puts into queries and bodies, may go to an address: that of the service itself, or one
    /// that the declaration names. What belongs to an https address never goes over http.
    /// </summary>
    public bool MayGoTo(Uri instance)
    {
        if (address.Scheme == Uri.UriSchemeHttps && instance.Scheme != Uri.UriSchemeHttps) return false;
        return (instance.Scheme == address.Scheme && instance.Port == address.Port && string.Equals(instance.IdnHost, address.IdnHost, StringComparison.OrdinalIgnoreCase))
            || declaration.CredentialsFor.Any(target => target.Matches(instance));
    }

    /// <summary>True when a template puts in something that the environment gives.</summary>
    public bool IsConfigured(TextTemplate template) =>
        template.HasReferences || (Values.Config.Count > 0 && Config().Matches(template.Source).Any(match => !match.Groups["key"].Success || Values.Config.ContainsKey(match.Groups["key"].Value)));

    /// <summary>A text of this length in an answer is no coincidence.</summary>
    public static bool IsLong(string value) => value.Length >= 8;

    /// <summary>What stands behind the authority of the url is a secret as soon as the environment gives it; host and port are not.</summary>
    private static IEnumerable<string> OfUrl(EnvironmentText url, Uri address, Func<string, string?> environment)
    {
        foreach (var value in url.Values(environment))
        {
            if (Uri.TryCreate(value, UriKind.Absolute, out var whole) && whole.Scheme is "http" or "https")
            {
                if (whole.Query.Length > 1) yield return whole.Query[1..];
            }
            else if (!address.Authority.Contains(value, StringComparison.OrdinalIgnoreCase))
            {
                yield return value;
            }
        }
    }

    /// <summary>`config.key`; without the key it is the whole configuration, or a way to it that cannot be followed.</summary>
    [GeneratedRegex("""(?<![\w.])config\b(?:\.(?<key>[A-Za-z_][\w-]*))?""", RegexOptions.CultureInvariant)]
    private static partial Regex Config();
}
