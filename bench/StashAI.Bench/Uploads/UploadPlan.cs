namespace StashAI.Bench.Uploads;

/// <summary>What the benchmark of large uploads does.</summary>
/// <param name="Photos">How many photos one job has.</param>
/// <param name="PhotoBytes">The size of each, decoded.</param>
/// <param name="Uploads">How many uploads of one photo are sent at once beside a running job; 0 for none.</param>
/// <param name="UploadBytes">The size of each of them, decoded.</param>
/// <param name="Runs">How often each is measured.</param>
/// <param name="StartsPostgres">True to keep the queue in a PostgreSQL server that is started for it, with photos in a folder.</param>
/// <param name="Program">The published program; null for the one that was built with this one.</param>
internal sealed record UploadPlan(
    int Photos, int PhotoBytes, int Uploads, int UploadBytes, int Runs, bool StartsPostgres, string? Program);
