using System.Text;
using StashAI.Adapters.Http.Schemas;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Builds the request of an operation.</summary>
internal sealed record RequestTemplate
{
    /// <summary>The longest query in characters; servers accept less.</summary>
    private const int MaxQueryLength = 64 * 1024;

    /// <summary>
    /// The address of the last call, where it is the same for all items: parsing it again would be a tenth of what building a request
    /// costs.
    /// </summary>
    private volatile FixedAddress? fixedAddress;

    public required HttpMethod Method { get; init; }

    /// <summary>The path after the instance's address. It starts with a slash; inserted values are escaped.</summary>
    public required TextTemplate Path { get; init; }

    /// <summary>The path as declared.</summary>
    public required string PathText { get; init; }

    public required IReadOnlyList<KeyValuePair<string, TextTemplate>> Query { get; init; }

    /// <summary>The names that its templates may use.</summary>
    public required TemplateScope Scope { get; init; }

    /// <summary>The body; null for a request without a body.</summary>
    public BodyTemplate? Body { get; init; }

    /// <summary>Headers that the route needs; those of the service come before them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>True when it is the item, or is made of the item's bytes: it has no templates and no files.</summary>
    public bool SendsItem => Query.Count == 0 && Path.IsConstant && Body is BodyTemplate.WholeItem or BodyTemplate.MappedItem;

    /// <summary>The templates that every request needs: those of the path and the body.</summary>
    public IEnumerable<TextTemplate> RequiredTemplates => [Path, .. Body?.Templates ?? []];

    public IEnumerable<TextTemplate> Templates => [.. RequiredTemplates, .. Query.Select(pair => pair.Value)];

    /// <summary>The same request without the query parameters for which <paramref name="isConfigured"/> is true.</summary>
    public RequestTemplate WithoutQuery(Func<TextTemplate, bool> isConfigured) =>
        this with { Query = [.. Query.Where(pair => !isConfigured(pair.Value))] };

    /// <summary>Builds the request to an instance of the service.</summary>
    /// <exception cref="FormatException">A rendered value cannot be sent.</exception>
    public async Task<HttpRequestMessage> BuildAsync(
        Uri instance, IReadOnlyList<KeyValuePair<string, string>> headers, TemplateValues values, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(Method, await BuildAddressAsync(instance, values, cancellationToken));
        try
        {
            if (Body is not null) request.Content = await Body.BuildAsync(values, cancellationToken);
            foreach (var (name, value) in headers)
            {
                if (request.Headers.TryAddWithoutValidation(name, value)) continue;
                // This is a content header; it is sent even if there is no body.
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }

            foreach (var (name, value) in Headers)
            {
                if (!request.Headers.Contains(name)) request.Headers.TryAddWithoutValidation(name, value);
            }

            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private ValueTask<Uri> BuildAddressAsync(Uri instance, TemplateValues values, CancellationToken cancellationToken)
    {
        if (Query.Count > 0 || !Path.IsConstant) return new ValueTask<Uri>(RenderAddressAsync(instance, values, cancellationToken));
        if (fixedAddress is { } last && last.Instance == instance) return new ValueTask<Uri>(last.Address);
        var address = RequestPath.ToUri(RequestPath.AddQuery(RequestPath.Join(instance, RenderPath(values)), instance.Query));
        fixedAddress = new FixedAddress(instance, address);
        return new ValueTask<Uri>(address);
    }

    private async Task<Uri> RenderAddressAsync(Uri instance, TemplateValues values, CancellationToken cancellationToken)
    {
        var address = new StringBuilder(RequestPath.AddQuery(RequestPath.Join(instance, RenderPath(values)), instance.Query));
        foreach (var (name, template) in Query)
        {
            if (template.RenderOrNull(values) is not { } text) continue;
            var value = Uri.EscapeDataString(await TokenContent.ExpandAsync(text, values, cancellationToken, MaxQueryLength));
            if (address.Length + value.Length > MaxQueryLength)
            {
                throw new FormatException(
                    $"The query is longer than {MaxQueryLength} characters with {Excerpt.Of(name)}: send this value in the body instead.");
            }

            address.Append(address.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(Uri.EscapeDataString(name))
                .Append('=').Append(value);
        }

        return RequestPath.ToUri(address.ToString());
    }

    /// <summary>Renders the path.</summary>
    /// <exception cref="FormatException">An output is empty and leaves an empty segment.</exception>
    private string RenderPath(TemplateValues values)
    {
        var path = Path.Render(values);
        return RequestPath.AddsEmptySegment(PathText, path)
            ? throw new FormatException(
                $"The path has an empty segment where the service's template inserts a value ({Excerpt.Of(path)}), which leads to another "
                + "path than the one declared: give a value.")
            : path;
    }

    private sealed record FixedAddress(Uri Instance, Uri Address);
}
