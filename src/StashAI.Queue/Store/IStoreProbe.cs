namespace StashAI.Queue.Store;

/// <summary>Checks cheaply and often whether a database can do its work.</summary>
public interface IStoreProbe
{
    /// <summary>
    /// Tries everything that work needs: reading, writing, this program's schema, the rights to use it, and that the database is still the
    /// one that was opened. Throws the database's exception, or a <see cref="StoreTroubleException"/>.
    /// </summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// True when the database is damaged, as known or as found by this call. Rows that make no sense may come from damaged pages.
    /// </summary>
    Task<bool> IsDamagedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A warning about something that does not stop this program from working, in one sentence that says how to fix it; null for none.
    /// </summary>
    string? Warning { get; }

    /// <summary>
    /// What an error means to an operator and what to do about it; null for an error that did not come from the database.
    /// </summary>
    string? Explain(Exception error);
}
