using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using StashAI.Hosting.Settings;
using StashAI.Visage.Hosting;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Api;

/// <summary>Reads the JSON body of a request; errors name the field and what is wrong with it.</summary>
internal static partial class JsonBody
{
    /// <exception cref="RequestRefusedException">The body is not JSON or does not fit <typeparamref name="T"/>.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, VisageOptions options, JsonTypeInfo<T> type)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new RequestRefusedException(
                StatusCodes.Status415UnsupportedMediaType, "Send a JSON body with the header Content-Type: application/json.");
        }

        try
        {
            var body = await WholeBody.ReadAsync(context.Request, options, context.RequestAborted);
            var hasByteOrderMark = body.Span.StartsWith("\uFEFF"u8);
            return JsonSerializer.Deserialize(body.Span[(hasByteOrderMark ? 3 : 0)..], type)
                ?? throw new RequestRefusedException(StatusCodes.Status400BadRequest, "The request body is null; send a JSON object.");
        }
        catch (JsonException exception)
        {
            if (Unread().Match(exception.Message) is { Success: true } unread) throw Refused(unread, exception.Path, type);
            var field = exception.Path?.TrimStart('$', '.');
            throw new RequestRefusedException(
                StatusCodes.Status400BadRequest,
                string.IsNullOrEmpty(field)
                    ? $"The request body is not valid JSON: {ReasonOf(exception)}"
                    : $"{field}: {ReasonOf(exception)}")
            {
                Field = string.IsNullOrEmpty(field) ? null : field,
            };
        }
    }

    /// <summary>The refusal of a field that nobody would read: it is unknown, or given twice.</summary>
    private static RequestRefusedException Refused(Match unread, string? path, JsonTypeInfo type)
    {
        var name = unread.Groups[2].Value;
        // The path may end at the object or at the field.
        var parent = path?.TrimStart('$', '.') ?? "";
        var isField = parent.Length == 0 || parent == name || parent.EndsWith("." + name, StringComparison.Ordinal);
        var field = isField ? parent : $"{parent}.{name}";
        if (field.Length == 0) field = name;
        if (unread.Groups[1].Value == "Duplicate")
            return RequestRefusedException.BadRequest(field, $"{field} is given more than once; send it once.");
        string[] known = field == name ? [.. type.Properties.Select(property => property.Name)] : [];
        var nearest = NearestName.Of(name, known) is { } near ? $" Did you mean '{near}'?" : "";
        var list = known.Length == 0 ? "" : $" Known fields: {string.Join(", ", known)}.";
        return RequestRefusedException.BadRequest(field, $"{field} is not known.{nearest}{list}");
    }

    [GeneratedRegex("^(Duplicate|The JSON) property '(.*?)' (?:could not be mapped|encountered)", RegexOptions.Singleline)]
    private static partial Regex Unread();

    private static string ReasonOf(JsonException exception)
    {
        // The framework appends positions and type names, which do not help a client.
        var end = exception.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        var text = end < 0 ? exception.Message : exception.Message[..end];
        return text.StartsWith("The JSON value could not be converted", StringComparison.Ordinal)
            ? "has the wrong type."
            : text.TrimEnd('.') + ".";
    }
}
