using System.Text;
using System.Text.RegularExpressions;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>
/// A scripted fake of `POST /v1/audio/transcriptions` as OpenAI publishes it and Whisper servers serve it. It hears nothing: the text of a
/// recording is what stands behind its RIFF header, and some texts are faults.
/// </summary>
internal static partial class ScriptedWhisperFake
{
    public const string Key = "sk-fake";

    /// <summary>What it takes for a recording of this text.</summary>
    public static byte[] Recording(string text) => Encoding.ASCII.GetBytes("RIFF\0\0\0\0WAVE" + text);

    public static Reply Answer(ScriptedCall call)
    {
        if (call.Method != "POST" || call.Path != "/v1/audio/transcriptions") return Reply.Json("""{"detail":"Not Found"}""", 404);
        if (call.Header("Authorization") != $"Bearer {Key}") return Error(401, "Incorrect API key provided.", "invalid_api_key");
        if (call.Header("Content-Type")?.StartsWith("multipart/form-data; boundary=", StringComparison.Ordinal) != true)
        {
            return Error(400, "Could not parse multipart form", null);
        }

        var parts = Part().Matches(Encoding.Latin1.GetString(call.Body.Span)).ToDictionary(part => part.Groups["name"].Value, part => part);
        if (!parts.TryGetValue("file", out var file)) return Error(400, "Missing required parameter: 'file'.", null);
        if (!parts.TryGetValue("model", out var model)) return Error(400, "Missing required parameter: 'model'.", null);
        // The servers tell the format from the extension.
        if (!file.Groups["file"].Value.EndsWith(".wav", StringComparison.Ordinal))
        {
            return Error(400, "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'wav', 'webm']", null);
        }

        if (model.Groups["value"].Value != "whisper-1")
        {
            return Error(404, $"Model '{model.Groups["value"].Value}' not found", "model_not_found");
        }

        var text = file.Groups["value"].Value[12..];
        return (text, call.Number) switch
        {
            ("too large", _) => Error(413, "Maximum content size limit (26214400) exceeded", null),
            ("fastapi", _) => Reply.Json("""{"detail":"Failed to decode audio."}""", 422),
            ("whisper.cpp", _) => Reply.Json("""{"error":"failed to read audio data"}""", 400),
            ("busy once", 1) => Reply.Status(
                429,
                """{"error":{"message":"Rate limit reached.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""",
                TimeSpan.FromSeconds(1)),
            ("broken once", 1) => Reply.Status(500, "Internal Server Error", contentType: "text/plain"),
            _ => parts["response_format"].Groups["value"].Value switch
            {
                "json" => Reply.Json($$$"""{"text":"{{{text}}}","usage":{"type":"duration","seconds":2}}"""),
                "verbose_json" => Reply.Json(
                    $$$"""
                    {"task":"transcribe","language":"english","duration":1.5,"text":"{{{text}}}","segments":[{"id":0,"seek":0,"start":0.0,"end":1.5,"text":"{{{text}}}",
                     "tokens":[50364],"temperature":0.0,"avg_logprob":-0.2,"compression_ratio":0.8,"no_speech_prob":0.01}]}
                    """),
                var other =>
                    Error(400, $"Invalid value: '{other}'. Supported values are: 'json', 'text', 'srt', 'verbose_json', and 'vtt'.", null),
            },
        };
    }

    private static Reply Error(int status, string message, string? code) => Reply.Json(
        $$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":{{{(code is null ? "null" : $"\"{code}\"")}}}}}""",
        status);

    [GeneratedRegex(
        """Content-Disposition: form-data; name="?(?<name>[^";\r]+)"?(?:; filename="?(?<file>[^";\r]+)"?)?[^\r]*\r\n(?:[A-Za-z-]+: [^\r]*\r\n)*\r\n(?<value>.*?)\r\n--""",
        RegexOptions.Singleline)]
    private static partial Regex Part();
}
