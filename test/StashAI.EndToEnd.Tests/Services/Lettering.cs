using System.Text;

namespace StashAI.EndToEnd.Tests.Services;

/// <summary>Draws words in black on white, as a PGM picture, without any font of the machine.</summary>
internal static class Lettering
{
    private const int Dot = 5;
    private const int Border = 40;

    private static readonly Dictionary<char, string[]> Letters = new()
    {
        ['H'] = ["10001", "10001", "10001", "11111", "10001", "10001", "10001"],
        ['E'] = ["11111", "10000", "10000", "11110", "10000", "10000", "11111"],
        ['L'] = ["10000", "10000", "10000", "10000", "10000", "10000", "11111"],
        ['O'] = ["01110", "10001", "10001", "10001", "10001", "10001", "01110"],
        ['T'] = ["11111", "00100", "00100", "00100", "00100", "00100", "00100"],
    };

    public static byte[] Draw(string word)
    {
        var (width, height) = ((word.Length * 7 * Dot) + (2 * Border), (7 * Dot) + (2 * Border));
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)255);
        for (var i = 0; i < word.Length; i++)
        {
            for (var y = 0; y < 7 * Dot; y++)
            {
                for (var x = 0; x < 5 * Dot; x++)
                {
                    if (Letters[word[i]][y / Dot][x / Dot] == '1') pixels[((y + Border) * width) + Border + (i * 7 * Dot) + x] = 0;
                }
            }
        }

        return [.. Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"), .. pixels];
    }
}
