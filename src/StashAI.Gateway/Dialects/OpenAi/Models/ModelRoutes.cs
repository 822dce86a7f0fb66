using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Dialects.OpenAi.Models;

/// <summary><c>/v1/models</c>: the models that declarations list by name.</summary>
internal static class ModelRoutes
{
    private static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The name of the model.");

    private static OpenAiModelShape Example { get; } = new("llama3.2", "model", 0, "chat");

    private static RouteDoc List { get; } = new("openai-list-models", Chapter.OpenAi, "List the models")
    {
        Description = "Those that the declared services list by their whole names. Services may have others.",
        Answers = [AnswerDoc.Of(new OpenAiModelsShape("list", [Example]))],
        HasOpenAiErrors = true,
    };

    private static RouteDoc Show { get; } = new("openai-model", Chapter.OpenAi, "Show a model")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Example)],
        HasOpenAiErrors = true,
    };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", ListAsync).Describe(List).Needs(ApiScope.Read);
        routes.MapGet("/v1/models/{**id}", ShowAsync).Describe(Show).Needs(ApiScope.Read);
    }

    private static Task ListAsync(HttpContext context, ServedModels models) =>
        WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var (model, service) in models.Listed()) Write(json, model, service);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static Task ShowAsync(HttpContext context, ServedModels models, string id)
    {
        var (model, service) = models.Listed().FirstOrDefault(one => one.Model == id);
        if (model is null)
            throw RequestException.NotFound($"The model '{Excerpt.Of(id)}' is not listed; GET /v1/models has those that are.");
        return WireJson.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, model, service));
    }

    private static void Write(Utf8JsonWriter json, string model, string service)
    {
        json.WriteStartObject();
        json.WriteString("id", model);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", service);
        json.WriteEndObject();
    }
}

/// <summary>A model, as OpenAI describes it; a declaration has no time.</summary>
internal sealed record OpenAiModelShape(string Id, string Object, long Created, string OwnedBy);

/// <summary>All models.</summary>
internal sealed record OpenAiModelsShape(string Object, IReadOnlyList<OpenAiModelShape> Data);
