using System.Globalization;

namespace StashAI.Gateway.Wire.Problems;

/// <summary>Where a payload stood in the body.</summary>
/// <param name="Pattern">Index of the pattern in the shape of the body.</param>
/// <param name="Name">The pattern without <c>[*]</c>: <c>images</c>, <c>image_data.image_base64</c>.</param>
/// <param name="Item">Zero-based index in the array, or null for a single payload.</param>
internal readonly record struct PayloadPath(int Pattern, string Name, int? Item)
{
    /// <summary>The property of an item that is an object; null when the item itself is the payload.</summary>
    public string? Property { get; init; }

    /// <summary>As clients know it: <c>images[3]</c>, <c>items[3].image</c>.</summary>
    public override string ToString()
    {
        var item = Item is { } index ? string.Create(CultureInfo.InvariantCulture, $"{Name}[{index}]") : Name;
        return Property is null ? item : $"{item}.{Property}";
    }
}
