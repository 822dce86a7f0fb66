using StashAI.Gateway.Intake;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>Stores the photos of a request as they arrive: one task each.</summary>
internal sealed class VisageUpload(IUpload upload) : IIntakeSink
{
    /// <summary>The name of the photo among a task's parts.</summary>
    public const string Slot = "image";

    public ValueTask BeginPayloadAsync(PayloadPath path, string? dataUrlPrefix, CancellationToken cancellationToken)
    {
        upload.BeginTask();
        upload.BeginPayload(Slot, dataUrlPrefix);
        return ValueTask.CompletedTask;
    }

    public ValueTask WritePayloadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        upload.WriteAsync(bytes, cancellationToken);

    public ValueTask EndPayloadAsync(CancellationToken cancellationToken)
    {
        upload.EndPayload();
        return upload.EndTaskAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);
    }
}
