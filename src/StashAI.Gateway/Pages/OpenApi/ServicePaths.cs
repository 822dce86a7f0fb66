using System.Text.Json.Nodes;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>What the document has of each service that came by a file: its routes by name, with the schemas of its items and its configuration.</summary>
internal static class ServicePaths
{
    private const string JobSchema = "ServiceJob";
    private const string TaskSchema = "ServiceTask";

    /// <summary>Adds the paths, tags and schemas of all services.</summary>
    /// <param name="document">The document so far.</param>
    /// <param name="services">The services.</param>
    /// <param name="scope">What their routes need.</param>
    public static void Add(JsonObject document, IEnumerable<ServiceEntry> services, ApiScope? scope)
    {
        var (tags, paths) = (document["tags"]!.AsArray(), document["paths"]!.AsObject());
        var schemas = document["components"]!["schemas"]!.AsObject();
        schemas[JobSchema] = ExampleSchema.Of(Examples.Get("service-job"));
        schemas[TaskSchema] = ExampleSchema.Of(Examples.Get("service-task"));
        foreach (var entry in services)
        {
            tags.Add((JsonNode)new JsonObject { ["name"] = entry.Name, ["description"] = entry.Description ?? "A service that came by a file." });
            schemas[ServiceBody.ConfigName(entry)] = ConfigSchema.Of(entry);
            foreach (var operation in entry.Operations) schemas[ServiceBody.ItemName(entry, operation)] = FieldSchemaNode.Of(operation.Item);
            AddPaths(paths, entry, scope);
        }
    }

    private static void AddPaths(JsonObject paths, ServiceEntry entry, ApiScope? scope)
    {
        Add("task", "task", "Make a task", entry.Operations, isSingle: true);
        Add("job", "job", "Make a job", entry.Operations, isSingle: false);
        Add("batch", "batch", "Make a job, by its other name", entry.Operations, isSingle: false);
        foreach (var operation in entry.Operations) Add($"batch/{operation.Name}", $"batch.{operation.Name}", "Make a job", [operation], isSingle: false);

        void Add(string path, string id, string summary, IReadOnlyList<ServiceOperation> operations, bool isSingle)
        {
            var isNamed = id.StartsWith("batch.", StringComparison.Ordinal);
            var operation = new JsonObject
            {
                // No name has a dot, so no two ids are the same.
                ["operationId"] = $"service.{entry.Name}.{id}",
                ["tags"] = new JsonArray(entry.Name),
                ["summary"] = isNamed || operations.Count == 1 ? $"{summary} of {entry.Name}: {operations[0].Name}" : $"{summary} of {entry.Name}",
                ["description"] = Description(entry, operations, isSingle),
                ["parameters"] = Parameters(operations),
                ["requestBody"] = new ServiceBody(entry, operations).Write(isSingle),
                ["responses"] = new JsonObject { ["202"] = Answer(entry, operations[0], isSingle), ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Problem" } },
            };
            ApiDocument.AddAccess(operation, scope);
            paths[$"/api/{entry.Name}/{path}"] = new JsonObject { ["post"] = operation };
        }
    }

    private static string Description(ServiceEntry entry, IReadOnlyList<ServiceOperation> operations, bool isSingle)
    {
        var parts = new List<string?> { entry.Description };
        foreach (var operation in operations)
        {
            if (operation.Description is { } text) parts.Add($"`{operation.Name}`: {text}");
            if (operation.CostPerItem is { } cost) parts.Add(FormattableString.Invariant($"An item of `{operation.Name}` costs {cost}."));
        }

        if (!isSingle) parts.Add("With `application/x-ndjson` each line is an item, and the configuration stands in the query.");
        return string.Join("\n\n", parts.OfType<string>());
    }

    private static JsonArray Parameters(IReadOnlyList<ServiceOperation> operations)
    {
        var parameters = new JsonArray { ApiDocument.Parameter(ApiParameter.IdempotencyKey), ApiDocument.Parameter(ApiParameter.Prefer) };
        if (operations.Count < 2) return parameters;
        parameters.Add((JsonNode)new JsonObject
        {
            ["name"] = "operation",
            ["in"] = "query",
            ["required"] = true,
            ["description"] = "Which of the service's operations.",
            ["schema"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. operations.Select(operation => (JsonNode)operation.Name)]) },
        });
        return parameters;
    }

    private static JsonObject Answer(ServiceEntry entry, ServiceOperation operation, bool isSingle)
    {
        var example = Examples.Get(isSingle ? "service-task" : "service-job").AsObject();
        example["adapter_name"] = entry.Name;
        example["operation"] = operation.Name;
        example["estimated_cost"] = operation.CostPerItem;
        return new JsonObject
        {
            ["description"] = SubmitChapter.Acknowledgement,
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{(isSingle ? TaskSchema : JobSchema)}" },
                    ["example"] = example,
                },
            },
        };
    }
}
