using Microsoft.AspNetCore.Http.Metadata;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>Adds routes to the API's document.</summary>
internal static class RouteDocs
{
    /// <summary>
    /// Keeps routing from refusing other content types: forms and NDJSON are read too, and many clients send JSON as text/plain.
    /// </summary>
    public const string AnyType = "*/*";

    /// <summary>Describes a route with the framework's metadata where possible, and with this program's for the rest.</summary>
    public static TBuilder Describe<TBuilder>(this TBuilder route, RouteDoc doc)
        where TBuilder : IEndpointConventionBuilder
    {
        route.WithName(doc.Id).WithTags(doc.Chapter).WithSummary(doc.Summary).WithMetadata(doc);
        if (doc.Description is { } description) route.WithDescription(description);
        if (doc.Body is { } body) route.WithMetadata(new AcceptsMetadata([body.ContentType, AnyType], body.Type, !body.IsRequired));
        foreach (var answer in doc.Answers)
        {
            route.WithMetadata(
                new ProducesResponseTypeMetadata(answer.Status, answer.Type ?? typeof(void), answer.ContentType is { } type ? [type] : []));
        }

        return route;
    }
}
