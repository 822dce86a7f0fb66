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
        }

        // Both headers count on every route: a typing error in one is a mistake, wherever it would have an effect.
        DialectWords.Parse(request.Headers[DialectWords.Header]);
        _ = Preference.WaitOf(request);
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
