using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Reads a part of the document from JSON.</summary>
internal static class DocFragment
{
    /// <exception cref="InvalidOperationException">The JSON is not valid for the part.</exception>
    public static T Read<T>(JsonObject json, OpenApiDocument document)
        where T : IOpenApiElement
    {
        var part = OpenApiModelFactory.Parse<T>(
            json.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out var diagnostic, OpenApiConstants.Json);
        // Rules for whole documents, such as those of paths, do not apply to a part; a test checks the document.
        OpenApiError[] errors = [.. diagnostic.Errors.Where(error => error is not OpenApiValidatorError)];
        return errors.Length == 0 && part is not null
            ? part
            : throw new InvalidOperationException($"{typeof(T).Name}: {string.Join("; ", errors.Select(error => error.Message))}");
    }

    /// <summary>A schema, or the reference to one.</summary>
    public static IOpenApiSchema Schema(JsonObject json, OpenApiDocument document) =>
        json is { Count: 1 } && (string?)json["$ref"] is { } reference
            ? new OpenApiSchemaReference(reference[(reference.LastIndexOf('/') + 1)..], document)
            : Read<OpenApiSchema>(json, document);
}
