using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Hosting.Terminal;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Streams.Files;

namespace StashAI.Server.Cli.Services;

/// <summary><c>service test</c> and <c>service import</c> with <c>--server</c>: the server makes the call and has the files.</summary>
internal static class RemoteTrial
{
    public static async Task<int> TestAsync(
        RemoteCall call, string service, string? operation, string item, IReadOnlyList<string> settings,
        CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["items"] = new JsonArray(Item(item)) };
        if (settings.Count > 0) body["config"] = ConfigPairs.Read(settings);
        var answer = await call.Client.TestServiceAsync(service, operation, body, cancellationToken);
        if (call.Json is { } json) await json.WriteAsync(call.Output, answer);
        else await ShowAsync(call.Output, answer);
        return answer.GetProperty("ok").GetBoolean() ? ExitCodes.Success : ExitCodes.Failure;
    }

    public static async Task<int> ImportAsync(
        RemoteCall call, string curl, string? name, string? item, bool saves, bool replaces, bool calls,
        CancellationToken cancellationToken)
    {
        var answer = await call.Client.ImportServiceAsync(curl, name, item, saves, replaces, calls, cancellationToken);
        if (call.Json is { } json)
        {
            await json.WriteAsync(call.Output, answer);
            return ExitCodes.Success;
        }

        await call.Output.WriteAsync(answer.GetProperty("declaration").GetString());
        foreach (var variable in answer.GetProperty("variables").EnumerateArray())
            await call.SayAsync($"Set {variable.GetProperty("name").GetString()} where the server runs.");
        if (answer.GetProperty("not_used_because") is { ValueKind: JsonValueKind.String } reason) await call.SayAsync(reason.GetString()!);
        await call.SayAsync(saves
            ? $"Saved as {answer.GetProperty("name").GetString()}: POST /api/{answer.GetProperty("name").GetString()}/batch"
            : "Nothing was saved; --save saves it on the server.");
        if (answer.GetProperty("trial") is not { ValueKind: JsonValueKind.Object } trial || trial.GetProperty("ok").GetBoolean())
            return ExitCodes.Success;
        await call.SayAsync($"The trial call failed: {EscapedText.Line(trial.GetProperty("error").GetString() ?? "")}");
        return ExitCodes.Failure;
    }

    private static async Task ShowAsync(TextWriter output, JsonElement answer)
    {
        if (answer.GetProperty("request") is { ValueKind: JsonValueKind.Object } request)
        {
            await output.WriteLineAsync($"> {request.GetProperty("method").GetString()} {request.GetProperty("url").GetString()}");
            foreach (var header in request.GetProperty("headers").EnumerateArray())
                await output.WriteLineAsync($"> {header.GetProperty("name").GetString()}: {header.GetProperty("value").GetString()}");
            if (request.GetProperty("body").GetString() is { } body) await output.WriteLineAsync($"> {body}");
        }

        if (answer.GetProperty("answer") is { ValueKind: JsonValueKind.Object } got)
        {
            await output.WriteLineAsync($"< {got.GetProperty("status").GetInt32()}");
            await output.WriteLineAsync($"< {got.GetProperty("body").GetString()!.Replace("\n", "\n< ", StringComparison.Ordinal)}");
        }

        var time = FormattableString.Invariant($"{answer.GetProperty("duration_ms").GetDouble():0} ms");
        await output.WriteLineAsync(answer.GetProperty("ok").GetBoolean()
            ? $"= result after {time}: {answer.GetProperty("result").GetRawText()}"
            : $"= {(answer.GetProperty("would_retry").GetBoolean() ? "would be tried again" : "failed")}: "
                + EscapedText.Line(answer.GetProperty("error").GetString() ?? ""));
    }

    /// <summary>A file as base64, JSON with files in it, or a text.</summary>
    private static JsonNode Item(string text)
    {
        if (text is ['@', .. var path]) return JsonValue.Create(Base64(path))!;
        try
        {
            if (JsonNode.Parse(text) is JsonObject item)
            {
                foreach (var (name, value) in item.ToList())
                {
                    if (value is JsonValue one && one.TryGetValue<string>(out var file) && file is ['@', .. var named])
                        item[name] = Base64(named);
                }

                return item;
            }
        }
        catch (JsonException)
        {
            // It is a text.
        }

        return JsonValue.Create(text)!;
    }

    private static string Base64(string path)
    {
        try
        {
            return Convert.ToBase64String(RegularFile.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--item names a file that cannot be read: {exception.Message}");
        }
    }
}
