using System.Text.Json.Serialization;

namespace StashAI.Client.Models;

/// <summary>A person whom the face service knows.</summary>
public sealed record Person
{
    /// <summary>The id.</summary>
    public Guid Id { get; init; }

    /// <summary>The name, which nobody else in the gallery has.</summary>
    public string Name { get; init; } = "";

    /// <summary>The country; null if none is given.</summary>
    public string? Country { get; init; }

    /// <summary>The address of a picture. A link of the server to an enrolled face needs no key and is valid for a day.</summary>
    public string? Image { get; init; }

    /// <summary>The address of a page about the person; null if none is given.</summary>
    public string? PerformerUrl { get; init; }

    /// <summary>How many faces are enrolled.</summary>
    public int Faces { get; init; }

    /// <summary>When the person was added.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the person was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>An enrolled face of a person.</summary>
public sealed record PersonFace
{
    /// <summary>The id.</summary>
    public Guid Id { get; init; }

    /// <summary>How good the photo of the face is: about 2 for a bad one, 4 and more for a good one.</summary>
    public double Quality { get; init; }

    /// <summary>When it was enrolled.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The address of its picture on the server, which needs the same key as other calls.</summary>
    public string Picture { get; init; } = "";
}

/// <summary>What an import of a gallery added. What existed already is not counted.</summary>
public sealed record PeopleImport
{
    /// <summary>The new people.</summary>
    public int PeopleAdded { get; init; }

    /// <summary>The new faces.</summary>
    public int FacesAdded { get; init; }
}

/// <summary>A new person, or more photos of one.</summary>
internal sealed record WirePhotos(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name, IReadOnlyList<byte[]> Photos);

/// <summary>A new name.</summary>
internal sealed record WireRename(string Name);

/// <summary>Whom a person takes over.</summary>
internal sealed record WireMerge(IReadOnlyList<Guid> From);
