using System.Text.Json.Nodes;
using StashAI.Gateway.Wire.Docs;

namespace StashAI.Gateway.Dialects.OpenAi.Calls;

/// <summary>What the API's document says of direct calls.</summary>
internal static class CallDocs
{
    private const string Schema = """
        {"type": "object", "required": ["model"], "properties": {"model": {"type": "string"}}, "additionalProperties": true}
        """;

    public static RouteDoc Transcriptions { get; } = new(
        "openai-audio-transcriptions", Chapter.OpenAi, "Call audio/transcriptions of a declared service")
    {
        Description = "A form with `file` and `model`; all other fields go to the service as they are. Otherwise as the other direct "
            + "calls: with `stream` the answer comes in pieces, as events, and with the "
            + "`response_format` `text`, `srt` or `vtt` it is a text.",
        Parameters = [ParameterDoc.IdempotencyKey],
        Body = BodyDoc.Form,
        Answers =
        [
            AnswerDoc.Of(new OpenAiTranscriptionShape("The house is blue."), "The service's answer, with all it has."),
        ],
        HasOpenAiErrors = true,
        Refusals = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway],
    };

    public static RouteDoc Of(string path)
    {
        var word = path["/v1/".Length..].Replace('/', '-');
        return new($"openai-{word}", Chapter.OpenAi, $"Call {path["/v1/".Length..]} of a declared service")
        {
            Description = "The body goes to the service that has the `model` and speaks this route, before all batches and under the same "
                + "limits. Its answer comes back unread, also where it is an error. With `stream` it comes in pieces, as events.",
            Parameters = [ParameterDoc.IdempotencyKey],
            Body = BodyDoc.Of("OpenAiCall", () => JsonNode.Parse(Schema)!.AsObject(), """{"model":"llama3.2"}"""),
            Answers =
            [
                AnswerDoc.Of(
                    new OpenAiAnswerShape { Object = "chat.completion", Model = "llama3.2" }, "The service's answer, with all it has."),
            ],
            HasOpenAiErrors = true,
            Refusals = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status502BadGateway],
        };
    }
}

/// <summary>What is said in a recording, and whatever else the service says.</summary>
internal sealed record OpenAiTranscriptionShape(string Text);

/// <summary>An answer of a service; it has whatever the service says.</summary>
internal sealed record OpenAiAnswerShape
{
    public string? Object { get; init; }

    public string? Model { get; init; }
}
