namespace StashAI.Visage.Api.Responses.People;

/// <summary>One line of an export: a person with all of the person's faces.</summary>
internal sealed record ExportedPerson
{
    public string? Name { get; init; }

    public string? Country { get; init; }

    public string? Image { get; init; }

    public string? PerformerUrl { get; init; }

    public IReadOnlyList<ExportedFace?>? Faces { get; init; }

    /// <summary>Faces that are not of the person; missing when there are none.</summary>
    public IReadOnlyList<ExportedRejection?>? Rejections { get; init; }
}
