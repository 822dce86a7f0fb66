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

    /// <summary>Results of faces that were just enrolled, or of people who were just merged: they are judged again. Else null.</summary>
    public JudgedResults? Rematch { get; init; }
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

/// <summary>A face of a stored result.</summary>
/// <param name="Task">The id of the task that has the result.</param>
/// <param name="Face">The position of the face in the result, from 0.</param>
public sealed record ResultFace(Guid Task, int Face);

/// <summary>Results that are judged again because somebody said of one of their faces who it is, or is not.</summary>
public sealed record JudgedResults
{
    /// <summary>How many are judged by now.</summary>
    public int Judged { get; init; }

    /// <summary>How many will be judged once the face service answers.</summary>
    public int Waiting { get; init; }

    /// <summary>Their jobs, whose other results and aggregates follow.</summary>
    public IReadOnlyList<Guid> Jobs { get; init; } = [];
}

/// <summary>A face that is not of a person, as somebody said.</summary>
public sealed record Rejection
{
    /// <summary>The id.</summary>
    public Guid Id { get; init; }

    /// <summary>The task that had the face in its result; null if the face was sent with its embedding.</summary>
    public Guid? Task { get; init; }

    /// <summary>The position of the face in that result, from 0; null without a task.</summary>
    public int? Face { get; init; }

    /// <summary>
    /// The address of the face's picture on the server, which needs the same key as other calls, while the result is stored; null without a
    /// task.
    /// </summary>
    public string? Picture { get; init; }

    /// <summary>When it was said.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a call that rejects faces did.</summary>
public sealed record RejectedFaces
{
    /// <summary>The rejections, in the order of the faces.</summary>
    public IReadOnlyList<Rejection> Data { get; init; } = [];

    /// <summary>The results of the faces, which are judged again.</summary>
    public JudgedResults? Rematch { get; init; }
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

/// <summary>Faces of results, for a person.</summary>
internal sealed record WireFaces(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name, IReadOnlyList<ResultFace> Faces);
