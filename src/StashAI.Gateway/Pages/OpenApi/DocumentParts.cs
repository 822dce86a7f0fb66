using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>The parts of the document about the whole API.</summary>
internal sealed class DocumentParts : IOpenApiDocumentTransformer
{
    public async Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "StashAI Server",
            Version = HealthRoutes.Version,
            Description = "A gateway that turns an AI service which takes one item at a time into a durable, observable batch system. "
                + "Submit a job, follow it live, read its results. Every error is a problem (RFC 9457) that "
                + "names the field and how to fix it.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [new OpenApiServer { Url = OpenApiRoute.ServerMark }];
        document.Tags = new HashSet<OpenApiTag>(
            Chapter.All.Select(chapter => new OpenApiTag { Name = chapter.Name, Description = chapter.Meaning }));
        document.AddComponent(
            DocumentSetup.IdOf(typeof(ProblemShape)), await context.GetOrCreateSchemaAsync(typeof(ProblemShape), null, cancellationToken));
        document.AddComponent(
            DocumentSetup.IdOf(typeof(OpenAiErrorShape)),
            await context.GetOrCreateSchemaAsync(typeof(OpenAiErrorShape), null, cancellationToken));
        document.AddComponent(
            DocumentSetup.IdOf(typeof(AnthropicErrorShape)),
            await context.GetOrCreateSchemaAsync(typeof(AnthropicErrorShape), null, cancellationToken));
        foreach (var (name, response) in Refusals.Components())
        {
            document.AddComponent(name, DocFragment.Read<OpenApiResponse>(response, document));
        }

        document.AddComponent("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.AddComponent(
            "key", new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key" });
        foreach (var parameter in ParameterDoc.Components)
        {
            document.AddComponent(parameter.Component!, DocFragment.Read<OpenApiSchema>(RouteOperations.Words(parameter), document));
        }

        foreach (var type in context.DescriptionGroups.SelectMany(group => group.Items)
            .SelectMany(route => DocumentSetup.DocOf(route)!.Answers).Select(answer => answer.Type).Distinct())
        {
            if (type?.GetCustomAttribute<OneOfAttribute>() is { } choice) Choose(type, choice, document);
        }

        // The generator omits the type of words, and adds null to them if the first field it finds may be null.
        foreach (var schema in document.Components!.Schemas!.Values.OfType<OpenApiSchema>()
            .Where(schema => schema is { Enum.Count: > 0, Type: null }))
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. schema.Enum!.Where(word => word?.GetValueKind() == JsonValueKind.String)];
        }
    }

    /// <summary>Describes an answer with one of several types.</summary>
    private static void Choose(Type type, OneOfAttribute choice, OpenApiDocument document)
    {
        var schema = (OpenApiSchema)document.Components!.Schemas![DocumentSetup.IdOf(type)];
        (schema.Type, schema.Properties, schema.Required, schema.OneOf) = (null, null, null, []);
        schema.Discriminator =
            new OpenApiDiscriminator { PropertyName = choice.Discriminator, Mapping = new Dictionary<string, OpenApiSchemaReference>() };
        foreach (var one in type.GetProperties().Select(property => property.PropertyType))
        {
            schema.OneOf.Add(new OpenApiSchemaReference(DocumentSetup.IdOf(one), document));
            foreach (var word in DocJson.WordsOf(one, choice.Discriminator))
                schema.Discriminator.Mapping.Add(word, new OpenApiSchemaReference(DocumentSetup.IdOf(one), document));
        }
    }
}
