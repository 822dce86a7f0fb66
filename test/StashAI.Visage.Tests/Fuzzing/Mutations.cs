namespace StashAI.Visage.Tests.Fuzzing;

/// <summary>Damages files like disks, networks and attackers do; the same seed gives the same damage.</summary>
internal static class Mutations
{
    public static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            bytes = random.Next(7) switch
            {
                0 => bytes[..random.Next(bytes.Length + 1)],
                1 => Flip(bytes, random, bytes.Length),
                2 => Flip(bytes, random, Math.Min(bytes.Length, 700)),
                3 => Overwrite(bytes, random),
                4 => [.. bytes[..random.Next(bytes.Length + 1)], .. bytes],
                5 => [.. bytes[..(bytes.Length / 2)], .. new byte[random.Next(1000)], .. bytes[(bytes.Length / 2)..]],
                _ => Extreme(bytes, random),
            };
        }

        return bytes;
    }

    private static byte[] Flip(byte[] bytes, Random random, int within)
    {
        for (var i = random.Next(1, 40); i > 0 && within > 0; i--)
            bytes[random.Next(within)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static byte[] Overwrite(byte[] bytes, Random random)
    {
        if (bytes.Length > 0)
        {
            var start = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(start, Math.Min(random.Next(200), bytes.Length - start)));
        }

        return bytes;
    }

    /// <summary>Sets sizes and lengths in headers to their largest or smallest value.</summary>
    private static byte[] Extreme(byte[] bytes, Random random)
    {
        if (bytes.Length > 8)
        {
            var at = random.Next(Math.Min(bytes.Length - 4, 400));
            bytes.AsSpan(at, random.Next(1, 5)).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xFF);
        }

        return bytes;
    }
}
