using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StashAI.Client.Errors;
using StashAI.Client.Http;
using StashAI.Client.Models;

namespace StashAI.Client.Submit;

/// <summary>Where an item of a service holds a file: it is the file itself, or an object with the file in one field.</summary>
/// <param name="Field">The field; null when the item is the file.</param>
/// <param name="IdField">The field for what the item is called.</param>
internal sealed record FilePlace(string? Field, string IdField)
{
    /// <summary>Where the server keeps the name of any item, whatever its schema says.</summary>
    private const string NameField = "item_name";

    public static FilePlace Whole { get; } = new(null, NameField);

    /// <summary>Asks the server what the items of the service look like.</summary>
    public static async Task<FilePlace> FindAsync(ApiSender api, string service, string? operation, CancellationToken cancellationToken)
    {
        JsonTypeInfo<JsonElement> any = StashJsonContext.Default.JsonElement;
        JsonElement schema;
        try
        {
            schema = await api.ReadAsync(Routes.Schema, Routes.Schema.Fill([service]), any, cancellationToken).ConfigureAwait(false);
        }
        catch (StashNotFoundException)
        {
            return Whole; // A service in code, or none: the submit says which there are.
        }

        foreach (var one in schema.GetProperty("operations").EnumerateArray())
        {
            if (operation is null || one.GetProperty("name").GetString() == operation) return Of(one.GetProperty("item_schema"));
        }

        return Whole;
    }

    private static FilePlace Of(JsonElement item)
    {
        if (!item.TryGetProperty("properties", out var properties)) return Whole;
        foreach (var property in properties.EnumerateObject())
        {
            if (IsFile(property.Value)) return new(property.Name, properties.TryGetProperty("item_id", out _) ? "item_id" : NameField);
        }

        return Whole;
    }

    private static bool IsFile(JsonElement schema) =>
        schema.TryGetProperty("oneOf", out var forms) && forms.ValueKind == JsonValueKind.Array
        && forms.EnumerateArray().Any(form => form.TryGetProperty("contentEncoding", out _));
}
