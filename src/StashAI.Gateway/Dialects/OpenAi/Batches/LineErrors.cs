using System.Buffers;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>What is wrong with a line of a file.</summary>
/// <param name="Code">The kind, in OpenAI's words where they have one.</param>
/// <param name="Message">What is wrong, and how to fix it.</param>
/// <param name="Field">The field at fault; null for the whole line.</param>
/// <param name="Line">The line, from 1; null for the whole file.</param>
internal sealed record LineError(string Code, string Message, string? Field, long? Line);

/// <summary>Collects what is wrong with the lines of a file, up to <see cref="Most"/>.</summary>
internal sealed class LineErrors
{
    /// <summary>The most errors that are kept of a file.</summary>
    public const int Most = 1000;

    private readonly List<LineError> errors = [];

    public int Count => errors.Count;

    public bool IsFull => errors.Count >= Most;

    public IReadOnlyList<LineError> All => errors;

    public void Add(string code, string message, string? field, long? line)
    {
        if (!IsFull) errors.Add(new LineError(code, message, field, line));
    }

    /// <summary>The errors as OpenAI writes them.</summary>
    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var error in errors)
            {
                json.WriteStartObject();
                json.WriteString("code", error.Code);
                json.WriteString("message", error.Message);
                json.WriteString("param", error.Field);
                if (error.Line is { } line) json.WriteNumber("line", line);
                else json.WriteNull("line");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
