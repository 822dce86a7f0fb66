using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Adds to each operation its route's parameters, examples, role and refusals.</summary>
internal sealed class RouteOperations : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var doc = DocumentSetup.DocOf(context.Description)!;
        var role = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteScope>().LastOrDefault();
        operation.Parameters = doc.Parameters.Count == 0
            ? null
            : [.. doc.Parameters.Select(parameter => DocFragment.Read<OpenApiParameter>(Parameter(parameter), document))];
        if (doc.Body is { } body) Complete(operation.RequestBody, body, document);
        foreach (var answer in doc.Answers) Complete((OpenApiResponse)operation.Responses![$"{answer.Status}"], answer);
        foreach (var status in Refusals.Of(doc, role?.Scope))
        {
            operation.Responses!.TryAdd(status, new OpenApiResponseReference(Refusals.NameOf(status, doc), document));
        }

        Access(operation, role, document);
        return Task.CompletedTask;
    }

    /// <summary>A parameter as JSON.</summary>
    public static JsonObject Parameter(ParameterDoc parameter)
    {
        var schema = parameter.Component is { } name ? new JsonObject { ["$ref"] = $"#/components/schemas/{name}" } : Words(parameter);
        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.Place,
            ["required"] = parameter.Place == "path",
            ["description"] = parameter.Meaning,
            ["schema"] = schema,
        };
    }

    /// <summary>The schema of a parameter.</summary>
    public static JsonObject Words(ParameterDoc parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Format is { } format) schema["format"] = format;
        if (parameter is { Type: "integer" or "number", Place: "query" })
            (schema["minimum"], schema["maximum"]) = (parameter.Least, parameter.Most);
        if (parameter.Words.Count > 0) schema["enum"] = new JsonArray([.. parameter.Words.Select(word => (JsonNode)word)]);
        return schema;
    }

    /// <summary>Describes who may call an operation.</summary>
    public static void Access(OpenApiOperation operation, RouteScope? role, OpenApiDocument document)
    {
        var need = role?.Scope is { } scope
            ? $"Where the server has API keys, this takes one of the scope `{Settings.ApiScopeWords.Of(scope)}`."
            : "Needs no API key.";
        operation.Description = string.IsNullOrEmpty(operation.Description) ? need : $"{operation.Description}\n\n{need}";
        operation.Security = role?.Scope is null
            ? []
            : [[], new() { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new() { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
    }

    private static void Complete(IOpenApiRequestBody? request, BodyDoc body, OpenApiDocument document)
    {
        request!.Content!.Remove(RouteDocs.AnyType);
        var content = (OpenApiMediaType)request.Content[body.ContentType];
        ((OpenApiRequestBody)request).Required = body.IsRequired;
        if (body.ContentType != AnswerDoc.Json)
        {
            content.Schema = Bytes(body.ContentType);
            return;
        }

        if (body.Schema is { } schema)
        {
            document.AddComponent(body.Name!, DocFragment.Schema(schema(), document));
            content.Schema = new OpenApiSchemaReference(body.Name!, document);
        }

        content.Example = body.Example();
    }

    private static void Complete(OpenApiResponse response, AnswerDoc answer)
    {
        response.Description = answer.Description;
        if (answer.ContentType is not { } type) return;
        response.Content ??= new Dictionary<string, OpenApiMediaType>();
        if (!response.Content.TryGetValue(type, out var content))
        {
            response.Content[type] = content = new OpenApiMediaType { Schema = Bytes(type) };
        }

        if (answer.Example is { } example) content.Example = example();
    }

    private static OpenApiSchema Bytes(string contentType) => new()
    {
        Type = JsonSchemaType.String,
        Format = contentType.StartsWith("text/", StringComparison.Ordinal) ? null : "binary",
    };
}
