namespace StashAI.Bench.Items;

/// <summary>What the benchmark of large items does.</summary>
/// <param name="Items">How many items one request has.</param>
/// <param name="ItemBytes">The size of each, in bytes.</param>
/// <param name="Workers">The most calls at once.</param>
/// <param name="HeapBytes">The limit of the server's heap; null for none.</param>
/// <param name="StartsPostgres">True to keep the queue in a PostgreSQL server that is started for it.</param>
/// <param name="Program">The published program; null for the one that was built with this one.</param>
internal sealed record ItemPlan(int Items, int ItemBytes, int Workers, long? HeapBytes, bool StartsPostgres, string? Program);
