namespace StashAI.Queue.Model.Lanes;

/// <summary>What people paused; it lasts until they say otherwise, over restarts too.</summary>
/// <param name="Services">The services that are paused by themselves, sorted.</param>
/// <param name="All">True when everything is paused.</param>
public sealed record Pauses(IReadOnlyList<string> Services, bool All)
{
    /// <summary>Stands for all services where one could be named.</summary>
    public const string Everything = "*";

    /// <summary>True when nothing of a service is claimed.</summary>
    public bool Includes(string service) => All || Services.Contains(service);
}
