using StashAI.Queue.Engine;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>Opens the uploads of submits.</summary>
internal sealed class MirroredUploads(QueueEngine engine, DirectSettings settings, DirectMemory memory)
{
    /// <summary>Opens an upload for the items of a request.</summary>
    public MirroredUpload Open(HttpRequest request) => new(engine.OpenUpload, settings, memory, memory.MayFit(request.ContentLength));

    /// <summary>Opens an upload that fails with the database.</summary>
    public MirroredUpload OpenStored() => new(engine.OpenUpload, settings, memory, isMirrored: false);
}
