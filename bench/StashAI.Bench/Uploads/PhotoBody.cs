using System.Net;
using System.Text;

namespace StashAI.Bench.Uploads;

/// <summary>A body of photos as base64 in JSON, written while it is sent. Photos differ in their first bytes.</summary>
/// <param name="photos">How many.</param>
/// <param name="photoBytes">The decoded size of each; a multiple of 3 is made of it.</param>
internal sealed class PhotoBody(int photos, int photoBytes) : HttpContent
{
    private const int HeadBytes = 24;

    private static readonly byte[] Block = RandomText(768 * 1024);

    private readonly int size = Math.Max(HeadBytes, photoBytes / 3 * 3);

    /// <summary>The decoded size of all photos.</summary>
    public long DecodedBytes => (long)photos * size;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync("{\"images\":["u8.ToArray());
        for (var i = 0; i < photos; i++)
        {
            var head = new byte[HeadBytes];
            BitConverter.TryWriteBytes(head, i);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{(i == 0 ? "" : ",")}\"{Convert.ToBase64String(head)}"));
            for (var left = (size - HeadBytes) / 3 * 4; left > 0; left -= Math.Min(left, Block.Length))
                await stream.WriteAsync(Block.AsMemory(0, Math.Min(left, Block.Length)));
            await stream.WriteAsync("\""u8.ToArray());
        }

        await stream.WriteAsync("]}"u8.ToArray());
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 13 + (photos * ((long)size / 3 * 4)) + (photos * 2L) + photos - 1;
        return true;
    }

    private static byte[] RandomText(int bytes)
    {
        var random = new byte[bytes];
        new Random(1).NextBytes(random);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(random));
    }
}
