using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Anthropic.Batches;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.Anthropic.Calls;

/// <summary><c>POST /v1/messages</c>: a direct call of the service that has the model, also in pieces.</summary>
internal sealed class MessageRoutes(QueueEngine engine, BodyReader bodies, ServedModels models, DirectCalls calls) : ICallForm
{
    private const string Path = "/v1/messages";

    private const string Schema = """
        {"type": "object", "required": ["model"], "properties": {"model": {"type": "string"}}, "additionalProperties": true}
        """;

    private static RouteDoc Doc { get; } = new("anthropic-messages", Chapter.Anthropic, "Make a message with a declared service")
    {
        Description = "The body goes to the service that has the `model`, before all batches and under the same limits; for a service in "
            + "OpenAI's form it is mapped, and its answer back. With `stream` the answer comes in pieces, as events.",
        Parameters = [ParameterDoc.IdempotencyKey, MessageBatchDocs.Beta],
        Body = BodyDoc.Of("AnthropicCall", () => JsonNode.Parse(Schema)!.AsObject(), """{"model":"claude-sonnet"}"""),
        Answers =
        [
            AnswerDoc.Of(new AnthropicAnswerShape { Type = "message", Model = "claude-sonnet" }, "The service's answer, with all it has."),
        ],
        HasAnthropicErrors = true,
        Refusals = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway],
    };

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (HttpContext context, MessageRoutes own) => own.CallAsync(context)).Describe(Doc).Needs(ApiScope.Submit);

    public Task WriteRefusalAsync(HttpContext context, TaskView task, int status, string? answer) =>
        WireJson.WriteAsync(context, status, json => ErrorJson.Write(json, task, status, answer, RequestId.Of(context)));

    public byte[] ErrorEventOf(HttpContext context, string reason, int? status, string? answer)
    {
        var events = new ArrayBufferWriter<byte>();
        events.Write("event: error\ndata: "u8);
        using (var json = new Utf8JsonWriter(events, WireJson.Options))
        {
            ErrorJson.Write(
                json, AnthropicProblems.TypeOf(status ?? StatusCodes.Status500InternalServerError), reason, answer, RequestId.Of(context));
        }

        events.Write("\n\n"u8);
        return events.WrittenSpan.ToArray();
    }

    private async Task CallAsync(HttpContext context)
    {
        var key = IdempotencyKeys.KeyOf(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        if (fields.Word("model") is not { Length: > 0 } model)
            throw RequestException.Missing("model", "model is missing: send the name of a model as a text.");
        var spoken = models.Find(Path, model) ?? throw new RequestException(new Problem(
            "model-not-found", StatusCodes.Status404NotFound, "Not found",
            $"No declared service has the model '{Excerpt.Of(model)}' for {Path}.")
        { Errors = ProblemError.At("model", "is not known.") });
        var isStream = CallStreams.IsAskedBy(fields);
        if (isStream && spoken.Route.StreamOperation is null)
            throw fields.Invalid("stream", $"the service {spoken.Service.Name} answers messages in one piece; leave it out.");
        var input = JsonMarshal.GetRawUtf8Value(body.Root).ToArray();
        await using var upload = engine.OpenUpload();
        upload.BeginTask();
        await upload.EndTaskAsync(input, context.RequestAborted);
        var call = new DirectCall(
            spoken, isStream ? AnswerForm.Events : AnswerForm.Json, key is null ? null : $"anthropic-call\n{Path}\n{key}",
            SHA256.HashData(input));
        await calls.RunAsync(context, upload, call, this);
    }
}

/// <summary>An answer of a service; it has whatever the service says.</summary>
internal sealed record AnthropicAnswerShape
{
    public string? Type { get; init; }

    public string? Model { get; init; }
}
