using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// A print of the beginning of a prompt: the model, the tools, and the instructions before the first message of a user. A service that
/// remembers beginnings has computed what two requests with the same print have in common.
/// </summary>
internal static class PromptPrefix
{
    private static readonly string[] First = ["model", "tools", "instructions"];

    /// <summary>True for endpoints whose requests have such a beginning.</summary>
    public static bool IsFor(string endpoint) => endpoint is OpenAiPaths.Chat or OpenAiPaths.Responses;

    /// <summary>The print of a request. It is only compared with others of its file; two beginnings may have the same.</summary>
    /// <param name="body">The request.</param>
    public static ulong Of(JsonElement body)
    {
        var print = 0UL;
        foreach (var field in First)
        {
            if (body.TryGetProperty(field, out var value)) print = Add(print, value);
        }

        if ((body.TryGetProperty("messages", out var messages) || body.TryGetProperty("input", out messages))
            && messages.ValueKind == JsonValueKind.Array)
        {
            foreach (var message in messages.EnumerateArray())
            {
                if (!IsInstruction(message)) break;
                print = Add(print, message);
            }
        }

        return print;
    }

    private static bool IsInstruction(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role)
        && role.ValueKind == JsonValueKind.String && (role.ValueEquals("system"u8) || role.ValueEquals("developer"u8));

    private static ulong Add(ulong print, JsonElement value) =>
        XxHash3.HashToUInt64(JsonMarshal.GetRawUtf8Value(value), unchecked((long)print));
}
