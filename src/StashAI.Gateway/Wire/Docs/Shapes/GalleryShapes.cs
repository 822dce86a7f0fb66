using System.Text.Json.Nodes;

namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>The face that was enrolled from a photo of the request; photos are counted from 0.</summary>
internal sealed record EnrolledFaceShape(int Photo, JsonObject Box, double Quality);

/// <summary>A person of the gallery.</summary>
internal sealed record GalleryPersonShape(
    string Id, string Name, string? Country, string? Image, string? PerformerUrl, int Faces, DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt)
{
    /// <summary>The number of photos of the job that show the person; missing without <c>in_job</c>.</summary>
    public int? Photos { get; init; }

    /// <summary>The best match of the person in the job, 0 to 1; missing without <c>in_job</c>.</summary>
    public double? BestConfidence { get; init; }

    /// <summary>The faces that the request added, one for each photo; missing in other answers.</summary>
    public IReadOnlyList<EnrolledFaceShape>? Enrolled { get; init; }

    /// <summary>
    /// The results that the request named, or that show people who were merged: they are judged again; missing in other answers.
    /// </summary>
    public JudgedResultsShape? Rematch { get; init; }
}

/// <summary>Results that are judged again because the gallery changed by one of their faces.</summary>
/// <param name="Judged">How many are judged by now.</param>
/// <param name="Waiting">How many will be judged once the face service answers.</param>
/// <param name="Jobs">Their jobs, whose other results and aggregates follow.</param>
internal sealed record JudgedResultsShape(int Judged, int Waiting, IReadOnlyList<Guid> Jobs);

/// <summary>A page of people.</summary>
internal sealed record GalleryPageShape(IReadOnlyList<GalleryPersonShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>An enrolled face.</summary>
internal sealed record GalleryFaceShape(Guid Id, double Quality, DateTimeOffset CreatedAt, string Picture);

/// <summary>The enrolled faces of a person.</summary>
internal sealed record GalleryFacesShape(IReadOnlyList<GalleryFaceShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>A face that is not of a person. One that came as an embedding has no task, and the task may be gone by now.</summary>
internal sealed record RejectionShape(Guid Id, Guid? Task, int? Face, string? Picture, DateTimeOffset CreatedAt);

/// <summary>A page of the rejections of a person.</summary>
internal sealed record RejectionPageShape(IReadOnlyList<RejectionShape> Data, string? Next, long Total, bool TotalIsExact);

/// <summary>Rejections that a request added, and the results that are judged again.</summary>
internal sealed record RejectedShape(IReadOnlyList<RejectionShape> Data)
{
    /// <summary>The results that the request named, which are judged again; missing if it named none.</summary>
    public JudgedResultsShape? Rematch { get; init; }
}

/// <summary>Faces that are not of a person.</summary>
/// <param name="Faces">Faces of stored results, <c>{"task", "face"}</c>, or of earlier answers with their embeddings.</param>
internal sealed record RejectedFacesShape(IReadOnlyList<JsonObject> Faces);

/// <summary>What an import added.</summary>
internal sealed record GalleryImportShape(int PeopleAdded, int FacesAdded);

/// <summary>More photos of a person.</summary>
internal record PhotosShape
{
    /// <summary>Photos as base64, or objects with <c>image</c> and <c>face</c>.</summary>
    public IReadOnlyList<JsonNode>? Photos { get; init; }

    /// <summary>Faces of earlier answers with their embeddings, or of stored results: <c>{"task", "face"}</c>.</summary>
    public IReadOnlyList<JsonObject>? Faces { get; init; }

    /// <summary>The face of a single photo: <c>{"x", "y"}</c> or <c>{"index"}</c>.</summary>
    public JsonObject? Face { get; init; }
}

/// <summary>A new person.</summary>
internal sealed record NewPersonShape : PhotosShape
{
    public required string Name { get; init; }
    public string? Country { get; init; }
    public string? Image { get; init; }
    public string? PerformerUrl { get; init; }
}

/// <summary>What to change of a person.</summary>
internal sealed record PersonChangeShape
{
    public string? Name { get; init; }
    public string? Country { get; init; }
    public string? Image { get; init; }
    public string? PerformerUrl { get; init; }
}

/// <summary>Whom a person takes over.</summary>
internal sealed record PersonMergeShape(IReadOnlyList<Guid> From);

/// <summary>Faces that are of somebody else: of a person of the gallery, or of a new one.</summary>
internal sealed record PersonSplitShape(IReadOnlyList<Guid> Faces)
{
    /// <summary>The id of the person whose faces they are; not together with <c>name</c>.</summary>
    public Guid? Into { get; init; }

    /// <summary>The name of a new person; not together with <c>into</c>.</summary>
    public string? Name { get; init; }
}

/// <summary>The person who had faces, the one who has them now, and the results that are judged again.</summary>
internal sealed record SplitPeopleShape(GalleryPersonShape From, GalleryPersonShape Into, JudgedResultsShape Rematch);

/// <summary>A folder of people.</summary>
internal sealed record PeopleFolderShape(string Folder);

/// <summary>The removal of a person from everything that is stored, and how far it is.</summary>
internal sealed record ErasureShape(
    Guid Id, Guid? PersonId, string State, string? Reason, long JobsDone, long JobsTotal, long ResultsChanged, DateTimeOffset StartedAt,
    DateTimeOffset? CompletedAt);

/// <summary>A page of removals.</summary>
internal sealed record ErasurePageShape(IReadOnlyList<ErasureShape> Data, string? Next, long Total, bool TotalIsExact);
