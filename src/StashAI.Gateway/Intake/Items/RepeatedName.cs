using System.Text.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Items;

/// <summary>
/// Parses a document in which no object names a member twice: only one of the two could count, and nobody could say which.
/// </summary>
internal static class RepeatedName
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="IntakeException">A member appears twice.</exception>
    public static JsonDocument Refuse(ReadOnlyMemory<byte> json)
    {
        var (document, repeated) = Parse(json);
        return document ?? throw IntakeException.Repeated(repeated!, "in the body");
    }

    /// <summary>A value in which no object names a member twice; else the path of the first that is there twice.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A name has half of a surrogate pair, which is no text.</exception>
    public static (JsonDocument? Document, string? Repeated) Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return (JsonDocument.Parse(json, Strict), null);
        }
        catch (JsonException)
        {
            using var document = JsonDocument.Parse(json);
            if (Find(document.RootElement, "") is { } name) return (null, name);
            throw;
        }
    }

    private static string? Find(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
            return value.EnumerateArray().Select((item, index) => Find(item, $"{path}[{index}]")).FirstOrDefault(name => name is not null);
        if (value.ValueKind != JsonValueKind.Object) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!names.Add(member.Name)) return name;
            if (Find(member.Value, name) is { } inner) return inner;
        }

        return null;
    }
}
