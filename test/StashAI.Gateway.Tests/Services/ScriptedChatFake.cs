using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>
/// A scripted fake of `POST /v1/chat/completions` as OpenAI publishes it and llama.cpp, Ollama and vLLM serve it. No model is behind it: it
/// checks what it is sent, answers in their shapes, and fails in their words where the last message names a fault.
/// </summary>
internal static class ScriptedChatFake
{
    public const string Key = "sk-fake";

    public static Reply Answer(ScriptedCall call)
    {
        if (call.Method != "POST" || call.Path != "/v1/chat/completions") return Error(404, "Not Found", "invalid_request_error", null);
        if (call.Header("Authorization") != $"Bearer {Key}")
        {
            return Error(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
        }

        using var body = JsonDocument.Parse(call.Body);
        var root = body.RootElement;
        if (root.GetProperty("model").GetString() != "small")
        {
            return Error(
                404, $"The model `{root.GetProperty("model").GetString()}` does not exist or you do not have access to it.",
                "invalid_request_error", "model_not_found");
        }

        if (root.TryGetProperty("temperature", out var temperature) && temperature.ValueKind != JsonValueKind.Number)
            return Error(400, "Invalid type for 'temperature': expected a decimal.", "invalid_request_error", "invalid_type");
        if (root.GetProperty("stream").ValueKind != JsonValueKind.False
            || root.GetProperty("messages") is not { ValueKind: JsonValueKind.Array } messages
            || messages[0].GetProperty("role").GetString() != "system"
            || messages[messages.GetArrayLength() - 1].GetProperty("role").GetString() != "user")
        {
            return Error(400, "Invalid value for 'messages'.", "invalid_request_error", null);
        }

        var asked = messages[messages.GetArrayLength() - 1].GetProperty("content").GetString()!;
        return (asked, call.Number) switch
        {
            ("too long", _) =>
                Error(400, "This model's maximum context length is 4096 tokens.", "invalid_request_error", "context_length_exceeded"),
            ("vllm too long", _) => Reply.Json(
                """{"object":"error","message":"Please reduce the length of the messages.","type":"BadRequestError","param":null,"code":400}""",
                400),
            ("busy once", 1) => Reply.Status(
                429,
                """{"error":{"message":"Rate limit reached.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""",
                TimeSpan.FromSeconds(1)),
            ("broken once", 1) => Error(500, "The server had an error while processing your request.", "server_error", null),
            ("broken", _) => Error(500, "The server had an error while processing your request.", "server_error", null),
            ("loading once", 1) => Reply.Json("""{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""", 503),
            ("cut short", _) => Completion("\"Once upon a\"", "null", "length"),
            ("filtered", _) => Completion("\"\"", "null", "content_filter"),
            ("refused", _) => Completion("null", "\"I cannot help with that.\"", "stop"),
            ("nothing", _) => Completion("null", null, "length"),
            _ => Completion(JsonSerializer.Serialize($"{messages[0].GetProperty("content").GetString()} {asked}!"), "null", "stop"),
        };
    }

    /// <summary>Servers other than OpenAI's leave the refusal out.</summary>
    private static Reply Completion(string content, string? refusal, string finishReason) => Reply.Json(
        $$$"""
        {"id":"chatcmpl-1","object":"chat.completion","created":1750000000,"model":"small","system_fingerprint":"fp_1",
         "choices":[{"index":0,"message":{"role":"assistant","content":{{{content}}}{{{(refusal is null ? "" : $",\"refusal\":{refusal}")}}}},"logprobs":null,"finish_reason":"{{{finishReason}}}"}],
         "usage":{"prompt_tokens":12,"completion_tokens":8,"total_tokens":20}}
        """);

    private static Reply Error(int status, string message, string type, string? code) => Reply.Json(
        $$$"""{"error":{"message":{{{JsonSerializer.Serialize(message)}}},"type":"{{{type}}}","param":null,"code":{{{JsonSerializer.Serialize(code)}}}}}""",
        status);
}
