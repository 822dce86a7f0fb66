using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.OpenAi.Calls;

/// <summary>
/// Direct calls, such as <c>POST /v1/chat/completions</c>: the body goes to the service that has its model, and the answer comes back.
/// </summary>
internal sealed class CallRoutes(QueueEngine engine, BodyReader bodies, ServedModels models, DirectCalls calls, IntakeLimits limits)
    : ICallForm
{
    private const string Responses = "/v1/responses";

    private static readonly string[] Paths =
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/moderations", Responses];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in Paths)
        {
            routes.MapPost(path, (HttpContext context, CallRoutes own) => own.CallAsync(context, path))
                .Describe(CallDocs.Of(path)).Needs(ApiScope.Submit);
        }

        routes.MapPost(OpenAiPaths.Transcriptions, (HttpContext context, CallRoutes own) => own.TranscribeAsync(context))
            .Describe(CallDocs.Transcriptions).Needs(ApiScope.Submit);
    }

    public Task WriteRefusalAsync(HttpContext context, TaskView task, int status, string? answer) =>
        WireJson.WriteAsync(context, status, json => FailureJson.WriteRefusal(json, task, status, answer));

    public byte[] ErrorEventOf(HttpContext context, string reason, int? status, string? answer) => FailureJson.EventOf(
        reason, status, answer, isResponse: context.Request.Path.StartsWithSegments(Responses, StringComparison.OrdinalIgnoreCase));

    private async Task CallAsync(HttpContext context, string path)
    {
        var key = IdempotencyKeys.KeyOf(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        var spoken = Find(path, fields.Word("model"));
        var isStream = CallStreams.IsAskedBy(fields);
        if (isStream && spoken.Route.StreamOperation is null)
            throw fields.Invalid("stream", $"{path} answers in one piece; leave it out.");
        var input = JsonMarshal.GetRawUtf8Value(body.Root).ToArray();
        await using var upload = engine.OpenUpload();
        upload.BeginTask();
        await upload.EndTaskAsync(input, context.RequestAborted);
        var answer = isStream ? AnswerForm.Events : AnswerForm.Json;
        await calls.RunAsync(context, upload, new DirectCall(spoken, answer, KeyOf(path, key), SHA256.HashData(input)), this);
    }

    private async Task TranscribeAsync(HttpContext context)
    {
        var key = IdempotencyKeys.KeyOf(context);
        await using var upload = engine.OpenUpload();
        upload.BeginTask();
        using var form = new CallForm(limits, upload);
        if (!await bodies.ReadAsync(context, token => form.ReadAsync(context.Request, token))) return;
        var spoken = Find(OpenAiPaths.Transcriptions, form.Find("model"));
        var isStream = IsStream(form);
        var item = form.ToItem();
        await upload.EndTaskAsync(item, context.RequestAborted);
        var answer = isStream ? AnswerForm.Events
            : form.Find("response_format") is { } format && OpenAiPaths.TextFormats.Contains(format) ? AnswerForm.Text
            : AnswerForm.Json;
        var call = new DirectCall(spoken, answer, KeyOf(OpenAiPaths.Transcriptions, key), form.GetHash(item));
        await calls.RunAsync(context, upload, call, this);
    }

    /// <summary>True where the form asks for pieces. The service reads the field too, so a word that it may take otherwise is refused.
    /// </summary>
    private static bool IsStream(CallForm form) => form.Find("stream") is { Length: > 0 } text
        && (QueryValues.FlagOrNull(text) ?? throw RequestException.Invalid("stream", "must be true or false."));

    private static string? KeyOf(string path, string? key) => key is null ? null : $"openai-call\n{path}\n{key}";

    private SpokenRoute Find(string path, string? model)
    {
        if (model is not { Length: > 0 })
            throw RequestException.Missing("model", "model is missing: send the name of a model as a text.");
        return models.Find(path, model) ?? throw new RequestException(new Problem(
            "model-not-found", StatusCodes.Status404NotFound, "Not found",
            $"No declared service has the model '{Excerpt.Of(model)}' for {path}.")
        { Errors = ProblemError.At("model", "is not known.") });
    }
}
