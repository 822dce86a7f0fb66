using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;

namespace StashAI.Gateway.Wire.Requests;

/// <summary>
/// Refuses a query that its route would not use as it stands: parameters that the route does not document, and values that are not valid.
/// What <see cref="RouteDoc"/> says of a route is all that its handler can read, so the two cannot differ.
/// </summary>
internal sealed class ParameterCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteDoc>() is { } route) Check(context.Request, route);
        return next(context);
    }

    private static void Check(HttpRequest request, RouteDoc route)
    {
        // A page or a probe reads no query; the query of a body of lines is its configuration.
        if (route.Body is not null || !route.HasFreeQuery(request)) QueryText.Check(request.QueryString);
        if (route.HasFreeQuery(request)) return;
        if (request.QueryString.HasValue)
        {
            var known = route.QueryParameters;
            foreach (var (name, values) in request.Query)
            {
                var parameter = Find(known, name);
                if (values.Count > 1 && !parameter.MayRepeat) throw RequestException.Repeated(parameter.Name);
                QueryValues.Check(parameter, values.ToString());
            }

            if (known.Contains(ParameterDoc.Cursor) && known.Contains(ParameterDoc.Offset)) CheckPlace(request.Query);
        }

        // Both headers count on every route: a typing error in one is a mistake, wherever it would have an effect.
        var dialect = DialectWords.Parse(request.Headers[DialectWords.Header]);
        if (dialect is not null && DialectWords.Parse(request.Query.Text(ParameterDoc.Dialect)) is { } other && other != dialect)
        {
            throw RequestException.Invalid(
                ParameterDoc.Dialect.Name, $"differs from the header {DialectWords.Header}; send one of them, or the same in both.");
        }

        _ = Preference.WaitOf(request);
    }

    /// <summary>A page starts at one place. Clients that send every parameter send an offset of 0.</summary>
    private static void CheckPlace(IQueryCollection query)
    {
        if (query.Text(ParameterDoc.Cursor) is not null && query.Text(ParameterDoc.Offset) is { } offset && offset.Trim('0').Length > 0)
        {
            throw RequestException.Invalid(
                ParameterDoc.Offset.Name, "is given besides cursor, which already says where the page starts; send one of them.");
        }
    }

    private static ParameterDoc Find(IReadOnlyList<ParameterDoc> parameters, string name)
    {
        // The framework reads a query without regard to the case of names.
        foreach (var parameter in parameters)
        {
            if (parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return parameter;
        }

        string[] known = [.. parameters.Select(parameter => parameter.Name)];
        throw RequestException.Invalid(
            Excerpt.Of(name),
            $"this route has no such parameter in its query.{FieldCheck.Suggest(name, known)} Known are: {Excerpt.List(known)}.");
    }
}
