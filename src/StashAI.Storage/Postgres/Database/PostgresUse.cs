namespace StashAI.Storage.Postgres.Database;

/// <summary>What a connection is used for.</summary>
internal enum PostgresUse
{
    /// <summary>Claims of tasks.</summary>
    Claims,

    /// <summary>Outcomes of attempts.</summary>
    Outcomes,

    /// <summary>Everything else.</summary>
    Other,
}
