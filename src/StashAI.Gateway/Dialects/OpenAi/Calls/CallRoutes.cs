using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.OpenAi.Calls;

/// <summary>Direct calls, such as <c>POST /v1/chat/completions</c>: requests and answers pass unread, also in pieces.</summary>
internal sealed class CallRoutes(BodyReader bodies, ServedModels models, DirectCalls calls) : ICallForm
{
    private static readonly string[] Paths =
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/moderations", "/v1/responses"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in Paths)
        {
            routes.MapPost(path, (HttpContext context, CallRoutes own) => own.CallAsync(context, path))
                .Describe(CallDocs.Of(path)).Needs(ApiScope.Submit);
        }
    }

    public Task WriteRefusalAsync(HttpContext context, TaskView task, int status, string? answer) =>
        WireJson.WriteAsync(context, status, json => FailureJson.WriteBody(json, task, status, answer));

    private async Task CallAsync(HttpContext context, string path)
    {
        var key = IdempotencyKeys.KeyOf(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        if (fields.Word("model") is not { Length: > 0 } model)
            throw RequestException.Missing("model", "model is missing: send the name of a model as a text.");
        var isStream = body.Root.TryGetProperty("stream", out var asked) && asked.ValueKind == JsonValueKind.True;
        var spoken = models.Find(path, model) ?? throw new RequestException(new Problem(
            "model-not-found", StatusCodes.Status404NotFound, "Not found",
            $"No declared service has the model '{Excerpt.Of(model)}' for {path}.")
        { Errors = ProblemError.At("model", "is not known.") });
        var operation = isStream
            ? spoken.Route.StreamOperation ?? throw fields.Invalid("stream", $"{path} answers in one piece; leave it out.")
            : spoken.Route.Operation;
        var input = JsonMarshal.GetRawUtf8Value(body.Root).ToArray();
        await calls.RunAsync(context, new DirectCall(spoken, operation, input, key is null ? null : $"openai-call\n{path}\n{key}"), this);
    }
}
