using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Templates;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>
/// Collects what a client calls an item, from all places where it may say so: the item itself, the name of its part of a form, and the
/// names of its files, be they in a data URL, a path or an address. What the client says of the item comes before the names of its files.
/// </summary>
internal sealed class ItemNaming
{
    private readonly List<string> files = [];
    private ItemName given;

    /// <summary>The item's name; of an item with several files without a name of its own, their names together.</summary>
    public ItemName Item => given with { Name = given.Name ?? ItemName.Clean(string.Join(" + ", files)) };

    public void Begin()
    {
        given = default;
        files.Clear();
    }

    public void Give(ItemName name) => given = new ItemName(given.Name ?? ItemName.Clean(name.Name), given.Id ?? name.Id);

    /// <summary>A file whose data URL may name it.</summary>
    public void AddDataUrl(string? prefix)
    {
        if (DataUrlName.ReadWhole(prefix) is { Length: > 0 } name) files.Add(name);
    }

    /// <summary>A file at a path or an address: the last part of it that is not empty.</summary>
    public void AddPlace(string place)
    {
        var path = Uri.TryCreate(place, UriKind.Absolute, out var uri) && !uri.IsFile ? Uri.UnescapeDataString(uri.AbsolutePath) : place;
        var name = path.TrimEnd('/', '\\');
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        if (name.Length > 0) files.Add(name);
    }

    /// <summary>Reads what an item says of itself; the reason and the field when that cannot be kept.</summary>
    /// <param name="item">The item.</param>
    /// <param name="keepsId">True when the id stays in the task's input, where it is read and may be edited.</param>
    public (string Field, string Reason)? Read(JsonElement item, bool keepsId)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        if (item.TryGetProperty(ItemNames.NameField, out var name) && name.ValueKind != JsonValueKind.Null)
        {
            if (name.ValueKind != JsonValueKind.String) return (ItemNames.NameField, "must be a text.");
            if (TooLong(name.GetString()!) is { } reason) return (ItemNames.NameField, reason);
            Give(new ItemName(name.GetString(), null));
        }

        if (keepsId || !item.TryGetProperty(ItemNames.IdField, out var id) || id.ValueKind == JsonValueKind.Null) return null;
        if (TooLong(id.GetRawText()) is { } reasonOfId) return (ItemNames.IdField, reasonOfId);
        Give(new ItemName(null, id.GetRawText()));
        return null;
    }

    /// <summary>Why a name or an id as JSON is not kept; null for one that is short enough.</summary>
    public static string? TooLong(string text) =>
        text.Length > ItemName.MaxLength ? $"has {text.Length} characters; {ItemName.MaxLength} are the most." : null;
}
