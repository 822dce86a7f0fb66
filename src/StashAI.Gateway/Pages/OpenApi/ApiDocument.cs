using System.Text.Json.Nodes;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>The API as an OpenAPI 3.1 document, made from the catalog.</summary>
internal static class ApiDocument
{
    private const string Json = "application/json";

    /// <summary>The document; the scopes are those of the routes that are mapped.</summary>
    /// <param name="endpoints">What is mapped.</param>
    /// <param name="services">The services that came by files, as they are now.</param>
    public static JsonObject Write(EndpointDataSource endpoints, IEnumerable<ServiceEntry> services)
    {
        var document = Write(endpoints);
        ServicePaths.Add(document, services, ScopeOf(endpoints, ApiCatalog.Routes.First(route => route.Id == "service-job")));
        return document;
    }

    private static JsonObject Write(EndpointDataSource endpoints)
    {
        var paths = new JsonObject();
        foreach (var route in ApiCatalog.Routes)
        {
            if (paths[route.Path] is not JsonObject path) paths[route.Path] = path = [];
            path[route.Method.ToLowerInvariant()] = Operation(route, ScopeOf(endpoints, route));
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "StashAI Server",
                ["version"] = HealthRoutes.Version,
                ["description"] = "A gateway that turns an AI service which takes one item at a time into a durable, observable batch system. "
                    + "Submit a job, follow it live, read its results. Every error is a problem (RFC 9457) that names the field and the way out.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["tags"] = new JsonArray([.. ApiCatalog.Tags.Select(tag => new JsonObject { ["name"] = tag.Tag, ["description"] = tag.Meaning })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject { ["Problem"] = ExampleSchema.Of(Examples.Find("problem")) },
                ["responses"] = new JsonObject
                {
                    ["Problem"] = Content(
                        "The request was refused: what is wrong, and the way out.", Problem.ContentType,
                        new JsonObject { ["$ref"] = "#/components/schemas/Problem" }, Examples.Find("problem")),
                },
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-API-Key" },
                },
            },
        };
    }

    private static JsonObject Operation(ApiRoute route, ApiScope? scope)
    {
        var operation = new JsonObject { ["operationId"] = route.Id, ["tags"] = new JsonArray(route.Tag), ["summary"] = route.Summary };
        operation["description"] = route.Description;
        AddAccess(operation, scope);
        if (route.Parameters.Count > 0) operation["parameters"] = new JsonArray([.. route.Parameters.Select(Parameter)]);
        if (Examples.Find(route.Id + ".request") is { } body)
        {
            var content = Content("", Json, route.RequestSchema?.Invoke() ?? ExampleSchema.Of(body), body);
            content.Remove("description");
            content["required"] = route.NeedsBody;
            // A body may hold less than the example.
            if (route.RequestSchema is null) Loosen(content);
            operation["requestBody"] = content;
        }

        operation["responses"] = new JsonObject { [$"{route.Status}"] = Answer(route), ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Problem" } };
        return operation;
    }

    /// <summary>Adds who may call an operation, behind its description.</summary>
    public static void AddAccess(JsonObject operation, ApiScope? scope)
    {
        var need = scope is { } word ? $"Where the server has API keys, this takes one of the scope `{ApiScopeWords.Of(word)}`." : "Needs no API key.";
        var description = (string?)operation["description"] ?? "";
        operation["description"] = description.Length == 0 ? need : $"{description}\n\n{need}";
        operation["security"] = scope is null
            ? new JsonArray()
            : new JsonArray(new JsonObject(), new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["key"] = new JsonArray() });
    }

    private static JsonObject Answer(ApiRoute route) => route.ContentType switch
    {
        null => new JsonObject { ["description"] = route.Answer },
        Json => Content(route.Answer, Json, ExampleSchema.Of(Examples.Get(route.Id)), Examples.Get(route.Id)),
        var other => Content(route.Answer, other, [], null),
    };

    /// <summary>A part of a path, a query or the headers.</summary>
    public static JsonObject Parameter(ApiParameter parameter) => new()
    {
        ["name"] = parameter.Name,
        ["in"] = parameter.Place,
        ["required"] = parameter.Place == "path",
        ["description"] = parameter.Meaning,
        ["schema"] = new JsonObject { ["type"] = parameter.Type },
    };

    private static JsonObject Content(string description, string contentType, JsonObject schema, JsonNode? example)
    {
        var media = new JsonObject { ["schema"] = schema };
        if (example is not null) media["example"] = example;
        return new JsonObject { ["description"] = description, ["content"] = new JsonObject { [contentType] = media } };
    }

    private static void Loosen(JsonNode? node)
    {
        if (node is JsonArray list) foreach (var item in list) Loosen(item);
        if (node is not JsonObject fields) return;
        if (fields["required"] is JsonArray) fields.Remove("required");
        foreach (var (name, value) in fields)
        {
            if (name != "example") Loosen(value);
        }
    }

    private static ApiScope? ScopeOf(EndpointDataSource endpoints, ApiRoute route)
    {
        var endpoint = endpoints.Endpoints.OfType<RouteEndpoint>().FirstOrDefault(one => one.RoutePattern.RawText == route.Path
            && (one.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(route.Method) ?? true));
        return RouteScopes.Of(endpoint, route.Method);
    }
}
