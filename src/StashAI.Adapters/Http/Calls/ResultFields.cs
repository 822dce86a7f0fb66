using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Cuts the fields of a result out of answers. Their values are copied as the service wrote them.</summary>
/// <param name="required">The fields, and where an answer has them.</param>
/// <param name="optional">Fields that an answer may omit; then the result omits them too.</param>
internal sealed class ResultFields(
    IReadOnlyList<KeyValuePair<string, JsonPointer>> required, IReadOnlyList<KeyValuePair<string, JsonPointer>> optional)
{
    private readonly Field[] fields = [.. required.Concat(optional).Select(field => new Field(NameOf(field.Key), field.Value))];

    /// <summary>The result as UTF-8 JSON; null where the answer lacks a field, which <paramref name="missing"/> points to.</summary>
    public byte[]? TryCut(JsonElement answer, out JsonPointer? missing)
    {
        missing = null;
        var found = new JsonElement[fields.Length];
        var length = 2;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Pointer.Find(answer) is { } value)
            {
                found[i] = value;
                length += fields[i].Name.Length + JsonMarshal.GetRawUtf8Value(value).Length + 1;
            }
            else if (i < required.Count)
            {
                missing = fields[i].Pointer;
                return null;
            }
        }

        // One comma less than fields.
        return Write(found, length > 2 ? length - 1 : length);
    }

    private byte[] Write(JsonElement[] found, int length)
    {
        var json = new byte[length];
        json[0] = (byte)'{';
        var at = 1;
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i].ValueKind == JsonValueKind.Undefined) continue;
            if (at > 1) json[at++] = (byte)',';
            fields[i].Name.CopyTo(json.AsSpan(at));
            at += fields[i].Name.Length;
            var value = JsonMarshal.GetRawUtf8Value(found[i]);
            value.CopyTo(json.AsSpan(at));
            at += value.Length;
        }

        json[at] = (byte)'}';
        return json;
    }

    /// <summary>A name as it stands in an object, with its colon.</summary>
    private static byte[] NameOf(string name) =>
        [(byte)'"', .. JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"', (byte)':'];

    private readonly record struct Field(byte[] Name, JsonPointer Pointer);
}
