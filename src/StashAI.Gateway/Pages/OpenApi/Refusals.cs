using System.Text.Json.Nodes;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>The problems that routes may answer with. Most follow from the route's parameters and body.</summary>
internal static class Refusals
{
    private const string Other = "default";

    private const string OpenAiName = "OpenAiProblem";

    private const string AnthropicName = "AnthropicProblem";

    private const string Job = "/api/visage/job";

    private const string Task = $"/api/queue/task/{Samples.TaskIdText}";

    /// <summary>Each status with what it means, and such an answer as the server itself writes it.</summary>
    private static readonly Dictionary<string, Refusal> All = new()
    {
        ["400"] = new(
            "BadRequest", "The request is malformed, or misses a field.",
            Problem.BadRequest("No images provided: send at least one base64 photo in images.", "images"), Job),
        ["401"] = new("Unauthorized", "The API key is missing or unknown.", ApiKeyHandler.Unauthorized(ApiKeyHandler.NoKey), Job),
        ["403"] = new(
            "Forbidden", "The API key does not allow this.",
            ApiKeyHandler.InsufficientScope(ApiScopeWords.Of(ApiScope.Submit), ApiScopeWords.Of(ApiScope.Read)), Job),
        ["404"] = new("NotFound", "Nothing has this id or name.", QueueLookup.Unknown(Samples.TaskIdText).Problem, Task),
        ["409"] = new(
            "Conflict", "The request does not fit the current state.", Problem.KeyUnderWay(ParameterDoc.IdempotencyKey.Name), Job),
        ["413"] = new(
            "TooLarge", "The request is over a limit; `setting` names it.",
            Problem.From(
                IntakeException.TooLarge("the body has too many bytes", IntakeLimits.MaxBodyBytesSetting, new IntakeLimits().MaxBodyBytes)),
            Job),
        ["415"] = new(
            "UnsupportedMediaType", "The content type cannot be read.", Problem.FromStatus(StatusCodes.Status415UnsupportedMediaType), Job),
        ["416"] = new(
            "RangeNotSatisfiable", "The range begins behind the end; `Content-Range` has the length.",
            Problem.RangeNotSatisfiable(4096), Job),
        ["422"] = new(
            "Invalid", "A field or a parameter is not valid; `errors` names it and how to fix it.",
            Problem.Invalid("config.threshold: must be a number from 0 to 1.", "config.threshold"), Job),
        ["429"] = new(
            "TooManyRequests", "Too many wrong API keys; `Retry-After` says when to try again.", ApiKeyHandler.TooManyTries(), Job),
        ["503"] = new(
            "Unavailable", "The server cannot do this at the moment; `Retry-After` says when to try again.", Problem.DatabaseUnavailable(),
            Job),
        [Other] = new("Problem", "The request was refused: what is wrong, and how to fix it.", Problem.Unexpected(), Job),
    };

    /// <summary>The statuses of a route, and <c>default</c> for all others.</summary>
    public static IEnumerable<string> Of(RouteDoc doc, ApiScope? scope)
    {
        int[] body = doc.Body is null ? [] : [400, 413, 415];
        // Other APIs refuse a value that is not valid with 400.
        int[] fields = doc.Body is null && doc.Parameters.All(parameter => parameter.Place == "path") ? []
            : doc.IsOfDialect ? [400] : [422];
        int[] path = doc.Parameters.Any(parameter => parameter.Place == "path") ? [404] : [];
        int[] access = scope is null ? [] : [401, 403, 429, 503];
        return
        [
            .. body.Concat(fields).Concat(path).Concat(access).Concat(doc.Refusals).Distinct().Order().Select(status => $"{status}"),
            Other,
        ];
    }

    /// <summary>The component for the answer of a route with a status.</summary>
    public static string NameOf(string status, RouteDoc doc) =>
        doc.HasOpenAiErrors ? OpenAiName : doc.HasAnthropicErrors ? AnthropicName : All[status].Name;

    /// <summary>The components as JSON.</summary>
    public static IEnumerable<(string Name, JsonObject Response)> Components() => All.Values.Select(one => (one.Name, new JsonObject
    {
        ["description"] = one.Description,
        ["content"] = new JsonObject
        {
            [Problem.ContentType] = new JsonObject
            {
                ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" },
                ["example"] = DocJson.Node(ProblemShape.Of(one.Example, one.Instance)),
            },
        },
    })).Append((OpenAiName, new JsonObject
    {
        ["description"] = "The request was refused, in the form of OpenAI's errors; `param` names the field.",
        ["content"] = new JsonObject
        {
            [AnswerDoc.Json] = new JsonObject
            {
                ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/OpenAiError" },
                ["example"] = DocJson.Node(new OpenAiErrorShape(new OpenAiErrorFieldsShape(
                    "input_file_id is missing: send it as a text.", "invalid_request_error", "input_file_id", "bad_request"))),
            },
        },
    })).Append((AnthropicName, new JsonObject
    {
        ["description"] = "The request was refused, in the form of Anthropic's errors; `param` names the field, and `errors` names all.",
        ["content"] = new JsonObject
        {
            [AnswerDoc.Json] = new JsonObject
            {
                ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/AnthropicError" },
                ["example"] = DocJson.Node(new AnthropicErrorShape(
                    "error",
                    new AnthropicErrorFieldsShape("invalid_request_error", "requests[3].custom_id is missing: send it as a text.")
                    {
                        Code = "bad_request",
                        Param = "requests[3].custom_id",
                        Errors = [new AnthropicRequestErrorShape("requests[3].custom_id", 3, "is missing: send it as a text.")],
                    },
                    "req_0197f3c1d4a07c3e9a5b2f6e8d1c4b7a")),
            },
        },
    }));

    private sealed record Refusal(string Name, string Description, Problem Example, string Instance);
}
