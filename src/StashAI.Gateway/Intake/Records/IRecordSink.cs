using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Intake.Records;

/// <summary>
/// Takes the items of a body one after the other. The next bytes are read only after the call before has completed, which is the
/// back-pressure. When the intake throws, the item begun last has no end: discard the whole upload.
/// </summary>
internal interface IRecordSink
{
    /// <summary>An item begins.</summary>
    /// <param name="path">Where it stands, as the client knows it.</param>
    void BeginItem(PayloadPath path);

    /// <summary>A file of the item begins; it has at least one byte.</summary>
    /// <param name="field">The path of the item's property; empty when the item itself is the file.</param>
    /// <param name="dataUrlPrefix">What stood before the base64 text, or null.</param>
    void BeginFile(string field, string? dataUrlPrefix);

    /// <summary>The next bytes of the file, at least one; valid until the returned task completes.</summary>
    ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>The file is complete.</summary>
    void EndFile();

    /// <summary>The item is complete; <paramref name="json"/> is all of it but its files, empty when it is a file itself.</summary>
    ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
