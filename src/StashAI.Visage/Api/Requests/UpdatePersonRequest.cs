namespace StashAI.Visage.Api.Requests;

/// <summary>The values of a person to change; null values stay as they are.</summary>
internal sealed record UpdatePersonRequest
{
    public string? Name { get; init; }

    public string? Country { get; init; }

    public string? Image { get; init; }

    public string? PerformerUrl { get; init; }
}
