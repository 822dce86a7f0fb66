using System.Globalization;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>Where an item or a file of it stood in the body.</summary>
/// <param name="Name">The member of the body: <c>images</c>, <c>item</c>, <c>image_data.image_base64</c>.</param>
/// <param name="Item">Zero-based index in the list, or null outside of one.</param>
internal readonly record struct PayloadPath(string Name, int? Item)
{
    /// <summary>The path of the file within an item that is an object; null when the item itself is meant.</summary>
    public string? Property { get; init; }

    /// <summary>As clients know it: <c>images[3]</c>, <c>items[3].image</c>.</summary>
    public override string ToString()
    {
        var item = Item is { } index ? string.Create(CultureInfo.InvariantCulture, $"{Name}[{index}]") : Name;
        if (Property is null) return item;
        return item.Length == 0 ? Property : $"{item}.{Property}";
    }
}
