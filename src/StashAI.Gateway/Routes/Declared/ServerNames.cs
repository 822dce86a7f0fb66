using System.Runtime.InteropServices;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>
/// The name and the id in an item are for the server, which keeps them and does not pass them on: a service that knows no such field would
/// refuse it, and items that differ only in it are the same. Only a service that declares a field of that name gets it.
/// </summary>
internal static class ServerNames
{
    private static readonly string[] All = [ItemNames.IdField, ItemNames.NameField];

    /// <summary>True for a field that is the server's in every item.</summary>
    public static bool Is(string member) => member is ItemNames.IdField or ItemNames.NameField;

    /// <summary>True when the service declares a field of this name, which is then passed on.</summary>
    public static bool IsDeclared(FieldSchema schema, string member) => schema.Find(member) is not null;

    /// <summary>The names that items of this schema do not pass on.</summary>
    public static IEnumerable<string> KeptOf(FieldSchema schema) => All.Where(name => !IsDeclared(schema, name));

    /// <summary>The item as the service gets it.</summary>
    public static JsonElement LeaveOut(FieldSchema schema, JsonElement item) =>
        Without(item, member => Is(member) && !IsDeclared(schema, member));

    /// <summary>A value without some of its members.</summary>
    public static JsonElement Without(JsonElement value, Func<string, bool> isLeftOut)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().Any(member => isLeftOut(member.Name))) return value;
        var buffer = new JsonBuffer(JsonMarshal.GetRawUtf8Value(value).Length);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            foreach (var member in value.EnumerateObject().Where(member => !isLeftOut(member.Name)))
            {
                json.WritePropertyName(member.Name);
                LargeJson.Write(json, member.Value);
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
