using System.Text.Json;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>Writes problems in the form of OpenAI's errors. Their SDKs choose the exception by the status.</summary>
internal sealed class OpenAiProblems : IProblemForm
{
    public static OpenAiProblems Instance { get; } = new();

    public async Task WriteAsync(HttpContext context, Problem problem)
    {
        // OpenAI refuses a value that is not valid with 400.
        var status = problem.Status == StatusCodes.Status422UnprocessableEntity ? StatusCodes.Status400BadRequest : problem.Status;
        RetryAdvice.Write(context, problem);
        await WireJson.WriteAsync(context, status, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            WriteFields(json, problem.Detail, TypeOf(status), FieldOf(problem), ProblemCode.Of(problem));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Writes the four fields that each error has.</summary>
    public static void WriteFields(Utf8JsonWriter json, string message, string type, string? field, string? code)
    {
        json.WriteString("message", message);
        json.WriteString("type", type);
        json.WriteString("param", field);
        json.WriteString("code", code);
    }

    /// <summary>The type of errors with a status.</summary>
    public static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private static string? FieldOf(Problem problem) => problem.Errors is [{ Field: { Length: > 0 } field }, ..] ? field : null;
}
