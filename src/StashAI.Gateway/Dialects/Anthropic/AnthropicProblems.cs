using System.Text.Json;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Dialects.Anthropic;

/// <summary>
/// Writes problems in the form of Anthropic's errors. Besides their fields, <c>code</c> names the kind, <c>param</c> the field at fault,
/// and <c>errors</c> all fields at fault.
/// </summary>
internal sealed class AnthropicProblems : IProblemForm
{
    public static AnthropicProblems Instance { get; } = new();

    public async Task WriteAsync(HttpContext context, Problem problem)
    {
        // Anthropic refuses a value that is not valid with 400.
        var status = problem.Status == StatusCodes.Status422UnprocessableEntity ? StatusCodes.Status400BadRequest : problem.Status;
        RetryAdvice.Write(context, problem);
        await WireJson.WriteAsync(context, status, json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "error");
            json.WriteStartObject("error");
            json.WriteString("type", TypeOf(status));
            json.WriteString("message", problem.Detail);
            json.WriteString("code", ProblemCode.Of(problem));
            WriteFields(json, problem);
            json.WriteEndObject();
            json.WriteString("request_id", RequestId.Of(context));
            json.WriteEndObject();
        });
    }

    /// <summary>The type of errors with a status.</summary>
    public static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status402PaymentRequired => "billing_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status504GatewayTimeout => "timeout_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    private static void WriteFields(Utf8JsonWriter json, Problem problem)
    {
        if (problem.Errors is not { Count: > 0 } errors) return;
        if (errors[0].Field is { Length: > 0 } field) json.WriteString("param", field);
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("param", error.Field);
            if (error.Item is { } item) json.WriteNumber("index", item);
            json.WriteString("message", error.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
