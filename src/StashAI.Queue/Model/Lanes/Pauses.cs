namespace StashAI.Queue.Model.Lanes;

/// <summary>The pauses that people have set. They last until people end them, also over restarts.</summary>
/// <param name="Services">The services that are paused by name, sorted.</param>
/// <param name="All">True when everything is paused.</param>
public sealed record Pauses(IReadOnlyList<string> Services, bool All)
{
    /// <summary>Stands for all services in place of a service's name.</summary>
    public const string Everything = "*";

    /// <summary>True when a service is paused, by name or with everything.</summary>
    public bool Includes(string service) => All || Services.Contains(service);
}
