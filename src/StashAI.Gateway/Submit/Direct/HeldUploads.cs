using StashAI.Queue.Engine;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>Opens the uploads of submits.</summary>
internal sealed class HeldUploads(QueueEngine engine, DirectSettings settings, DirectMemory memory)
{
    /// <summary>An upload of the items that a request brings.</summary>
    public HeldUpload Open(HttpRequest request) => new(engine.OpenUpload, settings, memory, memory.MayFit(request.ContentLength));
}
