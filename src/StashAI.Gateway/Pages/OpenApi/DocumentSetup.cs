using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Sets up the framework's generator, which creates the document from endpoints with a <see cref="RouteDoc"/>.</summary>
internal static class DocumentSetup
{
    /// <summary>The name of the document.</summary>
    public const string Name = "v1";

    private const string Suffix = "Shape";

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => DocJson.Set(json.SerializerOptions));
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, PlainRouteDescriptions>());
        return services.AddOpenApi(Name, options =>
        {
            options.ShouldInclude = static description => DocOf(description) is not null;
            // Only the document's types are components; free JSON is described where it is used.
            options.CreateSchemaReferenceId = static type => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } id
                && id.EndsWith(Suffix, StringComparison.Ordinal)
                ? id[..^Suffix.Length]
                : null;
            options.AddSchemaTransformer<ShapeSchemas>();
            options.AddOperationTransformer<RouteOperations>();
            options.AddDocumentTransformer<DocumentParts>();
            options.AddDocumentTransformer<ServicePaths>();
        });
    }

    /// <summary>The name of a type's component.</summary>
    public static string IdOf(Type type) => type.Name[..^Suffix.Length];

    /// <summary>The description of a route; null for a route that is not in the document.</summary>
    public static RouteDoc? DocOf(ApiDescription description) =>
        description.ActionDescriptor.EndpointMetadata.OfType<RouteDoc>().LastOrDefault();
}
