using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>
/// Describes the routes that the framework's provider skips: routes without a method (WebSocket, metrics), and routes whose handler takes
/// the whole request.
/// </summary>
internal sealed class PlainRouteDescriptions(EndpointDataSource endpoints) : IApiDescriptionProvider
{
    /// <summary>After the framework's provider, which is at -1100.</summary>
    public int Order => -1000;

    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
        var known = context.Results.Select(DocumentSetup.DocOf).OfType<RouteDoc>().ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<RouteDoc>() is { } doc && !known.Contains(doc)) context.Results.Add(Describe(endpoint, doc));
        }
    }

    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
    }

    private static ApiDescription Describe(RouteEndpoint endpoint, RouteDoc doc)
    {
        var description = new ApiDescription
        {
            HttpMethod = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? HttpMethods.Get,
            RelativePath = endpoint.RoutePattern.RawText!.TrimStart('/'),
            ActionDescriptor = new ActionDescriptor { DisplayName = endpoint.DisplayName, EndpointMetadata = [.. endpoint.Metadata] },
        };
        foreach (var answer in doc.Answers)
        {
            var type = new ApiResponseType { StatusCode = answer.Status, Type = answer.Type ?? typeof(void) };
            if (answer.ContentType is { } content && answer.Type is not null)
            {
                type.ApiResponseFormats.Add(new ApiResponseFormat { MediaType = content });
            }

            description.SupportedResponseTypes.Add(type);
        }

        return description;
    }
}
