using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using StashAI.Gateway.Intake;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Intake;

/// <summary>Feeds bodies to the intake, cut where a test wants it.</summary>
internal static class Bodies
{
    public static readonly IntakeShape Visage = new("images[*]", "image", "image_data", "image_data.image_base64");

    public static readonly IntakeShape NoPayloads = new();

    public static Task<IntakeResult> ReadAsync(string body, RecordingSink sink, IntakeLimits? limits = null) =>
        ReadAsync(Cut(Encoding.UTF8.GetBytes(body), []), Visage, sink, limits);

    public static async Task<IntakeResult> ReadAsync(
        ReadOnlySequence<byte> body, IntakeShape shape, IIntakeSink sink, IntakeLimits? limits = null) =>
        await JsonIntake.ReadAsync(
            body.IsEmpty ? PipeReader.Create(Stream.Null) : PipeReader.Create(body), shape, sink, limits ?? new IntakeLimits(), TestContext.Current.CancellationToken);

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
