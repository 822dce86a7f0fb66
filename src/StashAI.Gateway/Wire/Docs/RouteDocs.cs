using Microsoft.AspNetCore.Http.Metadata;

namespace StashAI.Gateway.Wire.Docs;

/// <summary>Puts a route into the API's document.</summary>
internal static class RouteDocs
{
    /// <summary>Describes a route, in the framework's own metadata as far as that goes, and in ours for the rest.</summary>
    public static TBuilder Describe<TBuilder>(this TBuilder route, RouteDoc doc)
        where TBuilder : IEndpointConventionBuilder
    {
        route.WithName(doc.Id).WithTags(doc.Chapter).WithSummary(doc.Summary).WithMetadata(doc);
        if (doc.Description is { } description) route.WithDescription(description);
        if (doc.Body is { } body) route.WithMetadata(new AcceptsMetadata([AnswerDoc.Json], body.Type, !body.IsRequired));
        foreach (var answer in doc.Answers)
            route.WithMetadata(new ProducesResponseTypeMetadata(answer.Status, answer.Type ?? typeof(void), answer.ContentType is { } type ? [type] : []));
        return route;
    }
}
