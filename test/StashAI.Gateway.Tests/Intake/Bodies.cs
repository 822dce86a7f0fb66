using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Intake;

/// <summary>Feeds bodies to the intake, cut where a test wants it.</summary>
internal static class Bodies
{
    /// <summary>A list of photos, and photos in the body itself.</summary>
    public static readonly BodyShape Photos = new()
    {
        Lists = ["images"],
        Files = ["", "image", "image_data.image_base64"],
        RootFiles = ["image", "image_data", "image_data.image_base64"],
    };

    public static Task<BodyEnvelope> ReadAsync(string body, RecordingSink sink, IntakeLimits? limits = null) =>
        ReadAsync(Cut(Encoding.UTF8.GetBytes(body), []), Photos, sink, limits);

    public static async Task<BodyEnvelope> ReadAsync(
        ReadOnlySequence<byte> body, BodyShape shape, IItemSink sink, IntakeLimits? limits = null) =>
        await ItemIntake.ReadJsonAsync(
            body.IsEmpty ? PipeReader.Create(Stream.Null) : PipeReader.Create(body), shape, sink, limits ?? new IntakeLimits(),
            TestContext.Current.CancellationToken);

    public static Task<IntakeException> RefusedAsync(string body, IntakeLimits? limits = null) =>
        Assert.ThrowsAsync<IntakeException>(() => ReadAsync(body, new RecordingSink(), limits));

    /// <summary>The bytes as a sequence whose segments end at the cuts.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, IEnumerable<int> cuts)
    {
        var first = new Segment(ReadOnlyMemory<byte>.Empty, null);
        var last = first;
        var from = 0;
        foreach (var to in cuts.Where(cut => cut > 0 && cut < bytes.Length).Distinct().Order().Append(bytes.Length))
        {
            last = new Segment(bytes.AsMemory(from, to - from), last);
            from = to;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
