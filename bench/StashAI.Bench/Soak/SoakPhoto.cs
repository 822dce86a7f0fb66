using System.Globalization;
using System.Text;

namespace StashAI.Bench.Soak;

/// <summary>The bytes that stand for an item: its name, and as many more as its name says. Most are small, some are in files.</summary>
internal static class SoakPhoto
{
    private static readonly int[] Sizes = [20_000, 20_000, 100_000, 100_000, 1_200_000];

    /// <summary>The photo of an item.</summary>
    public static byte[] Of(string item)
    {
        var name = Encoding.UTF8.GetBytes($"{item}\n");
        // As good as a random number, and the same for the sender and the service.
        var draw = item.Aggregate(17u, (sum, letter) => (sum * 31) + letter) * 2654435761u >> 8;
        var photo = new byte[name.Length + (draw % 100 < 80 ? draw % 40 : Sizes[draw % Sizes.Length])];
        new Random((int)draw).NextBytes(photo.AsSpan(name.Length));
        name.CopyTo(photo, 0);
        return photo;
    }

    /// <summary>The item whose photo begins so.</summary>
    public static string ItemOf(ReadOnlySpan<byte> photo) => Encoding.UTF8.GetString(photo[..photo.IndexOf((byte)'\n')]);

    /// <summary>The position of an item in its job.</summary>
    public static int OrdinalOf(string item) => int.Parse(item.AsSpan(item.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
}
