using System.Text.Json;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>A photo of a batch's item: base64 text, or an object that holds it in `image` or `image_data`.</summary>
internal readonly record struct BatchPhoto(string? DataUrlPrefix, byte[] Bytes)
{
    private static readonly string[] Fields = ["image", "image_data", "image_base64"];

    public static BatchPhoto Read(JsonElement item, string field, int? index)
    {
        var text = TextOf(item) ?? throw Refuse("must be a base64 photo, or an object with one in image");
        var comma = text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? text.IndexOf(',', StringComparison.Ordinal) : -1;
        var prefix = comma < 0 ? null : text[..(comma + 1)];
        var base64 = text.AsSpan(comma + 1);
        if (prefix is not null && !prefix.EndsWith(";base64,", StringComparison.OrdinalIgnoreCase)) throw Refuse("is a data URL that is not base64");
        var bytes = new byte[((base64.Length + 3) / 4) * 3];
        if (!Convert.TryFromBase64Chars(base64, bytes, out var length)) throw Refuse("is not base64");
        return length > 0 ? new BatchPhoto(prefix, bytes[..length]) : throw Refuse("is empty");

        RequestException Refuse(string reason) => new(Problem.Invalid($"{field} {reason}.", field, index));
    }

    private static string? TextOf(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.String) return item.GetString();
        if (item.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in Fields)
        {
            if (item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) return value.GetString();
        }

        return null;
    }
}
