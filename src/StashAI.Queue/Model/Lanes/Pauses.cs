namespace StashAI.Queue.Model.Lanes;

/// <summary>The pauses that people have set. They last until their end or until people end them, also over restarts.</summary>
/// <param name="Services">The services that are paused by name, sorted.</param>
/// <param name="All">True when everything is paused.</param>
public sealed record Pauses(IReadOnlyList<string> Services, bool All)
{
    /// <summary>Stands for all services in place of a service's name.</summary>
    public const string Everything = "*";

    /// <summary>When the pauses end by themselves, by service or <see cref="Everything"/>; those without an end are not in it.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Ends { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>True when a service is paused, by name or with everything.</summary>
    public bool Includes(string service) => All || Services.Contains(service);

    /// <summary>When the last pause of a service ends by itself; null when it is not paused, or one of its pauses has no end.</summary>
    public DateTimeOffset? EndOf(string service)
    {
        List<string> pauses = [];
        if (All) pauses.Add(Everything);
        if (service != Everything && Services.Contains(service)) pauses.Add(service);
        return pauses.Count > 0 && pauses.All(Ends.ContainsKey) ? pauses.Max(pause => Ends[pause]) : null;
    }
}
