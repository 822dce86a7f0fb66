namespace StashAI.Visage.Api.Requests;

/// <summary>What changes of a person; what is not given stays.</summary>
internal sealed record UpdatePersonRequest
{
    public string? Name { get; init; }

    public string? Country { get; init; }

    public string? Image { get; init; }

    public string? PerformerUrl { get; init; }
}
