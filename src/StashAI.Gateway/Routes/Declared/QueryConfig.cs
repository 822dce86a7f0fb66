using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>Reads a configuration from texts: the query of a stream, or the fields of a form.</summary>
internal static class QueryConfig
{
    /// <summary>An object with these texts under <c>config</c>. A text named <c>config</c> is JSON and takes precedence.</summary>
    /// <exception cref="RequestException"><c>config</c> is not a JSON object, or a name appears twice.</exception>
    public static JsonDocument Read(IEnumerable<KeyValuePair<string, string>> texts)
    {
        var all = texts.ToList();
        if (all.GroupBy(one => one.Key).FirstOrDefault(same => same.Skip(1).Any()) is { Key: var name })
        {
            throw RequestException.Repeated(name);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("config");
            foreach (var (_, text) in all.Where(one => one.Key == "config")) WriteMembers(json, text);
            foreach (var (key, text) in all.Where(one => one.Key != "config")) json.WriteString(key, text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static void WriteMembers(Utf8JsonWriter json, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw RequestException.Invalid("config", "must be a JSON object.");
            foreach (var property in document.RootElement.EnumerateObject()) property.WriteTo(json);
        }
        catch (JsonException)
        {
            throw RequestException.Invalid("config", "must be a JSON object.");
        }
    }
}
