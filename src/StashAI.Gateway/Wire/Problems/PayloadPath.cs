using System.Globalization;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>The position of an item, or of one of its files, in the body.</summary>
/// <param name="Name">The member of the body: <c>images</c>, <c>item</c>, <c>image_data.image_base64</c>.</param>
/// <param name="Item">The zero-based index in a list; null outside of lists.</param>
internal readonly record struct PayloadPath(string Name, int? Item)
{
    /// <summary>The path of a file within an item; null for the item itself.</summary>
    public string? Property { get; init; }

    /// <summary>The path as shown to clients: <c>images[3]</c>, <c>items[3].image</c>.</summary>
    public override string ToString()
    {
        var item = Item is { } index ? string.Create(CultureInfo.InvariantCulture, $"{Name}[{index}]") : Name;
        if (Property is null) return item;
        return item.Length == 0 ? Property : $"{item}.{Property}";
    }
}
