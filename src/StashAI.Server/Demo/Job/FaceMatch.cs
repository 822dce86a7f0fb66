namespace StashAI.Server.Demo.Job;

/// <summary>A known person that a face was matched with.</summary>
/// <param name="Percent">How sure, 0 to 100.</param>
internal sealed record FaceMatch(string PersonId, string Name, int Percent);
