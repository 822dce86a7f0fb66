namespace StashAI.Server.Demo.Job;

/// <summary>A known person that a face was matched with.</summary>
/// <param name="Percent">How sure, 0 to 100.</param>
internal sealed record FaceMatch(string PersonId, string Name, int Percent)
{
    /// <summary>For people: nothing is ever certain, so the service's rounded 100 is not shown as that.</summary>
    public string Confidence => Percent >= 100 ? "> 99 %" : $"{Percent} %";
}
