namespace StashAI.Server.Demo.Photos;

/// <summary>What a demo works on: people to enrol, photos to look for them in, and files left out.</summary>
internal sealed record DemoInput(
    IReadOnlyList<PersonToEnrol> People,
    IReadOnlyList<DemoPhoto> Photos,
    IReadOnlyList<SkippedPhoto> Skipped);
