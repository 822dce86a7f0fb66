using System.Text;
using System.Text.Json;

namespace StashAI.Adapters.Http;

/// <summary>The place where a text stops to be one JSON value.</summary>
/// <param name="Kind">What is wrong there.</param>
/// <param name="Offset">The byte, from 0.</param>
/// <param name="Path">The JSON pointer of the value that is being read; empty for the whole document.</param>
internal readonly record struct JsonDefect(JsonDefectKind Kind, int Offset, string Path)
{
    /// <summary>The most objects and arrays inside each other that readers take.</summary>
    public const int MaxDepth = 64;

    /// <summary>Finds the first defect of a text that is valid UTF-8; null when it is JSON.</summary>
    public static JsonDefect? Find(ReadOnlySpan<byte> text)
    {
        // With more data to come, a text that ends too early is not an error but a text of which nothing is left to read.
        var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
        var path = new JsonPath();
        var isComplete = false;
        try
        {
            while (reader.Read())
            {
                path.Move(ref reader);
                isComplete = reader.CurrentDepth == 0 && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
            }
        }
        catch (JsonException exception)
        {
            var offset = OffsetOf(text, exception);
            if (path.Depth == MaxDepth && offset < text.Length && text[offset] is (byte)'{' or (byte)'[')
                return new JsonDefect(JsonDefectKind.TooDeep, offset, "");
            return new JsonDefect(KindAt(text, ref offset, isComplete), offset, path.Text);
        }

        // A number at the very end is complete only when no more data comes.
        return isComplete || (reader.CurrentDepth == 0 && IsNumber(text[(int)reader.BytesConsumed..]))
            ? null
            : new JsonDefect(JsonDefectKind.EndsEarly, text.Length, path.Text);
    }

    private static JsonDefectKind KindAt(ReadOnlySpan<byte> text, ref int offset, bool isComplete)
    {
        if (isComplete) return JsonDefectKind.SeveralValues;
        foreach (var name in (ReadOnlySpan<string>)["NaN", "-Infinity", "Infinity"])
        {
            for (var back = 0; back <= Math.Min(offset, name.Length); back++)
            {
                if (!text[(offset - back)..].StartsWith(Encoding.ASCII.GetBytes(name))) continue;
                offset -= back;
                return name == "NaN" ? JsonDefectKind.NaN : name == "Infinity" ? JsonDefectKind.Infinity : JsonDefectKind.NegativeInfinity;
            }
        }

        return JsonDefectKind.Unexpected;
    }

    private static bool IsNumber(ReadOnlySpan<byte> rest)
    {
        try
        {
            var reader = new Utf8JsonReader(rest);
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int OffsetOf(ReadOnlySpan<byte> text, JsonException exception)
    {
        var start = 0;
        for (var line = exception.LineNumber ?? 0; line > 0 && text[start..].IndexOf((byte)'\n') is var end and >= 0; line--)
        {
            start += end + 1;
        }

        return (int)Math.Min(text.Length, start + (exception.BytePositionInLine ?? 0));
    }

    /// <summary>Follows a reader and knows the JSON pointer of the value that comes next.</summary>
    private sealed class JsonPath
    {
        private readonly List<(string? Name, int Index)> levels = [];

        /// <summary>How many objects and arrays are open.</summary>
        public int Depth => levels.Count;

        public string Text
        {
            get
            {
                var text = new StringBuilder();
                foreach (var (name, index) in levels)
                {
                    if (index < 0 && name is null) continue;
                    text.Append('/').Append(name?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
                        ?? index.ToString(System.Globalization.CultureInfo.InvariantCulture));
                }

                return text.ToString();
            }
        }

        public void Move(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    levels[^1] = (NameOf(ref reader), -1);
                    break;
                case JsonTokenType.StartObject:
                    levels.Add((null, -1));
                    break;
                case JsonTokenType.StartArray:
                    levels.Add((null, 0));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    levels.RemoveAt(levels.Count - 1);
                    Next();
                    break;
                default:
                    Next();
                    break;
            }
        }

        private void Next()
        {
            if (levels is [.., (null, >= 0) last]) levels[^1] = (null, last.Index + 1);
            else if (levels.Count > 0) levels[^1] = (null, -1);
        }

        private static string NameOf(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan);
    }
}
