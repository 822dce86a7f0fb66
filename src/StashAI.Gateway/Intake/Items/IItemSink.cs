using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Intake.Items;

/// <summary>
/// Receives the items of a body one after the other. The next bytes are read only after the previous call has completed, which is the
/// back-pressure. When the intake throws, the last item is not complete: discard the whole upload.
/// </summary>
internal interface IItemSink
{
    /// <summary>Begins an item.</summary>
    /// <param name="path">The path as shown to the client.</param>
    void BeginItem(PayloadPath path);

    /// <summary>Says what the client calls the item that began, where the body says so apart from it, as a form does.</summary>
    void NameItem(ItemName name)
    {
    }

    /// <summary>Begins a file of the item; it has at least one byte.</summary>
    /// <param name="field">The path of the item's property; empty when the item itself is the file.</param>
    /// <param name="dataUrlPrefix">The prefix before the base64 text, or null.</param>
    void BeginFile(string field, string? dataUrlPrefix);

    /// <summary>Writes the next bytes of the file, at least one; they are valid until the returned task completes.</summary>
    ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends the file.</summary>
    void EndFile();

    /// <summary>Ends the item; <paramref name="json"/> is the item without its files, empty when it is a file itself.</summary>
    ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
