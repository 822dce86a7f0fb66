using System.Text;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>How the request of one operation is made.</summary>
internal sealed record RequestTemplate
{
    /// <summary>More than servers take.</summary>
    private const int MaxQuery = 64 * 1024;

    public required HttpMethod Method { get; init; }

    /// <summary>Begins with a slash; what it puts in is escaped.</summary>
    public required TextTemplate Path { get; init; }

    /// <summary>The path's text in the declaration.</summary>
    public required string PathText { get; init; }

    public required IReadOnlyList<KeyValuePair<string, TextTemplate>> Query { get; init; }

    /// <summary>What its templates may name.</summary>
    public required TemplateScope Scope { get; init; }

    /// <summary>Null for none.</summary>
    public BodyTemplate? Body { get; init; }

    /// <summary>The templates that a request cannot do without: those of the path and the body.</summary>
    public IEnumerable<TextTemplate> Needed => [Path, .. Body?.Texts ?? []];

    /// <summary>All templates.</summary>
    public IEnumerable<TextTemplate> Texts => [.. Needed, .. Query.Select(one => one.Value)];

    /// <summary>The same without the parameters of the query that <paramref name="isConfigured"/> finds to hold something of the operator's.</summary>
    public RequestTemplate WithoutQuery(Func<TextTemplate, bool> isConfigured) => this with { Query = [.. Query.Where(one => !isConfigured(one.Value))] };

    /// <summary>The request to an instance of the service.</summary>
    /// <exception cref="FormatException">What a template gave cannot be sent.</exception>
    public async Task<HttpRequestMessage> BuildAsync(
        Uri instance, IReadOnlyList<KeyValuePair<string, string>> headers, TemplateValues values, CancellationToken cancellationToken)
    {
        var address = new StringBuilder(RequestPath.Join(instance, PathOf(values)));
        foreach (var (name, template) in Query)
        {
            if (template.RenderOrNothing(values) is not { } text) continue;
            var value = Uri.EscapeDataString(await TokenContent.ExpandAsync(text, values, cancellationToken, MaxQuery));
            if (address.Length + value.Length > MaxQuery) throw new FormatException($"The query is longer than {MaxQuery} characters with {Shorter.Of(name)}: send it in a body.");
            address.Append(address.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(Uri.EscapeDataString(name)).Append('=').Append(value);
        }

        var request = new HttpRequestMessage(Method, RequestPath.ToUri(address.ToString()));
        try
        {
            if (Body is not null) request.Content = await Body.BuildAsync(values, cancellationToken);
            foreach (var (name, value) in headers)
            {
                if (request.Headers.TryAddWithoutValidation(name, value)) continue;
                // A header of the content, which goes along also where there is none.
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }

            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    /// <summary>The path of this call.</summary>
    /// <exception cref="FormatException">An output that is empty takes its segment away.</exception>
    private string PathOf(TemplateValues values)
    {
        var path = Path.Render(values);
        return RequestPath.LosesSegment(PathText, path)
            ? throw new FormatException($"The path has an empty segment where the service's template puts a value in ({Shorter.Of(path)}): that leads to another place than the one declared.")
            : path;
    }
}
