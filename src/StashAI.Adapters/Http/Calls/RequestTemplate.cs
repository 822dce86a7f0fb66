using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>How the request of one operation is made.</summary>
internal sealed record RequestTemplate
{
    public required HttpMethod Method { get; init; }

    /// <summary>Begins with a slash; what it puts in is escaped.</summary>
    public required TextTemplate Path { get; init; }

    /// <summary>The path's text in the declaration.</summary>
    public required string PathText { get; init; }

    public required IReadOnlyList<KeyValuePair<string, TextTemplate>> Query { get; init; }

    /// <summary>Null for none.</summary>
    public BodyTemplate? Body { get; init; }

    /// <summary>The request to an instance of the service.</summary>
    /// <exception cref="FormatException">What a template gave cannot be sent.</exception>
    public async Task<HttpRequestMessage> BuildAsync(
        Uri instance, IReadOnlyList<KeyValuePair<string, string>> headers, TemplateValues values, CancellationToken cancellationToken)
    {
        var address = instance.GetLeftPart(UriPartial.Path).TrimEnd('/') + Path.Render(values);
        for (var i = 0; i < Query.Count; i++)
        {
            var value = Uri.EscapeDataString(await TokenContent.ExpandAsync(Query[i].Value.Render(values), values, cancellationToken));
            address += $"{(i == 0 && !address.Contains('?', StringComparison.Ordinal) ? '?' : '&')}{Uri.EscapeDataString(Query[i].Key)}={value}";
        }

        var request = new HttpRequestMessage(Method, address);
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
}
