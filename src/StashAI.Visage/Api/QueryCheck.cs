using StashAI.Hosting.Settings;
using StashAI.Visage.Hosting;

namespace StashAI.Visage.Api;

/// <summary>Refuses parameters that a route does not read: a misspelt one would have no effect, and nobody would notice.</summary>
internal sealed class QueryCheck(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint) Check(context.Request.Query, endpoint.Metadata.GetMetadata<QueryParameters>());
        return next(context);
    }

    private static void Check(IQueryCollection query, QueryParameters? route)
    {
        if (query.Count == 0 || route is { IsFree: true }) return;
        var known = route?.Names ?? [];
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var nearest = NearestName.Of(name, known) is { } near ? $" Did you mean '{near}'?" : "";
                var list = known.Count == 0 ? "It has none." : $"Known are: {string.Join(", ", known)}.";
                throw RequestRefusedException.Unprocessable(
                    name, $"{name}: this route has no such parameter in its query.{nearest} {list}");
            }

            if (values.Count > 1) throw RequestRefusedException.Unprocessable(name, $"{name} is given more than once; send it once.");
        }
    }
}
