namespace StashAI.Visage.Api.Requests;

/// <summary>
/// A face of an earlier answer: its embedding (base64 of 512 little-endian floats) and its picture. Of an answer that the gateway stored,
/// the faces in the stored form, and the position of this one.
/// </summary>
internal sealed record EnrolRequestFace
{
    public string? Embedding { get; init; }

    public ImageBytes? Image { get; init; }

    public float? Quality { get; init; }

    /// <summary>All faces of the answer as it had them for the gateway, in base64.</summary>
    public byte[]? KeptFaces { get; init; }

    /// <summary>The position of the face among <see cref="KeptFaces"/>, from 0.</summary>
    public int? Index { get; init; }

    /// <summary>Where the face comes from, for the gateway; rejections keep it.</summary>
    public string? Source { get; init; }
}
