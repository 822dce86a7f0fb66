using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Batch;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>
/// Adds each service of the catalog to the document: its routes by name, with the schemas of its items and its configuration. One set of
/// routes serves them all, and which services there are may change while the server runs.
/// </summary>
internal sealed class ServicePaths(ServiceCatalog catalog) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var role = RoleOf(context.DescriptionGroups);
        foreach (var entry in catalog.Current.Declared.Values)
        {
            document.Tags!.Add(new OpenApiTag { Name = entry.Name, Description = entry.Description ?? "A declared service." });
            AddSchema(ServiceBody.ConfigName(entry), ConfigSchema.Of(entry));
            foreach (var operation in entry.Operations)
            {
                AddSchema(ServiceBody.ItemName(entry, operation), FieldSchemaNode.Of(operation.Item));
            }

            foreach (var (name, schema) in ServiceBody.Components(entry)) AddSchema(name, schema);
            foreach (var (path, operation) in Operations(entry))
            {
                var item = DocFragment.Read<OpenApiPathItem>(new JsonObject { ["post"] = operation }, document);
                RouteOperations.Access(item.Operations![HttpMethod.Post], role, document);
                document.Paths[path] = item;
            }
        }

        return Task.CompletedTask;

        void AddSchema(string name, JsonObject schema) => document.AddComponent(name, DocFragment.Schema(schema, document));
    }

    /// <summary>The role of the services' routes.</summary>
    private static RouteScope? RoleOf(IReadOnlyList<ApiDescriptionGroup> groups) => groups.SelectMany(group => group.Items)
        .First(description => DocumentSetup.DocOf(description)?.Id == BatchDocs.Job.Id).ActionDescriptor.EndpointMetadata
        .OfType<RouteScope>().LastOrDefault();

    private static IEnumerable<(string Path, JsonObject Operation)> Operations(ServiceEntry entry)
    {
        yield return Of("task", "task", "Create a task", entry.Operations, isSingle: true);
        yield return Of("job", "job", "Create a job", entry.Operations, isSingle: false);
        yield return Of("batch", "batch", "Create a job (the same as `/job`)", entry.Operations, isSingle: false);
        foreach (var operation in entry.Operations)
        {
            yield return Of($"batch/{operation.Name}", $"batch.{operation.Name}", "Create a job", [operation], isSingle: false);
        }

        (string Path, JsonObject Operation) Of(
            string path, string id, string summary, IReadOnlyList<ServiceOperation> operations, bool isSingle) =>
            ($"/api/{entry.Name}/{path}", new JsonObject
            {
                // No name has a dot, so no two ids are the same.
                ["operationId"] = $"service.{entry.Name}.{id}",
                ["tags"] = new JsonArray(entry.Name),
                ["summary"] = operations.Count == 1 ? $"{summary} of {entry.Name}: {operations[0].Name}" : $"{summary} of {entry.Name}",
                ["description"] = Description(entry, operations, isSingle),
                ["parameters"] = Parameters(operations, entry.Default),
                ["requestBody"] = new ServiceBody(entry, operations).Write(isSingle),
                ["responses"] = Responses(entry, operations[0], isSingle),
            });
    }

    private static string Description(ServiceEntry entry, IReadOnlyList<ServiceOperation> operations, bool isSingle)
    {
        var parts = new List<string?> { entry.Description };
        foreach (var operation in operations)
        {
            if (operation.Description is { } text) parts.Add($"`{operation.Name}`: {text}");
            if (operation.Cost?.PerItem is { } cost) parts.Add(FormattableString.Invariant($"An item of `{operation.Name}` costs {cost}."));
        }

        if (!isSingle) parts.Add("With `application/x-ndjson` each line is an item, and the configuration stands in the query.");
        return string.Join("\n\n", parts.OfType<string>());
    }

    private static JsonArray Parameters(IReadOnlyList<ServiceOperation> operations, ServiceOperation? usual)
    {
        // Generated clients take them in this order, so a new one goes to the end.
        var parameters =
            new JsonArray { RouteOperations.Parameter(ParameterDoc.IdempotencyKey), RouteOperations.Parameter(ParameterDoc.Prefer) };
        if (operations.Count > 1)
        {
            var operation = RouteOperations.Parameter(BatchDocs.OperationName with { Words = [.. operations.Select(one => one.Name)] });
            operation["required"] = usual is null;
            parameters.Add((JsonNode)operation);
        }

        parameters.Add((JsonNode)RouteOperations.Parameter(ParameterDoc.Dialect));
        return parameters;
    }

    private static JsonObject Responses(ServiceEntry entry, ServiceOperation operation, bool isSingle)
    {
        var doc = isSingle ? BatchDocs.Task : BatchDocs.Job;
        var acknowledged = (isSingle ? BatchDocs.AcknowledgedTask : BatchDocs.Acknowledged) with
        {
            AdapterName = entry.Name,
            Operation = operation.Name,
            EstimatedCost = (double?)operation.Cost?.PerItem,
        };
        var responses = new JsonObject
        {
            ["202"] = Answer(SubmitDoc.Acknowledgement, acknowledged),
            ["200"] = Answer(SubmitDoc.Waited, Samples.Done(acknowledged)),
        };
        foreach (var status in Refusals.Of(doc, null))
        {
            responses[status] = new JsonObject { ["$ref"] = $"#/components/responses/{Refusals.NameOf(status, doc)}" };
        }

        return responses;
    }

    private static JsonObject Answer(string description, SubmitAnswerShape example) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject
        {
            [AnswerDoc.Json] = new JsonObject
            {
                ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{DocumentSetup.IdOf(typeof(SubmitAnswerShape))}" },
                ["example"] = DocJson.Node(example),
            },
        },
    };
}
